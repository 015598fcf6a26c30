//! Signed payloads: SCALE tuples that begin with a domain string and the genesis hash, so that no
//! signature counts for another purpose or on another chain.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::{
    Author, Basis, BusinessBlockId, BusinessBlockSet, CaseRef, CodeKey, DealtScope, EncryptionKey,
    Grantee, GuardianBasis, Hash32, Height, Instant, InstitutionId, KeyEpoch, PersonId, Purpose,
    RecordId, RegionCode, WorkId,
};

/// Domain of storage receipts.
pub const RECEIPT: &str = "kanglian/receipt/v1";
/// Domain of storage receipts for public works: none of them counts for a sealed record.
pub const WORK: &str = "kanglian/work/v1";
/// Domain of what a person signs at enrolment.
pub const ATTEST: &str = "kanglian/attest/v1";
/// Domain of what a person signs at enrolment under a later generation of registrars than the first.
pub const ATTEST_LATER: &str = "kanglian/attest/v2";
/// Domain of what both accounts of one person sign to link two ids.
pub const LINK: &str = "kanglian/link/v1";
/// Domain of what a person signs to have the id of a new generation of registrars.
pub const MIGRATE: &str = "kanglian/migrate/v1";
/// Domain of the proof that a new controller account agrees to take over.
pub const ROTATE: &str = "kanglian/rotate/v1";
/// Domain of the proof that new keys agree to a recovery.
pub const RECOVERY: &str = "kanglian/recovery/v1";
/// Domain of a reader's access statement.
pub const ACCESS: &str = "kanglian/access/v1";
/// Domain of a vault's receipt for a line in its access log.
pub const LOG: &str = "kanglian/log/v1";
/// Domain of what an authorisation code signs when it is redeemed.
pub const CODE: &str = "kanglian/code/v1";
/// Domain of what a guardian signs, and the ward's own key.
pub const GUARDIAN: &str = "kanglian/guardian/v1";
/// Domain of the proof that a ward's new keys take over from a guardian.
pub const TAKE_OVER: &str = "kanglian/take-over/v1";
/// Domain of requests between vaults.
pub const PEER: &str = "kanglian/peer/v1";

/// HPKE info strings (RFC 9180, section 5.1).
pub mod hpke_info {
    /// A record's data key.
    pub const RECORD: &[u8] = b"kanglian/hpke/v1/record";
    /// A scope secret given with a grant.
    pub const GRANT: &[u8] = b"kanglian/hpke/v1/grant";
    /// A scope secret sealed to an authorisation code.
    pub const CODE: &[u8] = b"kanglian/hpke/v1/code";
    /// What a person says is wrong with a record.
    pub const CORRECTION: &[u8] = b"kanglian/hpke/v1/correction";
    /// A share of a person's secret.
    pub const SHARE: &[u8] = b"kanglian/hpke/v1/share";
}

/// HKDF info prefix of scope secrets.
pub const SCOPE_INFO: &[u8] = b"kanglian/scope/v1";

/// HKDF info prefix of the key under which a dealing's payload is sealed.
pub const CUSTODY_INFO: &[u8] = b"kanglian/custody/v1";

/// First words of the text that is signed to sign in.
pub const LOGIN_PREFIX: &str = "kanglian-login:v1";

/// What a storage receipt says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ReceiptBody {
    /// The storing region.
    pub region: RegionCode,
    /// BLAKE3 of the sealed bytes.
    pub record: RecordId,
    /// Sealed bytes.
    pub size: u64,
    /// Whose record it is.
    pub subject: PersonId,
    /// Who made it.
    pub author: Author,
    /// The scope-key epoch it is sealed for.
    pub epoch: KeyEpoch,
    /// First height at which the receipt no longer counts.
    pub expires_at: Height,
}

/// Bytes under a receipt's ed25519 signature.
pub fn receipt(genesis: &Hash32, body: &ReceiptBody) -> Vec<u8> {
    (RECEIPT, genesis, body).encode()
}

/// What a storage receipt for a public work says: that its bytes and its metadata lie open there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WorkReceiptBody {
    /// The storing region.
    pub region: RegionCode,
    /// BLAKE3 of the work's bytes.
    pub work: WorkId,
    /// How many they are.
    pub size: u64,
    /// BLAKE3 of the metadata document.
    pub metadata: Hash32,
    /// Who publishes it.
    pub author: InstitutionId,
    /// First height at which the receipt no longer counts.
    pub expires_at: Height,
}

/// Bytes under the ed25519 signature of a receipt for a public work.
pub fn work_receipt(genesis: &Hash32, body: &WorkReceiptBody) -> Vec<u8> {
    (WORK, genesis, body).encode()
}

/// What a person signs at enrolment: keys, home, and who may write first.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttestationBody<AccountId> {
    /// The person.
    pub person: PersonId,
    /// The account that speaks for the person from now on.
    pub controller: AccountId,
    /// The home region.
    pub home_region: RegionCode,
    /// The person's data key.
    pub data_key: EncryptionKey,
    /// First scope keys (epoch 0), rising by block.
    pub scope_keys: Vec<(BusinessBlockId, EncryptionKey)>,
    /// The attesting institution, which is also the first that may write.
    pub attester: InstitutionId,
    /// Blocks the attesting institution may write into.
    pub write_blocks: BusinessBlockSet,
    /// Until when it may write.
    pub write_until: Instant,
    /// Until when the identity is valid.
    pub valid_until: Instant,
}

