use super::*;
use kanglian_traits::InstitutionView;

#[test]
fn a_permitted_institution_is_seen_by_code_and_by_controller() {
    ExtBuilder::default().build_and_execute(|| {
        let view = InstitutionView {
            id: hospital(),
            region: JIANGSU,
            controller: DEAN,
            blocks: profile(hospital(), DEAN).blocks,
        };
        assert_eq!(Institutions::acting(&DEAN, NOW), Some(view));
        assert_eq!(Institutions::permitted(&hospital(), NOW), Some(view));
        for nobody in [STRANGER, DOCTOR, FOUNDER] {
            assert_eq!(Institutions::acting(&nobody, NOW), None);
        }
        for nothing in [clinic(), unknown()] {
            assert_eq!(Institutions::permitted(&nothing, NOW), None);
        }
    });
}

#[test]
fn permission_ends_at_its_boundary_instant() {
    ExtBuilder::default().build_and_execute(|| {
        for (now, counts) in [(NOW + YEAR - 1, true), (NOW + YEAR, false), (u64::MAX, false)] {
            assert_eq!(Institutions::acting(&DEAN, now).is_some(), counts);
            assert_eq!(Institutions::permitted(&hospital(), now).is_some(), counts);
            assert_eq!(Institutions::is_practitioner(&DOCTOR, &hospital(), now), counts);
            assert_eq!(Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, now), counts);
        }
    });
}

#[test]
fn practice_ends_at_its_boundary_instant_though_the_institution_goes_on() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::renew(by(COUNCIL), hospital(), NOW + 9 * YEAR));
        assert!(Institutions::is_practitioner(&DOCTOR, &hospital(), NOW + YEAR - 1));
        assert!(!Institutions::is_practitioner(&DOCTOR, &hospital(), NOW + YEAR));
        assert!(!Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, NOW + YEAR));
    });
}

#[test]
fn a_suspended_province_stops_its_institutions_and_nobody_else() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::permit(by(COUNCIL), list(&[clinic()])));
        set_active(JIANGSU, false);
        assert_eq!(Institutions::acting(&DEAN, NOW), None);
        assert!(!Institutions::is_practitioner(&DOCTOR, &hospital(), NOW));
        assert!(!Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, NOW));
        assert!(Institutions::acting(&FOUNDER, NOW).is_some());
        set_active(JIANGSU, true);
        assert!(Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, NOW));
    });
}

#[test]
fn view_functions_show_every_standing() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(Institutions::is_permitted(hospital()));
        assert!(!Institutions::is_permitted(clinic()));
        assert_eq!(Institutions::institution_of(FOUNDER), Some(clinic()));
        assert_eq!(Institutions::institution_of(STRANGER), None);
        assert_eq!(
            Institutions::institution_details(clinic()).expect("known").status,
            InstitutionStatus::Nominated
        );
        assert_eq!(
            Institutions::practitioner_details(NURSE, hospital()).expect("known").role,
            Role::Nurse
        );
        assert_eq!(Institutions::practises_at(STRANGER), vec![]);
        let team = Institutions::team_details(hospital(), TEAM).expect("known");
        assert_eq!(team.members.into_iter().collect::<Vec<_>>(), [DOCTOR]);
    });
}

#[test]
fn pages_of_institutions_cover_all_once() {
    ExtBuilder::default().build_and_execute(|| {
        for n in 0..9 {
            let id = InstitutionId::from_parts(320_100, 300 + n);
            assert_ok!(Institutions::nominate(by(PAN_JIANGSU), profile(id, 300 + u64::from(n))));
        }
        let mut seen: Vec<InstitutionId> = vec![];
        loop {
            let page = Institutions::institutions_after(seen.last().copied(), 4);
            if page.is_empty() {
                break;
            }
            assert!(page.len() <= 4);
            seen.extend(page.into_iter().map(|(id, _)| id));
        }
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((all, seen.len()), (11, 11));
    });
}

#[test]
fn suspending_calls_outrank_the_rest() {
    use frame_support::dispatch::{DispatchClass, GetDispatchInfo};
    let calls = [
        (crate::Call::<Test>::suspend { id: hospital() }, DispatchClass::Operational),
        (
            crate::Call::suspend_practitioner { id: hospital(), account: DOCTOR },
            DispatchClass::Operational,
        ),
        (crate::Call::withdraw { id: clinic() }, DispatchClass::Normal),
    ];
    for (call, class) in calls {
        assert_eq!(call.get_dispatch_info().class, class);
    }
}
