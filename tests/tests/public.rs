//! Public works at the command line, on real nodes and vaults: published, endorsed, found without an
//! account, superseded, retracted, taken down; and what each role may not do.

use std::time::Duration;

use kanglian_e2e::{
    Answer, Cli, Consortium, eventually,
    people::{self, CLINIC, HOSPITAL, Institution},
};
use serde_json::Value;

/// Exit codes of `kanglian`.
const USAGE: i32 = 2;
const REFUSED: i32 = 3;
const VERIFICATION: i32 = 5;

const TEXT: &str = "# 高血压患者怎么吃\n\nLess salt.\n";
const GUANGDONG: usize = 3;

struct Cast {
    consortium: Consortium,
    centres: Cli,
    hospital: Cli,
    clinic: Cli,
    anybody: Cli,
}

#[tokio::test]
async fn a_public_work_is_found_and_checked_by_anybody_and_nobody_oversteps() {
    let consortium = Consortium::start_with_vaults().await;
    let user = |who: &str| Cli::new(&consortium, who);
    let mut cast = Cast {
        centres: user("centres"),
        hospital: user("hospital"),
        clinic: user("clinic"),
        anybody: user("anybody"),
        consortium,
    };
    for (institution, own) in [(HOSPITAL, &cast.hospital), (CLINIC, &cast.clinic)] {
        cast.nominate(institution, own).await;
    }
    people::permit(&cast.consortium, &cast.centres, &[HOSPITAL, CLINIC]).await;
    let work = cast.publish().await;
    cast.endorse(&work).await;
    cast.find(&work).await;
    cast.retract(&work).await;
    cast.take_down().await;
}

fn refused(answer: &Answer, why: &str) {
    answer.ends_with(REFUSED);
    assert!(answer.errors().contains(why), "nothing of {why}: {}", answer.errors());
}

impl Cast {
    async fn done(&self, answer: Answer) -> Value {
        let done = answer.json();
        self.consortium.wait_seen(&done).await;
        done
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.consortium.folder().join(name);
        std::fs::write(&path, content).expect("the file is written");
        path.to_str().expect("paths are UTF-8").to_owned()
    }

    async fn nominate(&self, who: Institution, own: &Cli) {
        let controller = own.run(&["operator", "account", "new", "institution"]).text("address");
        let key = own.run(&["operator", "key", "encryption", "institution"]).text("encryption_key");
        let answer = self.centres.run(&[
            "pan-centre",
            "--account",
            who.centre,
            "nominate",
            who.id,
            "--kind",
            "A1",
            "--name",
            who.name,
            "--controller",
            &controller,
            "--encryption-key",
            &key,
            "--blocks",
            "medical,health-education",
            "--until",
            "+365d",
        ]);
        self.done(answer).await;
    }

    fn publishing(&self, own: &Cli, file: &str, title: &str, old: Option<&str>) -> Answer {
        let what = match old {
            Some(old) => vec!["institution", "work", "supersede", old],
            None => vec!["institution", "work", "publish"],
        };
        let said = [file, "--title", title, "--language", "zh-CN", "--keyword", "高血压"];
        own.run(&[&what[..], &said].concat())
    }

    async fn publish(&self) -> String {
        let file = self.file("diet.md", TEXT);
        let published =
            self.publishing(&self.hospital, &file, "高血压患者怎么吃 diet", None).json();
        assert_eq!(published["paid"], "0.5 HMC");
        let work = published["work"].as_str().expect("a work has an id").to_owned();
        // The same bytes again, by anybody; a title that is none; an empty file.
        refused(&self.publishing(&self.clinic, &file, "diet", None), "already");
        self.publishing(&self.hospital, &file, " ", None).ends_with(USAGE);
        let empty = self.file("empty.md", "");
        self.publishing(&self.hospital, &empty, "empty", None).ends_with(USAGE);
        work
    }

    async fn endorse(&self, work: &str) {
        let endorse = ["institution", "work", "endorse", work];
        refused(&self.hospital.run(&endorse), "OwnWork");
        self.done(self.clinic.run(&endorse)).await;
        refused(&self.clinic.run(&endorse), "AlreadyEndorsed");
    }

