use frame_support::weights::Weight;
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

use super::*;

/// Reports the accounts as the runtime's offences pallet does.
fn offend(accounts: &[AccountId32]) -> Weight {
    let details: Vec<_> = accounts
        .iter()
        .map(|account| OffenceDetails::<AccountId32, _> {
            offender: (account.clone(), ()),
            reporters: vec![],
        })
        .collect();
    Authorities::on_offence(&details, &[], 3)
}

const CAUSE: Cause = Cause::Offence { session: 3 };

#[test]
fn an_offence_drops_the_offender_from_the_next_set() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(offend(&[BOB]).ref_time() > 0);
        assert_eq!(Authorities::offenders(), vec![BOB]);
        assert_eq!(Authorities::next_set(), vec![ALICE, CAROL, DAVE]);
        assert_eq!(last_event(), Event::OffenderDropped { account: BOB, cause: CAUSE });
    });
}

#[test]
fn an_offence_of_one_that_is_out_already_changes_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        offend(&[BOB]);
        System::reset_events();
        offend(&[BOB, STRANGER]);
        assert_eq!(Authorities::offenders(), vec![BOB]);
        assert!(System::events().is_empty());
    });
}

#[test]
fn offences_of_all_keep_one() {
    ExtBuilder::default().build_and_execute(|| {
        offend(&[ALICE, BOB, CAROL, DAVE]);
        assert_eq!(Authorities::offenders(), vec![ALICE, BOB, CAROL]);
        assert_eq!(Authorities::next_set(), vec![DAVE]);
        assert_eq!(last_event(), Event::OffenderKept { account: DAVE, cause: CAUSE });
    });
}

#[test]
fn an_offender_is_kept_when_only_those_without_keys_remain() {
    ExtBuilder::default().authorities(vec![(ALICE, BEIJING), (BOB, JIANGSU)]).build_and_execute(
        || {
            WithoutKeys::set(vec![BOB]);
            offend(&[ALICE]);
            assert!(Authorities::offenders().is_empty());
            assert_eq!(last_event(), Event::OffenderKept { account: ALICE, cause: CAUSE });
        },
    );
}
