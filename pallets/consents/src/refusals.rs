//! Errors of the calls.

use frame_support::pallet_macros::pallet_section;

/// Errors.
#[pallet_section]
mod refusals {
    #[pallet::error]
    pub enum Error<T> {
        /// The terms or the write consent name no business block. Name at least one.
        NoBlocks,
        /// A business block does not exist, is retired, or takes public works only. Leave it out.
        BlockNotOpen,
        /// A restricted block stands beside other blocks. Give it terms of its own.
        RestrictedNotAlone,
        /// The terms name no purpose. Name at least one.
        NoPurposes,
        /// A purpose can never be granted (marketing, emergencies), or is unknown. Leave it out.
        PurposeNotGrantable,
        /// The terms begin when they are over, or later. Let `from` be before `until`.
        EmptyPeriod,
        /// The end is past or now. Choose a later one.
        AlreadyOver,
        /// The end is further ahead than allowed. Choose an earlier one and renew later.
        TooLong,
        /// The range of record dates is empty. Let `records_from` be before `records_until`.
        EmptyRecordRange,
        /// The terms may be given on more often than allowed. Lower `may_delegate`.
        DelegatesTooDeep,
        /// The identifier is not above the last one of this person and grantee, used or ended.
        /// Read the last one and choose a higher one.
        IdNotRising,
        /// The identifier is far above the last one and the clock. Choose the next one.
        IdTooFarAhead,
        /// The grantee holds as many terms of the person as allowed. End some first.
        TooManyTerms,
        /// A grant names parent terms. Leave them out, or delegate.
        ParentGiven,
        /// A delegation names no parent, or another grantee's. Name terms of the one acted as.
        ParentMissing,
        /// The parent terms, or what they came from, are revoked, expired, not yet begun, or held
        /// by somebody without standing. Ask the person for terms.
        ParentNotInForce,
        /// The parent terms may not be given on. Ask the person for terms.
        MayNotDelegate,
        /// The child goes beyond its parent in blocks, purposes, dates or depth. Narrow it.
        BeyondParent,
        /// The account is not what it claims to act as, or that is expired or suspended.
        NotActingAs,
        /// Nobody in standing is the grantee that terms are given on to. Check whom you name.
        GranteeNotInStanding,
        /// The person is unknown, expired or suspended.
        SubjectNotActive,
        /// The grantee holds no terms with this identifier; they may have ended. Read them again.
        TermsNotFound,
        /// The institution has no write consent that could end.
        NoWriteConsent,
        /// The key is of low order and would protect nothing. Make a new one.
        LowOrderKey,
        /// The epoch does not follow the published one. Read it; the first is 0.
        WrongEpoch,
        /// Terms whose bundle was sealed again do not cover the rotated block. Leave them out.
        BlockNotCovered,
        /// Blocks of scope keys do not rise, or one stands twice. Sort them.
        KeysNotRising,
        /// The anchored log has as many lines, or more. Anchor when it has grown.
        LogNotGrowing,
        /// The proof does not show that the log continues the anchored one. Lines were changed or
        /// removed, or the proof is for other sizes.
        InconsistentLog,
        /// The terms name another bundle than the one to be replaced: it was replaced already.
        OtherBundle,
        /// The id is no other name of the caller's person. Its own account revokes.
        NotLinked,
    }
}
