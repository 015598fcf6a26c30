//! Asks the registrars, verifies what they answer, and files what became of it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::{StreamExt, stream::FuturesUnordered};
use kanglian_primitives::{Hash32, Instant, PersonId};
use rand::seq::SliceRandom;
use serde::de::DeserializeOwned;
use url::Url;

use super::{
    INPUT_DOMAIN,
    audit::AuditFault,
    oprf::{Blinding, Evaluation, OprfError},
    set::{Member, RegistrarSet, SetError},
    wire::{
        EvaluateReply, EvaluateRequest, EvaluationStatement, Evaluator, LineReceipt, OpenReply,
        Outcome, OutcomeReply, OutcomeStatement, RegistrarHealth, Signed, element_hash, paths,
    },
};
use crate::{vault::AccountSigner, wire::ErrorBody};

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Longest answer, in bytes.
const MAX_REPLY: usize = 1 << 20;

/// Why one registrar did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AskError {
    /// No connection, or it broke.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// It said no.
    #[error("refused ({status} {code}): {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Stable code.
        code: String,
        /// For people.
        message: String,
    },
    /// Its proof or its signature does not hold.
    #[error("answered wrongly: {0}")]
    Wrong(String),
    /// Its log does not hold.
    #[error("{0}")]
    Log(#[from] AuditFault),
    /// There is none with this index, or its address is none.
    #[error("{0}")]
    Usage(String),
}

impl AskError {
    /// The registrar's stable code, when it refused.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            _ => None,
        }
    }
}

/// A registrar that did not answer as it must.
#[derive(Clone, Debug)]
pub struct RegistrarFault {
    /// Which.
    pub name: String,
    /// Why.
    pub error: AskError,
}

/// An evaluation that a registrar has in its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The registrar's place in the set.
    pub index: u16,
    /// The registrar's signing key.
    pub registrar: [u8; 32],
    /// The evaluation's number.
    pub evaluation: u64,
    /// The registrar's word for the line.
    pub receipt: LineReceipt,
    /// Until when the outcome should be filed.
    pub outcome_until: Instant,
}

/// What the registrars' answers gave.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// The person.
    pub person: PersonId,
    /// Evaluations whose outcome is to be filed.
    pub opened: Vec<Opened>,
    /// Registrars that were asked and did not answer as they must.
    pub faults: Vec<RegistrarFault>,
}

/// Why there is no person id.
#[derive(Debug, thiserror::Error)]
pub enum RegistrarError {
    /// The set does not hold.
    #[error(transparent)]
    Set(#[from] SetError),
    /// The input cannot be evaluated.
    #[error(transparent)]
    Oprf(#[from] OprfError),
    /// Too few registrars answered.
    #[error(
        "{have} of {of} registrars answered, {need} are needed:{}",
        faults.iter().map(|fault| format!(" {}: {};", fault.name, fault.error)).collect::<String>()
    )]
    TooFew {
        /// How many answered well.
        have: usize,
        /// How many there are.
        of: usize,
        /// How many are needed.
        need: usize,
        /// What the others did.
        faults: Vec<RegistrarFault>,
        /// Evaluations that the registrars have in their logs all the same.
        opened: Vec<Opened>,
    },
    /// No client can be made.
    #[error("{0}")]
    Client(String),
}

fn http_client() -> Result<reqwest::Client, RegistrarError> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .no_proxy()
        .build()
        .map_err(|error| RegistrarError::Client(error.to_string()))
}

/// The registrars of a network, asked by one account.
pub struct Registrars {
    http: reqwest::Client,
    set: RegistrarSet,
    genesis: Hash32,
    signer: Arc<dyn AccountSigner>,
    /// Where they are, by index, when the set's addresses do not count.
    places: Option<BTreeMap<u16, Url>>,
}

impl Registrars {
    /// A client; the set is checked, nothing is sent yet.
    pub fn new(
        set: RegistrarSet,
        genesis: Hash32,
        signer: Arc<dyn AccountSigner>,
    ) -> Result<Self, RegistrarError> {
        set.check()?;
        Ok(Self { http: http_client()?, set, genesis, signer, places: None })
    }

