//! What the chain stores, as SCALE types in the order of the pallets' fields.

use std::collections::{BTreeMap, BTreeSet};

use codec::{Compact, Decode, Encode};
use kanglian_primitives::{
    Amount, BusinessBlockId, BusinessBlockSet, EncryptionKey, Grantee, HMC, Hash32, Height,
    Instant, InstitutionId, KeyEpoch, PersonId, Receipt, RecordId, RegionCode, SchemaId, Terms,
    TermsId, VaultKey,
};
use serde::{Deserialize, Serialize};

use crate::AccountId;

/// A text as the chain keeps it: bytes that should be UTF-8.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Text(pub Vec<u8>);

impl Text {
    /// The text; what is no UTF-8 shows as replacement characters.
    pub fn to_lossy(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_lossy())
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&self.to_lossy(), f)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl Serialize for Text {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d).map(Self::from)
    }
}

/// An enum without fields whose variants have a text form.
macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $index:literal, $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$vdoc])* #[codec(index = $index)] $variant,)*
        }

        impl $name {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(match self { $(Self::$variant => $text,)* })
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownName;
            fn from_str(text: &str) -> Result<Self, UnknownName> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(UnknownName { known: &[$($text),*] }),
                }
            }
        }
    };
}

/// A text that names none of the known values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected one of {}", known.join(", "))]
pub struct UnknownName {
    known: &'static [&'static str],
}

states!(
    /// Standing of a region.
    RegionStatus {
        /// Its institutions and its vault count.
        Active = 0, "active";
        /// They do not.
        Suspended = 1, "suspended";
    }
);

/// A province.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Region {
    /// Its name.
    pub name: Text,
    /// The account of its managing centre (泛中心).
    pub pan_centre: AccountId,
    /// To this key shares of persons' secrets are sealed.
    pub custodian_key: EncryptionKey,
    /// With this key its vault signs.
    pub vault_key: VaultKey,
    /// Where its vault is.
    pub vault_url: Text,
    /// Its standing.
    pub status: RegionStatus,
}

/// All regions.
pub type Regions = BTreeMap<RegionCode, Region>;

/// A validator and its region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Authority {
    /// The validator.
    pub account: AccountId,
    /// Its province.
    pub region: RegionCode,
}

states!(
    /// Standing of an institution.
    InstitutionStatus {
        /// Named by its pan-centre, not permitted yet.
        Nominated = 0, "nominated";
        /// Permitted by the council.
        Permitted = 1, "permitted";
        /// Suspended by its pan-centre.
        Suspended = 2, "suspended";
        /// Ended for good.
        Revoked = 3, "revoked";
    }
);

/// An institution.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Institution {
    /// Its province.
    pub region: RegionCode,
    /// Class letters of WS 218, such as `A1`.
    pub kind: Text,
    /// Its name.
    pub name: Text,
    /// The account that speaks for it.
    pub controller: AccountId,
    /// To this key scope secrets are sealed.
    pub encryption_key: EncryptionKey,
    /// Business blocks it works in.
    pub blocks: BusinessBlockSet,
    /// Until when it is permitted.
    pub valid_until: Instant,
    /// Its standing.
    pub status: InstitutionStatus,
}

/// What a pan-centre states when it nominates an institution.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Profile {
    /// Its identifier.
    pub id: InstitutionId,
    /// Class letters of WS 218.
    pub kind: Text,
    /// Its name.
    pub name: Text,
    /// The account that is to speak for it.
    pub controller: AccountId,
    /// To this key scope secrets are sealed.
    pub encryption_key: EncryptionKey,
    /// Business blocks it is to work in.
    pub blocks: BusinessBlockSet,
    /// Until when.
    pub valid_until: Instant,
}

states!(
    /// What a practitioner is.
    Role {
        /// 医师
        Doctor = 0, "doctor";
        /// 护士
        Nurse = 1, "nurse";
        /// 药师
        Pharmacist = 2, "pharmacist";
        /// 技师
        Technician = 3, "technician";
        /// 研究人员
        Researcher = 4, "researcher";
        /// 管理人员
        Administrator = 5, "administrator";
    }
);

states!(
    /// Standing of a practitioner.
    PractitionerStatus {
        /// May act.
        Active = 0, "active";
        /// May not.
        Suspended = 1, "suspended";
    }
);

