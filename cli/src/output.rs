//! What commands print: a table for people, JSON for programs. Fields keep the order in which they
//! are written.

use std::time::Duration;

use comfy_table::{Cell, Color, ContentArrangement, Table};
use indicatif::{ProgressBar, ProgressStyle};
use kanglian_primitives::{Amount, HMC};
use serde::Serialize;

use crate::shown::Shown;

/// Where results go.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    json: bool,
}

impl Output {
    /// Prints JSON when asked to, else tables.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether JSON is wanted.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Prints a list of things, one a row.
    pub fn rows<T: Serialize>(
        self,
        columns: &[&str],
        rows: &[T],
        cells: impl Fn(&T) -> Vec<String>,
    ) {
        if self.json {
            return print_json(&rows);
        }
        if rows.is_empty() {
            println!("(none)");
            return;
        }
        let mut table = table(columns);
        for row in rows {
            table.add_row(cells(row));
        }
        println!("{table}");
    }

    /// Prints the fields of one thing.
    pub fn fields(self, value: Shown) {
        if self.json {
            return print_json(&value);
        }
        let Shown::Fields(fields) = &value else { return };
        let longest = fields.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        for (name, field) in fields {
            // Lines and not cells: an id that a terminal breaks can still be copied.
            for (place, line) in field.to_string().split('\n').enumerate() {
                let name = if place == 0 { name.replace('_', " ") } else { String::new() };
                println!("{name:<longest$}  {line}");
            }
        }
    }

    /// A line for people only.
    pub fn note(self, text: impl std::fmt::Display) {
        if !self.json {
            println!("{text}");
        }
    }

    /// A bar for bytes; hidden when JSON is wanted or nobody watches.
    pub fn bytes_bar(self, length: u64, what: &str) -> ProgressBar {
        const FORM: &str = "{msg:.dim} [{bar:32}] {bytes}/{total_bytes} {bytes_per_sec} {eta}";
        self.bar(length, what, FORM)
    }

    /// A bar for pieces of work.
    pub fn count_bar(self, length: u64, what: &str) -> ProgressBar {
        self.bar(length, what, "{msg:.dim} [{bar:32}] {pos}/{len} {eta}")
    }

    /// A turning sign for a wait of unknown length.
    pub fn spinner(self, what: &str) -> ProgressBar {
        let bar = self.bar(0, what, "{spinner} {msg} {elapsed:.dim}");
        bar.enable_steady_tick(Duration::from_millis(120));
        bar
    }

    fn bar(self, length: u64, what: &str, form: &str) -> ProgressBar {
        let bar = if self.json { ProgressBar::hidden() } else { ProgressBar::new(length) };
        let style = ProgressStyle::with_template(form);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what.to_owned());
        bar
    }
}

/// Terminals below this many columns get tables as wide as their content: lines that the terminal
/// breaks read better than columns of a single letter.
const NARROWEST: u16 = 60;

fn fitting_table() -> Table {
    let mut table = Table::new();
    if table.width().is_some_and(|width| width >= NARROWEST) {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table
}

/// A table with a header line.
pub fn table(columns: &[&str]) -> Table {
    let mut table = fitting_table();
    table.set_header(columns.iter().map(|column| Cell::new(column).fg(Color::Cyan)));
    table
}

fn print_json<T: Serialize + ?Sized>(value: &T) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => println!("{text}"),
        Err(error) => tracing::error!(%error, "a result has no JSON form"),
    }
}

/// An amount in HMC, without zeros at its end.
pub fn hmc(amount: Amount) -> String {
    let fraction = format!("{:012}", amount % HMC);
    match fraction.trim_end_matches('0') {
        "" => format!("{} HMC", amount / HMC),
        digits => format!("{}.{digits} HMC", amount / HMC),
    }
}

/// Reads an amount in HMC with at most 12 decimals.
pub fn parse_hmc(text: &str) -> Result<Amount, crate::fault::Fault> {
    let wrong =
        || crate::fault::Fault::usage(format!("`{text}` is no amount in HMC, such as 12 or 0.4"));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 12 {
        return Err(wrong());
    }
    let whole = whole.parse::<Amount>().ok().and_then(|whole| whole.checked_mul(HMC));
    let fraction = format!("{fraction:0<12}").parse::<Amount>().ok();
    whole.zip(fraction).and_then(|(whole, part)| whole.checked_add(part)).ok_or_else(wrong)
}

/// A duration as people read it.
pub fn latency(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis < 1_000 { format!("{millis} ms") } else { format!("{:.2} s", duration.as_secs_f64()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_and_read_in_hmc() {
        for (amount, text) in [
            (0, "0 HMC"),
            (400_000_000_000, "0.4 HMC"),
            (12 * HMC, "12 HMC"),
            (1, "0.000000000001 HMC"),
        ] {
            assert_eq!(hmc(amount), text);
            assert_eq!(parse_hmc(text.trim_end_matches(" HMC")).unwrap(), amount);
        }
        for text in ["", ".", "1.", ".5", "-1", "1.0000000000001", "1e3", &"9".repeat(39)] {
            assert!(parse_hmc(text).is_err(), "{text}");
        }
    }

    #[test]
    fn latencies_are_short() {
        assert_eq!(latency(Duration::from_millis(42)), "42 ms");
        assert_eq!(latency(Duration::from_millis(1_234)), "1.23 s");
    }
}
