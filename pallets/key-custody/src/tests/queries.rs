use super::*;

#[test]
fn waiting_parts_come_in_pages_until_none_is_left() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(deal(DealtScope::Whole));
        assert_ok!(deal(DealtScope::Emergency));
        let bob = signed(BOB_ACCOUNT);
        assert_ok!(Custody::deal(bob, DealtScope::Whole, terms(2, &REGIONS[..3], 3)));
        let all = Custody::page_of_parts(JIANGSU, None, 256);
        assert_eq!(all.len(), 3);
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = Custody::page_of_parts(JIANGSU, after, 1);
            let Some((person, scope, _)) = page.last() else { break };
            after = Some((*person, *scope));
            seen.extend(page);
        }
        assert_eq!(seen, all);
        assert_eq!(Custody::page_of_parts(GUANGDONG, None, 256).len(), 2);
        assert_eq!(Custody::page_of_parts(JIANGSU, None, 0), []);
    });
}

#[test]
fn waiting_cases_come_in_pages_and_leave_out_what_is_over() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        recover();
        let now = START + DELAY;
        assert_ok!(open_emergency(1));
        let reason = EmergencyReason::PublicHealth;
        assert_ok!(Custody::open_emergency(signed(SURGEON), ALICE, hospital_b(), reason, 2));
        let first = Custody::page_of_cases(JIANGSU, None, 2, now);
        let rest = Custody::page_of_cases(JIANGSU, first.last().copied(), 2, now);
        let mut all = [first, rest].concat();
        all.sort();
        let emergency = |n| CaseRef::Emergency(EmergencyId(n));
        assert_eq!(all, [CaseRef::Recovery(FIRST), emergency(0), emergency(1)]);
        let mut later = Custody::page_of_cases(JIANGSU, None, 9, now + HOUR);
        later.sort();
        assert_eq!(later, [CaseRef::Recovery(FIRST), emergency(1)]);
    });
}

#[test]
fn overdue_reviews_come_in_pages() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_ok!(open_emergency(1));
        let reason = EmergencyReason::PublicHealth;
        assert_ok!(Custody::open_emergency(signed(SURGEON), ALICE, hospital_b(), reason, 2));
        let due = START + 2 * HOUR + REVIEW;
        let first = Custody::overdue_reviews(None, 1, due);
        let rest = Custody::overdue_reviews(first.last().copied(), 9, due);
        let mut all = [first, rest].concat();
        all.sort();
        assert_eq!(all, [EmergencyId(0), EmergencyId(1)]);
        assert_eq!(Custody::overdue_reviews(None, 9, due - 1), [EmergencyId(0)]);
    });
}

#[test]
fn own_parts_and_answered_cases_come_in_pages_that_end() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        let bob = signed(BOB_ACCOUNT);
        assert_ok!(Custody::deal(bob, DealtScope::Whole, terms(2, &REGIONS[..3], 3)));
        let walk = |region, limit| {
            let (mut all, mut after) = (Vec::new(), None);
            loop {
                let (page, next) = Custody::parts_of(region, after, limit);
                all.extend(page);
                after = Some(match next {
                    Some(next) => next,
                    None => return all,
                });
            }
        };
        // Whatever the size of the pages, also those of dealings in which the region has no part.
        for limit in 1..5 {
            assert_eq!(walk(JIANGSU, limit).len(), 3);
            let anhui = walk(ANHUI, limit);
            assert_eq!(anhui.len(), 2);
            assert!(anhui.iter().all(|(person, _, number)| *person == ALICE && *number == 1));
        }
        recover();
        let now = START + DELAY;
        assert_ok!(open_emergency(1));
        let reason = EmergencyReason::PublicHealth;
        assert_ok!(Custody::open_emergency(signed(SURGEON), ALICE, hospital_b(), reason, 2));
        let cases = [
            CaseRef::Emergency(EmergencyId(0)),
            CaseRef::Emergency(EmergencyId(1)),
            CaseRef::Recovery(FIRST),
        ];
        let answered = |limit, now| {
            let (mut all, mut after) = (Vec::new(), None);
            loop {
                let (page, next) = Custody::answered_cases(JIANGSU, after, limit, now);
                all.extend(page);
                after = Some(match next {
                    Some(next) => next,
                    None => return all,
                });
            }
        };
        assert_eq!(answered(2, now), []);
        for case in cases {
            assert_ok!(Custody::hand_over(signed(custodian(JIANGSU)), case, [3; 32]));
        }
        for limit in 1..5 {
            let mut all = answered(limit, now);
            all.sort();
            assert_eq!(all, [cases[2], cases[0], cases[1]]);
            let mut later = answered(limit, now + HOUR);
            later.sort();
            assert_eq!(later, [cases[2], cases[1]], "the first emergency is over");
        }
        assert_eq!(Custody::answered_cases(ANHUI, None, 9, now), (vec![], None));
    });
}

#[test]
fn whether_a_dealing_of_the_summary_was_opened_is_one_question() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert!(!Custody::was_opened(ALICE, 1));
        assert_ok!(open_emergency(1));
        assert!(Custody::was_opened(ALICE, 1));
        assert!(!Custody::was_opened(BOB, 1));
        assert_ok!(deal(DealtScope::Emergency));
        assert!(!Custody::was_opened(ALICE, 2));
    });
}
