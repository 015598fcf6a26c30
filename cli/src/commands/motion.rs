//! What the council can decide, each motion with its call and the majority it needs.

use clap::{Args, Subcommand, ValueEnum};
use kanglian_primitives::{
    Amount, BusinessBlockId, EncryptionKey, Height, Instant, InstitutionId, PersonId, RegionCode,
    SchemaId, VaultKey,
};
use kanglian_sdk::{
    AccountId,
    chain::{
        Call,
        calls::{self, parameters::GovernanceParameter},
        types::{PublishingSchedule, Schedule, TransferPolicy},
    },
    registrar::RegistrarSet,
};

use crate::{council::Majority, fault::Fault, instant, names, output, runtime_code::CodeArgs};

/// What the council can decide.
#[derive(Debug, Subcommand)]
pub enum Motion {
    /// Permit nominated institutions; lifts suspensions too (majority)
    Permit {
        /// Their codes
        #[arg(required = true)]
        institutions: Vec<InstitutionId>,
    },
    /// End an institution for good (majority)
    Revoke {
        /// Its code
        institution: InstitutionId,
    },
    /// Extend an institution's permission (majority)
    Renew {
        /// Its code
        institution: InstitutionId,
        /// Until when
        #[arg(value_parser = instant::parse)]
        until: Instant,
    },
    /// Give an institution another account (majority)
    ReplaceController {
        /// Its code
        institution: InstitutionId,
        /// The new account
        account: AccountId,
    },
    /// Lift a practitioner's suspension (majority)
    LiftPractitioner {
        /// The institution's code
        institution: InstitutionId,
        /// The practitioner's account
        account: AccountId,
    },
    /// Admit a province (two thirds)
    RegisterRegion(RegionArgs),
    /// Suspend a province (majority)
    SuspendRegion {
        /// Its code
        region: RegionCode,
    },
    /// End a province's suspension (two thirds)
    ResumeRegion {
        /// Its code
        region: RegionCode,
    },
    /// Give a province another pan-centre account (two thirds)
    ReplacePanCentre {
        /// Its code
        region: RegionCode,
        /// The new account
        account: AccountId,
        /// The former account, whose seat in the council goes to the new one by the same motion
        #[arg(long)]
        seat_of: Option<AccountId>,
    },
    /// Admit a validator of a province (two thirds)
    AddAuthority {
        /// Its account
        account: AccountId,
        /// Its province
        region: RegionCode,
    },
    /// Remove a validator (two thirds)
    RemoveAuthority {
        /// Its account
        account: AccountId,
    },
    /// Add a business block (majority)
    AddBlock(BlockArgs),
    /// Retire a business block (majority)
    RetireBlock {
        /// Name or number
        #[arg(value_parser = names::block)]
        block: BusinessBlockId,
    },
    /// Change a business block's reward weight (majority)
    SetRewardWeight {
        /// Name or number
        #[arg(value_parser = names::block)]
        block: BusinessBlockId,
        /// Percent, 0 to 1000
        weight: u32,
    },
    /// Add a schema of records (majority)
    AddSchema(SchemaArgs),
    /// Retire a schema (majority)
    RetireSchema {
        /// Its number
        schema: u32,
    },
    /// Start the time lock of a new runtime (two thirds)
    ProposeUpgrade(CodeArgs),
    /// Take an upgrade back (majority)
    CancelUpgrade(CodeArgs),
    /// Change how governance runs (two thirds)
    SetParameter {
        /// What to change
        parameter: Parameter,
        /// Blocks (one a second), or `default`
        #[arg(value_parser = blocks_or_default)]
        blocks: Blocks,
    },
    /// Name the regulator's account (two thirds)
    SetRegulator {
        /// The account
        account: AccountId,
    },
    /// Void an institution's attestations from an instant on (majority)
    InvalidateAttester {
        /// Its code
        institution: InstitutionId,
        /// From when
        #[arg(value_parser = instant::parse)]
        from: Instant,
    },
    /// Lift the suspension of a person (majority)
    LiftPerson {
        /// The person
        person: PersonId,
    },
    /// Let a guardianship count that a court has judged (majority)
    ConfirmGuardian {
        /// The ward
        ward: PersonId,
        /// The guardian
        guardian: PersonId,
    },
    /// End a guardianship (majority)
    EndGuardianship {
        /// The ward
        ward: PersonId,
        /// The guardian
        guardian: PersonId,
    },
    /// Change how shares are paid (two thirds)
    SetSchedule(ScheduleArgs),
    /// Change how publishing a public work is paid (two thirds)
    SetPublishing {
        /// HMC that a work of weight 100 pays
        #[arg(long, value_parser = output::parse_hmc)]
        reward: Amount,
        /// The storing regions' part in percent; the author has the rest
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(0..=100))]
        region_percent: u8,
        /// Most HMC that an institution earns by publishing in an era
        #[arg(long, value_parser = output::parse_hmc)]
        cap: Amount,
    },
    /// Change who may send coin to whom: closed_loop, members or open (two thirds)
    SetTransferPolicy {
        /// The policy
        policy: TransferPolicy,
    },
    /// Take coin back into the pot (two thirds)
    ClawBack {
        /// From this account
        account: AccountId,
        /// HMC
        #[arg(value_parser = output::parse_hmc)]
        amount: Amount,
    },
    /// Put a set of registrars in force: the first one, one with other shares of the same key, or
    /// that of the next generation (two thirds)
    SetRegistrars {
        /// The signed set, as `kanglian registrar join` writes it
        #[arg(long)]
        set: std::path::PathBuf,
        /// The generation: 0 until a key was declared compromised
        #[arg(long, default_value_t = 0)]
        generation: u32,
        /// The registrars' provinces in the order of the set
        #[arg(long = "region", required = true)]
        regions: Vec<RegionCode>,
    },
    /// Declare the registrars' present key known to others: nobody is attested under it from a
    /// height on (two thirds)
    DeclareCompromised {
        /// The generation
        generation: u32,
        /// The first height
        #[arg(long)]
        from: Height,
    },
    /// Seat a member (two thirds)
    AddMember {
        /// The account
        account: AccountId,
    },
    /// Unseat a member (two thirds)
    RemoveMember {
        /// The account
        account: AccountId,
    },
}

