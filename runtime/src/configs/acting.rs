//! What guardians and proxies may do for another: a closed list of single calls, and what each does.
//! Nothing that carries a call in it is here.

use alloc::vec::Vec;
use kanglian_primitives::{
    Act, Action, BusinessBlockSet, Grantee, Instant, PersonId, RecordId, TermsId,
};
use kanglian_traits::{ActInspect, RecordInspect};

use crate::{AccountId, Records, Runtime, RuntimeCall};

/// The list.
pub struct ActsForOthers;

/// An act that gives nothing.
fn plain(action: Action, blocks: BusinessBlockSet) -> Act {
    Act { action, blocks, until: None, readers: Vec::new() }
}

/// An act by which somebody comes to read.
fn giving(
    action: Action,
    blocks: BusinessBlockSet,
    until: Instant,
    to: Option<&Grantee<AccountId>>,
) -> Act {
    let readers = match to {
        Some(Grantee::Person(reader)) => alloc::vec![*reader],
        _ => Vec::new(),
    };
    Act { action, blocks, until: Some(until), readers }
}

/// Blocks of terms that the person gave; none when there are no such terms.
fn blocks_of(person: &PersonId, grantee: &Grantee<AccountId>, id: TermsId) -> BusinessBlockSet {
    let file = pallet_consents::Grants::<Runtime>::get(person, grantee);
    let terms = file.and_then(|file| file.find(id).map(|terms| terms.blocks));
    terms.unwrap_or_default()
}

/// The block of a record; none when there is no such record.
fn block_of(record: &RecordId) -> BusinessBlockSet {
    Records::facts(record).map(|facts| BusinessBlockSet::of(facts.block)).unwrap_or_default()
}

impl ActInspect<RuntimeCall> for ActsForOthers {
    fn act(person: &PersonId, call: &RuntimeCall) -> Option<Act> {
        use Action::{Codes, Correct, Grant, Manage, Refer, Revoke};
        let none = BusinessBlockSet::EMPTY;
        Some(match call {
            RuntimeCall::Consents(call) => match call {
                pallet_consents::Call::grant { grantee, terms } => {
                    giving(Grant, terms.blocks, terms.until, Some(grantee))
                },
                pallet_consents::Call::revoke { grantee, id } => {
                    plain(Revoke, blocks_of(person, grantee, *id))
                },
                pallet_consents::Call::allow_writing { blocks, until, .. } => {
                    let until = (!blocks.is_empty()).then_some(*until);
                    Act { until, ..plain(Manage, *blocks) }
                },
                pallet_consents::Call::rotate_scope_key { block, .. } => {
                    plain(Manage, BusinessBlockSet::of(*block))
                },
                _ => return None,
            },
            RuntimeCall::AccessCodes(call) => match call {
                pallet_access_codes::Call::issue_code { template, .. } => {
                    giving(Codes, template.blocks, template.until, None)
                },
                pallet_access_codes::Call::cancel_code { code } => {
                    let known = pallet_access_codes::Codes::<Runtime>::get(code);
                    plain(Codes, known.map(|code| code.template.blocks).unwrap_or_default())
                },
                _ => return None,
            },
            RuntimeCall::Referrals(call) => match call {
                pallet_referrals::Call::refer_own { offers, .. } => {
                    let blocks = offers
                        .iter()
                        .fold(none, |all, (_, terms)| BusinessBlockSet(all.0 | terms.blocks.0));
                    let until = offers.iter().map(|(_, terms)| terms.until).max();
                    Act { until, ..plain(Refer, blocks) }
                },
                pallet_referrals::Call::close_own { .. } => plain(Refer, none),
                _ => return None,
            },
            RuntimeCall::Corrections(call) => match call {
                pallet_corrections::Call::request { record, .. } => {
                    plain(Correct, block_of(record))
                },
                pallet_corrections::Call::withdraw { .. } => plain(Correct, none),
                _ => return None,
            },
            RuntimeCall::Records(pallet_records::Call::reject { record }) => {
                plain(Manage, block_of(record))
            },
            RuntimeCall::RealName(pallet_real_name::Call::move_region { .. }) => {
                plain(Manage, none)
            },
            _ => return None,
        })
    }
}
