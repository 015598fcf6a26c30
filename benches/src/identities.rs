//! People enrolled by their documents, and every byte left behind searched for them.

use std::{collections::BTreeSet, sync::Arc, time::Instant};

use anyhow::{Context as _, ensure};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use kanglian_e2e::Consortium;
use kanglian_primitives::PersonId;
use kanglian_sdk::{
    chain::Client,
    envelope::seal_bytes,
    registrar::{
        RegistrarSet, Registrars,
        wire::{Evaluator, Outcome},
    },
    vault::{VaultClient, VaultTarget},
};
use rand::RngExt as _;
use sp_crypto_hashing::{blake2_128, blake2_256, keccak_256, sha2_256, twox_128, twox_256};

use crate::{
    reads::Signer,
    report::{Report, Row, progress},
    scan::Needles,
    stats::percentile,
    world::{Institution, JIANGSU, Person, World},
};

/// People that one institution enrols: less than a registrar evaluates for it in an hour.
const EACH: usize = 100;
/// Enrolments under way at a time.
const UNDER_WAY: usize = 8;
/// Places to which a number may belong, by GB/T 2260.
const DIVISIONS: [&str; 6] = ["320102", "320505", "330106", "310104", "440106", "320211"];
/// Family names and characters of given names.
const FAMILY: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑";
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂";

/// Enrolment of people by document, and what is left of document numbers and names.
///
/// Each person has a number by GB 11643-1999 and a name. The number goes to four registrars of which
/// three have to answer; with the id the person is attested, the outcome is filed, and one sealed
/// record that holds number and name is uploaded and shared. Then every file of four nodes, four
/// vaults and four registrars, databases and logs, is searched for numbers and names, and for their
/// hashes, plain and under salts that everybody knows (genesis, institution, person id, the
/// project's name; before and after), as bytes and as hexadecimal digits. As a check of the search
/// itself the ids are searched for too: all of them have to be found.
///
/// The time of an evaluation is what the hospital's client waits for: blinding, three answers, their
/// proofs verified, unblinding.
#[derive(clap::Args)]
pub struct Options {
    /// People.
    #[arg(long, default_value_t = 1_000)]
    people: usize,
}

/// Somebody with a document.
struct Named {
    name: String,
    number: String,
}

/// What a string is that is searched for.
#[derive(Clone, Debug)]
enum What {
    /// An id, which has to be found.
    Id(PersonId),
    /// Anything that must not be: in words.
    Personal(String),
}

/// Runs the count.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    ensure!(options.people > 0, "--people is at least 1");
    progress("starting four nodes, four vaults and four registrars");
    let mut consortium = Consortium::start_with_vaults().await;
    consortium.start_registrars().await;
    let world = World::of_consortium(Client::connect(&consortium.node_url(0)).await?).await?;
    let set: RegistrarSet = serde_json::from_slice(&std::fs::read(consortium.registrar_set())?)
        .context("the registrar set")?;
    let named = named(options.people);
    let mut institutions = Vec::new();
    let mut missing = options.people.div_ceil(EACH);
    while missing > 0 {
        let some = missing.min(64);
        institutions.extend(world.admit(some).await?);
        missing -= some;
    }

    let enrolled = Enrolment { world: &world, set: &set, vault_url: consortium.vault_url(0) };
    let (mut ids, mut millis) = (Vec::new(), Vec::new());
    for (institution, some) in institutions.iter().zip(named.chunks(EACH)) {
        for (id, waited) in enrolled.run(institution, some).await? {
            ids.push(id);
            millis.push(waited);
        }
        progress(format_args!("{} of {} people enrolled", ids.len(), named.len()));
    }
    let distinct: BTreeSet<_> = ids.iter().collect();
    ensure!(distinct.len() == named.len(), "two people have one id");

    progress("searching every file");
    let needles = needles(&world, &institutions, &named, &ids);
    let scan = needles.scan(consortium.folder())?;
    let mut found_ids = BTreeSet::new();
    let mut personal = Vec::new();
    for found in scan.found {
        match found.what {
            What::Id(id) => drop(found_ids.insert(id)),
            What::Personal(what) => personal.push(format!("{what} in {}", found.file.display())),
        }
    }
    let mut report = Report::new("identities");
    let count = |what, count: usize| Row::new(what, count as f64, "");
    report.row(count("people enrolled", ids.len()));
    report.row(Row::new("evaluation, p50", percentile(&millis, 50.0), "ms"));
    report.row(Row::new("evaluation, p99", percentile(&millis, 99.0), "ms"));
    report.row(count("strings searched for", needles.len()));
    report.row(count("files searched", scan.files));
    report.row(Row::new("searched", scan.bytes as f64 / 1e6, "MB"));
    report.row(count("ids found (the search works)", found_ids.len()).at_least(ids.len() as f64));
    report.row(count("numbers, names and hashes found", personal.len()).at_most(0.0));
    for line in personal.into_iter().take(10) {
        report.note(line);
    }
    Ok(report)
}

/// People with different numbers.
fn named(count: usize) -> Vec<Named> {
    let mut rng = rand::rng();
    let mut pick = |from: &str| {
        let all: Vec<_> = from.chars().collect();
        all[rng.random_range(0..all.len())]
    };
    (0..count)
        .map(|index| {
            let name = [pick(FAMILY), pick(GIVEN), pick(GIVEN)].iter().collect();
            Named { name, number: number(index) }
        })
        .collect()
}

/// A valid number (GB 11643-1999): division, day of birth, sequence, check character.
fn number(index: usize) -> String {
    let division = DIVISIONS[index % DIVISIONS.len()];
    let (year, month, day) = (1940 + index % 80, 1 + index % 12, 1 + index % 28);
    let digits = format!("{division}{year}{month:02}{day:02}{:03}", index / 80 % 1000);
    let check = check_character(&digits);
    format!("{digits}{check}")
}

