//! Sealed objects, wraps and bundles, with whatever an attacker may change.

use std::pin::Pin;
use std::task::{Context, Poll};

use kanglian_primitives::{
    BusinessBlockId, EncryptionKey, KeyEpoch, PersonId, RecordId, TermsId, blocks,
};
use kanglian_sdk::envelope::{
    Bundle, BundleContext, CHUNK, DataKey, EnvelopeError, HEADER, Header, MAX_LENGTH, ScopeSecret,
    WrapContext, WrapRecipient, open, open_bytes, open_file, seal, seal_bytes, seal_file,
    sealed_size, unwrap, unwrap_any, wrap,
};
use kanglian_sdk::keys::EncryptionSecret;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};

const TAG: usize = 16;

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 % 251) as u8).collect()
}

fn record_of(bytes: &[u8]) -> RecordId {
    RecordId(*blake3::hash(bytes).as_bytes())
}

#[tokio::test]
async fn every_length_around_a_chunk_and_a_batch_survives() {
    for length in [
        0,
        1,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        2 * CHUNK,
        16 * CHUNK - 1,
        16 * CHUNK,
        16 * CHUNK + 1,
        33 * CHUNK + 7,
    ] {
        let content = content(length);
        let (bytes, sealed) = seal_bytes(&content).await.unwrap();
        assert_eq!(bytes.len() as u64, sealed_size(length as u64), "{length}");
        assert_eq!(sealed.size, bytes.len() as u64);
        assert_eq!(sealed.record, record_of(&bytes));
        assert_eq!(open_bytes(&bytes, &sealed.key, &sealed.record).await.unwrap(), content);
    }
}

#[tokio::test]
async fn two_seals_of_the_same_content_share_nothing() {
    let (one, first) = seal_bytes(b"same").await.unwrap();
    let (two, second) = seal_bytes(b"same").await.unwrap();
    assert!(first.key != second.key);
    assert_ne!(one, two);
}

#[tokio::test]
async fn a_cut_object_is_refused_wherever_it_is_cut() {
    let (bytes, sealed) = seal_bytes(&content(2 * CHUNK + 5)).await.unwrap();
    let ends = [
        0,
        HEADER - 1,
        HEADER,
        HEADER + CHUNK,
        HEADER + CHUNK + TAG,
        HEADER + 2 * (CHUNK + TAG),
        bytes.len() - 1,
    ];
    for end in ends {
        let result = open_bytes(&bytes[..end], &sealed.key, &sealed.record).await;
        assert!(matches!(result, Err(EnvelopeError::Truncated)), "{end}: {result:?}");
    }
}

#[tokio::test]
async fn an_object_cut_at_a_chunk_with_its_length_rewritten_is_refused() {
    let (bytes, sealed) = seal_bytes(&content(2 * CHUNK)).await.unwrap();
    let mut cut = bytes[..HEADER + CHUNK + TAG].to_vec();
    cut[20..28].copy_from_slice(&(CHUNK as u64).to_le_bytes());
    let result = open_bytes(&cut, &sealed.key, &record_of(&cut)).await;
    assert!(matches!(result, Err(EnvelopeError::Chunk(0))), "{result:?}");
}

#[tokio::test]
async fn bytes_behind_the_end_are_refused() {
    for length in [0, 5, CHUNK, 17 * CHUNK] {
        let (mut bytes, sealed) = seal_bytes(&content(length)).await.unwrap();
        bytes.push(0);
        let result = open_bytes(&bytes, &sealed.key, &sealed.record).await;
        assert!(matches!(result, Err(EnvelopeError::TrailingBytes)), "{result:?}");
    }
}

#[tokio::test]
async fn swapped_and_doubled_chunks_are_refused() {
    let (bytes, sealed) = seal_bytes(&content(3 * CHUNK)).await.unwrap();
    let slot = CHUNK + TAG;
    let chunk = |at: usize| bytes[HEADER + at * slot..HEADER + (at + 1) * slot].to_vec();
    let swapped = [&bytes[..HEADER], &chunk(1), &chunk(0), &chunk(2)].concat();
    let doubled = [&bytes[..HEADER], &chunk(0), &chunk(0), &chunk(2)].concat();
    for (forged, position) in [(swapped, 0), (doubled, 1)] {
        let result = open_bytes(&forged, &sealed.key, &record_of(&forged)).await;
        assert!(matches!(result, Err(EnvelopeError::Chunk(at)) if at == position), "{result:?}");
    }
}

