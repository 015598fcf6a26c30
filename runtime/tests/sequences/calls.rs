//! Calls of every pallet with values that fit, and with such as do not.

use super::*;

impl Dice {
    pub(super) fn share(&mut self) -> RuntimeCall {
        let record = self.record();
        let lifted = self.record();
        let author = self.one_of(&[Author::Institution(hospital()), Author::Person(patient())]);
        let honest = [
            receipt("Jiangsu", JIANGSU, record, author),
            receipt("Zhejiang", ZHEJIANG, record, author),
        ];
        let receipts = match self.below(5) {
            0 => vec![honest[0]],
            1 => vec![honest[0], honest[0]],
            2 => vec![honest[0], receipt("Zhejiang", ZHEJIANG, lifted, author)],
            _ => honest.to_vec(),
        };
        let receipts = receipts.try_into().expect("short");
        let block = self.block();
        let schema = SchemaId(u32::from(block.0) * 1_000 + 4);
        let size = self.one_of(&[1_000, 1_000, 1_000, 0, u64::MAX]);
        RuntimeCall::Records(match self.below(4) {
            0 => pallet_records::Call::share_batch {
                subject: patient(),
                block,
                schema,
                record,
                size,
                epoch: KeyEpoch(0),
                receipts,
                count: self.one_of(&[0, 1, 1_000, u32::MAX]),
            },
            1 => pallet_records::Call::supersede {
                old: lifted,
                schema,
                record,
                size,
                epoch: KeyEpoch(0),
                receipts,
            },
            _ => pallet_records::Call::share {
                subject: patient(),
                block,
                schema,
                record,
                size,
                epoch: KeyEpoch(0),
                receipts,
            },
        })
    }

    pub(super) fn consent(&mut self) -> RuntimeCall {
        use pallet_consents::Call;
        let id = TermsId(self.below(4).into());
        let acting_as = self.grantee();
        let grantee = self.grantee();
        RuntimeCall::Consents(match self.below(7) {
            0 | 1 => Call::grant { terms: self.terms(None), grantee },
            2 => {
                let parent = ParentTerms { grantee: acting_as.clone(), id };
                let terms = self.terms(Some(parent));
                Call::delegate { subject: patient(), acting_as, grantee, terms }
            },
            3 => Call::revoke { grantee, id },
            4 => Call::renounce { subject: patient(), acting_as, id },
            5 => Call::allow_writing {
                institution: hospital(),
                blocks: BusinessBlockSet::of(self.block()),
                until: self.instant(),
            },
            _ => Call::rotate_scope_key {
                block: self.block(),
                epoch: KeyEpoch(self.below(3)),
                key: self.key(),
                resealed: vec![(grantee, id, [3; 32])].try_into().expect("short"),
            },
        })
    }

    /// Codes and referrals.
    pub(super) fn care(&mut self) -> RuntimeCall {
        let seed = self.below(3) as u8;
        let pair = sp_core::ed25519::Pair::from_seed(&[seed; 32]);
        let code = CodeKey(pair.public().0);
        let (acting_as, to, id) = (self.grantee(), self.grantee(), ReferralId(self.below(4)));
        let parent = ParentTerms { grantee: acting_as.clone(), id: TermsId(self.below(4).into()) };
        match self.below(9) {
            0 | 1 => {
                let terms = self.terms(None);
                RuntimeCall::AccessCodes(pallet_access_codes::Call::issue_code {
                    code,
                    template: TermsTemplate {
                        blocks: terms.blocks,
                        purposes: terms.purposes,
                        from: terms.from,
                        until: terms.until,
                        records_from: terms.records_from,
                        records_until: terms.records_until,
                        may_delegate: terms.may_delegate,
                    },
                    uses: self.one_of(&[0, 1, 2, 16, 17]),
                    expires_at: self.instant(),
                    sealed: [3; 32],
                })
            },
            2 => RuntimeCall::AccessCodes(pallet_access_codes::Call::cancel_code { code }),
            3 => {
                let expires_at = self.instant();
                let body = payloads::RedemptionBody {
                    code,
                    person: patient(),
                    redeemer: account("Doctor"),
                    grantee: acting_as.clone(),
                    expires_at,
                };
                let signature = pair.sign(&payloads::code(&genesis_hash(), &body)).0;
                RuntimeCall::AccessCodes(pallet_access_codes::Call::redeem_code {
                    code,
                    acting_as,
                    expires_at,
                    signature,
                })
            },
            4 => {
                let bundle = [4; 32];
                let call = pallet_access_codes::Call::adopt_bundle { code, acting_as, bundle };
                RuntimeCall::AccessCodes(call)
            },
            5 => {
                let terms = self.terms(None);
                let offers = vec![(to, terms)].try_into().expect("one");
                let record = self.record();
                let request = self.one_of(&[None, Some(record)]);
                RuntimeCall::Referrals(pallet_referrals::Call::refer_own { request, offers })
            },
            6 => {
                let offers = vec![(to, self.terms(Some(parent)))].try_into().expect("one");
                RuntimeCall::Referrals(pallet_referrals::Call::refer {
                    subject: patient(),
                    acting_as,
                    request: None,
                    offers,
                })
            },
            7 => {
                let subject = patient();
                RuntimeCall::Referrals(match self.below(4) {
                    0 => pallet_referrals::Call::accept { subject, id, acting_as },
                    1 => pallet_referrals::Call::reject {
                        subject,
                        id,
                        acting_as,
                        reason: pallet_referrals::Reason::Other,
                    },
                    2 => {
                        let record = self.record();
                        pallet_referrals::Call::return_result { subject, id, acting_as, record }
                    },
                    _ => pallet_referrals::Call::close { subject, id, acting_as },
                })
            },
            _ => match self.below(2) {
                0 => RuntimeCall::Referrals(pallet_referrals::Call::close_own { id }),
                _ => RuntimeCall::AccessCodes(pallet_access_codes::Call::remove_code { code }),
            },
        }
    }

