//! Transactions: signing, sending, following them into a block.

use std::time::Duration;

use kanglian_primitives::{Hash32, Height};
use serde::Serialize;
use subxt::config::DefaultExtrinsicParamsBuilder;
use subxt::ext::scale_value::Composite;
use subxt::tx::Signer;
use subxt::utils::H256;
use subxt_rpcs::client::RpcSubscription;
use subxt_rpcs::methods::legacy::TransactionStatus;

use super::client::AtBlock;
use super::{Call, ChainError, Client, Config, DispatchFailure, Event, InvalidTransaction};
use crate::AccountId;

/// How far a transaction is followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// Until a best block contains it; the block may still be replaced.
    BestBlock,
    /// Until its block is final.
    #[default]
    Finalized,
}

/// How a transaction is signed and followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubmitOptions {
    /// How far it is followed.
    pub wait: Wait,
    /// For how long.
    pub timeout: Duration,
    /// For how many blocks the signature counts.
    pub mortality: u64,
    /// Coin given beside the fee to come first.
    pub tip: u128,
}

/// How long a transaction waits that is signed once more: about half a block.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

impl Default for SubmitOptions {
    fn default() -> Self {
        Self { wait: Wait::Finalized, timeout: Duration::from_secs(60), mortality: 128, tip: 0 }
    }
}

impl From<Wait> for SubmitOptions {
    fn from(wait: Wait) -> Self {
        Self { wait, ..Self::default() }
    }
}

/// A transaction that succeeded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InBlock {
    /// Hash of the signed transaction.
    #[serde(serialize_with = "serialize_hash")]
    pub transaction: Hash32,
    /// Hash of its block.
    #[serde(serialize_with = "serialize_hash")]
    pub block: Hash32,
    /// Height of its block.
    pub number: Height,
    /// Whether the block was final when this was written.
    pub finalized: bool,
    /// What happened, in order.
    pub events: Vec<Event>,
}

fn serialize_hash<S: serde::Serializer>(hash: &Hash32, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(&format_args!("0x{}", hex::encode(hash)))
}

impl InBlock {
    /// The first event of this name.
    pub fn event(&self, pallet: &str, name: &str) -> Option<&Event> {
        self.events.iter().find(|event| event.is(pallet, name))
    }
}

impl Client {
    /// Signs a call, sends it and follows it. A call that fails in its block is an error:
    /// [`ChainError::Dispatch`].
    pub async fn submit<S: Signer<Config>>(
        &self,
        call: &Call,
        signer: &S,
        options: impl Into<SubmitOptions>,
    ) -> Result<InBlock, ChainError> {
        let options = options.into();
        self.send(call, signer, options).await?.wait(options.wait, options.timeout).await
    }

    /// Signs a call and sends it; gives a handle to follow it. Transactions of one account sent
    /// through clones of one client get rising numbers in the order in which this was called, also
    /// when many are under way at once.
    pub async fn send<S: Signer<Config>>(
        &self,
        call: &Call,
        signer: &S,
        options: impl Into<SubmitOptions>,
    ) -> Result<Pending, ChainError> {
        let options = options.into();
        let account = signer.account_id();
        let in_turn = self.sender(&account);
        let _turn = in_turn.lock().await;
        match self.try_send(call, signer, options).await {
            // Another process used the number meanwhile, or the runtime was upgraded since the
            // context was read: once more with fresh knowledge.
            Err(ChainError::Invalid(
                InvalidTransaction::Stale
                | InvalidTransaction::BadProof
                | InvalidTransaction::Replaced
                | InvalidTransaction::Expired,
            )) => {
                // The pool may look at an older block than the one that is asked for now.
                tokio::time::sleep(RETRY_PAUSE).await;
                self.renew_context().await?;
                self.try_send(call, signer, options).await
            },
            other => other,
        }
    }

    async fn try_send<S: Signer<Config>>(
        &self,
        call: &Call,
        signer: &S,
        options: SubmitOptions,
    ) -> Result<Pending, ChainError> {
        let nonce = self.next_nonce(&signer.account_id()).await?;
        let bytes = self.sign(call, signer, nonce, options).await?;
        self.send_bytes(bytes).await
    }

    /// Signs a call under a given number (nonce) and gives the transaction's bytes.
    pub async fn sign<S: Signer<Config>>(
        &self,
        call: &Call,
        signer: &S,
        nonce: u64,
        options: SubmitOptions,
    ) -> Result<Vec<u8>, ChainError> {
        let context = self.context().await?;
        let payload = call.payload(context.metadata_ref())?;
        check_shape(&context, call)?;
        let mut params =
            DefaultExtrinsicParamsBuilder::<Config>::new().nonce(nonce).mortal_from_unchecked(
                options.mortality,
                context.block_number(),
                H256(context.block_hash().0),
            );
        if options.tip > 0 {
            params = params.tip(options.tip);
        }
        let signed = context
            .transactions()
            .create_signable_offline(&payload, params.build())
            .and_then(|mut transaction| transaction.sign(signer))
            .map_err(ChainError::client)?;
        Ok(signed.into_encoded())
    }

