//! Identity documents: the resident identity number of GB 11643-1999, checked before it is used.

use std::fmt;

use zeroize::Zeroizing;

use crate::instant;

/// Document type 01, resident identity card (WS 364 CV02.01.101).
pub const RESIDENT_CARD: &str = "01";

/// Weights of the 17 digits: 2^(18-i) modulo 11 (ISO 7064, MOD 11-2).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";
const LENGTH: usize = 18;
const FIRST_BIRTH_YEAR: i64 = 1_860;

/// First two digits of the divisions that issue numbers (GB/T 2260), with those of the residence
/// permits for people of Hong Kong, Macao and Taiwan (81 to 83) and of other countries (91).
const PROVINCES: [u8; 36] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91,
];

/// A checked resident identity number. Printed, it hides all but the division.
pub struct ResidentNumber(Zeroizing<String>);

/// Why a text is no resident identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It has 15 digits: issued before 1999.
    #[error("15-digit numbers are no longer valid; write the 18-character number")]
    Old,
    /// It does not have 18 characters.
    #[error("an identity number has 18 characters")]
    Length,
    /// It ends in a lower-case x.
    #[error("the check character is a capital X")]
    LowerCase,
    /// It has full-width digits or letters.
    #[error("write the number with plain digits, not with full-width ones")]
    FullWidth,
    /// Another character is no digit.
    #[error("an identity number has 17 digits and a check character 0-9 or X")]
    Character,
    /// No division issues numbers that begin so.
    #[error("no province-level division begins with these two digits (GB/T 2260)")]
    Division,
    /// The date of birth does not exist or lies in the future.
    #[error("the date of birth in positions 7 to 14 does not exist or lies in the future")]
    BirthDate,
    /// The check character is wrong.
    #[error("the check character is wrong (GB 11643-1999, ISO 7064 MOD 11-2)")]
    Check,
}

impl ResidentNumber {
    /// Checks a number as written.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        if text.chars().any(|c| matches!(c, '\u{ff10}'..='\u{ff5a}')) {
            return Err(DocumentError::FullWidth);
        }
        let bytes = text.as_bytes();
        if bytes.len() == 15 && bytes.iter().all(u8::is_ascii_digit) {
            return Err(DocumentError::Old);
        }
        let code: &[u8; LENGTH] = bytes.try_into().map_err(|_| DocumentError::Length)?;
        let (digits, check) = (&code[..17], code[17]);
        if check == b'x' {
            return Err(DocumentError::LowerCase);
        }
        if !digits.iter().all(u8::is_ascii_digit) || !(check.is_ascii_digit() || check == b'X') {
            return Err(DocumentError::Character);
        }
        let number = |from: usize, to: usize| {
            digits[from..to].iter().fold(0i64, |sum, digit| sum * 10 + i64::from(digit - b'0'))
        };
        if !PROVINCES.iter().any(|province| i64::from(*province) == number(0, 2)) {
            return Err(DocumentError::Division);
        }
        let (year, month, day) = (number(6, 10), number(10, 12), number(12, 14));
        let exists = instant::days_from_civil(year, month, day).is_some();
        let past = number(6, 14) <= instant::date_number(instant::now());
        if !exists || !past || year < FIRST_BIRTH_YEAR {
            return Err(DocumentError::BirthDate);
        }
        if check_character(digits) != check {
            return Err(DocumentError::Check);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// A valid number of a person who does not exist: division, birth date (`YYYYMMDD`) and
    /// sequence. For tests and the story.
    pub fn synthetic(division: u32, birth: u32, sequence: u32) -> Result<Self, DocumentError> {
        let mut text = format!("{:06}{birth:08}{:03}", division % 1_000_000, sequence % 1_000);
        let check = check_character(text.as_bytes());
        text.push(char::from(check));
        Self::parse(&text)
    }

    /// The number. It is personal data: it goes into the keyed evaluation and nowhere else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn check_character(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit.saturating_sub(b'0')) * weight)
        .sum();
    usize::try_from(sum % 11).ok().and_then(|at| CHECKS.get(at)).copied().unwrap_or(b'?')
}

impl fmt::Display for ResidentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}************", self.0.get(..6).unwrap_or_default())
    }
}

impl fmt::Debug for ResidentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_standards_own_examples() {
        for text in ["11010519491231002X", "440524188001010014"] {
            let number = ResidentNumber::parse(text).unwrap();
            assert_eq!(number.expose(), text);
        }
    }

    #[test]
    fn names_what_is_wrong() {
        use DocumentError::*;
        for (text, error) in [
            ("", Length),
            ("110105491231002", Old),
            ("11010519491231002", Length),
            ("11010519491231002XX", Length),
            ("110105194912310021", Check),
            ("11010519491231002x", LowerCase),
            ("１１010519491231002X", FullWidth),
            ("11010519491231002Ｘ", FullWidth),
            ("1101051949123100 X", Character),
            ("11010519491231002Y", Character),
            ("1101O519491231002X", Character),
            ("10010519491231002X", Division),
            ("110105194902300020", BirthDate),
            ("110105299912310020", BirthDate),
            ("110105000012310020", BirthDate),
        ] {
            assert_eq!(ResidentNumber::parse(text).err(), Some(error), "{text}");
        }
    }

    #[test]
    fn synthetic_numbers_are_valid_and_a_changed_digit_is_noticed() {
        for sequence in 0..500 {
            let number = ResidentNumber::synthetic(320_102, 19_800_229, sequence).unwrap();
            let mut changed = number.expose().as_bytes().to_vec();
            changed[16] = if changed[16] == b'9' { b'0' } else { changed[16] + 1 };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(ResidentNumber::parse(&changed).err(), Some(DocumentError::Check));
        }
    }

    #[test]
    fn printing_hides_the_number() {
        let number = ResidentNumber::parse("11010519491231002X").unwrap();
        assert_eq!(format!("{number} {number:?}"), "110105************ 110105************");
    }
}
