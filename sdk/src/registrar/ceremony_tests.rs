//! Ceremonies of registrars in one process.

use super::*;
use crate::registrar::oprf::{Blinding, OprfError};

fn identities() -> Vec<RegistrarIdentity> {
    (0..4).map(|_| RegistrarIdentity::generate()).collect()
}

fn launch(identities: &[RegistrarIdentity], threshold: u16) -> Plan {
    let card = |(at, identity): (usize, &RegistrarIdentity)| {
        Card::new(identity, &format!("registrar {at}"), "http://127.0.0.1:1").unwrap()
    };
    let cards: Vec<_> = identities.iter().enumerate().map(card).collect();
    Plan::launch(threshold, &cards).unwrap()
}

fn hold(
    plan: &Plan,
    identities: &[RegistrarIdentity],
    old: Option<&[RegistrarShare]>,
) -> (Vec<RegistrarShare>, RegistrarSet) {
    let dealings: Vec<_> =
        identities.iter().map(|identity| Dealing::deal(plan, identity, None).unwrap()).collect();
    let applied = identities.iter().enumerate().map(|(at, identity)| {
        apply(plan, &dealings, identity, old.map(|shares| &shares[at])).unwrap()
    });
    let (shares, sets): (Vec<_>, Vec<_>) =
        applied.map(|applied| (applied.share, applied.set)).unzip();
    let mut set = sets[0].clone();
    assert_eq!(set.check().is_ok(), identities.len() == 1, "the others have not signed");
    sets.iter().for_each(|other| set.join(other).unwrap());
    set.check().unwrap();
    (shares, set)
}

fn person(set: &RegistrarSet, shares: &[RegistrarShare], who: &[u16]) -> Result<String, OprfError> {
    let blinding = Blinding::new(b"01:11010519491231002X").unwrap();
    let mut answers = Vec::new();
    for index in who {
        let key = shares[usize::from(*index) - 1].key().unwrap();
        let answer = key.evaluate(blinding.element()).unwrap();
        blinding.verify(&set.share_key(*index).unwrap(), &answer)?;
        answers.push((*index, answer));
    }
    Ok(blinding.person(&answers, usize::from(set.body.threshold))?.to_string())
}

#[test]
fn a_key_that_nobody_dealt_alone_survives_refreshes_and_old_shares_do_not() {
    let identities = identities();
    let plan = launch(&identities, 3);
    let (old, first) = hold(&plan, &identities, None);
    let before = person(&first, &old, &[1, 2, 3]).unwrap();
    assert_eq!(person(&first, &old, &[4, 2, 1]).unwrap(), before);
    let plan = Plan::refresh(first.clone()).unwrap();
    let (new, second) = hold(&plan, &identities, Some(&old));
    assert_eq!((second.body.epoch, second.network_key()), (1, first.network_key()));
    for who in [[1, 2, 3], [2, 3, 4]] {
        assert_eq!(person(&second, &new, &who).unwrap(), before);
    }
    // Mixed: the proof of a share of the other epoch does not hold.
    let mixed = [new[0].clone(), new[1].clone(), old[2].clone(), new[3].clone()];
    assert_eq!(person(&second, &mixed, &[1, 2, 3]), Err(OprfError::Proof));
    assert_eq!(person(&first, &new, &[1, 2, 3]), Err(OprfError::Proof));
    // And without looking at proofs, mixed shares give somebody else.
    let blinding = Blinding::new(b"01:11010519491231002X").unwrap();
    let answers: Vec<_> = (1u16..=3)
        .zip(&mixed)
        .map(|(at, share)| (at, share.key().unwrap().evaluate(blinding.element()).unwrap()))
        .collect();
    assert_ne!(blinding.person(&answers, 3).unwrap().to_string(), before);
}

#[test]
fn one_registrar_alone_is_a_set_too() {
    let identities = vec![RegistrarIdentity::generate()];
    let (shares, set) = hold(&launch(&identities, 1), &identities, None);
    assert!(person(&set, &shares, &[1]).is_ok());
}

