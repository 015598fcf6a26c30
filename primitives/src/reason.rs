//! Reasons with a code each: kebab-case words in texts and JSON, numbers on chain.

macro_rules! code_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $index:literal, $code:literal;)* } $known:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking,
            MaxEncodedLen, TypeInfo, Serialize, Deserialize,
        )]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $($(#[$vdoc])* #[codec(index = $index)] $variant,)*
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(match self { $(Self::$variant => $code,)* })
            }
        }

        impl core::str::FromStr for $name {
            type Err = crate::UnknownReason;
            fn from_str(text: &str) -> Result<Self, crate::UnknownReason> {
                match text {
                    $($code => Ok(Self::$variant),)*
                    _ => Err(crate::UnknownReason::one_of($known)),
                }
            }
        }
    };
}

pub(crate) use code_enum;

/// A text that names no known reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownReason(&'static str);

impl UnknownReason {
    pub(crate) const fn one_of(known: &'static str) -> Self {
        Self(known)
    }
}

impl core::fmt::Display for UnknownReason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "expected one of {}", self.0)
    }
}

impl core::error::Error for UnknownReason {}
