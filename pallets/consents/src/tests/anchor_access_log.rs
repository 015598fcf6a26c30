//! `anchor_access_log`: logs that only grow. The tree here is the definition of RFC 6962 written
//! down as it stands; it shares nothing with the verifier.

use frame_support::{assert_noop, assert_ok};
use sp_io::hashing::sha2_256;
use sp_runtime::DispatchError::BadOrigin;

use super::*;
use crate::{AccessLog, AccessLogs, Error, Event};
use kanglian_traits::log_tree::is_consistent;

type Hash = [u8; 32];

/// MTH (RFC 6962, section 2.1).
fn tree_hash(leaves: &[Vec<u8>]) -> Hash {
    match leaves {
        [] => sha2_256(&[]),
        [leaf] => sha2_256(&[&[0x00], leaf.as_slice()].concat()),
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            sha2_256(&[&[0x01][..], &tree_hash(left), &tree_hash(right)].concat())
        },
    }
}

/// The largest power of two smaller than `n`.
fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// PROOF(m, D[n]) (RFC 6962, section 2.1.2).
fn prove(m: usize, leaves: &[Vec<u8>]) -> Vec<Hash> {
    sub_proof(m, leaves, true)
}

fn sub_proof(m: usize, leaves: &[Vec<u8>], is_whole: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if is_whole { vec![] } else { vec![tree_hash(leaves)] };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, sibling) = match m <= k {
        true => (sub_proof(m, left, is_whole), tree_hash(right)),
        false => (sub_proof(m - k, right, false), tree_hash(left)),
    };
    proof.push(sibling);
    proof
}

fn leaves(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|at| format!("line {at}").into_bytes()).collect()
}

fn vault(key: kanglian_primitives::VaultKey) -> RuntimeOrigin {
    signed(AccountId::new(key.0))
}

fn anchor(size: usize, root: Hash, proof: Vec<Hash>) -> DispatchResult {
    let proof = proof.try_into().unwrap();
    Consents::anchor_access_log(vault(JIANGSU_VAULT), size as u64, root, proof)
}

/// Leaves and roots of the reference tests of Certificate Transparency.
#[test]
fn the_tests_own_tree_agrees_with_published_vectors() {
    let leaves: Vec<Vec<u8>> = vec![
        vec![],
        vec![0x00],
        vec![0x10],
        vec![0x20, 0x21],
        vec![0x30, 0x31],
        vec![0x40, 0x41, 0x42, 0x43],
        (0x50..0x58).collect(),
        (0x60..0x70).collect(),
    ];
    let hex = |hash: Hash| sp_core::hexdisplay::HexDisplay::from(&hash).to_string();
    assert_eq!(
        hex(tree_hash(&leaves[..1])),
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    );
    assert_eq!(
        hex(tree_hash(&leaves)),
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    );
    for m in 1..8 {
        let (old, new) = (tree_hash(&leaves[..m]), tree_hash(&leaves));
        assert!(is_consistent((m as u64, &old), (8, &new), &prove(m, &leaves)));
    }
}

#[test]
fn every_true_proof_up_to_64_lines_holds() {
    let all = leaves(64);
    let roots: Vec<Hash> = (0..=64).map(|n| tree_hash(&all[..n])).collect();
    for n in 2..=64 {
        for m in 1..n {
            let proof = prove(m, &all[..n]);
            assert!(
                is_consistent((m as u64, &roots[m]), (n as u64, &roots[n]), &proof),
                "{m} to {n}"
            );
        }
    }
}

#[test]
fn no_changed_proof_holds() {
    let all = leaves(64);
    let roots: Vec<Hash> = (0..=64).map(|n| tree_hash(&all[..n])).collect();
    for n in 2..=64usize {
        for m in 1..n {
            let proof = prove(m, &all[..n]);
            let (old, new) = ((m as u64, &roots[m]), (n as u64, &roots[n]));
            for at in 0..proof.len() {
                let mut changed = proof.clone();
                changed[at][31] ^= 1;
                assert!(!is_consistent(old, new, &changed), "{m} to {n}, hash {at} changed");
                let mut shorter = proof.clone();
                shorter.remove(at);
                assert!(!is_consistent(old, new, &shorter), "{m} to {n}, hash {at} missing");
                let mut longer = proof.clone();
                longer.insert(at, proof[at]);
                assert!(!is_consistent(old, new, &longer), "{m} to {n}, hash {at} twice");
                let mut swapped = proof.clone();
                swapped.swap(at, 0);
                let is_same = swapped == proof;
                assert!(is_same || !is_consistent(old, new, &swapped), "{m} to {n}, swapped");
            }
            let longer = [&proof[..], &[[0; 32]]].concat();
            assert!(!is_consistent(old, new, &longer), "{m} to {n}, one more");
            assert!(!is_consistent(old, new, &[]), "{m} to {n}, no proof");
            let (mut bad_old, mut bad_new) = (roots[m], roots[n]);
            bad_old[0] ^= 1;
            bad_new[0] ^= 1;
            assert!(!is_consistent((m as u64, &bad_old), new, &proof), "{m} to {n}, old root");
            assert!(!is_consistent(old, (n as u64, &bad_new), &proof), "{m} to {n}, new root");
            assert!(!is_consistent(new, old, &proof), "{n} shrinks to {m}");
        }
    }
}

