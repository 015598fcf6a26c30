//! Provinces, institutions and people that a measurement needs, made through the chain's own calls.

use anyhow::Context as _;
use futures::future::try_join_all;
use kanglian_primitives::{
    AccessQuery, Author, BusinessBlockSet, EncryptionKey, Grantee, Hash32, Height, Instant,
    InstitutionId, KeyEpoch, PersonId, Purpose, PurposeSet, Receipt, RecordId, RegionCode,
    SchemaId, ShareClaim, Terms, TermsId, blocks,
    payloads::{self, AttestationBody, ReceiptBody},
};
use kanglian_sdk::{
    AccountId,
    chain::{
        At, Call, Client, InBlock, SubmitOptions, Wait, calls,
        types::{Attestation, Profile, Share},
    },
    envelope::{DataKey, WrapContext, wrap},
    keys::{Account, EncryptionSecret, PersonSecret, VaultSigner},
    vault::dev_vault_seed,
    wire::Upload,
};
use rand::Rng as _;

/// The home region of everybody here.
pub const JIANGSU: RegionCode = RegionCode(320_000);
/// The second storing region.
const ZHEJIANG: RegionCode = RegionCode(330_000);
/// A day in milliseconds.
const DAY: Instant = 24 * 60 * 60 * 1000;
/// For how many blocks receipts made here count.
const RECEIPT_VALIDITY: Height = 1_800;

/// A permitted institution.
pub struct Institution {
    /// Its code.
    pub id: InstitutionId,
    /// The account that speaks for it; it holds no coin and calls within its quota.
    pub account: Account,
}

impl Institution {
    /// The institution as one who reads.
    pub fn grantee(&self) -> Grantee<AccountId> {
        Grantee::Institution(self.id)
    }
}

/// A person who lets one institution write.
pub struct Person {
    /// The id on chain.
    pub id: PersonId,
    /// The account that speaks for the person.
    pub account: Account,
    scope_key: EncryptionKey,
}

/// A chain with the keys of its council and of two vaults.
pub struct World {
    /// The chain.
    pub chain: Client,
    council: Vec<Account>,
    schema: SchemaId,
    vaults: [(RegionCode, VaultSigner); 2],
}

impl World {
    /// A chain with the development preset, which has one province: a second one is registered,
    /// because a share needs receipts from two.
    pub async fn of_development(chain: Client) -> anyhow::Result<Self> {
        let world = Self::new(chain, &["//Alice"]).await?;
        let call = calls::regions::register(
            ZHEJIANG,
            "浙江 Zhejiang",
            &Account::from_uri("//Zhejiang")?.id(),
            EncryptionSecret::generate().public(),
            world.vaults[1].1.public(),
            "http://127.0.0.1:8601",
        );
        world.pass(&call).await.context("registering a second province")?;
        Ok(world)
    }

    /// A chain with the local preset.
    pub async fn of_consortium(chain: Client) -> anyhow::Result<Self> {
        let seats = ["//Jiangsu", "//Zhejiang", "//Shanghai", "//Guangdong", "//Regulator"];
        Self::new(chain, &seats).await
    }

    async fn new(chain: Client, council: &[&str]) -> anyhow::Result<Self> {
        let council =
            council.iter().map(|uri| Account::from_uri(uri)).collect::<Result<Vec<_>, _>>()?;
        let schemas = chain.schemas(At::Best).await?;
        let schema = schemas
            .iter()
            .find(|(_, schema)| schema.block == blocks::MEDICAL && !schema.retired)
            .map(|(id, _)| *id)
            .context("the chain has no medical schema")?;
        let vault = |region, phrase| (region, VaultSigner::from_seed(&dev_vault_seed(phrase)));
        let vaults = [vault(JIANGSU, "//Jiangsu-Vault"), vault(ZHEJIANG, "//Zhejiang-Vault")];
        Ok(Self { chain, council, schema, vaults })
    }

    /// The key of Jiangsu's vault.
    pub fn vault_key(&self) -> kanglian_primitives::VaultKey {
        self.vaults[0].1.public()
    }