    /// The set as a registrar serves it, if it holds by itself.
    pub async fn published_set(url: &Url) -> Result<RegistrarSet, RegistrarError> {
        let client = |reason: String| RegistrarError::Client(format!("{url}: {reason}"));
        let address = url.join(paths::SET).map_err(|error| client(error.to_string()))?;
        let mut response = http_client()?
            .get(address)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(|error| client(error.to_string()))?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| client(e.to_string()))? {
            if body.len().saturating_add(chunk.len()) > MAX_REPLY {
                return Err(client("the answer is too long".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        let set = RegistrarSet::from_json(&body)?;
        set.check()?;
        Ok(set)
    }

    /// Asks only the registrars at these addresses, whatever the set says of addresses. Which
    /// registrar answers where, it says itself; that it is the one shows by its proofs. Gives the
    /// addresses at which none of the set answered.
    pub async fn only_at(&mut self, urls: &[Url]) -> Vec<(Url, AskError)> {
        let mut places = BTreeMap::new();
        let mut faults = Vec::new();
        for url in urls {
            let found = async {
                let address = url.join("/health").map_err(|e| AskError::Usage(e.to_string()))?;
                let (status, body) = self.send(self.http.get(address)).await?;
                let health: RegistrarHealth =
                    serde_json::from_slice(&body).map_err(|_| refusal(status, &body))?;
                let index = self.set.index_of(&health.registrar);
                index.ok_or_else(|| AskError::Wrong("it is none of the set's registrars".into()))
            };
            match found.await {
                Ok(index) => drop(places.insert(index, url.clone())),
                Err(error) => faults.push((url.clone(), error)),
            }
        }
        self.places = Some(places);
        faults
    }

    /// Indices of the registrars that are asked.
    pub fn asked(&self) -> Vec<u16> {
        let all = self.set.members().map(|(index, _)| index);
        all.filter(|index| self.places.as_ref().is_none_or(|places| places.contains_key(index)))
            .collect()
    }

    /// The set.
    pub fn set(&self) -> &RegistrarSet {
        &self.set
    }

    pub(super) fn genesis(&self) -> &Hash32 {
        &self.genesis
    }

    pub(super) fn member(&self, index: u16) -> Result<&Member, AskError> {
        let member = self.set.member(index);
        member.ok_or_else(|| AskError::Usage(format!("there is no registrar {index}")))
    }

    fn fault(&self, index: u16, error: AskError) -> RegistrarFault {
        let name = self.set.member(index).map_or_else(String::new, |member| member.name.clone());
        RegistrarFault { name, error }
    }

    /// The id of the person with a document, given in its canonical form. The registrars learn for
    /// whom is asked (`evaluator`), and nothing of the document.
    ///
    /// As many registrars as needed are asked at once, in random order; for each that does not
    /// answer as it must, another.
    pub async fn person(
        &self,
        evaluator: Evaluator,
        document: &str,
    ) -> Result<Evaluated, RegistrarError> {
        let input = zeroize::Zeroizing::new([INPUT_DOMAIN, document].concat());
        let blinding = Blinding::new(input.as_bytes())?;
        let need = usize::from(self.set.body.threshold);
        let mut order = self.asked();
        order.shuffle(&mut rand::rng());
        let mut waiting = order.into_iter();
        let ask = |index: u16| self.evaluate(index, evaluator, &blinding);
        let mut asked: FuturesUnordered<_> = waiting.by_ref().take(need).map(ask).collect();
        let (mut answers, mut opened, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        while let Some((index, result)) = asked.next().await {
            match result {
                Ok((answer, line)) => {
                    answers.push((index, answer));
                    opened.push(line);
                },
                Err((error, line)) => {
                    faults.push(self.fault(index, error));
                    opened.extend(line);
                    asked.extend(waiting.next().map(ask));
                },
            }
        }
        opened.sort_by_key(|line| line.index);
        if answers.len() < need {
            let of = self.set.body.members.len();
            return Err(RegistrarError::TooFew { have: answers.len(), of, need, faults, opened });
        }
        Ok(Evaluated { person: blinding.person(&answers, need)?, opened, faults })
    }

    /// One registrar's answer, verified. On an error, what it has in its log all the same.
    async fn evaluate(
        &self,
        index: u16,
        evaluator: Evaluator,
        blinding: &Blinding,
    ) -> (u16, Result<(Evaluation, Opened), (AskError, Option<Opened>)>) {
        let asked = async {
            let member = self.member(index).map_err(|error| (error, None))?;
            let statement = EvaluationStatement {
                registrar: member.signing_key,
                epoch: self.set.body.epoch,
                account: self.signer.account(),
                evaluator,
                element: element_hash(blinding.element()),
                issued_at: crate::now(),
                nonce: crate::random_bytes(),
            };
            let signed = Signed::sign(&self.genesis, statement, self.signer.as_ref());
            let body = EvaluateRequest { element: *blinding.element(), request: signed.to_body() };
            let reply: EvaluateReply =
                self.post(index, paths::EVALUATE, &body).await.map_err(|error| (error, None))?;
            let wrong = |what: &str| AskError::Wrong(what.to_owned());
            let holds = reply.receipt.holds(&self.genesis, &member.signing_key)
                && reply.receipt.index == reply.evaluation;
            if !holds {
                return Err((wrong("its receipt for the log does not hold"), None));
            }
            let opened = Opened {
                index,
                registrar: member.signing_key,
                evaluation: reply.evaluation,
                receipt: reply.receipt,
                outcome_until: reply.outcome_until,
            };
            let mut proof = [0u8; 64];
            if hex::decode_to_slice(&reply.proof, &mut proof).is_err() {
                return Err((wrong("its proof is not 64 bytes"), Some(opened)));
            }
            let answer = Evaluation { element: reply.element, proof };
            let verified = match self.set.share_key(index) {
                Ok(key) => blinding.verify(&key, &answer).map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            match verified {
                Ok(()) => Ok((answer, opened)),
                Err(error) => Err((AskError::Wrong(error), Some(opened))),
            }
        };
        (index, asked.await)
    }

    /// Files what became of an evaluation.
    pub async fn file(
        &self,
        registrar: &[u8; 32],
        evaluation: u64,
        outcome: Outcome,
    ) -> Result<LineReceipt, AskError> {
        let index = self.set.index_of(registrar);
        let index =
            index.ok_or_else(|| AskError::Usage("the registrar is not in the set".into()))?;
        let statement = OutcomeStatement {
            registrar: *registrar,
            evaluation,
            account: self.signer.account(),
            outcome,
            issued_at: crate::now(),
            nonce: crate::random_bytes(),
        };
        let signed = Signed::sign(&self.genesis, statement, self.signer.as_ref());
        let path = paths::outcome(evaluation);
        let reply: OutcomeReply = self.post(index, &path, &signed.to_body()).await?;
        match reply.receipt.holds(&self.genesis, registrar) {
            true => Ok(reply.receipt),
            false => Err(AskError::Wrong("its receipt for the log does not hold".into())),
        }
    }

    /// Evaluations of somebody that have no outcome yet, at one registrar.
    pub async fn open(&self, index: u16, evaluator: &Evaluator) -> Result<OpenReply, AskError> {
        self.get(index, &paths::open(evaluator)).await
    }

    /// What a registrar says of itself, ready or not.
    pub async fn health(&self, index: u16) -> Result<RegistrarHealth, AskError> {
        let request = self.http.get(self.url(index, "/health")?);
        let (status, body) = self.send(request).await?;
        serde_json::from_slice(&body).map_err(|_| refusal(status, &body))
    }

    fn url(&self, index: u16, path: &str) -> Result<Url, AskError> {
        let member = self.member(index)?;
        let base = match &self.places {
            Some(places) => places.get(&index).cloned().ok_or_else(|| {
                AskError::Usage(format!("no address of {} was given", member.name))
            })?,
            None => member.address().map_err(|error| AskError::Usage(error.to_string()))?,
        };
        base.join(path).map_err(|error| AskError::Usage(error.to_string()))
    }

    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        index: u16,
        path: &str,
    ) -> Result<T, AskError> {
        let request = self.http.get(self.url(index, path)?);
        self.json(request).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        index: u16,
        path: &str,
        body: &impl serde::Serialize,
    ) -> Result<T, AskError> {
        let request = self.http.post(self.url(index, path)?).json(body);
        self.json(request).await
    }

    async fn json<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<T, AskError> {
        let (status, body) = self.send(request).await?;
        if !(200..300).contains(&status) {
            return Err(refusal(status, &body));
        }
        serde_json::from_slice(&body)
            .map_err(|error| AskError::Wrong(format!("the reply cannot be read: {error}")))
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<(u16, Vec<u8>), AskError> {
        let mut reply = request.send().await.map_err(unreachable)?;
        let status = reply.status().as_u16();
        let mut body = Vec::new();
        while let Some(part) = reply.chunk().await.map_err(unreachable)? {
            if body.len().saturating_add(part.len()) > MAX_REPLY {
                return Err(AskError::Wrong("the reply is too long".into()));
            }
            body.extend_from_slice(&part);
        }
        Ok((status, body))
    }
}

fn refusal(status: u16, body: &[u8]) -> AskError {
    let error = serde_json::from_slice(body).unwrap_or_else(|_| ErrorBody {
        code: "unknown".into(),
        message: "the reply has no error body".into(),
    });
    AskError::Refused { status, code: error.code, message: error.message }
}

fn unreachable(error: reqwest::Error) -> AskError {
    // Without the address, which the set names.
    let error = error.without_url();
    let mut reason = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        reason = format!("{reason}: {error}");
        cause = error.source();
    }
    AskError::Unreachable(reason)
}