#[tokio::test]
async fn of_several_damaged_chunks_the_first_is_named() {
    let (mut bytes, sealed) = seal_bytes(&content(18 * CHUNK)).await.unwrap();
    for chunk in [17, 3] {
        bytes[HEADER + chunk * (CHUNK + TAG) + 9] ^= 1;
        let record = record_of(&bytes);
        let in_memory = open_bytes(&bytes, &sealed.key, &record).await;
        let in_a_stream =
            open(bytes.as_slice(), &sealed.key, &record, tokio::io::sink()).await.map(|_| ());
        for result in [in_memory.map(|_| ()), in_a_stream] {
            let named = matches!(result, Err(EnvelopeError::Chunk(at)) if at as usize == chunk);
            assert!(named, "{chunk}: {result:?}");
        }
    }
}

#[tokio::test]
async fn a_damaged_chunk_is_named_although_the_end_is_missing() {
    let (mut bytes, sealed) = seal_bytes(&content(18 * CHUNK)).await.unwrap();
    bytes[HEADER + 9] ^= 1;
    bytes.pop();
    let in_memory = open_bytes(&bytes, &sealed.key, &sealed.record).await.map(|_| ());
    let in_a_stream =
        open(bytes.as_slice(), &sealed.key, &sealed.record, tokio::io::sink()).await.map(|_| ());
    for result in [in_memory, in_a_stream] {
        assert!(matches!(result, Err(EnvelopeError::Chunk(0))), "{result:?}");
    }
}

#[tokio::test]
async fn a_header_that_announces_too_much_takes_no_memory() {
    let (mut bytes, sealed) = seal_bytes(&content(CHUNK)).await.unwrap();
    bytes[20..28].copy_from_slice(&MAX_LENGTH.to_le_bytes());
    let result = open_bytes(&bytes, &sealed.key, &sealed.record).await;
    assert!(matches!(result, Err(EnvelopeError::Truncated)), "{result:?}");
}

#[tokio::test]
async fn memory_and_stream_read_each_other() {
    for length in [0, CHUNK, 17 * CHUNK + 3] {
        let content = content(length);
        let mut streamed = Vec::new();
        let sealed = seal(content.as_slice(), length as u64, &mut streamed).await.unwrap();
        assert_eq!(sealed.record, record_of(&streamed));
        assert!(open_bytes(&streamed, &sealed.key, &sealed.record).await.unwrap() == content);

        let (bytes, sealed) = seal_bytes(&content).await.unwrap();
        let mut out = Vec::new();
        open(bytes.as_slice(), &sealed.key, &sealed.record, &mut out).await.unwrap();
        assert!(out == content, "{length}");
    }
}

#[tokio::test]
async fn what_has_come_is_opened_while_the_rest_is_on_its_way() {
    let content = content(20 * CHUNK);
    let (bytes, sealed) = seal_bytes(&content).await.unwrap();
    let (mut sender, receiver) = tokio::io::duplex(1 << 20);
    let (opened, mut reader) = tokio::io::duplex(1 << 20);
    let key = sealed.key.clone();
    let opening = tokio::spawn(async move { open(receiver, &key, &sealed.record, opened).await });
    let (come, rest) = bytes.split_at(HEADER + 16 * (CHUNK + TAG));
    sender.write_all(come).await.unwrap();
    let mut first = vec![0; 16 * CHUNK];
    reader.read_exact(&mut first).await.unwrap();
    assert!(first == content[..first.len()]);
    sender.write_all(rest).await.unwrap();
    drop(sender);
    let mut last = Vec::new();
    reader.read_to_end(&mut last).await.unwrap();
    assert_eq!(opening.await.unwrap().unwrap(), content.len() as u64);
    assert!(last == content[first.len()..]);
}

#[tokio::test]
async fn any_flipped_bit_is_noticed() {
    let (bytes, sealed) = seal_bytes(&content(100)).await.unwrap();
    for at in 0..bytes.len() {
        let mut forged = bytes.clone();
        forged[at] ^= 1 << (at % 8);
        assert!(open_bytes(&forged, &sealed.key, &record_of(&forged)).await.is_err(), "{at}");
    }
}

