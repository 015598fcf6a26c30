//! What went wrong, in the classes that the exit code tells apart.

use std::process::ExitCode;

use kanglian_sdk::{
    chain::ChainError,
    registrar::{RegistrarError, SetError, ceremony::CeremonyError, client::AskError},
    vault::VaultError,
};

/// Class of a failure; its number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Anything that has no class of its own.
    Failure = 1,
    /// The command line or an input file is wrong.
    Usage = 2,
    /// The chain or a vault said no.
    Refused = 3,
    /// A node or a vault cannot be reached, or is not ready.
    Unreachable = 4,
    /// Bytes, a signature or a proof do not check.
    Verification = 5,
}

impl From<Class> for ExitCode {
    fn from(class: Class) -> Self {
        ExitCode::from(class as u8)
    }
}

/// A failure of a known class.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    class: Class,
    message: String,
}

impl Fault {
    /// The command line or an input file is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { class: Class::Usage, message: message.into() }
    }

    /// The chain or a vault said no.
    pub fn refused(message: impl Into<String>) -> Self {
        Self { class: Class::Refused, message: message.into() }
    }

    /// A node or a vault cannot be reached.
    pub fn unreachable(message: impl Into<String>) -> Self {
        Self { class: Class::Unreachable, message: message.into() }
    }

    /// Bytes, a signature or a proof do not check.
    pub fn verification(message: impl Into<String>) -> Self {
        Self { class: Class::Verification, message: message.into() }
    }
}

/// The class of an error: that of the first cause that has one.
pub fn class_of(error: &anyhow::Error) -> Class {
    error.chain().find_map(class_of_cause).unwrap_or(Class::Failure)
}

fn class_of_cause(cause: &(dyn std::error::Error + 'static)) -> Option<Class> {
    if let Some(fault) = cause.downcast_ref::<Fault>() {
        return Some(fault.class);
    }
    if let Some(error) = cause.downcast_ref::<ChainError>() {
        return match error {
            ChainError::BadUrl { .. } => Some(Class::Usage),
            error if error.is_unreachable() => Some(Class::Unreachable),
            error if error.is_refused() => Some(Class::Refused),
            _ => None,
        };
    }
    if let Some(error) = cause.downcast_ref::<RegistrarError>() {
        return class_of_registrars(error);
    }
    if let Some(error) = cause.downcast_ref::<AskError>() {
        return class_of_ask(error);
    }
    if let Some(error) = cause.downcast_ref::<SetError>() {
        return Some(class_of_set(error));
    }
    if let Some(error) = cause.downcast_ref::<CeremonyError>() {
        return Some(match error {
            CeremonyError::Set(error) => class_of_set(error),
            CeremonyError::Wrong(_) | CeremonyError::Missing(_) => Class::Usage,
            CeremonyError::Card(_) | CeremonyError::Dealing { .. } => Class::Verification,
        });
    }
    match cause.downcast_ref::<VaultError>()? {
        VaultError::Unreachable { .. } | VaultError::Refused { status: 503, .. } => {
            Some(Class::Unreachable)
        },
        VaultError::Refused { .. } => Some(Class::Refused),
        VaultError::Verification(_) | VaultError::Log(_) => Some(Class::Verification),
        VaultError::Usage(_) => Some(Class::Usage),
        VaultError::Protocol(_) | VaultError::Io(_) => None,
    }
}

fn class_of_set(error: &SetError) -> Class {
    match error {
        SetError::File { .. } => Class::Usage,
        SetError::Invalid(_) | SetError::Unsigned(_) => Class::Verification,
    }
}

fn class_of_ask(error: &AskError) -> Option<Class> {
    match error {
        AskError::Unreachable(_) | AskError::Refused { status: 503, .. } => {
            Some(Class::Unreachable)
        },
        AskError::Refused { .. } => Some(Class::Refused),
        AskError::Wrong(_) | AskError::Log(_) => Some(Class::Verification),
        AskError::Usage(_) => Some(Class::Usage),
    }
}

/// Of several faults the one that the caller can do most about.
fn class_of_registrars(error: &RegistrarError) -> Option<Class> {
    match error {
        RegistrarError::Set(error) => Some(class_of_set(error)),
        RegistrarError::Oprf(_) => Some(Class::Usage),
        RegistrarError::TooFew { faults, .. } => {
            let classes = faults.iter().filter_map(|fault| class_of_ask(&fault.error));
            let refused = classes.clone().find(|class| *class == Class::Refused);
            refused.or_else(|| classes.max_by_key(|class| *class as u8))
        },
        RegistrarError::Client(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;
    use kanglian_sdk::registrar::client::RegistrarFault;

    #[test]
    fn the_class_of_an_error_is_that_of_its_cause() {
        let class = |error: anyhow::Error| class_of(&error.context("sharing a file"));
        assert_eq!(class(Fault::verification("x").into()), Class::Verification);
        assert_eq!(class(anyhow::anyhow!("x")), Class::Failure);
        let refused =
            |status| VaultError::Refused { status, code: "c".to_owned(), message: "m".to_owned() };
        assert_eq!(class(refused(403).into()), Class::Refused);
        assert_eq!(class(refused(503).into()), Class::Unreachable);
        let late = ChainError::Timeout { what: "x".to_owned(), seconds: 1 };
        assert_eq!(class(late.into()), Class::Unreachable);
        let few = |errors: Vec<AskError>| {
            let fault = |error| RegistrarFault { name: "r".to_owned(), error };
            let faults = errors.into_iter().map(fault).collect();
            class(RegistrarError::TooFew { have: 1, of: 4, need: 3, faults, opened: vec![] }.into())
        };
        let gone = || AskError::Unreachable("x".to_owned());
        let no = |status| AskError::Refused { status, code: "c".into(), message: "m".into() };
        assert_eq!(few(vec![gone(), no(503)]), Class::Unreachable);
        assert_eq!(few(vec![gone(), no(429)]), Class::Refused);
        assert_eq!(few(vec![gone(), AskError::Wrong("x".to_owned())]), Class::Verification);
        let missing = std::fs::read("/nonexistent").context("reading").unwrap_err();
        assert_eq!(class(missing), Class::Failure);
    }
}
