//! RFC 9497's vectors, and the threshold against one server with the whole key.

use curve25519_dalek::Scalar;
use rand_core_06::{CryptoRng, Error, RngCore};
use voprf::{Ristretto255, VoprfClient, VoprfServer};

use super::{
    oprf::{Blinding, KeyShare, MAX_INPUT, OprfError, check_blinded},
    sharing::Polynomial,
    *,
};

/// Gives out chosen scalars: each as 64 bytes, little endian, which reduce to themselves.
struct Chosen(Vec<u8>);

impl RngCore for Chosen {
    fn next_u32(&mut self) -> u32 {
        unreachable!("scalars are made of bytes")
    }
    fn next_u64(&mut self) -> u64 {
        unreachable!("scalars are made of bytes")
    }
    fn fill_bytes(&mut self, out: &mut [u8]) {
        out.fill(0);
        out[..32].copy_from_slice(&self.0);
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for Chosen {}

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    let mut out = [0u8; N];
    hex::decode_to_slice(text, &mut out).unwrap();
    out
}

/// RFC 9497, appendix A.1.2: ristretto255-SHA512, VOPRF mode.
const SECRET: &str = "e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909";
const PUBLIC: &str = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e";
const BLIND: &str = "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706";
const PROOF_SCALAR: &str = "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e";

struct Vector {
    input: &'static str,
    blinded: &'static str,
    evaluated: &'static str,
    proof: &'static str,
    output: &'static str,
}

const VECTORS: [Vector; 2] = [
    Vector {
        input: "00",
        blinded: "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
        evaluated: "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
        proof: "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd066d4346421d17bf51\
                17a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d",
        output: "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139\
                 caee5bd03903af43a491351d23b430948dd50cde10d32b3c",
    },
    Vector {
        input: "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
        blinded: "cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c",
        evaluated: "60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468",
        proof: "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a67154fabf031fd93\
                6051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02",
        output: "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60356f4610bf816f27\
                 afdd84f47719e480906d27ecd994985890e5f539e7ea74b6",
    },
];

#[test]
fn the_rfcs_vectors_pass_with_one_registrar() {
    for vector in VECTORS {
        let key = KeyShare::from_bytes(&bytes(SECRET)).unwrap();
        assert_eq!(key.public(), bytes(PUBLIC));
        let input = hex::decode(vector.input).unwrap();
        let blind = &mut Chosen(hex::decode(BLIND).unwrap());
        let blinding = Blinding::with_rng(&input, blind).unwrap();
        assert_eq!(*blinding.element(), bytes(vector.blinded));
        let random = &mut Chosen(hex::decode(PROOF_SCALAR).unwrap());
        let answer = key.evaluate_with(blinding.element(), random).unwrap();
        assert_eq!(answer.element, bytes(vector.evaluated));
        assert_eq!(answer.proof, bytes(vector.proof));
        blinding.verify(&bytes(PUBLIC), &answer).unwrap();
        let output = blinding.combine(&[(1, answer)], 1).unwrap();
        assert_eq!(*output, bytes(vector.output));
    }
}

/// The RFC's key in shares.
fn shared(threshold: u16) -> Polynomial {
    let mut coefficients = vec![Scalar::from_canonical_bytes(bytes(SECRET)).unwrap()];
    coefficients.extend((1..threshold).map(|_| Scalar::random(&mut rand_core_06::OsRng)));
    Polynomial::from_coefficients(coefficients)
}

#[test]
fn the_rfcs_vectors_pass_with_three_of_five() {
    let polynomial = shared(3);
    let commitments = polynomial.commitments();
    assert_eq!(commitments.public().compress().to_bytes(), bytes(PUBLIC));
    for vector in VECTORS {
        let blinding = Blinding::new(&hex::decode(vector.input).unwrap()).unwrap();
        for who in [[1u16, 2, 3], [5, 3, 1], [4, 5, 2]] {
            let answers = who.map(|index| {
                let share = polynomial.share(index).to_bytes();
                let answer = KeyShare::from_bytes(&share).unwrap().evaluate(blinding.element());
                let key = commitments.share_key(index).compress().to_bytes();
                blinding.verify(&key, answer.as_ref().unwrap()).unwrap();
                (index, answer.unwrap())
            });
            assert_eq!(*blinding.combine(&answers, 3).unwrap(), bytes(vector.output));
        }
    }
}

#[test]
fn the_threshold_equals_the_crates_own_finalize_for_many_inputs() {
    let server = VoprfServer::<Ristretto255>::new_with_key(&bytes::<32>(SECRET)).unwrap();
    let polynomial = shared(2);
    for number in 0..50u32 {
        let input = format!("{INPUT_DOMAIN}01:{number:018}");
        let rng = &mut rand_core_06::OsRng;
        let client = VoprfClient::<Ristretto255>::blind(input.as_bytes(), rng).unwrap();
        let whole = server.blind_evaluate(rng, &client.message);
        let key = server.get_public_key();
        let single =
            client.state.finalize(input.as_bytes(), &whole.message, &whole.proof, key).unwrap();
        let blinding = Blinding::new(input.as_bytes()).unwrap();
        let answers = [1, 4].map(|index| {
            let share = polynomial.share(index).to_bytes();
            (index, KeyShare::from_bytes(&share).unwrap().evaluate(blinding.element()).unwrap())
        });
        let threshold = blinding.combine(&answers, 2).unwrap();
        assert_eq!(threshold.as_slice(), single.as_slice());
        assert_eq!(person_of(&threshold), person_of(&single.as_slice().try_into().unwrap()));
    }
}

#[test]
fn one_answer_short_gives_nothing_usable() {
    let polynomial = shared(3);
    let blinding = Blinding::new(b"somebody").unwrap();
    let answers: Vec<_> = [1u16, 2, 3]
        .map(|index| {
            let share = polynomial.share(index).to_bytes();
            (index, KeyShare::from_bytes(&share).unwrap().evaluate(blinding.element()).unwrap())
        })
        .into();
    let right = blinding.combine(&answers, 3).unwrap();
    assert_eq!(blinding.combine(&answers[..2], 3), Err(OprfError::TooFew));
    let twice = [answers[0], answers[1], answers[0]];
    assert_eq!(blinding.combine(&twice, 3), Err(OprfError::TooFew));
    // Whoever combines two of three all the same has another value.
    assert_ne!(blinding.combine(&answers[..2], 2).unwrap(), right);
    assert_eq!(blinding.combine(&[], 0), Err(OprfError::TooFew));
}

#[test]
fn a_wrong_answer_does_not_verify() {
    let (one, other) = (shared(1), Polynomial::random(1));
    let key = one.commitments().share_key(1).compress().to_bytes();
    let [honest, liar] =
        [one, other].map(|secret| KeyShare::from_bytes(&secret.share(1).to_bytes()).unwrap());
    let blinding = Blinding::new(b"somebody").unwrap();
    let good = honest.evaluate(blinding.element()).unwrap();
    assert_eq!(blinding.verify(&key, &good), Ok(()));
    let lie = liar.evaluate(blinding.element()).unwrap();
    assert_eq!(blinding.verify(&key, &lie), Err(OprfError::Proof));
    // Another's element under the good proof, the good element under another's proof.
    let swapped = oprf::Evaluation { element: lie.element, proof: good.proof };
    assert_eq!(blinding.verify(&key, &swapped), Err(OprfError::Proof));
    let swapped = oprf::Evaluation { element: good.element, proof: lie.proof };
    assert_eq!(blinding.verify(&key, &swapped), Err(OprfError::Proof));
    // An answer to another question.
    let elsewhere = Blinding::new(b"somebody").unwrap();
    assert_eq!(elsewhere.verify(&key, &good), Err(OprfError::Proof));
    for at in [0, 31, 32, 63] {
        let mut flipped = good;
        flipped.proof[at] ^= 1;
        assert_eq!(blinding.verify(&key, &flipped), Err(OprfError::Proof));
    }
}

#[test]
fn identity_and_non_canonical_elements_are_refused() {
    let key = KeyShare::from_bytes(&bytes(SECRET)).unwrap();
    // RFC 9496, appendix A.2: encodings that are refused, with 2^255 - 19 and its like among them.
    let bad = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
        // Points of small order of the curve below.
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    ];
    for text in bad {
        let element = bytes(text);
        assert_eq!(check_blinded(&element), Err(OprfError::Element), "{text}");
        assert_eq!(key.evaluate(&element), Err(OprfError::Element), "{text}");
        let answer = oprf::Evaluation { element, proof: [1; 64] };
        let blinding = Blinding::new(b"somebody").unwrap();
        assert_eq!(blinding.verify(&key.public(), &answer), Err(OprfError::Element), "{text}");
    }
    assert_eq!(check_blinded(Blinding::new(b"x").unwrap().element()), Ok(()));
}