/// A province to admit.
#[derive(Debug, Args)]
pub struct RegionArgs {
    /// Its code (GB/T 2260), such as 350000
    region: RegionCode,
    /// Its name
    #[arg(long)]
    name: String,
    /// Its pan-centre's account
    #[arg(long)]
    pan_centre: AccountId,
    /// Its custodian encryption key
    #[arg(long)]
    custodian_key: EncryptionKey,
    /// Its vault's ed25519 key
    #[arg(long)]
    vault_key: VaultKey,
    /// Its vault's address
    #[arg(long)]
    vault_url: url::Url,
}

/// A business block to add.
#[derive(Debug, Args)]
pub struct BlockArgs {
    /// Its number, 0 to 63
    #[arg(value_parser = names::block)]
    block: BusinessBlockId,
    /// Chinese name
    #[arg(long)]
    name_zh: String,
    /// English name
    #[arg(long)]
    name_en: String,
    /// It takes public works instead of people's records
    #[arg(long)]
    public: bool,
    /// Never covered by a grant of other blocks
    #[arg(long, conflicts_with = "public")]
    restricted: bool,
    /// Reward weight in percent
    #[arg(long, default_value_t = 100)]
    reward_weight: u32,
}

/// A schema to add.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Its number
    schema: u32,
    /// Its business block
    #[arg(long, value_parser = names::block)]
    block: BusinessBlockId,
    /// FHIR profile or resource type, or WS/T 500 document
    #[arg(long)]
    name: String,
    /// Data level of GB/T 39725
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=5))]
    level: u8,
    /// For how many years records are kept
    #[arg(long)]
    retention_years: u8,
}