/// A practitioner at one institution.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Practitioner {
    /// What they are.
    pub role: Role,
    /// To this key scope secrets are sealed.
    pub encryption_key: EncryptionKey,
    /// Until when they may act.
    pub valid_until: Instant,
    /// Their standing.
    pub status: PractitionerStatus,
}

/// A care team of an institution.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Team {
    /// Its name.
    pub name: Text,
    /// To this key scope secrets are sealed.
    pub encryption_key: EncryptionKey,
    /// Its members' accounts.
    pub members: BTreeSet<AccountId>,
}

/// A business block.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Block {
    /// Chinese name.
    pub name_zh: Text,
    /// English name.
    pub name_en: Text,
    /// Whether it takes public works instead of people's records.
    pub public: bool,
    /// Whether a grant must name it alone.
    pub restricted: bool,
    /// Reward weight in percent.
    pub reward_weight: u32,
    /// Whether nothing new goes into it.
    pub retired: bool,
}

/// All business blocks.
pub type Blocks = BTreeMap<BusinessBlockId, Block>;

/// A schema of records.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Schema {
    /// The business block it belongs to.
    pub block: BusinessBlockId,
    /// FHIR profile or resource type, or WS/T 500 document.
    pub name: Text,
    /// Data level of GB/T 39725, 1 to 5.
    pub level: u8,
    /// For how many years records are kept.
    pub retention_years: u8,
    /// Whether nothing new may use it.
    pub retired: bool,
}

/// All schemas.
pub type Schemas = BTreeMap<SchemaId, Schema>;

/// Standing of an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonStatus {
    /// Counts until it expires.
    #[codec(index = 0)]
    Active,
    /// Suspended by the home region's pan-centre.
    #[codec(index = 1)]
    Suspended,
    /// Ended for good.
    #[codec(index = 2)]
    Closed,
    /// A recovery of the keys is pending: the account can veto and take rights away only.
    #[codec(index = 3)]
    Recovering,
    /// A guardian's client holds the keys; from the instant on they do not act, until the person
    /// takes over.
    #[codec(index = 6)]
    Held(Instant),
    /// Another name of a person who goes on under another id.
    #[codec(index = 4)]
    Linked,
}

impl std::fmt::Display for PersonStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
            Self::Recovering => "recovering",
            Self::Held(_) => "held",
            Self::Linked => "linked",
        })
    }
}

/// A person's identity.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Person {
    /// The account that speaks for the person.
    pub controller: AccountId,
    /// The home region.
    pub home_region: RegionCode,
    /// The institution that vouched for the person.
    pub attester: InstitutionId,
    /// When it did.
    pub attested_at: Instant,
    /// The person's data key.
    pub data_key: EncryptionKey,
    /// Until when the identity is valid.
    pub valid_until: Instant,
    /// Its standing.
    pub status: PersonStatus,
}

/// What an institution submits when it attests a person.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Attestation {
    /// The account that is to speak for the person.
    pub controller: AccountId,
    /// The person's data key.
    pub data_key: EncryptionKey,
    /// First scope keys, rising by block.
    pub scope_keys: Vec<(BusinessBlockId, EncryptionKey)>,
    /// Blocks the institution may write into.
    pub write_blocks: BusinessBlockSet,
    /// Until when it may write.
    pub write_until: Instant,
    /// Until when the identity is valid.
    pub valid_until: Instant,
}

/// What a share states about a record.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Share {
    /// Whose record it is.
    pub subject: PersonId,
    /// The business block.
    pub block: BusinessBlockId,
    /// The schema of the content.
    pub schema: SchemaId,
    /// BLAKE3 of the sealed bytes.
    pub record: RecordId,
    /// Sealed bytes.
    pub size: u64,
    /// The scope-key epoch it is sealed for.
    pub epoch: KeyEpoch,
    /// The vaults' receipts.
    pub receipts: Vec<Receipt>,
}

/// How shares are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Schedule {
    /// Length of an era in blocks.
    pub era_length: Height,
    /// What an era brings into the pot.
    pub emission: Amount,
    /// What a share of weight 100 pays, all parties together.
    pub reward: Amount,
    /// The subject's part in percent.
    pub subject_percent: u8,
    /// The author's part in percent.
    pub author_percent: u8,
    /// The storing regions' part in percent.
    pub region_percent: u8,
    /// Most that a person earns in an era.
    pub cap_person: Amount,
    /// Most that an author earns in an era.
    pub cap_author: Amount,
}

