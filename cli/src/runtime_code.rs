//! Code of a runtime: read from a file, named by its hash.

use std::path::{Path, PathBuf};

use clap::Args;
use kanglian_primitives::{Hash32, RecordId};
use subxt::config::{Hasher, substrate::BlakeTwo256};

use crate::{fault::Fault, files};

/// How Wasm begins.
const WASM: &[u8] = b"\0asm";
/// How Wasm that Substrate compressed begins.
const COMPRESSED: &[u8] = &[82, 188, 83, 118, 70, 219, 142, 5];

/// Which code is meant: its hash, or the file with it.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct CodeArgs {
    /// BLAKE2-256 of the code
    #[arg(value_parser = hash)]
    code_hash: Option<Hash32>,
    /// The code as the build writes it (….compact.compressed.wasm); its hash is computed
    #[arg(long)]
    code: Option<PathBuf>,
}

impl CodeArgs {
    /// The code's hash.
    pub fn hash(&self) -> anyhow::Result<Hash32> {
        match (self.code_hash, &self.code) {
            (Some(hash), _) => Ok(hash),
            (None, Some(path)) => Ok(Code::read(path)?.hash),
            (None, None) => Err(Fault::usage("give the code's hash or its file").into()),
        }
    }
}

/// Code of a runtime.
pub struct Code {
    /// As it goes on chain.
    pub bytes: Vec<u8>,
    /// BLAKE2-256 of it.
    pub hash: Hash32,
}

impl Code {
    /// Reads code from a file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = files::read_small(path)?;
        if !bytes.starts_with(WASM) && !bytes.starts_with(COMPRESSED) {
            return Err(Fault::usage(format!("{}: not a Wasm runtime", path.display())).into());
        }
        let hash = BlakeTwo256.hash(&bytes).0;
        Ok(Self { bytes, hash })
    }
}

/// Reads a hash: 0x and 64 digits.
pub fn hash(text: &str) -> Result<Hash32, Fault> {
    let id = text.parse::<RecordId>().map_err(|error| Fault::usage(error.to_string()))?;
    Ok(id.0)
}

/// A hash as [`hash`] reads it.
pub fn hex_of(hash: &Hash32) -> String {
    RecordId(*hash).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_wasm_and_named_by_its_blake2_hash() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runtime.wasm");
        std::fs::write(&path, b"\0asm").unwrap();
        let code = Code::read(&path).unwrap();
        let known = "0xc04f4579bbed4a462d59b8c24ba3098e71dc055d6b05bc1f0bfb04bac44b2ea2";
        assert_eq!(hex_of(&code.hash), known);
        assert_eq!(hash(known).unwrap(), code.hash);
        let args = CodeArgs { code_hash: None, code: Some(path.clone()) };
        assert_eq!(args.hash().unwrap(), code.hash);
        std::fs::write(&path, b"#!/bin/sh").unwrap();
        assert!(args.hash().is_err());
    }
}