#[test]
fn inputs_and_keys_have_bounds() {
    assert_eq!(Blinding::new(b"").err(), Some(OprfError::Input));
    assert!(Blinding::new(&[1; MAX_INPUT]).is_ok());
    assert_eq!(Blinding::new(&[1; MAX_INPUT + 1]).err(), Some(OprfError::Input));
    assert_eq!(KeyShare::from_bytes(&[0; 32]).err(), Some(OprfError::Key));
    assert_eq!(KeyShare::from_bytes(&[0xff; 32]).err(), Some(OprfError::Key));
}

#[test]
fn person_ids_are_pinned() {
    // HKDF-SHA512 over the RFC's first output.
    let person = person_of(&bytes(VECTORS[0].output));
    assert_eq!(person, person_of(&bytes(VECTORS[0].output)));
    assert_ne!(person, person_of(&bytes(VECTORS[1].output)));
    assert_eq!(person.to_string(), PINNED);
}

/// HKDF-SHA512 of the first output, reckoned with another implementation too.
const PINNED: &str = "0x3dfc23a94279212f84cb2d736d06bf73f584337ff754e48182e131fcf2e3de86";

#[test]
fn nothing_secret_shows_in_debug() {
    let identity = RegistrarIdentity::from_seed([7; 32]);
    let share = RegistrarShare::dev("//Phrase", 3, 1);
    let shown = format!("{identity:?} {share:?} {:?}", share.key().unwrap());
    assert!(!shown.contains(&hex::encode([7; 32])) && shown.contains("RegistrarShare(…)"));
}

