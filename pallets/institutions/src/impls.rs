//! Rules about texts, and answers to other pallets.

use kanglian_primitives::{Instant, InstitutionId, PersonId, TeamId};
use kanglian_traits::{
    InstitutionInspect, InstitutionView, PersonInspect, PhysicianView, RegionInspect,
    SuspendPractitioner,
};

use crate::{
    Bar, Barred, BarredPersons, Config, Event, InstitutionOf, InstitutionStatus, Institutions,
    Pallet, PractitionerStatus, Practitioners, Role, Teams,
};

/// Whether a name can be shown: UTF-8, not empty, no control characters.
pub(crate) fn is_name(name: &[u8]) -> bool {
    core::str::from_utf8(name)
        .is_ok_and(|text| !text.trim().is_empty() && !text.chars().any(char::is_control))
}

/// Whether a text has the shape of a WS 218 class: a capital letter, then capitals or digits.
pub(crate) fn is_kind(kind: &[u8]) -> bool {
    kind.first().is_some_and(u8::is_ascii_uppercase)
        && kind.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

impl<T: Config> InstitutionInspect<T::AccountId> for Pallet<T> {
    fn acting(who: &T::AccountId, now: Instant) -> Option<InstitutionView<T::AccountId>> {
        let id = InstitutionOf::<T>::get(who)?;
        Self::permitted(&id, now).filter(|institution| institution.controller == *who)
    }

    fn permitted(id: &InstitutionId, now: Instant) -> Option<InstitutionView<T::AccountId>> {
        let institution = Institutions::<T>::get(id)?;
        let counts = institution.status == InstitutionStatus::Permitted
            && now < institution.valid_until
            && T::Regions::is_active(institution.region);
        counts.then_some(InstitutionView {
            id: *id,
            region: institution.region,
            controller: institution.controller,
            blocks: institution.blocks,
        })
    }

    fn is_practitioner(who: &T::AccountId, id: &InstitutionId, now: Instant) -> bool {
        Practitioners::<T>::get(who, id).is_some_and(|practitioner| practitioner.is_active(now))
            && Self::permitted(id, now).is_some()
    }

    fn is_team_member(who: &T::AccountId, id: &InstitutionId, team: TeamId, now: Instant) -> bool {
        Teams::<T>::get(id, team).is_some_and(|team| team.members.contains(who))
            && Self::is_practitioner(who, id, now)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_institution(
        id: InstitutionId,
        region: kanglian_primitives::RegionCode,
        controller: &T::AccountId,
    ) {
        use kanglian_primitives::{BusinessBlockSet, EncryptionKey};
        if let Some(before) = Institutions::<T>::get(id)
            && before.status != InstitutionStatus::Revoked
        {
            Self::free_controller(&before.controller);
        }
        if let Some(other) = InstitutionOf::<T>::get(controller) {
            Institutions::<T>::remove(other);
            Self::free_controller(controller);
        }
        Self::take_controller(controller, id).expect("the account was just freed");
        Institutions::<T>::insert(
            id,
            crate::Institution {
                region,
                kind: alloc::vec![b'A'; 8].try_into().expect("eight letters fit"),
                name: alloc::vec![b'n'; 128].try_into().expect("128 letters fit"),
                controller: controller.clone(),
                encryption_key: EncryptionKey::x25519([9; 32]),
                blocks: BusinessBlockSet(u64::MAX),
                valid_until: Instant::MAX,
                status: InstitutionStatus::Permitted,
            },
        );
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_team(id: InstitutionId, team: TeamId, member: &T::AccountId) {
        use frame_support::traits::Get;
        use kanglian_primitives::EncryptionKey;
        let practitioner = crate::Practitioner {
            role: crate::Role::Doctor,
            encryption_key: EncryptionKey::x25519([9; 32]),
            valid_until: Instant::MAX,
            status: crate::PractitionerStatus::Active,
        };
        if !Practitioners::<T>::contains_key(member, id) {
            frame_system::Pallet::<T>::inc_sufficients(member);
        }
        Practitioners::<T>::insert(member, id, practitioner);
        let others = (1..T::MaxTeamMembers::get())
            .map(|number| frame_benchmarking::account("member", number, 0));
        let members: alloc::collections::BTreeSet<_> =
            others.chain(core::iter::once(member.clone())).collect();
        let team_entry = crate::Team {
            name: alloc::vec![b'n'; 64].try_into().expect("64 letters fit"),
            encryption_key: EncryptionKey::x25519([9; 32]),
            members: members.try_into().expect("as many members as fit"),
        };
        Teams::<T>::insert(id, team, team_entry);
    }
}

impl<T: Config> Pallet<T> {
    /// Whether the account, or the person behind it, abused an emergency.
    pub(crate) fn is_barred(who: &T::AccountId) -> bool {
        Barred::<T>::contains_key(who)
            || T::People::speaks_for(who).is_some_and(BarredPersons::<T>::contains_key)
    }

    /// Bars account and person until the council lifts it.
    fn bar(who: &T::AccountId, person: Option<PersonId>, institution: InstitutionId) {
        if Barred::<T>::contains_key(who) {
            return;
        }
        // Another account of a person who is barred already is barred with the person.
        let person = person
            .or_else(|| T::People::speaks_for(who))
            .filter(|person| !BarredPersons::<T>::contains_key(person));
        if let Some(person) = person {
            BarredPersons::<T>::insert(person, who);
        }
        Barred::<T>::insert(who, Bar { institution, person });
        Self::deposit_event(Event::PractitionerBarred { institution, account: who.clone() });
    }

    /// Ends what an emergency at this institution barred the account from; whether there was one.
    pub(crate) fn unbar(who: &T::AccountId, institution: InstitutionId) -> bool {
        let Some(bar) = Barred::<T>::get(who).filter(|bar| bar.institution == institution) else {
            return false;
        };
        Barred::<T>::remove(who);
        if let Some(person) = bar.person {
            BarredPersons::<T>::remove(person);
        }
        true
    }
}

impl<T: Config> SuspendPractitioner<T::AccountId> for Pallet<T> {
    fn physician(who: &T::AccountId, id: &InstitutionId, now: Instant) -> Option<PhysicianView> {
        let practitioner = Practitioners::<T>::get(who, id)?;
        let counts = practitioner.is_active(now)
            && practitioner.role == Role::Doctor
            && !Self::is_barred(who);
        let institution = counts.then(|| Self::permitted(id, now)).flatten()?;
        let encryption_key = practitioner.encryption_key;
        Some(PhysicianView { region: institution.region, encryption_key })
    }

    fn stop(who: &T::AccountId, person: Option<PersonId>, id: &InstitutionId) -> bool {
        Self::bar(who, person, *id);
        Practitioners::<T>::mutate(who, id, |entry| {
            let Some(practitioner) = entry else { return false };
            if practitioner.status == PractitionerStatus::Active {
                practitioner.status = PractitionerStatus::Suspended;
                Self::deposit_event(Event::PractitionerSuspended {
                    institution: *id,
                    account: who.clone(),
                });
            }
            true
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_physician(
        who: &T::AccountId,
        id: InstitutionId,
        encryption_key: kanglian_primitives::EncryptionKey,
    ) {
        if !Practitioners::<T>::contains_key(who, id) {
            frame_system::Pallet::<T>::inc_sufficients(who);
        }
        let practitioner = crate::Practitioner {
            role: Role::Doctor,
            encryption_key,
            valid_until: Instant::MAX,
            status: PractitionerStatus::Active,
        };
        Practitioners::<T>::insert(who, id, practitioner);
    }
}