    /// Sends a signed transaction's bytes.
    pub async fn send_bytes(&self, bytes: Vec<u8>) -> Result<Pending, ChainError> {
        let sent = bytes.as_slice();
        let answer = self
            .attempt("author_submitAndWatchExtrinsic", &|c: std::sync::Arc<
                super::client::Connection,
            >| async move {
                c.methods.author_submit_and_watch_extrinsic(sent).await
            })
            .await?;
        let stream = answer.map_err(|error| {
            let data = error.data.as_ref().map(|data| data.get());
            match InvalidTransaction::from_rpc(error.code, &error.message, data) {
                Some(invalid) => ChainError::Invalid(invalid),
                None => ChainError::Refused {
                    method: "author_submitAndWatchExtrinsic".to_owned(),
                    code: error.code,
                    message: error.message,
                },
            }
        })?;
        let hash = self.hash(&bytes).await?;
        Ok(Pending { client: self.clone(), hash, bytes, stream })
    }

    /// The number (nonce) of the account's next transaction, those in the pool counted.
    pub async fn next_nonce(&self, account: &AccountId) -> Result<u64, ChainError> {
        self.request("system_accountNextIndex", |c| async move {
            c.methods.system_account_next_index(account).await
        })
        .await
    }

    /// The bytes of the runtime's call enum for a call, checked against the metadata.
    pub async fn call_bytes(&self, call: &Call) -> Result<Vec<u8>, ChainError> {
        let context = self.context().await?;
        check_shape(&context, call)?;
        call.encode(context.metadata_ref())
    }

    /// Hash of a call's bytes: how the council names a motion.
    pub async fn call_hash(&self, call: &Call) -> Result<Hash32, ChainError> {
        let bytes = self.call_bytes(call).await?;
        self.hash(&bytes).await
    }

    /// A call's bytes in words: pallet, call, arguments as JSON.
    pub async fn describe_call(
        &self,
        bytes: &[u8],
    ) -> Result<(String, String, serde_json::Value), ChainError> {
        let context = self.context().await?;
        let payload = context
            .transactions()
            .from_call_data_bytes(bytes)
            .map_err(|error| ChainError::decode("a call", error))?;
        let fields = subxt::ext::scale_value::Value::without_context(
            subxt::ext::scale_value::ValueDef::Composite(payload.call_data().clone()),
        );
        Ok((payload.pallet_name().to_owned(), payload.call_name().to_owned(), super::json(&fields)))
    }

    /// All events of a block's transactions, in their order.
    pub async fn events(&self, block: Hash32) -> Result<Vec<Event>, ChainError> {
        read_events(&self.at_block(block).await?, None).await
    }

    /// What a block did to one transaction in it: its events, or why it failed.
    pub async fn outcome(
        &self,
        block: Hash32,
        transaction: &[u8],
        finalized: bool,
    ) -> Result<InBlock, ChainError> {
        let missing = || ChainError::NoSuchBlock(format!("block 0x{}", hex::encode(block)));
        let details = self.request("chain_getBlock", |c| async move {
            c.methods.chain_get_block(Some(H256(block))).await
        });
        let (details, at) = tokio::try_join!(details, self.at_block(block))?;
        let details = details.ok_or_else(missing)?;
        let position = details
            .block
            .extrinsics
            .iter()
            .position(|extrinsic| extrinsic.0 == transaction)
            .and_then(|position| u32::try_from(position).ok())
            .ok_or_else(|| ChainError::decode("the block", "the transaction is not in it"))?;
        let number = Height::try_from(at.block_number()).unwrap_or(Height::MAX);
        let events = read_events(&at, Some(position)).await?;
        if let Some(failed) = events.iter().find(|event| event.is("System", "ExtrinsicFailed")) {
            let mut failure = DispatchFailure::read(&failed.bytes, at.metadata());
            failure.block = Some(block);
            return Err(ChainError::Dispatch(Box::new(failure)));
        }
        // Batches and motions succeed as transactions although a call in them failed.
        if let Some(failure) = inner_failure(&events, &at) {
            return Err(ChainError::Dispatch(Box::new(DispatchFailure {
                block: Some(block),
                ..failure
            })));
        }
        let transaction = self.hash(transaction).await?;
        Ok(InBlock { transaction, block, number, finalized, events })
    }
}

