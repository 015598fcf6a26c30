use kanglian_primitives::{BusinessBlockSet, MAX_PAGE, Refusal, WorkClaim, WorkStanding, blocks};

use super::*;

fn claim() -> WorkClaim {
    WorkClaim {
        work: work(1),
        size: SIZE,
        metadata: METADATA,
        author: hospital(),
        block: blocks::HEALTH_EDUCATION,
    }
}

#[test]
fn check_publish_says_what_publishing_would() {
    ExtBuilder.build_and_execute(|| {
        let check = |who, claim| PublicWorks::check_publish(&who, &claim, NOW);
        assert_eq!(check(HOSPITAL, claim()), Ok(()));
        assert_eq!(check(CLINIC, claim()), Err(Refusal::NotActingAs), "another's work");
        assert_eq!(check(STRANGER, claim()), Err(Refusal::NotActingAs));
        for block in [blocks::MEDICAL, blocks::PERSONAL] {
            let elsewhere = WorkClaim { block, ..claim() };
            assert_eq!(check(HOSPITAL, elsewhere), Err(Refusal::BlockNotOpen));
        }
        Permitted::mutate(|all| {
            all.get_mut(&HOSPITAL).unwrap().blocks = BusinessBlockSet::of(blocks::MEDICAL)
        });
        assert_eq!(check(HOSPITAL, claim()), Err(Refusal::NotActingAs));
        permit(HOSPITAL, hospital(), JIANGSU);
        assert_ok!(Draft::hospital(1).publish());
        assert_eq!(check(HOSPITAL, claim()), Err(Refusal::AlreadyShared));
        suspend(HOSPITAL);
        assert_eq!(check(HOSPITAL, claim()), Err(Refusal::NotActingAs));
    });
}

#[test]
fn works_are_listed_in_the_order_of_publication() {
    ExtBuilder.build_and_execute(|| {
        for number in [3, 1, 2] {
            assert_ok!(Draft::hospital(number).publish());
        }
        let ids = |from, limit| -> Vec<_> {
            PublicWorks::works_from(from, limit, NOW).into_iter().map(|work| work.id).collect()
        };
        assert_eq!(ids(0, 2), [work(3), work(1)]);
        assert_eq!(ids(2, 10), [work(2)]);
        assert!(
            ids(3, 10).is_empty() && ids(u64::MAX, u32::MAX).is_empty() && ids(0, 0).is_empty()
        );
        let many = vec![work(1); MAX_PAGE as usize + 5];
        assert_eq!(PublicWorks::works(many, NOW).len() as u32, MAX_PAGE);
        assert!(PublicWorks::works(vec![work(9)], NOW).is_empty());
    });
}

#[test]
fn the_works_of_who_lost_the_permit_show_as_such() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital(1).publish());
        suspend(HOSPITAL);
        assert_eq!(facts(work(1)).standing(), WorkStanding::AuthorNotPermitted);
        permit(HOSPITAL, hospital(), JIANGSU);
        assert_eq!(facts(work(1)).standing(), WorkStanding::Current);
    });
}
