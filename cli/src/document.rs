//! Identity documents, checked before they are used: the resident identity number of GB 11643-1999
//! and the other types of WS 364.3 CV02.01.101.
//!
//! A document's canonical form is its type, a colon and its number. Household book and driving
//! licence carry the resident identity number, so they give the same form as the resident card, and
//! the same person. Where no standard fixes a form, only length and characters are checked.

use std::fmt;

use zeroize::Zeroizing;

use crate::instant;

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

/// Types of documents (WS 364.3 CV02.01.101), and the birth certificate of those who have no other
/// yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum DocumentType {
    /// 01: resident identity card
    #[value(alias = "01")]
    ResidentCard,
    /// 02: household book, by the person's resident identity number in it
    #[value(alias = "02")]
    HouseholdBook,
    /// 03: passport, as ISSUER/NUMBER with the issuing state's three letters (ISO 3166-1)
    #[value(alias = "03")]
    Passport,
    /// 04: military officer's card, such as 南字第01234567号
    #[value(alias = "04")]
    MilitaryOfficer,
    /// 05: driving licence, by the resident identity number on it
    #[value(alias = "05")]
    DrivingLicence,
    /// 06: Hong Kong or Macao resident's travel permit, the letter and eight digits
    #[value(alias = "06")]
    HongKongMacao,
    /// 07: Taiwan resident's travel permit, eight digits
    #[value(alias = "07")]
    Taiwan,
    /// A newborn's birth certificate, a letter and nine digits
    BirthCertificate,
}

impl DocumentType {
    /// What stands before the colon in the canonical form.
    const fn code(self) -> &'static str {
        match self {
            Self::ResidentCard | Self::HouseholdBook | Self::DrivingLicence => "01",
            Self::Passport => "03",
            Self::MilitaryOfficer => "04",
            Self::HongKongMacao => "06",
            Self::Taiwan => "07",
            Self::BirthCertificate => "99-birth",
        }
    }
}

/// A checked document. Printed, it shows its type only.
pub struct Document(DocumentType, Zeroizing<String>);

impl Document {
    /// Checks a number as written on a document of a type.
    pub fn parse(kind: DocumentType, number: &str) -> Result<Self, DocumentError> {
        if number.chars().any(is_full_width) {
            return Err(DocumentError::FullWidth);
        }
        match kind {
            DocumentType::ResidentCard
            | DocumentType::HouseholdBook
            | DocumentType::DrivingLicence => {
                ResidentNumber::parse(number)?;
            },
            DocumentType::Passport => {
                let (issuer, own) = number.split_once('/').ok_or(DocumentError::Passport)?;
                let letters = issuer.len() == 3 && issuer.bytes().all(|b| b.is_ascii_uppercase());
                let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
                let digit = own.bytes().any(|b| b.is_ascii_digit());
                if !letters || !(5..=9).contains(&own.len()) || !own.bytes().all(plain) || !digit {
                    return Err(DocumentError::Passport);
                }
            },
            DocumentType::MilitaryOfficer => {
                let (word, rest) = number.split_once("字第").ok_or(DocumentError::Officer)?;
                let digits = rest.strip_suffix('号').ok_or(DocumentError::Officer)?;
                let han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
                let words = (1..=2).contains(&word.chars().count()) && word.chars().all(han);
                if !words || !digits_within(digits, 4..=8) {
                    return Err(DocumentError::Officer);
                }
            },
            DocumentType::HongKongMacao => {
                let digits = number.strip_prefix(['H', 'M']).ok_or(DocumentError::HongKongMacao)?;
                if !digits_within(digits, 8..=8) {
                    return Err(DocumentError::HongKongMacao);
                }
            },
            DocumentType::Taiwan => {
                if !digits_within(number, 8..=8) {
                    return Err(DocumentError::Taiwan);
                }
            },
            DocumentType::BirthCertificate => {
                let (letter, digits) = number.split_at_checked(1).ok_or(DocumentError::Birth)?;
                if !letter.bytes().all(|b| b.is_ascii_uppercase()) || !digits_within(digits, 9..=9)
                {
                    return Err(DocumentError::Birth);
                }
            },
        }
        Ok(Self(kind, Zeroizing::new(number.to_owned())))
    }

    /// The form that the registrars' function is evaluated on. It is personal data: it is blinded
    /// and goes nowhere else.
    pub fn canonical(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}:{}", self.0.code(), self.1.as_str()))
    }
}

