//! Intake of what a hospital's systems deliver: into a watched folder, or over HTTP.
//!
//! Taking in and sharing are apart. What is delivered is on disk in a [`Spool`] before it is
//! acknowledged, whether chain and vaults are there or not; a worker shares it when they are.

pub mod cda;
pub mod folder;
pub mod inbox;
pub mod parcels;
pub mod worker;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kanglian_primitives::PersonId;
use serde::Serialize;

use crate::{
    csv,
    fault::Fault,
    files,
    spool::{Added, Key, Spool},
};
use parcels::Form;

/// The spool, by whoever takes in and by whoever shares.
#[derive(Clone)]
pub struct Shelf(Arc<Mutex<Spool>>);

impl Shelf {
    /// Around a spool.
    pub fn new(spool: Spool) -> Self {
        Self(Arc::new(Mutex::new(spool)))
    }

    /// The spool, alone for a moment.
    pub fn lock(&self) -> MutexGuard<'_, Spool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What became of a delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Records taken in.
    pub new: Vec<Key>,
    /// Records that had been taken in before.
    pub known: Vec<Key>,
    /// Parts that cannot be taken: name and reason.
    pub refused: Vec<(String, String)>,
}

/// Takes a delivery in; all of it is on disk when this returns. Parts that cannot be taken are kept as
/// dead letters.
pub fn take(shelf: &Shelf, name: &str, form: Form, bytes: &[u8]) -> anyhow::Result<Taken> {
    let (parcels, refused) = parcels::open(name, form, bytes);
    let mut taken = Taken::default();
    let mut spool = shelf.lock();
    for parcel in parcels {
        let note = serde_json::to_value(&parcel.about)?;
        let (key, added) = spool.add(&parcel.name, note, &parcel.bytes)?;
        match added {
            Added::New => taken.new.push(key),
            Added::Known => taken.known.push(key),
        }
    }
    for part in refused {
        if !part.bytes.is_empty() {
            spool.add_dead(&part.name, &part.bytes, &part.reason)?;
        }
        taken.refused.push((part.name, part.reason));
    }
    Ok(taken)
}

/// Whom the hospital's ids mean: a CSV file with the columns `id` and `person`.
#[derive(Clone, Debug, Default)]
pub struct PatientMap(BTreeMap<String, PersonId>);

impl PatientMap {
    /// Reads the file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = files::read_small(path)?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Fault::usage(format!("{}: not UTF-8", path.display())))?;
        Self::parse(text)
            .map_err(|error| Fault::usage(format!("{}: {error}", path.display())).into())
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        let table = csv::Table::read(text, &["id", "person"])?;
        let mut map = BTreeMap::new();
        for row in &table.rows {
            let line = row.line;
            let person = row.cell(1).parse::<PersonId>();
            let person = person
                .map_err(|error| Fault::usage(format!("line {line}, column `person`: {error}")))?;
            let id = row.cell(0).to_owned();
            if id.is_empty() {
                return Err(Fault::usage(format!("line {line}, column `id`: is empty")));
            }
            if map.insert(id.clone(), person).is_some_and(|other| other != person) {
                return Err(Fault::usage(format!("line {line}: {id} is two persons")));
            }
        }
        Ok(Self(map))
    }

    /// The one person whom these names mean.
    pub fn person(&self, names: &[String]) -> Result<PersonId, String> {
        let mut found = names.iter().filter_map(|name| self.0.get(name));
        let Some(person) = found.next() else {
            return Err(format!("the patient map has none of {}", names.join(", ")));
        };
        match found.all(|other| other == person) {
            true => Ok(*person),
            false => Err(format!("{} are two persons in the patient map", names.join(", "))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_one_person_or_to_a_reason() {
        let (one, two) = (PersonId([1; 32]), PersonId([2; 32]));
        let text = format!("person,id\n{one},Patient/7\n{one},2.16.1|A\n{two},Patient/8\n");
        let map = PatientMap::parse(&text).unwrap();
        let names =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(map.person(&names(&["x", "Patient/7", "2.16.1|A"])), Ok(one));
        assert!(
            map.person(&names(&["Patient/7", "Patient/8"])).unwrap_err().contains("two persons")
        );
        assert!(map.person(&names(&["Patient/9"])).unwrap_err().contains("Patient/9"));
        for (text, part) in [
            ("id,person\nPatient/7,0x12\n".to_owned(), "line 2"),
            (format!("id,person\n,{one}\n"), "column `id`"),
            (format!("id,person\na,{one}\na,{two}\n"), "line 3"),
            ("id\nx\n".to_owned(), "person"),
        ] {
            let error = PatientMap::parse(&text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn a_delivery_is_taken_once_and_its_bad_parts_are_kept_with_their_reasons() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(Spool::open(folder.path()).unwrap());
        let text =
            "{\"resourceType\":\"Goal\",\"subject\":{\"reference\":\"Patient/1\"}}\n{\"a\":1}\n";
        let first = take(&shelf, "a.ndjson", Form::Ndjson, text.as_bytes()).unwrap();
        assert_eq!((first.new.len(), first.known.len(), first.refused.len()), (1, 0, 1));
        let again = take(&shelf, "b.ndjson", Form::Ndjson, text.as_bytes()).unwrap();
        assert_eq!((again.new.len(), again.known.len(), again.refused.len()), (0, 1, 1));
        assert_eq!(shelf.lock().items().len(), 2);
        assert_eq!(shelf.lock().due(u64::MAX), first.new);
    }
}