    fn found(&self, words: &[&str]) -> Vec<String> {
        let answer = self.anybody.run(&[&["work", "search"], words].concat()).json();
        let hits = answer.as_array().expect("a list").iter();
        hits.map(|hit| hit["work"]["id"].as_str().expect("an id").to_owned()).collect()
    }

    async fn find(&mut self, work: &str) {
        for words in [&["高血压"][..], &["怎么吃", "DIET"], &["--language", "zh"]] {
            eventually("the work is found", Duration::from_secs(30), || async {
                (self.found(words) == [work]).then_some(())
            })
            .await;
        }
        assert!(self.found(&["糖尿病"]).is_empty());
        let elsewhere = self.consortium.vault_url(GUANGDONG);
        let out = self.anybody.file("fetched.md");
        let fetched =
            self.anybody.run(&["--vault", &elsewhere, "work", "fetch", work, "--out", &out]).json();
        assert_eq!(std::fs::read_to_string(&out).expect("it was written"), TEXT);
        assert_eq!(fetched["author"], HOSPITAL.id);
        assert_eq!(fetched["endorsed"][0]["by"], CLINIC.id);
        self.anybody.run(&["work", "verify", work, &out]).ends_with(0);
        std::fs::write(&out, "more salt").expect("the file is written");
        self.anybody.run(&["work", "verify", work, &out]).ends_with(VERIFICATION);
        // Killed and started again, the vault finds it by the index it kept.
        self.consortium.kill_vault(GUANGDONG);
        self.consortium.start_vault(GUANGDONG);
        self.consortium.wait_vault(GUANGDONG).await;
        eventually("the vault finds it again", Duration::from_secs(30), || async {
            let answer = self.anybody.run(&["--vault", &elsewhere, "work", "search", "高血压"]);
            (answer.json()[0]["work"]["id"] == *work).then_some(())
        })
        .await;
    }

    async fn retract(&self, work: &str) {
        let file = self.file("diet-2.md", "# 第二版\n");
        refused(&self.publishing(&self.clinic, &file, "diet", Some(work)), "NotAuthor");
        let file = self.file("diet-3.md", "# 第三版\n");
        let next = self.publishing(&self.hospital, &file, "diet 3", Some(work)).json();
        assert_eq!(next["paid"], "0 HMC");
        let retract = ["institution", "work", "retract", work, "--reason", "outdated"];
        refused(&self.clinic.run(&retract), "NotAuthor");
        self.done(self.hospital.run(&retract)).await;
        eventually("the retraction is final", Duration::from_secs(30), || async {
            let shown = self.anybody.run(&["work", "show", work]).json();
            (shown["retracted"] == "outdated" && shown["standing"] == "retracted").then_some(())
        })
        .await;
        let out = self.anybody.file("retracted.md");
        self.anybody.run(&["work", "fetch", work, "--out", &out]).ends_with(0);
        refused(&self.anybody.run(&["work", "verify", work, &out]), "retracted");
    }

    async fn take_down(&self) {
        let file = self.file("bad.md", "more salt\n");
        let work = self.publishing(&self.clinic, &file, "糖尿病", None).text("work");
        let by = |account: &str, what: &[&str]| {
            let who = ["regulator", "--account", account, "work"];
            self.centres.run(&[&who[..], what].concat())
        };
        let down = ["take-down", &work, "--reason", "harmful"];
        by("//Jiangsu", &down).ends_with(REFUSED);
        self.done(by("//Regulator", &down)).await;
        let out = self.anybody.file("bad.md");
        eventually("the work is gone", Duration::from_secs(30), || async {
            let gone = self.anybody.run(&["work", "fetch", &work, "--out", &out]);
            let unfound = !self.found(&["糖尿病"]).contains(&work);
            (gone.code() == Some(REFUSED) && gone.errors().contains("harmful") && unfound)
                .then_some(())
        })
        .await;
        self.done(by("//Regulator", &["restore", &work])).await;
        refused(&by("//Regulator", &["restore", &work]), "NotTakenDown");
    }
}