/// Bytes under the controller's signature at enrolment.
pub fn attest<AccountId: Encode>(genesis: &Hash32, body: &AttestationBody<AccountId>) -> Vec<u8> {
    (ATTEST, genesis, body).encode()
}

/// Bytes under the controller's signature at enrolment, for an id that the registrars of a generation
/// evaluated. Those of the first generation are [`attest`]'s.
pub fn attest_under<AccountId: Encode>(
    genesis: &Hash32,
    generation: u32,
    body: &AttestationBody<AccountId>,
) -> Vec<u8> {
    match generation {
        0 => attest(genesis, body),
        later => (ATTEST_LATER, genesis, later, body).encode(),
    }
}

/// What the accounts of two ids sign when both are one person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LinkBody {
    /// The id that is to be another name of the other one.
    pub alias: PersonId,
    /// The id that stays.
    pub canonical: PersonId,
    /// The institution that saw both documents.
    pub institution: InstitutionId,
    /// How often a link of the alias was undone before.
    pub round: u32,
}

/// Bytes under both accounts' signatures for a link.
pub fn link(genesis: &Hash32, body: &LinkBody) -> Vec<u8> {
    (LINK, genesis, body).encode()
}

/// What a person signs to be known by the id that a new generation of registrars gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct MigrationBody {
    /// The generation.
    pub generation: u32,
    /// The id under which the person is attested.
    pub old: PersonId,
    /// The id under the new generation.
    pub new: PersonId,
    /// The institution that had both evaluated.
    pub institution: InstitutionId,
    /// How often a migration to the new id was undone before.
    pub round: u32,
}

/// Bytes under the person's signature for a migration.
pub fn migrate(genesis: &Hash32, body: &MigrationBody) -> Vec<u8> {
    (MIGRATE, genesis, body).encode()
}

/// Bytes a new controller account signs to take over a person.
pub fn rotate<AccountId: Encode>(
    genesis: &Hash32,
    person: &PersonId,
    old: &AccountId,
    new: &AccountId,
) -> Vec<u8> {
    (ROTATE, genesis, person, old, new).encode()
}

/// What the account that is to speak for a person after a recovery signs: that it holds its key,
/// which keys it wants, and which institution may open the recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoveryBody<AccountId> {
    /// Whose keys are replaced.
    pub person: PersonId,
    /// Who may open the recovery with this signature.
    pub institution: InstitutionId,
    /// The account that signs and is to speak for the person.
    pub new_controller: AccountId,
    /// The person's data key from then on.
    pub new_data_key: EncryptionKey,
    /// The key that custodians are to seal their shares to.
    pub reseal_key: EncryptionKey,
}

/// Bytes under the new controller's signature when a recovery is opened.
pub fn recovery<AccountId: Encode>(genesis: &Hash32, body: &RecoveryBody<AccountId>) -> Vec<u8> {
    (RECOVERY, genesis, body).encode()
}

/// What a guardian signs when an institution attests the guardianship; the ward's own key signs
/// the same where it confirms it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct GuardianBody {
    /// Whom the guardian is to act for.
    pub ward: PersonId,
    /// The guardian.
    pub guardian: PersonId,
    /// The institution that saw the papers.
    pub institution: InstitutionId,
    /// Why.
    pub basis: GuardianBasis,
    /// First instant at which it no longer counts.
    pub until: Instant,
    /// Whether the guardian's client holds the ward's keys.
    pub holds_keys: bool,
    /// The how manieth guardianship of this ward it is, from 1: no signature counts twice.
    pub number: u32,
}

/// Bytes under the guardian's signature, and under the ward's.
pub fn guardian(genesis: &Hash32, body: &GuardianBody) -> Vec<u8> {
    (GUARDIAN, genesis, body).encode()
}

/// What the account signs that takes a ward's rights over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct TakeOverBody<AccountId> {
    /// The ward.
    pub ward: PersonId,
    /// The account that spoke for the ward, which the guardian held.
    pub old: AccountId,
    /// The account that signs.
    pub new: AccountId,
    /// The person's data key from then on.
    pub data_key: EncryptionKey,
    /// The institution that saw the ward and the document.
    pub institution: InstitutionId,
}

/// Bytes under the new account's signature.
pub fn take_over<AccountId: Encode>(genesis: &Hash32, body: &TakeOverBody<AccountId>) -> Vec<u8> {
    (TAKE_OVER, genesis, body).encode()
}

/// HKDF info of the key under which a dealing's payload is sealed: [`CUSTODY_INFO`], person, scope
/// byte, and the dealing's number in little endian.
pub fn custody_info(person: &PersonId, scope: DealtScope, number: u32) -> Vec<u8> {
    let mut info = CUSTODY_INFO.to_vec();
    (person, scope, number).encode_to(&mut info);
    info
}