/// A motion that was carried out and whose call failed, or a batch that stopped at a failed call.
fn inner_failure(events: &[Event], at: &AtBlock) -> Option<DispatchFailure> {
    use codec::Decode;
    events.iter().find_map(|event| {
        let mut bytes = event.bytes.as_slice();
        if event.is("Council", "Executed") || event.is("Council", "MemberExecuted") {
            let _hash = Hash32::decode(&mut bytes).ok()?;
            let (1, error) = bytes.split_first().map(|(result, rest)| (*result, rest))? else {
                return None;
            };
            return Some(DispatchFailure::read(error, at.metadata()));
        }
        if event.is("Utility", "BatchInterrupted") {
            let _index = u32::decode(&mut bytes).ok()?;
            return Some(DispatchFailure::read(bytes, at.metadata()));
        }
        None
    })
}

/// Events of one transaction, or of all.
async fn read_events(at: &AtBlock, position: Option<u32>) -> Result<Vec<Event>, ChainError> {
    let broken = |error: &dyn std::fmt::Display| ChainError::decode("the block's events", error);
    let events = at.events().fetch().await.map_err(|error| broken(&error))?;
    let mut out = Vec::new();
    for event in events.iter() {
        let event = event.map_err(|error| broken(&error))?;
        match (event.phase(), position) {
            (subxt::events::Phase::ApplyExtrinsic(_), None) => {},
            (subxt::events::Phase::ApplyExtrinsic(at), Some(position)) if at == position => {},
            _ => continue,
        }
        let fields = event
            .decode_fields_unchecked_as::<Composite<()>>()
            .unwrap_or_else(|_| Composite::Unnamed(Vec::new()));
        out.push(Event {
            pallet: event.pallet_name().to_owned(),
            name: event.event_name().to_owned(),
            bytes: event.field_bytes().to_vec(),
            fields,
        });
    }
    Ok(out)
}

/// Reads the call's bytes back by the metadata: what does not fit the node's runtime is found
/// before it is signed.
fn check_shape(context: &AtBlock, call: &Call) -> Result<(), ChainError> {
    let bytes = call.encode(context.metadata_ref())?;
    match context.transactions().from_call_data_bytes(&bytes) {
        Ok(_) => Ok(()),
        Err(error) => {
            Err(ChainError::CallShape { call: call.to_string(), reason: error.to_string() })
        },
    }
}

/// A transaction that the node took into its pool.
pub struct Pending {
    client: Client,
    hash: Hash32,
    bytes: Vec<u8>,
    stream: RpcSubscription<TransactionStatus<H256>>,
}

impl Pending {
    /// Hash of the signed transaction.
    pub fn hash(&self) -> Hash32 {
        self.hash
    }

    /// The signed transaction.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Follows the transaction and gives its outcome. The handle stays usable: one can wait for the
    /// best block first and for finality after that.
    pub async fn wait(&mut self, wait: Wait, timeout: Duration) -> Result<InBlock, ChainError> {
        let (block, finalized) = match tokio::time::timeout(timeout, self.included(wait)).await {
            Ok(result) => result?,
            Err(_) => {
                let what = match wait {
                    Wait::BestBlock => "the transaction to enter a block",
                    Wait::Finalized => "the transaction's block to become final",
                };
                return Err(self.client.timeout(what, timeout));
            },
        };
        self.client.outcome(block, &self.bytes, finalized).await
    }

    async fn included(&mut self, wait: Wait) -> Result<(Hash32, bool), ChainError> {
        loop {
            let status = match self.stream.next().await {
                Some(Ok(status)) => status,
                Some(Err(error)) => return Err(self.client.unreachable(error)),
                None => return Err(self.client.unreachable("the subscription ended")),
            };
            let invalid = match status {
                TransactionStatus::InBlock(hash) if wait == Wait::BestBlock => {
                    return Ok((hash.0, false));
                },
                TransactionStatus::Finalized(hash) => return Ok((hash.0, true)),
                TransactionStatus::Usurped(_) => InvalidTransaction::Replaced,
                TransactionStatus::Dropped => InvalidTransaction::PoolFull,
                TransactionStatus::Invalid => InvalidTransaction::NoLongerValid,
                TransactionStatus::FinalityTimeout(_) => InvalidTransaction::FinalityTimeout,
                TransactionStatus::Future
                | TransactionStatus::Ready
                | TransactionStatus::Broadcast(_)
                | TransactionStatus::InBlock(_)
                | TransactionStatus::Retracted(_) => continue,
            };
            return Err(invalid.into());
        }
    }
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pending(0x{})", hex::encode(self.hash))
    }
}
