//! Making the network key, and refreshing its shares, by files that travel between registrars.
//!
//! 1. Each registrar makes its keys and gives out its card ([`Card`]).
//! 2. One puts the cards in order: the [`Plan`]. All look at its hash.
//! 3. Each deals ([`Dealing::deal`]): commitments for all, a sealed share for each, its signature. At
//!    launch it deals a random secret, at a refresh zero.
//! 4. Each takes all dealings ([`apply`]), checks every commitment and its own shares, and adds up:
//!    its share of the sum, and the set that everybody can compute from the commitments.
//! 5. Each signs the set; the signatures are joined ([`RegistrarSet::join`]). A dealer that gave
//!    different dealings to different registrars is found here: the sets differ.
//!
//! At launch the key is the sum of what all dealt: nobody knows it as long as one of them dealt at
//! random and keeps fewer than t shares. At a refresh the key stays and every share changes, so old
//! and new shares do not combine.

use std::collections::BTreeMap;

use codec::Encode;
use curve25519_dalek::{RistrettoPoint, Scalar, traits::Identity};
use kanglian_primitives::{EncryptionKey, Hash32};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::{
    identity::{RegistrarIdentity, RegistrarShare},
    set::{Member, RegistrarSet, SetBody, SetError, index_of},
    sharing::{self, Commitments, Polynomial},
};
use crate::{
    envelope::{hpke_open, hpke_seal},
    vault::verify_ed25519,
};

const CARD_FORMAT: &str = "kanglian-registrar-card-v1";
const PLAN_FORMAT: &str = "kanglian-registrar-plan-v1";
const DEALING_FORMAT: &str = "kanglian-registrar-dealing-v1";
const CARD_DOMAIN: &str = "kanglian/registrar-card/v1";
const PLAN_DOMAIN: &str = "kanglian/registrar-plan/v1";
const DEALING_DOMAIN: &str = "kanglian/registrar-dealing/v1";
/// HPKE info of sealed shares.
const SHARE_INFO: &[u8] = b"kanglian/hpke/v1/registrar-share";

/// Why a ceremony does not go on.
#[derive(Debug, thiserror::Error)]
pub enum CeremonyError {
    /// Members, threshold or the earlier set do not hold.
    #[error(transparent)]
    Set(#[from] SetError),
    /// A file is of another form, plan or chain of refreshes.
    #[error("{0}")]
    Wrong(String),
    /// A card is not signed with the key that it names.
    #[error("the card of {0} is not signed with the key on it")]
    Card(String),
    /// Somebody's dealing is missing.
    #[error("the dealing of {0} is missing: all registrars deal")]
    Missing(String),
    /// A dealing does not hold.
    #[error("the dealing of {dealer} does not hold: {reason}")]
    Dealing {
        /// Who dealt.
        dealer: String,
        /// What is wrong.
        reason: String,
    },
}

/// What a registrar gives out of itself, signed with the key on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    format: String,
    /// The registrar.
    pub member: Member,
    signature: String,
}

impl Card {
    /// A registrar's card.
    pub fn new(identity: &RegistrarIdentity, name: &str, url: &str) -> Result<Self, SetError> {
        let member = identity.member(name, url);
        member.check()?;
        let signature = identity.sign(&(CARD_DOMAIN, &member).encode());
        Ok(Self { format: CARD_FORMAT.to_owned(), member, signature: hex::encode(signature) })
    }

    /// The registrar, if the card holds.
    pub fn checked(&self) -> Result<Member, CeremonyError> {
        self.member.check()?;
        let message = (CARD_DOMAIN, &self.member).encode();
        match self.format == CARD_FORMAT
            && signed(&self.member.signing_key, &message, &self.signature)
        {
            true => Ok(self.member.clone()),
            false => Err(CeremonyError::Card(self.member.name.clone())),
        }
    }
}

fn signed(key: &[u8; 32], message: &[u8], signature: &str) -> bool {
    let mut bytes = [0u8; 64];
    hex::decode_to_slice(signature, &mut bytes).is_ok() && verify_ed25519(key, message, &bytes)
}

/// Who deals, and to which end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    format: String,
    /// How many registrars will have to answer.
    pub threshold: u16,
    /// The registrars in order.
    pub members: Vec<Member>,
    /// The set whose shares are refreshed; none at launch.
    pub refreshes: Option<RegistrarSet>,
}

