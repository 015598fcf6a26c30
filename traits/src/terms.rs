//! Terms that other pallets give and end: authorisation codes, referrals.

use frame_support::dispatch::DispatchResult;
use kanglian_primitives::{Grantee, Hash32, Instant, PersonId, Terms, TermsId, TermsTemplate};

/// Gives terms in a person's name and ends them. Whoever calls has ascertained the person's will:
/// a call of the person, or a code that the person issued.
pub trait TermsGiver<AccountId> {
    /// Whether the account acts as the grantee at `now`.
    fn acts_as(who: &AccountId, grantee: &Grantee<AccountId>, now: Instant) -> bool;

    /// Whether terms like these could be given at `now`, to whomever.
    fn check(template: &TermsTemplate, now: Instant) -> DispatchResult;

    /// The number that the next terms of this person and grantee get.
    fn next_id(person: &PersonId, grantee: &Grantee<AccountId>) -> TermsId;

    /// Gives root terms.
    fn give(
        person: PersonId,
        grantee: Grantee<AccountId>,
        terms: Terms<AccountId>,
    ) -> DispatchResult;

    /// Gives a part of terms on that the account holds, acting as their grantee. The child names
    /// its parent.
    fn give_on(
        who: &AccountId,
        person: PersonId,
        acting_as: Grantee<AccountId>,
        grantee: Grantee<AccountId>,
        terms: Terms<AccountId>,
    ) -> DispatchResult;

    /// Whether these terms are there, count at `now`, and so does all they came from.
    fn in_force(person: &PersonId, grantee: &Grantee<AccountId>, id: TermsId, now: Instant)
    -> bool;

    /// Ends terms and whatever was given on from them. Says whether there was something to end.
    fn end(person: PersonId, grantee: &Grantee<AccountId>, id: TermsId) -> bool;

    /// Puts the hash of a bundle that was sealed again in the place of `old`; an error when the
    /// terms name another one, or are gone.
    fn replace_bundle(
        person: PersonId,
        grantee: &Grantee<AccountId>,
        id: TermsId,
        old: Hash32,
        new: Hash32,
    ) -> DispatchResult;
}
