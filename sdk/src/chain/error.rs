//! What can go wrong with the chain, in words a person can act on.

use subxt::ArcMetadata;
use subxt::error::DispatchError;

/// An error of the chain module.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// No connection, or it broke.
    #[error("the node at {url} cannot be reached: {reason}")]
    Unreachable {
        /// Where the node should be.
        url: String,
        /// What happened.
        reason: String,
    },
    /// The node did not answer in time.
    #[error("no answer within {seconds} s while waiting for {what}")]
    Timeout {
        /// What was waited for.
        what: String,
        /// For how long.
        seconds: u64,
    },
    /// The address of the node is none.
    #[error("{url} is no address of a node (expected ws:// or wss://): {reason}")]
    BadUrl {
        /// The address.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// After a reconnection another chain answered.
    #[error("the node is on another chain: genesis 0x{found}, expected 0x{expected}")]
    WrongChain {
        /// Genesis of the chain that answered.
        found: String,
        /// Genesis that was expected.
        expected: String,
    },
    /// The node refused a request.
    #[error("the node refused {method}: {message} (code {code})")]
    Refused {
        /// The request.
        method: String,
        /// JSON-RPC error code.
        code: i32,
        /// The node's words.
        message: String,
    },
    /// The transaction did not enter the pool or left it without being included.
    #[error("the transaction was not accepted: {0}")]
    Invalid(#[from] InvalidTransaction),
    /// The transaction was included and its call failed.
    #[error("{0}")]
    Dispatch(Box<DispatchFailure>),
    /// The node's runtime has no such call.
    #[error("the node's runtime has no call {pallet}.{call}")]
    UnknownCall {
        /// The pallet.
        pallet: String,
        /// The call.
        call: String,
    },
    /// The arguments do not fit the node's runtime.
    #[error("the node's runtime takes other arguments for {call}: {reason}")]
    CallShape {
        /// Pallet and call.
        call: String,
        /// What does not fit.
        reason: String,
    },
    /// The node's runtime has no such storage.
    #[error("the node's runtime has no storage {pallet}.{entry}: {reason}")]
    UnknownStorage {
        /// The pallet.
        pallet: String,
        /// The storage entry.
        entry: String,
        /// What is wrong.
        reason: String,
    },
    /// Bytes from the node are not what this version expects.
    #[error("cannot read {what} as this version knows it: {reason}")]
    Decode {
        /// What was read.
        what: String,
        /// What does not fit.
        reason: String,
    },
    /// A block that should exist does not.
    #[error("the node does not have {0}")]
    NoSuchBlock(String),
    /// What subxt says.
    #[error("{0}")]
    Client(String),
}

impl ChainError {
    /// Whether the node could not be reached or did not answer: trying again may help.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Timeout { .. })
    }

    /// Whether the chain itself said no.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Invalid(_) | Self::Dispatch(_))
    }

    /// Whether the node's runtime does not have what was asked for: it is older than this program.
    pub fn lacks_interface(&self) -> bool {
        matches!(self, Self::Refused { message, .. } if message.contains("is not found"))
    }

    /// The failure of a call that was included, if that is what this is.
    pub fn dispatch(&self) -> Option<&DispatchFailure> {
        match self {
            Self::Dispatch(failure) => Some(failure),
            _ => None,
        }
    }

    pub(crate) fn decode(what: impl Into<String>, reason: impl std::fmt::Display) -> Self {
        Self::Decode { what: what.into(), reason: reason.to_string() }
    }

    pub(crate) fn client(reason: impl std::fmt::Display) -> Self {
        Self::Client(reason.to_string())
    }
}

/// Number of the variant `Module` in `sp_runtime::DispatchError`.
const MODULE_ERROR: u8 = 3;