/// How shares are paid.
#[derive(Debug, Args)]
pub struct ScheduleArgs {
    /// Length of an era in blocks
    #[arg(long)]
    era_length: u32,
    /// HMC that an era brings into the pot
    #[arg(long, value_parser = output::parse_hmc)]
    emission: Amount,
    /// HMC that a share of weight 100 pays
    #[arg(long, value_parser = output::parse_hmc)]
    reward: Amount,
    /// Parts in percent of subject, author and regions
    #[arg(long, value_delimiter = ',', default_values_t = [40u8, 40, 20])]
    split: Vec<u8>,
    /// Most HMC that a person earns in an era
    #[arg(long, value_parser = output::parse_hmc)]
    cap_person: Amount,
    /// Most HMC that an author earns in an era
    #[arg(long, value_parser = output::parse_hmc)]
    cap_author: Amount,
}

/// A parameter of governance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Parameter {
    /// How long a motion stays open
    MotionDuration,
    /// How long an upgrade waits between its vote and its enactment, never below the
    /// chain's least time lock
    UpgradeTimeLock,
}

impl From<Parameter> for GovernanceParameter {
    fn from(parameter: Parameter) -> Self {
        match parameter {
            Parameter::MotionDuration => Self::MotionDuration,
            Parameter::UpgradeTimeLock => Self::UpgradeTimeLock,
        }
    }
}

/// A number of blocks; none for the runtime's default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocks(Option<Height>);

fn blocks_or_default(text: &str) -> Result<Blocks, Fault> {
    if text == "default" {
        return Ok(Blocks(None));
    }
    let blocks = text.parse().ok().filter(|blocks| *blocks > 0).map(|blocks| Blocks(Some(blocks)));
    blocks.ok_or_else(|| {
        Fault::usage(format!("`{text}`: write a number of blocks above 0, or `default`"))
    })
}

