//! Files whose rows are whole series: lists of Parquet and Arrow, and `.tsf`.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use chrono::Datelike;
use wire::Moment;
use wire::datasets::{Layout, Report};

use super::group::MAX_NAME_CHARS;
use super::periods::off_grid_start;
use super::seen::Seen;
use super::source::{Facts, Tsf};
use super::{Asked, Handed, IntakeError, report};
use crate::calendar::Frequency;
use crate::columnar::Fleets;
use crate::dated::DatedSeries;
use crate::fleet::Fleet;
use crate::outside::short;

const OF_LISTS: &str = "the file has a list of values per series";

/// The series of a fleet, which have a value for every date.
pub(super) fn of_fleet<E: From<IntakeError>>(
    fleet: &Fleet,
    facts: &Facts,
    asked: &Asked,
    hand: &mut dyn FnMut(Handed) -> Result<(), E>,
) -> Result<Report, E> {
    check(asked, OF_LISTS)?;
    let mut seen = Seen::of(Some(fleet.frequency()));
    take_all(&mut seen, fleet, hand)?;
    ended(seen, facts, Vec::new())
}

/// The series of several fleets; none where they have to be read as one, because something is wrong with them or two names are.
pub(super) fn of_fleets<E>(
    fleets: &mut Fleets<'_>,
    facts: &Facts,
    asked: &Asked,
    hand: &mut dyn FnMut(Handed) -> Result<(), E>,
) -> Result<Option<Report>, E> {
    let (mut seen, mut known, hasher) = (Seen::of(asked.frequency()), HashSet::new(), RandomState::new());
    if check(asked, OF_LISTS).is_err() {
        return Ok(None);
    }
    loop {
        match fleets.next() {
            Ok(Some(fleet)) if fleet.names().iter().all(|name| known.insert(hasher.hash_one(name))) => {
                take_all(&mut seen, &fleet, hand)?;
            }
            Ok(None) if seen.series > 0 => {
                return Ok(Some(told(&seen, facts, Vec::new())));
            }
            _ => return hand(Handed::Anew).map(|()| None),
        }
    }
}

fn take_all<E>(
    seen: &mut Seen,
    fleet: &Fleet,
    hand: &mut dyn FnMut(Handed) -> Result<(), E>,
) -> Result<(), E> {
    for at in 0..fleet.len() {
        let dates = fleet.dates(at).collect();
        take(seen, fleet.name(at), fleet.frequency(), (dates, fleet.values(at).to_vec()), hand)?;
    }
    Ok(())
}

/// The series of a `.tsf` file, from their starts at its frequency.
pub(super) fn of_tsf<E: From<IntakeError>>(
    tsf: Tsf,
    facts: &Facts,
    asked: &Asked,
    hand: &mut dyn FnMut(Handed) -> Result<(), E>,
) -> Result<Report, E> {
    check(asked, "a .tsf file has a list of values per series")?;
    let frequency = match (asked.frequency(), tsf.frequency.as_deref()) {
        (None, Some(word)) => frequency_of(word)?,
        (Some(frequency), Some(word)) if frequency_of(word)? != frequency => {
            let why = "the file states another frequency";
            return Err(IntakeError::DoesNotApply { field: "frequency", why }.into());
        }
        (Some(frequency), _) => frequency,
        (None, None) => {
            let why = format!("the file states no frequency; state one ({})", wire::Step::words());
            return Err(IntakeError::NoFrequency { why }.into());
        }
    };
    let mut seen = Seen::of(Some(frequency));
    for ((name, start), values) in tsf.names.iter().zip(&tsf.starts).zip(tsf.values) {
        let start = start.map(Moment::at).or(asked.start);
        let Some(start) =
            start.map(|start| if frequency.is_within_day() { start } else { start.date().into() })
        else {
            return Err(IntakeError::NoStart.into());
        };
        let start = frequency.begin(start).ok_or_else(|| off_grid_start(start, frequency))?;
        let dates = (0..values.len()).map(|step| frequency.advance(start, start.day(), step)).collect();
        take(&mut seen, name, frequency, (dates, values), hand)?;
    }
    let word = tsf.frequency.map(|word| format!("The file calls its frequency `{}`.", short(&word)));
    ended(seen, facts, word.into_iter().collect())
}

/// What is asked of tables has no meaning here.
fn check(asked: &Asked, why: &'static str) -> Result<(), IntakeError> {
    let options = [
        ("date_format", asked.date_format.is_some()),
        ("decimal", asked.decimal.is_some()),
        ("known", !asked.known.is_empty()),
        ("time_zone", asked.time_zone.is_some()),
        ("past", !asked.past.is_empty()),
        ("wide", asked.wide),
        ("sum_duplicates", asked.sum_duplicates),
    ];
    match options.into_iter().find(|(_, is_asked)| *is_asked) {
        Some((field, _)) => Err(IntakeError::DoesNotApply { field, why }),
        None => Ok(()),
    }
}

/// The words of the archive: `half_hourly`, `10_minutes`, `4_seconds` and the plain ones.
fn frequency_of(word: &str) -> Result<Frequency, IntakeError> {
    let word = word.trim().to_lowercase();
    let own = match word.as_str() {
        "half_hourly" => "every_30_minutes".to_owned(),
        "minutely" => "every_minute".to_owned(),
        counted if counted.starts_with(|c: char| c.is_ascii_digit()) => format!("every_{counted}"),
        plain => plain.to_owned(),
    };
    own.parse().map_err(|_| IntakeError::NoFrequency {
        why: format!(
            "the file's frequency is `{}`, which is unknown; state one ({})",
            short(&word),
            wire::Step::words()
        ),
    })
}

/// Hands over a series, or tells why not.
fn take<E>(
    seen: &mut Seen,
    name: &str,
    frequency: Frequency,
    (dates, values): (Vec<Moment>, Vec<f64>),
    hand: &mut dyn FnMut(Handed) -> Result<(), E>,
) -> Result<(), E> {
    let reason = match values.iter().filter(|value| !value.is_nan()).count() {
        _ if name.trim().is_empty() => "it has no name".to_owned(),
        _ if name.chars().count() > MAX_NAME_CHARS => {
            format!("its name has more than {MAX_NAME_CHARS} characters")
        }
        0 => "it has no value".to_owned(),
        1 if values.len() == 1 => "it has 1 value".to_owned(),
        _ => {
            let one = DatedSeries {
                name: name.to_owned(),
                frequency: frequency.into(),
                off_grid_date: None,
                dates,
                values,
                planned: Vec::new(),
                known: BTreeMap::new(),
                uses: Vec::new(),
                groups: Vec::new(),
                holidays: None,
            };
            seen.see(&one);
            return hand(Handed::Series(one));
        }
    };
    seen.left_out.push((short(name), reason));
    Ok(())
}

fn ended<E: From<IntakeError>>(seen: Seen, facts: &Facts, notes: Vec<String>) -> Result<Report, E> {
    if seen.series == 0 {
        return Err(seen.nothing(false).into());
    }
    Ok(told(&seen, facts, notes))
}

fn told(seen: &Seen, facts: &Facts, notes: Vec<String>) -> Report {
    Report { layout: Layout::Lists, ..report::of_series(facts, seen, notes) }
}
