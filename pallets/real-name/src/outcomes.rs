//! Events and errors of the calls.

use frame_support::pallet_macros::pallet_section;

/// Events and errors.
#[pallet_section]
mod outcomes {
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A person was attested.
        Attested {
            /// The person.
            person: PersonId,
            /// The account that speaks for the person.
            controller: T::AccountId,
            /// The institution that vouches.
            attester: InstitutionId,
            /// The home region.
            home_region: RegionCode,
            /// Until when the identity is valid.
            valid_until: Instant,
        },
        /// An identity was made valid for longer.
        Renewed {
            /// The person.
            person: PersonId,
            /// The institution that renewed.
            institution: InstitutionId,
            /// Until when the identity is valid now.
            valid_until: Instant,
        },
        /// Another account speaks for a person.
        ControllerRotated {
            /// The person.
            person: PersonId,
            /// The account that spoke for the person.
            old: T::AccountId,
            /// The account that speaks for the person from now on.
            new: T::AccountId,
        },
        /// A person has another data key.
        DataKeyRotated {
            /// The person.
            person: PersonId,
            /// The new key.
            key: EncryptionKey,
        },
        /// A person has another home region.
        RegionMoved {
            /// The person.
            person: PersonId,
            /// The former home region.
            from: RegionCode,
            /// The new home region.
            to: RegionCode,
        },
        /// An institution's attestations from an instant on do not count.
        AttesterInvalidated {
            /// The institution.
            institution: InstitutionId,
            /// First instant whose attestations do not count.
            from: Instant,
        },
        /// An institution vouched again for a person.
        ReAttested {
            /// The person.
            person: PersonId,
            /// The institution that vouches now.
            attester: InstitutionId,
            /// Until when the identity is valid.
            valid_until: Instant,
        },
        /// A person was suspended.
        Suspended {
            /// The person.
            person: PersonId,
            /// The home region, whose pan-centre did it.
            region: RegionCode,
        },
        /// A person's suspension was lifted.
        Lifted {
            /// The person.
            person: PersonId,
        },
        /// A long expired identity was closed and its account set free.
        Closed {
            /// The person.
            person: PersonId,
            /// The account that is free now.
            controller: T::AccountId,
        },
        /// New keys speak for a person; the old account has no right left.
        Recovered {
            /// The person.
            person: PersonId,
            /// The account that spoke for the person.
            old: T::AccountId,
            /// The account that speaks for the person from now on.
            new: T::AccountId,
            /// The new data key.
            data_key: EncryptionKey,
        },
        /// An institution asks for a link without the alias's signature.
        LinkRequested {
            /// The id that is to be another name.
            alias: PersonId,
            /// The id that stays.
            canonical: PersonId,
            /// The institution that saw both documents.
            institution: InstitutionId,
            /// From when on the pan-centre of the alias's home region may approve.
            approvable_from: Instant,
        },
        /// A link was refused before it came about.
        LinkRefused {
            /// The id that was to be another name.
            alias: PersonId,
            /// The id that was to stay.
            canonical: PersonId,
        },
        /// Two ids are one person's.
        Linked {
            /// The id that is another name from now on.
            alias: PersonId,
            /// The id that stays.
            canonical: PersonId,
            /// The institution that saw both documents.
            institution: InstitutionId,
            /// The region whose pan-centre stood in for the alias's signature.
            approved_by: Option<RegionCode>,
        },
        /// A person is known by the id of a new generation of registrars, too.
        Migrated {
            /// The id under which the person is attested.
            old: PersonId,
            /// The id under the generation.
            new: PersonId,
            /// The generation.
            generation: u32,
            /// The institution that had both evaluated.
            institution: InstitutionId,
        },
        /// An alias was wrong and is none any more.
        AliasUndone {
            /// The id that was another name.
            alias: PersonId,
            /// What it was another name of.
            canonical: PersonId,
            /// The region whose pan-centre undid it.
            region: RegionCode,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The person is attested already. Renew or re-attest instead.
        PersonKnown,
        /// No such person. Attest first.
        PersonUnknown,
        /// The account speaks for a person already. Use another account.
        AccountInUse,
        /// The encryption key is a point of small order. Make a new key pair.
        LowOrderKey,
        /// Scope keys do not rise by business block, or a block is above 63. Sort them and leave
        /// out doubles.
        ScopeKeysNotRising,
        /// The signature is not the account's over this payload on this chain. Sign exactly what
        /// the call says.
        BadSignature,
        /// The end of validity is not in the future. Choose a later one.
        EndsInPast,
        /// The end of validity lies further ahead than `MaxValidity`. Choose an earlier one.
        ValidityTooLong,
        /// The new end of validity is not after the old one. Choose a later one.
        NotExtended,
        /// Attestations of this institution do not count any more. Another institution must
        /// attest.
        AttesterVoid,
        /// The person's home is in another region. Ask an office of that region.
        OutsideRegion,
        /// The region is unknown or suspended. Choose an active one.
        RegionNotActive,
        /// The person is suspended. Governance lifts suspensions.
        PersonSuspended,
        /// The identity is closed for good.
        PersonClosed,
        /// The identity has expired. An institution must re-attest.
        Expired,
        /// The attestation does not count any more. Another institution must re-attest.
        Invalidated,
        /// The attestation counts and has not expired. Renew instead.
        StillAttested,
        /// The person is not suspended. Nothing is to be lifted.
        NotSuspended,
        /// The identity has not been expired for the whole of `CloseGrace`. Wait.
        GraceNotOver,
        /// The value is the one in force. Nothing is to be done.
        Unchanged,
        /// The present generation of registrars was declared compromised. Wait for the next one.
        GenerationClosed,
        /// The id is another name of a person who is attested under another id. Act on that one.
        PersonLinked,
        /// An id is no other name of itself. Name two.
        SamePerson,
        /// Keys of the person are being recovered. Wait for the end of it.
        RecoveryPending,
        /// Other ids are linked to the alias. Link them to the one that stays instead.
        HasAliases,
        /// The person has as many other names as there can be.
        TooManyAliases,
        /// A link of this alias waits for its pan-centre already.
        LinkPending,
        /// No link of this alias waits for approval.
        NoLinkRequest,
        /// The account of the alias may still object. Wait until the delay is over.
        TooEarly,
        /// The time for it is over.
        PeriodOver,
        /// The id is no other name of anybody.
        NotAlias,
        /// The person has the id of the present generation already.
        AlreadyMigrated,
        /// The keys were a guardian's whose time is over. The person takes over first.
        NotTakenOver,
    }
}
