//! The registrar set: what everybody knows of the registrars.
//!
//! Its commitments fix the network key and the public key of every share, so no two of them can
//! contradict each other. Every member signs the set: it says that the member holds the share.

use std::{collections::BTreeMap, path::Path};

use codec::Encode;
use kanglian_primitives::{Hash32, RegionCode, RegistrarKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    identity::{RegistrarIdentity, dev_polynomial},
    sharing::{self, Commitments},
};
use crate::{
    chain::identity::{ChainRegistrar, ChainRegistrars},
    vault::verify_ed25519,
};

const FORMAT: &str = "kanglian-registrars-v1";
const DOMAIN: &str = "kanglian/registrars/v1";
/// Longest name or address of a registrar, in bytes.
const MAX_TEXT: usize = 200;
/// Largest file of a set, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// Why a registrar set does not serve.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// The file cannot be read.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// Its parts contradict each other.
    #[error("the registrar set does not hold: {0}")]
    Invalid(String),
    /// A member's signature is missing or wrong.
    #[error("the registrar set is not signed by {0}")]
    Unsigned(String),
}

/// A registrar as the others know it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its name, for people.
    pub name: String,
    /// Where it answers.
    pub url: String,
    /// ed25519: it signs log heads and receipts.
    #[serde(with = "crate::wire::hex_bytes")]
    pub signing_key: [u8; 32],
    /// X25519: shares are sealed to it.
    #[serde(with = "crate::wire::hex_bytes")]
    pub encryption_key: [u8; 32],
}

impl Member {
    /// Its address.
    pub fn address(&self) -> Result<Url, SetError> {
        let url = Url::parse(&self.url).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none()
        });
        url.ok_or_else(|| SetError::Invalid(format!("{:?} is no http or https URL", self.url)))
    }

    /// Whether name, address and keys can be used.
    pub fn check(&self) -> Result<(), SetError> {
        let plain = |text: &str| {
            !text.trim().is_empty() && text.len() <= MAX_TEXT && !text.chars().any(char::is_control)
        };
        if !plain(&self.name) || !plain(&self.url) {
            return Err(SetError::Invalid(format!(
                "a name and an address have 1 to {MAX_TEXT} bytes"
            )));
        }
        let key = kanglian_primitives::EncryptionKey::x25519(self.encryption_key);
        if key.is_low_order() {
            return Err(SetError::Invalid(format!("{}'s encryption key is no key", self.name)));
        }
        self.address().map(|_| ())
    }
}

/// What all members sign.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetBody {
    /// 0 at launch; one more with every refresh.
    pub epoch: u32,
    /// How many registrars have to answer.
    pub threshold: u16,
    /// Feldman's commitments, the network's public key first.
    #[serde(with = "hex_list")]
    pub commitments: Vec<[u8; 32]>,
    /// The registrars; the first has index 1.
    pub members: Vec<Member>,
    /// SHA-256 over the dealings that it came from; zeros for well-known shares.
    #[serde(with = "crate::wire::hex_bytes")]
    pub transcript: Hash32,
    /// Whether everybody can derive the shares from a phrase: for local networks only.
    pub development: bool,
}

/// A registrar set with its members' signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrarSet {
    format: String,
    /// What is signed.
    pub body: SetBody,
    /// Hexadecimal ed25519 signatures by index.
    pub signatures: BTreeMap<u16, String>,
}

impl RegistrarSet {
    /// A set without signatures.
    pub fn new(body: SetBody) -> Self {
        Self { format: FORMAT.to_owned(), body, signatures: BTreeMap::new() }
    }

    /// The well-known set of a local network, signed.
    pub fn dev(
        phrase: &str,
        threshold: u16,
        places: &[(String, String)],
    ) -> Result<Self, SetError> {
        let polynomial = dev_polynomial(phrase, threshold);
        let identity = |at: usize| RegistrarIdentity::dev(phrase, index_of(at));
        let member = |(at, (name, url)): (usize, &(String, String))| identity(at).member(name, url);
        let mut set = Self::new(SetBody {
            epoch: 0,
            threshold,
            commitments: polynomial.commitments().to_bytes(),
            members: places.iter().enumerate().map(member).collect(),
            transcript: [0; 32],
            development: true,
        });
        set.check_body()?;
        for at in 0..places.len() {
            set.sign(&identity(at))?;
        }
        Ok(set)
    }

