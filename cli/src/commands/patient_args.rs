//! Arguments of a person's longer commands.

use std::path::PathBuf;

use clap::Args;
use kanglian_primitives::{
    BusinessBlockSet, Grantee, Instant, InstitutionId, PersonId, PurposeSet,
};
use kanglian_sdk::AccountId;

use crate::{instant, names};

/// What a request to be enrolled says.
#[derive(Debug, Args)]
pub struct RequestArgs {
    /// The own id, as the institution's registrar gave it
    #[arg(long)]
    pub person: PersonId,
    /// The institution that enrols
    #[arg(long)]
    pub institution: InstitutionId,
    /// Business blocks to publish scope keys for
    #[arg(long, value_parser = names::blocks,
        default_value = "medical,restricted,elderly-care,health,personal,emergency")]
    pub blocks: BusinessBlockSet,
    /// Business blocks the institution may write into
    #[arg(long, value_parser = names::blocks, default_value = "medical")]
    pub write: BusinessBlockSet,
    /// Until when it may write
    #[arg(long, value_parser = instant::parse, default_value = "+365d")]
    pub write_until: Instant,
    /// Until when the identity is to be valid
    #[arg(long, value_parser = instant::parse, default_value = "+3650d")]
    pub valid_until: Instant,
    /// Where to write the request
    #[arg(long, default_value = "enrolment.json")]
    pub out: PathBuf,
}

/// What a grant says.
#[derive(Debug, Args)]
pub struct GrantArgs {
    /// institution:CODE, practitioner:ADDRESS@CODE, team:NUMBER@CODE or person:0x…
    #[arg(value_parser = names::grantee)]
    pub grantee: Grantee<AccountId>,
    /// Business blocks; a restricted block only alone
    #[arg(long, value_parser = names::blocks)]
    pub blocks: BusinessBlockSet,
    /// Purposes (HL7 v3 PurposeOfUse)
    #[arg(long, value_parser = names::purposes, default_value = "TREAT")]
    pub purposes: PurposeSet,
    /// From when
    #[arg(long, value_parser = instant::parse, default_value = "+0s")]
    pub from: Instant,
    /// Until when
    #[arg(long, value_parser = instant::parse)]
    pub until: Instant,
    /// Only records shared since
    #[arg(long, value_parser = instant::parse)]
    pub records_from: Option<Instant>,
    /// Only records shared before
    #[arg(long, value_parser = instant::parse)]
    pub records_until: Option<Instant>,
    /// How often the reader may give it on, one below the other
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    pub may_delegate: u8,
}
