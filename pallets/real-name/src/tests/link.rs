use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::payloads::{self, LinkBody};
use kanglian_traits::{HoldKeys, PersonInspect, RecoverPerson};

use super::*;

fn by_a() -> RuntimeOrigin {
    Caller::Institution.origin()
}

fn approve(region: AccountId32) -> DispatchResult {
    RealName::approve_link(RuntimeOrigin::signed(region), BOB)
}

#[test]
fn link_makes_one_id_another_name_of_the_other() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        assert_ok!(link(true));
        last_event(Event::Linked {
            alias: BOB,
            canonical: ALICE,
            institution: hospital_a(),
            approved_by: None,
        });
        assert_eq!(RealName::canonical(&BOB), ALICE);
        assert_eq!(RealName::aliases(&ALICE), vec![BOB]);
        assert_eq!(RealName::standing(BOB), Some(Standing::Linked));
        // Nothing new under the alias, by its account or about it; what it gave it can take back.
        let wallet = BOB_WALLET.account();
        assert_eq!(RealName::valid(&BOB, START), None);
        assert_eq!(RealName::acting(&wallet, START), None);
        assert_eq!(RealName::speaks_for(&wallet), Some(BOB));
        assert!(RealName::valid(&ALICE, START).is_some());
    });
}

#[test]
fn a_linked_id_is_not_attested_renewed_suspended_recovered_or_closed_apart() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        assert_ok!(link(true));
        assert_noop!(attest(BOB, NEW_WALLET, attestation(NEW_WALLET)), Error::<Test>::PersonKnown);
        let linked: DispatchError = Error::<Test>::PersonLinked.into();
        let far = START + 400 * DAY;
        assert_noop!(RealName::renew(by_a(), BOB, far), linked);
        assert_noop!(RealName::re_attest(by_a(), BOB), linked);
        assert_noop!(RealName::suspend(Caller::PanCentre.origin(), BOB), linked);
        assert_noop!(<RealName as RecoverPerson<_>>::freeze(&BOB), linked);
        let new = NEW_WALLET.account();
        assert_noop!(<RealName as RecoverPerson<_>>::recover(&BOB, &new, key(9)), linked);
        at(START + 800 * DAY);
        assert_noop!(RealName::remove_expired(Caller::Stranger.origin(), BOB), linked);
    });
}

#[test]
fn link_refuses_whoever_is_no_institution() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        let payload = link_payload(0);
        only(&[Caller::Institution], |origin| {
            let (a, b) = (ALICE_WALLET.sign(&payload), BOB_WALLET.sign(&payload));
            RealName::link(origin, BOB, ALICE, a, Some(b))
        });
        let void = RealName::invalidate_attester(Caller::Admin.origin(), hospital_a(), START + 1);
        assert_ok!(void);
        at(START + 1);
        assert_noop!(link(true), Error::<Test>::AttesterVoid);
    });
}

#[test]
fn link_refuses_forged_signatures_and_those_for_other_words() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        let right = LinkBody { alias: BOB, canonical: ALICE, institution: hospital_a(), round: 0 };
        let mut elsewhere = genesis();
        elsewhere[0] ^= 1;
        let body = |change: &dyn Fn(&mut LinkBody)| {
            let mut other = right;
            change(&mut other);
            payloads::link(&genesis(), &other)
        };
        let wrong = [
            payloads::link(&elsewhere, &right),
            body(&|body| body.round = 1),
            body(&|body| body.institution = hospital_b()),
            body(&|body| core::mem::swap(&mut body.alias, &mut body.canonical)),
            Vec::new(),
        ];
        let good = link_payload(0);
        let try_link =
            |canonical, alias| RealName::link(by_a(), BOB, ALICE, canonical, Some(alias));
        for bad in wrong {
            let (a, b) = (ALICE_WALLET.sign(&good), BOB_WALLET.sign(&good));
            assert_noop!(try_link(ALICE_WALLET.sign(&bad), b), Error::<Test>::BadSignature);
            assert_noop!(try_link(a, BOB_WALLET.sign(&bad)), Error::<Test>::BadSignature);
        }
        // The right words by the wrong account.
        let (a, b) = (ALICE_WALLET.sign(&good), BOB_WALLET.sign(&good));
        assert_noop!(try_link(b.clone(), b), Error::<Test>::BadSignature);
        assert_noop!(try_link(a.clone(), a.clone()), Error::<Test>::BadSignature);
        assert_noop!(
            RealName::link(by_a(), BOB, ALICE, BOB_WALLET.sign(&good), None),
            Error::<Test>::BadSignature
        );
        // As wallets wrap them, they count.
        let wrapped = BOB_WALLET.sign_wrapped(&good);
        assert_ok!(try_link(ALICE_WALLET.sign_wrapped(&good), wrapped));
    });
}

