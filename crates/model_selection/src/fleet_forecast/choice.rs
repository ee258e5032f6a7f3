//! Which series of a data set are forecast together, decided from its index before a point is read.

use std::collections::BTreeSet;

use series::Frequency;
use wire::datasets::{DatasetId, SeriesSummary};
use wire::model_selection::{ExcludedSeries, Gaps};

use crate::panel::LoadError;
use crate::plan::{Fate, Needs, grid_of, plan, refused_gaps, usual};

/// Fewer values are no history.
const LEAST_VALUES: usize = 3;
/// So many series that are not forecast are named.
pub(super) const TOLD: usize = 200;

/// What is forecast of a data set.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    /// The one grid of all of them; `None` if there are none.
    pub frequency: Option<Frequency>,
    /// Their places in the data set, ascending.
    pub places: Vec<usize>,
    /// The first of those that were asked for and are not forecast, with the reason.
    pub excluded: Vec<ExcludedSeries>,
    /// How many there are of those.
    pub excluded_total: usize,
    /// The grids of those that could be forecast by themselves.
    pub others: BTreeSet<Frequency>,
}

/// Of all series or those named, the ones that share the grid that is asked for, or else the one most dates are on, and have a
/// history. The same index gives the same choice.
pub(super) fn choose(
    dataset: DatasetId,
    index: &[SeriesSummary],
    names: Option<&[String]>,
    gaps: Gaps,
    asked: Option<Frequency>,
) -> Result<Choice, LoadError> {
    let needs = Needs { gaps, values: LEAST_VALUES, dates: u64::MAX };
    let fates = plan(dataset, index, names, needs)?;
    let read = index.iter().zip(&fates).filter(|(_, fate)| **fate == Some(Fate::Read));
    let dates = |(series, _): (&SeriesSummary, _)| Some((grid_of(series, gaps).ok()?, series.points));
    let frequency = asked.or_else(|| usual(read.filter_map(dates)));
    let mut choice = Choice {
        frequency,
        places: Vec::new(),
        excluded: Vec::new(),
        excluded_total: 0,
        others: BTreeSet::new(),
    };
    for (place, (series, fate)) in index.iter().zip(fates).enumerate() {
        let Some(fate) = fate else { continue };
        match obstacle(series, fate, frequency, gaps) {
            None => choice.places.push(place),
            Some(Obstacle::Grid(own)) => {
                choice.others.insert(own);
                choice.exclude(series, elsewhere(own, frequency, asked.is_some()));
            }
            Some(Obstacle::Other(reason)) => choice.exclude(series, reason),
        }
    }
    Ok(choice)
}

impl Choice {
    fn exclude(&mut self, series: &SeriesSummary, reason: String) {
        self.excluded_total += 1;
        if self.excluded.len() < TOLD {
            self.excluded.push(ExcludedSeries { name: series.name.clone(), reason });
        }
    }
}

/// Why a series cannot be forecast with the others.
enum Obstacle {
    /// It is on another grid.
    Grid(Frequency),
    Other(String),
}

/// That a series is on another grid, and how it is forecast.
fn elsewhere(own: Frequency, frequency: Option<Frequency>, is_asked: bool) -> String {
    let others = match frequency {
        Some(asked) if is_asked => format!(", and {asked} ones were asked for"),
        Some(usual) => format!(", and more dates are {usual}"),
        None => String::new(),
    };
    format!("it is {own}{others}; forecast it with frequency {own}")
}

fn obstacle(
    series: &SeriesSummary,
    fate: Fate,
    frequency: Option<Frequency>,
    gaps: Gaps,
) -> Option<Obstacle> {
    let other = |reason: String| Some(Obstacle::Other(reason));
    match fate {
        Fate::TooFew { values } => {
            return other(LoadError::TooFew { found: values, needed: LEAST_VALUES }.to_string());
        }
        Fate::TooLong { rows } => {
            return other(LoadError::CalendarTooLong { rows, limit: series::MAX_ROWS as u64 }.to_string());
        }
        Fate::Read => {}
    }
    // Where a date without a row is a zero, a series that is on another grid has days as well.
    if gaps == Gaps::Zero && frequency == Some(Frequency::DAILY) {
        return None;
    }
    let own = match grid_of(series, gaps) {
        Ok(own) => own,
        Err(reason) => return other(reason),
    };
    if frequency != Some(own) {
        return Some(Obstacle::Grid(own));
    }
    refused_gaps(series, gaps).map(Obstacle::Other)
}

