//! What the story shares: FHIR R4 resources as they come, byte for byte.

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::Context;
use flate2::read::GzDecoder;

use super::generate;
use crate::fault::Fault;

/// How many resources are shared at least, and of how many types.
pub const LEAST: usize = 30;
/// See [`LEAST`].
pub const LEAST_TYPES: usize = 8;
/// How many are taken of one type.
const PER_TYPE: usize = 4;
/// Largest resource that is taken; the story is about permission, not about size.
const LARGEST: u64 = 512 * 1024;

/// Types of a clinical record that the story looks for, in the order in which it takes them.
pub const TYPES: [&str; 10] = [
    "Patient",
    "Encounter",
    "Condition",
    "Observation",
    "MedicationRequest",
    "Procedure",
    "DiagnosticReport",
    "Immunization",
    "AllergyIntolerance",
    "CarePlan",
];

/// A resource to share.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its FHIR type.
    pub kind: String,
    /// Where it comes from: a file's name.
    pub name: String,
    /// Its bytes, unchanged.
    pub bytes: Vec<u8>,
}

/// Resources, and in words where they come from.
#[derive(Debug)]
pub struct Input {
    /// What to share.
    pub resources: Vec<Resource>,
    /// Where it comes from.
    pub source: String,
}

/// Takes resources from a folder or an npm archive (`.tgz`) of FHIR R4 examples; makes them up when
/// none is given.
pub fn load(from: Option<&Path>) -> anyhow::Result<Input> {
    let Some(path) = from else {
        let resources = generate::resources(PER_TYPE);
        let source = format!(
            "built-in generator ({} resources; no --resources given, so no real input)",
            resources.len()
        );
        return Ok(Input { resources, source });
    };
    if !path.exists() {
        return Err(Fault::usage(format!("there is no {}", path.display())).into());
    }
    let found = if path.is_dir() { from_folder(path) } else { from_archive(path) }
        .with_context(|| format!("reading resources from {}", path.display()))?;
    let types = found.len();
    let resources: Vec<_> = found.into_values().flatten().collect();
    if resources.len() < LEAST || types < LEAST_TYPES {
        return Err(Fault::usage(format!(
            "{} holds {} usable FHIR resources of {types} types; the story needs {LEAST} of \
             {LEAST_TYPES} among {}",
            path.display(),
            resources.len(),
            TYPES.join(", ")
        ))
        .into());
    }
    let source = format!("{} resources of {types} types from {}", resources.len(), path.display());
    Ok(Input { resources, source })
}

type ByType = BTreeMap<&'static str, Vec<Resource>>;

/// The type that a file's name promises: `Observation-f001.json` and the like. Only such files are
/// opened, because a package holds thousands.
fn promised(name: &str) -> Option<&'static str> {
    let stem = name.strip_suffix(".json")?;
    let first = stem.split(['-', '_', '.']).next()?;
    TYPES.iter().copied().find(|kind| kind.eq_ignore_ascii_case(first))
}

fn is_of_type(bytes: &[u8], kind: &str) -> bool {
    let value = serde_json::from_slice::<serde_json::Value>(bytes);
    value.is_ok_and(|value| value.get("resourceType").is_some_and(|found| found == kind))
}

fn take(found: &mut ByType, kind: &'static str, name: String, bytes: Vec<u8>) {
    if is_of_type(&bytes, kind) {
        found.entry(kind).or_default().push(Resource { kind: kind.to_owned(), name, bytes });
    }
}

fn is_wanted(found: &ByType, kind: &str) -> bool {
    found.get(kind).is_none_or(|some| some.len() < PER_TYPE)
}

fn from_folder(folder: &Path) -> anyhow::Result<ByType> {
    let mut files: Vec<PathBuf> = Vec::new();
    // `npm pack` and `npm install` lay the files into `package/` or beside package.json.
    for folder in [folder.to_owned(), folder.join("package")] {
        if folder.is_dir() {
            for entry in fs::read_dir(&folder)? {
                files.push(entry?.path());
            }
        }
    }
    files.sort();
    let mut found = ByType::new();
    for file in files {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        let Some((name, kind)) = name.and_then(|name| promised(&name).map(|kind| (name, kind)))
        else {
            continue;
        };
        let length = fs::metadata(&file)?.len();
        if is_wanted(&found, kind) && length <= LARGEST {
            take(&mut found, kind, name, fs::read(&file)?);
        }
    }
    Ok(found)
}

fn from_archive(archive: &Path) -> anyhow::Result<ByType> {
    let mut tar = tar::Archive::new(GzDecoder::new(fs::File::open(archive)?));
    let mut found = ByType::new();
    for entry in tar.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.file_name().map(|name| name.to_string_lossy().into_owned());
        let Some((name, kind)) = name.and_then(|name| promised(&name).map(|kind| (name, kind)))
        else {
            continue;
        };
        if is_wanted(&found, kind) && entry.size() <= LARGEST {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            take(&mut found, kind, name, bytes);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(folder: &Path, types: usize) {
        for kind in &TYPES[..types] {
            for number in 0..6 {
                let body = format!("{{\"resourceType\":\"{kind}\",\"id\":\"{number}\"}}");
                fs::write(folder.join(format!("{kind}-{number}.json")), body).unwrap();
            }
        }
        fs::write(folder.join("package.json"), "{}").unwrap();
        fs::write(folder.join("Patient-broken.json"), "{").unwrap();
        fs::write(folder.join("Observation-liar.json"), "{\"resourceType\":\"Task\"}").unwrap();
    }

    #[test]
    fn the_generator_stands_in_and_says_so() {
        let input = load(None).unwrap();
        assert!(input.source.contains("generator"));
        assert!(input.resources.len() >= LEAST);
        let types: std::collections::BTreeSet<_> =
            input.resources.iter().map(|resource| resource.kind.as_str()).collect();
        assert!(types.len() >= LEAST_TYPES);
        for resource in &input.resources {
            assert!(is_of_type(&resource.bytes, &resource.kind), "{}", resource.name);
        }
    }

    #[test]
    fn a_folder_gives_some_of_each_type_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        fill(folder.path(), 8);
        let input = load(Some(folder.path())).unwrap();
        assert_eq!(input.resources.len(), 8 * PER_TYPE);
        assert!(input.resources.iter().all(|resource| resource.name != "Observation-liar.json"));
        let first = &input.resources[0];
        assert_eq!(first.bytes, fs::read(folder.path().join(&first.name)).unwrap());
    }

    #[test]
    fn too_little_input_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fill(folder.path(), 7);
        let error = load(Some(folder.path())).unwrap_err();
        assert_eq!(crate::fault::class_of(&error), crate::fault::Class::Usage);
        assert!(load(Some(&folder.path().join("missing"))).is_err());
    }
}
