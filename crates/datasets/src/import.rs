//! Files of series to data sets.

use artifacts::Store;
use bytes::Bytes;
use kernel::{Clock, Tenant, WriteDb};
use series::columnar::Limits;
use series::intake::{self, Asked, Decimal, Handed, IntakeError, Rhythm};
use series::{DatedSeries, Frequency, Holidays, Zone};
use wire::datasets::{Dataset, DatasetId, ImportQuery, Inspection, Sketch};
use wire::model_selection::Gaps;

use crate::error::ImportError;
use crate::written::{Written, written};
use crate::{MAX_NAME_CHARS, store};

/// The most bytes of a file.
pub const MAX_BYTES: usize = 1024 * 1024 * 1024;

/// A file somebody sends.
#[derive(Debug, Clone, Copy)]
pub struct Upload<'a> {
    /// Whose data set it becomes.
    pub tenant: Tenant,
    /// What is in it.
    pub bytes: &'a Bytes,
    /// What to call it, and how to read it.
    pub query: &'a ImportQuery,
}

/// Stores the series of a file, all of them or none. Reading happens off the runtime, and what is written goes to the store
/// while it is read.
pub async fn import(
    write: &WriteDb,
    store: &Store,
    clock: &dyn Clock,
    upload: Upload<'_>,
) -> Result<Dataset, ImportError> {
    let name = checked_name(&upload.query.name)?;
    let Written { digest, content, series, points } = written(store, upload).await?;
    let item = Dataset {
        dataset_id: DatasetId::new(clock),
        name,
        digest,
        size_bytes: upload.bytes.len() as u64,
        series_count: series,
        point_count: points,
        created_at: clock.now(),
    };
    let made = store::Made { tenant: upload.tenant, reading: reading(upload.query), content, item };
    store::store(write, clock, made).await
}

/// At most so many series of a file are shown.
const SKETCHES: usize = 12;
/// So many of their last rows.
const SKETCHED_ROWS: usize = 1000;

/// What would be read of a file; nothing is stored.
pub async fn inspect(bytes: &Bytes, query: &ImportQuery) -> Result<Inspection, ImportError> {
    let (bytes, asked) = (bytes.clone(), asked(query)?);
    kernel::off_the_runtime(move || {
        let mut shown = Spread::default();
        let report = intake::read_each(&bytes, &asked, &mut |handed| {
            match handed {
                Handed::Series(one) => shown.pass(one),
                Handed::Anew => shown = Spread::default(),
            }
            Ok::<(), ImportError>(())
        })?;
        Ok(Inspection { report, sketches: shown.kept.into_iter().filter_map(sketch).collect() })
    })
    .await
}

/// A few of the series that pass, evenly spread, however many come: every second one is dropped when there are too many.
#[derive(Default)]
struct Spread {
    kept: Vec<DatedSeries>,
    passed: usize,
    /// One of two to this power is kept.
    halvings: u32,
}

impl Spread {
    fn pass(&mut self, one: DatedSeries) {
        if self.passed.is_multiple_of(1 << self.halvings) {
            if self.kept.len() == SKETCHES {
                self.halve();
            }
            self.kept.push(one);
        }
        self.passed += 1;
    }

    /// They are even in number, so that the next one is still in its turn.
    fn halve(&mut self) {
        let all = std::mem::take(&mut self.kept);
        self.kept = all.into_iter().step_by(2).collect();
        self.halvings += 1;
    }
}

/// The last rows of a series; none of one whose dates are on no grid.
fn sketch(series: DatedSeries) -> Option<Sketch> {
    let word = series.frequency;
    let series = series.on_grid(Frequency::of_word(word)?, Gaps::Missing).ok()?;
    let shown = series.len().saturating_sub(SKETCHED_ROWS)..;
    Some(Sketch {
        name: series.name().to_owned(),
        frequency: word,
        rows: series.len() as u64,
        dates: series.dates()[shown.clone()].to_vec(),
        values: series.values()[shown].iter().map(|value| kernel::finite(*value)).collect(),
    })
}

