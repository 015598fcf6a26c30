//! Where the command line keeps its files: `$KANGLIAN_HOME`, by default the user's local data
//! folder.
//!
//! | folder | holds |
//! | --- | --- |
//! | `accounts/NAME.json` | accounts, polkadot-js JSON v3, encrypted |
//! | `secrets/NAME.json` | secrets that open records: a person's, or an encryption key's; encrypted |
//! | `evaluations/PERSON.json` | evaluations whose outcome is to be filed with the registrars |
//! | `custody/PERSON.json` | up to which epoch the emergency summary was dealt last |
//! | `reads.json` | which records were read when, to be told of their amendments |
//! | `registrars/network-key` | the registrars' network key, as it was seen first |
//! | `registrars/KEY.json` | what is known of a registrar's log, to notice a changed past |
//! | `receipts/REGION.jsonl` | vaults' signed word for every read, to hold them to it |
//! | `logs/PERSON-REGION.json` | what is known of the own access log, to notice a changed past |

use std::path::{Path, PathBuf};

use kanglian_primitives::{PersonId, RegionCode};

use crate::fault::Fault;

/// The folder.
#[derive(Clone, Debug)]
pub struct Home(PathBuf);

impl Home {
    /// At the given place, or at the user's default.
    pub fn new(given: Option<PathBuf>) -> Result<Self, Fault> {
        let default = || {
            directories::ProjectDirs::from("", "", "kanglian")
                .map(|folders| folders.data_local_dir().to_owned())
        };
        given.or_else(default).map(Self).ok_or_else(|| {
            Fault::usage("no home folder is known; give --home or set KANGLIAN_HOME")
        })
    }

    /// The account file of a name, or a path when it looks like one.
    pub fn account(&self, name: &str) -> Result<PathBuf, Fault> {
        self.named("accounts", name)
    }

    /// The secret file of a name, or a path when it looks like one.
    pub fn secret(&self, name: &str) -> Result<PathBuf, Fault> {
        self.named("secrets", name)
    }

    /// Where the mark of a person's access log at a vault is kept.
    pub fn log_mark(&self, person: &PersonId, region: RegionCode) -> PathBuf {
        self.0.join("logs").join(format!("{person}-{region}.json"))
    }

    /// Where receipts for reads at a province's vault are kept.
    pub fn receipts(&self, region: RegionCode) -> PathBuf {
        self.0.join("receipts").join(format!("{region}.jsonl"))
    }

    /// Where it is noted what was dealt of a person's emergency summary.
    pub fn custody_note(&self, person: &PersonId) -> PathBuf {
        self.0.join("custody").join(format!("{person}.json"))
    }

    /// Where it is noted what was read, to be told of amendments.
    pub fn reads(&self) -> PathBuf {
        self.0.join("reads.json")
    }

    /// Where evaluations are kept whose outcome is to be filed.
    pub fn evaluations(&self) -> PathBuf {
        self.0.join("evaluations")
    }

    /// Where the network key of the registrars is kept as it was seen first.
    pub fn network_key(&self) -> PathBuf {
        self.0.join("registrars").join("network-key")
    }

    /// Where the mark of a registrar's log is kept.
    pub fn registrar_mark(&self, registrar: &[u8; 32]) -> PathBuf {
        let name = registrar.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        self.0.join("registrars").join(format!("{name}.json"))
    }

    /// The folder of accounts.
    pub fn accounts(&self) -> PathBuf {
        self.0.join("accounts")
    }

    fn named(&self, folder: &str, name: &str) -> Result<PathBuf, Fault> {
        if name.contains(['/', '\\']) || name.ends_with(".json") {
            return Ok(Path::new(name).to_owned());
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if name.is_empty() || name.len() > 64 || !name.bytes().all(allowed) {
            return Err(Fault::usage(format!(
                "`{name}`: a name has 1 to 64 letters, digits, - and _; a path has a / in it"
            )));
        }
        Ok(self.0.join(folder).join(format!("{name}.json")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_the_home_and_paths_are_taken_as_they_are() {
        let home = Home::new(Some("/home/k".into())).unwrap();
        assert_eq!(home.account("doctor-1").unwrap(), Path::new("/home/k/accounts/doctor-1.json"));
        assert_eq!(home.secret("./a.json").unwrap(), Path::new("./a.json"));
        assert_eq!(home.secret("../a").unwrap(), Path::new("../a"));
        for name in ["", "..", "a b", "a\0", &"a".repeat(65)] {
            assert!(home.account(name).is_err(), "{name}");
        }
    }
}
