//! Files that are read whole and written once.

use std::{fs, io::Write, path::Path};

use anyhow::Context;

use crate::fault::Fault;

/// Largest file that is read whole.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Reads a file of moderate size.
pub fn read_small(path: &Path) -> anyhow::Result<Vec<u8>> {
    let named = || path.display().to_string();
    let length = fs::metadata(path).with_context(named)?.len();
    if length > LARGEST {
        let most = LARGEST / 1024 / 1024;
        return Err(Fault::usage(format!("{}: larger than {most} MiB", named())).into());
    }
    fs::read(path).with_context(named)
}

/// Writes a file that must not exist yet.
pub fn write_new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let named = || path.display().to_string();
    prepare(path)?;
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).open(path).with_context(named)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(named)
}

/// Writes a file in the place of an older one, whole or not at all.
pub fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let named = || path.display().to_string();
    let folder = prepare(path)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(named)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).with_context(named)?;
    file.persist(path).with_context(named)?;
    Ok(())
}

/// Appends a line to a file; it is on disk when this returns.
pub fn append_line(path: &Path, line: &str) -> anyhow::Result<()> {
    let named = || path.display().to_string();
    prepare(path)?;
    let mut file =
        fs::OpenOptions::new().append(true).create(true).open(path).with_context(named)?;
    let text = format!("{line}\n");
    file.write_all(text.as_bytes()).and_then(|()| file.sync_data()).with_context(named)
}

/// Makes the folder of a path.
pub fn prepare(path: &Path) -> anyhow::Result<&Path> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_files_never_overwrite_and_replaced_ones_are_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/file");
        write_new(&path, b"one").unwrap();
        assert!(write_new(&path, b"two").is_err());
        assert_eq!(read_small(&path).unwrap(), b"one");
        replace(&path, b"three").unwrap();
        assert_eq!(read_small(&path).unwrap(), b"three");
        assert!(read_small(&folder.path().join("missing")).is_err());
    }
}