    /// Jiangsu's pan-centre, which has coin.
    pub fn pan_centre(&self) -> &Account {
        &self.council[0]
    }

    /// Has the council carry out a call, with two thirds of its seats.
    pub async fn pass(&self, call: &Call) -> anyhow::Result<()> {
        let seats = self.chain.council(At::Best).await?.len();
        let threshold = (2 * seats).div_ceil(3);
        let first = self.pan_centre();
        let motion = calls::council::propose(u32::try_from(threshold)?, call.clone());
        let included = self.chain.submit(&motion, first, Wait::BestBlock).await?;
        let Some(proposed) = included.event("Council", "Proposed") else { return Ok(()) };
        let (_, index, hash, _): (AccountId, u32, Hash32, u32) = proposed.decode()?;
        let vote = calls::council::vote(hash, index, true);
        let voters = self.council.iter().take(threshold);
        try_join_all(voters.map(|member| self.chain.submit(&vote, member, Wait::BestBlock)))
            .await?;
        let motion = self.chain.motion(&hash, At::Best).await?.context("the motion is gone")?;
        let close = self.chain.close_motion(&motion).await?;
        // Vaults and registrars take only what is final.
        let closed = self.chain.submit(&close, first, Wait::Finalized).await?;
        closed.event("Council", "Executed").context("the motion was not carried out")?;
        Ok(())
    }

    /// Nominates and permits new institutions in Jiangsu, at most 64.
    pub async fn admit(&self, count: usize) -> anyhow::Result<Vec<Institution>> {
        let institutions: Vec<_> = (0..count)
            .map(|_| {
                let account = Account::generate();
                let mut digits = [0u8; 4];
                rand::rng().fill_bytes(&mut digits);
                let organisation = u32::from_le_bytes(digits) % 100_000_000;
                Institution { id: InstitutionId::from_parts(320_102, organisation), account }
            })
            .collect();
        let profiles: Vec<_> = institutions
            .iter()
            .map(|institution| Profile {
                id: institution.id,
                kind: "A1".into(),
                name: "Measured hospital".into(),
                controller: institution.account.id(),
                encryption_key: EncryptionSecret::generate().public(),
                blocks: BusinessBlockSet::of(blocks::MEDICAL),
                valid_until: kanglian_sdk::now() + 365 * DAY,
            })
            .collect();
        let nominate = calls::institutions::nominate_batch(&profiles);
        self.chain.submit(&nominate, self.pan_centre(), Wait::BestBlock).await?;
        let ids: Vec<_> = institutions.iter().map(|institution| institution.id).collect();
        self.pass(&calls::institutions::permit(&ids)).await.context("permitting institutions")?;
        Ok(institutions)
    }

    /// Attests new people who let the attesting institution write medical records.
    pub async fn enrol(
        &self,
        institution: &Institution,
        count: usize,
    ) -> anyhow::Result<Vec<Person>> {
        let attested = (0..count).map(|_| {
            let mut id = [0u8; 32];
            rand::rng().fill_bytes(&mut id);
            self.attest(institution, PersonId(id))
        });
        try_join_all(attested).await.context("attesting people")
    }

    /// Attests one person under an id.
    pub async fn attest(&self, institution: &Institution, id: PersonId) -> anyhow::Result<Person> {
        let genesis = self.chain.genesis_hash();
        let until = kanglian_sdk::now() + 30 * DAY;
        let secret = PersonSecret::generate();
        let account = Account::generate();
        let scope_key = secret.scope_secret(&genesis, &id, blocks::MEDICAL, KeyEpoch(0)).public();
        let body = AttestationBody {
            person: id,
            controller: account.id(),
            home_region: JIANGSU,
            data_key: secret.data_secret(&genesis, &id).public(),
            scope_keys: vec![(blocks::MEDICAL, scope_key)],
            attester: institution.id,
            write_blocks: BusinessBlockSet::of(blocks::MEDICAL),
            write_until: until,
            valid_until: until,
        };
        let signature = account.multi_signature(&payloads::attest(&genesis, &body));
        let attestation = Attestation {
            controller: body.controller,
            data_key: body.data_key,
            scope_keys: body.scope_keys,
            write_blocks: body.write_blocks,
            write_until: body.write_until,
            valid_until: body.valid_until,
        };
        let call = calls::real_name::attest(id, &attestation, &signature);
        self.chain.submit(&call, &institution.account, Wait::Finalized).await?;
        Ok(Person { id, account, scope_key })
    }

