//! Registrars over real HTTP on loopback, before a scripted chain.

mod anchoring;
mod canary;
mod child;
mod evaluating;
mod interface;
mod keys;
mod limits;
mod logs;
mod outcomes;
mod world;

use std::{sync::Arc, time::Duration};

use ed25519_dalek::SigningKey;
use kanglian_primitives::{InstitutionId, PersonId};
use kanglian_sdk::{
    registrar::{
        RegistrarError, Registrars,
        client::AskError,
        wire::{Evaluator, Outcome, Reason},
    },
    vault::{AccountSigner, dev_vault_key},
};

/// Nobody's: the example of GB 11643.
pub const DOCUMENT: &str = "01:11010519491231002X";

pub fn hospital() -> SigningKey {
    dev_vault_key("//Hospital")
}

pub fn clinic() -> SigningKey {
    dev_vault_key("//Clinic")
}

pub fn nurse() -> SigningKey {
    dev_vault_key("//Nurse")
}

pub fn regulator() -> SigningKey {
    dev_vault_key("//Regulator")
}

pub fn stranger() -> SigningKey {
    dev_vault_key("//Stranger")
}

pub fn hospital_id() -> InstitutionId {
    InstitutionId::from_parts(320_100, 1)
}

pub fn clinic_id() -> InstitutionId {
    InstitutionId::from_parts(330_100, 2)
}

pub fn for_hospital() -> Evaluator {
    Evaluator::Institution(hospital_id())
}

pub fn for_clinic() -> Evaluator {
    Evaluator::Institution(clinic_id())
}

/// The registrar's stable code of a refusal.
pub fn code<T: std::fmt::Debug>(result: Result<T, AskError>) -> String {
    let error = result.expect_err("a refusal was expected");
    error.code().map_or_else(|| error.to_string(), str::to_owned)
}

/// The codes of all registrars that refused.
pub fn codes<T: std::fmt::Debug>(result: Result<T, RegistrarError>) -> Vec<String> {
    match result.expect_err("a refusal was expected") {
        RegistrarError::TooFew { faults, .. } => {
            faults.into_iter().map(|fault| code::<()>(Err(fault.error))).collect()
        },
        other => panic!("{other}"),
    }
}
