//! Events and errors of the calls.

use frame_support::pallet_macros::pallet_section;

/// Events and errors.
#[pallet_section]
mod outcomes {
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A region has this custodian from now on.
        CustodianSet {
            /// The region.
            region: RegionCode,
            /// The custodian's account.
            account: T::AccountId,
            /// The key that shares are sealed to.
            key: EncryptionKey,
        },
        /// A region has no custodian any more.
        CustodianRemoved {
            /// The region.
            region: RegionCode,
            /// The account that was its custodian's.
            account: T::AccountId,
        },
        /// A person dealt a secret to custodians.
        Dealt {
            /// The person.
            person: PersonId,
            /// Which secrets.
            scope: DealtScope,
            /// The dealing's number.
            number: u32,
            /// How many shares open it.
            threshold: u8,
            /// Whose custodians, in the order of the parts.
            regions: PerCustodian<RegionCode>,
        },
        /// A custodian holds a good share.
        Acknowledged {
            /// Whose share.
            person: PersonId,
            /// Of which secrets.
            scope: DealtScope,
            /// The dealing's number.
            number: u32,
            /// The custodian's region.
            region: RegionCode,
            /// Acknowledged parts that count now.
            counting: u8,
            /// Whether they can open the dealing.
            recoverable: bool,
        },
        /// A custodian has no good share.
        Complained {
            /// Whose share.
            person: PersonId,
            /// Of which secrets.
            scope: DealtScope,
            /// The dealing's number.
            number: u32,
            /// The custodian's region.
            region: RegionCode,
            /// What is wrong.
            reason: ComplaintReason,
        },
        /// An institution asks that new keys speak for a person.
        RecoveryOpened {
            /// The recovery.
            id: RecoveryId,
            /// Whose keys.
            person: PersonId,
            /// Who asks.
            institution: InstitutionId,
            /// The account that speaks for the person now.
            old_controller: T::AccountId,
            /// The account that is to.
            new_controller: T::AccountId,
            /// First instant at which it may be executed.
            executable_from: Instant,
        },
        /// A region approved a recovery.
        RecoveryApproved {
            /// The recovery.
            id: RecoveryId,
            /// Whose keys.
            person: PersonId,
            /// The region.
            region: RegionCode,
            /// How many approved so far.
            approvals: u8,
            /// How many must.
            bar: u8,
        },
        /// The old key vetoed a recovery.
        RecoveryContested {
            /// The recovery.
            id: RecoveryId,
            /// Whose keys.
            person: PersonId,
            /// How many regions must approve now.
            bar: u8,
            /// First instant at which it may be executed now.
            executable_from: Instant,
        },
        /// Both sides of a contested recovery were heard.
        HearingRecorded {
            /// The recovery.
            id: RecoveryId,
            /// Whose keys.
            person: PersonId,
            /// Salted hash of the minutes.
            protocol: Hash32,
        },
        /// A recovery ended without new keys.
        RecoveryEnded {
            /// The recovery.
            id: RecoveryId,
            /// Whose keys.
            person: PersonId,
            /// Who had asked.
            institution: InstitutionId,
            /// How it ended.
            status: RecoveryStatus,
        },
        /// New keys speak for a person.
        RecoveryExecuted {
            /// The recovery.
            id: RecoveryId,
            /// Whose keys.
            person: PersonId,
            /// The account that spoke for the person.
            old_controller: T::AccountId,
            /// The account that speaks for the person now.
            new_controller: T::AccountId,
            /// Number of the dealing whose shares are handed over; none when nothing was dealt.
            dealing: Option<u32>,
        },
        /// A custodian sealed its share again for a case's receiver.
        HandedOver {
            /// The case.
            case: CaseRef,
            /// Whose share.
            person: PersonId,
            /// The custodian's region.
            region: RegionCode,
            /// BLAKE3 of the sealed share.
            blob: Hash32,
        },
        /// A physician opened a person's emergency summary.
        EmergencyOpened {
            /// The emergency.
            id: EmergencyId,
            /// Whose summary.
            person: PersonId,
            /// The physician.
            practitioner: T::AccountId,
            /// As whose physician.
            institution: InstitutionId,
            /// The region that must review it.
            region: RegionCode,
            /// Why.
            reason: EmergencyReason,
            /// Until when.
            ends_at: Instant,
        },
        /// An emergency was reviewed.
        EmergencyReviewed {
            /// The emergency.
            id: EmergencyId,
            /// Whose summary it opened.
            person: PersonId,
            /// The practitioner.
            practitioner: T::AccountId,
            /// What was found.
            outcome: ReviewOutcome,
            /// Whether the practitioner is suspended now because of it.
            suspended: bool,
        },
        /// A pan-centre's review is overdue.
        EmergencyEscalated {
            /// The emergency.
            id: EmergencyId,
            /// The region that must review it.
            region: RegionCode,
            /// Its pan-centre.
            pan_centre: Option<T::AccountId>,
            /// Escalated reviews that the region owes now.
            owed: u32,
        },
        /// A practitioner ended an emergency early.
        EmergencyClosed {
            /// The emergency.
            id: EmergencyId,
            /// Whose summary it opened.
            person: PersonId,
            /// The practitioner.
            practitioner: T::AccountId,
        },
        /// A case that ended long ago was removed.
        CasePruned {
            /// The case.
            case: CaseRef,
        },
        /// A custodian has another key; shares sealed to former ones count on.
        CustodianKeyRotated {
            /// The region.
            region: RegionCode,
            /// The key from now on.
            key: EncryptionKey,
        },
        /// Coins of an account that speaks for the person no more went to the one that does.
        CoinsMoved {
            /// Whose coins.
            person: PersonId,
            /// The account that spoke for the person.
            from: T::AccountId,
            /// The account that speaks for the person.
            to: T::AccountId,
            /// How much.
            amount: BalanceOf<T>,
        },
        /// An account that a recovery had replaced speaks for the same person again.
        AccountFound {
            /// Who.
            person: PersonId,
            /// The account, whose coins are free now.
            account: T::AccountId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The key is of low order and would protect nothing. Make a new one.
        LowOrderKey,
        /// The account or the key is another region's custodian's. Use others: shares are worth
        /// something only in different hands.
        AccountTaken,
        /// The account is a pan-centre's. A custodian has an account of its own.
        PanCentreAccount,
        /// The custodian has this account and key already. Nothing is to be done.
        Unchanged,
        /// As many regions have a custodian as the chain can hold. Raise the limit by an upgrade.
        TooManyRegions,
        /// The region is unknown or suspended, or has appointed no custodian. Choose another.
        NoCustodian,
        /// A dealing needs more custodians. Choose more regions.
        TooFewCustodians,
        /// The threshold is below the least one or above the number of parts. Correct it.
        WrongThreshold,
        /// There are not as many commitments as the threshold says. Deal again.
        WrongCommitments,
        /// The parts do not rise by region, or one stands twice. Sort them.
        PartsNotRising,
        /// The account is not the custodian of an active region.
        NotCustodian,
        /// The person has not dealt these secrets.
        DealingUnknown,
        /// The person has dealt anew. Read the dealing in force.
        DealingReplaced,
        /// The region has no part in this dealing.
        NoPart,
        /// The custodian's key is another than when the dealing was made. The person must deal
        /// again.
        KeyChanged,
        /// The custodian has said so already, or has named the share bad for good.
        AlreadyAnswered,
        /// No such person. Enrol instead.
        PersonUnknown,
        /// The identity is closed for good.
        PersonClosed,
        /// The person is suspended. Governance lifts suspensions.
        PersonSuspended,
        /// The account speaks for a person, or did before a recovery. Use a new account.
        AccountInUse,
        /// The signature is not the new account's over this payload on this chain. Sign exactly
        /// what the call says.
        BadSignature,
        /// A recovery of this person by this institution failed or was withdrawn lately. Another
        /// institution may open one, or wait.
        CoolingDown,
        /// A recovery of this person's keys is pending. Wait for its end.
        RecoveryPending,
        /// The institution has as many recoveries pending as it may. Let one end.
        TooManyRecoveries,
        /// There is no such recovery; it may have been pruned.
        RecoveryUnknown,
        /// The recovery was executed or has ended.
        NotPending,
        /// The recovery's time is over. Open another.
        Expired,
        /// The recovery is contested and nobody was heard yet. The home region records a hearing.
        HearingMissing,
        /// The region has approved already.
        AlreadyApproved,
        /// The recovery is about another person's keys.
        OtherPerson,
        /// The old key has vetoed this recovery already. Speak at the hearing.
        AlreadyContested,
        /// Another region's pan-centre is responsible.
        OtherRegion,
        /// The recovery is not contested. There is nothing to hear.
        NotContested,
        /// A hearing is recorded already.
        HearingRecorded,
        /// Another institution opened the recovery.
        OtherInstitution,
        /// The old key can still veto. Wait until `executable_from`.
        DelayNotOver,
        /// Fewer active regions have approved than must, or fewer than two beside the opening
        /// institution's.
        NotEnoughApprovals,
        /// The institution that opened the recovery is no longer permitted. Another opens anew.
        InstitutionNotPermitted,
        /// The recovery is not executed. Custodians answer no other.
        NotExecuted,
        /// The custodian has handed over already.
        AlreadyHandedOver,
        /// There is no such emergency; it may have been pruned.
        EmergencyUnknown,
        /// The emergency is over.
        EmergencyOver,
        /// The number of hours is zero or above the most allowed. Choose fewer.
        WrongHours,
        /// The account is no active physician of that permitted institution.
        NotPhysician,
        /// The person is unknown, or the identity is expired, invalidated, suspended or closed.
        PersonNotValid,
        /// Too few custodians hold good shares of the person's emergency summary.
        NotAnswerable,
        /// The practitioner has as many emergencies open, or with overdue reviews, as may be.
        TooManyEmergencies,
        /// The practitioner has an emergency open about this person.
        AlreadyOpen,
        /// The person or the practitioner has as many emergencies that wait for review as can be
        /// kept. The pan-centres must review them.
        TooManyCases,
        /// The emergency is reviewed already.
        AlreadyReviewed,
        /// The review is not overdue yet.
        NotOverdue,
        /// The overdue review was escalated already.
        AlreadyEscalated,
        /// Another practitioner opened the emergency.
        OtherPractitioner,
        /// The case has not ended, has not been kept long enough, or waits for its review.
        TooEarly,
        /// No recovery replaced the account. Its owner moves its coins.
        NotLost,
        /// The account has nothing that could be moved: nothing at all, less than an account may
        /// begin with, or deposits that other calls give back first.
        NothingToCollect,
        /// As many emergencies of the practitioner about this person wait for review as may.
        /// Another practitioner may open one; the pan-centre must review.
        ReviewsOutstanding,
    }
}
