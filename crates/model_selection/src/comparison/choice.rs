//! Which series of a data set are compared on, decided from its index before a point is read.

use series::Frequency;
use wire::datasets::{DatasetId, SeriesSummary};
use wire::model_selection::{ExcludedSeries, Gaps};

use crate::panel::LoadError;
use crate::plan::{Fate, Needs, calendar_rows, grid_of, plan, refused_gaps};

/// A series that can be read, by what its index says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Readable {
    /// Its place in the data set.
    pub place: usize,
    /// The grid its dates are on.
    pub frequency: Frequency,
    /// Values it has where gaps are treated as asked.
    pub values: usize,
    /// Dates it has then.
    pub dates: usize,
}

/// All series or those named: those that can be read, in the order of the data set, and why the others cannot.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Choice {
    pub readable: Vec<Readable>,
    pub excluded: Vec<ExcludedSeries>,
}

impl Choice {
    /// The readable series that have so many values, and those that have fewer.
    pub(super) fn parted(&self, values: usize) -> (Vec<Readable>, Vec<Readable>) {
        self.readable.iter().copied().partition(|one| one.values >= values)
    }
}

/// Parts the series that are on a grid from those that are not. The same index gives the same choice.
pub(super) fn choose(
    dataset: DatasetId,
    index: &[SeriesSummary],
    names: Option<&[String]>,
    gaps: Gaps,
) -> Result<Choice, LoadError> {
    let fates = plan(dataset, index, names, Needs::any(gaps))?;
    let mut choice = Choice::default();
    for (place, (series, fate)) in index.iter().zip(fates).enumerate() {
        let Some(fate) = fate else { continue };
        match readable(place, series, fate, gaps) {
            Ok(readable) => choice.readable.push(readable),
            Err(reason) => choice.excluded.push(ExcludedSeries { name: series.name.clone(), reason }),
        }
    }
    Ok(choice)
}

fn readable(place: usize, series: &SeriesSummary, fate: Fate, gaps: Gaps) -> Result<Readable, String> {
    if let Fate::TooLong { rows } = fate {
        return Err(LoadError::CalendarTooLong { rows, limit: series::MAX_ROWS as u64 }.to_string());
    }
    let frequency = grid_of(series, gaps)?;
    refused_gaps(series, gaps).map_or(Ok(()), Err)?;
    let calendar = calendar_rows(series);
    let values = if gaps == Gaps::Zero { calendar } else { series.values };
    let dates = if gaps == Gaps::Omit { series.values } else { calendar };
    let whole = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
    Ok(Readable { place, frequency, values: whole(values), dates: whole(dates) })
}

#[cfg(test)]
mod tests {
    use wire::Moment;
    use wire::datasets::Frequency as Word;

    use super::*;

    fn series(name: &str, frequency: Word, days: i32, values: u64) -> SeriesSummary {
        let day = |day: i32| Moment::from_epoch_days(day).unwrap();
        SeriesSummary {
            name: name.to_owned(),
            points: values + 1,
            values,
            first_date: day(0),
            last_date: day(days - 1),
            frequency,
            off_grid_date: (frequency == Word::Irregular).then(|| day(3)),
            planned: 0,
        }
    }

    fn chosen(index: &[SeriesSummary], gaps: Gaps) -> Choice {
        choose("0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b".parse().unwrap(), index, None, gaps).unwrap()
    }

    #[test]
    fn what_gaps_mean_decides_how_many_values_and_dates_there_are() {
        let index = [series("a", Word::DAILY, 30, 20), series("b", Word::Irregular, 30, 20)];
        let found = |gaps| {
            let found = chosen(&index, gaps);
            let rows: Vec<_> = found.readable.iter().map(|one| (one.place, one.values, one.dates)).collect();
            let excluded: Vec<String> = found.excluded.into_iter().map(|one| one.name).collect();
            (rows, excluded)
        };
        assert_eq!(found(Gaps::Missing), (vec![(0, 20, 30)], vec!["b".to_owned()]));
        assert_eq!(found(Gaps::Omit), (vec![(0, 20, 20)], vec!["b".to_owned()]));
        assert_eq!(found(Gaps::Zero), (vec![(0, 30, 30), (1, 30, 30)], vec![]));
        assert_eq!(found(Gaps::Refuse), (vec![], vec!["a".to_owned(), "b".to_owned()]));
        let reasons: Vec<String> =
            chosen(&index, Gaps::Refuse).excluded.into_iter().map(|one| one.reason).collect();
        assert_eq!(
            reasons,
            [
                "10 of its 30 dates have no value, and gaps are refused",
                "1970-01-04 does not fit its other dates, which are on no regular grid"
            ]
        );
    }

    #[test]
    fn a_calendar_of_ten_thousand_years_is_no_series() {
        let long = SeriesSummary {
            first_date: "0001-01-01".parse().unwrap(),
            last_date: "9999-12-31".parse().unwrap(),
            ..series("a", Word::DAILY, 30, 20)
        };
        let found = chosen(&[long], Gaps::Missing);
        assert!(found.excluded[0].reason.contains("3652059"), "{found:?}");
    }
}
