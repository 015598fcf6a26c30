//! Authorisation codes: the text that people hand on, and the keys that follow from it.
//!
//! A code is a seed of 128 random bits. Its text is `KL` and 28 characters of Crockford's Base32 in
//! groups of four: 26 for the seed, two that check. The check is a Reed–Solomon code over GF(32), so
//! that any two wrong characters, and any two that changed places, are found.
//!
//! From the seed and the chain's genesis follow an ed25519 key, which the chain knows the code by and
//! which signs when the code is redeemed, and an X25519 key, which the scope secrets are sealed to.
//!
//! A **slip** is for people without a phone: what is printed is the salt of a slow key derivation
//! (scrypt) whose password is a PIN of eight digits that stands on another piece of paper, or in the
//! patient's head. Only both together are the seed. The text of a slip begins with `KS`.

use ed25519_dalek::{Signer, SigningKey};
use hkdf::Hkdf;
use kanglian_primitives::{
    BusinessBlockId, CodeKey, EncryptionKey, Hash32, KeyEpoch, PersonId,
    payloads::{self, RedemptionBody, envelope_aad, hpke_info},
};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    AccountId,
    envelope::{Bundle, BundleEntry, EnvelopeError, ScopeSecret, hpke_open, hpke_seal},
    keys::EncryptionSecret,
};

/// HKDF info of a code's signing key.
const SIGN_INFO: &[u8] = b"kanglian/code/sign/v1";
/// HKDF info of a code's encryption key.
const SEAL_INFO: &[u8] = b"kanglian/code/seal/v1";
/// Domain of the slow derivation of slips.
const SLIP_DOMAIN: &[u8] = b"kanglian/code/slip/v1";
/// Crockford's alphabet: without I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a text that carry the seed.
const DATA: usize = 26;
/// Characters of a text behind its prefix.
const LENGTH: usize = DATA + 2;
/// Digits of a PIN.
pub const PIN_DIGITS: usize = 8;
/// Cost of one guess of a PIN: 2^17 blocks of 1 KiB, 128 MiB of memory.
const SCRYPT_LOG_N: u8 = 17;

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// It does not begin with KL or KS.
    #[error("a code begins with KL, a printed slip with KS")]
    Prefix,
    /// It is too short or too long.
    #[error("a code has 28 letters and digits behind KL or KS, in groups of four")]
    Length,
    /// A character does not occur in codes.
    #[error("`{0}` does not occur in codes")]
    Character(char),
    /// A character is wrong, or two changed places.
    #[error("the code is mistyped: its check characters do not fit")]
    Check,
    /// The PIN is not eight digits.
    #[error("a PIN has {PIN_DIGITS} digits")]
    Pin,
    /// The text is a slip's, and there is no PIN.
    #[error("this is a printed slip: its PIN is needed too")]
    PinMissing,
    /// The text is a code's, and there is a PIN.
    #[error("this is a whole code, no printed slip: it has no PIN")]
    PinGiven,
    /// The slow derivation did not work.
    #[error("the key derivation of the slip failed")]
    Derivation,
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Code,
    Slip,
}

impl Kind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Code => "KL",
            Self::Slip => "KS",
        }
    }
}

/// The seed of a code. Whoever has it can redeem the code.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct CodeSeed([u8; 16]);

impl CodeSeed {
    /// A fresh code.
    pub fn generate() -> Self {
        Self(crate::random_bytes())
    }

    /// A given seed.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Reads the text of a code, or of a slip with its PIN. The seed of a slip takes a second.
    pub fn read(text: &str, pin: Option<&str>) -> Result<Self, CodeError> {
        match (parse(text)?, pin) {
            ((Kind::Code, bytes), None) => Ok(Self(bytes)),
            ((Kind::Code, _), Some(_)) => Err(CodeError::PinGiven),
            ((Kind::Slip, _), None) => Err(CodeError::PinMissing),
            ((Kind::Slip, bytes), Some(pin)) => Slip { salt: bytes }.open(pin),
        }
    }

