use super::*;

const WHOLE: DealtScope = DealtScope::Whole;

fn deal_terms(terms: DealingTerms) -> DispatchResult {
    Custody::deal(signed(ALICE_OLD), WHOLE, terms)
}

#[test]
fn deal_stores_commitments_and_waits_for_every_custodian() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(deal(WHOLE));
        let view = Custody::dealing(ALICE, WHOLE).expect("dealt");
        assert_eq!(view.dealing.number, 1);
        assert_eq!(view.dealing.dealt_at, START);
        assert_eq!(view.dealing.terms, terms(3, &REGIONS, 1));
        assert_eq!(view.dealing.keys.to_vec(), REGIONS.map(custodian_key));
        assert!(view.dealing.answers.iter().all(|answer| *answer == PartAnswer::Waiting));
        assert_eq!((view.counting, view.recoverable), (0, false));
        for region in REGIONS {
            assert_eq!(WaitingParts::<Test>::get(region, (ALICE, WHOLE)), Some(1));
        }
        last_event(Event::Dealt {
            person: ALICE,
            scope: WHOLE,
            number: 1,
            threshold: 3,
            regions: REGIONS.to_vec().try_into().unwrap(),
        });
        assert_eq!(Custody::dealing(ALICE, DealtScope::Emergency), None);
    });
}

#[test]
fn deal_again_makes_what_was_before_useless() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        let fewer = [SHANGHAI, JIANGSU, ZHEJIANG];
        assert_ok!(deal_terms(terms(2, &fewer, 2)));
        let view = Custody::dealing(ALICE, WHOLE).expect("dealt");
        assert_eq!(view.dealing.number, 2);
        assert!(!view.recoverable, "nobody has acknowledged the new shares");
        assert_eq!(WaitingParts::<Test>::get(ANHUI, (ALICE, WHOLE)), None);
        assert_noop!(
            Custody::acknowledge(signed(custodian(JIANGSU)), ALICE, WHOLE, 1),
            Error::<Test>::DealingReplaced
        );
        assert_noop!(
            Custody::acknowledge(signed(custodian(ANHUI)), ALICE, WHOLE, 2),
            Error::<Test>::NoPart
        );
        assert!(Custody::is_recoverable(&ALICE, DealtScope::Emergency), "the other scope stays");
    });
}

#[test]
fn deal_refuses_whoever_does_not_act_for_a_person() {
    ExtBuilder::default().build_and_execute(|| {
        let call = |origin| Custody::deal(origin, WHOLE, terms(3, &REGIONS, 1));
        only(&[Caller::Person], call);
        // The old key must not replace the shares that a recovery is to hand over.
        assert_ok!(open());
        only(&[], call);
    });
}

#[test]
fn deal_refuses_terms_that_are_not_well_formed() {
    ExtBuilder::default().build_and_execute(|| {
        let two = terms(2, &REGIONS[..2], 1);
        assert_noop!(deal_terms(two), Error::<Test>::TooFewCustodians);
        assert_noop!(deal_terms(terms(2, &[], 1)), Error::<Test>::TooFewCustodians);
        for threshold in [0, 1, 6] {
            let terms = terms(threshold, &REGIONS, 1);
            assert_noop!(deal_terms(terms), Error::<Test>::WrongThreshold);
        }
        let mut more = terms(3, &REGIONS, 1);
        more.commitments.try_push([1; 32]).unwrap();
        assert_noop!(deal_terms(more), Error::<Test>::WrongCommitments);
        let mut none = terms(3, &REGIONS, 1);
        none.commitments = Default::default();
        assert_noop!(deal_terms(none), Error::<Test>::WrongCommitments);
        for wrong in [[JIANGSU, SHANGHAI, ZHEJIANG], [JIANGSU, JIANGSU, ZHEJIANG]] {
            assert_noop!(deal_terms(terms(2, &wrong, 1)), Error::<Test>::PartsNotRising);
        }
        let unknown = [JIANGSU, ZHEJIANG, RegionCode(500_000)];
        assert_noop!(deal_terms(terms(2, &unknown, 1)), Error::<Test>::NoCustodian);
    });
}

#[test]
fn deal_refuses_regions_that_are_suspended_or_have_no_custodian() {
    ExtBuilder::default().build_and_execute(|| {
        set_active(ANHUI, false);
        assert_noop!(deal(WHOLE), Error::<Test>::NoCustodian);
        set_active(ANHUI, true);
        assert_ok!(Custody::remove_custodian(signed(pan_centre(ANHUI))));
        assert_noop!(deal(WHOLE), Error::<Test>::NoCustodian);
    });
}

#[test]
fn a_dealing_number_is_never_used_again() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(deal(WHOLE));
        Dealings::<Test>::mutate(ALICE, WHOLE, |entry| entry.as_mut().unwrap().number = u32::MAX);
        assert_noop!(deal(WHOLE), sp_runtime::ArithmeticError::Overflow);
        Dealings::<Test>::mutate(ALICE, WHOLE, |entry| entry.as_mut().unwrap().number = 1);
    });
}