#[tokio::test]
async fn a_wrong_key_and_a_wrong_record_are_refused() {
    let (bytes, sealed) = seal_bytes(b"content").await.unwrap();
    let other = DataKey::generate();
    let result = open_bytes(&bytes, &other, &sealed.record).await;
    assert!(matches!(result, Err(EnvelopeError::Chunk(0))), "{result:?}");
    let result = open_bytes(&bytes, &sealed.key, &RecordId([7; 32])).await;
    assert!(matches!(result, Err(EnvelopeError::WrongRecord { .. })), "{result:?}");
}

#[tokio::test]
async fn unknown_headers_are_refused() {
    let header = Header { nonce_prefix: [1; 7], length: 10 }.encode();
    assert_eq!(Header::decode(&header).unwrap().length, 10);
    for at in (0..13).chain(28..HEADER) {
        let mut forged = header;
        forged[at] ^= 1;
        assert!(matches!(Header::decode(&forged), Err(EnvelopeError::Header(_))), "{at}");
    }
    let huge = Header { nonce_prefix: [1; 7], length: MAX_LENGTH + 1 }.encode();
    assert!(matches!(Header::decode(&huge), Err(EnvelopeError::Header(_))));
}

#[tokio::test]
async fn content_of_another_length_than_announced_is_refused() {
    for (announced, given) in [(10u64, 9usize), (10, 11), (0, 1), (CHUNK as u64, CHUNK + 1)] {
        let content = content(given);
        let result = seal(content.as_slice(), announced, tokio::io::sink()).await;
        assert!(matches!(result, Err(EnvelopeError::Length { .. })), "{announced} {given}");
    }
    let result = seal(tokio::io::empty(), MAX_LENGTH + 1, tokio::io::sink()).await;
    assert!(matches!(result, Err(EnvelopeError::TooLong { .. })));
}

/// Gives its bytes in small and uneven pieces.
struct Dripping<'a>(&'a [u8], usize);

impl AsyncRead for Dripping<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        self.1 = self.1 % 977 + 13;
        let take = self.1.min(self.0.len()).min(buffer.remaining());
        let (now, later) = self.0.split_at(take);
        buffer.put_slice(now);
        self.0 = later;
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn slow_and_uneven_input_gives_the_same_content() {
    let content = content(17 * CHUNK + 3);
    let mut bytes = Vec::new();
    let sealed = seal(Dripping(&content, 1), content.len() as u64, &mut bytes).await.unwrap();
    let mut opened = Vec::new();
    open(Dripping(&bytes, 5), &sealed.key, &sealed.record, &mut opened).await.unwrap();
    assert!(opened == content);
}

#[tokio::test]
async fn a_file_that_does_not_open_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let [plain, sealed_at, opened] =
        ["plain", "sealed", "opened"].map(|name| folder.path().join(name));
    std::fs::write(&plain, content(3 * CHUNK)).unwrap();
    let sealed = seal_file(&plain, &sealed_at).await.unwrap();
    assert_eq!(std::fs::metadata(&sealed_at).unwrap().len(), sealed.size);
    open_file(&sealed_at, &sealed.key, &sealed.record, &opened).await.unwrap();
    assert!(std::fs::read(&plain).unwrap() == std::fs::read(&opened).unwrap());

    std::fs::remove_file(&opened).unwrap();
    let mut bytes = std::fs::read(&sealed_at).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&sealed_at, bytes).unwrap();
    assert!(open_file(&sealed_at, &sealed.key, &sealed.record, &opened).await.is_err());
    assert!(!opened.exists());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

fn context() -> WrapContext {
    WrapContext {
        genesis: [1; 32],
        subject: PersonId([2; 32]),
        block: blocks::MEDICAL,
        epoch: KeyEpoch(3),
        record: RecordId([4; 32]),
    }
}

#[test]
fn a_wrap_opens_for_its_recipient_only() {
    let (secret, other) = (EncryptionSecret::generate(), EncryptionSecret::generate());
    let key = DataKey::generate();
    let wrapped = wrap(&key, &secret.public(), context().scope(), &context()).unwrap();
    assert_eq!(wrapped.ciphertext.len(), 48);
    assert!(unwrap(&wrapped, &secret, &context()).unwrap() == key);
    assert!(matches!(unwrap(&wrapped, &other, &context()), Err(EnvelopeError::Unwrap)));
}

