//! FHIR's dates, times and periods.

use std::ops::Range;

use kanglian_primitives::Instant;

const DAY: i128 = 86_400_000;
/// China's offset to UTC: a date without a time is a day there.
const CHINA: i128 = 8 * 3_600_000;
/// The last instant that FHIR can write: the end of the year 9999.
pub const LAST: Instant = 253_402_300_799_999;

/// A FHIR dateTime in UTC, to the millisecond.
pub fn time(at: Instant) -> String {
    let (days, rest) = (i128::from(at).div_euclid(DAY), i128::from(at).rem_euclid(DAY));
    // Howard Hinnant's civil_from_days, for days since 1970.
    let z = days + 719_468;
    let (era, of_era) = (z / 146_097, z % 146_097);
    let of_era_year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * of_era_year + of_era_year / 4 - of_era_year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = of_era_year + era * 400 + i128::from(month <= 2);
    let (hours, minutes) = (rest / 3_600_000, rest / 60_000 % 60);
    let (seconds, millis) = (rest / 1_000 % 60, rest % 1_000);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{millis:03}Z")
}

/// Reads what [`time`] writes, and nothing else.
pub fn parse_time(text: &str) -> Option<Instant> {
    let found = span(text)?.start;
    (time(found) == text).then_some(found)
}

/// The instants that a FHIR date or dateTime of whatever precision stands for: a year, a month, a
/// day (in China when it has no offset), a second, or a part of it.
pub fn span(text: &str) -> Option<Range<Instant>> {
    let (from, until) = match text.split_once('T') {
        None => {
            let mut parts = text.split('-');
            let mut next = |width: usize| parts.next().map(|part| number(part, width));
            let (year, month, day) = (next(4)??, next(2), next(2));
            if parts.next().is_some() {
                return None;
            }
            let (from, until) = match (month, day) {
                (None, _) => (days(year, 1, 1)?, days(year + 1, 1, 1)?),
                (Some(month), None) => {
                    let (month, after) = (month?, month? + 1);
                    let over = i128::from(after > 12);
                    (days(year, month, 1)?, days(year + over, after - 12 * over, 1)?)
                },
                (Some(month), Some(day)) => {
                    let day = days(year, month?, day?)?;
                    (day, day + 1)
                },
            };
            (from * DAY - CHINA, until * DAY - CHINA)
        },
        Some((date, clock)) => {
            let mut parts = date.split('-');
            let mut next = |width: usize| parts.next().and_then(|part| number(part, width));
            let day = days(next(4)?, next(2)?, next(2)?)?;
            if parts.next().is_some() {
                return None;
            }
            let (clock, offset) = match clock.strip_suffix('Z') {
                Some(clock) => (clock, 0),
                None => {
                    let (clock, offset) = clock.split_at_checked(clock.rfind(['+', '-'])?)?;
                    let sign = if offset.starts_with('-') { -1 } else { 1 };
                    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
                    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
                    if hours > 14 || minutes > 59 {
                        return None;
                    }
                    (clock, sign * (hours * 60 + minutes) * 60_000)
                },
            };
            let (clock, part) = match clock.split_once('.') {
                Some((clock, part)) => (clock, Some(part)),
                None => (clock, None),
            };
            let mut units = clock.split(':');
            let mut next = |limit: i128| {
                units.next().and_then(|unit| number(unit, 2)).filter(|unit| *unit < limit)
            };
            let (hours, minutes, seconds) = (next(24)?, next(60)?, next(60)?);
            if units.next().is_some() {
                return None;
            }
            let mut at = day * DAY + hours * 3_600_000 + minutes * 60_000 + seconds * 1_000;
            let mut lasts = 1_000;
            if let Some(part) = part {
                if part.is_empty() || part.len() > 9 || !part.bytes().all(|b| b.is_ascii_digit()) {
                    return None;
                }
                let millis = format!("{part:0<3}");
                at += number(millis.get(..3)?, 3)?;
                lasts = 1;
            }
            (at - offset, at - offset + lasts)
        },
    };
    Some(Instant::try_from(from.max(0)).ok()?..Instant::try_from(until).ok()?)
}

fn number(text: &str, width: usize) -> Option<i128> {
    let digits = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Days since 1970-01-01 of a date that exists.
fn days(year: i128, month: i128, day: i128) -> Option<i128> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        2 => 28 + i128::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_and_read_to_the_millisecond() {
        for (at, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_790_000_000_123, "2026-09-21T14:13:20.123Z"),
            (LAST, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(time(at), text);
            assert_eq!(parse_time(text), Some(at));
        }
        for text in [
            "",
            "2026-13-01T00:00:00.000Z",
            "2026-02-30T00:00:00.000Z",
            "2026-1-1T0:0:0.0Z",
            "2026-01-01T00:00:00Z",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_stands_for_all_its_instants() {
        let day = 86_400_000;
        let at = |text: &str| parse_time(text).unwrap();
        assert_eq!(span("1970-01-02"), Some(day - 28_800_000..2 * day - 28_800_000));
        let february = at("2028-01-31T16:00:00.000Z")..at("2028-02-29T16:00:00.000Z");
        assert_eq!(span("2028-02"), Some(february));
        let year = at("2026-12-31T16:00:00.000Z")..at("2027-12-31T16:00:00.000Z");
        assert_eq!(span("2027"), Some(year));
        assert_eq!(
            span("2027-12"),
            Some(at("2027-11-30T16:00:00.000Z")..at("2027-12-31T16:00:00.000Z"))
        );
        let second = at("2016-06-23T07:02:33.000Z");
        assert_eq!(span("2016-06-23T17:02:33+10:00"), Some(second..second + 1_000));
        assert_eq!(span("2016-06-23T07:02:33.25Z"), Some(second + 250..second + 251));
        assert_eq!(
            span("2005-12-24T09:43:41-04:30").map(|s| s.start),
            Some(at("2005-12-24T14:13:41.000Z"))
        );
        for text in [
            "",
            "27",
            "2027-1",
            "2027-13",
            "2027-02-29",
            "2027-01-01T",
            "2027-01-01T10:00",
            "now",
            "2027-01-01T10:00:00",
            "2027-01-01T24:00:00Z",
            "2027-01-01T10:00:00+15:00",
            "2027-01-01T10:00:00.Z",
            "2027-01-01-01",
            "２０２７",
        ] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
