//! The times of texts, and how far their clocks are ahead of UTC.

use chrono::NaiveTime;

use super::digits;

/// `00:00`, `00:00:00.000`, `12:30 PM`, with or without a zone, which is not applied: the day is the one that is written.
pub(super) fn time_of(text: &str) -> Option<NaiveTime> {
    let upper = text.to_ascii_uppercase();
    let (clock, half) = match upper
        .strip_suffix("AM")
        .map(|clock| (clock, 0))
        .or_else(|| upper.strip_suffix("PM").map(|clock| (clock, 12)))
    {
        Some((clock, half)) => (clock.trim(), Some(half)),
        None => (upper.as_str(), None),
    };
    let clock = without_zone(clock);
    let mut parts = clock.split(':');
    let hour: u32 = digits(parts.next()?, 1..=2)?;
    let minute = digits(parts.next()?, 2..=2)?;
    let seconds = parts.next().unwrap_or("0");
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let second = digits(seconds, 1..=2)?;
    if parts.next().is_some() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hour = match half {
        Some(half) => hour % 12 + half,
        None => hour,
    };
    let nano = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    NaiveTime::from_hms_nano_opt(hour, minute, second, nano)
}

/// How far ahead of UTC the clock of a text is, if it says so behind its time: `Z`, `UTC`, `+01:00`, `+0100`, `+01`.
pub(in crate::intake) fn offset_seconds(text: &str) -> Option<i64> {
    let (_, clock) = text.trim().split_once(['T', ' '])?;
    let zone = clock.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | ' '));
    if zone == "Z" || zone == "UTC" {
        return Some(0);
    }
    let (sign, digits) = match zone.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, zone.strip_prefix('-')?),
    };
    let digits = digits.replace(':', "");
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 = if digits.len() == 2 { 0 } else { digits.get(2..4)?.parse().ok()? };
    Some(sign * 60 * (60 * hours + minutes))
}

fn without_zone(clock: &str) -> &str {
    let clock = clock.trim_end_matches(" UTC").trim_end_matches('Z');
    match clock.rfind(['+', '-']) {
        Some(at) if at > 0 => clock[..at].trim_end(),
        _ => clock.trim_end(),
    }
}