impl Plan {
    /// A plan for a new key.
    pub fn launch(threshold: u16, cards: &[Card]) -> Result<Self, CeremonyError> {
        let members = cards.iter().map(Card::checked).collect::<Result<_, _>>()?;
        let plan = Self { format: PLAN_FORMAT.to_owned(), threshold, members, refreshes: None };
        plan.check()?;
        Ok(plan)
    }

    /// A plan for new shares of the same key among the same registrars.
    pub fn refresh(set: RegistrarSet) -> Result<Self, CeremonyError> {
        let plan = Self {
            format: PLAN_FORMAT.to_owned(),
            threshold: set.body.threshold,
            members: set.body.members.clone(),
            refreshes: Some(set),
        };
        plan.check()?;
        Ok(plan)
    }

    /// Whether the plan holds.
    pub fn check(&self) -> Result<(), CeremonyError> {
        if self.format != PLAN_FORMAT {
            return Err(CeremonyError::Wrong(format!("not a plan of form {PLAN_FORMAT}")));
        }
        let count = u16::try_from(self.members.len()).unwrap_or(u16::MAX);
        sharing::check_threshold(self.threshold, count)
            .map_err(|error| CeremonyError::Wrong(error.to_string()))?;
        self.members.iter().try_for_each(Member::check)?;
        let mut keys: Vec<_> = self.members.iter().map(|member| member.signing_key).collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.len() != self.members.len() {
            return Err(CeremonyError::Wrong("a registrar is in the plan twice".to_owned()));
        }
        let Some(set) = &self.refreshes else { return Ok(()) };
        set.check()?;
        if set.body.threshold != self.threshold || set.body.members != self.members {
            return Err(CeremonyError::Wrong(
                "a refresh keeps the registrars and the threshold".to_owned(),
            ));
        }
        Ok(())
    }

    /// Hash that names the plan.
    pub fn hash(&self) -> Hash32 {
        let refreshes = self.refreshes.as_ref().map(RegistrarSet::hash);
        Sha256::digest((PLAN_DOMAIN, self.threshold, &self.members, refreshes).encode()).into()
    }

    fn index_of(&self, signing_key: &[u8; 32]) -> Result<u16, CeremonyError> {
        let at = self.members.iter().position(|member| member.signing_key == *signing_key);
        at.map(index_of).ok_or_else(|| {
            CeremonyError::Wrong("the key is none of the plan's registrars'".to_owned())
        })
    }
}

/// A share on its way, sealed to its registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedShare {
    #[serde(with = "crate::wire::hex_bytes")]
    enc: [u8; 32],
    ciphertext: String,
}

/// What one registrar deals to all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dealing {
    format: String,
    #[serde(with = "crate::wire::hex_bytes")]
    plan: Hash32,
    /// Who deals.
    pub dealer: u16,
    #[serde(with = "super::set::hex_list")]
    commitments: Vec<[u8; 32]>,
    shares: Vec<SealedShare>,
    signature: String,
}

impl Dealing {
    /// Deals under a plan.
    pub fn deal(plan: &Plan, identity: &RegistrarIdentity) -> Result<Self, CeremonyError> {
        plan.check()?;
        let dealer = plan.index_of(&identity.signing_key())?;
        let polynomial = match plan.refreshes {
            None => Polynomial::random(plan.threshold),
            Some(_) => Polynomial::random_zero(plan.threshold),
        };
        let hash = plan.hash();
        let seal = |(at, member): (usize, &Member)| {
            let to = index_of(at);
            let share = Zeroizing::new(polynomial.share(to).to_bytes());
            let key = EncryptionKey::x25519(member.encryption_key);
            let aad = (hash, dealer, to).encode();
            let (enc, ciphertext) = hpke_seal(&key, SHARE_INFO, &aad, share.as_slice())
                .map_err(|error| CeremonyError::Wrong(format!("{}: {error}", member.name)))?;
            Ok(SealedShare { enc, ciphertext: hex::encode(ciphertext) })
        };
        let shares: Result<_, CeremonyError> = plan.members.iter().enumerate().map(seal).collect();
        let mut dealing = Self {
            format: DEALING_FORMAT.to_owned(),
            plan: hash,
            dealer,
            commitments: polynomial.commitments().to_bytes(),
            shares: shares?,
            signature: String::new(),
        };
        dealing.signature = hex::encode(identity.sign(&dealing.message()));
        Ok(dealing)
    }

