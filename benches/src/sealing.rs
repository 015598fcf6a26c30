//! Sealing and opening beside the raw cipher.

use std::{hint::black_box, time::Instant};

use anyhow::anyhow;
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _, Nonce,
    aead::{AeadInOut as _, inout::InOutBuf},
};
use kanglian_sdk::envelope::{open_bytes, seal_bytes};
use rand::Rng as _;

use crate::{
    report::{Report, Row},
    stats::{median, median_ratio},
};

/// Sealing and opening in memory.
///
/// Measures: the SDK's `seal_bytes` and `open_bytes` (a fresh key, 64 KiB chunks, STREAM, BLAKE3
/// of the sealed bytes, memory for the result) against one call of ChaCha20-Poly1305 over the same
/// bytes in place on one thread, in turns (A B A B …). Beside them the cipher and then BLAKE3, one
/// after the other on one thread: what a record costs at least without a second thread. Sealing
/// and opening use all cores, so other work on the machine counts against them and hardly against
/// the cipher: the machine's load stands below the table.
///
/// Leaves out: reading and writing files, wrapping the data key to recipients (HPKE).
#[derive(clap::Args)]
pub struct Options {
    /// Bytes.
    #[arg(long, default_value_t = 1 << 20)]
    size: usize,

    /// Pairs of runs.
    #[arg(long, default_value_t = 300)]
    rounds: usize,

    /// Pairs of runs before that do not count.
    #[arg(long, default_value_t = 20)]
    warm_up: usize,
}

/// Microseconds of each round.
#[derive(Default)]
struct Times {
    cipher: Vec<f64>,
    cipher_and_hash: Vec<f64>,
    seal: Vec<f64>,
    decipher: Vec<f64>,
    open: Vec<f64>,
}

/// Runs the measurement.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let mut content = vec![0u8; options.size];
    rand::rng().fill_bytes(&mut content);
    let cipher = ChaCha20Poly1305::new(&[7u8; 32].into());
    let nonce = Nonce::from([9u8; 12]);
    let broken = |_| anyhow!("the cipher refused");
    let mut buffer = content.clone();
    let mut times = Times::default();

    for round in 0..options.warm_up + options.rounds {
        let (raw, tag) = {
            let begun = Instant::now();
            let tag = cipher
                .encrypt_inout_detached(&nonce, &[], InOutBuf::from(buffer.as_mut_slice()))
                .map_err(broken)?;
            (micros(begun), tag)
        };
        let begun = Instant::now();
        let (bytes, sealed) = seal_bytes(black_box(&content)).await?;
        let seal = micros(begun);

        let begun = Instant::now();
        cipher
            .decrypt_inout_detached(&nonce, &[], InOutBuf::from(buffer.as_mut_slice()), &tag)
            .map_err(broken)?;
        let raw_back = micros(begun);
        let begun = Instant::now();
        let opened = open_bytes(&bytes, &sealed.key, &sealed.record).await?;
        let open = micros(begun);
        anyhow::ensure!(opened == content && buffer == content, "what was opened differs");

        let begun = Instant::now();
        let tag = cipher
            .encrypt_inout_detached(&nonce, &[], InOutBuf::from(buffer.as_mut_slice()))
            .map_err(broken)?;
        black_box(blake3::hash(&buffer));
        let both = micros(begun);
        black_box(tag);
        buffer.copy_from_slice(&content);

        if round >= options.warm_up {
            times.cipher.push(raw);
            times.seal.push(seal);
            times.decipher.push(raw_back);
            times.open.push(open);
            times.cipher_and_hash.push(both);
        }
    }
    Ok(report(options, &times))
}

fn report(options: &Options, times: &Times) -> Report {
    let speed = |micros: &[f64]| options.size as f64 / median(micros);
    let mut report = Report::new("sealing");
    report.row(Row::new("cipher", speed(&times.cipher), "MB/s"));
    report.row(Row::new("cipher, then BLAKE3", speed(&times.cipher_and_hash), "MB/s"));
    report.row(Row::new("sealing", speed(&times.seal), "MB/s"));
    let ratio = median_ratio(&times.cipher, &times.seal);
    report.row(Row::new("sealing / cipher", ratio, "").at_least(0.9));
    let ratio = median_ratio(&times.cipher_and_hash, &times.seal);
    report.row(Row::new("sealing / cipher, then BLAKE3", ratio, ""));
    report.row(Row::new("opening", speed(&times.open), "MB/s"));
    let ratio = median_ratio(&times.decipher, &times.open);
    report.row(Row::new("opening / deciphering", ratio, ""));
    report.note(format!(
        "{} bytes, {} pairs, {} cores; the machine's load is {}",
        options.size,
        options.rounds,
        std::thread::available_parallelism().map_or(0, usize::from),
        load()
    ));
    report
}

/// Tasks that ran or waited to run in the last minute, this program's among them.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("not known").to_owned()
}

fn micros(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000_000.0
}
