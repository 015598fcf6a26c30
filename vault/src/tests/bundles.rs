//! Who is given a bundle: whose very terms name it, and could be read under.

use super::{reading::bundle, *};
use kanglian_primitives::{Action, ActionSet, CodeKey, ParentTerms};

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_holders_delegates_get_no_bundle() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let (hash, _) = vault.client(patient()).put_bundle(&PATIENT, bundle()).await.unwrap();
    let reader = vault.client(doctor());
    let below = |grantee, id| Some(ParentTerms { grantee, id: TermsId(id) });
    let first = Grantee::Institution(InstitutionId::from_parts(330_100, 1));
    let second = Grantee::CareTeam {
        institution: InstitutionId::from_parts(330_100, 2),
        team: kanglian_primitives::TeamId(1),
    };
    // The person gave it to the first, that to the second, that to the doctor; and the doctor has
    // terms from the person besides, which name nothing.
    for (grantee, terms) in [
        (first, Terms { may_delegate: 2, ..terms(1) }),
        (second, Terms { may_delegate: 1, parent: below(first, 1), ..terms(1) }),
        (doctor_at_hospital(), terms(1)),
        (
            doctor_at_hospital(),
            Terms { may_delegate: 1, bundle: hash, parent: below(second, 1), ..terms(2) },
        ),
    ] {
        network.world.script().terms.push((PATIENT, grantee, terms));
    }
    assert_eq!(reader.get_bundle(&PATIENT, &hash).await.unwrap(), bundle());
    for suspended in [first, second] {
        network.world.script().suspended = vec![suspended];
        assert_eq!(code(reader.get_bundle(&PATIENT, &hash).await), "not_found");
        assert_eq!(code(reader.put_bundle(&PATIENT, bundle()).await), "not_acting_as");
    }
    network.world.script().suspended = vec![Grantee::Institution(hospital_id())];
    assert_eq!(reader.get_bundle(&PATIENT, &hash).await.unwrap(), bundle());
    // As for a read, both states must say so.
    network.world.script().ended_in_best.insert((PATIENT, 2));
    assert_eq!(code(reader.get_bundle(&PATIENT, &hash).await), "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_redeemed_a_code_stores_the_bundle_sealed_again_and_nobody_else() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let (sealed, _) = vault.client(patient()).put_bundle(&PATIENT, bundle()).await.unwrap();
    let key = CodeKey([0xc0; 32]);
    let reader = vault.client(doctor());
    let own = super::reading::other_bundle();
    let put = |code| reader.put_adopted_bundle(&PATIENT, code, own.clone());
    // The code is there and nobody redeemed it: neither taken nor given.
    network.world.script().codes.insert(key, (PATIENT, sealed, Vec::new()));
    assert_eq!(code(put(&key).await), "not_acting_as");
    assert_eq!(code(reader.get_bundle(&PATIENT, &sealed).await), "not_found");
    // Redeemed, with terms that name the sealed bundle.
    let redeemed = Terms { bundle: sealed, ..terms(1) };
    {
        let mut script = network.world.script();
        script.codes.insert(key, (PATIENT, sealed, vec![doctor().account()]));
        script.terms.push((PATIENT, doctor_at_hospital(), redeemed));
    }
    assert_eq!(reader.get_bundle(&PATIENT, &sealed).await.unwrap(), bundle());
    let (hash, _) = put(&key).await.unwrap();
    // Not with another code, not without one, not for another person's code.
    assert_eq!(code(put(&CodeKey([0xc1; 32])).await), "not_acting_as");
    assert_eq!(code(reader.put_bundle(&PATIENT, own.clone()).await), "not_acting_as");
    network.world.script().codes.insert(key, (PersonId([9; 32]), sealed, vec![doctor().account()]));
    assert_eq!(code(put(&key).await), "not_acting_as");
    network.world.script().codes.insert(key, (PATIENT, sealed, vec![doctor().account()]));
    // Adopted: the terms name the new bundle, and nobody is given the sealed one any more.
    network.world.script().terms[0].2.bundle = hash;
    assert_eq!(reader.get_bundle(&PATIENT, &hash).await.unwrap(), own);
    assert_eq!(code(reader.get_bundle(&PATIENT, &sealed).await), "not_found");
    // Revoked.
    network.world.script().terms.clear();
    assert_eq!(code(reader.get_bundle(&PATIENT, &hash).await), "not_found");
    assert_eq!(code(put(&key).await), "not_acting_as");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_who_gives_terms_leaves_bundles_and_another_does_not() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let proxy = vault.client(stranger());
    assert_eq!(code(proxy.put_bundle(&PATIENT, bundle()).await), "not_acting_as");
    let may = |action| {
        network.world.script().acting_for =
            vec![(stranger().account(), PATIENT, ActionSet::of(action))];
    };
    may(Action::Revoke);
    assert_eq!(code(proxy.put_bundle(&PATIENT, bundle()).await), "not_acting_as");
    may(Action::Grant);
    let (hash, _) = proxy.put_bundle(&PATIENT, bundle()).await.unwrap();
    // Leaving is not getting.
    assert_eq!(code(proxy.get_bundle(&PATIENT, &hash).await), "not_found");
    network.world.script().acting_for.clear();
    assert_eq!(code(proxy.put_bundle(&PATIENT, bundle()).await), "not_acting_as");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_author_gets_what_a_correction_says_while_it_waits() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let (hash, _) = vault.client(patient()).put_bundle(&PATIENT, bundle()).await.unwrap();
    let author = vault.client(doctor());
    assert_eq!(code(author.get_bundle(&PATIENT, &hash).await), "not_found");
    network.world.script().corrections = vec![(PATIENT, hash, doctor().account())];
    assert_eq!(author.get_bundle(&PATIENT, &hash).await.unwrap(), bundle());
    assert_eq!(code(vault.client(stranger()).get_bundle(&PATIENT, &hash).await), "not_found");
    network.world.script().corrections.clear();
    assert_eq!(code(author.get_bundle(&PATIENT, &hash).await), "not_found");
}