/// ISO 7064 MOD 11-2.
fn check_character(digits: &str) -> char {
    let sum = digits.bytes().fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    match (12 - sum) % 11 {
        10 => 'X',
        check => char::from_digit(check, 10).unwrap_or('X'),
    }
}

/// What enrolment needs.
struct Enrolment<'a> {
    world: &'a World,
    set: &'a RegistrarSet,
    vault_url: String,
}

impl Enrolment<'_> {
    /// Enrols some people at an institution; gives their ids and how long each evaluation took, in
    /// milliseconds.
    async fn run(
        &self,
        institution: &Institution,
        people: &[Named],
    ) -> anyhow::Result<Vec<(PersonId, f64)>> {
        let genesis = self.world.chain.genesis_hash();
        let signer = Arc::new(Signer(institution.account.clone()));
        let registrars = Registrars::new(self.set.clone(), genesis, signer.clone())?;
        let target = VaultTarget {
            region: JIANGSU,
            key: self.world.vault_key(),
            url: url::Url::parse(&self.vault_url)?,
            genesis,
        };
        let vault = VaultClient::new(target, signer)?;
        vault.login().await?;
        stream::iter(people)
            .map(|one| self.enrol(institution, &registrars, &vault, one))
            .buffered(UNDER_WAY)
            .try_collect()
            .await
    }

    async fn enrol(
        &self,
        institution: &Institution,
        registrars: &Registrars,
        vault: &VaultClient,
        named: &Named,
    ) -> anyhow::Result<(PersonId, f64)> {
        let began = Instant::now();
        let document = format!("01:{}", named.number);
        let evaluator = Evaluator::Institution(institution.id);
        let evaluated = registrars.person(evaluator, &document).await?;
        let millis = began.elapsed().as_secs_f64() * 1e3;
        let person = self.world.attest(institution, evaluated.person).await?;
        self.share(institution, vault, &person, named).await?;
        for line in &evaluated.opened {
            let outcome = Outcome::Attested(person.id);
            registrars.file(&line.registrar, line.evaluation, outcome).await?;
        }
        Ok((person.id, millis))
    }

    /// One record that holds number and name, sealed.
    async fn share(
        &self,
        institution: &Institution,
        vault: &VaultClient,
        person: &Person,
        named: &Named,
    ) -> anyhow::Result<()> {
        let resource = serde_json::json!({
            "resourceType": "Patient",
            "identifier": [{ "system": "urn:oid:2.16.156.10011.1.3", "value": named.number }],
            "name": [{ "text": named.name }],
        });
        let (bytes, sealed) = seal_bytes(&serde_json::to_vec(&resource)?).await?;
        let claim = self.world.claim(institution, person, sealed.record, sealed.size);
        let upload = self.world.upload(person, claim, &sealed.key)?;
        let uploaded = vault.upload_bytes(&upload, bytes).await.context("uploading the record")?;
        let share = self.world.share_with(&claim, uploaded.receipts);
        self.world.publish(institution, &share).await.context("sharing the record")?;
        Ok(())
    }
}

/// Everything that is searched for.
fn needles(
    world: &World,
    institutions: &[Institution],
    named: &[Named],
    ids: &[PersonId],
) -> Needles<What> {
    let mut needles = Needles::new();
    for ((index, one), id) in named.iter().enumerate().zip(ids) {
        needles.add(id.0.to_vec(), What::Id(*id));
        let institution = institutions[index / EACH].id.to_string();
        let salts: [&[u8]; 4] =
            [&world.chain.genesis_hash(), institution.as_bytes(), &id.0, b"kanglian"];
        let document = format!("01:{}", one.number);
        for (what, value) in [("number", &one.number), ("document", &document), ("name", &one.name)]
        {
            add(&mut needles, what, value.as_bytes().to_vec());
            let utf16 = value.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
            if utf16.len() >= 8 {
                add(&mut needles, &format!("{what} in UTF-16"), utf16);
            }
            add_hashes(&mut needles, &format!("hash of the {what}"), value.as_bytes());
            for salt in salts {
                let salted = format!("salted hash of the {what}");
                add_hashes(&mut needles, &salted, &[salt, value.as_bytes()].concat());
                add_hashes(&mut needles, &salted, &[value.as_bytes(), salt].concat());
            }
        }
    }
    needles
}

fn add(needles: &mut Needles<What>, what: &str, bytes: Vec<u8>) {
    needles.add(bytes, What::Personal(what.to_owned()));
}

/// The hashes that somebody may have taken, as bytes and as digits.
fn add_hashes(needles: &mut Needles<What>, what: &str, bytes: &[u8]) {
    let hashes: [Vec<u8>; 7] = [
        sha2_256(bytes).to_vec(),
        blake2_256(bytes).to_vec(),
        blake2_128(bytes).to_vec(),
        keccak_256(bytes).to_vec(),
        twox_128(bytes).to_vec(),
        twox_256(bytes).to_vec(),
        blake3::hash(bytes).as_bytes().to_vec(),
    ];
    for hash in hashes {
        add(needles, what, hex::encode(&hash).into_bytes());
        add(needles, what, hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_valid_and_differ() {
        // The example of GB 11643-1999.
        assert_eq!(check_character("11010519491231002"), 'X');
        assert_eq!(check_character("44052418800101001"), '4');
        let all: BTreeSet<_> = named(3_000).into_iter().map(|one| one.number).collect();
        assert_eq!(all.len(), 3_000);
    }
}
