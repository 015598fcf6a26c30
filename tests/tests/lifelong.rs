//! Guardians, proxies and corrections at the command line, on real nodes and vaults: a newborn with a
//! guardian who holds the keys, a guardianship that is ended, a ward who takes over, a proxy who
//! oversteps, a wrong record that is amended and whose reader is told.

use kanglian_e2e::{
    Answer, Cli, Consortium,
    people::{self, CLINIC, HOSPITAL},
};
use serde_json::Value;

/// Exit codes of `kanglian`.
const USAGE: i32 = 2;
const REFUSED: i32 = 3;

const MOTHER: &str = "0x6b616e676c69616e2d6c6966656c6f6e672d6d6f746865722d6f66746573742d";
const FRIEND: &str = "0x6b616e676c69616e2d6c6966656c6f6e672d667269656e642d6f66746573742d";
const BABY: &str = "0x6b616e676c69616e2d6c6966656c6f6e672d6e6577626f726e2d6f6674657374";
const CONTENT: &str = r#"{"resourceType":"Condition","id":"e2e","note":[{"text":"黄疸"}]}"#;
const AMENDED: &str = r#"{"resourceType":"Condition","id":"e2e","note":[{"text":"生理性黄疸"}]}"#;

/// The consortium and everybody at it.
struct Cast {
    consortium: Consortium,
    centres: Cli,
    hospital: Cli,
    clinic: Cli,
    doctor: Cli,
    mother: Cli,
    friend: Cli,
    doctor_as: String,
    files: usize,
}

#[tokio::test]
async fn guardians_and_proxies_act_within_their_mandate_and_a_wrong_record_is_amended() {
    let consortium = Consortium::start_with_vaults().await;
    let user = |who: &str| Cli::new(&consortium, who);
    let mut cast = Cast {
        centres: user("centres"),
        hospital: user("hospital"),
        clinic: user("clinic"),
        doctor: user("doctor"),
        mother: user("mother"),
        friend: user("friend"),
        doctor_as: String::new(),
        files: 0,
        consortium,
    };
    cast.admit_and_enrol().await;
    cast.enrol_a_newborn().await;
    cast.end_the_guardianship_and_take_over().await;
    cast.appoint_a_proxy().await;
    cast.correct_a_record().await;
}

/// The command was refused, for this reason.
fn refused(answer: &Answer, why: &str) {
    answer.ends_with(REFUSED);
    assert!(answer.errors().contains(why), "nothing of {why}: {}", answer.errors());
}

impl Cast {
    /// The command succeeded; every node has seen it when this returns.
    async fn done(&self, answer: Answer) -> Value {
        let done = answer.json();
        self.consortium.wait_seen(&done).await;
        done
    }

    fn file(&mut self, who: &str, content: &str) -> String {
        self.files += 1;
        let path = self.consortium.folder().join(format!("{who}-{}.json", self.files));
        if !content.is_empty() {
            std::fs::write(&path, content).expect("the file is written");
        }
        path.to_str().expect("paths are UTF-8").to_owned()
    }

    async fn share(&mut self, person: &str, content: &str) -> String {
        let path = self.file("record", content);
        let shared = self.hospital.run(&["institution", "share", "--person", person, &path]);
        let shared = self.done(shared).await;
        shared[0]["record"].as_str().expect("a record has an id").to_owned()
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
        for (who, person) in [(&self.mother, MOTHER), (&self.friend, FRIEND)] {
            let request = people::request(who, person, HOSPITAL, "+400d");
            self.done(self.hospital.run(&["institution", "enrol", &request])).await;
        }
    }

    async fn enrol_a_newborn(&mut self) {
        let (enrolment, guardian) = (self.file("enrolment", ""), self.file("guardian", ""));
        let who = ["patient", "guardian", "newborn", "--ward", BABY, "--institution", HOSPITAL.id];
        let files = ["--enrolment", &enrolment, "--guardian", &guardian, "--child", "baby"];
        let of = |day| self.mother.run(&[&who[..], &["--birthday", day], &files].concat());
        of("2999-01-01").ends_with(USAGE);
        of("2026-01-15").ends_with(0);
        let enrol = ["institution", "enrol", &enrolment, "--guardian", &guardian];
        self.done(self.hospital.run(&enrol)).await;
        let again = self.hospital.run(&["institution", "guardian", "attest", &guardian]);
        refused(&again, "GuardianKnown");
        // The guardian reads with the child's keys and acts with the own.
        let record = self.share(BABY, CONTENT).await;
        let out = self.file("opened", "");
        let baby = ["patient", "--account", "baby", "--secret", "baby"];
        let open = [&baby[..], &["open", &record, "--out", &out]].concat();
        self.mother.run(&open).ends_with(0);
        assert_eq!(std::fs::read_to_string(&out).expect("it was opened"), CONTENT);
        let allow = ["patient", "--for", BABY, "allow-writing", CLINIC.id];
        let allow = [&allow[..], &["--blocks", "medical", "--until", "+30d"]].concat();
        refused(&self.friend.run(&allow), "NotActingFor");
        self.done(self.mother.run(&allow)).await;
        self.mother.run(&["patient", "--for", BABY, "log"]).ends_with(0);
        self.friend.run(&["patient", "--for", BABY, "log"]).ends_with(REFUSED);
        self.mother.run(&["patient", "--for", BABY, "file"]).ends_with(USAGE);
    }