    /// The text that people hand on.
    pub fn text(&self) -> String {
        show(Kind::Code, &self.0)
    }

    /// The keys of the code on a chain.
    pub fn keys(&self, genesis: &Hash32) -> CodeKeys {
        let derive = |info| {
            let mut out = [0u8; 32];
            // 32 bytes are always within what HKDF-SHA256 can give.
            let derived = Hkdf::<Sha256>::new(Some(genesis), &self.0).expand(info, &mut out);
            debug_assert!(derived.is_ok());
            out
        };
        CodeKeys {
            signing: SigningKey::from_bytes(&derive(SIGN_INFO)),
            encryption: EncryptionSecret::from_bytes(derive(SEAL_INFO)),
        }
    }
}

impl std::fmt::Debug for CodeSeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeSeed(…)")
    }
}

/// What is printed for somebody without a phone; it opens nothing without its PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    salt: [u8; 16],
}

impl Slip {
    /// A fresh slip and its PIN.
    pub fn generate() -> (Self, String) {
        let mut pin = String::with_capacity(PIN_DIGITS);
        while pin.len() < PIN_DIGITS {
            // 250 of the 256 values: each digit is as likely as the others.
            let [byte] = crate::random_bytes::<1>();
            if byte < 250 {
                pin.push(char::from(b'0' + byte % 10));
            }
        }
        (Self { salt: crate::random_bytes() }, pin)
    }

    /// The seed of the code that slip and PIN are together.
    pub fn open(&self, pin: &str) -> Result<CodeSeed, CodeError> {
        self.open_at(pin, SCRYPT_LOG_N)
    }

    fn open_at(&self, pin: &str, log_n: u8) -> Result<CodeSeed, CodeError> {
        let digits: String = pin.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if digits.len() != PIN_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CodeError::Pin);
        }
        let params = scrypt::Params::new(log_n, 8, 1).map_err(|_| CodeError::Derivation)?;
        let salt = [SLIP_DOMAIN, &self.salt].concat();
        let mut seed = [0u8; 16];
        scrypt::scrypt(digits.as_bytes(), &salt, &params, &mut seed)
            .map_err(|_| CodeError::Derivation)?;
        let code = CodeSeed(seed);
        seed.zeroize();
        Ok(code)
    }

    /// What is printed.
    pub fn text(&self) -> String {
        show(Kind::Slip, &self.salt)
    }
}

/// The keys of a code on one chain.
#[derive(Clone)]
pub struct CodeKeys {
    signing: SigningKey,
    encryption: EncryptionSecret,
}

impl CodeKeys {
    /// What the chain knows the code by.
    pub fn key(&self) -> CodeKey {
        CodeKey(self.signing.verifying_key().to_bytes())
    }

    /// To this key the scope secrets are sealed.
    pub fn encryption_key(&self) -> EncryptionKey {
        self.encryption.public()
    }

    /// Signs a redemption.
    pub fn sign(&self, genesis: &Hash32, body: &RedemptionBody<AccountId>) -> [u8; 64] {
        self.signing.sign(&payloads::code(genesis, body)).to_bytes()
    }

    /// Seals scope secrets of a person to the code.
    pub fn seal(
        &self,
        genesis: &Hash32,
        person: &PersonId,
        secrets: &[ScopeSecret],
    ) -> Result<Bundle, EnvelopeError> {
        let to = self.encryption_key();
        let entry = |scope: &ScopeSecret| {
            let aad = self.aad(genesis, person, scope.block, scope.epoch);
            let (enc, ciphertext) = hpke_seal(&to, hpke_info::CODE, &aad, scope.secret.as_bytes())?;
            let (block, epoch, suite) = (scope.block, scope.epoch, to.suite);
            Ok(BundleEntry { block, epoch, suite, enc, ciphertext })
        };
        secrets.iter().map(entry).collect::<Result<_, _>>().map(Bundle)
    }