impl Motion {
    /// The call that the motion carries out, and the majority it needs.
    pub fn call(&self) -> anyhow::Result<(Call, Majority)> {
        use Majority::{Simple, TwoThirds};
        use calls::{
            authorities, business_blocks, council_membership, health_coin, institutions, mandates,
            parameters, real_name, regions, registrars, utility,
        };
        Ok(match self {
            Self::Permit { institutions } => (institutions::permit(institutions), Simple),
            Self::Revoke { institution } => (institutions::revoke(*institution), Simple),
            Self::Renew { institution, until } => {
                (institutions::renew(*institution, *until), Simple)
            },
            Self::ReplaceController { institution, account } => {
                (institutions::replace_controller(*institution, account), Simple)
            },
            Self::LiftPractitioner { institution, account } => {
                (institutions::lift_practitioner(*institution, account), Simple)
            },
            Self::RegisterRegion(args) => (
                regions::register(
                    args.region,
                    &args.name,
                    &args.pan_centre,
                    args.custodian_key,
                    args.vault_key,
                    args.vault_url.as_str().trim_end_matches('/'),
                ),
                TwoThirds,
            ),
            Self::SuspendRegion { region } => (regions::suspend(*region), Simple),
            Self::ResumeRegion { region } => (regions::resume(*region), TwoThirds),
            Self::ReplacePanCentre { region, account, seat_of } => {
                let replace = regions::replace_pan_centre(*region, account);
                let call = match seat_of {
                    None => replace,
                    Some(former) => {
                        let swap = council_membership::swap_member(former, account);
                        utility::batch_all(vec![replace, swap])
                    },
                };
                (call, TwoThirds)
            },
            Self::AddAuthority { account, region } => {
                (authorities::add(account, *region), TwoThirds)
            },
            Self::RemoveAuthority { account } => (authorities::remove(account), TwoThirds),
            Self::AddBlock(args) => (
                business_blocks::add(
                    args.block,
                    &args.name_zh,
                    &args.name_en,
                    args.public,
                    args.restricted,
                    args.reward_weight,
                ),
                Simple,
            ),
            Self::RetireBlock { block } => (business_blocks::retire(*block), Simple),
            Self::SetRewardWeight { block, weight } => {
                (business_blocks::set_reward_weight(*block, *weight), Simple)
            },
            Self::AddSchema(args) => (
                business_blocks::add_schema(
                    SchemaId(args.schema),
                    args.block,
                    &args.name,
                    args.level,
                    args.retention_years,
                ),
                Simple,
            ),
            Self::RetireSchema { schema } => {
                (business_blocks::retire_schema(SchemaId(*schema)), Simple)
            },
            Self::ProposeUpgrade(code) => (mandates::propose_upgrade(code.hash()?), TwoThirds),
            Self::CancelUpgrade(code) => (mandates::cancel(code.hash()?), Simple),
            Self::SetParameter { parameter, blocks } => {
                (parameters::set_governance((*parameter).into(), blocks.0), TwoThirds)
            },
            Self::SetRegulator { account } => (mandates::set_regulator(account), TwoThirds),
            Self::InvalidateAttester { institution, from } => {
                (real_name::invalidate_attester(*institution, *from), Simple)
            },
            Self::LiftPerson { person } => (real_name::lift(*person), Simple),
            Self::ConfirmGuardian { ward, guardian } => {
                (calls::guardianships::confirm_guardian(*ward, *guardian), Simple)
            },
            Self::EndGuardianship { ward, guardian } => {
                (calls::guardianships::end_guardianship(*ward, *guardian), Simple)
            },
            Self::SetSchedule(args) => (health_coin::set_schedule(&args.schedule()?), TwoThirds),
            Self::SetPublishing { reward, region_percent, cap } => {
                let (reward, region_percent, cap) = (*reward, *region_percent, *cap);
                let schedule = PublishingSchedule { reward, region_percent, cap };
                (health_coin::set_publishing_schedule(&schedule), TwoThirds)
            },
            Self::SetTransferPolicy { policy } => {
                (health_coin::set_transfer_policy(*policy), TwoThirds)
            },
            Self::ClawBack { account, amount } => {
                (health_coin::claw_back(account, *amount), TwoThirds)
            },
            Self::SetRegistrars { set, generation, regions } => {
                let set = RegistrarSet::read(set)?.for_chain(*generation, regions)?;
                (registrars::set_registrars(&set), TwoThirds)
            },
            Self::DeclareCompromised { generation, from } => {
                (registrars::declare_compromised(*generation, *from), TwoThirds)
            },
            Self::AddMember { account } => (council_membership::add_member(account), TwoThirds),
            Self::RemoveMember { account } => {
                (council_membership::remove_member(account), TwoThirds)
            },
        })
    }
}

impl ScheduleArgs {
    fn schedule(&self) -> Result<Schedule, Fault> {
        let [subject_percent, author_percent, region_percent] = self.split[..] else {
            return Err(Fault::usage("--split takes three numbers"));
        };
        let sum: u32 = self.split.iter().map(|part| u32::from(*part)).sum();
        if sum != 100 {
            return Err(Fault::usage("the parts of --split add up to 100"));
        }
        Ok(Schedule {
            era_length: self.era_length,
            emission: self.emission,
            reward: self.reward,
            subject_percent,
            author_percent,
            region_percent,
            cap_person: self.cap_person,
            cap_author: self.cap_author,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_that_does_not_add_up_is_refused() {
        let args = |split: Vec<u8>| ScheduleArgs {
            era_length: 300,
            emission: 1,
            reward: 1,
            split,
            cap_person: 1,
            cap_author: 1,
        };
        assert!(args(vec![40, 40, 20]).schedule().is_ok());
        assert!(args(vec![40, 40, 21]).schedule().is_err());
        assert!(args(vec![50, 50]).schedule().is_err());
    }

    #[test]
    fn a_parameter_takes_blocks_or_its_default() {
        assert_eq!(blocks_or_default("600").unwrap(), Blocks(Some(600)));
        assert_eq!(blocks_or_default("default").unwrap(), Blocks(None));
        for text in ["", "0", "-1", "2d", "4294967296"] {
            assert!(blocks_or_default(text).is_err(), "{text}");
        }
    }
}