#[test]
fn link_refuses_who_is_not_valid() {
    let suspend = |id| {
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), id));
    };
    let freeze = |id| {
        assert_ok!(<RealName as RecoverPerson<_>>::freeze(&id));
    };
    let expire = |id| {
        Persons::<Test>::mutate(id, |one| one.as_mut().unwrap().valid_until = START + 1);
    };
    let hold = |id| {
        assert_ok!(<RealName as HoldKeys>::hold(&id, START));
    };
    let cases: [(&dyn Fn(PersonId), DispatchError); 4] = [
        (&hold, Error::<Test>::NotTakenOver.into()),
        (&suspend, Error::<Test>::PersonSuspended.into()),
        (&freeze, Error::<Test>::RecoveryPending.into()),
        (&expire, Error::<Test>::Expired.into()),
    ];
    for (spoil, error) in cases {
        for who in [ALICE, BOB] {
            ExtBuilder::default().with_both().build_and_execute(|| {
                spoil(who);
                at(START + 1);
                assert_noop!(link(true), error);
            });
        }
    }
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_noop!(link(true), Error::<Test>::PersonUnknown);
    });
    ExtBuilder::default().with_both().build_and_execute(|| {
        Persons::<Test>::mutate(BOB, |one| one.as_mut().unwrap().valid_until = START + 1);
        at(START + 1 + GRACE);
        assert_ok!(RealName::remove_expired(Caller::Stranger.origin(), BOB));
        Persons::<Test>::mutate(ALICE, |one| {
            one.as_mut().unwrap().valid_until = START + 2 * GRACE;
        });
        assert_noop!(link(true), Error::<Test>::PersonClosed);
    });
    ExtBuilder::default().with_both().build_and_execute(|| {
        let at_b = attestation(NEW_WALLET);
        let carol = PersonId([0xc0; 32]);
        let payload = attest_payload(carol, hospital_b(), JIANGSU, &at_b);
        let signature = NEW_WALLET.sign(&payload);
        let b = RuntimeOrigin::signed(CONTROLLER_B);
        assert_ok!(RealName::attest(b, carol, at_b, signature));
        assert_ok!(RealName::invalidate_attester(Caller::Admin.origin(), hospital_b(), START));
        let body = LinkBody { alias: carol, canonical: ALICE, institution: hospital_a(), round: 0 };
        let signature = ALICE_WALLET.sign(&payloads::link(&genesis(), &body));
        assert_noop!(
            RealName::link(by_a(), carol, ALICE, signature, None),
            Error::<Test>::Invalidated
        );
    });
}

#[test]
fn links_make_neither_chains_nor_circles() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        let carol = PersonId([0xc0; 32]);
        assert_ok!(attest(carol, NEW_WALLET, attestation(NEW_WALLET)));
        let link = |alias, (canonical, wallet): (PersonId, Wallet)| {
            let body = LinkBody { alias, canonical, institution: hospital_a(), round: 0 };
            let signature = wallet.sign(&payloads::link(&genesis(), &body));
            RealName::link(by_a(), alias, canonical, signature, None)
        };
        assert_noop!(link(ALICE, (ALICE, ALICE_WALLET)), Error::<Test>::SamePerson);
        assert_ok!(crate::mock::link(true));
        // Bob's id is an alias: it leads nowhere else, and nothing leads to it.
        assert_noop!(link(BOB, (carol, NEW_WALLET)), Error::<Test>::PersonLinked);
        assert_noop!(link(carol, (BOB, BOB_WALLET)), Error::<Test>::PersonLinked);
        assert_noop!(link(ALICE, (BOB, BOB_WALLET)), Error::<Test>::PersonLinked);
        // Alice's id has an alias: it becomes none itself.
        assert_noop!(link(ALICE, (carol, NEW_WALLET)), Error::<Test>::HasAliases);
    });
}

