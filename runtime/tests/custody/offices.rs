//! Custodians, pan-centres, the council: who is appointed, and what votes may do.

use super::*;

#[test]
fn custodians_of_the_preset_are_the_well_known_ones_and_need_no_coins() {
    local().execute_with(|| {
        let listed = KeyCustody::custodians();
        assert_eq!(listed.len(), PROVINCES.len());
        for ((name, region), (code, found)) in PROVINCES.iter().zip(&listed) {
            assert_eq!(region, code);
            assert_eq!(found.account, account(&custodian(name)), "{name}");
            let known = Regions::region(*region).expect("registered").custodian_key;
            assert_eq!(found.key, known, "{name}");
            assert_eq!(FreeLane::remaining(&found.account), free_lane::CUSTODIAN);
        }
        assert_eq!(KeyCustody::recovery_delay(), u64::from(DELAY) * 1_000);
        permit_hospital();
        enrol_patient();
        assert_ok!(deal_by("Patient", DealtScope::Whole, 1));
        let bad = Call::complain {
            person: patient(),
            scope: DealtScope::Whole,
            number: 1,
            reason: ComplaintReason::BadShare,
        };
        assert_ok!(send("Jiangsu-Custodian", bad));
        council_of(
            &["Zhejiang", "Shanghai", "Guangdong"],
            RuntimeCall::Regions(pallet_regions::Call::suspend { code: JIANGSU }),
        );
        assert_eq!(FreeLane::remaining(&account("Jiangsu-Custodian")), 0);
    });
}

#[test]
fn no_vote_pauses_a_veto_and_safe_mode_leaves_emergencies_open() {
    local().execute_with(|| {
        begin_emergency();
        let name = |text: &str| text.as_bytes().to_vec().try_into().expect("short");
        let pause = |call: &str| {
            let full_name = (name("KeyCustody"), name(call));
            RuntimeCall::TxPause(pallet_tx_pause::Call::pause { full_name })
                .dispatch(kanglian_runtime::RuntimeOrigin::root())
        };
        for call in ["veto_recovery", "dismiss_recovery", "close_emergency"] {
            assert!(pause(call).is_err(), "{call} was paused");
        }
        assert_ok!(pause("execute_recovery"));
        assert_ok!(open_recovery("Thief"));
        let enter = RuntimeCall::SafeMode(pallet_safe_mode::Call::force_enter {});
        assert_ok!(enter.dispatch(kanglian_runtime::RuntimeOrigin::root()));
        assert_ok!(veto("Patient"));
        assert_ok!(open_emergency(1));
        let case = CaseRef::Emergency(CASE);
        assert_ok!(send("Jiangsu-Custodian", Call::hand_over { case, blob: [1; 32] }));
        assert_err!(
            send("Shanghai", Call::approve_recovery { id: FIRST }),
            frame_system::Error::<Runtime>::CallFiltered
        );
    });
}

/// A pan-centre that lost its key: one motion replaces its account and its seat.
#[test]
fn a_pan_centre_and_its_seat_change_by_one_motion() {
    local().execute_with(|| {
        let (old, new) = (account("Jiangsu"), account("NewJiangsu"));
        let motion = RuntimeCall::Utility(pallet_utility::Call::batch_all {
            calls: vec![
                RuntimeCall::Regions(pallet_regions::Call::replace_pan_centre {
                    code: JIANGSU,
                    account: new.clone(),
                }),
                RuntimeCall::CouncilMembership(pallet_membership::Call::swap_member {
                    remove: old.clone().into(),
                    add: new.clone().into(),
                }),
            ],
        });
        for part in ["Jiangsu", "Zhejiang"] {
            let alone = motion.clone().dispatch(signed(part)).map_err(|error| error.error);
            assert_err!(alone, DispatchError::BadOrigin);
        }
        council_of(&["Zhejiang", "Shanghai", "Guangdong", "Regulator"], motion);
        assert_eq!(Regions::region_of_pan_centre(&new), Some(JIANGSU));
        assert_eq!(Regions::region_of_pan_centre(&old), None);
        assert!(kanglian_runtime::Council::is_member(&new));
        assert!(!kanglian_runtime::Council::is_member(&old));
        // The new key appoints another custodian, the old one nobody.
        let appoint = |who: &str| {
            let key = EncryptionKey::x25519([0x51; 32]);
            RuntimeCall::KeyCustody(Call::set_custodian { account: account("Box"), key })
                .dispatch(signed(who))
                .map_err(|error| error.error)
        };
        assert_err!(appoint("Jiangsu"), DispatchError::BadOrigin);
        assert_ok!(appoint("NewJiangsu"));
        assert_eq!(KeyCustody::custodian_of(&account("Jiangsu-Custodian")), None);
    });
}

/// An institution that lost its keys: the council names another account, which sets another key.
#[test]
fn an_institution_gets_new_keys_by_vote() {
    local().execute_with(|| {
        permit_hospital();
        council(RuntimeCall::Institutions(pallet_institutions::Call::replace_controller {
            id: hospital(),
            account: account("NewHospital"),
        }));
        let set = |who: &str| {
            let key = EncryptionKey::x25519([0x52; 32]);
            let call = pallet_institutions::Call::set_encryption_key { key };
            RuntimeCall::Institutions(call).dispatch(signed(who)).map_err(|error| error.error)
        };
        assert_err!(set("Hospital"), DispatchError::BadOrigin);
        assert_ok!(set("NewHospital"));
        assert!(FreeLane::remaining(&account("NewHospital")) > 0);
        assert_eq!(FreeLane::remaining(&account("Hospital")), 0);
    });
}

/// The parameters are the council's where no genesis names the delay.
#[test]
fn the_council_sets_bar_and_delay_by_two_thirds() {
    local().execute_with(|| {
        begin_dealt();
        council(RuntimeCall::Parameters(pallet_parameters::Call::set_parameter {
            key_value: kanglian_runtime::recovery_bar(4),
        }));
        assert_ok!(open_recovery("NewPhone"));
        assert_eq!(KeyCustody::recovery(FIRST).expect("opened").bar, 4);
        pallet_key_custody::GenesisDelay::<Runtime>::kill();
        assert_eq!(KeyCustody::recovery_delay(), 72 * 3_600_000);
    });
}