    /// Opens the scope secrets that a person sealed to the code.
    pub fn open(
        &self,
        genesis: &Hash32,
        person: &PersonId,
        bundle: &Bundle,
    ) -> Result<Vec<ScopeSecret>, EnvelopeError> {
        let entry = |entry: &BundleEntry| {
            let aad = self.aad(genesis, person, entry.block, entry.epoch);
            let secret = &self.encryption;
            let bytes = hpke_open(secret, &entry.enc, hpke_info::CODE, &aad, &entry.ciphertext)?;
            let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| EnvelopeError::Unwrap)?;
            Ok(ScopeSecret {
                block: entry.block,
                epoch: entry.epoch,
                secret: EncryptionSecret::from_bytes(bytes),
            })
        };
        bundle.0.iter().map(entry).collect()
    }

    fn aad(
        &self,
        genesis: &Hash32,
        person: &PersonId,
        block: BusinessBlockId,
        epoch: KeyEpoch,
    ) -> Vec<u8> {
        envelope_aad(genesis, person, block, epoch, &self.key().0)
    }
}

impl std::fmt::Debug for CodeKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CodeKeys(of {})", self.key())
    }
}

/// Multiplies in GF(32) with the polynomial x^5 + x^2 + 1.
fn multiply(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b > 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a = if a & 0x10 == 0 { a << 1 } else { (a << 1) ^ 0x25 };
        b >>= 1;
    }
    product
}

/// Sum of the characters, and sum weighted by powers of a primitive element: both are zero over a
/// whole code. The lengths are below 31, so that every place has a power of its own.
fn syndromes(values: &[u8]) -> (u8, u8) {
    let mut power = 1;
    let (mut plain, mut weighted) = (0, 0);
    for value in values {
        plain ^= value;
        weighted ^= multiply(*value, power);
        power = multiply(power, 2);
    }
    (plain, weighted)
}

/// The inverse in GF(32): a^30, since a^31 is 1.
fn inverse(a: u8) -> u8 {
    (0..30).fold(1, |power, _| multiply(power, a))
}

fn show(kind: Kind, bytes: &[u8; 16]) -> String {
    let number = u128::from_be_bytes(*bytes);
    // 130 bits: the first character holds the highest three and two zeros before them.
    let mut values: Vec<u8> = (0..DATA)
        .map(|at| {
            let shift = 5 * (DATA - 1 - at);
            u8::try_from((number >> shift) & 31).unwrap_or_default()
        })
        .collect();
    // Two more values x, y with x + y = s and x p + y q = t at the next two powers p, q = 2 p.
    let (s, t) = syndromes(&values);
    let p = (0..DATA).fold(1, |power, _| multiply(power, 2));
    let q = multiply(p, 2);
    let y = multiply(t ^ multiply(s, p), inverse(p ^ q));
    values.extend([s ^ y, y]);
    let characters: Vec<u8> =
        values.iter().filter_map(|value| ALPHABET.get(usize::from(*value)).copied()).collect();
    let groups: Vec<_> =
        characters.chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    format!("{}-{}", kind.prefix(), groups.join("-"))
}

fn parse(text: &str) -> Result<(Kind, [u8; 16]), CodeError> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let kind = [Kind::Code, Kind::Slip]
        .into_iter()
        .find(|kind| plain.starts_with(kind.prefix()))
        .ok_or(CodeError::Prefix)?;
    let values =
        plain.chars().skip(kind.prefix().len()).map(value).collect::<Result<Vec<_>, _>>()?;
    if values.len() != LENGTH {
        return Err(CodeError::Length);
    }
    if syndromes(&values) != (0, 0) {
        return Err(CodeError::Check);
    }
    // The two highest bits of the first character are no part of the seed.
    if values.first().is_none_or(|first| *first > 7) {
        return Err(CodeError::Check);
    }
    let number = values.iter().take(DATA).fold(0u128, |n, value| n << 5 | u128::from(*value));
    Ok((kind, number.to_be_bytes()))
}

