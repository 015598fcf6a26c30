//! A hospital's systems deliver while chain and vaults are killed; a program reads FHIR at a vault and
//! through a gateway; lists are imported; a person exports the own log of all provinces.

use std::{fs, path::Path, time::Duration};

use kanglian_e2e::{
    Cli, Consortium, Running, eventually,
    people::{self, CLINIC, HOSPITAL},
};
use serde_json::{Value, json};

const USAGE: i32 = 2;
const VERIFICATION: i32 = 5;

const PERSON: &str = "0x6b616e676c69616e2d696e7465726368616e67652d706572736f6e2d6f6e6531";

const DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
  <templateId root="2.16.156.10011.2.1.1.23"/>
  <code code="C0003" codeSystem="2.16.156.10011.2.4"/>
  <recordTarget><patientRole><id root="2.16.156.10011.1.12" extension="HA1"/></patientRole></recordTarget>
</ClinicalDocument>"#;

struct Cast {
    consortium: Consortium,
    centres: Cli,
    hospital: Cli,
    clinic: Cli,
    doctor: Cli,
    patient: Cli,
    doctor_as: String,
}

#[tokio::test]
async fn hospital_systems_deliver_through_every_outage_and_programs_read_fhir() {
    let consortium = Consortium::start_with_vaults().await;
    let user = |who: &str| Cli::new(&consortium, who);
    let mut cast = Cast {
        centres: user("centres"),
        hospital: user("hospital"),
        clinic: user("clinic"),
        doctor: user("doctor"),
        patient: user("patient"),
        doctor_as: String::new(),
        consortium,
    };
    cast.admit_and_enrol().await;
    cast.deliver_through_outages().await;
    cast.read_as_fhir().await;
    cast.look_at_the_own_log().await;
    cast.import_lists().await;
}

fn observation(number: usize) -> String {
    json!({
        "resourceType": "Observation",
        "id": format!("o{number}"),
        "status": "final",
        "subject": { "reference": "Patient/7" },
        "valueQuantity": { "value": number, "unit": "mmHg" },
    })
    .to_string()
}

impl Cast {
    fn folder(&self, name: &str) -> String {
        self.consortium.folder().join(name).to_str().expect("paths are UTF-8").to_owned()
    }

    async fn done(&self, answer: kanglian_e2e::Answer) -> Value {
        let done = answer.json();
        self.consortium.wait_seen(&done).await;
        done
    }

    async fn admit_and_enrol(&mut self) {
        for (institution, own) in [(HOSPITAL, &self.hospital), (CLINIC, &self.clinic)] {
            let nominated = institution.nominate(&self.centres, own);
            self.consortium.wait_seen(&nominated).await;
        }
        people::permit(&self.consortium, &self.centres, &[HOSPITAL, CLINIC]).await;
        let (doctor, added) = people::register_doctor(&self.clinic, &self.doctor);
        self.consortium.wait_seen(&added).await;
        self.doctor_as = format!("practitioner:{doctor}@{}", CLINIC.id);
        // Enrolled by a list; the map of the intake comes out of it.
        let request = people::request(&self.patient, PERSON, HOSPITAL, "+400d");
        let list = self.folder("patients.csv");
        fs::write(&list, format!("request,id\n{request},Patient/7\nmissing.json,Patient/8\n"))
            .unwrap();
        let map = self.folder("map.csv");
        let import = ["institution", "import-patients", &list, "--map", &map];
        let dry = self.hospital.run(&[&import[..], &["--dry-run"]].concat());
        dry.ends_with(USAGE);
        assert!(!Path::new(&map).exists(), "a dry run leaves nothing");
        self.hospital.run(&import).ends_with(USAGE);
        let errors = fs::read_to_string(format!("{list}.errors.csv")).unwrap();
        assert!(errors.contains("3,request,"), "{errors}");
        let mut known = fs::read_to_string(&map).unwrap();
        known.push_str(&format!("2.16.156.10011.1.12|HA1,{PERSON}\n"));
        fs::write(&map, known).unwrap();
    }

