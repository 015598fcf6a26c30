//! Values to print: as JSON has them, with fields in the order in which they were written.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

/// A value to print.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// A text, a number, a truth value, or nothing.
    Plain(Value),
    /// Several values.
    List(Vec<Shown>),
    /// Named values in order.
    Fields(Vec<(String, Shown)>),
}

impl Shown {
    /// What a value looks like as JSON.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        let shown = serde_json::to_string(value).and_then(|text| serde_json::from_str(&text));
        shown.unwrap_or_else(|error| {
            tracing::error!(%error, "a value has no JSON form");
            Self::Plain(Value::Null)
        })
    }
}

/// Fields in the order in which they are written: `fields!({ "name": value, … })`.
macro_rules! fields {
    ({ $($name:literal: $value:expr),* $(,)? }) => {
        $crate::shown::Shown::Fields(vec![
            $(($name.to_owned(), $crate::shown::Shown::of(&$value))),*
        ])
    };
}
pub(crate) use fields;

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(value) => value.serialize(serializer),
            Self::List(items) => items.serialize(serializer),
            Self::Fields(fields) => {
                serializer.collect_map(fields.iter().map(|(name, field)| (name, field)))
            },
        }
    }
}

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Shown;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Shown, E> {
        Ok(Shown::Plain(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Shown, E> {
        Ok(Shown::Plain(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Shown, E> {
        Ok(Shown::Plain(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Shown, E> {
        Ok(Shown::Plain(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Shown, E> {
        Ok(Shown::Plain(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Shown, E> {
        Ok(Shown::Plain(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Shown, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Shown::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Shown, A::Error> {
        let mut fields = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            fields.push(entry);
        }
        Ok(Shown::Fields(fields))
    }
}

/// In a table's cell: values of a list side by side, things with fields a line each.
impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(Value::Null) => f.write_str("-"),
            Self::Plain(Value::String(text)) => f.write_str(text),
            Self::Plain(value) => value.fmt(f),
            Self::List(items) if items.is_empty() => f.write_str("(none)"),
            Self::List(items) => {
                let lines = items.iter().any(|item| matches!(item, Self::Fields(_)));
                join(f, items, if lines { "\n" } else { ", " }, |item, f| match item {
                    Self::Fields(fields) => join(f, fields, "; ", named),
                    item => item.fmt(f),
                })
            },
            Self::Fields(fields) => join(f, fields, "\n", named),
        }
    }
}

fn named((name, field): &(String, Shown), f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{}: {field}", name.replace('_', " "))
}

fn join<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    between: &str,
    write: impl Fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            f.write_str(between)?;
        }
        write(item, f)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_in_json_and_in_tables() {
        let inner = fields!({ "z_z": true, "a": None::<u8> });
        let value = fields!({ "to": "x", "by": [1, 2], "no": [0u8; 0], "at": &inner, "all": [&inner, &inner] });
        let json = serde_json::to_string(&value).unwrap();
        let part = r#"{"z_z":true,"a":null}"#;
        assert_eq!(
            json,
            format!(r#"{{"to":"x","by":[1,2],"no":[],"at":{part},"all":[{part},{part}]}}"#)
        );
        assert_eq!(Shown::of(&value), value);
        let Shown::Fields(fields) = &value else { panic!("fields are fields") };
        let cells: Vec<_> = fields.iter().map(|(_, field)| field.to_string()).collect();
        let line = "z z: true; a: -";
        assert_eq!(cells, ["x", "1, 2", "(none)", "z z: true\na: -", &format!("{line}\n{line}")]);
    }
}
