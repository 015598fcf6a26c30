//! What the node serves beside Substrate's own RPC: nonces, fees and finality.

use std::sync::Arc;

use jsonrpsee::RpcModule;
use kanglian_runtime::{AccountId, Balance, BlockNumber, Hash, Nonce, opaque::Block};
use sc_consensus_grandpa::{FinalityProofProvider, GrandpaJustificationStream, SharedVoterState};
use sc_rpc::SubscriptionTaskExecutor;
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_block_builder::BlockBuilder;
use sp_blockchain::{Error as BlockChainError, HeaderBackend, HeaderMetadata};

/// What GRANDPA's RPC needs.
pub struct Grandpa<B> {
    /// Round state.
    pub voter_state: SharedVoterState,
    /// The authority set.
    pub authority_set: sc_consensus_grandpa::SharedAuthoritySet<Hash, BlockNumber>,
    /// Justifications as they come.
    pub justifications: GrandpaJustificationStream<Block>,
    /// Proofs of finality for past blocks.
    pub proofs: Arc<FinalityProofProvider<B, Block>>,
    /// Runs subscriptions.
    pub executor: SubscriptionTaskExecutor,
}

/// Everything the RPC needs.
pub struct Deps<C, P, B> {
    /// The client.
    pub client: Arc<C>,
    /// The transaction pool.
    pub pool: Arc<P>,
    /// Finality.
    pub grandpa: Grandpa<B>,
}

/// Joins the RPC modules.
pub fn create<C, P, B>(
    deps: Deps<C, P, B>,
) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>>
where
    C: ProvideRuntimeApi<Block>
        + HeaderBackend<Block>
        + HeaderMetadata<Block, Error = BlockChainError>
        + Send
        + Sync
        + 'static,
    C::Api: substrate_frame_rpc_system::AccountNonceApi<Block, AccountId, Nonce>,
    C::Api: pallet_transaction_payment_rpc::TransactionPaymentRuntimeApi<Block, Balance>,
    C::Api: BlockBuilder<Block>,
    P: TransactionPool<Block = Block> + 'static,
    B: sc_client_api::Backend<Block> + Send + Sync + 'static,
{
    use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
    use sc_consensus_grandpa_rpc::{Grandpa as GrandpaRpc, GrandpaApiServer};
    use substrate_frame_rpc_system::{System, SystemApiServer};

    let Deps { client, pool, grandpa } = deps;
    let mut module = RpcModule::new(());
    module.merge(System::new(client.clone(), pool).into_rpc())?;
    module.merge(TransactionPayment::new(client).into_rpc())?;
    module.merge(
        GrandpaRpc::new(
            grandpa.executor,
            grandpa.authority_set,
            grandpa.voter_state,
            grandpa.justifications,
            grandpa.proofs,
        )
        .into_rpc(),
    )?;
    Ok(module)
}
