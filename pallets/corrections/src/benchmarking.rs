//! Benchmarks, each for the worst case.

use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::RawOrigin;
use kanglian_primitives::{
    Author, CorrectionStatus, KeyEpoch, RecordFacts, RecordStatus, SchemaId, VaultKey, blocks,
};

use super::*;

/// Sets the time of the chain for benchmarks.
pub trait BenchmarkHelper {
    /// Makes `Clock` say `now`.
    fn set_time(now: Instant);
}

const NOW: Instant = 1_767_225_600_000;
const REGION: RegionCode = RegionCode(320_000);
const PERSON: PersonId = PersonId([0xa1; 32]);
const OLD: RecordId = RecordId([0xc0; 32]);
const NEW: RecordId = RecordId([0xc1; 32]);
const ID: CorrectionId = CorrectionId(1);

fn clinic() -> InstitutionId {
    InstitutionId::from_parts(320_100, 1)
}

fn set_record<T: Config>(id: RecordId, status: RecordStatus) {
    T::Records::benchmark_set_record(RecordFacts {
        id,
        subject: PERSON,
        block: blocks::MEDICAL,
        schema: SchemaId(1),
        author: Author::Institution(clinic()),
        region: REGION,
        size: 1_000,
        key_epoch: KeyEpoch(0),
        shared_at: NOW,
        count: 1,
        paid: 0,
        status,
        stored_in: alloc::vec![REGION],
    });
}

/// A record of a person, the person's account and the institution's.
fn set_up<T: Config>() -> (T::AccountId, T::AccountId) {
    T::BenchmarkHelper::set_time(NOW);
    T::Regions::benchmark_set_region(REGION, &account("pan-centre", 0, 0), VaultKey([0xe1; 32]));
    let (person, author) = (account("person", 0, 0), account("author", 0, 0));
    T::People::benchmark_set_person(PERSON, REGION, &person);
    T::Institutions::benchmark_set_institution(clinic(), REGION, &author);
    set_record::<T>(OLD, RecordStatus::Active);
    (person, author)
}

fn set_request<T: Config>() -> Result<(T::AccountId, T::AccountId), BenchmarkError> {
    let (person, author) = set_up::<T>();
    let origin = RawOrigin::Signed(person.clone()).into();
    Pallet::<T>::request(origin, OLD, CorrectionReason::Incorrect, [9; 32])?;
    Ok((person, author))
}

fn set_overdue<T: Config>() -> Result<(), BenchmarkError> {
    set_request::<T>()?;
    T::BenchmarkHelper::set_time(NOW.saturating_add(T::DecidePeriod::get()));
    let anybody = account("anybody", 0, 0);
    Ok(Pallet::<T>::escalate(RawOrigin::Signed(anybody).into(), PERSON, ID)?)
}

fn status<T: Config>() -> Option<CorrectionStatus> {
    Corrections::<T>::get(PERSON, ID).map(|correction| correction.status)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn request() -> Result<(), BenchmarkError> {
        let (person, _) = set_up::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(person), OLD, CorrectionReason::Incorrect, [9; 32]);

        assert_eq!(status::<T>(), Some(CorrectionStatus::Open));
        Ok(())
    }

    #[benchmark]
    fn amend() -> Result<(), BenchmarkError> {
        let (_, author) = set_request::<T>()?;
        set_record::<T>(OLD, RecordStatus::Superseded(NEW));
        set_record::<T>(NEW, RecordStatus::Active);

        #[extrinsic_call]
        _(RawOrigin::Signed(author), PERSON, ID, NEW);

        assert_eq!(status::<T>(), Some(CorrectionStatus::Amended(NEW)));
        Ok(())
    }

    #[benchmark]
    fn refuse() -> Result<(), BenchmarkError> {
        let (_, author) = set_request::<T>()?;
        let reason = RefusalReason::Accurate;

        #[extrinsic_call]
        _(RawOrigin::Signed(author), PERSON, ID, reason);

        assert_eq!(status::<T>(), Some(CorrectionStatus::Refused(reason)));
        Ok(())
    }

    #[benchmark]
    fn mark_wrong_person() -> Result<(), BenchmarkError> {
        let (_, author) = set_request::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(author), OLD);

        assert_eq!(status::<T>(), Some(CorrectionStatus::WrongPerson));
        Ok(())
    }

    #[benchmark]
    fn escalate() -> Result<(), BenchmarkError> {
        set_request::<T>()?;
        T::BenchmarkHelper::set_time(NOW.saturating_add(T::DecidePeriod::get()));

        #[extrinsic_call]
        _(RawOrigin::Signed(account("anybody", 0, 0)), PERSON, ID);

        assert_eq!(status::<T>(), Some(CorrectionStatus::Overdue));
        Ok(())
    }

    #[benchmark]
    fn review() -> Result<(), BenchmarkError> {
        set_overdue::<T>()?;
        let reason = RefusalReason::NotShown;

        #[extrinsic_call]
        _(RawOrigin::Signed(account("pan-centre", 0, 0)), PERSON, ID, Some(reason));

        assert_eq!(status::<T>(), Some(CorrectionStatus::Dismissed(reason)));
        Ok(())
    }

    #[benchmark]
    fn withdraw() -> Result<(), BenchmarkError> {
        let (person, _) = set_request::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(person), ID);

        assert_eq!(status::<T>(), Some(CorrectionStatus::Withdrawn));
        Ok(())
    }

    #[benchmark]
    fn remove() -> Result<(), BenchmarkError> {
        let (person, _) = set_request::<T>()?;
        Pallet::<T>::withdraw(RawOrigin::Signed(person).into(), ID)?;
        T::BenchmarkHelper::set_time(NOW.saturating_add(T::Grace::get()));

        #[extrinsic_call]
        _(RawOrigin::Signed(account("anybody", 0, 0)), PERSON, ID);

        assert_eq!(status::<T>(), None);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
