//! Unified Social Credit Code (统一社会信用代码), GB 32100-2015.

use codec::{Decode, DecodeWithMemTracking, Encode, Input, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::hex32::serde_as_text;

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const LENGTH: usize = 18;

/// An institution: its 18-character Unified Social Credit Code, check characters verified, and a
/// site number for sub-sites and village clinics (0 is the institution itself).
///
/// Text form: `91350100M000100Y43`, or `91350100M000100Y43-3` for site 3. A value of this type is
/// always valid: decoding checks it as parsing does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, MaxEncodedLen, TypeInfo)]
pub struct InstitutionId {
    code: [u8; LENGTH],
    site: u16,
}

/// Why a text is no institution identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstitutionIdError {
    /// The code is not 18 characters long.
    Length,
    /// A character is outside `0-9 A-Z` without I, O, S, V, Z.
    Character,
    /// The division code in positions 3 to 8 is not all digits.
    Division,
    /// The organisation code in positions 9 to 17 fails its own check (GB 11714).
    OrganisationCheck,
    /// The last character fails the check over the whole code.
    Check,
    /// The site number is not 1 … 65535.
    Site,
}

impl core::fmt::Display for InstitutionIdError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Length => "a Unified Social Credit Code has 18 characters",
            Self::Character => {
                "a Unified Social Credit Code has digits and capital letters without I, O, S, V, Z"
            },
            Self::Division => "positions 3 to 8 of the code are digits of a division",
            Self::OrganisationCheck => "position 17 does not check positions 9 to 16 (GB 11714)",
            Self::Check => "position 18 does not check the code (GB 32100-2015)",
            Self::Site => "a site number is 1 to 65535, written after a hyphen",
        })
    }
}

impl core::error::Error for InstitutionIdError {}

fn value(character: u8) -> Option<u32> {
    ALPHABET.iter().position(|known| *known == character).and_then(|at| u32::try_from(at).ok())
}

fn verify(code: &[u8; LENGTH]) -> Result<(), InstitutionIdError> {
    if !code.iter().all(|character| value(*character).is_some()) {
        return Err(InstitutionIdError::Character);
    }
    if !code.iter().skip(2).take(6).all(u8::is_ascii_digit) {
        return Err(InstitutionIdError::Division);
    }
    // GB 11714: weights 3 7 9 10 5 8 4 2 modulo 11 over base-36 digits, 10 written as X.
    let weighted: u32 = code
        .iter()
        .skip(8)
        .zip([3u32, 7, 9, 10, 5, 8, 4, 2])
        .filter_map(|(character, weight)| Some(char::from(*character).to_digit(36)? * weight))
        .sum();
    let expected = match (11 - weighted % 11) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    };
    if char::from(code[16]) != expected {
        return Err(InstitutionIdError::OrganisationCheck);
    }
    if check_character(code) != code[17] {
        return Err(InstitutionIdError::Check);
    }
    Ok(())
}

fn check_character(code: &[u8; LENGTH]) -> u8 {
    // Weights 3^i modulo 31.
    let (sum, _) = code.iter().take(17).fold((0u32, 1u32), |(sum, weight), character| {
        (sum + value(*character).unwrap_or(0) * weight, weight * 3 % 31)
    });
    let index = usize::try_from((31 - sum % 31) % 31).unwrap_or(0);
    ALPHABET.get(index).copied().unwrap_or(b'0')
}

impl InstitutionId {
    /// Verifies a code and joins it with a site number (0 for the institution itself).
    pub fn new(code: [u8; LENGTH], site: u16) -> Result<Self, InstitutionIdError> {
        verify(&code).map(|()| Self { code, site })
    }

    /// The 18 characters.
    pub fn code(&self) -> &str {
        core::str::from_utf8(&self.code).unwrap_or_default()
    }

    /// The site number; 0 is the institution itself.
    pub const fn site(&self) -> u16 {
        self.site
    }

