//! The calls of the runtime, a module each pallet, a function each call.
//!
//! Every function gives a [`Call`] that [`super::Client::submit`] signs and sends. Who may send it
//! is written at the pallet's own documentation; `regions::register` and others that only the
//! council may make go through [`council::propose`].

use codec::Encode;
use kanglian_primitives::{
    Amount, BusinessBlockId, BusinessBlockSet, CodeKey, EncryptionKey, Grantee, Hash32, Height,
    Instant, InstitutionId, KeyEpoch, PersonId, Receipt, RecordId, ReferralId, RegionCode,
    SchemaId, TeamId, Terms, TermsId, TermsTemplate, VaultKey,
};
use subxt::utils::MultiSignature;

use super::Call;
use super::identity::ChainRegistrars;
use super::types::{
    Attestation, Profile, Resealed, Role, Schedule, Share, Text, TransferPolicy, Weight, address,
    compact,
};
use crate::AccountId;

mod care;
mod custody;
mod governance;
mod registries;
mod sharing;
mod system_calls;

pub use care::{access_codes, referrals};
pub use custody::key_custody;
pub use governance::{authorities, council, council_membership, mandates, parameters};
pub use registries::{business_blocks, institutions, real_name, regions, registrars};
pub use sharing::{consents, health_coin, records};
pub use system_calls::{balances, session, system, utility};