    pub(super) fn identity(&mut self) -> RuntimeCall {
        use pallet_real_name::Call;
        RuntimeCall::RealName(match self.below(7) {
            0 => Call::renew { person: patient(), valid_until: self.instant() },
            1 => {
                let new = self.one_of(&["Patient", "Patient2", "Hospital"]);
                let old = account("Patient");
                let message = payloads::rotate(&genesis_hash(), &patient(), &old, &account(new));
                let signature = MultiSignature::Sr25519(pair(new).sign(&message));
                Call::rotate_controller { new: account(new), signature }
            },
            2 => Call::rotate_data_key { key: self.key() },
            3 => Call::move_region { region: self.one_of(&[JIANGSU, ZHEJIANG]) },
            4 => Call::suspend { person: patient() },
            5 => Call::lift { person: patient() },
            _ => Call::invalidate_attester { institution: hospital(), from: self.instant() },
        })
    }

    pub(super) fn institution(&mut self) -> RuntimeCall {
        use pallet_institutions::Call;
        let somebody = account(self.actor());
        RuntimeCall::Institutions(match self.below(8) {
            0 => Call::permit { ids: vec![hospital()].try_into().expect("short") },
            1 => Call::suspend { id: hospital() },
            2 => Call::renew { id: hospital(), valid_until: self.instant() },
            3 => Call::replace_controller { id: hospital(), account: somebody },
            4 => Call::add_practitioner {
                account: somebody,
                role: pallet_institutions::Role::Doctor,
                encryption_key: self.key(),
                valid_until: self.instant(),
            },
            5 => Call::remove_practitioner { account: somebody },
            6 => Call::suspend_practitioner { id: hospital(), account: somebody },
            _ => Call::set_encryption_key { key: self.key() },
        })
    }

    pub(super) fn coin(&mut self) -> RuntimeCall {
        let dest = account(self.actor()).into();
        let value = self.amount();
        match self.below(6) {
            0 => RuntimeCall::Balances(pallet_balances::Call::transfer_allow_death { dest, value }),
            1 => RuntimeCall::Balances(pallet_balances::Call::transfer_all {
                dest,
                keep_alive: false,
            }),
            2 => RuntimeCall::Balances(pallet_balances::Call::burn { value, keep_alive: false }),
            3 => {
                RuntimeCall::HealthCoin(pallet_health_coin::Call::settle_era { era: self.below(3) })
            },
            4 => RuntimeCall::HealthCoin(pallet_health_coin::Call::claw_back {
                who: account(self.actor()),
                amount: value,
            }),
            _ => RuntimeCall::HealthCoin(pallet_health_coin::Call::set_transfer_policy {
                policy: self.one_of(&[
                    pallet_health_coin::TransferPolicy::ClosedLoop,
                    pallet_health_coin::TransferPolicy::Members,
                    pallet_health_coin::TransferPolicy::Open,
                ]),
            }),
        }
    }

