//! An evaluation and its outcome, step by step.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use kanglian_primitives::{Hash32, Instant};
use kanglian_sdk::registrar::{
    RegistrarIdentity, RegistrarSet,
    oprf::{KeyShare, check_blinded},
    wire::{
        EvaluateReply, EvaluateRequest, EvaluationStatement, Evaluator, LineReceipt, LogEntry,
        LogHead, MAX_SKEW, Outcome, OutcomeReply, OutcomeStatement, Signed, SignedBody, Statement,
        element_hash,
    },
};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::{
    chain::{ChainFault, ChainView, Freshness, Side},
    error::ApiError,
    settings::Keys,
    store::{Appended, Limits, Store, StoreError},
};

/// Questions to the chain at a time. The others wait in line.
const MAX_QUESTIONS: usize = 32;
/// How much earlier than its evaluation an attestation may seem: the chain's clock is another.
const CLOCKS_APART: Instant = 60_000;

/// Why nothing is evaluated though the node answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The chain has a later set of registrars.
    Superseded {
        /// The number of its group key.
        generation: u32,
        /// The number of its shares.
        epoch: u32,
    },
    /// The log is not the one that was anchored with so many lines.
    Contradiction(u64),
}

impl From<Halt> for ApiError {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Superseded { generation, epoch } => Self::conflict(
                "superseded",
                format!(
                    "the chain has registrars of generation {generation}, epoch {epoch}: take that \
                     set; this share is no longer in force"
                ),
            ),
            Halt::Contradiction(lines) => Self::unavailable(
                "log_contradicts_anchor",
                format!(
                    "the evaluation log is not the one that was anchored with {lines} lines; it \
                     has to be restored"
                ),
            ),
        }
    }
}

/// A registrar.
pub struct App {
    set: RegistrarSet,
    index: u16,
    identity: RegistrarIdentity,
    share: KeyShare,
    genesis: Hash32,
    /// The chain.
    pub chain: Arc<dyn ChainView>,
    /// How old the chain's state may be.
    pub freshness: Freshness,
    /// What is allowed.
    pub limits: Limits,
    /// The log.
    pub store: Store,
    chain_timeout: Duration,
    questions: Semaphore,
    halt: RwLock<Option<Halt>>,
}

impl App {
    /// Puts a registrar together.
    pub fn new(
        keys: Keys,
        chain: Arc<dyn ChainView>,
        store: Store,
        freshness: Freshness,
        limits: Limits,
        chain_timeout: Duration,
    ) -> Arc<Self> {
        let Keys { set, index, identity, share } = keys;
        Arc::new(Self {
            set,
            index,
            identity,
            share,
            genesis: chain.genesis(),
            chain,
            freshness,
            limits,
            store,
            chain_timeout,
            questions: Semaphore::new(MAX_QUESTIONS),
            halt: RwLock::default(),
        })
    }

    /// Its place in the set.
    pub fn index(&self) -> u16 {
        self.index
    }

    /// The epoch of its share.
    pub fn epoch(&self) -> u32 {
        self.set.body.epoch
    }

    /// Its signing key.
    pub fn registrar(&self) -> [u8; 32] {
        self.identity.signing_key()
    }

