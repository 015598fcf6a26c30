//! The registries at the command line, on real nodes and vaults: what changes after admission, by
//! whom, and who is refused.

use kanglian_e2e::{
    Answer, Cli, Consortium,
    people::{self, CLINIC, HOSPITAL, Institution},
};
use serde_json::Value;

/// Exit code of `kanglian`.
const REFUSED: i32 = 3;

const ZHEJIANG: usize = 1;
const JIANGSU_CODE: &str = "320000";
const ZHEJIANG_CODE: &str = "330000";

/// A second site of the hospital.
const SITE: Institution = Institution { id: "123201020000000194-2", ..HOSPITAL };
const PERSON: &str = "0x6b616e676c69616e2d6532652d706572736f6e2d6f662d7468652d746573742d";

/// The consortium and everybody at it.
struct Cast {
    consortium: Consortium,
    centres: Cli,
    hospital: Cli,
    clinic: Cli,
    doctor: Cli,
    patient: Cli,
    files: usize,
}

#[tokio::test]
async fn registries_change_by_whom_they_must_and_by_nobody_else() {
    let consortium = Consortium::start_with_vaults().await;
    let user = |who: &str| Cli::new(&consortium, who);
    let mut cast = Cast {
        centres: user("centres"),
        hospital: user("hospital"),
        clinic: user("clinic"),
        doctor: user("doctor"),
        patient: user("patient"),
        files: 0,
        consortium,
    };
    cast.withdraw_a_nomination().await;
    cast.renew_the_patient().await;
    cast.supersede_a_record().await;
    cast.change_staff_and_teams().await;
    cast.change_the_institutions_key().await;
    cast.move_the_vault().await;
    cast.move_the_patient().await;
    cast.vouch_again().await;
    cast.give_an_institution_another_account().await;
    cast.give_a_pan_centre_and_its_seat_another_account().await;
}

/// The command was refused, for this reason.
fn refused(answer: &Answer, why: &str) {
    answer.ends_with(REFUSED);
    assert!(answer.errors().contains(why), "nothing of {why}: {}", answer.errors());
}

impl Cast {
    fn centre(&self, centre: &str, args: &[&str]) -> Answer {
        self.centres.run(&[&["pan-centre", "--account", centre], args].concat())
    }

    /// The command succeeded; every node has seen it when this returns.
    async fn done(&self, answer: Answer) -> Value {
        let done = answer.json();
        self.consortium.wait_seen(&done).await;
        done
    }

    /// A new file for whoever writes or reads a record.
    fn file(&mut self, who: &str, content: &str) -> String {
        self.files += 1;
        let folder = self.consortium.folder();
        let path = folder.join(format!("{who}-{}.json", self.files));
        if !content.is_empty() {
            std::fs::write(&path, content).expect("the resource is written");
        }
        path.to_str().expect("paths are UTF-8").to_owned()
    }

