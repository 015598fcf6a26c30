//! Logs that only grow. What proofs are is tested with the tree, in the tests of consents.

use kanglian_primitives::Hash32;
use kanglian_traits::log_tree::node;

use super::*;

const A: Hash32 = [0xa; 32];
const B: Hash32 = [0xb; 32];
const C: Hash32 = [0xc; 32];

fn anchor(number: u8, size: u64, root: Hash32, proof: &[Hash32]) -> DispatchResult {
    let proof = proof.to_vec().try_into().unwrap();
    Registrars::anchor_evaluation_log(registrar(number), size, root, proof)
}

#[test]
fn a_log_grows_by_proofs() {
    ExtBuilder::default().build_and_execute(|| {
        let two = node(&A, &B);
        let three = node(&two, &C);
        assert_ok!(anchor(41, 1, A, &[]));
        assert_ok!(anchor(41, 2, two, &[B]));
        last_event(Event::EvaluationLogAnchored { registrar: key(41), size: 2, root: two });
        assert_ok!(anchor(41, 3, three, &[C]));
        let log = EvaluationLog { size: 3, root: three, at: NOW };
        assert_eq!(Registrars::evaluation_log(key(41)), Some(log));
        assert_eq!(Registrars::evaluation_log(key(42)), None, "each has a log of its own");
    });
}

#[test]
fn a_log_neither_shrinks_nor_stays() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(anchor(41, 0, A, &[]), Error::<Test>::LogNotGrowing);
        assert_ok!(anchor(41, 2, node(&A, &B), &[]));
        for (size, root) in [(0, A), (1, A), (2, node(&A, &B))] {
            assert_noop!(anchor(41, size, root, &[]), Error::<Test>::LogNotGrowing);
        }
        // Two heads at one size.
        assert_noop!(anchor(41, 2, node(&A, &C), &[]), Error::<Test>::LogNotGrowing);
    });
}

#[test]
fn a_rewritten_log_is_not_anchored() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(anchor(41, 1, A, &[]));
        // The first line is another one now.
        assert_noop!(anchor(41, 2, node(&C, &B), &[B]), Error::<Test>::InconsistentLog);
        assert_noop!(anchor(41, 2, node(&A, &B), &[]), Error::<Test>::InconsistentLog);
        assert_noop!(anchor(41, 2, node(&A, &B), &[C]), Error::<Test>::InconsistentLog);
        // A first anchor proves nothing.
        assert_noop!(anchor(42, 2, node(&A, &B), &[B]), Error::<Test>::InconsistentLog);
    });
}

#[test]
fn only_registrars_anchor() {
    ExtBuilder::default().build_and_execute(|| {
        let call = |origin| Registrars::anchor_evaluation_log(origin, 1, A, Default::default());
        assert_noop!(call(RuntimeOrigin::none()), BadOrigin);
        assert_noop!(call(RuntimeOrigin::root()), BadOrigin);
        assert_noop!(call(RuntimeOrigin::signed(STRANGER)), Error::<Test>::NotRegistrar);
        // A suspended province stops no log.
        Active::set(Vec::new());
        assert_ok!(call(registrar(41)));
    });
}
