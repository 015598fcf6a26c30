//! Assembles the node: client, pool, network, Aura and GRANDPA.

use std::{sync::Arc, time::Duration};

use futures::FutureExt;
use kanglian_runtime::{RuntimeApi, opaque::Block};
use sc_client_api::{Backend, BlockBackend};
use sc_consensus_aura::{ImportQueueParams, SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaPruningFilter, SharedVoterState, VotingRulesBuilder,
};
use sc_network::NetworkBackend;
use sc_service::{Configuration, Error, TaskManager, WarpSyncConfig};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_aura::{inherents::InherentDataProvider as AuraInherent, sr25519::AuthorityPair};
use sp_runtime::traits::Block as BlockT;
use sp_timestamp::InherentDataProvider as TimestampInherent;

use crate::{
    cli::{FinalityOptions, VotingRule},
    rpc,
};

type Hash = <Block as BlockT>::Hash;
/// Functions that the runtime may call in the node.
#[cfg(not(feature = "runtime-benchmarks"))]
type HostFunctions = sp_io::SubstrateHostFunctions;
#[cfg(feature = "runtime-benchmarks")]
type HostFunctions =
    (sp_io::SubstrateHostFunctions, frame_benchmarking::benchmarking::HostFunctions);
type Executor = sc_executor::WasmExecutor<HostFunctions>;
type Client = sc_service::TFullClient<Block, RuntimeApi, Executor>;
type FullBackend = sc_service::TFullBackend<Block>;
type SelectChain = sc_consensus::LongestChain<FullBackend, Block>;
type BlockImport =
    sc_consensus_grandpa::GrandpaBlockImport<FullBackend, Block, Client, SelectChain>;
type FinalityLink = sc_consensus_grandpa::LinkHalf<Block, Client, SelectChain>;

/// Every how many blocks a justification is generated and kept even when nobody asks.
const JUSTIFICATION_PERIOD: u32 = 512;

/// Parts of the node that subcommands need too.
pub type Partial = sc_service::PartialComponents<
    Client,
    FullBackend,
    SelectChain,
    sc_consensus::DefaultImportQueue<Block>,
    sc_transaction_pool::TransactionPoolHandle<Block, Client>,
    (BlockImport, FinalityLink, Option<Telemetry>),
>;

/// Opens the database and builds what does not need the network.
pub fn partial(config: &Configuration) -> Result<Partial, Error> {
    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| -> Result<_, sc_telemetry::Error> {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok((worker, telemetry))
        })
        .transpose()?;

    let executor = sc_service::new_wasm_executor(&config.executor);
    let (client, backend, keystore_container, task_manager) =
        sc_service::new_full_parts::<Block, RuntimeApi, _>(
            config,
            telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
            executor,
            // Pruning must not take the justifications that relays and warp sync live on.
            vec![Arc::new(GrandpaPruningFilter)],
        )?;
    let client = Arc::new(client);

    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });

    let select_chain = sc_consensus::LongestChain::new(backend.clone());
    let transaction_pool = Arc::from(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );

    let (block_import, finality_link) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        telemetry.as_ref().map(Telemetry::handle),
    )?;

    let slot_client = client.clone();
    let import_queue =
        sc_consensus_aura::import_queue::<AuthorityPair, _, _, _, _, _>(ImportQueueParams {
            block_import: block_import.clone(),
            justification_import: Some(Box::new(block_import.clone())),
            client: client.clone(),
            create_inherent_data_providers: move |parent, _| {
                let client = slot_client.clone();
                async move {
                    let duration =
                        sc_consensus_aura::standalone::slot_duration_at(&*client, parent)?;
                    let timestamp = TimestampInherent::from_system_time();
                    let slot = AuraInherent::from_timestamp_and_slot_duration(*timestamp, duration);
                    Ok((slot, timestamp))
                }
            },
            spawner: &task_manager.spawn_essential_handle(),
            registry: config.prometheus_registry(),
            check_for_equivocation: Default::default(),
            telemetry: telemetry.as_ref().map(Telemetry::handle),
            compatibility_mode: Default::default(),
        })?;

    Ok(sc_service::PartialComponents {
        client,
        backend,
        task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: (block_import, finality_link, telemetry),
    })
}

/// Starts the node on the network backend the configuration names.
pub fn full(config: Configuration, finality: FinalityOptions) -> Result<TaskManager, Error> {
    use sc_network::config::NetworkBackendType;
    match config.network.network_backend {
        NetworkBackendType::Libp2p => {
            full_on::<sc_network::NetworkWorker<Block, Hash>>(config, finality)
        },
        NetworkBackendType::Litep2p => {
            full_on::<sc_network::Litep2pNetworkBackend>(config, finality)
        },
    }
}

