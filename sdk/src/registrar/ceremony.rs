//! Making the network key, refreshing its shares, and dealing them to other registrars, by files that
//! travel between registrars.
//!
//! 1. Each registrar makes its keys and gives out its card ([`Card`]).
//! 2. One puts the cards in order: the [`Plan`]. All look at its hash.
//! 3. Each deals ([`Dealing::deal`]): commitments for all, a sealed share for each, its signature. At
//!    launch it deals a random secret, at a refresh zero, and for other registrars its present share.
//! 4. Each takes all dealings ([`apply`]), checks every commitment and its own shares, and adds up:
//!    its share of the sum, and the set that everybody can compute from the commitments.
//! 5. Each signs the set; the signatures are joined ([`RegistrarSet::join`]). A dealer that gave
//!    different dealings to different registrars is found here: the sets differ.
//!
//! At launch the key is the sum of what all dealt: nobody knows it as long as one of them dealt at
//! random and keeps fewer than t shares. At a refresh the key stays and every share changes, so old
//! and new shares do not combine.
//!
//! For other registrars, or another threshold, at least as many of the present ones as have to answer
//! deal their shares to the new ones. What each deals is held against the public key of its present
//! share, so nobody can change the key. The new shares are Lagrange's combination of what was dealt,
//! and combine with no old one.

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
    #[error("the dealing of {0} is missing: all dealers of the plan deal")]
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
    /// The set whose shares are refreshed or dealt on; none at launch.
    pub refreshes: Option<RegistrarSet>,
    /// Registrars of that set that deal their shares to those of the plan; none at a refresh.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dealers: Vec<u16>,
}