#[test]
fn keys_and_shares_survive_their_files_and_nothing_else_passes_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("identity"), folder.path().join("share"));
    let identity = RegistrarIdentity::generate();
    let share = RegistrarShare::dev("//Phrase", 3, 2);
    identity.write(&one, "correct horse").unwrap();
    share.write(&two, "correct horse").unwrap();
    assert!(share.write(&two, "correct horse").is_err(), "an existing share stays");
    let read = RegistrarIdentity::read(&one, "correct horse").unwrap();
    assert_eq!(read.signing_key(), identity.signing_key());
    let read = RegistrarShare::read(&two, "correct horse").unwrap();
    assert_eq!(read.key().unwrap().public(), share.key().unwrap().public());
    assert!(RegistrarShare::read(&two, "wrong horse").is_err());
    assert!(RegistrarShare::read(&one, "correct horse").is_err());
    assert!(RegistrarIdentity::read(&two, "correct horse").is_err());
}

#[test]
fn a_set_that_was_changed_or_half_signed_is_refused() {
    let place = |at: u16| (format!("registrar {at}"), format!("http://127.0.0.1:{at}"));
    let places: Vec<_> = (1..=4).map(place).collect();
    let set = RegistrarSet::dev("//Phrase", 3, &places).unwrap();
    set.check().unwrap();
    let json = set.to_json().unwrap();
    assert_eq!(RegistrarSet::from_json(&json).unwrap(), set);
    for (index, _) in set.members() {
        let share = RegistrarShare::dev("//Phrase", 3, index);
        assert_eq!(share.key().unwrap().public(), set.share_key(index).unwrap());
    }
    let broken = |change: &dyn Fn(&mut RegistrarSet), words: &str| {
        let mut other = set.clone();
        change(&mut other);
        let error = other.check().unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    broken(&|set| set.body.epoch = 1, "not signed by registrar 1");
    broken(&|set| set.body.members[3].url = "http://127.0.0.1:9".into(), "not signed");
    broken(&|set| drop(set.signatures.remove(&2)), "not signed by registrar 2");
    broken(&|set| set.body.members.swap(0, 1), "not signed");
    broken(&|set| set.body.threshold = 2, "as many commitments");
    broken(&|set| set.body.threshold = 5, "threshold");
    broken(&|set| set.body.commitments[0] = [0; 32], "identity");
    broken(&|set| set.body.commitments[2] = [0xff; 32], "canonical");
    broken(&|set| set.body.members[0] = set.body.members[1].clone(), "twice");
    broken(&|set| set.body.members[0].url = "ftp://127.0.0.1".into(), "URL");
    broken(&|set| set.body.members[0].name = "\n".into(), "1 to 200 bytes");
    assert!(RegistrarSet::dev("//Phrase", 5, &places).is_err());
    // The key of a local network does not depend on the threshold, the shares do.
    let two = RegistrarSet::dev("//Phrase", 2, &places).unwrap();
    assert_eq!(two.network_key(), set.network_key());
    assert_ne!(two.share_key(1).unwrap(), set.share_key(1).unwrap());
}