    fn intake(&self) -> Running {
        let home = self.consortium.folder().join("home-hospital");
        let passphrase = self.consortium.folder().join("passphrase-hospital");
        let base = self.consortium.port_base().to_string();
        let (spool, map, inbox) =
            (self.folder("spool"), self.folder("map.csv"), self.folder("inbox"));
        let address = self.folder("inbox-address");
        let _old = fs::remove_file(&address);
        let args = [
            "--home",
            home.to_str().unwrap(),
            "--passphrase-file",
            passphrase.to_str().unwrap(),
            "--port-base",
            &base,
            "--json",
            "institution",
            "intake",
            "run",
            "--spool",
            &spool,
            "--map",
            &map,
            "--inbox",
            &inbox,
            "--every",
            "1",
            "--listen",
            "127.0.0.1:0",
            "--address-file",
            &address,
        ];
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        Running::start("kanglian", &args, &self.consortium.folder().join("intake.log"))
    }

    fn status(&self) -> Value {
        self.hospital
            .run(&["institution", "intake", "status", "--spool", &self.folder("spool")])
            .json()
    }

    async fn settled(&self, shared: u64, dead: u64) {
        let what = format!("{shared} shared, {dead} dead");
        eventually(&what, Duration::from_secs(180), || async {
            let status = self.status();
            let settled = status["shared"] == shared
                && status["dead"] == dead
                && status["pending"] == 0
                && status["sealed"] == 0;
            settled.then_some(())
        })
        .await;
    }

    async fn post(&self, kind: &str, body: String, token: &str) -> (u16, Value) {
        let address = fs::read_to_string(self.folder("inbox-address")).unwrap();
        let sent = reqwest::Client::new()
            .post(format!("http://{address}/intake"))
            .header("content-type", kind)
            .bearer_auth(token)
            .body(body);
        let reply = sent.send().await.unwrap();
        (reply.status().as_u16(), serde_json::from_str(&reply.text().await.unwrap()).unwrap())
    }

    fn file_length(&self) -> usize {
        self.patient.run(&["patient", "file"]).json().as_array().unwrap().len()
    }

    async fn deliver_through_outages(&mut self) {
        let mut intake = self.intake();
        let address = self.folder("inbox-address");
        eventually("the inbox", Duration::from_secs(30), || async {
            Path::new(&address).exists().then_some(())
        })
        .await;
        let token = fs::read_to_string(Path::new(&self.folder("spool")).join("token")).unwrap();
        // Deliveries: HTTP and folder, a resource, a Bundle, lines, a document.
        let (status, taken) = self.post("application/fhir+json", observation(0), &token).await;
        assert_eq!((status, taken["new"].as_array().unwrap().len()), (202, 1));
        let (status, again) = self.post("application/fhir+json", observation(0), &token).await;
        assert_eq!((status, again["known"].as_array().unwrap().len()), (202, 1));
        assert_eq!(self.post("application/fhir+json", observation(1), "wrong").await.0, 401);
        assert_eq!(self.post("text/plain", observation(1), &token).await.0, 415);
        assert_eq!(self.post("application/fhir+json", "{}".to_owned(), &token).await.0, 422);
        let inbox = self.folder("inbox");
        fs::write(Path::new(&inbox).join("emergency.xml"), DOCUMENT).unwrap();
        self.settled(2, 1).await;
        assert_eq!(self.file_length(), 2);
        assert!(Path::new(&inbox).join("taken/emergency.xml").exists());

        // The hospital works on while its node and two vaults are away.
        self.consortium.kill_node(0);
        self.consortium.kill_vault(0);
        let lines: Vec<_> = (1..=6).map(observation).collect();
        let (status, taken) = self.post("application/fhir+ndjson", lines.join("\n"), &token).await;
        assert_eq!((status, taken["new"].as_array().unwrap().len()), (202, 6));
        assert_eq!(self.status()["shared"], 2);
        // Killed, at the worst time too: nothing is lost, nothing shared twice.
        intake.kill();
        self.consortium.start_node(0);
        self.consortium.start_vault(0);
        self.consortium.wait_vault(0).await;
        for pause in [400, 900, 1_700, 2_900] {
            intake = self.intake();
            tokio::time::sleep(Duration::from_millis(pause)).await;
            intake.kill();
        }
        intake = self.intake();
        self.settled(8, 1).await;
        assert_eq!(self.file_length(), 8);

        // A dead letter says why, and is tried again when the map knows the patient.
        let other = observation(9).replace("Patient/7", "Patient/9");
        eventually("the inbox", Duration::from_secs(30), || async {
            Path::new(&address).exists().then_some(())
        })
        .await;
        assert_eq!(self.post("application/fhir+json", other, &token).await.0, 202);
        self.settled(8, 2).await;
        let dead = self.status()["open"].as_array().unwrap().clone();
        let dead = dead
            .iter()
            .find(|one| one["reason"].to_string().contains("Patient/9"))
            .unwrap()
            .clone();
        let map = self.folder("map.csv");
        fs::write(&map, format!("{}Patient/9,{PERSON}\n", fs::read_to_string(&map).unwrap()))
            .unwrap();
        let (spool, key) = (self.folder("spool"), dead["item"].as_str().unwrap().to_owned());
        self.hospital
            .run(&["institution", "intake", "retry", "--spool", &spool, &key])
            .ends_with(0);
        self.settled(9, 1).await;
        // Nothing readable is left of what was shared.
        let left = fs::read_dir(Path::new(&spool).join("items")).unwrap().count();
        assert_eq!(left, 1, "the dead letter's content alone");
        assert!(intake.stop(Duration::from_secs(10)), "ends when asked");
    }