    async fn end_the_guardianship_and_take_over(&mut self) {
        let end = ["guardian", "end", BABY, MOTHER];
        let by =
            |centre| self.centres.run(&[&["pan-centre", "--account", centre][..], &end].concat());
        refused(&by("//Zhejiang"), "OutsideRegion");
        self.done(by("//Jiangsu")).await;
        let revoke = ["patient", "--for", BABY, "allow-writing", CLINIC.id];
        refused(&self.mother.run(&revoke), "NotActingFor");
        let baby = ["patient", "--account", "baby", "--secret", "baby", "file"];
        self.mother.run(&baby).ends_with(REFUSED);
        // New keys, with the institution's word; the guardian is not asked.
        let request = self.file("take-over", "");
        let who = ["patient", "take-over", "--person", BABY, "--institution", HOSPITAL.id];
        let keys = ["--new", "grown", "--data-key", "grown-data", "--out", &request];
        self.mother.run(&[&who[..], &keys].concat()).ends_with(0);
        let far = self.clinic.run(&["institution", "guardian", "take-over", &request]);
        far.ends_with(REFUSED);
        self.done(self.hospital.run(&["institution", "guardian", "take-over", &request])).await;
        let grown = ["patient", "--account", "grown", "--secret", "baby", "file"];
        self.mother.run(&grown).ends_with(0);
        self.mother.run(&baby).ends_with(REFUSED);
    }

    async fn appoint_a_proxy(&mut self) {
        let appoint = ["patient", "proxy", "appoint", FRIEND, "--blocks", "medical"];
        let scope = ["--actions", "revoke,log", "--until", "+10d"];
        self.done(self.mother.run(&[&appoint[..], &scope].concat())).await;
        self.friend.run(&["patient", "--for", MOTHER, "log"]).ends_with(0);
        let beyond = self.friend.run(&["patient", "--for", MOTHER, "move-region", "330000"]);
        refused(&beyond, "ActionBeyondMandate");
        self.done(self.mother.run(&["patient", "proxy", "revoke", FRIEND])).await;
        self.friend.run(&["patient", "--for", MOTHER, "log"]).ends_with(REFUSED);
        let none = self.mother.run(&["patient", "proxy", "list"]).json();
        assert_eq!(none.as_array().map(Vec::len), Some(0), "{none}");
    }

    async fn correct_a_record(&mut self) {
        let record = self.share(MOTHER, CONTENT).await;
        let grant = ["patient", "grant", &self.doctor_as, "--blocks", "medical", "--until", "+5d"];
        self.done(self.mother.run(&grant)).await;
        let out = self.file("read", "");
        let reader = ["reader", "--as", &self.doctor_as.clone(), "--person", MOTHER];
        let fetch = [&reader[..], &["fetch", &record, "--out", &out]].concat();
        self.doctor.run(&fetch).ends_with(0);
        let inbox = [&reader[..], &["inbox"]].concat();
        assert_eq!(self.doctor.run(&inbox).json().as_array().map(Vec::len), Some(0));
        // Asked, read by the author alone, amended.
        let text = self.file("wrong", "这是生理性黄疸。");
        let ask = ["patient", "correction", "ask", &record, "--reason", "incorrect"];
        let ask = [&ask[..], &["--text", &text]].concat();
        self.done(self.mother.run(&ask)).await;
        refused(&self.mother.run(&ask), "AlreadyRequested");
        let read = ["institution", "correction", "read", MOTHER, "1"];
        let told = self.hospital.run(&read);
        assert_eq!(told.text("text"), "这是生理性黄疸。");
        self.clinic.run(&read).ends_with(REFUSED);
        let early = self.friend.run(&["patient", "--for", MOTHER, "correction", "escalate", "1"]);
        refused(&early, "NotDue");
        let amended = self.file("amended", AMENDED);
        let amend = ["institution", "correction", "amend", MOTHER, "1", &amended];
        self.done(self.hospital.run(&amend)).await;
        let found = self.mother.run(&["patient", "correction", "list"]).json();
        assert_eq!(found[0]["status"], "amended", "{found}");
        let inbox = self.doctor.run(&inbox).json();
        assert_eq!(inbox[0]["record"], Value::from(record), "{inbox}");
    }
}