    fn condition(&mut self, text: &str) -> String {
        let note =
            format!(r#"{{"resourceType":"Condition","id":"e2e","note":[{{"text":"{text}"}}]}}"#);
        self.file("condition", &note)
    }

    /// The hospital shares a condition; gives the record and where it was stored.
    async fn share(&mut self, text: &str) -> (String, String) {
        let path = self.condition(text);
        let shared = self.hospital.run(&["institution", "share", "--person", PERSON, &path]).json();
        self.consortium.wait_seen(&shared).await;
        let record = shared[0]["record"].as_str().expect("a record has an id").to_owned();
        (record, shared[0]["stored_in"].to_string())
    }

    /// The patient opens an own record and finds the text in it.
    fn opens(&mut self, record: &str, text: &str) {
        let out = self.file("opened", "");
        self.patient.run(&["patient", "open", record, "--out", &out]).ends_with(0);
        let read = std::fs::read_to_string(out).expect("the record was written");
        assert!(read.contains(text), "{read}");
    }

    /// Somebody's attempt to fetch a record with consent.
    fn fetch(&mut self, by: fn(&Self) -> &Cli, with: [&str; 3], record: &str) -> Answer {
        let out = self.file("fetched", "");
        let [account, secret, acting_as] = with;
        let who = ["reader", "--account", account, "--secret", secret, "--as", acting_as];
        by(self).run(&[&who[..], &["--person", PERSON, "fetch", record, "--out", &out]].concat())
    }

    /// A nomination is withdrawn by its own pan-centre, and only as long as it is one.
    async fn withdraw_a_nomination(&mut self) {
        HOSPITAL.nominate(&self.centres, &self.hospital);
        CLINIC.nominate(&self.centres, &self.clinic);
        let site = Cli::new(&self.consortium, "site");
        let nominated = SITE.nominate(&self.centres, &site);
        self.consortium.wait_seen(&nominated).await;

        refused(&self.centre("//Zhejiang", &["withdraw", SITE.id]), "OtherRegion");
        refused(&self.centre("//Regulator", &["withdraw", SITE.id]), "BadOrigin");
        assert_eq!(site.run(&["institution", "show"]).text("status"), "nominated");
        self.done(self.centre("//Jiangsu", &["withdraw", SITE.id])).await;
        site.run(&["institution", "show"]).ends_with(REFUSED);
        refused(&self.centre("//Jiangsu", &["withdraw", SITE.id]), "InstitutionUnknown");

        people::permit(&self.consortium, &self.centres, &[HOSPITAL, CLINIC]).await;
        refused(&self.centre("//Jiangsu", &["withdraw", HOSPITAL.id]), "NotNominated");
    }

    /// An identity is extended by an institution of the person's province.
    async fn renew_the_patient(&mut self) {
        let request = people::request(&self.patient, PERSON, HOSPITAL, "+400d");
        self.done(self.hospital.run(&["institution", "enrol", &request])).await;
        let before = self.patient.run(&["patient", "show"]).text("valid_until");

        let renew = ["institution", "renew", PERSON];
        let until = |until| [&renew[..], &[until]].concat();
        refused(&self.clinic.run(&until("+800d")), "OutsideRegion");
        refused(&self.hospital.run(&until("+300d")), "NotExtended");
        let stranger = until("+800d");
        let stranger = [&stranger[..], &["--account", "//Jiangsu"]].concat();
        refused(&self.hospital.run(&stranger), "BadOrigin");
        refused(&self.hospital.run(&["institution", "re-attest", PERSON]), "StillAttested");
        self.done(self.hospital.run(&until("+800d"))).await;
        let after = self.patient.run(&["patient", "show"]).text("valid_until");
        assert!(after > before, "{after} is no later than {before}");
    }

    /// A record is put in the place of an older one by its author, once.
    async fn supersede_a_record(&mut self) {
        let (old, _) = self.share("高血压，待查").await;
        let corrected = self.condition("原发性高血压");
        let supersede = ["institution", "supersede", &old, &corrected];
        self.clinic.run(&supersede).ends_with(REFUSED);
        let done = self.done(self.hospital.run(&supersede)).await;
        let new = done[0]["record"].as_str().expect("a record has an id").to_owned();
        assert_ne!(new, old);
        self.opens(&new, "原发性高血压");

        let file = self.patient.run(&["patient", "file"]).json();
        let status = |id: &str| {
            let rows = file.as_array().expect("a list");
            let row = rows.iter().find(|row| row["id"] == id);
            row.unwrap_or_else(|| panic!("{id} is not in {file}"))["status"].to_string()
        };
        assert!(status(&old).contains(&new), "{}", status(&old));
        assert!(!status(&new).contains("0x"), "{}", status(&new));
        let again = self.condition("再改");
        let again = self.hospital.run(&["institution", "supersede", &old, &again]);
        refused(&again, "NotCurrent");
    }

    /// Practitioners and teams come and go by their institution; who left reads no more.
    async fn change_staff_and_teams(&mut self) {
        let (record, _) = self.share("复诊").await;
        let (doctor, _) = people::register_doctor(&self.hospital, &self.doctor);
        let key =
            self.doctor.run(&["operator", "key", "encryption", "team"]).text("encryption_key");

        // A colleague of another house neither hires into this one nor dismisses from it.
        let remove = ["institution", "remove-practitioner", &doctor];
        refused(&self.clinic.run(&remove), "PractitionerUnknown");
        let team = |args: &[&'static str]| [&["institution", "team"], args].concat();
        let create =
            [&team(&["create", "1", "--name", "心内科一组"])[..], &["--encryption-key", &key]];
        let with_doctor = [doctor.as_str()];
        let add = [&team(&["add", "1"])[..], &with_doctor].concat();
        refused(&self.hospital.run(&add), "TeamUnknown");
        self.hospital.run(&create.concat()).ends_with(0);
        refused(&self.hospital.run(&create.concat()), "TeamExists");
        refused(&self.clinic.run(&add), "NotActive");
        self.done(self.hospital.run(&add)).await;
        refused(&self.hospital.run(&add), "AlreadyMember");
        let shown = self.hospital.run(&team(&["show", HOSPITAL.id, "1"])).json();
        assert_eq!(shown["members"], serde_json::json!([doctor]));

        // The team reads by its own grant, the doctor by none.
        let as_team = format!("team:1@{}", HOSPITAL.id);
        let as_doctor = format!("practitioner:{doctor}@{}", HOSPITAL.id);
        for reader in [&as_team, &as_doctor] {
            let grant = ["patient", "grant", reader, "--blocks", "medical", "--until", "+90d"];
            self.done(self.patient.run(&grant)).await;
        }
        let team_reads = ["reader", "team", as_team.as_str()];
        let doctor_reads = ["reader", "reader", as_doctor.as_str()];
        for with in [team_reads, doctor_reads] {
            self.fetch(|cast| &cast.doctor, with, &record).ends_with(0);
        }

        // Out of the team; out of the house.
        let take = [&team(&["remove", "1"])[..], &with_doctor].concat();
        self.done(self.hospital.run(&take)).await;
        refused(&self.hospital.run(&take), "NotMember");
        self.fetch(|cast| &cast.doctor, team_reads, &record).ends_with(REFUSED);
        self.fetch(|cast| &cast.doctor, doctor_reads, &record).ends_with(0);
        self.done(self.hospital.run(&remove)).await;
        refused(&self.hospital.run(&remove), "PractitionerUnknown");
        self.fetch(|cast| &cast.doctor, doctor_reads, &record).ends_with(REFUSED);
        refused(&self.hospital.run(&add), "NotActive");

        // A team's number is used once.
        self.hospital.run(&team(&["dissolve", "1"])).ends_with(0);
        self.hospital.run(&team(&["show", HOSPITAL.id, "1"])).ends_with(REFUSED);
        refused(&self.hospital.run(&create.concat()), "TeamNumberSpent");
    }

    /// What is granted after an institution changed its key is sealed to the new one.
    async fn change_the_institutions_key(&mut self) {
        let (record, _) = self.share("会诊").await;
        let made = self.clinic.run(&["operator", "key", "encryption", "second"]);
        let key = made.text("encryption_key");
        let set = ["institution", "set-encryption-key", &key];
        refused(&self.clinic.run(&[&set[..], &["--account", "//Zhejiang"]].concat()), "BadOrigin");
        self.done(self.clinic.run(&set)).await;
        assert_eq!(self.clinic.run(&["institution", "show"]).text("encryption_key"), key);

        let reader = format!("institution:{}", CLINIC.id);
        let grant = ["patient", "grant", &reader, "--blocks", "medical", "--until", "+90d"];
        self.done(self.patient.run(&grant)).await;
        let with = |secret| ["institution", secret, reader.as_str()];
        self.fetch(|cast| &cast.clinic, with("second"), &record).ends_with(0);
        let old = self.fetch(|cast| &cast.clinic, with("institution"), &record);
        assert_ne!(old.code(), Some(0), "the old key opens nothing of what came later");
    }

    /// A province's vault goes on under another key at another address, with all that it holds.
    async fn move_the_vault(&mut self) {
        let file = self.centres.file("vault.key");
        let made = self.centres.run(&["operator", "key", "vault", "--plain", "--out", &file]);
        let key = made.text("vault_key");
        let others = self.centres.run(&["operator", "vault", "--region", ZHEJIANG_CODE]).json();
        assert_eq!(others[0]["state"], "ok", "{others}");
        let (record, stored_in) = self.share("转院").await;

        self.consortium.kill_vault(ZHEJIANG);
        self.consortium.move_vault(ZHEJIANG, file);
        let url = self.consortium.vault_url(ZHEJIANG);
        let update = |key| ["update-vault", "--key", key, "--url", url.as_str()];
        refused(&self.centre("//Regulator", &update(&key)), "BadOrigin");
        // Jiangsu's own vault key cannot be Zhejiang's too.
        let taken = "0x27557a939d5581657280c284ad0239b9cb82bd90c3a222eb3b3602a016767be6";
        refused(&self.centre("//Zhejiang", &update(taken)), "VaultKeyTaken");
        self.done(self.centre("//Zhejiang", &update(&key))).await;
        self.consortium.start_vault(ZHEJIANG);
        self.consortium.wait_vault(ZHEJIANG).await;
        let moved = self.centres.run(&["operator", "vault", "--region", ZHEJIANG_CODE]).json();
        assert_eq!(moved[0]["url"].as_str().map(|at| at.trim_end_matches('/')), Some(url.as_str()));
        assert_eq!(moved[0]["state"], "ok");

        // It serves what others store, too: the clinic reads there what the hospital shared.
        let out = self.file("fetched", "");
        let reader = format!("institution:{}", CLINIC.id);
        let who = ["reader", "--account", "institution", "--secret", "second", "--as", &reader];
        let what = ["--person", PERSON, "--region", ZHEJIANG_CODE, "fetch", &record, "--out", &out];
        let fetched = self.clinic.run(&[&who[..], &what].concat());
        assert_eq!(fetched.text("vault"), ZHEJIANG_CODE, "stored in {stored_in}");
    }

    /// A person makes another province the home: its vault stores, its institutions renew.
    async fn move_the_patient(&mut self) {
        refused(&self.patient.run(&["patient", "move-region", "650000"]), "RegionNotActive");
        refused(&self.patient.run(&["patient", "move-region", JIANGSU_CODE]), "Unchanged");
        let stranger = ["patient", "move-region", ZHEJIANG_CODE, "--account", "//Zhejiang"];
        self.patient.run(&stranger).ends_with(REFUSED);
        self.done(self.patient.run(&["patient", "move-region", ZHEJIANG_CODE])).await;
        assert_eq!(self.patient.run(&["patient", "show"]).text("home_region"), ZHEJIANG_CODE);

        let renew = ["institution", "renew", PERSON, "+900d"];
        refused(&self.hospital.run(&renew), "OutsideRegion");
        refused(&self.centre("//Jiangsu", &["suspend-person", PERSON]), "OutsideRegion");
        self.done(self.clinic.run(&renew)).await;
        let (record, stored_in) = self.share("随访").await;
        assert!(stored_in.contains(ZHEJIANG_CODE), "{stored_in}");
        self.opens(&record, "随访");
    }

    /// An institution's attestations are voided; another one vouches for the person.
    async fn vouch_again(&mut self) {
        let members = "//Jiangsu,//Zhejiang,//Shanghai";
        let void = ["invalidate-attester", HOSPITAL.id, "2020-01-01"];
        let void = [&["council", "pass", "--members", members][..], &void].concat();
        self.done(self.centres.run(&void)).await;
        let path = self.condition("无效期间");
        let share = ["institution", "share", "--person", PERSON, &path];
        self.hospital.run(&share).ends_with(REFUSED);

        let re_attest = ["institution", "re-attest", PERSON];
        refused(&self.hospital.run(&re_attest), "AttesterVoid");
        let stranger = [&re_attest[..], &["--account", "//Zhejiang"]].concat();
        refused(&self.clinic.run(&stranger), "BadOrigin");
        self.done(self.clinic.run(&re_attest)).await;
        assert_eq!(self.patient.run(&["patient", "show"]).text("attested_by"), CLINIC.id);
        self.hospital.run(&share).ends_with(0);
        refused(&self.clinic.run(&re_attest), "StillAttested");
    }

    /// An institution lost its account: the council names another one, which sets another key.
    async fn give_an_institution_another_account(&mut self) {
        let made = self.clinic.run(&["operator", "account", "new", "replacement"]);
        let new = made.text("address");
        let motion = ["replace-controller", CLINIC.id, &new];
        let alone = self.centre_motion("//Zhejiang", &motion);
        assert_ne!(alone.code(), Some(0), "one member replaces nobody");
        let members = "//Jiangsu,//Zhejiang,//Shanghai";
        let pass = [&["council", "pass", "--members", members][..], &motion].concat();
        self.done(self.centres.run(&pass)).await;

        let made = self.clinic.run(&["operator", "key", "encryption", "third"]);
        let set = ["institution", "set-encryption-key", &made.text("encryption_key")];
        refused(&self.clinic.run(&set), "");
        let by_new = [&set[..], &["--account", "replacement"]].concat();
        self.done(self.clinic.run(&by_new)).await;
        let shown = self.clinic.run(&["institution", "--account", "replacement", "show"]);
        assert_eq!(shown.text("encryption_key"), made.text("encryption_key"));
        assert_eq!(shown.text("status"), "permitted");
    }

    fn centre_motion(&self, member: &str, motion: &[&str]) -> Answer {
        self.centres.run(&[&["council", "pass", "--members", member][..], motion].concat())
    }

    /// A pan-centre lost its account: one motion gives its province and its seat to another one.
    async fn give_a_pan_centre_and_its_seat_another_account(&mut self) {
        let old = self.centres.run(&["operator", "account", "show", "//Zhejiang"]).text("address");
        let new = self.centres.run(&["operator", "account", "new", "zhejiang"]).text("address");
        let motion = ["replace-pan-centre", ZHEJIANG_CODE, &new, "--seat-of", &old];
        let few = self.centre_motion("//Jiangsu,//Shanghai", &motion);
        assert_ne!(few.code(), Some(0), "fewer than two thirds replace nobody");
        let members = "//Jiangsu,//Shanghai,//Guangdong,//Regulator";
        self.done(self.centre_motion(members, &motion)).await;
        let roles = |who: &str| self.centres.run(&["operator", "account", "show", who]).json();
        let (before, after) = (roles("//Zhejiang"), roles("zhejiang"));
        assert_eq!(before["roles"], serde_json::json!([]), "{before}");
        for role in ["pan-centre of 330000", "council member"] {
            assert!(after["roles"].to_string().contains(role), "{after}");
        }
        // Its office is the new one's, and so is its vote.
        refused(&self.centre("//Zhejiang", &["suspend", CLINIC.id]), "");
        self.done(self.centre("zhejiang", &["suspend", CLINIC.id])).await;
        let renew = ["renew", CLINIC.id, "+900d"];
        let with_old = self.centre_motion("//Jiangsu,//Shanghai,//Zhejiang", &renew);
        refused(&with_old, "no seat");
    }
}