/// Associated data of a share sealed to its custodian. `position` is the part's, from 1.
pub fn share_aad(
    genesis: &Hash32,
    person: &PersonId,
    scope: DealtScope,
    number: u32,
    position: u8,
) -> Vec<u8> {
    (genesis, person, scope, number, position).encode()
}

/// Associated data of a share that a custodian sealed again for a case's receiver.
pub fn hand_over_aad(
    genesis: &Hash32,
    person: &PersonId,
    scope: DealtScope,
    number: u32,
    position: u8,
    case: CaseRef,
) -> Vec<u8> {
    (genesis, person, scope, number, position, case).encode()
}

/// What an authorisation code's key signs when somebody redeems it: whoever copies the signature
/// can use it for nobody else, and not for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RedemptionBody<AccountId> {
    /// The code.
    pub code: CodeKey,
    /// Whose records it opens.
    pub person: PersonId,
    /// The account that redeems.
    pub redeemer: AccountId,
    /// As what it acts, and to whom the terms go.
    pub grantee: Grantee<AccountId>,
    /// First instant at which the signature no longer counts.
    pub expires_at: Instant,
}

/// Bytes under a code's ed25519 signature.
pub fn code<AccountId: Encode>(genesis: &Hash32, body: &RedemptionBody<AccountId>) -> Vec<u8> {
    (CODE, genesis, body).encode()
}

/// A reader's signed statement, valid for all reads it names until it ends; it stands in the
/// access log beside each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AccessStatement<AccountId> {
    /// The region whose vault is asked.
    pub region: RegionCode,
    /// The reader's account.
    pub account: AccountId,
    /// As what the reader acts.
    pub acting_as: Grantee<AccountId>,
    /// Whose records.
    pub subject: PersonId,
    /// Why.
    pub purpose: Purpose,
    /// When the statement was made.
    pub issued_at: Instant,
    /// When it ends; at most an hour after `issued_at`.
    pub expires_at: Instant,
}

/// Bytes under a reader's signature.
pub fn access<AccountId: Encode>(
    genesis: &Hash32,
    statement: &AccessStatement<AccountId>,
) -> Vec<u8> {
    (ACCESS, genesis, statement).encode()
}

/// One line of a vault's access log. The leaf of the log's tree is
/// SHA-256(0x00 ‖ SCALE(salt: [u8; 32], entry)) (RFC 6962, section 2.1).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LogEntry<AccountId> {
    /// When the vault decided.
    pub at: Instant,
    /// The reader's statement.
    pub statement: AccessStatement<AccountId>,
    /// Signature scheme of the reader: 0 ed25519, 1 sr25519, 2 ecdsa.
    pub scheme: u8,
    /// The reader's signature over [`access`]. (64 bytes, 65 for ecdsa.)
    pub signature: Vec<u8>,
    /// The record read; none when the file was listed.
    pub record: Option<RecordId>,
    /// On what ground; none when the read was refused.
    pub basis: Option<Basis>,
}

/// What a vault signs for a line in its access log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LogReceiptBody {
    /// The vault's region.
    pub region: RegionCode,
    /// The line's index, from 0.
    pub index: u64,
    /// The line's leaf hash.
    pub leaf: Hash32,
    /// When it was written.
    pub at: Instant,
}

/// Bytes under a vault's ed25519 signature for a log line.
pub fn log(genesis: &Hash32, body: &LogReceiptBody) -> Vec<u8> {
    (LOG, genesis, body).encode()
}

/// What a vault signs when it asks another vault for something.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PeerRequest {
    /// Who asks.
    pub from: RegionCode,
    /// Who is asked.
    pub to: RegionCode,
    /// HTTP method and path with query, such as `PUT /peer/v1/objects/0x…`.
    pub action: Vec<u8>,
    /// BLAKE3 of the metadata the request carries; zero when none.
    pub body: Hash32,
    /// When; a peer refuses what is older than a minute.
    pub at: Instant,
}

/// Bytes under a vault's ed25519 signature for a request to a peer.
pub fn peer(genesis: &Hash32, request: &PeerRequest) -> Vec<u8> {
    (PEER, genesis, request).encode()
}

/// Associated data of an HPKE envelope: whose, which scope, which epoch, and what it belongs to
/// (`RecordId` bytes, `TermsId` in little endian, or nothing).
pub fn envelope_aad(
    genesis: &Hash32,
    person: &PersonId,
    block: BusinessBlockId,
    epoch: KeyEpoch,
    belongs_to: &[u8],
) -> Vec<u8> {
    (genesis, person, block, epoch, belongs_to).encode()
}

/// Text that an account signs, raw or wrapped in `<Bytes>`, to sign in to a vault.
pub fn login_text(
    genesis: &Hash32,
    region: RegionCode,
    host: &str,
    nonce: &str,
    expires_at: Instant,
) -> alloc::string::String {
    alloc::format!("{LOGIN_PREFIX}:0x{}:{region}:{host}:{nonce}:{expires_at}", hex::encode(genesis))
}
