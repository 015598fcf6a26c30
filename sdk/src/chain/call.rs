//! Calls, named as the metadata names them.

use std::borrow::Cow;

use codec::{Compact, Encode};
use subxt::Metadata;
use subxt::ext::scale_encode::{EncodeAsFields, Error as EncodeError, FieldIter};
use subxt::ext::scale_type_resolver::TypeResolver;

use super::ChainError;

/// A call: pallet and call by name, arguments as SCALE bytes. Calls nested in it (motions, batches)
/// stay calls until the metadata of a node gives their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pallet: Cow<'static, str>,
    name: Cow<'static, str>,
    args: Vec<Arg>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Arg {
    Scale(Vec<u8>),
    Call(Call),
    Calls(Vec<Call>),
    /// The length of a call's bytes, compact.
    LengthOf(Call),
}

impl Call {
    /// A call whose arguments are the fields of `args`: pass a tuple, also for a single argument.
    pub fn new(
        pallet: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        args: impl Encode,
    ) -> Self {
        Self { pallet: pallet.into(), name: name.into(), args: vec![Arg::Scale(args.encode())] }
    }

    /// Appends more arguments.
    #[must_use]
    pub fn with(mut self, args: impl Encode) -> Self {
        self.args.push(Arg::Scale(args.encode()));
        self
    }

    /// Appends a call as an argument.
    #[must_use]
    pub fn with_call(mut self, call: Call) -> Self {
        self.args.push(Arg::Call(call));
        self
    }

    /// Appends a list of calls as an argument.
    #[must_use]
    pub fn with_calls(mut self, calls: Vec<Call>) -> Self {
        self.args.push(Arg::Calls(calls));
        self
    }

    /// Appends the compact length of a call's bytes as an argument.
    #[must_use]
    pub fn with_length_of(mut self, call: Call) -> Self {
        self.args.push(Arg::LengthOf(call));
        self
    }

    /// The pallet's name in the runtime.
    pub fn pallet(&self) -> &str {
        &self.pallet
    }

    /// The call's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The arguments' bytes under this metadata.
    pub fn args(&self, metadata: &Metadata) -> Result<Vec<u8>, ChainError> {
        let mut out = Vec::new();
        for arg in &self.args {
            match arg {
                Arg::Scale(bytes) => out.extend_from_slice(bytes),
                Arg::Call(call) => out.extend(call.encode(metadata)?),
                Arg::Calls(calls) => {
                    let count = u32::try_from(calls.len()).unwrap_or(u32::MAX);
                    Compact(count).encode_to(&mut out);
                    for call in calls {
                        out.extend(call.encode(metadata)?);
                    }
                },
                Arg::LengthOf(call) => {
                    let length = call.encode(metadata)?.len();
                    Compact(u32::try_from(length).unwrap_or(u32::MAX)).encode_to(&mut out);
                },
            }
        }
        Ok(out)
    }

    /// The bytes of the runtime's call enum under this metadata: pallet and call number, arguments.
    pub fn encode(&self, metadata: &Metadata) -> Result<Vec<u8>, ChainError> {
        let unknown = || ChainError::UnknownCall {
            pallet: self.pallet.to_string(),
            call: self.name.to_string(),
        };
        let pallet = metadata.pallet_by_name(&self.pallet).ok_or_else(unknown)?;
        let call = pallet.call_variant_by_name(&self.name).ok_or_else(unknown)?;
        let mut out = vec![pallet.call_index(), call.index];
        out.extend(self.args(metadata)?);
        Ok(out)
    }

    /// The call with its bytes, in the form subxt signs.
    pub fn payload(&self, metadata: &Metadata) -> Result<Payload, ChainError> {
        Ok(Payload {
            pallet: self.pallet.to_string(),
            name: self.name.to_string(),
            args: RawArgs(self.args(metadata)?),
        })
    }
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.pallet, self.name)
    }
}

/// A call whose arguments are SCALE bytes already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    pallet: String,
    name: String,
    args: RawArgs,
}

/// SCALE bytes that encode as they are, whatever fields are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawArgs(Vec<u8>);

impl EncodeAsFields for RawArgs {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        _fields: &mut dyn FieldIter<'_, R::TypeId>,
        _types: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        out.extend_from_slice(&self.0);
        Ok(())
    }
}

impl subxt::tx::Payload for Payload {
    type CallData = RawArgs;

    fn pallet_name(&self) -> &str {
        &self.pallet
    }

    fn call_name(&self) -> &str {
        &self.name
    }

    fn call_data(&self) -> &Self::CallData {
        &self.args
    }
}