    /// Hash of what is signed: it names the set.
    pub fn hash(&self) -> Hash32 {
        Sha256::digest((DOMAIN, &self.body).encode()).into()
    }

    fn message(&self) -> Vec<u8> {
        (DOMAIN, "signature", self.hash()).encode()
    }

    /// The member with an index.
    pub fn member(&self, index: u16) -> Option<&Member> {
        self.body.members.get(usize::from(index.checked_sub(1)?))
    }

    /// Members with their indices.
    pub fn members(&self) -> impl Iterator<Item = (u16, &Member)> {
        self.body.members.iter().enumerate().map(|(at, member)| (index_of(at), member))
    }

    /// The index of the member that signs with a key.
    pub fn index_of(&self, signing_key: &[u8; 32]) -> Option<u16> {
        self.members().find(|(_, member)| member.signing_key == *signing_key).map(|(at, _)| at)
    }

    /// The commitments.
    pub fn commitments(&self) -> Result<Commitments, SetError> {
        Commitments::from_bytes(&self.body.commitments)
            .map_err(|error| SetError::Invalid(error.to_string()))
    }

    /// The network's public key.
    pub fn network_key(&self) -> [u8; 32] {
        self.body.commitments.first().copied().unwrap_or_default()
    }

    /// The public key of a member's share.
    pub fn share_key(&self, index: u16) -> Result<[u8; 32], SetError> {
        Ok(self.commitments()?.share_key(index).compress().to_bytes())
    }

    /// Adds a member's signature.
    pub fn sign(&mut self, identity: &RegistrarIdentity) -> Result<(), SetError> {
        let index = self.index_of(&identity.signing_key());
        let index = index.ok_or_else(|| SetError::Invalid("the key is no member's".to_owned()))?;
        let signature = identity.sign(&self.message());
        self.signatures.insert(index, hex::encode(signature));
        Ok(())
    }

    /// Takes over the signatures of another copy of the same set.
    pub fn join(&mut self, other: &Self) -> Result<(), SetError> {
        if other.body != self.body {
            return Err(SetError::Invalid(format!(
                "two members have different sets, {} and {}: a dealer gave them different \
                 dealings, so the ceremony is held again",
                hex::encode(self.hash()),
                hex::encode(other.hash())
            )));
        }
        self.signatures.extend(other.signatures.clone());
        Ok(())
    }

    /// Whether the body holds by itself.
    pub fn check_body(&self) -> Result<(), SetError> {
        let body = &self.body;
        let invalid = |reason: String| Err(SetError::Invalid(reason));
        if self.format != FORMAT {
            return invalid(format!("the format is not {FORMAT}"));
        }
        let count = u16::try_from(body.members.len()).unwrap_or(u16::MAX);
        sharing::check_threshold(body.threshold, count)
            .map_err(|error| SetError::Invalid(error.to_string()))?;
        if body.commitments.len() != usize::from(body.threshold) {
            return invalid("there are not as many commitments as the threshold".to_owned());
        }
        body.members.iter().try_for_each(Member::check)?;
        for (at, member) in body.members.iter().enumerate() {
            let earlier = &body.members[..at];
            if earlier.iter().any(|other| {
                other.signing_key == member.signing_key
                    || other.encryption_key == member.encryption_key
                    || other.name == member.name
            }) {
                return invalid(format!("{} is in it twice", member.name));
            }
        }
        let nothing = [0u8; 32];
        let commitments = self.commitments()?;
        let keys = self.members().map(|(index, _)| commitments.share_key(index));
        if body.commitments.first() == Some(&nothing)
            || keys.into_iter().any(|key| key.compress().to_bytes() == nothing)
        {
            return invalid("a key is the identity".to_owned());
        }
        Ok(())
    }

    /// Whether the set holds and all members signed it.
    pub fn check(&self) -> Result<(), SetError> {
        self.check_body()?;
        let message = self.message();
        for (index, member) in self.members() {
            let mut signature = [0u8; 64];
            let read =
                self.signatures.get(&index).map(|text| hex::decode_to_slice(text, &mut signature));
            if !matches!(read, Some(Ok(())))
                || !verify_ed25519(&member.signing_key, &message, &signature)
            {
                return Err(SetError::Unsigned(member.name.clone()));
            }
        }
        Ok(())
    }