impl Plan {
    /// A plan for a new key.
    pub fn launch(threshold: u16, cards: &[Card]) -> Result<Self, CeremonyError> {
        let members = cards.iter().map(Card::checked).collect::<Result<_, _>>()?;
        let plan = Self {
            format: PLAN_FORMAT.to_owned(),
            threshold,
            members,
            refreshes: None,
            dealers: Vec::new(),
        };
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
            dealers: Vec::new(),
        };
        plan.check()?;
        Ok(plan)
    }

    /// A plan for shares of the same key among other registrars: the dealers, by their indices in
    /// the set, deal theirs on.
    pub fn replace(
        set: RegistrarSet,
        threshold: u16,
        members: Vec<Member>,
        dealers: Vec<u16>,
    ) -> Result<Self, CeremonyError> {
        if dealers.is_empty() {
            return Err(CeremonyError::Wrong("nobody is to deal".to_owned()));
        }
        let plan = Self {
            format: PLAN_FORMAT.to_owned(),
            threshold,
            members,
            refreshes: Some(set),
            dealers,
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
        let Some(set) = &self.refreshes else {
            return match self.dealers.is_empty() {
                true => Ok(()),
                false => Err(CeremonyError::Wrong("at launch all registrars deal".to_owned())),
            };
        };
        set.check()?;
        if !self.dealers.is_empty() {
            return self.check_dealers(set);
        }
        if set.body.threshold != self.threshold || set.body.members != self.members {
            return Err(CeremonyError::Wrong(
                "a refresh keeps the registrars and the threshold".to_owned(),
            ));
        }
        Ok(())
    }

    fn check_dealers(&self, set: &RegistrarSet) -> Result<(), CeremonyError> {
        let rising = self.dealers.windows(2).all(|pair| pair[0] < pair[1]);
        if !rising || self.dealers.iter().any(|dealer| set.member(*dealer).is_none()) {
            return Err(CeremonyError::Wrong(
                "the dealers are not registrars of the present set in rising order".to_owned(),
            ));
        }
        if self.dealers.len() < usize::from(set.body.threshold) {
            return Err(CeremonyError::Wrong(format!(
                "{} of the present registrars deal, {} have to: fewer cannot give the key on",
                self.dealers.len(),
                set.body.threshold
            )));
        }
        Ok(())
    }

    /// Hash that names the plan.
    pub fn hash(&self) -> Hash32 {
        let refreshes = self.refreshes.as_ref().map(RegistrarSet::hash);
        let plan = (PLAN_DOMAIN, self.threshold, &self.members, refreshes, &self.dealers);
        Sha256::digest(plan.encode()).into()
    }

    /// Who deals, with the index under which.
    fn all_dealers(&self) -> Vec<(u16, &Member)> {
        match (&self.refreshes, self.dealers.as_slice()) {
            (Some(set), [_, ..]) => {
                let member = |dealer: &u16| Some((*dealer, set.member(*dealer)?));
                self.dealers.iter().filter_map(member).collect()
            },
            _ => self.members.iter().enumerate().map(|(at, one)| (index_of(at), one)).collect(),
        }
    }

    /// The set whose shares are dealt on to other registrars.
    fn replaces(&self) -> Option<&RegistrarSet> {
        self.refreshes.as_ref().filter(|_| !self.dealers.is_empty())
    }

    fn dealer_of(&self, signing_key: &[u8; 32]) -> Result<u16, CeremonyError> {
        let dealers = self.all_dealers();
        let found = dealers.iter().find(|(_, member)| member.signing_key == *signing_key);
        found.map(|(dealer, _)| *dealer).ok_or_else(|| {
            CeremonyError::Wrong("the key is none of the plan's dealers'".to_owned())
        })
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
    /// Deals under a plan. `present` is the dealer's share when it is dealt on to other registrars.
    pub fn deal(
        plan: &Plan,
        identity: &RegistrarIdentity,
        present: Option<&RegistrarShare>,
    ) -> Result<Self, CeremonyError> {
        plan.check()?;
        let dealer = plan.dealer_of(&identity.signing_key())?;
        let polynomial = match (&plan.refreshes, plan.replaces(), present) {
            (None, _, None) => Polynomial::random(plan.threshold),
            (Some(_), None, None) => Polynomial::random_zero(plan.threshold),
            (_, Some(set), Some(share)) => {
                Polynomial::random_of(present_share(set, dealer, share)?, plan.threshold)
            },
            (_, Some(_), None) => {
                return Err(CeremonyError::Wrong(
                    "under this plan the present share is dealt on: it is needed".to_owned(),
                ));
            },
            (_, None, Some(_)) => {
                return Err(CeremonyError::Wrong(
                    "under this plan the present share is not dealt".to_owned(),
                ));
            },
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
        if let Some(set) = plan.replaces() {
            let own = set.commitments()?.share_key(self.dealer);
            return match commitments.public() == own {
                true => Ok(commitments),
                false => Err(bad("what it deals is not the dealer's present share")),
            };
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

/// The share as a number, if it is the registrar's in the set.
fn present_share(
    set: &RegistrarSet,
    index: u16,
    share: &RegistrarShare,
) -> Result<Scalar, CeremonyError> {
    let scalar = share.scalar().map_err(|error| CeremonyError::Wrong(error.to_string()))?;
    match set.commitments()?.holds(index, &scalar) {
        true => Ok(scalar),
        false => Err(CeremonyError::Wrong(
            "the present share is not of the set that the plan starts from".to_owned(),
        )),
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

/// Adds up the dealings of all dealers. At a refresh `old` is the share that is refreshed.
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
    let (mut total, mut sum) = match (plan.refreshes.as_ref(), old) {
        _ if plan.replaces().is_some() && old.is_some() => {
            return Err(CeremonyError::Wrong(
                "under this plan the share follows from the dealings alone".to_owned(),
            ));
        },
        (Some(_), None) if plan.replaces().is_some() => (None, Scalar::ZERO),
        (None, None) => (None, Scalar::ZERO),
        (None, Some(_)) => {
            return Err(CeremonyError::Wrong("at launch there is no share yet".to_owned()));
        },
        (Some(_), None) => {
            return Err(CeremonyError::Wrong("a refresh needs the present share".to_owned()));
        },
        (Some(set), Some(old)) => (Some(set.commitments()?), present_share(set, own, old)?),
    };
    let dealers = plan.all_dealers();
    // Shares that are dealt on are weighed by Lagrange's coefficients, others add up as they are.
    let weights = match plan.replaces() {
        Some(_) => sharing::lagrange_at_zero(&plan.dealers)
            .map_err(|error| CeremonyError::Wrong(error.to_string()))?,
        None => vec![Scalar::ONE; dealers.len()],
    };
    let mut transcript = Sha256::new();
    for ((dealer, member), weight) in dealers.iter().zip(weights) {
        let dealing = by_dealer.get(dealer);
        let dealing = dealing.ok_or_else(|| CeremonyError::Missing(member.name.clone()))?;
        let commitments = dealing.checked(plan, &member.name, &member.signing_key)?;
        sum += dealing.open(plan, &member.name, own, identity, &commitments)? * weight;
        let commitments = commitments.times(&weight);
        transcript.update(dealing.message());
        total = match total {
            None => Some(commitments),
            Some(total) => total.plus(&commitments),
        };
    }
    if by_dealer.len() != dealers.len() {
        return Err(CeremonyError::Wrong("a dealing is of nobody in the plan".to_owned()));
    }
    let total = total.ok_or_else(|| CeremonyError::Wrong("nobody dealt".to_owned()))?;
    if let Some(set) = plan.replaces()
        && total.public().compress().to_bytes() != set.network_key()
    {
        return Err(CeremonyError::Wrong("the dealings would change the network key".to_owned()));
    }
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
#[path = "ceremony_tests.rs"]
mod tests;
