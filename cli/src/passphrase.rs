//! Passphrases of key files: from a file, or typed. Never from the command line's arguments.

use std::{
    fs,
    io::{self, IsTerminal},
    path::PathBuf,
};

use anyhow::Context;
use zeroize::Zeroizing;

use crate::fault::Fault;

const LEAST: usize = 8;
const LONGEST_FILE: u64 = 4_096;

/// Where passphrases come from.
#[derive(Clone, Debug)]
pub struct Passphrases {
    file: Option<PathBuf>,
}

impl Passphrases {
    /// From a file when given, else from the terminal.
    pub fn new(file: Option<PathBuf>) -> Self {
        Self { file }
    }

    /// The passphrase of an existing key file.
    pub fn open(&self, what: &str) -> anyhow::Result<Zeroizing<String>> {
        match self.in_file()? {
            Some(passphrase) => Ok(passphrase),
            None => self.ask(&format!("Passphrase of {what}"), false),
        }
    }

    /// The passphrase of a new key file: typed twice.
    pub fn choose(&self, what: &str) -> anyhow::Result<Zeroizing<String>> {
        let passphrase = match self.in_file()? {
            Some(passphrase) => passphrase,
            None => self.ask(&format!("New passphrase for {what}"), true)?,
        };
        if passphrase.chars().count() < LEAST {
            return Err(
                Fault::usage(format!("a passphrase has at least {LEAST} characters")).into()
            );
        }
        Ok(passphrase)
    }

    /// Whether none has to be typed.
    pub fn are_in_a_file(&self) -> bool {
        self.file.is_some()
    }

    fn in_file(&self) -> anyhow::Result<Option<Zeroizing<String>>> {
        let Some(path) = &self.file else { return Ok(None) };
        let read = || {
            if fs::metadata(path)?.len() > LONGEST_FILE {
                return Err(io::Error::other("too long for a passphrase"));
            }
            fs::read_to_string(path)
        };
        let text = read().map(Zeroizing::new);
        let text = text.with_context(|| format!("the passphrase file {}", path.display()))?;
        let line = text.strip_suffix('\n').unwrap_or(&text);
        Ok(Some(Zeroizing::new(line.strip_suffix('\r').unwrap_or(line).to_owned())))
    }

    fn ask(&self, prompt: &str, twice: bool) -> anyhow::Result<Zeroizing<String>> {
        secret_line(prompt, twice)
    }
}

/// Asks for something secret on the terminal; reads one line when there is none.
pub fn secret_line(prompt: &str, twice: bool) -> anyhow::Result<Zeroizing<String>> {
    if !io::stdin().is_terminal() {
        let mut line = Zeroizing::new(String::new());
        io::stdin().read_line(&mut line).context("standard input")?;
        if line.is_empty() {
            return Err(Fault::usage(format!(
                "{prompt}: no terminal to ask on; give --passphrase-file, or the line on standard \
                 input"
            ))
            .into());
        }
        return Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()));
    }
    let mut ask = dialoguer::Password::new().with_prompt(prompt);
    if twice {
        ask = ask.with_confirmation("Once more", "The two differ");
    }
    Ok(Zeroizing::new(ask.interact()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_file_is_one_line_and_long_enough() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("passphrase");
        let source = Passphrases::new(Some(path.clone()));
        assert!(source.open("a key").is_err());
        fs::write(&path, "correct horse \r\n").unwrap();
        assert_eq!(source.choose("a key").unwrap().as_str(), "correct horse ");
        fs::write(&path, "short\n").unwrap();
        assert_eq!(source.open("a key").unwrap().as_str(), "short");
        assert!(source.choose("a key").is_err());
        fs::write(&path, vec![b'a'; 5_000]).unwrap();
        assert!(source.open("a key").is_err());
    }
}
