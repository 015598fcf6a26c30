use super::*;

fn beijing_with_url(url: &str) -> ExtBuilder {
    ExtBuilder::default().regions(vec![(
        BEIJING.0,
        "北京".into(),
        BEIJING_CENTRE,
        CUSTODIAN,
        BEIJING_VAULT,
        url.into(),
    )])
}

#[test]
fn genesis_may_be_empty() {
    ExtBuilder::default().regions(vec![]).build_and_execute(|| {
        assert!(Regions::vaults().is_empty());
    });
}

#[test]
fn genesis_regions_are_active_and_their_accounts_sufficient() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(status(BEIJING), RegionStatus::Active);
        assert_eq!(System::sufficients(&BEIJING_CENTRE), 1);
    });
}

#[test]
#[should_panic(expected = "region 110000 is refused")]
fn genesis_refuses_what_the_call_refuses() {
    beijing_with_url("ftp://vault").build();
}

#[test]
#[should_panic(expected = "the vault URL of region 110000 is too long")]
fn genesis_refuses_a_url_too_long() {
    beijing_with_url(&format!("https://{}", "u".repeat(128))).build();
}

#[test]
#[should_panic(expected = "the name of region 110000 is too long")]
fn genesis_refuses_a_name_too_long() {
    let name = "北".repeat(22);
    ExtBuilder::default()
        .regions(vec![(
            BEIJING.0,
            name,
            BEIJING_CENTRE,
            CUSTODIAN,
            BEIJING_VAULT,
            "https://a".into(),
        )])
        .build();
}
