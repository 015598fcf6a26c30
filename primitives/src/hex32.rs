//! Text form of 32-byte identifiers: `0x` and 64 lower-case hexadecimal digits.

/// Why a text is no 32-byte identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseHexError {
    /// The text is not 64 digits, with or without `0x` before them.
    Length,
    /// A character is no hexadecimal digit.
    Digit,
}

impl core::fmt::Display for ParseHexError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Length => "expected 64 hexadecimal digits, with or without 0x before them",
            Self::Digit => "a character is no hexadecimal digit",
        })
    }
}

impl core::error::Error for ParseHexError {}

pub(crate) fn parse(text: &str) -> Result<[u8; 32], ParseHexError> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if digits.len() != 64 {
        return Err(ParseHexError::Length);
    }
    let mut out = [0u8; 32];
    hex::decode_to_slice(digits, &mut out).map_err(|_| ParseHexError::Digit)?;
    Ok(out)
}

/// Gives a newtype over `[u8; 32]` its text form and its serde form.
macro_rules! hex_identifier {
    ($name:ident) => {
        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("0x")?;
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }
        impl core::str::FromStr for $name {
            type Err = $crate::ParseHexError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::hex32::parse(text).map(Self)
            }
        }
        $crate::hex32::serde_as_text!($name);
    };
}

/// Serialises a type through its `Display` and reads it back through `FromStr`.
macro_rules! serde_as_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <alloc::string::String as serde::Deserialize>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use hex_identifier;
pub(crate) use serde_as_text;