/// Why a call that was included failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DispatchFailure {
    /// The pallet whose error it is; none for errors of the runtime itself.
    pub pallet: Option<String>,
    /// The error's name.
    pub name: String,
    /// What the runtime's documentation says about it: cause and remedy.
    pub docs: String,
    /// The block it happened in.
    pub block: Option<kanglian_primitives::Hash32>,
}

impl DispatchFailure {
    /// `Pallet::Error`, or the bare name of a runtime error.
    pub fn code(&self) -> String {
        match &self.pallet {
            Some(pallet) => format!("{pallet}::{}", self.name),
            None => self.name.clone(),
        }
    }

    /// Whether it is this error of this pallet.
    pub fn is(&self, pallet: &str, name: &str) -> bool {
        self.pallet.as_deref() == Some(pallet) && self.name == name
    }

    /// Reads the SCALE bytes of a `DispatchError`; other bytes may follow.
    pub(crate) fn read(bytes: &[u8], metadata: ArcMetadata) -> Self {
        // A module's error has six bytes: its variant, the pallet, and four of the error.
        let bytes = match bytes {
            [MODULE_ERROR, ..] => bytes.get(..6).unwrap_or(bytes),
            _ => bytes,
        };
        let runtime = |name: &str, docs: String| Self {
            pallet: None,
            name: name.to_owned(),
            docs,
            block: None,
        };
        match DispatchError::decode_from(bytes, metadata) {
            Ok(DispatchError::Module(module)) => match module.details() {
                Ok(details) => Self {
                    pallet: Some(details.pallet.name().to_owned()),
                    name: details.variant.name.clone(),
                    docs: details.variant.docs.join(" ").trim().to_owned(),
                    block: None,
                },
                Err(_) => runtime("UnknownModuleError", format!("bytes {:?}", module.bytes())),
            },
            Ok(DispatchError::BadOrigin) => runtime(
                "BadOrigin",
                "The account may not make this call: it lacks the role, or the role is expired or \
                 suspended."
                    .to_owned(),
            ),
            Ok(DispatchError::Token(error)) => runtime("Token", error.to_string()),
            Ok(DispatchError::Arithmetic(error)) => runtime("Arithmetic", error.to_string()),
            Ok(DispatchError::Transactional(error)) => runtime("Transactional", error.to_string()),
            Ok(other) => {
                let debug = format!("{other:?}");
                runtime(&debug, other.to_string())
            },
            Err(error) => runtime("Unreadable", error.to_string()),
        }
    }
}

impl std::fmt::Display for DispatchFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.docs.is_empty() {
            f.write_str(&self.code())
        } else {
            write!(f, "{}: {}", self.code(), self.docs)
        }
    }
}

impl std::error::Error for DispatchFailure {}

/// Why a transaction is not in a block.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTransaction {
    /// Nobody pays for it.
    #[error(
        "the account cannot pay: it is not registered, or suspended, expired or (as a person) in \
         the midst of a recovery, or its free calls of this hour are used up, and its balance does \
         not cover the fee"
    )]
    Payment,
    /// Its number was used already.
    #[error("its number (nonce) was used already: the account sent another transaction meanwhile")]
    Stale,
    /// Its number is too far ahead.
    #[error("its number (nonce) is too far ahead: earlier transactions of the account are missing")]
    Future,
    /// The signature does not fit.
    #[error("the signature does not fit: wrong key, another chain, or the runtime was upgraded")]
    BadProof,
    /// It was signed for blocks long past.
    #[error("it has expired: sign it again")]
    Expired,
    /// It does not fit into a block.
    #[error("it is too large for a block")]
    TooLarge,
    /// The chain does not take this call.
    #[error("the chain does not take this call from outside")]
    CallNotAccepted,
    /// The account may not sign.
    #[error("the account may not sign transactions")]
    BadSigner,
    /// A check of the runtime failed.
    #[error("a check of the runtime failed (custom code {0})")]
    Custom(u8),
    /// The same bytes are in the pool.
    #[error("the same transaction is in the pool already")]
    AlreadyInPool,
    /// Another transaction with the same number stands before it.
    #[error("another transaction with the same number (nonce) is in the pool")]
    Replaced,
    /// The pool has no room.
    #[error("the node's pool is full: try again later")]
    PoolFull,
    /// The node refused these bytes a moment ago.
    #[error("the node refused the same transaction a moment ago: try again in half an hour")]
    Banned,
    /// It left the pool without a reason given.
    #[error("it is no longer valid in the current state")]
    NoLongerValid,
    /// Its block was not finalised in time.
    #[error("its block was not finalised: finality stands still")]
    FinalityTimeout,
    /// Another reason, in the node's words.
    #[error("{0}")]
    Other(String),
}

