//! Benchmarks, each for the worst case.

use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{Get, Time},
};
use frame_system::RawOrigin;
use kanglian_primitives::{
    BusinessBlockSet, InstitutionId, Purpose, PurposeSet, TeamId, VaultKey, blocks, payloads,
    payloads::RedemptionBody,
};
use sp_core::crypto::KeyTypeId;

use super::*;

/// Sets the time of the chain for benchmarks.
pub trait BenchmarkHelper {
    /// Makes `Clock` say `now`.
    fn set_time(now: Instant);
}

const NOW: Instant = 1_767_225_600_000;
const REGION: RegionCode = RegionCode(320_000);
const PERSON: PersonId = PersonId([0xa1; 32]);
const TEAM: TeamId = TeamId(1);
const CODE: KeyTypeId = KeyTypeId(*b"kcod");

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
fn set_team<T: Config>() -> (T::AccountId, Grantee<T::AccountId>) {
    let institution = InstitutionId::from_parts(320_100, 1);
    let (controller, member) = (account("controller", 0, 0), account("nurse", 0, 0));
    T::Institutions::benchmark_set_institution(institution, REGION, &controller);
    T::Institutions::benchmark_set_team(institution, TEAM, &member);
    (member, Grantee::CareTeam { institution, team: TEAM })
}

fn template<T: Config>(count: u32) -> TermsTemplate {
    let now = T::Clock::now();
    TermsTemplate {
        blocks: BLOCKS.into_iter().take(count as usize).collect::<BusinessBlockSet>(),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: now,
        until: now.saturating_add(T::MaxLife::get()),
        records_from: 0,
        records_until: u64::MAX,
        may_delegate: 2,
    }
}

/// Redemptions by others.
fn redemptions<T: Config>(
    count: u32,
) -> BoundedVec<Redemption<T::AccountId>, frame_support::traits::ConstU32<MAX_USES>> {
    let institution = InstitutionId::from_parts(320_100, 2);
    let one = |number: u32| Redemption {
        grantee: Grantee::Practitioner { account: account("doctor", number, 0), institution },
        account: account("doctor", number, 0),
        id: TermsId(1),
        at: 0,
    };
    (0..count).map(one).collect::<Vec<_>>().try_into().expect("within the bound")
}

/// Stores the code, last in a full list, with all but one use redeemed.
fn set_code<T: Config>(key: CodeKey, expires_at: Instant) {
    let code = Code {
        person: PERSON,
        template: template::<T>(1),
        uses: MAX_USES as u8,
        expires_at,
        sealed: [7; 32],
        cancelled: false,
        redeemed: redemptions::<T>(MAX_USES - 1),
    };
    Codes::<T>::insert(key, code);
    let open: Vec<CodeKey> = (1..T::MaxOpenCodes::get())
        .map(|number| CodeKey([number as u8; 32]))
        .chain([key])
        .collect();
    OpenCodes::<T>::insert(PERSON, BoundedVec::try_from(open).expect("as many as fit"));
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn issue_code(b: Linear<1, 5>) -> Result<(), BenchmarkError> {
        let caller = set_person::<T>();
        let open: Vec<CodeKey> =
            (1..T::MaxOpenCodes::get()).map(|number| CodeKey([number as u8; 32])).collect();
        OpenCodes::<T>::insert(PERSON, BoundedVec::try_from(open).expect("fewer than fit"));
        let (key, template) = (CodeKey([0xc0; 32]), template::<T>(b));
        let expires_at = T::Clock::now().saturating_add(T::MaxLife::get());

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), key, template, MAX_USES as u8, expires_at, [7; 32]);

        assert!(Codes::<T>::contains_key(key));
        Ok(())
    }

    #[benchmark]
    fn cancel_code() -> Result<(), BenchmarkError> {
        let caller = set_person::<T>();
        let key = CodeKey([0xc0; 32]);
        set_code::<T>(key, T::Clock::now().saturating_add(1));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), key);

        assert!(Codes::<T>::get(key).is_some_and(|code| code.cancelled));
        Ok(())
    }

    #[benchmark]
    fn redeem_code() -> Result<(), BenchmarkError> {
        set_person::<T>();
        let (caller, grantee) = set_team::<T>();
        let public = sp_io::crypto::ed25519_generate(CODE, None);
        let key = CodeKey(public.0);
        let now = T::Clock::now();
        set_code::<T>(key, now.saturating_add(T::MaxLife::get()));
        let expires_at = now.saturating_add(T::MaxSignatureLife::get());
        let body = RedemptionBody {
            code: key,
            person: PERSON,
            redeemer: caller.clone(),
            grantee: grantee.clone(),
            expires_at,
        };
        let payload = payloads::code(&Pallet::<T>::genesis_hash(), &body);
        let signature = sp_io::crypto::ed25519_sign(CODE, &public, &payload)
            .ok_or(BenchmarkError::Stop("the key was just made"))?;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), key, grantee, expires_at, signature.0);

        assert!(Codes::<T>::get(key).is_some_and(|code| !code.is_open()));
        assert!(!OpenCodes::<T>::get(PERSON).contains(&key));
        Ok(())
    }

    #[benchmark]
    fn adopt_bundle() -> Result<(), BenchmarkError> {
        set_person::<T>();
        let (caller, grantee) = set_team::<T>();
        let key = CodeKey([0xc0; 32]);
        set_code::<T>(key, T::Clock::now().saturating_add(1));
        let id = T::Terms::next_id(&PERSON, &grantee);
        let terms = kanglian_primitives::Terms::from_template(&template::<T>(1), id, [7; 32]);
        T::Terms::give(PERSON, grantee.clone(), terms)?;
        let redemption =
            Redemption { grantee: grantee.clone(), account: caller.clone(), id, at: 0 };
        Codes::<T>::mutate(key, |code| {
            let code = code.as_mut().expect("the code was just stored");
            code.redeemed.try_push(redemption).expect("one use is left");
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), key, grantee.clone(), [8; 32]);

        let again = T::Terms::replace_bundle(PERSON, &grantee, id, [8; 32], [8; 32]);
        assert!(again.is_ok(), "the terms name the new bundle");
        Ok(())
    }

    #[benchmark]
    fn remove_code() -> Result<(), BenchmarkError> {
        set_person::<T>();
        let key = CodeKey([0xc0; 32]);
        set_code::<T>(key, NOW.saturating_sub(T::Grace::get()));

        #[extrinsic_call]
        _(RawOrigin::Signed(account("anybody", 0, 0)), key);

        assert!(!Codes::<T>::contains_key(key));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