    pub(super) fn order(&mut self) -> RuntimeCall {
        let region = self.one_of(&[JIANGSU, ZHEJIANG]);
        match self.below(7) {
            0 => RuntimeCall::Records(pallet_records::Call::reject { record: self.record() }),
            1 => RuntimeCall::Regions(pallet_regions::Call::suspend { code: region }),
            2 => RuntimeCall::Regions(pallet_regions::Call::resume { code: region }),
            3 => RuntimeCall::Authorities(pallet_authorities::Call::remove {
                account: account(self.actor()),
            }),
            4 => RuntimeCall::Mandates(pallet_mandates::Call::propose_upgrade {
                code_hash: H256::repeat_byte(self.below(3) as u8),
            }),
            5 => RuntimeCall::Mandates(pallet_mandates::Call::enact {
                code_hash: H256::repeat_byte(self.below(3) as u8),
            }),
            _ => RuntimeCall::Mandates(pallet_mandates::Call::veto {
                code_hash: H256::repeat_byte(self.below(3) as u8),
            }),
        }
    }

    pub(super) fn dealing(&mut self) -> RuntimeCall {
        use pallet_key_custody::Call;
        let person = patient();
        let scope = self.one_of(&[DealtScope::Whole, DealtScope::Emergency]);
        let number = self.below(3);
        RuntimeCall::KeyCustody(match self.below(4) {
            0 => {
                let threshold = self.one_of(&[0, 2, 2, 2, 4]);
                let codes = [310_000, 320_000, 330_000];
                let parts = codes[self.below(2) as usize..]
                    .iter()
                    .map(|code| DealingPart { region: RegionCode(*code), share: [5; 32] })
                    .collect::<Vec<_>>();
                let terms = DealingTerms {
                    threshold,
                    commitments: vec![[1; 32]; threshold.into()].try_into().expect("short"),
                    parts: parts.try_into().expect("short"),
                    sealed: [6; 32],
                };
                Call::deal { scope, terms }
            },
            1 => {
                let reason = ComplaintReason::Missing;
                Call::complain { person, scope, number, reason }
            },
            _ => Call::acknowledge { person, scope, number },
        })
    }

    pub(super) fn recovery(&mut self) -> RuntimeCall {
        use pallet_key_custody::Call;
        let id = RecoveryId(self.below(2).into());
        RuntimeCall::KeyCustody(match self.below(10) {
            0 | 1 => {
                let device = self.one_of(&["Patient2", "Patient2", "Patient"]);
                let body = RecoveryBody {
                    person: patient(),
                    institution: hospital(),
                    new_controller: account(device),
                    new_data_key: self.key(),
                    reseal_key: EncryptionKey::x25519([7; 32]),
                };
                let message = payloads::recovery(&genesis_hash(), &body);
                let signature = MultiSignature::Sr25519(pair(device).sign(&message));
                let RecoveryBody { person, new_controller, new_data_key, reseal_key, .. } = body;
                Call::open_recovery { person, new_controller, new_data_key, reseal_key, signature }
            },
            2 | 3 => Call::approve_recovery { id },
            4 => Call::veto_recovery { id },
            5 => Call::record_hearing { id, protocol: [8; 32] },
            6 => Call::dismiss_recovery { id },
            7 => Call::withdraw_recovery { id },
            8 => Call::collect_coins { account: account(self.one_of(&["Patient", "Patient2"])) },
            _ => Call::execute_recovery { id },
        })
    }

    pub(super) fn emergency(&mut self) -> RuntimeCall {
        use pallet_key_custody::Call;
        let id = EmergencyId(self.below(2).into());
        let recovery = CaseRef::Recovery(RecoveryId(self.below(2).into()));
        let case = self.one_of(&[CaseRef::Emergency(id), recovery]);
        RuntimeCall::KeyCustody(match self.below(8) {
            0 | 1 => Call::open_emergency {
                person: patient(),
                acting_as: hospital(),
                reason: EmergencyReason::NoRepresentative,
                hours: self.below(6) as u8,
            },
            2 | 3 => Call::hand_over { case, blob: [9; 32] },
            4 => {
                let outcome = self.one_of(&[ReviewOutcome::Justified, ReviewOutcome::Abuse]);
                Call::review_emergency { id, outcome }
            },
            5 => Call::escalate_emergency { id },
            6 => Call::close_emergency { id },
            _ => Call::prune_case { case },
        })
    }

    pub(super) fn custodian(&mut self) -> RuntimeCall {
        use pallet_key_custody::Call;
        RuntimeCall::KeyCustody(match self.below(3) {
            0 => Call::remove_custodian {},
            _ => Call::set_custodian { account: account(self.actor()), key: self.key() },
        })
    }
}
