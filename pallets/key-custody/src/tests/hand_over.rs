use super::*;

const RECOVERY: CaseRef = CaseRef::Recovery(FIRST);
const EMERGENCY: CaseRef = CaseRef::Emergency(CASE);

fn hand_over(region: RegionCode, case: CaseRef, blob: u8) -> DispatchResult {
    Custody::hand_over(signed(custodian(region)), case, [blob; 32])
}

#[test]
fn custodians_hand_over_once_in_an_executed_recovery() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        recover();
        assert_ok!(hand_over(JIANGSU, RECOVERY, 1));
        last_event(Event::HandedOver {
            case: RECOVERY,
            person: ALICE,
            region: JIANGSU,
            blob: [1; 32],
        });
        assert_noop!(hand_over(JIANGSU, RECOVERY, 1), Error::<Test>::AlreadyHandedOver);
        assert_noop!(hand_over(JIANGSU, RECOVERY, 2), Error::<Test>::AlreadyHandedOver);
        assert_ok!(hand_over(ANHUI, RECOVERY, 3));
        let done = recovery(FIRST).handed_over;
        assert_eq!(done.iter().map(|one| one.region).collect::<Vec<_>>(), [JIANGSU, ANHUI]);
        assert!(!WaitingCases::<Test>::contains_key(JIANGSU, RECOVERY));
        assert!(WaitingCases::<Test>::contains_key(ZHEJIANG, RECOVERY));
    });
}

#[test]
fn a_custodian_answers_no_case_that_is_not_executed() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_noop!(hand_over(JIANGSU, RECOVERY, 1), Error::<Test>::RecoveryUnknown);
        assert_ok!(open());
        assert_noop!(hand_over(JIANGSU, RECOVERY, 1), Error::<Test>::NotExecuted);
        approve(FIRST, &REGIONS);
        at(START + DELAY);
        assert_noop!(hand_over(JIANGSU, RECOVERY, 1), Error::<Test>::NotExecuted);
        assert_ok!(veto(FIRST));
        assert_noop!(hand_over(JIANGSU, RECOVERY, 1), Error::<Test>::NotExecuted);
        assert_ok!(Custody::dismiss_recovery(signed(ADMIN), FIRST));
        assert_noop!(hand_over(JIANGSU, RECOVERY, 1), Error::<Test>::NotExecuted);
    });
}

#[test]
fn only_custodians_of_the_dealing_with_the_key_it_was_dealt_to_hand_over() {
    ExtBuilder::default().build_and_execute(|| {
        let four = [SHANGHAI, JIANGSU, ZHEJIANG, ANHUI];
        let terms = terms(3, &four, 1);
        assert_ok!(Custody::deal(signed(ALICE_OLD), DealtScope::Whole, terms));
        acknowledge(DealtScope::Whole, &four);
        recover();
        let call = |origin| Custody::hand_over(origin, RECOVERY, [1; 32]);
        only_or(
            &[Caller::Custodian, Caller::None, Caller::Root],
            Error::<Test>::NotCustodian,
            call,
        );
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
        assert_noop!(hand_over(GUANGDONG, RECOVERY, 1), Error::<Test>::NoPart);
        let key = EncryptionKey::x25519([0x31; 32]);
        let appoint = |account: AccountId32, key| {
            Custody::set_custodian(signed(pan_centre(JIANGSU)), account, key)
        };
        assert_ok!(appoint(custodian(JIANGSU), key));
        assert_noop!(hand_over(JIANGSU, RECOVERY, 1), Error::<Test>::KeyChanged);
        // Another account that holds the old key may.
        assert_ok!(appoint(STRANGER, custodian_key(JIANGSU)));
        assert_ok!(call(signed(STRANGER)));
        set_active(ZHEJIANG, false);
        assert_noop!(hand_over(ZHEJIANG, RECOVERY, 1), Error::<Test>::NotCustodian);
    });
}

#[test]
fn nothing_dealt_means_nothing_to_hand_over() {
    ExtBuilder::default().build_and_execute(|| {
        recover();
        assert_noop!(hand_over(JIANGSU, RECOVERY, 1), Error::<Test>::NoPart);
    });
}

#[test]
fn who_named_a_share_bad_is_not_waited_for() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        let reason = ComplaintReason::BadShare;
        let origin = signed(custodian(ANHUI));
        assert_ok!(Custody::complain(origin, ALICE, DealtScope::Whole, 1, reason));
        recover();
        assert!(!WaitingCases::<Test>::contains_key(ANHUI, RECOVERY));
        assert!(WaitingCases::<Test>::contains_key(JIANGSU, RECOVERY));
    });
}

#[test]
fn custodians_hand_over_in_an_emergency_while_it_is_open() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_noop!(hand_over(JIANGSU, EMERGENCY, 1), Error::<Test>::EmergencyUnknown);
        assert_ok!(open_emergency(2));
        assert_ok!(hand_over(JIANGSU, EMERGENCY, 1));
        assert_noop!(hand_over(JIANGSU, EMERGENCY, 1), Error::<Test>::AlreadyHandedOver);
        at(START + 2 * HOUR - 1);
        assert_ok!(hand_over(ZHEJIANG, EMERGENCY, 2));
        at(START + 2 * HOUR);
        assert_noop!(hand_over(ANHUI, EMERGENCY, 3), Error::<Test>::EmergencyOver);
        assert_eq!(Custody::page_of_cases(ANHUI, None, 10, START + 2 * HOUR), []);
    });
}

#[test]
fn an_emergency_keeps_the_dealing_it_was_opened_with() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_ok!(open_emergency(2));
        let again = terms(2, &REGIONS[..3], 2);
        assert_ok!(Custody::deal(signed(ALICE_OLD), DealtScope::Emergency, again));
        assert_eq!(emergency(CASE).dealing.number, 1);
        assert_ok!(hand_over(GUANGDONG, EMERGENCY, 1));
    });
}
