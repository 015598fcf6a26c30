//! Files that hold secrets.

use std::io::Write;
use std::path::Path;

use zeroize::Zeroizing;

use super::KeyError;

/// Writes a file that only its owner may read (mode 0600), whole or not at all. An existing file
/// is replaced only when `replace` says so.
pub fn write_private(path: &Path, content: &[u8], replace: bool) -> Result<(), KeyError> {
    let error = |source| KeyError::file(path, source);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(error)?;
    // Temporary files are made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(error)?;
    file.write_all(content).map_err(error)?;
    file.as_file().sync_all().map_err(error)?;
    let persisted = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    persisted.map_err(|failed| error(failed.error))?;
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(error)
}

/// Reads a file that holds a secret. With `strict`, refuses one that others may read.
pub fn read_private(path: &Path, strict: bool) -> Result<Zeroizing<String>, KeyError> {
    let error = |source| KeyError::file(path, source);
    #[cfg(unix)]
    if strict {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map_err(error)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(KeyError::ReadableByOthers(path.to_owned()));
        }
    }
    std::fs::read_to_string(path).map(Zeroizing::new).map_err(error)
}