fn value(c: char) -> Result<u8, CodeError> {
    // As Crockford reads what people confuse.
    let c = match c {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    let found = ALPHABET.iter().position(|known| char::from(*known) == c);
    found.and_then(|at| u8::try_from(at).ok()).ok_or(CodeError::Character(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::{DecodeAll, Encode};
    use kanglian_primitives::{Grantee, InstitutionId, blocks};

    const GENESIS: Hash32 = [0x6b; 32];
    const PERSON: PersonId = PersonId([7; 32]);

    fn seed() -> CodeSeed {
        CodeSeed::from_bytes([0xf1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0xfe])
    }

    #[test]
    fn codes_are_written_in_groups_and_read_back() {
        for bytes in [[0; 16], [255; 16], seed().0, CodeSeed::generate().0] {
            let code = CodeSeed::from_bytes(bytes);
            let text = code.text();
            assert_eq!(text.len(), 2 + 7 * 5, "{text}");
            assert!(text.starts_with("KL-"));
            assert_eq!(CodeSeed::read(&text, None), Ok(code));
        }
        // Pinned, since codes are on paper.
        assert_eq!(seed().text(), "KL-7H08-1G81-860W-40J2-GB1G-6GW3-ZYYW");
    }

    #[test]
    fn what_people_confuse_is_read_as_it_was_meant() {
        let zero = CodeSeed::from_bytes([0; 16]);
        let text = zero.text().replace('0', "o").replace('-', " ").to_lowercase();
        assert_eq!(CodeSeed::read(&text, None), Ok(zero));
        let ones = (0..DATA).fold(0u128, |n, _| n << 5 | 1);
        let one = CodeSeed::from_bytes(ones.to_be_bytes());
        assert!(one.text().starts_with("KL-1111-1111"));
        let text = one.text();
        let (prefix, rest) = text.split_at(2);
        let text = format!("{prefix}{}", rest.replace('1', "l"));
        assert_eq!(CodeSeed::read(&text, None), Ok(one));
    }

    #[test]
    fn every_wrong_character_and_every_exchange_is_found() {
        let text: Vec<char> = seed().text().chars().collect();
        let places: Vec<usize> = (3..text.len()).filter(|at| text[*at] != '-').collect();
        let check = |changed: &[char]| {
            let changed: String = changed.iter().collect();
            assert_eq!(CodeSeed::read(&changed, None), Err(CodeError::Check), "{changed}");
        };
        for at in &places {
            for other in ALPHABET.iter().map(|byte| char::from(*byte)).filter(|c| c != &text[*at]) {
                let mut changed = text.clone();
                changed[*at] = other;
                check(&changed);
            }
            for second in places.iter().filter(|second| text[**second] != text[*at]) {
                let mut changed = text.clone();
                changed.swap(*at, *second);
                check(&changed);
            }
        }
    }

    #[test]
    fn texts_that_are_no_codes_say_why() {
        let text = seed().text();
        for (wrong, error) in [
            ("", CodeError::Prefix),
            ("7H04", CodeError::Prefix),
            ("KL", CodeError::Length),
            (&text[..text.len() - 1], CodeError::Length),
            (&format!("{text}0"), CodeError::Length),
            (&text.replace("KL-7", "KL-U"), CodeError::Character('U')),
            (&text.replace("KL-7", "KL-７"), CodeError::Character('７')),
            (&text.replace("KL", "KS"), CodeError::PinMissing),
        ] {
            assert_eq!(CodeSeed::read(wrong, None), Err(error), "{wrong}");
        }
        assert_eq!(CodeSeed::read(&text, Some("12345678")), Err(CodeError::PinGiven));
    }

    #[test]
    fn a_slip_opens_with_its_pin_only() {
        // At the least cost: the rest is the same.
        const CHEAP: u8 = 4;
        let (slip, pin) = Slip::generate();
        assert_eq!(pin.len(), PIN_DIGITS);
        let code = slip.open_at(&pin, CHEAP).unwrap();
        let spaced = format!("{} {}", &pin[..4], &pin[4..]);
        assert_eq!(slip.open_at(&spaced, CHEAP), Ok(code.clone()));
        let other = if pin.starts_with('0') { '1' } else { '0' };
        let wrong = format!("{other}{}", &pin[1..]);
        assert_ne!(slip.open_at(&wrong, CHEAP).unwrap(), code);
        assert_ne!(Slip::generate().0.open_at(&pin, CHEAP).unwrap(), code);
        assert_ne!(slip.open_at(&pin, CHEAP + 1).unwrap(), code);
        // The printed text alone is not the code.
        assert_ne!(code, CodeSeed::from_bytes(slip.salt));
        for pin in ["", "1234567", "123456789", "1234567a", "１２３４５６７８"] {
            assert_eq!(CodeSeed::read(&slip.text(), Some(pin)), Err(CodeError::Pin), "{pin}");
        }
    }

    #[test]
    fn keys_follow_from_seed_and_chain() {
        let keys = seed().keys(&GENESIS);
        assert_eq!(keys.key(), seed().keys(&GENESIS).key());
        assert_ne!(keys.key(), seed().keys(&[0x6c; 32]).key());
        assert_ne!(keys.key(), CodeSeed::generate().keys(&GENESIS).key());
        assert_ne!(keys.key().0, keys.encryption_key().key);
        let shown = format!("{:?} {keys:?}", seed());
        assert!(!shown.contains("7H08") && shown.contains("CodeSeed(…)"), "{shown}");
    }

    #[test]
    fn a_redemption_is_signed_by_the_key_on_chain() {
        let keys = seed().keys(&GENESIS);
        let account = AccountId::from([5; 32]);
        let institution = InstitutionId::from_parts(320_100, 1);
        let body = RedemptionBody {
            code: keys.key(),
            person: PERSON,
            redeemer: account,
            grantee: Grantee::Practitioner { account, institution },
            expires_at: 1_790_000_000_000,
        };
        let verifying = ed25519_dalek::VerifyingKey::from_bytes(&keys.key().0).unwrap();
        let signature = ed25519_dalek::Signature::from_bytes(&keys.sign(&GENESIS, &body));
        let signed = |genesis: &Hash32, body: &RedemptionBody<AccountId>| {
            verifying.verify_strict(&payloads::code(genesis, body), &signature).is_ok()
        };
        assert!(signed(&GENESIS, &body));
        assert!(!signed(&[1; 32], &body), "on another chain");
        assert!(!signed(&GENESIS, &RedemptionBody { redeemer: AccountId::from([6; 32]), ..body }));
        assert!(!signed(&GENESIS, &RedemptionBody { expires_at: body.expires_at + 1, ..body }));
    }

    #[test]
    fn scope_secrets_open_with_the_code_and_with_nothing_else() {
        let keys = seed().keys(&GENESIS);
        let secret = EncryptionSecret::generate();
        let scope =
            ScopeSecret { block: blocks::MEDICAL, epoch: KeyEpoch(2), secret: secret.clone() };
        let bundle = keys.seal(&GENESIS, &PERSON, &[scope]).unwrap();
        let bytes = bundle.encode();
        let bundle = Bundle::decode_all(&mut bytes.as_slice()).unwrap();
        let opened = keys.open(&GENESIS, &PERSON, &bundle).unwrap();
        assert_eq!(opened[0].secret, secret);
        let other = CodeSeed::generate().keys(&GENESIS);
        assert!(other.open(&GENESIS, &PERSON, &bundle).is_err(), "another code");
        assert!(keys.open(&[1; 32], &PERSON, &bundle).is_err(), "another chain");
        assert!(keys.open(&GENESIS, &PersonId([8; 32]), &bundle).is_err(), "another person");
        let mut cut = bundle.clone();
        cut.0[0].epoch = KeyEpoch(3);
        assert!(keys.open(&GENESIS, &PERSON, &cut).is_err(), "another epoch");
    }
}
