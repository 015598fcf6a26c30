//! Dates on the command line and on the screen.
//!
//! The chain counts Unix milliseconds. People write a date (`2027-06-30`: it begins at midnight
//! in China, UTC+8), a time with its offset (`2027-06-30T08:00:00Z`, `…+08:00`), or a distance
//! from now (`+90d`, `+12h`, `+15m`, `+30s`).

use std::time::{SystemTime, UNIX_EPOCH};

use kanglian_primitives::Instant;

use crate::fault::Fault;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
/// A day in milliseconds.
pub const DAY: i64 = 24 * HOUR;
/// China's offset to UTC: eight hours, no summer time.
const CHINA: i64 = 8 * HOUR;

/// Now.
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::try_from(since.as_millis()).unwrap_or(Instant::MAX)
}

/// Reads a date, a time or a distance from now. Its error goes through clap to the user.
pub fn parse(text: &str) -> Result<Instant, Fault> {
    parse_at(text, now())
}

fn parse_at(text: &str, now: Instant) -> Result<Instant, Fault> {
    let wrong = || {
        Fault::usage(format!(
            "`{text}` is no date: write 2027-06-30, 2027-06-30T08:00:00+08:00 or +90d"
        ))
    };
    let millis = match text.strip_prefix('+') {
        Some(distance) => i64::try_from(now)
            .ok()
            .zip(distance_of(distance))
            .and_then(|(now, distance)| now.checked_add(distance)),
        None => absolute(text),
    };
    millis.and_then(|millis| Instant::try_from(millis).ok()).ok_or_else(wrong)
}

fn distance_of(text: &str) -> Option<i64> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "d" => DAY,
        "h" => HOUR,
        "m" => MINUTE,
        "s" => SECOND,
        _ => return None,
    };
    digits_of(digits)?.checked_mul(unit)
}

fn digits_of(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn absolute(text: &str) -> Option<i64> {
    let (date, time) = match text.split_once('T') {
        None => return Some(date_of(text)? * DAY - CHINA),
        Some(parts) => parts,
    };
    let (clock, offset) = match time.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let at = time.rfind(['+', '-'])?;
            let (clock, offset) = time.split_at_checked(at)?;
            let sign = if offset.starts_with('-') { -1 } else { 1 };
            (clock, sign * clock_of(offset.get(1..)?)?)
        },
    };
    Some(date_of(date)? * DAY + clock_of(clock)? - offset)
}

/// Milliseconds of `HH:MM` or `HH:MM:SS`.
fn clock_of(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let mut next = |limit: i64| {
        let part = parts.next().filter(|part| part.len() == 2)?;
        digits_of(part).filter(|value| *value < limit)
    };
    let (hours, minutes) = (next(24)?, next(60)?);
    let seconds = if text.len() == 5 { 0 } else { next(60)? };
    parts.next().is_none().then_some(hours * HOUR + minutes * MINUTE + seconds * SECOND)
}

/// Days since 1970-01-01 of `YYYY-MM-DD`.
fn date_of(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let mut next = |width: usize| digits_of(parts.next().filter(|part| part.len() == width)?);
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    if parts.next().is_some() {
        return None;
    }
    days_from_civil(year, month, day)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar; none when there is no such day.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let exists = (1..=12).contains(&month) && (1..=month_length(year, month)).contains(&day);
    if !exists {
        return None;
    }
    // Years that begin in March put the leap day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

fn month_length(year: i64, month: i64) -> i64 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + carry, month, day)
}

/// An instant as people in China read it.
pub fn show(instant: Instant) -> String {
    let Ok(millis) = i64::try_from(instant) else { return "for ever".to_owned() };
    let local = millis.saturating_add(CHINA);
    let (year, month, day) = civil_from_days(local.div_euclid(DAY));
    if year > 9_999 {
        return "for ever".to_owned();
    }
    let clock = local.rem_euclid(DAY) / SECOND;
    let (hours, minutes, seconds) = (clock / 3_600, clock / 60 % 60, clock % 60);
    format!("{year:04}-{month:02}-{day:02} {hours:02}:{minutes:02}:{seconds:02} +08:00")
}

/// The date of an instant in China, `YYYYMMDD` as a number.
pub fn date_number(instant: Instant) -> i64 {
    let millis = i64::try_from(instant).unwrap_or(i64::MAX - CHINA);
    let (year, month, day) = civil_from_days(millis.saturating_add(CHINA).div_euclid(DAY));
    year * 10_000 + month * 100 + day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_begin_at_midnight_in_china() {
        assert_eq!(parse("1970-01-02").unwrap(), 57_600_000);
        assert_eq!(parse("2027-06-30").unwrap(), parse("2027-06-29T16:00:00Z").unwrap());
        assert_eq!(parse("2000-02-29").unwrap(), 951_753_600_000);
        assert_eq!(show(951_753_600_000), "2000-02-29 00:00:00 +08:00");
    }

    #[test]
    fn times_carry_their_offset() {
        let utc = parse("2027-06-30T00:00:00Z").unwrap();
        assert_eq!(parse("2027-06-30T08:00:00+08:00").unwrap(), utc);
        assert_eq!(parse("2027-06-29T19:30-04:30").unwrap(), utc);
    }

    #[test]
    fn distances_count_from_now() {
        assert_eq!(parse_at("+2d", 5).unwrap(), 172_800_005);
        assert_eq!(parse_at("+15m", 0).unwrap(), 900_000);
        assert_eq!(parse_at("+0s", 7).unwrap(), 7);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "+",
            "+d",
            "+1",
            "+1w",
            "+-1d",
            "2027",
            "2027-13-01",
            "2027-02-29",
            "1900-02-29",
            "2027-6-30",
            "2027-06-30T",
            "2027-06-30T08:00:00",
            "2027-06-30T24:00:00Z",
            "2027-06-30T08:60Z",
            "1960-01-01",
            "２０２７-06-30",
            "2027-06-30 ",
            "+9999999999d",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn days_and_dates_are_inverse() {
        for days in (-200_000..200_000).step_by(37) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), Some(days));
        }
        assert_eq!(show(Instant::MAX), "for ever");
        assert_eq!(date_number(0), 19_700_101);
    }
}
