//! The watched folder: files that no longer change are taken in and set aside.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use anyhow::Context;

use super::{Shelf, parcels, parcels::Form, take};
use crate::spool;

/// A file that was written to within this time is still being written.
const QUIET: Duration = Duration::from_secs(2);

/// Takes in what lies in the folder; gives how many files. `*.json`, `*.ndjson` and `*.xml` count;
/// hidden files and others stay. A file is moved to `taken`, or to `refused` with the reasons beside
/// it, once everything in it is on disk in the spool.
pub fn sweep(shelf: &Shelf, inbox: &Path) -> anyhow::Result<usize> {
    let mut found = Vec::new();
    for entry in fs::read_dir(inbox).with_context(|| inbox.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Not what a link points to: only what was put here.
        if !name.starts_with('.') && entry.file_type()?.is_file() {
            found.push((name, entry.path()));
        }
    }
    found.sort();
    let mut count = 0usize;
    for (name, path) in found {
        let Some(form) = Form::of_file(&name) else { continue };
        let about = fs::metadata(&path)?;
        let age = SystemTime::now().duration_since(about.modified()?).unwrap_or_default();
        if age < QUIET {
            continue;
        }
        let too_large = about.len() > parcels::LARGEST as u64;
        let bytes = if too_large { Vec::new() } else { fs::read(&path)? };
        let reasons = if too_large {
            vec![format!("larger than {} MiB", parcels::LARGEST >> 20)]
        } else {
            let taken = take(shelf, &name, form, &bytes)?;
            taken.refused.iter().map(|(part, reason)| format!("{part}: {reason}")).collect()
        };
        let (place, target) = match reasons.is_empty() {
            true => ("taken", set_aside(inbox, "taken", &name, &bytes)?),
            false => ("refused", set_aside(inbox, "refused", &name, &bytes)?),
        };
        if !reasons.is_empty() {
            let mut beside = target.clone().into_os_string();
            beside.push(".reason.txt");
            crate::files::replace(Path::new(&beside), reasons.join("\n").as_bytes())?;
        }
        fs::rename(&path, &target).with_context(|| path.display().to_string())?;
        tracing::info!(name, place, "a file was taken in");
        count = count.saturating_add(1);
    }
    Ok(count)
}

/// Where a file goes; another of its name is not overwritten.
fn set_aside(inbox: &Path, place: &str, name: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    let folder = inbox.join(place);
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let plain = folder.join(name);
    if !plain.exists() {
        return Ok(plain);
    }
    let key = spool::key_of(bytes);
    Ok(folder.join(format!("{}-{name}", key.get(..16).unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spool::Spool;

    fn old(path: &Path, text: &str) {
        fs::write(path, text).unwrap();
        let file = fs::OpenOptions::new().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
    }

    #[test]
    fn finished_files_are_taken_and_set_aside_and_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let inbox = folder.path().join("inbox");
        fs::create_dir(&inbox).unwrap();
        let shelf = Shelf::new(Spool::open(&folder.path().join("spool")).unwrap());
        let goal = r#"{"resourceType":"Goal","subject":{"reference":"Patient/1"}}"#;
        old(&inbox.join("a.json"), goal);
        old(&inbox.join("bad.xml"), "<a>");
        old(&inbox.join(".hidden.json"), goal);
        old(&inbox.join("a.json.part"), goal);
        fs::write(inbox.join("young.json"), goal).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", inbox.join("link.json")).unwrap();
        assert_eq!(sweep(&shelf, &inbox).unwrap(), 2);
        assert!(inbox.join("taken/a.json").exists());
        assert!(inbox.join("refused/bad.xml").exists());
        let reason = fs::read_to_string(inbox.join("refused/bad.xml.reason.txt")).unwrap();
        assert!(reason.contains("ClinicalDocument"), "{reason}");
        for name in [".hidden.json", "a.json.part", "young.json", "link.json"] {
            assert!(inbox.join(name).exists(), "{name}");
        }
        // The same name again: neither is lost.
        old(&inbox.join("a.json"), &goal.replace('1', "2"));
        assert_eq!(sweep(&shelf, &inbox).unwrap(), 1);
        assert_eq!(fs::read_dir(inbox.join("taken")).unwrap().count(), 2);
        assert_eq!(shelf.lock().items().len(), 3);
    }
}