impl InvalidTransaction {
    /// Reads the error of `author_submitAndWatchExtrinsic`.
    pub(crate) fn from_rpc(code: i32, message: &str, data: Option<&str>) -> Option<Self> {
        let data = data.unwrap_or_default().trim_matches('"');
        Some(match code {
            1010 => Self::from_words(data)
                .or_else(|| Self::from_words(message))
                .unwrap_or_else(|| Self::Other(join(message, data))),
            1011 => Self::Other(join("the runtime cannot tell whether it is valid", data)),
            1012 => Self::Banned,
            1013 => Self::AlreadyInPool,
            1014 => Self::Replaced,
            1016 => Self::PoolFull,
            1015 | 1017..=1030 => Self::Other(join(message, data)),
            _ => return None,
        })
    }

    fn from_words(words: &str) -> Option<Self> {
        const KNOWN: [(&str, InvalidTransaction); 10] = [
            ("Inability to pay", InvalidTransaction::Payment),
            ("is outdated", InvalidTransaction::Stale),
            ("valid in the future", InvalidTransaction::Future),
            ("bad signature", InvalidTransaction::BadProof),
            ("ancient birth block", InvalidTransaction::Expired),
            ("exhaust", InvalidTransaction::TooLarge),
            ("call is not expected", InvalidTransaction::CallNotAccepted),
            ("mandatory", InvalidTransaction::CallNotAccepted),
            ("Invalid signing address", InvalidTransaction::BadSigner),
            ("dispatch is mandatory", InvalidTransaction::CallNotAccepted),
        ];
        if let Some((_, code)) = words.split_once("Custom error: ") {
            return code.trim().parse().ok().map(Self::Custom);
        }
        KNOWN.iter().find(|(part, _)| words.contains(part)).map(|(_, reason)| reason.clone())
    }
}

fn join(message: &str, data: &str) -> String {
    if data.is_empty() { message.to_owned() } else { format!("{message}: {data}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_runtime_is_told_from_other_refusals() {
        let refused = |message: &str| ChainError::Refused {
            method: "KeyCustodyApi_is_named".to_owned(),
            code: 4003,
            message: message.to_owned(),
        };
        let words = "Client error: Execution failed: Other: Exported method KeyCustodyApi_is_named \
                     is not found";
        assert!(refused(words).lacks_interface());
        assert!(!refused("State already discarded").lacks_interface());
    }

    #[test]
    fn pool_errors_are_read_as_plain_words() {
        let read = |code, data| InvalidTransaction::from_rpc(code, "Invalid Transaction", data);
        let words = "\"Inability to pay some fees (e.g. account balance too low)\"";
        assert_eq!(read(1010, Some(words)), Some(InvalidTransaction::Payment));
        assert_eq!(read(1010, Some("Transaction is outdated")), Some(InvalidTransaction::Stale));
        assert_eq!(read(1010, Some("Custom error: 7")), Some(InvalidTransaction::Custom(7)));
        assert_eq!(read(1014, None), Some(InvalidTransaction::Replaced));
        assert_eq!(read(1016, None), Some(InvalidTransaction::PoolFull));
        assert_eq!(read(-32601, None), None);
    }
}
