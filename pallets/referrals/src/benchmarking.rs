//! Benchmarks, each for the worst case.

use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::traits::{Get, Time};
use frame_system::RawOrigin;
use kanglian_primitives::{
    Author, BusinessBlockSet, InstitutionId, KeyEpoch, ParentTerms, Purpose, PurposeSet,
    RecordFacts, RecordStatus, SchemaId, TeamId, Terms, VaultKey, blocks,
};

use super::*;

/// Sets the time of the chain for benchmarks.
pub trait BenchmarkHelper {
    /// Makes `Clock` say `now`.
    fn set_time(now: Instant);
}

const NOW: Instant = 1_767_225_600_000;
const DAY: Instant = 86_400_000;
const REGION: RegionCode = RegionCode(320_000);
const PERSON: PersonId = PersonId([0xa1; 32]);
const TEAM: TeamId = TeamId(1);
const REQUEST: RecordId = RecordId([0xc0; 32]);

/// Blocks of people's records at genesis that are not restricted.
const BLOCKS: [kanglian_primitives::BusinessBlockId; 5] = [
    blocks::MEDICAL,
    blocks::ELDERLY_CARE,
    blocks::HEALTH,
    blocks::PERSONAL,
    blocks::EMERGENCY_SUMMARY,
];

fn set_person<T: Config>() -> T::AccountId {
    T::BenchmarkHelper::set_time(NOW);
    T::Regions::benchmark_set_region(REGION, &account("pan-centre", 0, 0), VaultKey([0xe1; 32]));
    let who = account("person", 0, 0);
    T::People::benchmark_set_person(PERSON, REGION, &who);
    who
}

/// A member of a full care team, and the team.
fn set_team<T: Config>(number: u32) -> (T::AccountId, Grantee<T::AccountId>) {
    let institution = InstitutionId::from_parts(320_100, number);
    let (controller, member) = (account("controller", number, 0), account("nurse", number, 0));
    T::Institutions::benchmark_set_institution(institution, REGION, &controller);
    T::Institutions::benchmark_set_team(institution, TEAM, &member);
    (member, Grantee::CareTeam { institution, team: TEAM })
}

fn set_record<T: Config>(id: RecordId, author: InstitutionId) {
    T::Records::benchmark_set_record(RecordFacts {
        id,
        subject: PERSON,
        block: blocks::MEDICAL,
        schema: SchemaId(1),
        author: Author::Institution(author),
        region: REGION,
        size: 1_000,
        key_epoch: KeyEpoch(0),
        shared_at: NOW,
        count: 1,
        paid: 0,
        status: RecordStatus::Active,
        stored_in: alloc::vec![REGION],
    });
}

fn terms<T: Config>(
    to: &Grantee<T::AccountId>,
    may_delegate: u8,
    parent: Option<ParentTerms<T::AccountId>>,
) -> Terms<T::AccountId> {
    let now = T::Clock::now();
    Terms {
        id: T::Terms::next_id(&PERSON, to),
        blocks: BLOCKS.into_iter().collect::<BusinessBlockSet>(),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: now,
        until: now.saturating_add(DAY),
        records_from: 0,
        records_until: u64::MAX,
        may_delegate,
        parent,
        bundle: [7; 32],
    }
}

/// A team that holds terms which may be given on; its member.
fn set_holder<T: Config>() -> Result<(T::AccountId, Grantee<T::AccountId>), BenchmarkError> {
    let (member, holder) = set_team::<T>(9);
    let given = terms::<T>(&holder, 2, None);
    T::Terms::give(PERSON, holder.clone(), given)?;
    Ok((member, holder))
}

fn offers<T: Config>(
    count: u32,
    by: Option<&Grantee<T::AccountId>>,
) -> Result<Offers<T::AccountId>, BenchmarkError> {
    let parent = by.map(|grantee| ParentTerms { grantee: grantee.clone(), id: TermsId(1) });
    let offers: Vec<_> = (1..=count)
        .map(|number| {
            let (_, to) = set_team::<T>(number);
            let terms = terms::<T>(&to, 0, parent.clone());
            (to, terms)
        })
        .collect();
    offers.try_into().map_err(|_| BenchmarkError::Stop("the component is within the bound"))
}