fn full_on<Net: NetworkBackend<Block, Hash>>(
    config: Configuration,
    finality: FinalityOptions,
) -> Result<TaskManager, Error> {
    let sc_service::PartialComponents {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: (block_import, finality_link, mut telemetry),
    } = partial(&config)?;

    let genesis = client
        .block_hash(0)?
        .ok_or_else(|| Error::Other("the database holds no genesis block".into()))?;
    let mut net_config = sc_network::config::FullNetworkConfiguration::<Block, Hash, Net>::new(
        &config.network,
        config.prometheus_registry().cloned(),
    );
    let metrics = Net::register_notification_metrics(config.prometheus_registry());
    let protocol_name = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
    let (finality_protocol, finality_notifications) =
        sc_consensus_grandpa::grandpa_peers_set_config::<_, Net>(
            protocol_name.clone(),
            metrics.clone(),
            net_config.peer_store_handle(),
        );
    net_config.add_notification_protocol(finality_protocol);

    let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        finality_link.shared_authority_set().clone(),
        Vec::new(),
    ));

    let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    if config.offchain_worker.enabled {
        let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
            runtime_api_provider: client.clone(),
            is_validator: config.role.is_authority(),
            keystore: Some(keystore_container.keystore()),
            offchain_db: backend.offchain_storage(),
            transaction_pool: Some(OffchainTransactionPoolFactory::new(transaction_pool.clone())),
            network_provider: Arc::new(network.clone()),
            enable_http_requests: false,
            custom_extensions: |_| vec![],
        })?;
        task_manager.spawn_handle().spawn(
            "offchain-workers-runner",
            "offchain-worker",
            workers.run(client.clone(), task_manager.spawn_handle()).boxed(),
        );
    }

    let role = config.role;
    let force_authoring = config.force_authoring;
    let name = config.network.node_name.clone();
    let enable_grandpa = !config.disable_grandpa;
    let registry = config.prometheus_registry().cloned();
    let voter_state = SharedVoterState::empty();

    let rpc_builder = {
        let client = client.clone();
        let pool = transaction_pool.clone();
        let authority_set = finality_link.shared_authority_set().clone();
        let justifications = finality_link.justification_stream();
        let voter_state = voter_state.clone();
        let proofs =
            FinalityProofProvider::new_for_service(backend.clone(), Some(authority_set.clone()));
        Box::new(move |executor| {
            rpc::create(rpc::Deps {
                client: client.clone(),
                pool: pool.clone(),
                grandpa: rpc::Grandpa {
                    voter_state: voter_state.clone(),
                    authority_set: authority_set.clone(),
                    justifications: justifications.clone(),
                    proofs: proofs.clone(),
                    executor,
                },
            })
            .map_err(Into::into)
        })
    };

    let _rpc = sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        network: Arc::new(network.clone()),
        client: client.clone(),
        keystore: keystore_container.keystore(),
        task_manager: &mut task_manager,
        transaction_pool: transaction_pool.clone(),
        rpc_builder,
        backend,
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        config,
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    if role.is_authority() {
        let proposer_factory = sc_basic_authorship::ProposerFactory::new(
            task_manager.spawn_handle(),
            client.clone(),
            transaction_pool.clone(),
            registry.as_ref(),
            telemetry.as_ref().map(Telemetry::handle),
        );
        let slot_duration = sc_consensus_aura::slot_duration(&*client)?;
        let aura = sc_consensus_aura::start_aura::<AuthorityPair, _, _, _, _, _, _, _, _, _, _>(
            StartAuraParams {
                slot_duration,
                client,
                select_chain,
                block_import,
                proposer_factory,
                create_inherent_data_providers: move |_, ()| async move {
                    let timestamp = TimestampInherent::from_system_time();
                    let slot =
                        AuraInherent::from_timestamp_and_slot_duration(*timestamp, slot_duration);
                    Ok((slot, timestamp))
                },
                force_authoring,
                backoff_authoring_blocks: Option::<()>::None,
                keystore: keystore_container.keystore(),
                sync_oracle: sync_service.clone(),
                justification_sync_link: sync_service.clone(),
                block_proposal_slot_portion: SlotProportion::new(2f32 / 3f32),
                max_block_proposal_slot_portion: None,
                telemetry: telemetry.as_ref().map(Telemetry::handle),
                compatibility_mode: Default::default(),
            },
        )?;
        task_manager.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), aura);
    }

    if enable_grandpa {
        let voting_rule = match finality.grandpa_voting_rule {
            VotingRule::Best => VotingRulesBuilder::new(),
            VotingRule::Before => {
                VotingRulesBuilder::new().add(sc_consensus_grandpa::BeforeBestBlockBy(1u32))
            },
            VotingRule::Cautious => VotingRulesBuilder::default(),
        };
        let params = sc_consensus_grandpa::GrandpaParams {
            config: sc_consensus_grandpa::Config {
                gossip_duration: Duration::from_millis(finality.grandpa_gossip_ms),
                justification_generation_period: JUSTIFICATION_PERIOD,
                name: Some(name),
                observer_enabled: false,
                keystore: role.is_authority().then(|| keystore_container.keystore()),
                local_role: role,
                telemetry: telemetry.as_ref().map(Telemetry::handle),
                protocol_name,
            },
            link: finality_link,
            network,
            sync: Arc::new(sync_service),
            notification_service: finality_notifications,
            voting_rule: voting_rule.build(),
            prometheus_registry: registry,
            shared_voter_state: voter_state,
            telemetry: telemetry.as_ref().map(Telemetry::handle),
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(transaction_pool),
        };
        task_manager.spawn_essential_handle().spawn_blocking(
            "grandpa-voter",
            None,
            sc_consensus_grandpa::run_grandpa_voter(params)?,
        );
    }

    Ok(task_manager)
}
