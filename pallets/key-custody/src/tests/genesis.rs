use super::*;

#[test]
fn genesis_appoints_custodians_and_may_name_the_delay() {
    ExtBuilder::default().with_delay(30_000).build_and_execute(|| {
        let listed: Vec<_> = Custody::custodians().into_iter().map(|(region, _)| region).collect();
        assert_eq!(listed, REGIONS);
        assert_eq!(System::sufficients(&custodian(JIANGSU)), 1);
        assert_eq!(Custody::recovery_delay(), 30_000);
        assert_ok!(open());
        assert_eq!(recovery(FIRST).executable_from, START + 30_000);
    });
}

#[test]
fn without_it_governance_sets_the_delay_and_never_below_the_least() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(Custody::recovery_delay(), DELAY);
        ParameterDelay::set(0);
        assert_eq!(Custody::recovery_delay(), DAY);
    });
}

#[test]
#[should_panic(expected = "is refused")]
fn genesis_refuses_one_account_for_two_regions() {
    use sp_runtime::BuildStorage;
    let key = custodian_key(JIANGSU);
    let account = custodian(JIANGSU);
    let custodians = vec![(JIANGSU.0, account.clone(), key), (ZHEJIANG.0, account, key)];
    let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    let genesis = GenesisConfig::<Test> { custodians, recovery_delay: None };
    let _ = genesis.assimilate_storage(&mut storage);
}
