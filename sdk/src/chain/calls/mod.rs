//! The calls of the runtime, a module each pallet, a function each call.
//!
//! Every function gives a [`Call`] that [`super::Client::submit`] signs and sends. Who may send it
//! is written at the pallet's own documentation; `regions::register` and others that only the
//! council may make go through [`council::propose`].

use codec::Encode;
use kanglian_primitives::{
    ActionSet, Amount, BusinessBlockId, BusinessBlockSet, CodeKey, CorrectionId, CorrectionReason,
    EncryptionKey, Grantee, Hash32, Height, Instant, InstitutionId, KeyEpoch, PersonId, Receipt,
    RecordId, ReferralId, RefusalReason, RegionCode, RetractionReason, SchemaId, TakedownReason,
    TeamId, Terms, TermsId, TermsTemplate, VaultKey, WorkClaim, WorkId, payloads::GuardianBody,
};
use subxt::utils::MultiSignature;

use super::Call;
use super::identity::ChainRegistrars;
use super::types::{
    Attestation, Profile, PublishingSchedule, Resealed, Role, Schedule, Share, Text,
    TransferPolicy, Weight, address, compact,
};
use crate::AccountId;

mod care;
mod custody;
mod governance;
mod lifelong;
mod registries;
mod sharing;
mod system_calls;
mod works;

pub use care::{access_codes, referrals};
pub use custody::key_custody;
pub use governance::{authorities, council, council_membership, mandates, parameters};
pub use lifelong::{corrections, guardianships};
pub use registries::{business_blocks, institutions, real_name, regions, registrars};
pub use sharing::{consents, health_coin, records};
pub use system_calls::{balances, session, system, utility};
pub use works::public_works;