#[test]
fn a_wrap_is_bound_to_everything_around_it() {
    let secret = EncryptionSecret::generate();
    let key = DataKey::generate();
    let good = context();
    let wrapped = wrap(&key, &secret.public(), good.scope(), &good).unwrap();
    let swapped = [
        WrapContext { genesis: [9; 32], ..good },
        WrapContext { subject: PersonId([9; 32]), ..good },
        WrapContext { block: BusinessBlockId(1), ..good },
        WrapContext { epoch: KeyEpoch(4), ..good },
        WrapContext { record: RecordId([9; 32]), ..good },
    ];
    for context in swapped {
        assert!(matches!(unwrap(&wrapped, &secret, &context), Err(EnvelopeError::Unwrap)));
    }
    for end in [0, 16, 47] {
        let mut cut = wrapped.clone();
        cut.ciphertext.truncate(end);
        assert!(matches!(unwrap(&cut, &secret, &good), Err(EnvelopeError::Unwrap)));
    }
}

#[test]
fn points_of_small_order_are_refused_on_both_sides() {
    let mut p_minus_one = [0xff; 32];
    p_minus_one[0] = 0xec;
    p_minus_one[31] = 0x7f;
    let mut one = [0; 32];
    one[0] = 1;
    for point in [[0; 32], one, p_minus_one] {
        let weak = EncryptionKey::x25519(point);
        let key = DataKey::generate();
        let result = wrap(&key, &weak, WrapRecipient::Key(weak), &context());
        assert!(matches!(result, Err(EnvelopeError::LowOrderKey)));
        let secret = EncryptionSecret::generate();
        let mut wrapped = wrap(&key, &secret.public(), context().scope(), &context()).unwrap();
        wrapped.enc = point;
        let result = unwrap(&wrapped, &secret, &context());
        assert!(matches!(result, Err(EnvelopeError::LowOrderKey)));
    }
}

#[test]
fn the_right_wrap_is_found_among_several() {
    let (scope, author) = (EncryptionSecret::generate(), EncryptionSecret::generate());
    let key = DataKey::generate();
    let to_author = WrapRecipient::Key(author.public());
    let wraps = [
        wrap(&key, &scope.public(), context().scope(), &context()).unwrap(),
        wrap(&key, &author.public(), to_author, &context()).unwrap(),
    ];
    let found =
        unwrap_any(&wraps, &context(), |recipient| (*recipient == to_author).then_some(&author));
    assert!(found.unwrap() == key);
    assert!(matches!(unwrap_any(&wraps, &context(), |_| None), Err(EnvelopeError::NoWrap)));
}

#[test]
fn a_bundle_gives_its_scope_secrets_to_the_grantee_only() {
    let grantee = EncryptionSecret::generate();
    let context = BundleContext { genesis: [1; 32], subject: PersonId([2; 32]), terms: TermsId(5) };
    let secrets: Vec<ScopeSecret> = (0..3)
        .map(|epoch| ScopeSecret {
            block: blocks::MEDICAL,
            epoch: KeyEpoch(epoch),
            secret: EncryptionSecret::generate(),
        })
        .collect();
    let bundle = Bundle::seal(&secrets, &grantee.public(), &context).unwrap();
    let bytes = codec::Encode::encode(&bundle);
    let read = Bundle::read(&bytes, &bundle.hash()).unwrap();
    let opened = read.open(&grantee, &context).unwrap();
    assert!(opened.iter().zip(&secrets).all(|(one, other)| one.secret == other.secret));
    assert_eq!(opened.len(), 3);

    assert!(read.open(&EncryptionSecret::generate(), &context).is_err());
    let other_terms = BundleContext { terms: TermsId(6), ..context };
    assert!(read.open(&grantee, &other_terms).is_err());
    let mut swapped = read.clone();
    swapped.0[0].epoch = KeyEpoch(1);
    assert!(swapped.open(&grantee, &context).is_err());
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(Bundle::read(&longer, &bundle.hash()).is_err());
    assert!(Bundle::read(&longer, blake3::hash(&longer).as_bytes()).is_err());
}