    fn message(&self) -> Vec<u8> {
        (DEALING_DOMAIN, self.plan, self.dealer, &self.commitments, &self.shares).encode()
    }

    /// The commitments, if the dealing holds for everybody.
    fn checked(
        &self,
        plan: &Plan,
        name: &str,
        key: &[u8; 32],
    ) -> Result<Commitments, CeremonyError> {
        let bad = |reason: &str| CeremonyError::Dealing {
            dealer: name.to_owned(),
            reason: reason.to_owned(),
        };
        if self.format != DEALING_FORMAT || self.plan != plan.hash() {
            return Err(bad("it is for another plan"));
        }
        if !signed(key, &self.message(), &self.signature) {
            return Err(bad("its signature is not the dealer's"));
        }
        let commitments = Commitments::from_bytes(&self.commitments)
            .map_err(|_| bad("a commitment is no element of the group"))?;
        if commitments.threshold() != usize::from(plan.threshold)
            || self.shares.len() != plan.members.len()
        {
            return Err(bad("it has not as many commitments and shares as the plan asks for"));
        }
        let is_zero = commitments.public() == RistrettoPoint::identity();
        match (&plan.refreshes, is_zero) {
            (None, true) => Err(bad("it deals zero")),
            (Some(_), false) => Err(bad("it would change the network key")),
            _ => Ok(commitments),
        }
    }

    fn open(
        &self,
        plan: &Plan,
        name: &str,
        to: u16,
        identity: &RegistrarIdentity,
        commitments: &Commitments,
    ) -> Result<Scalar, CeremonyError> {
        let bad = |reason: &str| CeremonyError::Dealing {
            dealer: name.to_owned(),
            reason: reason.to_owned(),
        };
        let sealed = self.shares.get(usize::from(to.saturating_sub(1)));
        let sealed = sealed.ok_or_else(|| bad("there is no share for this registrar"))?;
        let ciphertext = hex::decode(&sealed.ciphertext)
            .map_err(|_| bad("the share for this registrar is not hexadecimal"))?;
        let aad = (plan.hash(), self.dealer, to).encode();
        let opened = hpke_open(&identity.encryption(), &sealed.enc, SHARE_INFO, &aad, &ciphertext)
            .map_err(|_| bad("the share for this registrar cannot be opened"))?;
        let opened = Zeroizing::new(
            <[u8; 32]>::try_from(opened.as_slice())
                .map_err(|_| bad("the share for this registrar is no scalar"))?,
        );
        let share = sharing::scalar(&opened)
            .map_err(|_| bad("the share for this registrar is no scalar"))?;
        match commitments.holds(to, &share) {
            true => Ok(share),
            false => Err(bad("the share for this registrar contradicts the commitments")),
        }
    }
}

/// What a registrar has after a ceremony: its share, and the set with its own signature.
#[derive(Debug)]
pub struct Applied {
    /// Its share of the key.
    pub share: RegistrarShare,
    /// The set.
    pub set: RegistrarSet,
}