fn checked_name(name: &str) -> Result<String, ImportError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(ImportError::InvalidName);
    }
    Ok(name.to_owned())
}

/// What is stated of a file, canonically; empty if nothing is. The same bytes that are read in another way are another
/// data set.
fn reading(query: &ImportQuery) -> String {
    let stated = ImportQuery { name: String::new(), ..query.clone() };
    if stated == ImportQuery::default() {
        return String::new();
    }
    kernel::canonical_json(&stated).expect("a query is plain data")
}

/// The options of a query, each checked.
pub(crate) fn asked(query: &ImportQuery) -> Result<Asked, ImportError> {
    let list = |names: &Option<String>| -> Vec<String> {
        let names = names.iter().flat_map(|names| names.split(','));
        names.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    };
    Ok(Asked {
        ids: list(&query.ids),
        date: query.date.clone(),
        value: query.value.clone(),
        known: list(&query.known),
        past: list(&query.past),
        date_format: query.date_format.clone(),
        decimal: query.decimal.as_deref().map(decimal).transpose()?,
        separator: query.separator.as_deref().map(separator).transpose()?,
        encoding: query.encoding.clone(),
        sheet: query.sheet.clone(),
        rhythm: query.frequency.as_deref().map(rhythm).transpose()?,
        start: query.start,
        time_zone: query.time_zone.as_deref().map(time_zone).transpose()?,
        wide: query.wide.unwrap_or(false),
        sum_duplicates: query.sum_duplicates.unwrap_or(false),
        holidays: query.holidays.as_deref().map(holidays).transpose()?,
        name: Some(query.name.clone()),
        limits: Limits::default(),
    })
}

fn unknown(field: &'static str, word: &str, known: &str) -> ImportError {
    let word = word.chars().filter(|c| !c.is_control()).take(40).collect();
    IntakeError::UnknownWord { field, word, known: known.to_owned() }.into()
}

fn decimal(word: &str) -> Result<Decimal, ImportError> {
    match word {
        "point" | "." => Ok(Decimal::Point),
        "comma" | "," => Ok(Decimal::Comma),
        other => Err(unknown("decimal", other, "point, comma")),
    }
}

fn separator(word: &str) -> Result<u8, ImportError> {
    match word.as_bytes() {
        _ if word == "tab" => Ok(b'\t'),
        [byte @ (b',' | b';' | b'|' | b'\t' | b':' | b' ')] => Ok(*byte),
        _ => Err(unknown("separator", word, "`,`, `;`, `|`, `:`, tab")),
    }
}

fn time_zone(word: &str) -> Result<Zone, ImportError> {
    Zone::named(word)
        .ok_or_else(|| unknown("time_zone", word, "the zones of clocks, such as Europe/Berlin and +01:00"))
}

fn holidays(word: &str) -> Result<Holidays, ImportError> {
    Holidays::of_country(word).ok_or_else(|| unknown("holidays", word, &Holidays::codes()))
}

fn rhythm(word: &str) -> Result<Rhythm, ImportError> {
    let known = || word.parse().ok().map(Rhythm::Of);
    let rhythm = if word == "each" { Some(Rhythm::Each) } else { known() };
    rhythm.ok_or_else(|| unknown("frequency", word, &format!("{}, each", wire::Step::words())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_shown_of_a_file_is_spread_evenly_over_it() {
        for (series, step) in [(1, 1), (12, 1), (13, 2), (24, 2), (25, 4), (1000, 128)] {
            let row = |one: usize| format!("s{one:04},2024-01-01,1\ns{one:04},2024-01-02,2\n");
            let text = format!("id,date,value\n{}", (0..series).map(row).collect::<Vec<_>>().concat());
            let query = ImportQuery { name: "a".to_owned(), ..ImportQuery::default() };
            let sketches = inspect(&Bytes::from(text), &query).await.unwrap().sketches;
            let shown: Vec<&str> = sketches.iter().map(|sketch| sketch.name.as_str()).collect();
            let expected: Vec<String> = (0..series).step_by(step).map(|one| format!("s{one:04}")).collect();
            assert_eq!(shown, expected, "of {series}");
        }
    }
}
