//! Who is given a bundle: whose very terms name it, and could be read under.

use super::{reading::bundle, *};
use kanglian_primitives::ParentTerms;

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
