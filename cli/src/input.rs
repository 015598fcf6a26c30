//! Records to share: files as they are, FHIR resources out of folders and NDJSON files.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::fault::Fault;

/// Largest file that is looked into for its FHIR type, and largest line of an NDJSON file.
const LOOKED_INTO: u64 = 16 * 1024 * 1024;

/// One record to share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What to call it on the screen.
    pub name: String,
    /// Its FHIR type, when it is a resource.
    pub kind: Option<String>,
    /// Its bytes.
    pub content: Content,
}

/// Where a record's bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// In a file, of any size.
    File(PathBuf),
    /// In memory.
    Bytes(Vec<u8>),
}

/// Records in files and folders, in the order given; folders by name.
pub fn items(paths: &[PathBuf]) -> anyhow::Result<Vec<Item>> {
    let mut items = Vec::new();
    for path in paths {
        collect(path, true, &mut items).with_context(|| path.display().to_string())?;
    }
    if items.is_empty() {
        return Err(Fault::usage("no records found: folders give their *.json and *.ndjson").into());
    }
    Ok(items)
}

fn collect(path: &Path, named: bool, items: &mut Vec<Item>) -> anyhow::Result<()> {
    if path.is_dir() {
        let mut inside = fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<Vec<_>, _>>()?;
        inside.sort();
        for path in inside {
            collect(&path, false, items)?;
        }
        return Ok(());
    }
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match extension {
        "ndjson" => lines(path, &name, items),
        "json" => {
            let length = fs::metadata(path)?.len();
            let kind = if length <= LOOKED_INTO { kind_of(&fs::read(path)?) } else { None };
            // What lies in a folder beside the resources is passed over.
            if kind.is_some() || named {
                items.push(Item { name, kind, content: Content::File(path.to_owned()) });
            }
            Ok(())
        },
        _ if named => {
            fs::metadata(path)?;
            items.push(Item { name, kind: None, content: Content::File(path.to_owned()) });
            Ok(())
        },
        _ => Ok(()),
    }
}

fn lines(path: &Path, name: &str, items: &mut Vec<Item>) -> anyhow::Result<()> {
    let mut reader = BufReader::new(fs::File::open(path)?);
    for number in 1.. {
        let mut line = Vec::new();
        let mut limited = std::io::Read::take(&mut reader, LOOKED_INTO);
        if limited.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.last() != Some(&b'\n') && line.len() as u64 == LOOKED_INTO {
            return Err(Fault::usage(format!("{name}, line {number}: too long")).into());
        }
        let bytes = line.trim_ascii().to_vec();
        if bytes.is_empty() {
            continue;
        }
        let kind = kind_of(&bytes).ok_or_else(|| {
            Fault::usage(format!("{name}, line {number}: no FHIR resource in JSON"))
        })?;
        let content = Content::Bytes(bytes);
        items.push(Item { name: format!("{name}:{number}"), kind: Some(kind), content });
    }
    Ok(())
}

/// The FHIR type of a JSON text, if it has one.
pub fn kind_of(bytes: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Typed {
        #[serde(rename = "resourceType")]
        kind: String,
    }
    serde_json::from_slice::<Typed>(bytes).ok().map(|typed| typed.kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_give_their_resources_and_lines() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("b.json"), "{\"resourceType\":\"Patient\"}").unwrap();
        fs::write(
            at("a.ndjson"),
            "{\"resourceType\":\"Condition\"}\n\n{\"resourceType\":\"Goal\"}",
        )
        .unwrap();
        fs::write(at("package.json"), "{}").unwrap();
        fs::write(at("scan.dcm"), "x").unwrap();
        let found = items(&[folder.path().to_owned()]).unwrap();
        let names: Vec<_> = found.iter().map(|item| item.name.as_str()).collect();
        assert_eq!(names, ["a.ndjson:1", "a.ndjson:3", "b.json"]);
        assert_eq!(found[1].kind.as_deref(), Some("Goal"));
        assert_eq!(found[0].content, Content::Bytes(b"{\"resourceType\":\"Condition\"}".to_vec()));
    }

    #[test]
    fn files_named_by_hand_are_taken_whatever_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let scan = folder.path().join("scan.dcm");
        fs::write(&scan, "x").unwrap();
        let found = items(std::slice::from_ref(&scan)).unwrap();
        assert_eq!((found.len(), found[0].kind.as_deref()), (1, None));
        assert!(items(&[folder.path().join("missing.dcm")]).is_err());
        assert!(items(&[folder.path().to_owned()]).is_err(), "nothing usable");
        let bad = folder.path().join("bad.ndjson");
        fs::write(&bad, "{\"resourceType\":\"Goal\"}\n{}\n").unwrap();
        let error = items(&[bad]).unwrap_err();
        assert!(format!("{error:#}").contains("line 2"), "{error:#}");
    }
}