    /// Whether it is the set that the council put in force: the chain pins keys, order, threshold
    /// and epoch.
    pub fn matches(&self, chain: &ChainRegistrars) -> Result<(), SetError> {
        let body = &self.body;
        let differs = |what: String| {
            Err(SetError::Invalid(format!(
                "it is not the one in force on chain (generation {}, epoch {}): {what}",
                chain.generation, chain.epoch
            )))
        };
        if self.network_key() != chain.network_key {
            return differs("the network key is another one".to_owned());
        }
        if body.epoch != chain.epoch {
            return differs(format!("it is of epoch {}", body.epoch));
        }
        if body.threshold != chain.threshold || body.members.len() != chain.members.len() {
            return differs("number or threshold of the registrars is another one".to_owned());
        }
        for ((index, member), known) in self.members().zip(&chain.members) {
            let same = member.signing_key == known.signing_key.0
                && self.share_key(index)? == known.share_key;
            if !same {
                return differs(format!("{} has other keys", member.name));
            }
        }
        Ok(())
    }

    /// What the council votes on: the set as the chain keeps it.
    pub fn for_chain(
        &self,
        generation: u32,
        regions: &[RegionCode],
    ) -> Result<ChainRegistrars, SetError> {
        if regions.len() != self.body.members.len() {
            return Err(SetError::Invalid(format!(
                "it has {} registrars, {} provinces are named: one each, in order",
                self.body.members.len(),
                regions.len()
            )));
        }
        let member = |((index, member), region): ((u16, &Member), &RegionCode)| {
            Ok(ChainRegistrar {
                region: *region,
                signing_key: RegistrarKey(member.signing_key),
                share_key: self.share_key(index)?,
                url: member.url.as_str().into(),
            })
        };
        Ok(ChainRegistrars {
            generation,
            epoch: self.body.epoch,
            threshold: self.body.threshold,
            network_key: self.network_key(),
            members: self.members().zip(regions).map(member).collect::<Result<_, SetError>>()?,
        })
    }

    /// Reads a set from JSON, unchecked.
    pub fn from_json(json: &[u8]) -> Result<Self, SetError> {
        serde_json::from_slice(json).map_err(|error| SetError::Invalid(error.to_string()))
    }

    /// The set as JSON.
    pub fn to_json(&self) -> Result<Vec<u8>, SetError> {
        let mut json = serde_json::to_vec_pretty(self)
            .map_err(|error| SetError::Invalid(error.to_string()))?;
        json.push(b'\n');
        Ok(json)
    }

    /// Reads a set from a file and checks it.
    pub fn read(path: &Path) -> Result<Self, SetError> {
        let set = Self::read_unchecked(path)?;
        set.check()?;
        Ok(set)
    }

    /// Reads a set from a file, as a member has it before the others' signatures are joined.
    pub fn read_unchecked(path: &Path) -> Result<Self, SetError> {
        let fail = |reason: String| SetError::File { path: path.display().to_string(), reason };
        let length = std::fs::metadata(path).map_err(|error| fail(error.to_string()))?.len();
        if length > MAX_FILE {
            return Err(fail("too long for a registrar set".to_owned()));
        }
        let json = std::fs::read(path).map_err(|error| fail(error.to_string()))?;
        Self::from_json(&json).map_err(|error| fail(error.to_string()))
    }
}

/// Members count from 1.
pub(super) fn index_of(at: usize) -> u16 {
    u16::try_from(at.saturating_add(1)).unwrap_or(u16::MAX)
}

/// Lists of 32 bytes as hexadecimal texts.
pub(super) mod hex_list {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(list: &[[u8; 32]], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(list.iter().map(hex::encode))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<[u8; 32]>, D::Error> {
        let texts = Vec::<String>::deserialize(d)?;
        let bytes = |text: String| {
            let mut out = [0u8; 32];
            hex::decode_to_slice(&text, &mut out).map(|()| out).map_err(D::Error::custom)
        };
        texts.into_iter().map(bytes).collect()
    }
}