#[test]
fn a_person_has_only_so_many_names() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        let full: Vec<_> = (0..MAX_ALIASES).map(|n| PersonId([n as u8 + 1; 32])).collect();
        AliasesOf::<Test>::insert(ALICE, AliasList::try_from(full).unwrap());
        assert_noop!(link(true), Error::<Test>::TooManyAliases);
        AliasesOf::<Test>::remove(ALICE);
    });
}

#[test]
fn for_a_lost_key_the_pan_centre_approves_after_the_delay() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        assert_ok!(link(false));
        last_event(Event::LinkRequested {
            alias: BOB,
            canonical: ALICE,
            institution: hospital_a(),
            approvable_from: START + LINK_DELAY,
        });
        assert!(RealName::valid(&BOB, START).is_some(), "nothing is linked yet");
        assert_noop!(link(false), Error::<Test>::LinkPending);
        at(START + LINK_DELAY - 1);
        assert_noop!(approve(PAN_CENTRE_JIANGSU), Error::<Test>::TooEarly);
        at(START + LINK_DELAY);
        assert_noop!(approve(PAN_CENTRE_ZHEJIANG), Error::<Test>::OutsideRegion);
        only(&[Caller::PanCentre], |origin| RealName::approve_link(origin, BOB));
        assert_ok!(approve(PAN_CENTRE_JIANGSU));
        last_event(Event::Linked {
            alias: BOB,
            canonical: ALICE,
            institution: hospital_a(),
            approved_by: Some(JIANGSU),
        });
        assert_noop!(approve(PAN_CENTRE_JIANGSU), Error::<Test>::NoLinkRequest);
    });
}

#[test]
fn an_approval_comes_in_time_and_for_who_is_still_valid() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        assert_ok!(link(false));
        at(START + LINK_DELAY + LINK_PERIOD);
        assert_noop!(approve(PAN_CENTRE_JIANGSU), Error::<Test>::PeriodOver);
        // Another request may follow one that lapsed.
        assert_ok!(link(false));
        at(START + 2 * LINK_DELAY + LINK_PERIOD);
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), ALICE));
        assert_noop!(approve(PAN_CENTRE_JIANGSU), Error::<Test>::PersonSuspended);
        assert_ok!(RealName::lift(Caller::Admin.origin(), ALICE));
        let void = RealName::invalidate_attester(Caller::Admin.origin(), hospital_a(), START + 1);
        assert_ok!(void);
        assert_noop!(approve(PAN_CENTRE_JIANGSU), Error::<Test>::AttesterVoid);
    });
}

#[test]
fn the_account_of_the_alias_objects_and_what_was_signed_counts_no_more() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        let bob = || RuntimeOrigin::signed(BOB_WALLET.account());
        assert_noop!(RealName::refuse_link(bob()), Error::<Test>::NoLinkRequest);
        assert_noop!(RealName::refuse_link(Caller::Stranger.origin()), DispatchError::BadOrigin);
        let old = ALICE_WALLET.sign(&link_payload(0));
        assert_ok!(link(false));
        // Of others nobody can, not even the canonical id's account.
        assert_noop!(RealName::refuse_link(alice()), Error::<Test>::NoLinkRequest);
        assert_ok!(RealName::refuse_link(bob()));
        last_event(Event::LinkRefused { alias: BOB, canonical: ALICE });
        at(START + LINK_DELAY);
        assert_noop!(approve(PAN_CENTRE_JIANGSU), Error::<Test>::NoLinkRequest);
        assert_noop!(RealName::link(by_a(), BOB, ALICE, old, None), Error::<Test>::BadSignature);
    });
}
