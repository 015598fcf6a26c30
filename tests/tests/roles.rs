//! Every role at the command line, on real nodes and vaults: from a hospital's nomination to a
//! doctor who reads in another province, and what stays readable when processes are killed.

use std::time::Duration;

use kanglian_e2e::{Answer, Cli, Consortium, eventually, people};
use serde_json::Value;

/// Exit codes of `kanglian`.
const USAGE: i32 = 2;
const REFUSED: i32 = 3;
const UNREACHABLE: i32 = 4;
const VERIFICATION: i32 = 5;

/// The consortium's provinces, by their place in it.
const JIANGSU: usize = 0;
const ZHEJIANG: usize = 1;
const GUANGDONG: usize = 3;

/// The patient's home province, where the hospital is.
const HOME: &str = "320000";
/// Where the doctor works.
const ABROAD: &str = "330000";
/// The other provinces.
const OTHERS: [&str; 3] = [ABROAD, "310000", "440000"];

const HOSPITAL: &str = people::HOSPITAL.id;
const CLINIC: &str = people::CLINIC.id;
/// The example of GB 11643: nobody's number.
const DOCUMENT: &str = "11010519491231002X";

/// What the hospital shares: file names and contents.
const RESOURCES: [(&str, &str); 3] = [
    ("Condition.json", r#"{"resourceType":"Condition","id":"e2e","note":[{"text":"高血压"}]}"#),
    ("Encounter.json", r#"{"resourceType":"Encounter","id":"e2e","status":"finished"}"#),
    ("Observation.json", r#"{"resourceType":"Observation","id":"e2e","status":"final"}"#),
];

/// A record that was shared.
struct Record {
    id: String,
    content: &'static [u8],
    stored_in: Vec<String>,
}

/// The consortium, everybody at it, and what they know of one another.
struct Cast {
    consortium: Consortium,
    centres: Cli,
    hospital: Cli,
    clinic: Cli,
    doctor: Cli,
    patient: Cli,
    person: String,
    doctor_as: String,
    records: Vec<Record>,
    fetched: usize,
}

#[tokio::test]
async fn a_record_goes_from_a_hospital_to_a_consented_doctor_by_command_line() {
    let mut consortium = Consortium::start_with_vaults().await;
    consortium.start_registrars().await;
    let user = |who: &str| Cli::new(&consortium, who);
    let mut cast = Cast {
        centres: user("centres"),
        hospital: user("hospital"),
        clinic: user("clinic"),
        doctor: user("doctor"),
        patient: user("patient"),
        person: String::new(),
        doctor_as: String::new(),
        records: Vec::new(),
        fetched: 0,
        consortium,
    };
    cast.admit_institutions().await;
    cast.enrol_patient().await;
    cast.enrol_nobody_twice().await;
    cast.share_records().await;
    cast.read_by_consent_until_revoked().await;
    cast.read_on_when_the_home_vault_is_killed().await;
    cast.refuse_reads_on_an_old_state().await;
    cast.serve_again_after_the_home_vault_restarts().await;
}

impl Cast {
    /// Accounts and keys; nominated by their pan-centres, permitted by the council; the doctor.
    async fn admit_institutions(&mut self) {
        for (institution, own) in
            [(people::HOSPITAL, &self.hospital), (people::CLINIC, &self.clinic)]
        {
            let nominated = institution.nominate(&self.centres, own);
            self.consortium.wait_seen(&nominated).await;
            assert_eq!(own.run(&["institution", "show"]).text("status"), "nominated");
        }
        let institutions = [people::HOSPITAL, people::CLINIC];
        people::permit(&self.consortium, &self.centres, &institutions).await;
        let shown = self.hospital.run(&["institution", "show"]).json();
        assert_eq!(shown["status"], "permitted");
        assert_eq!(shown["region"], HOME);

        let (doctor, added) = people::register_doctor(&self.clinic, &self.doctor);
        self.consortium.wait_seen(&added).await;
        self.doctor_as = format!("practitioner:{doctor}@{CLINIC}");
    }

    /// The registrars' id, the patient's keys and request, the hospital's attestation.
    async fn enrol_patient(&mut self) {
        let known = self.evaluate(&self.hospital);
        self.person = known.text("person");
        assert_eq!(known.json()["enrolled"], false);
        let printed = format!("{}{}", known.json(), known.errors());
        assert!(!printed.contains(DOCUMENT), "a document number is never printed whole");
        let wrong = ["institution", "person-id"];
        self.hospital.run_with_input(&wrong, "11010519491231002x\n").ends_with(USAGE);

        self.patient.run(&["patient", "init"]).ends_with(0);
        let request = self.patient.file("enrolment.json");
        let made = self.patient.run(&[
            "patient",
            "request",
            "--person",
            &self.person,
            "--institution",
            HOSPITAL,
            "--out",
            &request,
        ]);
        assert_eq!(made.text("home_region"), HOME);
        // Nothing can be shared about somebody who is not enrolled.
        self.share(&request).ends_with(REFUSED);
        // Another institution cannot enrol with a request that names this one.
        self.clinic.run(&["institution", "enrol", &request]).ends_with(REFUSED);

        let enrolled = self.hospital.run(&["institution", "enrol", &request]).json();
        assert_eq!(enrolled["enrolled"], self.person.as_str());
        assert_eq!(enrolled["evaluation"], "filed with 3 registrars", "{enrolled}");
        self.consortium.wait_seen(&enrolled).await;
        let shown = self.patient.run(&["patient", "show"]).json();
        assert_eq!(shown["status"], "active");
        assert_eq!(shown["balance"], "0 HMC");
    }

    /// An institution evaluates the patient's document.
    fn evaluate(&self, institution: &Cli) -> Answer {
        institution.run_with_input(&["institution", "person-id"], &format!("{DOCUMENT}\n"))
    }

    /// The same person at another hospital: the same id, no second enrolment, and how to go on.
    /// The registrars hold with one gone, and say so with two. The regulator finds what is invented.
    async fn enrol_nobody_twice(&mut self) {
        let known = self.evaluate(&self.clinic).json();
        assert_eq!(known["person"], self.person.as_str());
        assert_eq!(known["enrolled"], true);
        let next = known["next"].as_str().expect("it says how to go on");
        assert!(next.contains("recovery") && next.contains("link"), "{next}");
        let again = self.patient.file("again.json");
        let made = ["patient", "request", "--person", &self.person, "--institution", CLINIC];
        self.patient.run(&[&made[..], &["--out", &again]].concat()).ends_with(0);
        let refused = self.clinic.run(&["institution", "enrol", &again]);
        refused.ends_with(REFUSED);
        assert!(refused.errors().contains("nobody is enrolled twice"), "{}", refused.errors());

        let regulator = ["regulator", "--account", "//Regulator"];
        let audit = [&regulator[..], &["registrars"]].concat();
        let balances = self.centres.run(&audit).json();
        let own = rows(&balances).iter().find(|row| row["institution"] == HOSPITAL);
        let own = own.unwrap_or_else(|| panic!("{balances}"));
        assert_eq!(
            (&own["attestations"], &own["covered"], &own["excess"]),
            (&1.into(), &1.into(), &0.into())
        );
        let sample = [&regulator[..], &["sample", HOSPITAL, "--order", "2027-1"]].concat();
        let right = self.centres.run_with_input(&sample, &format!("01 {DOCUMENT}\n"));
        assert_eq!(rows(&right.json())[0]["holds"], true);
        let wrong = self.centres.run_with_input(&sample, "01 440524188001010014\n");
        wrong.ends_with(VERIFICATION);
        self.centres.run_with_input(&sample, "-\n").ends_with(VERIFICATION);

        self.consortium.kill_registrar(GUANGDONG);
        assert_eq!(self.evaluate(&self.hospital).text("person"), self.person);
        self.consortium.kill_registrar(ZHEJIANG);
        let refused = self.evaluate(&self.hospital);
        refused.ends_with(UNREACHABLE);
        let errors = refused.errors();
        assert!(errors.contains("2 of 4 registrars answered, 3 are needed"), "{errors}");
        assert!(errors.contains("Guangdong") && errors.contains("Zhejiang"), "{errors}");
        for i in [ZHEJIANG, GUANGDONG] {
            self.consortium.start_registrar(i);
            self.consortium.wait_registrar(i).await;
        }
        assert_eq!(self.evaluate(&self.hospital).text("person"), self.person);
        // What was promised before the kill is in the logs still.
        self.centres.run(&audit).ends_with(0);
    }

    fn share(&self, path: &str) -> Answer {
        self.hospital.run(&["institution", "share", "--person", &self.person, path])
    }

    /// A folder of resources: stored in two provinces at least, on chain, and paid.
    async fn share_records(&mut self) {
        let folder = self.hospital.file("resources");
        std::fs::create_dir(&folder).expect("the folder is made");
        for (name, content) in RESOURCES {
            let path = self.hospital.file(&format!("resources/{name}"));
            std::fs::write(path, content).expect("the resource is written");
        }
        let shared = self.share(&folder).json();
        for (row, (name, content)) in rows(&shared).iter().zip(RESOURCES) {
            assert_eq!(row["name"], name);
            assert!(row["paid"].as_u64().is_some_and(|paid| paid > 0), "{row}");
            let stored_in: Vec<_> =
                rows(&row["stored_in"]).iter().map(|region| region.to_string()).collect();
            assert!(stored_in.len() >= 2 && stored_in.iter().any(|at| at == HOME), "{row}");
            let id = row["record"].as_str().expect("a record has an id").to_owned();
            self.records.push(Record { id, content: content.as_bytes(), stored_in });
        }
        assert_eq!(self.records.len(), RESOURCES.len());
        self.consortium.wait_seen(&shared).await;
        let shown = self.patient.run(&["patient", "show"]);
        assert_ne!(shown.text("balance"), "0 HMC", "the subject was paid too");
    }

    /// The doctor's attempt to fetch a record from a province's vault, and the file for it.
    fn fetch(&mut self, record: usize, region: &str) -> (Answer, String) {
        self.fetched += 1;
        let out = self.doctor.file(&format!("fetched-{}.json", self.fetched));
        let answer = self.doctor.run(&[
            "reader",
            "--as",
            &self.doctor_as,
            "--person",
            &self.person,
            "--region",
            region,
            "fetch",
            &self.records[record].id,
            "--out",
            &out,
        ]);
        (answer, out)
    }

    /// The doctor fetches a record and has the very bytes that the hospital shared.
    fn reads(&mut self, record: usize, region: &str) {
        let (answer, out) = self.fetch(record, region);
        assert_eq!(answer.text("vault"), region);
        let read = std::fs::read(out).expect("the record was written");
        assert_eq!(read, self.records[record].content);
    }

    /// The doctor's attempt ends with this code and leaves no file.
    fn fails(&mut self, code: i32, record: usize, region: &str) {
        let (answer, out) = self.fetch(record, region);
        answer.ends_with(code);
        assert!(!std::path::Path::new(&out).exists(), "nothing was written");
    }

    fn list(&self) -> Answer {
        let person = &self.person;
        self.doctor.run(&[
            "reader",
            "--as",
            &self.doctor_as,
            "--person",
            person,
            "--region",
            ABROAD,
            "file",
        ])
    }

    /// The patient lets the doctor read; gives the number of the terms.
    async fn grant(&self) -> u64 {
        let args = ["patient", "grant", &self.doctor_as, "--blocks", "medical", "--until", "+90d"];
        let granted = self.patient.run(&args).json();
        self.consortium.wait_seen(&granted).await;
        granted["terms"].as_u64().expect("terms have a number")
    }

    /// The patient opens an own record at the home vault.
    fn opens(&mut self, record: usize) {
        self.fetched += 1;
        let out = self.patient.file(&format!("own-{}.json", self.fetched));
        let id = &self.records[record].id;
        self.patient.run(&["patient", "open", id, "--out", &out]).ends_with(0);
        assert_eq!(std::fs::read(out).expect("it was written"), self.records[record].content);
    }

    /// The patient's access log in a province, as soon as the chain proves that it has all lines
    /// which it has now.
    async fn proved_log(&self, region: &str) -> Vec<Value> {
        let args = ["patient", "log", "--region", region];
        let now = rows(&self.patient.run(&args).json()).len();
        let what = format!("the chain proves {now} lines of the log in {region}");
        eventually(&what, Duration::from_secs(60), || async {
            let lines = self.patient.run(&args).json();
            let proved = |line: &&Value| line["proved_against_chain"] == true;
            let lines = rows(&lines).to_vec();
            (lines.iter().take_while(proved).count() >= now).then_some(lines)
        })
        .await
    }

    /// Refused, granted, read in another province, in the log, revoked, refused again.
    async fn read_by_consent_until_revoked(&mut self) {
        self.fails(REFUSED, 0, ABROAD);
        self.list().ends_with(REFUSED);

        let terms = self.grant().await;
        assert_eq!(rows(&self.list().json()).len(), RESOURCES.len());
        self.reads(0, ABROAD);

        let log = self.proved_log(ABROAD).await;
        let of_record = |line: &&Value| {
            line["as"] == self.doctor_as.as_str() && line["record"] == self.records[0].id.as_str()
        };
        let outcomes: Vec<_> =
            log.iter().filter(of_record).map(|line| line["allowed_by"].clone()).collect();
        assert_eq!(outcomes.len(), 2, "one attempt was refused, one allowed: {log:?}");
        assert_eq!(outcomes[0], Value::Null);
        assert_eq!(outcomes[1]["terms"], terms);

        let number = terms.to_string();
        let revoked = self.patient.run(&["patient", "revoke", &self.doctor_as, &number]);
        self.consortium.wait_seen(&revoked.json()).await;
        for region in [HOME, ABROAD] {
            self.fails(REFUSED, 0, region);
        }
        self.list().ends_with(REFUSED);
        // Everybody may read the own file.
        self.opens(0);
    }

    /// Without the home vault, the other provinces serve what is stored in one of them only.
    async fn read_on_when_the_home_vault_is_killed(&mut self) {
        self.grant().await;
        self.consortium.kill_vault(JIANGSU);
        // Those without a copy first: they have to get it from the one that has.
        let mut regions = OTHERS.to_vec();
        regions.sort_by_key(|region| self.records[1].stored_in.iter().any(|at| at == region));
        for region in regions {
            self.reads(1, region);
        }
        self.fails(UNREACHABLE, 1, HOME);
    }

    /// A vault whose node is gone answers 503 and nothing else, until the node is back.
    async fn refuse_reads_on_an_old_state(&mut self) {
        self.consortium.kill_node(GUANGDONG);
        let consortium = &self.consortium;
        eventually("the vault says that it is stale", Duration::from_secs(15), || async {
            let (status, _) = consortium.vault_health(GUANGDONG).await?;
            (status == 503).then_some(())
        })
        .await;
        self.fails(UNREACHABLE, 1, "440000");
        let health = self.consortium.vault_health(GUANGDONG).await;
        assert!(health.is_some_and(|(status, _)| status == 503), "it has not changed its mind");
        // The provinces whose nodes live go on; this one has had a copy since it was read there.
        self.reads(1, ABROAD);

        self.consortium.start_node(GUANGDONG);
        let consortium = &self.consortium;
        let height = consortium.rpc(ZHEJIANG).finalised().await.expect("the node answers");
        eventually("the vault is up to date", Duration::from_secs(90), || async {
            let (status, health) = consortium.vault_health(GUANGDONG).await?;
            (status == 200 && health["finalised"].as_u64()? >= height).then_some(())
        })
        .await;
        self.reads(2, "440000");
    }

    /// The home vault comes back from kill -9 with its records and its log.
    async fn serve_again_after_the_home_vault_restarts(&mut self) {
        self.consortium.start_vault(JIANGSU);
        self.consortium.wait_vault(JIANGSU).await;
        for record in 0..RESOURCES.len() {
            self.reads(record, HOME);
            self.opens(record);
        }
        // The last opening before the kill is in the log still, and proved.
        let log = self.proved_log(HOME).await;
        let opened = |line: &Value| {
            line["record"] == self.records[0].id.as_str() && line["allowed_by"] == "subject"
        };
        assert_eq!(log.iter().filter(|line| opened(line)).count(), 2, "{log:?}");
    }
}

/// The rows of a list.
fn rows(json: &Value) -> &[Value] {
    json.as_array().unwrap_or_else(|| panic!("not a list: {json}"))
}
