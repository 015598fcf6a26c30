//! Small servers for programs of the same house: on loopback, with a token.

use std::{net::SocketAddr, path::Path};

use anyhow::Context;
use axum::http::{HeaderMap, header};
use rand::Rng;

use crate::{fault::Fault, files};

/// Letters of a token.
const TOKEN: usize = 64;

/// Refuses an address that others than programs of this machine reach, unless a proxy that speaks TLS
/// stands before it.
pub fn check_address(address: SocketAddr, behind_proxy: bool) -> Result<(), Fault> {
    match address.ip().is_loopback() || behind_proxy {
        true => Ok(()),
        false => {
            Err(Fault::usage(format!("{address} is reached from outside: listen on 127.0.0.1")))
        },
    }
}

/// What a caller must show.
pub struct Token(blake3::Hash);

impl Token {
    /// The token in a file; made when there is none, readable by the owner alone.
    pub fn in_file(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            let mut bytes = [0u8; TOKEN / 2];
            rand::rng().fill_bytes(&mut bytes);
            private_file(path, hex::encode(bytes).as_bytes())?;
        }
        let text = files::read_small(path)?;
        let text = text.trim_ascii();
        if text.len() < TOKEN / 2 {
            let named = path.display();
            return Err(Fault::usage(format!(
                "{named}: a token has at least {} letters",
                TOKEN / 2
            ))
            .into());
        }
        Ok(Self(blake3::hash(text)))
    }

    /// Whether a request shows it.
    pub fn is_shown(&self, headers: &HeaderMap) -> bool {
        let shown = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        // Hashes are compared in constant time.
        shown.is_some_and(|shown| blake3::hash(shown.trim().as_bytes()) == self.0)
    }
}

/// A new file that the owner alone can read.
fn private_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    files::prepare(path)?;
    let named = || path.display().to_string();
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(named)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(named)
}

/// Binds the address; gives the one that was bound, written to a file if one is named.
pub async fn bind(
    address: SocketAddr,
    address_file: Option<&Path>,
) -> anyhow::Result<(tokio::net::TcpListener, SocketAddr)> {
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| format!("listening on {address}"))?;
    let bound = listener.local_addr()?;
    if let Some(path) = address_file {
        files::replace(path, bound.to_string().as_bytes())?;
    }
    Ok((listener, bound))
}

/// Until the user or the system ends the process.
pub async fn ended() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        let _ended = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {},
        _ = terminated.recv() => {},
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_listened_on_without_a_proxy() {
        for (address, behind, good) in [
            ("127.0.0.1:1", false, true),
            ("[::1]:1", false, true),
            ("0.0.0.0:1", false, false),
            ("192.0.2.1:1", false, false),
            ("0.0.0.0:1", true, true),
        ] {
            assert_eq!(check_address(address.parse().unwrap(), behind).is_ok(), good, "{address}");
        }
    }

    #[test]
    fn a_token_is_made_once_and_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let token = Token::in_file(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.len(), TOKEN);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let showing = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            headers
        };
        assert!(token.is_shown(&showing(&format!("Bearer {text}"))));
        assert!(Token::in_file(&path).unwrap().is_shown(&showing(&format!("Bearer {text}"))));
        for wrong in [text.clone(), "Bearer ".to_owned(), format!("Bearer {}", &text[1..])] {
            assert!(!token.is_shown(&showing(&wrong)), "{wrong}");
        }
        assert!(!token.is_shown(&HeaderMap::new()));
        std::fs::write(&path, "short").unwrap();
        assert!(Token::in_file(&path).is_err());
    }
}