    async fn read_as_fhir(&mut self) {
        let url = format!("{}/fhir/metadata", self.consortium.vault_url(1).trim_end_matches('/'));
        let statement = reqwest::get(&url).await.unwrap().text().await.unwrap();
        let statement: Value = serde_json::from_str(&statement).unwrap();
        assert_eq!(statement["resourceType"], "CapabilityStatement");
        let refused =
            reqwest::get(url.replace("metadata", &format!("DocumentReference?patient={PERSON}")))
                .await
                .unwrap();
        assert_eq!(refused.status(), 401);
        let outcome: Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
        assert_eq!(outcome["resourceType"], "OperationOutcome");

        let grant = ["patient", "grant", &self.doctor_as, "--blocks", "medical", "--until", "+30d"];
        self.done(self.patient.run(&grant)).await;
        let exported = self.folder("consents.json");
        self.patient.run(&["patient", "consent", "export", "--out", &exported]).ends_with(0);
        let consents: Value =
            serde_json::from_str(&fs::read_to_string(&exported).unwrap()).unwrap();
        assert_eq!(consents["entry"][0]["resource"]["resourceType"], "Consent");

        // The doctor's own programs, through the gateway.
        let (home, passphrase) = (self.folder("home-doctor"), self.folder("passphrase-doctor"));
        let base = self.consortium.port_base().to_string();
        let (token, address) = (self.folder("gateway-token"), self.folder("gateway-address"));
        let args = [
            "--home",
            &home,
            "--passphrase-file",
            &passphrase,
            "--port-base",
            &base,
            "reader",
            "--as",
            &self.doctor_as,
            "--person",
            PERSON,
            "fhir-gateway",
            "--listen",
            "127.0.0.1:0",
            "--token-file",
            &token,
            "--address-file",
            &address,
        ];
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        let log = self.consortium.folder().join("gateway.log");
        let mut gateway = Running::start("kanglian", &args, &log);
        eventually("the gateway", Duration::from_secs(30), || async {
            Path::new(&address).exists().then_some(())
        })
        .await;
        let at = format!("http://{}/fhir", fs::read_to_string(&address).unwrap());
        let token = fs::read_to_string(&token).unwrap();
        let get = |path: String, token: String| async move {
            let reply = reqwest::Client::new().get(path).bearer_auth(token).send().await.unwrap();
            let status = reply.status().as_u16();
            (status, serde_json::from_str::<Value>(&reply.text().await.unwrap()).unwrap())
        };
        let all = format!("{at}/Observation?patient={PERSON}");
        assert_eq!(get(all.clone(), "wrong".to_owned()).await.0, 401);
        let (status, found) = get(all.clone(), token.clone()).await;
        assert_eq!((status, found["entry"].as_array().unwrap().len()), (200, 8));
        // In the order of the records' hashes; one came by the letter that was mapped later.
        let subjects = found["entry"].as_array().unwrap().iter();
        let mut subjects = subjects.map(|entry| &entry["resource"]["subject"]["reference"]);
        assert!(subjects.any(|subject| subject == "Patient/7"));
        let (_, none) = get(format!("{all}&date=lt2020"), token.clone()).await;
        assert_eq!(none.get("entry"), None);
        let other = format!("{at}/Observation?patient=0x{}", "07".repeat(32));
        assert_eq!(get(other, token.clone()).await.0, 403);
        let (_, everything) =
            get(format!("{at}/Patient/{PERSON}/$everything"), token.clone()).await;
        assert!(everything["entry"].as_array().unwrap().len() >= 17);
        // Revoked: nothing more, at once.
        let terms = self
            .doctor
            .run(&["reader", "--as", &self.doctor_as, "--person", PERSON, "terms"])
            .json();
        let number = terms[0]["terms"].to_string();
        self.done(self.patient.run(&["patient", "revoke", &self.doctor_as, &number])).await;
        assert_eq!(get(all, token).await.0, 403);
        gateway.stop(Duration::from_secs(10));

        let receipts = ["reader", "--as", &self.doctor_as, "receipts"];
        eventually("receipts to be proved", Duration::from_secs(60), || async {
            let kept = self.doctor.run(&receipts).json();
            let kept = kept.as_array().unwrap().clone();
            let proved = kept.iter().all(|one| one["standing"] == "proved");
            (kept.len() > 8 && proved).then_some(())
        })
        .await;
    }