/// Adds up the dealings of all registrars. At a refresh `old` is the share that is refreshed.
pub fn apply(
    plan: &Plan,
    dealings: &[Dealing],
    identity: &RegistrarIdentity,
    old: Option<&RegistrarShare>,
) -> Result<Applied, CeremonyError> {
    plan.check()?;
    let own = plan.index_of(&identity.signing_key())?;
    let by_dealer: BTreeMap<u16, &Dealing> =
        dealings.iter().map(|dealing| (dealing.dealer, dealing)).collect();
    if by_dealer.len() != dealings.len() {
        return Err(CeremonyError::Wrong("two dealings are of one registrar".to_owned()));
    }
    let (mut total, mut sum) = match (&plan.refreshes, old) {
        (None, None) => (None, Scalar::ZERO),
        (None, Some(_)) => {
            return Err(CeremonyError::Wrong("at launch there is no share yet".to_owned()));
        },
        (Some(_), None) => {
            return Err(CeremonyError::Wrong("a refresh needs the present share".to_owned()));
        },
        (Some(set), Some(old)) => {
            let commitments = set.commitments()?;
            let share = old.scalar().map_err(|error| CeremonyError::Wrong(error.to_string()))?;
            if !commitments.holds(own, &share) {
                return Err(CeremonyError::Wrong(
                    "the present share is not of the set that is refreshed".to_owned(),
                ));
            }
            (Some(commitments), share)
        },
    };
    let mut transcript = Sha256::new();
    for (at, member) in plan.members.iter().enumerate() {
        let dealing = by_dealer.get(&index_of(at));
        let dealing = dealing.ok_or_else(|| CeremonyError::Missing(member.name.clone()))?;
        let commitments = dealing.checked(plan, &member.name, &member.signing_key)?;
        sum += dealing.open(plan, &member.name, own, identity, &commitments)?;
        transcript.update(dealing.message());
        total = match total {
            None => Some(commitments),
            Some(total) => total.plus(&commitments),
        };
    }
    if by_dealer.len() != plan.members.len() {
        return Err(CeremonyError::Wrong("a dealing is of nobody in the plan".to_owned()));
    }
    let total = total.ok_or_else(|| CeremonyError::Wrong("nobody dealt".to_owned()))?;
    if !total.holds(own, &sum) {
        return Err(CeremonyError::Wrong("the sum contradicts the commitments".to_owned()));
    }
    let epoch = plan.refreshes.as_ref().map_or(0, |set| set.body.epoch.saturating_add(1));
    let mut set = RegistrarSet::new(SetBody {
        epoch,
        threshold: plan.threshold,
        commitments: total.to_bytes(),
        members: plan.members.clone(),
        transcript: transcript.finalize().into(),
        development: plan.refreshes.as_ref().is_some_and(|set| set.body.development),
    });
    set.check_body()?;
    set.sign(identity)?;
    let share = RegistrarShare::from_scalar(&sum);
    sum.zeroize();
    Ok(Applied { share, set })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registrar::oprf::{Blinding, OprfError};

    fn identities() -> Vec<RegistrarIdentity> {
        (0..4).map(|_| RegistrarIdentity::generate()).collect()
    }

    fn launch(identities: &[RegistrarIdentity], threshold: u16) -> Plan {
        let card = |(at, identity): (usize, &RegistrarIdentity)| {
            Card::new(identity, &format!("registrar {at}"), "http://127.0.0.1:1").unwrap()
        };
        let cards: Vec<_> = identities.iter().enumerate().map(card).collect();
        Plan::launch(threshold, &cards).unwrap()
    }

    fn hold(
        plan: &Plan,
        identities: &[RegistrarIdentity],
        old: Option<&[RegistrarShare]>,
    ) -> (Vec<RegistrarShare>, RegistrarSet) {
        let dealings: Vec<_> =
            identities.iter().map(|identity| Dealing::deal(plan, identity).unwrap()).collect();
        let applied = identities.iter().enumerate().map(|(at, identity)| {
            apply(plan, &dealings, identity, old.map(|shares| &shares[at])).unwrap()
        });
        let (shares, sets): (Vec<_>, Vec<_>) =
            applied.map(|applied| (applied.share, applied.set)).unzip();
        let mut set = sets[0].clone();
        assert_eq!(set.check().is_ok(), identities.len() == 1, "the others have not signed");
        sets.iter().for_each(|other| set.join(other).unwrap());
        set.check().unwrap();
        (shares, set)
    }

    fn person(
        set: &RegistrarSet,
        shares: &[RegistrarShare],
        who: &[u16],
    ) -> Result<String, OprfError> {
        let blinding = Blinding::new(b"01:11010519491231002X").unwrap();
        let mut answers = Vec::new();
        for index in who {
            let key = shares[usize::from(*index) - 1].key().unwrap();
            let answer = key.evaluate(blinding.element()).unwrap();
            blinding.verify(&set.share_key(*index).unwrap(), &answer)?;
            answers.push((*index, answer));
        }
        Ok(blinding.person(&answers, usize::from(set.body.threshold))?.to_string())
    }

    #[test]
    fn a_key_that_nobody_dealt_alone_survives_refreshes_and_old_shares_do_not() {
        let identities = identities();
        let plan = launch(&identities, 3);
        let (old, first) = hold(&plan, &identities, None);
        let before = person(&first, &old, &[1, 2, 3]).unwrap();
        assert_eq!(person(&first, &old, &[4, 2, 1]).unwrap(), before);
        let plan = Plan::refresh(first.clone()).unwrap();
        let (new, second) = hold(&plan, &identities, Some(&old));
        assert_eq!((second.body.epoch, second.network_key()), (1, first.network_key()));
        for who in [[1, 2, 3], [2, 3, 4]] {
            assert_eq!(person(&second, &new, &who).unwrap(), before);
        }
        // Mixed: the proof of a share of the other epoch does not hold.
        let mixed = [new[0].clone(), new[1].clone(), old[2].clone(), new[3].clone()];
        assert_eq!(person(&second, &mixed, &[1, 2, 3]), Err(OprfError::Proof));
        assert_eq!(person(&first, &new, &[1, 2, 3]), Err(OprfError::Proof));
        // And without looking at proofs, mixed shares give somebody else.
        let blinding = Blinding::new(b"01:11010519491231002X").unwrap();
        let answers: Vec<_> = (1u16..=3)
            .zip(&mixed)
            .map(|(at, share)| (at, share.key().unwrap().evaluate(blinding.element()).unwrap()))
            .collect();
        assert_ne!(blinding.person(&answers, 3).unwrap().to_string(), before);
    }

    #[test]
    fn one_registrar_alone_is_a_set_too() {
        let identities = vec![RegistrarIdentity::generate()];
        let (shares, set) = hold(&launch(&identities, 1), &identities, None);
        assert!(person(&set, &shares, &[1]).is_ok());
    }

    #[test]
    fn dealings_that_do_not_hold_name_their_dealer() {
        let identities = identities();
        let plan = launch(&identities, 3);
        let good: Vec<_> =
            identities.iter().map(|identity| Dealing::deal(&plan, identity).unwrap()).collect();
        let fails = |dealings: &[Dealing], words: &str| {
            let error = apply(&plan, dealings, &identities[0], None).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        };
        fails(&good[..3], "registrar 3 is missing");
        fails(&[&good[..3], &good[..1]].concat(), "two dealings are of one registrar");
        let resigned = |change: &dyn Fn(&mut Dealing)| {
            let mut dealings = good.clone();
            change(&mut dealings[2]);
            let signature = identities[2].sign(&dealings[2].message());
            dealings[2].signature = hex::encode(signature);
            dealings
        };
        let mut unsigned = good.clone();
        unsigned[1].commitments[0] = good[0].commitments[0];
        fails(&unsigned, "registrar 1 does not hold: its signature");
        fails(&resigned(&|dealing| dealing.plan[0] ^= 1), "registrar 2 does not hold: it is for");
        fails(&resigned(&|dealing| dealing.commitments[0] = [0; 32]), "it deals zero");
        fails(&resigned(&|dealing| dealing.commitments[1] = [0xff; 32]), "no element");
        fails(&resigned(&|dealing| dealing.commitments.truncate(2)), "as many commitments");
        fails(&resigned(&|dealing| dealing.shares.swap(0, 1)), "cannot be opened");
        let other = good[3].commitments[1];
        fails(&resigned(&|dealing| dealing.commitments[1] = other), "contradicts the commitments");
        let late = &apply(&plan, &good, &RegistrarIdentity::generate(), None).unwrap_err();
        assert!(late.to_string().contains("none of the plan's"));
    }

    #[test]
    fn a_refresh_cannot_change_the_key_and_two_faced_dealers_are_found() {
        let identities = identities();
        let (shares, set) = hold(&launch(&identities, 3), &identities, None);
        let plan = Plan::refresh(set).unwrap();
        let mut dealings: Vec<_> =
            identities.iter().map(|identity| Dealing::deal(&plan, identity).unwrap()).collect();
        let other = Dealing::deal(&plan, &identities[3]).unwrap();
        let one = apply(&plan, &dealings, &identities[0], Some(&shares[0])).unwrap();
        dealings[3] = other;
        let two = apply(&plan, &dealings, &identities[1], Some(&shares[1])).unwrap();
        let mut joined = one.set.clone();
        assert!(joined.join(&two.set).unwrap_err().to_string().contains("different"));
        let wrong = apply(&plan, &dealings, &identities[0], Some(&shares[1])).unwrap_err();
        assert!(wrong.to_string().contains("present share"));
        assert!(apply(&plan, &dealings, &identities[0], None).is_err());
        // A dealing of a launch does not pass for one of a refresh.
        let mut sly = dealings.clone();
        sly[0].commitments = Polynomial::random(3).commitments().to_bytes();
        sly[0].signature = hex::encode(identities[0].sign(&sly[0].message()));
        let error = apply(&plan, &sly, &identities[1], Some(&shares[1])).unwrap_err();
        assert!(error.to_string().contains("change the network key"), "{error}");
    }
}