/// How publishing a public work is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct PublishingSchedule {
    /// What a work in a block of weight 100 pays, all parties together.
    pub reward: Amount,
    /// The storing regions' part in percent; the author has the rest.
    pub region_percent: u8,
    /// Most that an institution earns by publishing in an era.
    pub cap: Amount,
}

impl Default for PublishingSchedule {
    /// What counts until the council sets another.
    fn default() -> Self {
        Self { reward: HMC, region_percent: 20, cap: 10 * HMC }
    }
}

/// An era of the coin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Era {
    /// Its number.
    pub index: u32,
    /// Its first block.
    pub started_at: Height,
    /// What of the pot is noted for regions and not settled, over all eras.
    pub reserved: Amount,
    /// What regions earned in this era so far.
    pub regions: BTreeMap<RegionCode, Amount>,
}

/// What a person or an author earned in an era.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Earned {
    /// The era; an earlier one than the present means nothing yet in this one.
    pub era: u32,
    /// The amount.
    pub amount: Amount,
}

states!(
    /// Who may send coin to whom.
    TransferPolicy {
        /// Nobody: coin is earned and spent on fees.
        ClosedLoop = 0, "closed_loop";
        /// Registered accounts among one another.
        Members = 1, "members";
        /// Anybody.
        Open = 2, "open";
    }
);

/// Terms that a person gave one grantee.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct GrantFile {
    /// Highest number given so far; the next terms must have a higher one.
    pub last_id: TermsId,
    /// Terms not yet ended or pruned.
    pub terms: Vec<Terms<AccountId>>,
}

/// A person's consent that an institution writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct WriteConsent {
    /// Into these blocks.
    pub blocks: BusinessBlockSet,
    /// Until then.
    pub until: Instant,
}

/// A person's published scope key for a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct ScopeKey {
    /// Its generation.
    pub epoch: KeyEpoch,
    /// The key.
    pub key: EncryptionKey,
}

/// The last anchor of a region's access log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct LogAnchor {
    /// Lines in the log.
    pub size: u64,
    /// Root of its RFC 6962 tree.
    pub root: Hash32,
    /// When it was anchored.
    pub at: Instant,
}

/// New hashes of the bundles whose secrets were sealed again after a rotation.
pub type Resealed = Vec<(Grantee<AccountId>, TermsId, Hash32)>;

/// A voted upgrade in its time lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct PendingUpgrade {
    /// When the council voted.
    pub proposed_at: Height,
    /// First block at which it can be enacted.
    pub enact_from: Height,
    /// First block at which it no longer can.
    pub expires_at: Height,
}

/// An account's coin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Balance {
    /// What it can spend, holds aside.
    pub free: Amount,
    /// What is on hold.
    pub reserved: Amount,
    /// What of the free part may not go down by transfer.
    pub frozen: Amount,
    /// Flags of the balances pallet.
    #[serde(skip)]
    pub flags: u128,
}

/// An account as `System.Account` keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct AccountInfo {
    /// Transactions sent.
    pub nonce: u32,
    /// References that need the account.
    pub consumers: u32,
    /// References that pay for its existence.
    pub providers: u32,
    /// References that let it exist by themselves (registrations).
    pub sufficients: u32,
    /// Its coin.
    pub data: Balance,
}

/// Weight of a call: execution time in picoseconds and size of the storage proof in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Weight {
    /// Picoseconds.
    #[codec(compact)]
    pub ref_time: u64,
    /// Bytes.
    #[codec(compact)]
    pub proof_size: u64,
}

/// Votes on a motion of the council.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Votes {
    /// The motion's number.
    pub index: u32,
    /// Ayes it needs.
    pub threshold: u32,
    /// Members for it.
    pub ayes: Vec<AccountId>,
    /// Members against it.
    pub nays: Vec<AccountId>,
    /// Last block for votes.
    pub end: Height,
}

/// What `TransactionPaymentCallApi::query_call_info` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DispatchInfo {
    /// The call's weight.
    pub weight: Weight,
    /// Its class: 0 normal, 1 operational, 2 mandatory.
    pub class: u8,
    /// The fee without tip.
    pub fee: Amount,
}

/// An address that is an account, as the runtime's lookup takes it.
pub(crate) fn address(account: &AccountId) -> (u8, AccountId) {
    (0, *account)
}

/// A number in SCALE's compact form.
pub(crate) fn compact<T>(value: T) -> Compact<T> {
    Compact(value)
}
