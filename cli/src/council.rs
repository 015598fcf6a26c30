//! Motions of the council, step by step or all at once.

use futures::future::try_join_all;
use kanglian_primitives::{Hash32, Height};
use kanglian_sdk::{
    AccountId,
    chain::{At, Call, Client, InBlock, Motion, Wait, calls},
    keys::Account,
};

use crate::fault::Fault;

/// How many members must agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Majority {
    /// More than half.
    Simple,
    /// At least two thirds.
    TwoThirds,
}

impl Majority {
    /// Yes votes needed among so many members.
    pub fn of(self, members: usize) -> usize {
        match self {
            Self::Simple => members / 2 + 1,
            Self::TwoThirds => (2 * members).div_ceil(3),
        }
    }
}

/// A motion that was carried out.
#[derive(Clone, Debug)]
pub struct Passed {
    /// Yes votes.
    pub ayes: usize,
    /// Yes votes needed.
    pub threshold: usize,
    /// The block of the transaction that carried it out.
    pub number: Height,
    /// That transaction.
    pub closed: InBlock,
}

/// Puts a motion and votes for it; none when the council is so small that it was carried out at
/// once.
pub async fn propose(
    chain: &Client,
    member: &Account,
    call: &Call,
    majority: Majority,
) -> anyhow::Result<Result<Motion, InBlock>> {
    let members = chain.council(At::Best).await?;
    check_seat(&members, member)?;
    let threshold = majority.of(members.len());
    let motion = calls::council::propose(u32::try_from(threshold)?, call.clone());
    let included = chain.submit(&motion, member, Wait::BestBlock).await?;
    let Some(proposed) = included.event("Council", "Proposed") else {
        return Ok(Err(included));
    };
    let (_, index, hash, _): (AccountId, u32, Hash32, u32) = proposed.decode()?;
    chain.submit(&calls::council::vote(hash, index, true), member, Wait::BestBlock).await?;
    Ok(Ok(open_motion(chain, &hash).await?))
}

/// An open motion.
pub async fn open_motion(chain: &Client, hash: &Hash32) -> anyhow::Result<Motion> {
    let motion = chain.motion(hash, At::Best).await?;
    motion.ok_or_else(|| {
        Fault::refused(format!("no open motion has the hash 0x{}", hex::encode(hash))).into()
    })
}

/// Closes a motion; says whether it was carried out.
pub async fn close(
    chain: &Client,
    anyone: &Account,
    motion: &Motion,
) -> anyhow::Result<(bool, InBlock)> {
    let call = chain.close_motion(motion).await?;
    let included = chain.submit(&call, anyone, Wait::Finalized).await?;
    Ok((included.event("Council", "Executed").is_some(), included))
}

/// Proposes a call (unless it is proposed already), votes with as many of the given members as it
/// needs, and closes.
pub async fn pass(
    chain: &Client,
    with: &[Account],
    call: &Call,
    majority: Majority,
) -> anyhow::Result<Passed> {
    let members = chain.council(At::Best).await?;
    for member in with {
        check_seat(&members, member)?;
    }
    let threshold = majority.of(members.len());
    let first = with.first().ok_or_else(|| Fault::usage("no member's account is given"))?;
    if with.len() < threshold {
        return Err(Fault::usage(format!(
            "this motion needs {threshold} of {} members; {} accounts are given",
            members.len(),
            with.len()
        ))
        .into());
    }
    let hash = chain.call_hash(call).await?;
    let mut motion = match chain.motion(&hash, At::Best).await? {
        Some(open) => open,
        None => match propose(chain, first, call, majority).await? {
            Ok(open) => open,
            Err(closed) => {
                return Ok(Passed { ayes: 1, threshold, number: closed.number, closed });
            },
        },
    };
    let missing = threshold.saturating_sub(motion.votes.ayes.len());
    let voters = with.iter().filter(|member| !motion.votes.ayes.contains(&member.id()));
    let vote = calls::council::vote(hash, motion.votes.index, true);
    let votes = voters.take(missing).map(|member| chain.submit(&vote, member, Wait::BestBlock));
    try_join_all(votes).await?;
    motion = open_motion(chain, &hash).await?;
    let ayes = motion.votes.ayes.len();
    let (carried_out, closed) = close(chain, first, &motion).await?;
    if !carried_out {
        return Err(Fault::refused("the motion was closed without being carried out").into());
    }
    Ok(Passed { ayes, threshold, number: closed.number, closed })
}

fn check_seat(members: &[AccountId], account: &Account) -> Result<(), Fault> {
    if members.contains(&account.id()) {
        return Ok(());
    }
    Err(Fault::refused(format!("{} has no seat in the council", account.id())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn majorities_follow_the_number_of_seats() {
        let of = |members| (Majority::Simple.of(members), Majority::TwoThirds.of(members));
        assert_eq!([1, 2, 3, 4, 5, 6].map(of), [(1, 1), (2, 2), (2, 2), (3, 3), (3, 4), (4, 4)]);
    }
}