#[test]
fn dealings_that_do_not_hold_name_their_dealer() {
    let identities = identities();
    let plan = launch(&identities, 3);
    let good: Vec<_> =
        identities.iter().map(|identity| Dealing::deal(&plan, identity, None).unwrap()).collect();
    let fails = |dealings: &[Dealing], words: &str| {
        let error = apply(&plan, dealings, &identities[0], None).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    fails(&good[..3], "registrar 3 is missing");
    fails(&[&good[..3], &good[..1]].concat(), "two dealings are of one registrar");
    let resigned = |change: &dyn Fn(&mut Dealing)| {
        let mut dealings = good.clone();
        change(&mut dealings[2]);
        let signature = identities[2].sign(&dealings[2].message());
        dealings[2].signature = hex::encode(signature);
        dealings
    };
    let mut unsigned = good.clone();
    unsigned[1].commitments[0] = good[0].commitments[0];
    fails(&unsigned, "registrar 1 does not hold: its signature");
    fails(&resigned(&|dealing| dealing.plan[0] ^= 1), "registrar 2 does not hold: it is for");
    fails(&resigned(&|dealing| dealing.commitments[0] = [0; 32]), "it deals zero");
    fails(&resigned(&|dealing| dealing.commitments[1] = [0xff; 32]), "no element");
    fails(&resigned(&|dealing| dealing.commitments.truncate(2)), "as many commitments");
    fails(&resigned(&|dealing| dealing.shares.swap(0, 1)), "cannot be opened");
    let other = good[3].commitments[1];
    fails(&resigned(&|dealing| dealing.commitments[1] = other), "contradicts the commitments");
    let late = &apply(&plan, &good, &RegistrarIdentity::generate(), None).unwrap_err();
    assert!(late.to_string().contains("none of the plan's"));
}

#[test]
fn a_refresh_cannot_change_the_key_and_two_faced_dealers_are_found() {
    let identities = identities();
    let (shares, set) = hold(&launch(&identities, 3), &identities, None);
    let plan = Plan::refresh(set).unwrap();
    let mut dealings: Vec<_> =
        identities.iter().map(|identity| Dealing::deal(&plan, identity, None).unwrap()).collect();
    let other = Dealing::deal(&plan, &identities[3], None).unwrap();
    let one = apply(&plan, &dealings, &identities[0], Some(&shares[0])).unwrap();
    dealings[3] = other;
    let two = apply(&plan, &dealings, &identities[1], Some(&shares[1])).unwrap();
    let mut joined = one.set.clone();
    assert!(joined.join(&two.set).unwrap_err().to_string().contains("different"));
    let wrong = apply(&plan, &dealings, &identities[0], Some(&shares[1])).unwrap_err();
    assert!(wrong.to_string().contains("present share"));
    assert!(apply(&plan, &dealings, &identities[0], None).is_err());
    // A dealing of a launch does not pass for one of a refresh.
    let mut sly = dealings.clone();
    sly[0].commitments = Polynomial::random(3).commitments().to_bytes();
    sly[0].signature = hex::encode(identities[0].sign(&sly[0].message()));
    let error = apply(&plan, &sly, &identities[1], Some(&shares[1])).unwrap_err();
    assert!(error.to_string().contains("change the network key"), "{error}");
}

/// Deals the present shares of some registrars on to others.
fn replace(
    set: &RegistrarSet,
    old: (&[RegistrarIdentity], &[RegistrarShare]),
    new: &[RegistrarIdentity],
    threshold: u16,
    dealers: &[u16],
) -> (Plan, Vec<Dealing>) {
    let member = |(at, identity): (usize, &RegistrarIdentity)| {
        identity.member(&format!("new {at}"), "http://127.0.0.1:2")
    };
    let members = new.iter().enumerate().map(member).collect();
    let plan = Plan::replace(set.clone(), threshold, members, dealers.to_vec()).unwrap();
    let deal = |dealer: &u16| {
        let at = usize::from(*dealer) - 1;
        Dealing::deal(&plan, &old.0[at], Some(&old.1[at])).unwrap()
    };
    let dealings = dealers.iter().map(deal).collect();
    (plan, dealings)
}

fn apply_all(
    plan: &Plan,
    dealings: &[Dealing],
    new: &[RegistrarIdentity],
) -> (Vec<RegistrarShare>, RegistrarSet) {
    let applied = new.iter().map(|identity| apply(plan, dealings, identity, None).unwrap());
    let (shares, sets): (Vec<_>, Vec<_>) =
        applied.map(|applied| (applied.share, applied.set)).unzip();
    let mut set = sets[0].clone();
    sets.iter().for_each(|other| set.join(other).unwrap());
    set.check().unwrap();
    (shares, set)
}

#[test]
fn a_registrar_is_replaced_and_ids_stay() {
    let old = identities();
    let (shares, first) = hold(&launch(&old, 3), &old, None);
    let before = person(&first, &shares, &[1, 2, 3]).unwrap();
    // The fourth leaves, a fifth comes in its place.
    let mut new = old.clone();
    new[3] = RegistrarIdentity::generate();
    let (plan, dealings) = replace(&first, (&old, &shares), &new, 3, &[1, 2, 3]);
    let (renewed, second) = apply_all(&plan, &dealings, &new);
    assert_eq!((second.body.epoch, second.network_key()), (1, first.network_key()));
    for who in [[1, 2, 3], [4, 2, 1], [2, 3, 4]] {
        assert_eq!(person(&second, &renewed, &who).unwrap(), before);
    }
    // Any old share beside new ones is found by its proof, and gives somebody else without it.
    for at in 0..4 {
        let mut mixed = renewed.clone();
        mixed[at] = shares[at].clone();
        let who = [at, (at + 1) % 4, (at + 2) % 4].map(|at| at as u16 + 1);
        assert_eq!(person(&second, &mixed, &who), Err(OprfError::Proof));
        let blinding = Blinding::new(b"01:11010519491231002X").unwrap();
        let answers = who.map(|index| {
            let key = mixed[usize::from(index) - 1].key().unwrap();
            (index, key.evaluate(blinding.element()).unwrap())
        });
        assert_ne!(blinding.person(&answers, 3).unwrap().to_string(), before);
    }
    // It can be refreshed like any other, and the one that left takes no part.
    let plan = Plan::refresh(second.clone()).unwrap();
    let (again, third) = hold(&plan, &new, Some(&renewed));
    assert_eq!(person(&third, &again, &[4, 3, 1]).unwrap(), before);
    let error = Dealing::deal(&plan, &old[3], None).unwrap_err().to_string();
    assert!(error.contains("dealers"), "{error}");
}

#[test]
fn number_and_threshold_may_change() {
    let old = identities();
    let (shares, first) = hold(&launch(&old, 2), &old, None);
    let before = person(&first, &shares, &[1, 2]).unwrap();
    let new: Vec<_> = (0..5).map(|_| RegistrarIdentity::generate()).collect();
    // More dealers than needed do no harm.
    let (plan, dealings) = replace(&first, (&old, &shares), &new, 4, &[1, 2, 4]);
    let (renewed, second) = apply_all(&plan, &dealings, &new);
    assert_eq!(person(&second, &renewed, &[5, 4, 2, 1]).unwrap(), before);
    assert_eq!(person(&second, &renewed, &[5, 4]), Err(OprfError::TooFew));
    // And back to one, as small networks have it.
    let one = &new[..1];
    let (plan, dealings) = replace(&second, (&new, &renewed), one, 1, &[1, 2, 3, 4]);
    let (alone, third) = apply_all(&plan, &dealings, one);
    assert_eq!(person(&third, &alone, &[1]).unwrap(), before);
}

#[test]
fn whoever_deals_something_else_than_the_own_share_is_named() {
    let old = identities();
    let (shares, first) = hold(&launch(&old, 3), &old, None);
    let new: Vec<_> = (0..3).map(|_| RegistrarIdentity::generate()).collect();
    let (plan, good) = replace(&first, (&old, &shares), &new, 2, &[1, 2, 4]);
    let fails = |dealings: &[Dealing], words: &str| {
        let error = apply(&plan, dealings, &new[0], None).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    // Another key in place of the fourth's share.
    let mut sly = good.clone();
    sly[2].commitments = Polynomial::random(2).commitments().to_bytes();
    sly[2].signature = hex::encode(old[3].sign(&sly[2].message()));
    fails(&sly, "registrar 3 does not hold: what it deals is not the dealer's present share");
    let mut sly = good.clone();
    sly[1].shares.swap(0, 1);
    sly[1].signature = hex::encode(old[1].sign(&sly[1].message()));
    fails(&sly, "registrar 1 does not hold: the share for this registrar cannot be opened");
    fails(&good[..2], "registrar 3 is missing");
    fails(&[&good[..], &good[..1]].concat(), "two dealings are of one registrar");
    assert!(apply(&plan, &good, &new[0], Some(&shares[0])).is_err(), "no share is refreshed");
    assert!(apply(&plan, &good, &old[0], None).is_err(), "who left has no new share");
    // The dealer's own mistakes.
    let deal = |who: usize, share: Option<&RegistrarShare>| {
        Dealing::deal(&plan, &old[who], share).unwrap_err().to_string()
    };
    assert!(deal(0, None).contains("needed"));
    assert!(deal(0, Some(&shares[1])).contains("not of the set"));
    assert!(deal(2, Some(&shares[2])).contains("dealers"), "the third is none of the dealers");
    let refresh = Plan::refresh(first.clone()).unwrap();
    assert!(Dealing::deal(&refresh, &old[0], Some(&shares[0])).is_err());
    // A dealing of a refresh does not pass for a replacement's.
    let mut zero = good.clone();
    zero[0].commitments = Polynomial::random_zero(2).commitments().to_bytes();
    zero[0].signature = hex::encode(old[0].sign(&zero[0].message()));
    fails(&zero, "not the dealer's present share");
}

#[test]
fn too_few_or_wrong_dealers_make_no_plan() {
    let old = identities();
    let (_, first) = hold(&launch(&old, 3), &old, None);
    let members = || first.body.members.clone();
    let fails = |dealers: &[u16], words: &str| {
        let plan = Plan::replace(first.clone(), 3, members(), dealers.to_vec());
        let error = plan.unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    fails(&[], "nobody");
    fails(&[1, 2], "2 of the present registrars deal, 3 have to");
    fails(&[1, 2, 2], "rising");
    fails(&[1, 2, 5], "rising");
    fails(&[0, 1, 2], "rising");
    assert!(Plan::replace(first.clone(), 5, members(), vec![1, 2, 3]).is_err(), "5 of 4");
    let mut bare = launch(&old, 3);
    bare.dealers = vec![1];
    assert!(bare.check().is_err());
}
