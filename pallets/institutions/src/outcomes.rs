//! Events and errors of the calls.

use frame_support::pallet_macros::pallet_section;

/// Events and errors.
#[pallet_section]
mod outcomes {
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A pan-centre proposed an institution.
        Nominated {
            /// The institution.
            institution: InstitutionId,
            /// Its province.
            region: RegionCode,
            /// The account that is to speak for it.
            controller: T::AccountId,
        },
        /// A pan-centre proposed several institutions.
        BatchNominated {
            /// Their province.
            region: RegionCode,
            /// The institutions, in the order given.
            institutions: BoundedVec<InstitutionId, T::MaxBatch>,
        },
        /// A nomination was taken back.
        Withdrawn {
            /// The institution.
            institution: InstitutionId,
        },
        /// The council permitted institutions or lifted their suspension.
        Permitted {
            /// The institutions, in the order given.
            institutions: BoundedVec<InstitutionId, T::MaxBatch>,
        },
        /// The council ended an institution for ever.
        Revoked {
            /// The institution.
            institution: InstitutionId,
            /// The account that spoke for it and is free now.
            controller: T::AccountId,
        },
        /// A pan-centre stopped an institution.
        Suspended {
            /// The institution.
            institution: InstitutionId,
            /// Its province.
            region: RegionCode,
        },
        /// The permission ends at another instant.
        Renewed {
            /// The institution.
            institution: InstitutionId,
            /// First instant at which the permission no longer counts.
            valid_until: Instant,
        },
        /// Another account speaks for an institution.
        ControllerReplaced {
            /// The institution.
            institution: InstitutionId,
            /// The account before, free now.
            old: T::AccountId,
            /// The account from now on.
            new: T::AccountId,
        },
        /// An institution has a new encryption key.
        EncryptionKeySet {
            /// The institution.
            institution: InstitutionId,
            /// The new key.
            key: EncryptionKey,
        },
        /// Somebody practises at an institution.
        PractitionerAdded {
            /// The institution.
            institution: InstitutionId,
            /// The practitioner.
            account: T::AccountId,
            /// What they do there.
            role: Role,
            /// First instant at which they no longer count.
            valid_until: Instant,
        },
        /// Somebody no longer practises at an institution.
        PractitionerRemoved {
            /// The institution.
            institution: InstitutionId,
            /// The practitioner.
            account: T::AccountId,
        },
        /// A pan-centre stopped a practitioner at one institution.
        PractitionerSuspended {
            /// The institution.
            institution: InstitutionId,
            /// The practitioner.
            account: T::AccountId,
        },
        /// The council ended a practitioner's suspension.
        PractitionerLifted {
            /// The institution.
            institution: InstitutionId,
            /// The practitioner.
            account: T::AccountId,
        },
        /// A review found abuse: the account, and the person behind it, is registered nowhere and
        /// opens no emergency until the council lifts it.
        PractitionerBarred {
            /// Where it was.
            institution: InstitutionId,
            /// The practitioner.
            account: T::AccountId,
        },
        /// An institution has a new care team.
        TeamCreated {
            /// The institution.
            institution: InstitutionId,
            /// The team's number there.
            team: TeamId,
        },
        /// Somebody joined a care team.
        TeamMemberAdded {
            /// The institution.
            institution: InstitutionId,
            /// The team.
            team: TeamId,
            /// Who joined.
            account: T::AccountId,
        },
        /// Somebody left a care team.
        TeamMemberRemoved {
            /// The institution.
            institution: InstitutionId,
            /// The team.
            team: TeamId,
            /// Who left.
            account: T::AccountId,
        },
        /// A care team is no more; its number is never used again.
        TeamDissolved {
            /// The institution.
            institution: InstitutionId,
            /// The team.
            team: TeamId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The code is registered already, perhaps revoked. Correct the code.
        InstitutionExists,
        /// No institution has this code. Nominate it first or correct the code.
        InstitutionUnknown,
        /// The institution belongs to another province. Its own pan-centre must act.
        OtherRegion,
        /// The institution is no mere nomination. Suspend it, or ask the council to revoke it.
        NotNominated,
        /// The institution is not permitted now, so there is nothing to suspend.
        NotPermitted,
        /// The institution is permitted already. Leave it out of the list.
        AlreadyPermitted,
        /// The institution is revoked for ever. Register a successor under another code.
        InstitutionRevoked,
        /// The institution is not revoked. It removes its practitioners itself.
        NotRevoked,
        /// The instant lies in the past. Give a later end, or renew first.
        Expired,
        /// The account speaks for an institution already. Use another account.
        ControllerTaken,
        /// The encryption key is a point of small order. Make a new key.
        WeakKey,
        /// The class is not a capital letter followed by capital letters or digits. See WS 218.
        KindInvalid,
        /// The name is empty, no UTF-8, or has control characters. Correct it.
        NameInvalid,
        /// An institution works in at least one business block. Name one.
        BlocksEmpty,
        /// A named business block does not exist or is retired. Leave it out.
        BlockNotOpen,
        /// The list is empty. Name at least one institution.
        BatchEmpty,
        /// The account practises there already. Remove it first to change its facts.
        PractitionerExists,
        /// The account does not practise there. Add it first or correct the account.
        PractitionerUnknown,
        /// The practitioner is suspended. Ask the council to lift the suspension.
        PractitionerStopped,
        /// The practitioner is not suspended, so there is nothing to lift.
        PractitionerNotStopped,
        /// The account is no active practitioner of the institution. Add or renew it first.
        NotActive,
        /// The institution has a team with this number. Choose another number.
        TeamExists,
        /// The institution has no team with this number. Create it first.
        TeamUnknown,
        /// The number belonged to a team that is no more. Choose another number.
        TeamNumberSpent,
        /// The team has as many members as it can have. Remove one or create another team.
        TeamFull,
        /// The account is listed in the team already.
        AlreadyMember,
        /// The account is not listed in the team.
        NotMember,
        /// A review found that the account, or the person behind it, abused an emergency. Ask the
        /// council to lift it.
        PractitionerBarred,
    }
}
