//! Events of a block, by name.

use codec::{Decode, DecodeAll};
use serde::Serialize;
use subxt::ext::scale_value::{Composite, Primitive, Value, ValueDef};

use super::ChainError;

/// An event of a transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The pallet that emitted it.
    pub pallet: String,
    /// Its name.
    pub name: String,
    /// The SCALE bytes of its fields.
    pub bytes: Vec<u8>,
    /// Its fields, read by the metadata.
    pub fields: Composite<()>,
}

impl Event {
    /// Whether it is this event of this pallet.
    pub fn is(&self, pallet: &str, name: &str) -> bool {
        self.pallet == pallet && self.name == name
    }

    /// Reads the fields as a SCALE type; pass a tuple for several.
    pub fn decode<T: Decode>(&self) -> Result<T, ChainError> {
        T::decode_all(&mut self.bytes.as_slice())
            .map_err(|error| ChainError::decode(format!("event {self}"), error))
    }

    /// A field by name, if the event has it.
    pub fn field(&self, name: &str) -> Option<&Value<()>> {
        match &self.fields {
            Composite::Named(fields) => {
                fields.iter().find(|(known, _)| known == name).map(|(_, value)| value)
            },
            Composite::Unnamed(_) => None,
        }
    }

    /// A field that is a whole number.
    pub fn number(&self, name: &str) -> Option<u128> {
        self.field(name).and_then(|value| match json(value) {
            serde_json::Value::Number(number) => number.as_u64().map(u128::from),
            serde_json::Value::String(text) => text.parse().ok(),
            _ => None,
        })
    }
}

impl std::fmt::Display for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.pallet, self.name)
    }
}

impl Serialize for Event {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = s.serialize_struct("Event", 3)?;
        out.serialize_field("pallet", &self.pallet)?;
        out.serialize_field("name", &self.name)?;
        out.serialize_field("fields", &composite(&self.fields))?;
        out.end()
    }
}

/// A decoded value as JSON for people: bytes as `0x…`, newtypes without their wrapping, numbers
/// above 2^53 as text.
pub fn json(value: &Value<()>) -> serde_json::Value {
    use serde_json::Value as Json;
    match &value.value {
        ValueDef::Composite(fields) => composite(fields),
        ValueDef::Variant(variant) => {
            if variant.values.is_empty() {
                Json::String(variant.name.clone())
            } else {
                let mut object = serde_json::Map::new();
                object.insert(variant.name.clone(), composite(&variant.values));
                Json::Object(object)
            }
        },
        ValueDef::BitSequence(bits) => Json::Array(bits.iter().map(Json::Bool).collect()),
        ValueDef::Primitive(primitive) => match primitive {
            Primitive::Bool(value) => Json::Bool(*value),
            Primitive::Char(value) => Json::String(value.to_string()),
            Primitive::String(value) => Json::String(value.clone()),
            Primitive::U128(value) => match u64::try_from(*value) {
                Ok(small) if small < 1 << 53 => Json::Number(small.into()),
                _ => Json::String(value.to_string()),
            },
            Primitive::I128(value) => match i64::try_from(*value) {
                Ok(small) => Json::Number(small.into()),
                Err(_) => Json::String(value.to_string()),
            },
            Primitive::U256(value) | Primitive::I256(value) => {
                Json::String(format!("0x{}", hex::encode(value)))
            },
        },
    }
}

fn composite(fields: &Composite<()>) -> serde_json::Value {
    use serde_json::Value as Json;
    match fields {
        Composite::Named(fields) => {
            Json::Object(fields.iter().map(|(name, value)| (name.clone(), json(value))).collect())
        },
        Composite::Unnamed(values) => match bytes(values) {
            Some(bytes) => Json::String(format!("0x{}", hex::encode(bytes))),
            None => match values.as_slice() {
                [only] => json(only),
                many => Json::Array(many.iter().map(json).collect()),
            },
        },
    }
}

/// A list of at least two numbers below 256 is taken for bytes.
fn bytes(values: &[Value<()>]) -> Option<Vec<u8>> {
    if values.len() < 2 {
        return None;
    }
    let byte = |value: &Value<()>| match value.value {
        ValueDef::Primitive(Primitive::U128(number)) => u8::try_from(number).ok(),
        _ => None,
    };
    values.iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_readable_json() {
        let person = Value::unnamed_composite([Value::from_bytes([7u8; 32])]);
        let value = Value::named_composite([
            ("subject", person),
            ("size", Value::u128(1 << 60)),
            ("status", Value::unnamed_variant("Active", [])),
        ]);
        assert_eq!(
            json(&value),
            serde_json::json!({
                "subject": format!("0x{}", "07".repeat(32)),
                "size": (1u64 << 60).to_string(),
                "status": "Active",
            })
        );
    }
}