impl From<ResidentNumber> for Document {
    fn from(number: ResidentNumber) -> Self {
        Self(DocumentType::ResidentCard, number.0)
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:************", self.0.code())
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Full-width forms of ASCII, as Chinese keyboards can give them.
fn is_full_width(c: char) -> bool {
    matches!(c, '\u{ff01}'..='\u{ff5e}')
}

fn digits_within(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Why a text is no number of a document.
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
    /// Not a passport's number with its issuer.
    #[error(
        "a passport is written ISSUER/NUMBER: three capital letters of the issuing state \
         (ISO 3166-1, such as CHN), then 5 to 9 capital letters and digits"
    )]
    Passport,
    /// Not an officer's card's number.
    #[error("a military officer's card is written like 南字第01234567号, with 4 to 8 digits")]
    Officer,
    /// Not a travel permit's number.
    #[error(
        "a Hong Kong or Macao resident's permit has a capital H or M and 8 digits; of a longer \
         number write the first nine characters, the others count renewals"
    )]
    HongKongMacao,
    /// Not a travel permit's number.
    #[error("a Taiwan resident's permit has 8 digits")]
    Taiwan,
    /// Not a birth certificate's number.
    #[error("a birth certificate has a capital letter and 9 digits")]
    Birth,
}

impl ResidentNumber {
    /// Checks a number as written.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        if text.chars().any(is_full_width) {
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

    #[cfg(test)]
    fn expose(&self) -> &str {
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
    fn every_type_has_its_form_and_names_what_is_wrong() {
        use DocumentType::*;
        for (kind, number, canonical) in [
            (ResidentCard, "11010519491231002X", "01:11010519491231002X"),
            (HouseholdBook, "11010519491231002X", "01:11010519491231002X"),
            (DrivingLicence, "11010519491231002X", "01:11010519491231002X"),
            (Passport, "CHN/E12345678", "03:CHN/E12345678"),
            (Passport, "USA/123456789", "03:USA/123456789"),
            (MilitaryOfficer, "南字第01234567号", "04:南字第01234567号"),
            (HongKongMacao, "H12345678", "06:H12345678"),
            (HongKongMacao, "M00000001", "06:M00000001"),
            (Taiwan, "01234567", "07:01234567"),
            (BirthCertificate, "R320012345", "99-birth:R320012345"),
        ] {
            let document = Document::parse(kind, number).unwrap();
            assert_eq!(document.canonical().as_str(), canonical);
            assert!(!format!("{document} {document:?}").contains(number));
        }
        for (kind, error, numbers) in [
            (
                Passport,
                DocumentError::Passport,
                &[
                    "",
                    "E12345678",
                    "CHN/",
                    "CHN/E123",
                    "CHN/E123456789",
                    "chn/E12345678",
                    "CHN/e12345678",
                    "CH/E12345678",
                    "CHN/ABCDEFGH",
                    "CHN/E1234 678",
                    "/E12345678",
                    "CHN/E12/45678",
                ][..],
            ),
            (
                MilitaryOfficer,
                DocumentError::Officer,
                &[
                    "",
                    "南字第号",
                    "南字第123号",
                    "南字第123456789号",
                    "字第012345号",
                    "南字第01234567",
                    "ab字第012345号",
                    "东南西字第012345号",
                    "南字第0123a5号",
                ],
            ),
            (
                HongKongMacao,
                DocumentError::HongKongMacao,
                &["", "h12345678", "H1234567", "H1234567801", "A12345678", "H1234567a"],
            ),
            (Taiwan, DocumentError::Taiwan, &["", "1234567", "123456789", "1234567A", "-1234567"]),
            (
                BirthCertificate,
                DocumentError::Birth,
                &[
                    "",
                    "r320012345",
                    "R32001234",
                    "R3200123456",
                    "3200123456",
                    "出20012345",
                    "R32001234X",
                ],
            ),
            (HouseholdBook, DocumentError::LowerCase, &["11010519491231002x"]),
            (DrivingLicence, DocumentError::Old, &["110105491231002"]),
            (Taiwan, DocumentError::FullWidth, &["０1234567"]),
            (Passport, DocumentError::FullWidth, &["CHN／E12345678"]),
        ] {
            for number in numbers {
                assert_eq!(Document::parse(kind, number).err(), Some(error), "{kind:?} {number}");
            }
        }
    }

    #[test]
    fn printing_hides_the_number() {
        let number = ResidentNumber::parse("11010519491231002X").unwrap();
        assert_eq!(format!("{number} {number:?}"), "110105************ 110105************");
    }
}
