use super::*;
use frame_support::dispatch::DispatchResult;
use proptest::prelude::*;

/// Who calls: the right one for most calls, and a few wrong ones.
const CALLERS: [u64; 6] = [PAN_JIANGSU, PAN_ZHEJIANG, COUNCIL, DEAN, FOUNDER, STRANGER];
/// Whom calls are about.
const PEOPLE: [u64; 6] = [DEAN, FOUNDER, DOCTOR, NURSE, STRANGER, 41];

#[derive(Clone, Copy, Debug)]
struct Step {
    which: u8,
    right_caller: bool,
    caller: usize,
    person: usize,
    institution: usize,
    team: u32,
    later: u64,
}

fn step() -> impl Strategy<Value = Step> {
    (0u8..19, prop::bool::weighted(0.85), 0usize..6, 0usize..6, 0usize..3, 1u32..3, 0u64..4)
        .prop_map(|(which, right_caller, caller, person, institution, team, later)| Step {
            which,
            right_caller,
            caller,
            person,
            institution,
            team,
            later,
        })
}

fn run(step: Step) -> DispatchResult {
    let id = [hospital(), clinic(), unknown()][step.institution];
    let (who, team) = (PEOPLE[step.person], TeamId(step.team));
    let end = NOW + step.later * YEAR;
    let region = Registry::<Test>::get(id).map(|institution| institution.region);
    let controller = Registry::<Test>::get(id).map(|institution| institution.controller);
    let right = match step.which {
        0 | 1 => PAN_JIANGSU,
        2 | 5 | 11 if region == Some(ZHEJIANG) => PAN_ZHEJIANG,
        2 | 5 | 11 => PAN_JIANGSU,
        3 | 4 | 6 | 7 | 12 => COUNCIL,
        _ => controller.unwrap_or(STRANGER),
    };
    let origin = by(if step.right_caller { right } else { CALLERS[step.caller] });
    match step.which {
        0 => Institutions::nominate(origin, profile(id, who)),
        1 => Institutions::nominate_batch(
            origin,
            vec![profile(id, who), profile(InstitutionId::from_parts(320_100, 400), 400)]
                .try_into()
                .expect("fits"),
        ),
        2 => Institutions::withdraw(origin, id),
        3 => Institutions::permit(origin, list(&[id])),
        4 => Institutions::revoke(origin, id),
        5 => Institutions::suspend(origin, id),
        6 => Institutions::renew(origin, id, end),
        7 => Institutions::replace_controller(origin, id, who),
        8 => Institutions::set_encryption_key(origin, if step.later == 0 { WEAK_KEY } else { KEY }),
        9 => Institutions::add_practitioner(origin, who, Role::Doctor, KEY, end),
        10 => Institutions::remove_practitioner(origin, who),
        11 => Institutions::suspend_practitioner(origin, id, who),
        12 => Institutions::lift_practitioner(origin, id, who),
        13 => Institutions::create_team(origin, team, text("组"), KEY),
        14 => Institutions::add_team_member(origin, team, who),
        15 => Institutions::remove_team_member(origin, team, who),
        16 => Institutions::dissolve_team(origin, team),
        17 => Institutions::clear_practitioner(origin, id, who),
        _ => {
            let region = [JIANGSU, ZHEJIANG, ANHUI][step.institution];
            set_active(region, step.later > 0);
            set_now(NOW + step.later * YEAR / 3);
            Ok(())
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn invariants_outlive_any_sequence_of_calls(
        steps in prop::collection::vec(step(), 1..=20)
    ) {
        ExtBuilder::default().build().execute_with(|| {
            for step in steps {
                let ended: Vec<_> = Registry::<Test>::iter()
                    .filter(|(_, found)| found.status == InstitutionStatus::Revoked)
                    .collect();
                let _ = run(step);
                check();
                for (id, before) in ended {
                    assert_eq!(Registry::<Test>::get(id), Some(before), "revoking is final");
                }
            }
        });
    }
}