    async fn look_at_the_own_log(&mut self) {
        let log = self.patient.run(&["patient", "log", "--all"]).json();
        let lines = log.as_array().unwrap().clone();
        let by_doctor = |line: &&Value| line["as"] == self.doctor_as.as_str();
        assert!(lines.iter().filter(by_doctor).count() > 8);
        let exported = self.folder("log.json");
        self.patient.run(&["patient", "log", "--all", "--export", &exported]).ends_with(0);
        let verify = ["patient", "log", "--verify", &exported];
        let verified = self.patient.run(&verify).json();
        assert_eq!(verified["lines"], lines.len());
        // One line removed, one altered: found.
        let whole: Value = serde_json::from_str(&fs::read_to_string(&exported).unwrap()).unwrap();
        let mut removed = whole.clone();
        removed["entry"].as_array_mut().unwrap().remove(1);
        let mut altered = whole;
        altered["entry"][1]["resource"]["recorded"] = "2027-01-01T00:00:00.000Z".into();
        for bad in [removed, altered] {
            fs::write(&exported, bad.to_string()).unwrap();
            self.patient.run(&verify).ends_with(VERIFICATION);
        }
    }

    async fn import_lists(&mut self) {
        let staff = self.folder("staff.csv");
        let mut text = "account,role,encryption_key,valid_until\n".to_owned();
        let key =
            self.hospital.run(&["operator", "key", "encryption", "staff"]).text("encryption_key");
        for number in 0..3 {
            let name = format!("staff-{number}");
            let address = self.hospital.run(&["operator", "account", "new", &name]).text("address");
            text.push_str(&format!("{address},doctor,{key},2099-01-01\n"));
        }
        text.push_str(&format!("5Grw,doctor,{key},2099-01-01\n"));
        fs::write(&staff, text).unwrap();
        let import = ["institution", "import-practitioners", &staff];
        let dry = self.hospital.run(&[&import[..], &["--dry-run"]].concat());
        dry.ends_with(USAGE);
        assert!(dry.errors().contains("1 rows are wrong"), "{}", dry.errors());
        self.hospital.run(&import).ends_with(USAGE);
        let errors = fs::read_to_string(format!("{staff}.errors.csv")).unwrap();
        assert!(errors.contains("5,account,expected an SS58 address"), "{errors}");
        let shown = self.hospital.run(&["institution", "show"]).json();
        assert_eq!(shown["practitioners"].as_array().unwrap().len(), 3);
        // The same list again: what is there is passed over.
        let again = self.hospital.run(&import);
        again.ends_with(USAGE);
        let shown = self.hospital.run(&["institution", "show"]).json();
        assert_eq!(shown["practitioners"].as_array().unwrap().len(), 3);
    }
}