    /// Lets an institution read a person's medical records for treatment.
    pub async fn grant(&self, person: &Person, reader: &Institution) -> anyhow::Result<()> {
        self.grant_as(person, reader, TermsId(1)).await
    }

    /// The same under an id.
    pub async fn grant_as(
        &self,
        person: &Person,
        reader: &Institution,
        id: TermsId,
    ) -> anyhow::Result<()> {
        let now = kanglian_sdk::now();
        let terms = Terms {
            id,
            blocks: BusinessBlockSet::of(blocks::MEDICAL),
            purposes: PurposeSet::of(Purpose::Treatment),
            from: now.saturating_sub(DAY),
            until: now + 7 * DAY,
            records_from: 0,
            records_until: now + 7 * DAY,
            may_delegate: 0,
            parent: None,
            bundle: [7; 32],
        };
        let call = calls::consents::grant(&reader.grantee(), &terms);
        self.chain.submit(&call, &person.account, Wait::Finalized).await?;
        Ok(())
    }

    /// The question a vault asks the chain when an institution reads for treatment.
    pub fn question(&self, reader: &Institution, subject: PersonId) -> AccessQuery<AccountId> {
        AccessQuery {
            account: reader.account.id(),
            acting_as: reader.grantee(),
            subject,
            purpose: Purpose::Treatment,
        }
    }

    /// What an institution claims of a record about a person.
    pub fn claim(
        &self,
        author: &Institution,
        person: &Person,
        record: RecordId,
        size: u64,
    ) -> ShareClaim {
        ShareClaim {
            record,
            size,
            subject: person.id,
            author: Author::Institution(author.id),
            block: blocks::MEDICAL,
            epoch: KeyEpoch(0),
        }
    }

    /// What goes with the bytes to a vault: the claim, and the data key wrapped to the person.
    pub fn upload(
        &self,
        person: &Person,
        claim: ShareClaim,
        key: &DataKey,
    ) -> anyhow::Result<Upload> {
        let context = WrapContext {
            genesis: self.chain.genesis_hash(),
            subject: claim.subject,
            block: claim.block,
            epoch: claim.epoch,
            record: claim.record,
        };
        let wraps = vec![wrap(key, &person.scope_key, context.scope(), &context)?];
        Ok(Upload { claim, wraps })
    }

    /// What a share states, with given receipts.
    pub fn share_with(&self, claim: &ShareClaim, receipts: Vec<Receipt>) -> Share {
        Share {
            subject: claim.subject,
            block: claim.block,
            schema: self.schema,
            record: claim.record,
            size: claim.size,
            epoch: claim.epoch,
            receipts,
        }
    }

    /// What a share states, with receipts of two vaults that are signed here with the well-known
    /// keys of local networks, at a given height.
    pub fn share(&self, claim: &ShareClaim, height: Height) -> Share {
        let expires_at = height + RECEIPT_VALIDITY;
        let receipts = self.vaults.iter().map(|(region, vault)| {
            let body = ReceiptBody {
                region: *region,
                record: claim.record,
                size: claim.size,
                subject: claim.subject,
                author: claim.author,
                epoch: claim.epoch,
                expires_at,
            };
            let message = payloads::receipt(&self.chain.genesis_hash(), &body);
            Receipt { region: *region, expires_at, signature: vault.sign(&message) }
        });
        self.share_with(claim, receipts.collect())
    }

    /// Sends a share and waits until it is final.
    pub async fn publish(&self, author: &Institution, share: &Share) -> anyhow::Result<InBlock> {
        let call = calls::records::share(share);
        let options = SubmitOptions::from(Wait::Finalized);
        Ok(self.chain.submit(&call, &author.account, options).await?)
    }
}
