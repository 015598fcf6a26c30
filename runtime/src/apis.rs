//! What nodes and clients ask the runtime.

use alloc::vec::Vec;
use frame_support::genesis_builder_helper::{build_state, get_preset};
use frame_support::weights::Weight;
use kanglian_primitives::{
    AccessQuery, Action, Capacity, CaseRef, Custodian, DealingView, DealtScope, Decision,
    Emergency, EmergencyId, EmergencyNote, FilePage, Grantee, Hash32, Instant, InstitutionId,
    PersonId, RecordFacts, RecordId, Recovery, RecoveryId, Refusal, RegionCode, ShareClaim, Terms,
    VaultInfo, WaitingPart, WorkClaim, WorkFacts, WorkId,
};
use sp_api::impl_runtime_apis;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_core::{OpaqueMetadata, crypto::KeyTypeId};
use sp_runtime::{
    ApplyExtrinsicResult, ExtrinsicInclusionMode,
    traits::{Block as BlockT, NumberFor},
    transaction_validity::{TransactionSource, TransactionValidity},
};
use sp_session::OpaqueGeneratedSessionKeys;
use sp_version::RuntimeVersion;

use crate::{
    AccountId, Aura, Balance, Block, Consents, Corrections, Executive, Grandpa, Guardianships,
    Historical, InherentDataExt, KeyCustody, Nonce, PublicWorks, Records, Regions, Runtime,
    RuntimeCall, RuntimeGenesisConfig, SessionKeys, System, TransactionPayment, VERSION,
};

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block);
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(
            id: frame_support::view_functions::ViewFunctionId,
            input: Vec<u8>,
        ) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(
            data: sp_inherents::InherentData,
        ) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(
            block: <Block as BlockT>::LazyBlock,
            data: sp_inherents::InherentData,
        ) -> sp_inherents::CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            tx: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, tx, block_hash)
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &<Block as BlockT>::Header) {
            Executive::offchain_worker(header)
        }
    }

    impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
        fn slot_duration() -> sp_consensus_aura::SlotDuration {
            sp_consensus_aura::SlotDuration::from_millis(Aura::slot_duration())
        }

        fn authorities() -> Vec<AuraId> {
            pallet_aura::Authorities::<Runtime>::get().into_inner()
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(
            owner: Vec<u8>,
            seed: Option<Vec<u8>>,
        ) -> OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            pallet_grandpa::CurrentSetId::<Runtime>::get()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation_proof: sp_consensus_grandpa::EquivocationProof<
                <Block as BlockT>::Hash,
                NumberFor<Block>,
            >,
            key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            let proof = key_owner_proof.decode()?;
            Grandpa::submit_unsigned_equivocation_report(equivocation_proof, proof)
        }

        fn generate_key_ownership_proof(
            _set_id: sp_consensus_grandpa::SetId,
            authority_id: GrandpaId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            use codec::Encode;
            use frame_support::traits::KeyOwnerProofSystem;
            Historical::prove((sp_consensus_grandpa::KEY_TYPE, authority_id))
                .map(|proof| sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            *System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>
        for Runtime
    {
        fn query_info(
            uxt: <Block as BlockT>::Extrinsic,
            len: u32,
        ) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_info(uxt, len)
        }

        fn query_fee_details(
            uxt: <Block as BlockT>::Extrinsic,
            len: u32,
        ) -> pallet_transaction_payment::FeeDetails<Balance> {
            TransactionPayment::query_fee_details(uxt, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<
        Block, Balance, RuntimeCall,
    > for Runtime {
        fn query_call_info(
            call: RuntimeCall,
            len: u32,
        ) -> pallet_transaction_payment::RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_call_info(call, len)
        }

        fn query_call_fee_details(
            call: RuntimeCall,
            len: u32,
        ) -> pallet_transaction_payment::FeeDetails<Balance> {
            TransactionPayment::query_call_fee_details(call, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl kanglian_primitives::api::ConsentsApi<Block, AccountId> for Runtime {
        fn decide(query: AccessQuery<AccountId>, record: RecordId, now: Instant) -> Decision {
            use kanglian_traits::ConsentInspect;
            match Records::record(record) {
                Some(facts) if facts.subject == query.subject => {
                    Consents::decide(&query, &facts, now)
                },
                _ => Decision::Refused(Refusal::NotFound),
            }
        }

        fn readable(
            query: AccessQuery<AccountId>,
            cursor: Option<RecordId>,
            limit: u32,
            now: Instant,
        ) -> Result<FilePage, Refusal> {
            Consents::readable(&query, cursor, limit, now, Records::file_of)
        }

        fn may_share(account: AccountId, claim: ShareClaim, now: Instant) -> Result<(), Refusal> {
            Records::check_share(&account, &claim, now)
        }

        fn acts_as(account: AccountId, grantee: Grantee<AccountId>, now: Instant) -> bool {
            Consents::acts_as(&account, &grantee, now).is_some()
        }

        fn in_standing(grantee: Grantee<AccountId>, now: Instant) -> bool {
            Consents::is_in_standing(&grantee, now)
        }

        fn terms_of(person: PersonId) -> Vec<(Grantee<AccountId>, Terms<AccountId>)> {
            Consents::terms_of(person)
        }
    }

    impl kanglian_primitives::api::GuardianshipsApi<Block, AccountId> for Runtime {
        fn acts_for(
            account: AccountId,
            person: PersonId,
            action: Action,
            now: Instant,
        ) -> Option<Capacity> {
            Guardianships::capacity(&account, &person, action, now)
        }
    }

    impl kanglian_primitives::api::CorrectionsApi<Block> for Runtime {
        fn text_for(person: PersonId, text: Hash32) -> Option<InstitutionId> {
            Corrections::text_for(person, text)
        }

        fn is_wrong_person(record: RecordId) -> bool {
            Corrections::wrong_person_since(record).is_some()
        }
    }

    impl kanglian_primitives::api::RecordsApi<Block> for Runtime {
        fn file_of(person: PersonId, cursor: Option<RecordId>, limit: u32) -> FilePage {
            Records::file_of(person, cursor, limit)
        }

        fn record(id: RecordId) -> Option<RecordFacts> {
            Records::record(id)
        }
    }

    impl kanglian_primitives::api::PublicWorksApi<Block, AccountId> for Runtime {
        fn may_publish(account: AccountId, claim: WorkClaim, now: Instant) -> Result<(), Refusal> {
            PublicWorks::check_publish(&account, &claim, now)
        }

        fn works(ids: Vec<WorkId>, now: Instant) -> Vec<WorkFacts> {
            PublicWorks::works(ids, now)
        }

        fn works_from(number: u64, limit: u32, now: Instant) -> Vec<WorkFacts> {
            PublicWorks::works_from(number, limit, now)
        }
    }

    impl kanglian_primitives::api::KeyCustodyApi<Block, AccountId> for Runtime {
        fn custodians() -> Vec<(RegionCode, Custodian<AccountId>)> {
            KeyCustody::custodians()
        }

        fn dealing(person: PersonId, scope: DealtScope) -> Option<DealingView> {
            KeyCustody::dealing(person, scope)
        }

        fn recovery_of(person: PersonId) -> Option<RecoveryId> {
            KeyCustody::recovery_of(person)
        }

        fn recovery(id: RecoveryId) -> Option<Recovery<AccountId>> {
            KeyCustody::recovery(id)
        }

        fn emergencies_of(person: PersonId) -> Vec<EmergencyNote<AccountId>> {
            KeyCustody::emergencies_of(person)
        }

        fn emergency(id: EmergencyId) -> Option<Emergency<AccountId>> {
            KeyCustody::emergency(id)
        }

        fn waiting_dealings(
            region: RegionCode,
            after: Option<(PersonId, DealtScope)>,
            limit: u32,
        ) -> Vec<WaitingPart> {
            KeyCustody::waiting_dealings(region, after, limit)
        }

        fn waiting_cases(
            region: RegionCode,
            after: Option<CaseRef>,
            limit: u32,
            now: Instant,
        ) -> Vec<CaseRef> {
            KeyCustody::waiting_cases(region, after, limit, now)
        }

        fn overdue_reviews(
            after: Option<EmergencyId>,
            limit: u32,
            now: Instant,
        ) -> Vec<EmergencyId> {
            KeyCustody::overdue_reviews(after, limit, now)
        }

        fn open_emergency(
            person: PersonId,
            practitioner: AccountId,
            institution: InstitutionId,
            now: Instant,
        ) -> Option<EmergencyId> {
            use kanglian_traits::EmergencyInspect;
            KeyCustody::open_case(&person, &practitioner, &institution, now)
        }

        fn was_opened(person: PersonId, number: u32) -> bool {
            KeyCustody::was_opened(person, number)
        }

        fn lost_by(account: AccountId) -> Option<PersonId> {
            KeyCustody::lost_by(account)
        }

        fn parts_of(
            region: RegionCode,
            after: Option<(PersonId, DealtScope)>,
            limit: u32,
        ) -> (Vec<WaitingPart>, Option<(PersonId, DealtScope)>) {
            KeyCustody::parts_of(region, after, limit)
        }

        fn answered_cases(
            region: RegionCode,
            after: Option<CaseRef>,
            limit: u32,
            now: Instant,
        ) -> (Vec<CaseRef>, Option<CaseRef>) {
            KeyCustody::answered_cases(region, after, limit, now)
        }

        fn may_fetch(account: AccountId, subject: PersonId, hash: Hash32, now: Instant) -> bool {
            KeyCustody::may_fetch(account, subject, hash, now)
        }

        fn is_named(subject: PersonId, hash: Hash32) -> bool {
            KeyCustody::is_named(subject, hash)
        }
    }

    impl kanglian_primitives::api::RegionsApi<Block> for Runtime {
        fn vaults() -> Vec<VaultInfo> {
            Regions::vaults()
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(extra: bool) -> (
            Vec<frame_benchmarking::BenchmarkList>,
            Vec<frame_support::traits::StorageInfo>,
        ) {
            crate::benchmarks::metadata(extra)
        }

        #[allow(non_local_definitions)]
        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            crate::benchmarks::dispatch(config)
        }
    }

    #[cfg(feature = "try-runtime")]
    impl frame_try_runtime::TryRuntime<Block> for Runtime {
        fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
            // A failed check has to stop the tool right here, with a backtrace.
            let weight = Executive::try_runtime_upgrade(checks).unwrap();
            (weight, crate::constants::block::MAX_WEIGHT)
        }

        fn execute_block(
            block: <Block as BlockT>::LazyBlock,
            state_root_check: bool,
            signature_check: bool,
            select: frame_try_runtime::TryStateSelect,
        ) -> Weight {
            Executive::try_execute_block(block, state_root_check, signature_check, select)
                .expect("the block executes")
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(config)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, crate::genesis_config_presets::get_preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            crate::genesis_config_presets::preset_names()
        }
    }
}