#[test]
fn no_proof_shows_that_a_removed_or_altered_line_is_still_there() {
    let all = leaves(40);
    let old = tree_hash(&all[..20]);
    for at in 0..20 {
        let mut altered = all.clone();
        altered[at] = b"another reader".to_vec();
        let mut removed = all.clone();
        removed.remove(at);
        for forged in [altered, removed] {
            let root = tree_hash(&forged);
            let proof = prove(20, &forged);
            assert!(!is_consistent((20, &old), (forged.len() as u64, &root), &proof), "{at}");
        }
    }
}

#[test]
fn odd_sizes_never_panic() {
    let sizes = [0, 1, 2, 3, (1 << 63) - 1, 1 << 63, (1 << 63) + 1, u64::MAX - 1, u64::MAX];
    for old in sizes {
        for new in sizes {
            for length in [0, 1, 2, 3, 63, 64, 65] {
                let proof = vec![[1; 32]; length];
                assert!(!is_consistent((old, &[2; 32]), (new, &[3; 32]), &proof));
            }
        }
    }
}

#[test]
fn anchor_stores_the_root_and_says_so() {
    ExtBuilder.build_and_execute(|| {
        let all = leaves(30);
        let first = tree_hash(&all[..7]);
        assert_ok!(anchor(7, first, vec![]));
        assert_eq!(
            last_event(),
            Event::AccessLogAnchored { region: JIANGSU, size: 7, root: first }
        );
        set_now(NOW + 1);
        let second = tree_hash(&all);
        assert_ok!(anchor(30, second, prove(7, &all)));
        let stored = AccessLog { size: 30, root: second, at: NOW + 1 };
        assert_eq!(Consents::access_log(JIANGSU), Some(stored));
        assert_eq!(Consents::access_log(ZHEJIANG), None);
    });
}

#[test]
fn anchor_refuses_everybody_but_vaults() {
    ExtBuilder.build_and_execute(|| {
        let call = |origin| Consents::anchor_access_log(origin, 1, [1; 32], Default::default());
        for who in [ALICE_ACCOUNT, HOSPITAL_A_ACCOUNT, DOCTOR, STRANGER] {
            assert_noop!(call(signed(who)), BadOrigin);
        }
        for origin in unsigned_origins() {
            assert_noop!(call(origin), BadOrigin);
        }
        assert_ok!(call(vault(ZHEJIANG_VAULT)));
        assert!(AccessLogs::<Test>::get(JIANGSU).is_none());
    });
}

#[test]
fn anchor_takes_the_log_of_a_suspended_region() {
    ExtBuilder.build_and_execute(|| {
        suspend_region(JIANGSU, true);
        assert_ok!(anchor(1, [1; 32], vec![]));
    });
}

#[test]
fn anchor_refuses_a_log_that_does_not_grow() {
    ExtBuilder.build_and_execute(|| {
        let all = leaves(8);
        assert_noop!(anchor(0, tree_hash(&[]), vec![]), Error::<Test>::LogNotGrowing);
        assert_ok!(anchor(5, tree_hash(&all[..5]), vec![]));
        for size in [0, 1, 4, 5] {
            let root = tree_hash(&all[..size]);
            let proof = prove(size.max(1), &all[..5]);
            assert_noop!(anchor(size, root, vec![]), Error::<Test>::LogNotGrowing);
            assert_noop!(anchor(size, root, proof), Error::<Test>::LogNotGrowing);
        }
    });
}

#[test]
fn anchor_refuses_a_log_that_is_not_the_anchored_one() {
    ExtBuilder.build_and_execute(|| {
        let all = leaves(8);
        let root = tree_hash(&all);
        let surplus = anchor(5, tree_hash(&all[..5]), vec![[0; 32]]);
        assert_noop!(surplus, Error::<Test>::InconsistentLog);
        assert_ok!(anchor(5, tree_hash(&all[..5]), vec![]));
        assert_noop!(anchor(8, root, vec![]), Error::<Test>::InconsistentLog);
        assert_noop!(anchor(8, root, prove(4, &all)), Error::<Test>::InconsistentLog);
        for size in [6, 9, 64] {
            assert_noop!(anchor(size, root, prove(5, &all)), Error::<Test>::InconsistentLog);
        }
        let mut forged = all.clone();
        forged[2] = b"nobody was here".to_vec();
        let call = anchor(8, tree_hash(&forged), prove(5, &forged));
        assert_noop!(call, Error::<Test>::InconsistentLog);
        assert_ok!(anchor(8, root, prove(5, &all)));
    });
}