    /// A valid code for the given registration: category `12` (public institution), a division and
    /// an organisation number. For fixtures and benchmarks.
    pub fn from_parts(division: u32, organisation: u32) -> Self {
        let mut code = [b'0'; LENGTH];
        code[0] = b'1';
        code[1] = b'2';
        for (at, power) in (2..8).zip([100_000u32, 10_000, 1_000, 100, 10, 1]) {
            code[at] = b'0' + u8::try_from(division / power % 10).unwrap_or(0);
        }
        let mut rest = organisation;
        for at in (8..16).rev() {
            code[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        let weighted: u32 = code
            .iter()
            .skip(8)
            .zip([3u32, 7, 9, 10, 5, 8, 4, 2])
            .map(|(character, weight)| u32::from(character - b'0') * weight)
            .sum();
        code[16] = match (11 - weighted % 11) % 11 {
            10 => b'X',
            digit => b'0' + u8::try_from(digit).unwrap_or(0),
        };
        code[17] = check_character(&code);
        Self { code, site: 0 }
    }
}

impl Decode for InstitutionId {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        let (code, site) = Decode::decode(input)?;
        Self::new(code, site).map_err(|_| "not a valid Unified Social Credit Code".into())
    }
}

impl DecodeWithMemTracking for InstitutionId {}

impl core::fmt::Display for InstitutionId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.code())?;
        match self.site {
            0 => Ok(()),
            site => write!(f, "-{site}"),
        }
    }
}

impl core::fmt::Debug for InstitutionId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

impl core::str::FromStr for InstitutionId {
    type Err = InstitutionIdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (code, site) = match text.split_once('-') {
            None => (text, 0),
            Some((code, site)) => {
                let plain = !site.starts_with(['0', '+']);
                let number = plain.then(|| site.parse().ok()).flatten();
                (code, number.filter(|site| *site != 0).ok_or(InstitutionIdError::Site)?)
            },
        };
        let code = code.as_bytes().try_into().map_err(|_| InstitutionIdError::Length)?;
        Self::new(code, site)
    }
}
serde_as_text!(InstitutionId);

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn accepts_the_standards_own_example() {
        let id: InstitutionId = "91350100M000100Y43".parse().unwrap();
        assert_eq!(id.to_string(), "91350100M000100Y43");
        let site: InstitutionId = "91350100M000100Y43-3".parse().unwrap();
        assert_eq!((site.site(), site.to_string().as_str()), (3, "91350100M000100Y43-3"));
    }

    #[test]
    fn names_what_is_wrong() {
        use InstitutionIdError::*;
        for (text, error) in [
            ("91350100M000100Y4", Length),
            ("91350100M000100Y434", Length),
            ("", Length),
            ("91350100m000100Y43", Character),
            ("9135010OM000100Y43", Character),
            ("91A50100M000100Y43", Division),
            ("91350100M000100Y33", OrganisationCheck),
            ("91350100M0001001Y3", OrganisationCheck),
            ("91350100M000100Y44", Check),
            ("91350100M000100Y43-", Site),
            ("91350100M000100Y43-0", Site),
            ("91350100M000100Y43-+1", Site),
            ("91350100M000100Y43-65536", Site),
        ] {
            assert_eq!(text.parse::<InstitutionId>(), Err(error), "{text}");
        }
    }

    #[test]
    fn fixtures_are_valid_and_every_changed_character_is_noticed() {
        for organisation in 0..200 {
            let id = InstitutionId::from_parts(320_000, organisation * 7_919);
            let text = id.to_string();
            assert_eq!(text.parse(), Ok(id));
            for at in 0..18 {
                let mut changed = text.clone().into_bytes();
                changed[at] = if changed[at] == b'7' { b'4' } else { b'7' };
                let changed = alloc::string::String::from_utf8(changed).unwrap();
                assert!(changed.parse::<InstitutionId>().is_err(), "{changed}");
            }
        }
    }

    #[test]
    fn decoding_refuses_an_invalid_code() {
        let mut bytes = InstitutionId::from_parts(330_000, 1).encode();
        assert!(InstitutionId::decode(&mut &bytes[..]).is_ok());
        bytes[17] = if bytes[17] == b'1' { b'2' } else { b'1' };
        assert!(InstitutionId::decode(&mut &bytes[..]).is_err());
    }
}