#[cfg(test)]
mod tests {
    use wire::Moment;
    use wire::datasets::Frequency as Word;

    use super::*;

    fn series(name: &str, frequency: Word, points: u64, values: u64) -> SeriesSummary {
        let day = |day: u64| Moment::from_epoch_days(i32::try_from(day).unwrap()).unwrap();
        let step = match frequency {
            Word::WEEKLY => 7,
            Word::MONTHLY => 31,
            _ => 1,
        };
        SeriesSummary {
            name: name.to_owned(),
            points,
            values,
            first_date: day(0),
            last_date: day(step * (points - 1)),
            frequency,
            off_grid_date: (frequency == Word::Irregular).then(|| day(3)),
            planned: 0,
        }
    }

    fn chosen(index: &[SeriesSummary], gaps: Gaps) -> Choice {
        choose("0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b".parse().unwrap(), index, None, gaps, None).unwrap()
    }

    #[test]
    fn the_grid_of_most_dates_is_that_of_all_and_the_others_are_told_why() {
        let index = [
            series("a", Word::DAILY, 30, 30),
            series("b", Word::WEEKLY, 20, 20),
            series("c", Word::Irregular, 20, 20),
            series("d", Word::DAILY, 9, 2),
            series("e", Word::DAILY, 9, 8),
        ];
        let found = chosen(&index, Gaps::Missing);
        assert_eq!((found.frequency, &found.places[..]), (Some(Frequency::DAILY), &[0, 4][..]));
        let reasons: Vec<&str> = found.excluded.iter().map(|one| one.reason.as_str()).collect();
        assert_eq!(
            reasons,
            [
                "it is weekly, and more dates are daily; forecast it with frequency weekly",
                "1970-01-04 does not fit its other dates, which are on no regular grid",
                "2 values are too few: 3 are needed",
            ]
        );
        let found = chosen(&index, Gaps::Refuse);
        assert_eq!(found.places, [0]);
        assert_eq!(found.excluded[3].reason, "1 of its 9 dates have no value, and gaps are refused");
    }

    #[test]
    fn those_of_another_grid_are_forecast_by_stating_it() {
        let index = [series("a", Word::WEEKLY, 90, 90), series("b", Word::MONTHLY, 20, 20)];
        let found = chosen(&index, Gaps::Missing);
        assert_eq!((found.places, found.others), (vec![0], BTreeSet::from([Frequency::MONTHLY])));
        let dataset = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b".parse().unwrap();
        let found = choose(dataset, &index, None, Gaps::Missing, Some(Frequency::MONTHLY)).unwrap();
        assert_eq!((found.frequency, &found.places[..]), (Some(Frequency::MONTHLY), &[1][..]));
        assert_eq!(
            found.excluded[0].reason,
            "it is weekly, and monthly ones were asked for; forecast it with frequency weekly"
        );
    }

    #[test]
    fn where_a_date_without_a_row_is_a_zero_every_series_has_days() {
        let index = [
            series("a", Word::DAILY, 30, 30),
            series("b", Word::WEEKLY, 20, 20),
            series("c", Word::Irregular, 20, 2),
        ];
        assert_eq!(chosen(&index, Gaps::Zero).places, [0, 1, 2]);
    }

    #[test]
    fn of_very_many_that_are_not_forecast_the_first_are_named_and_all_are_counted() {
        let index: Vec<SeriesSummary> =
            (0..1_000).map(|n| series(&n.to_string(), Word::DAILY, 2, 2)).collect();
        let found = chosen(&index, Gaps::Missing);
        assert_eq!((found.frequency, found.places.len()), (None, 0));
        assert_eq!((found.excluded.len(), found.excluded_total), (TOLD, 1_000));
    }
}
