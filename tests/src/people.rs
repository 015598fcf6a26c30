//! Institutions, practitioners and people, brought onto a chain by the command line.

use serde_json::Value;

use crate::{Cli, Consortium};

/// An institution that a test brings in.
#[derive(Clone, Copy)]
pub struct Institution {
    /// Unified Social Credit Code.
    pub id: &'static str,
    /// The pan-centre's well-known account.
    pub centre: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// A hospital in Jiangsu.
pub const HOSPITAL: Institution =
    Institution { id: "123201020000000194", centre: "//Jiangsu", name: "南京示例医院" };
/// A hospital in Zhejiang.
pub const CLINIC: Institution =
    Institution { id: "12330106000000027W", centre: "//Zhejiang", name: "杭州示例医院" };

impl Institution {
    /// Makes its account and key, and has its pan-centre nominate it.
    pub fn nominate(&self, centres: &Cli, own: &Cli) -> Value {
        let controller = own.run(&["operator", "account", "new", "institution"]).text("address");
        let key = own.run(&["operator", "key", "encryption", "institution"]).text("encryption_key");
        self.nominate_as(centres, &controller, &key)
    }

    /// Has its pan-centre nominate it with this account and key.
    pub fn nominate_as(&self, centres: &Cli, controller: &str, key: &str) -> Value {
        let who = ["pan-centre", "--account", self.centre, "nominate", self.id, "--kind", "A1"];
        let what = ["--name", self.name, "--controller", controller, "--encryption-key", key];
        let until = ["--blocks", "medical", "--until", "+365d"];
        centres.run(&[&who[..], &what, &until].concat()).json()
    }
}

/// The council permits institutions; every node has seen it when this returns.
pub async fn permit(consortium: &Consortium, centres: &Cli, institutions: &[Institution]) {
    let members = "//Jiangsu,//Zhejiang,//Shanghai";
    let motion = ["council", "pass", "--members", members, "permit"];
    let ids: Vec<_> = institutions.iter().map(|institution| institution.id).collect();
    let permitted = centres.run(&[&motion[..], &ids].concat()).json();
    assert_eq!(permitted["outcome"], "carried out");
    consortium.wait_seen(&permitted).await;
}

/// Makes a doctor's account and key, and has the institution register them; gives the address.
pub fn register_doctor(institution: &Cli, doctor: &Cli) -> (String, Value) {
    let address = doctor.run(&["operator", "account", "new", "reader"]).text("address");
    let key = doctor.run(&["operator", "key", "encryption", "reader"]).text("encryption_key");
    let who = ["institution", "add-practitioner", &address, "--role", "doctor"];
    let what = ["--encryption-key", &key, "--until", "+300d"];
    let added = institution.run(&[&who[..], &what].concat()).json();
    (address, added)
}

/// Makes a person's keys and the request to be enrolled by an institution; gives its file.
pub fn request(patient: &Cli, person: &str, institution: Institution, valid: &str) -> String {
    patient.run(&["patient", "init"]).ends_with(0);
    let file = patient.file("enrolment.json");
    let who = ["patient", "request", "--person", person, "--institution", institution.id];
    let what = ["--valid-until", valid, "--out", &file];
    patient.run(&[&who[..], &what].concat()).ends_with(0);
    file
}