/// A referral by a team, offered to as many teams as can be; the first of these with its member.
fn set_referral<T: Config>() -> Result<(T::AccountId, Grantee<T::AccountId>), BenchmarkError> {
    let (who, holder) = set_holder::<T>()?;
    let offers = offers::<T>(MAX_OFFERS, Some(&holder))?;
    Pallet::<T>::refer(RawOrigin::Signed(who).into(), PERSON, holder, None, offers)?;
    Ok(set_team::<T>(1))
}

fn stored<T: Config>() -> Result<Referral<T::AccountId>, BenchmarkError> {
    Referrals::<T>::get(PERSON, ReferralId(1)).ok_or(BenchmarkError::Stop("it was stored"))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn refer(o: Linear<1, 4>) -> Result<(), BenchmarkError> {
        set_person::<T>();
        let (caller, holder) = set_holder::<T>()?;
        let offers = offers::<T>(o, Some(&holder))?;
        set_record::<T>(REQUEST, InstitutionId::from_parts(320_100, 9));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PERSON, holder, Some(REQUEST), offers);

        assert_eq!(stored::<T>()?.offers.len() as u32, o);
        Ok(())
    }

    #[benchmark]
    fn refer_own(o: Linear<1, 4>) -> Result<(), BenchmarkError> {
        let caller = set_person::<T>();
        let offers = offers::<T>(o, None)?;
        set_record::<T>(REQUEST, InstitutionId::from_parts(320_100, 9));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), Some(REQUEST), offers);

        assert_eq!(stored::<T>()?.offers.len() as u32, o);
        Ok(())
    }

    #[benchmark]
    fn accept() -> Result<(), BenchmarkError> {
        set_person::<T>();
        let (caller, by) = set_referral::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PERSON, ReferralId(1), by);

        assert_eq!(stored::<T>()?.status, ReferralStatus::Accepted);
        Ok(())
    }

    #[benchmark]
    fn reject() -> Result<(), BenchmarkError> {
        set_person::<T>();
        let (caller, by) = set_referral::<T>()?;
        for number in 2..=MAX_OFFERS {
            let (who, by) = set_team::<T>(number);
            let origin = RawOrigin::Signed(who).into();
            Pallet::<T>::reject(origin, PERSON, ReferralId(1), by, Reason::Other)?;
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PERSON, ReferralId(1), by, Reason::Other);

        assert_eq!(stored::<T>()?.status, ReferralStatus::Rejected);
        Ok(())
    }

    #[benchmark]
    fn return_result() -> Result<(), BenchmarkError> {
        set_person::<T>();
        let (caller, by) = set_referral::<T>()?;
        let origin = RawOrigin::Signed(caller.clone()).into();
        Pallet::<T>::accept(origin, PERSON, ReferralId(1), by.clone())?;
        set_record::<T>(REQUEST, InstitutionId::from_parts(320_100, 1));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PERSON, ReferralId(1), by, REQUEST);

        assert_eq!(stored::<T>()?.status, ReferralStatus::Returned);
        Ok(())
    }

    #[benchmark]
    fn close() -> Result<(), BenchmarkError> {
        set_person::<T>();
        set_referral::<T>()?;
        let (caller, holder) = set_team::<T>(9);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PERSON, ReferralId(1), holder);

        assert_eq!(stored::<T>()?.status, ReferralStatus::Closed);
        Ok(())
    }

    #[benchmark]
    fn close_own() -> Result<(), BenchmarkError> {
        let caller = set_person::<T>();
        set_referral::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), ReferralId(1));

        assert_eq!(stored::<T>()?.status, ReferralStatus::Closed);
        Ok(())
    }

    #[benchmark]
    fn remove() -> Result<(), BenchmarkError> {
        set_person::<T>();
        set_referral::<T>()?;
        T::BenchmarkHelper::set_time(NOW.saturating_add(DAY).saturating_add(T::Grace::get()));

        #[extrinsic_call]
        _(RawOrigin::Signed(account("anybody", 0, 0)), PERSON, ReferralId(1));

        assert!(stored::<T>().is_err());
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
