use super::*;

const WHOLE: DealtScope = DealtScope::Whole;
const BAD: ComplaintReason = ComplaintReason::BadShare;
const MISSING: ComplaintReason = ComplaintReason::Missing;

fn ack(region: RegionCode) -> DispatchResult {
    Custody::acknowledge(signed(custodian(region)), ALICE, WHOLE, 1)
}

fn complain(region: RegionCode, reason: ComplaintReason) -> DispatchResult {
    Custody::complain(signed(custodian(region)), ALICE, WHOLE, 1, reason)
}

fn recoverable() -> bool {
    Custody::is_recoverable(&ALICE, WHOLE)
}

#[test]
fn a_person_is_recoverable_once_the_threshold_has_acknowledged() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(deal(WHOLE));
        assert_ok!(ack(SHANGHAI));
        assert_ok!(ack(JIANGSU));
        assert!(!recoverable(), "one short");
        assert_ok!(ack(ZHEJIANG));
        assert!(recoverable());
        last_event(Event::Acknowledged {
            person: ALICE,
            scope: WHOLE,
            number: 1,
            region: ZHEJIANG,
            counting: 3,
            recoverable: true,
        });
        assert_eq!(WaitingParts::<Test>::get(ZHEJIANG, (ALICE, WHOLE)), None);
        assert_eq!(WaitingParts::<Test>::get(ANHUI, (ALICE, WHOLE)), Some(1));
    });
}

#[test]
fn answers_come_from_custodians_of_active_regions_only() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(deal(WHOLE));
        let acknowledge = |origin| Custody::acknowledge(origin, ALICE, WHOLE, 1);
        let complain = |origin| Custody::complain(origin, ALICE, WHOLE, 1, BAD);
        only(
            &[
                Caller::Custodian,
                Caller::Stranger,
                Caller::Institution,
                Caller::Person,
                Caller::PanCentre,
                Caller::Doctor,
                Caller::Admin,
            ],
            acknowledge,
        );
        let unsigned = [Caller::Custodian, Caller::None, Caller::Root];
        only_or(&unsigned, Error::<Test>::NotCustodian, acknowledge);
        only_or(&unsigned, Error::<Test>::NotCustodian, complain);
        set_active(JIANGSU, false);
        assert_noop!(ack(JIANGSU), Error::<Test>::NotCustodian);
    });
}

#[test]
fn answers_name_a_dealing_in_force() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(ack(JIANGSU), Error::<Test>::DealingUnknown);
        assert_ok!(deal(WHOLE));
        for number in [0, 2] {
            assert_noop!(
                Custody::acknowledge(signed(custodian(JIANGSU)), ALICE, WHOLE, number),
                Error::<Test>::DealingReplaced
            );
        }
        assert_noop!(
            Custody::acknowledge(signed(custodian(JIANGSU)), BOB, WHOLE, 1),
            Error::<Test>::DealingUnknown
        );
    });
}

#[test]
fn a_custodian_with_another_key_answers_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(deal(WHOLE));
        let key = EncryptionKey::x25519([0x31; 32]);
        assert_ok!(Custody::set_custodian(signed(pan_centre(JIANGSU)), custodian(JIANGSU), key));
        assert_noop!(ack(JIANGSU), Error::<Test>::KeyChanged);
        assert_noop!(complain(JIANGSU, BAD), Error::<Test>::KeyChanged);
    });
}

#[test]
fn a_bad_share_is_named_and_stays_bad_until_dealt_anew() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(deal(WHOLE));
        assert_ok!(complain(JIANGSU, BAD));
        last_event(Event::Complained {
            person: ALICE,
            scope: WHOLE,
            number: 1,
            region: JIANGSU,
            reason: BAD,
        });
        assert_eq!(WaitingParts::<Test>::get(JIANGSU, (ALICE, WHOLE)), None);
        assert_noop!(ack(JIANGSU), Error::<Test>::AlreadyAnswered);
        assert_noop!(complain(JIANGSU, BAD), Error::<Test>::AlreadyAnswered);
        assert_noop!(complain(JIANGSU, MISSING), Error::<Test>::AlreadyAnswered);
        assert_ok!(deal(WHOLE));
        assert_ok!(Custody::acknowledge(signed(custodian(JIANGSU)), ALICE, WHOLE, 2));
    });
}

#[test]
fn a_missing_part_may_turn_up_and_a_lost_one_counts_no_more() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(deal(WHOLE));
        assert_ok!(complain(JIANGSU, MISSING));
        assert_noop!(complain(JIANGSU, MISSING), Error::<Test>::AlreadyAnswered);
        acknowledge(WHOLE, &[SHANGHAI, JIANGSU, ZHEJIANG]);
        assert!(recoverable());
        assert_noop!(ack(JIANGSU), Error::<Test>::AlreadyAnswered);
        assert_ok!(complain(JIANGSU, MISSING));
        assert!(!recoverable());
        assert_ok!(complain(JIANGSU, BAD));
        assert_noop!(ack(JIANGSU), Error::<Test>::AlreadyAnswered);
    });
}