    /// Why nothing is evaluated, by the last look at the chain.
    pub fn halt(&self) -> Option<Halt> {
        *self.halt.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes why nothing is evaluated, or that all is well.
    pub fn set_halt(&self, halt: Option<Halt>) {
        let before = std::mem::replace(
            &mut *self.halt.write().unwrap_or_else(PoisonError::into_inner),
            halt,
        );
        if let Some(halt) = halt.filter(|halt| before != Some(*halt)) {
            tracing::error!(?halt, "nothing is evaluated");
        }
    }

    /// The set that it belongs to.
    pub fn set(&self) -> &RegistrarSet {
        &self.set
    }

    /// What the chain answers, if it does so in time.
    pub async fn in_time<T, E: From<ChainFault>>(
        &self,
        answer: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        tokio::time::timeout(self.chain_timeout, answer).await.unwrap_or_else(|_| {
            let reason = format!("no answer within {} s", self.chain_timeout.as_secs_f32());
            Err(ChainFault::Unreachable(reason).into())
        })
    }

    /// The present, when the node is not behind.
    fn fresh_now(&self) -> Result<Instant, ChainFault> {
        self.freshness.check(&self.chain.state())
    }

    /// Evaluates a blinded element: checks, writes the line, and only then answers.
    pub async fn evaluate(&self, request: EvaluateRequest) -> Result<EvaluateReply, ApiError> {
        if self.store.has_failed() {
            return Err(log_failed());
        }
        if let Some(halt) = self.halt() {
            return Err(halt.into());
        }
        check_blinded(&request.element).map_err(|error| {
            ApiError::new(axum::http::StatusCode::BAD_REQUEST, "bad_element", error.to_string())
        })?;
        let signed: Signed<EvaluationStatement> = self.signed(&request.request)?;
        let statement = &signed.statement;
        self.check_statement(&statement.registrar, statement.issued_at)?;
        if statement.epoch != self.epoch() {
            return Err(ApiError::conflict(
                "other_epoch",
                format!(
                    "this registrar's share is of epoch {}, the statement names {}: take the \
                     present registrar set",
                    self.epoch(),
                    statement.epoch
                ),
            ));
        }
        if statement.element != element_hash(&request.element) {
            return Err(ApiError::bad_request("the statement is about another element"));
        }
        let message = self.verified(&signed)?;
        let evaluator = statement.evaluator;
        self.in_standing(statement.account, evaluator).await?;
        let at = kanglian_sdk::now();
        let entry = LogEntry::Evaluated { request: signed.clone(), at };
        let appended = self.store.evaluated(entry, evaluator, message, at, self.limits).await?;
        // The line is on disk.
        let answer = self.share.evaluate(&request.element).map_err(ApiError::internal)?;
        metrics::counter!("kanglian_registrar_evaluations_total").increment(1);
        tracing::info!(%evaluator, evaluation = appended.index, "evaluated");
        Ok(EvaluateReply {
            evaluation: appended.index,
            element: answer.element,
            proof: hex::encode(answer.proof),
            outcome_until: at.saturating_add(self.limits.overdue_after),
            receipt: self.receipt(appended),
        })
    }

    /// Takes what became of an evaluation.
    pub async fn outcome(
        &self,
        evaluation: u64,
        body: &SignedBody,
    ) -> Result<OutcomeReply, ApiError> {
        if self.store.has_failed() {
            return Err(log_failed());
        }
        if let Some(halt @ Halt::Contradiction(_)) = self.halt() {
            return Err(halt.into());
        }
        let signed: Signed<OutcomeStatement> = self.signed(body)?;
        let statement = &signed.statement;
        self.check_statement(&statement.registrar, statement.issued_at)?;
        if statement.evaluation != evaluation {
            return Err(ApiError::bad_request("the statement is about another evaluation"));
        }
        let message = self.verified(&signed)?;
        let known = self.store.known(evaluation).await?;
        self.in_standing(statement.account, known.evaluator).await.map_err(
            |error| match error.code {
                "not_permitted" => StoreError::NotYours.into(),
                _ => error,
            },
        )?;
        let attested_at = match (statement.outcome, known.evaluator) {
            (Outcome::Closed(_), _) => None,
            (Outcome::Attested(_), Evaluator::Regulator) => {
                return Err(not_attested("the regulator attests nobody"));
            },
            (Outcome::Attested(person), Evaluator::Institution(institution)) => {
                let attested = self.in_time(self.chain.attested(person)).await?;
                let attested = attested.filter(|attested| attested.attester == institution);
                let attested = attested.ok_or_else(|| {
                    not_attested(
                        "the finalised state has no attestation of this person by the institution",
                    )
                })?;
                if attested.at.saturating_add(CLOCKS_APART) < known.at {
                    return Err(not_attested("the person was attested before this evaluation"));
                }
                Some(attested.at)
            },
        };
        let (at, outcome) = (kanglian_sdk::now(), statement.outcome);
        let entry = LogEntry::Closed { request: signed.clone(), attested_at, at };
        let appended = self.store.closed(entry, evaluation, outcome, attested_at, message).await?;
        metrics::counter!("kanglian_registrar_outcomes_total").increment(1);
        Ok(OutcomeReply { receipt: self.receipt(appended) })
    }

    /// The signed head of the log.
    pub fn head(&self) -> LogHead {
        let (size, root) = self.store.head();
        let mut head = LogHead {
            registrar: self.registrar(),
            genesis: self.genesis,
            size,
            root,
            at: kanglian_sdk::now(),
            signature: String::new(),
        };
        head.signature = hex::encode(self.identity.sign(&head.message()));
        head
    }

    fn receipt(&self, appended: Appended) -> LineReceipt {
        let Appended { index, leaf } = appended;
        let message = LineReceipt::message(&self.genesis, &self.registrar(), index, &leaf);
        LineReceipt { index, leaf, signature: hex::encode(self.identity.sign(&message)) }
    }

    fn signed<T: Statement>(&self, body: &SignedBody) -> Result<Signed<T>, ApiError> {
        Signed::from_body(body).ok_or_else(|| {
            ApiError::bad_request(
                "request: not a signed statement of this kind in hexadecimal SCALE",
            )
        })
    }

    fn check_statement(&self, registrar: &[u8; 32], issued_at: Instant) -> Result<(), ApiError> {
        if *registrar != self.registrar() {
            return Err(ApiError::forbidden(
                "other_registrar",
                "the statement names another registrar",
            ));
        }
        if kanglian_sdk::now().abs_diff(issued_at) > MAX_SKEW {
            return Err(ApiError::forbidden(
                "expired",
                format!("a statement counts for {} s: sign another", MAX_SKEW / 1000),
            ));
        }
        Ok(())
    }

    /// Hash of the signed message, if its account signed it for this chain.
    fn verified<T: Statement>(&self, signed: &Signed<T>) -> Result<Hash32, ApiError> {
        if !signed.holds(&self.genesis) {
            return Err(ApiError::new(
                axum::http::StatusCode::UNAUTHORIZED,
                "bad_signature",
                "the signature is not the account's over this statement for this chain",
            ));
        }
        Ok(Sha256::digest(Signed::message(&self.genesis, &signed.statement)).into())
    }

    /// Asks whether the account may speak for the evaluator: in the best and the finalised state of
    /// a node that is not behind.
    async fn in_standing(
        &self,
        account: kanglian_sdk::AccountId,
        evaluator: Evaluator,
    ) -> Result<(), ApiError> {
        let asked = async {
            let _place = self.questions.acquire().await.map_err(ApiError::internal)?;
            let now = self.fresh_now()?;
            let (best, finalised) = futures::try_join!(
                self.chain.in_standing(Side::Best, account, evaluator, now),
                self.chain.in_standing(Side::Finalised, account, evaluator, now),
            )?;
            Ok::<_, ApiError>(best && finalised)
        };
        let stands = self.in_time(asked).await?;
        // A node that was lost meanwhile may have come back with an older state.
        self.fresh_now()?;
        match stands {
            true => Ok(()),
            false => Err(ApiError::forbidden(
                "not_permitted",
                match evaluator {
                    Evaluator::Institution(institution) => format!(
                        "the account neither speaks for {institution} nor practises there, or \
                         that is not permitted, suspended or expired"
                    ),
                    Evaluator::Regulator => "the account is not the regulator's".to_owned(),
                },
            )),
        }
    }
}

fn log_failed() -> ApiError {
    ApiError::unavailable(
        "log_failed",
        "the evaluation log could not be written; the registrar has to be started anew",
    )
}

fn not_attested(why: &str) -> ApiError {
    ApiError::conflict("not_attested", why)
}
