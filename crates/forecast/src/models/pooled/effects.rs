//! What the classes of days multiply a group's demand by.

use std::collections::BTreeSet;

use super::cells::cells;
use super::classes::Classes;
use super::regression::Regression;
use crate::panel::Member;

/// What is learned from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// The last days of the group.
    pub(super) rows: usize,
    pub(super) season: usize,
    /// Harmonics of the day of the month.
    pub(super) harmonics: usize,
    /// How much the variance of demand grows with demand.
    pub(super) grain: f64,
}

/// The ratio of each class of each factor; a row's effect is their product.
pub(super) struct Effects {
    ratios: Vec<Vec<f64>>,
    coefficients: Vec<f64>,
    /// The dates on which the group was closed.
    pub(super) closed: BTreeSet<usize>,
}

impl Effects {
    /// The effects in the last days of a group before its latest origin, shrunk to those of the whole panel if they
    /// are given. A class without demand has the ratio of what it is shrunk to.
    pub(super) fn of(
        panel: &[Member<'_>],
        group: &[usize],
        classes: &Classes<'_>,
        span: Span,
        whole: Option<&Self>,
    ) -> Self {
        let (cells, closed) = cells(panel, group, classes, span.rows);
        let regression =
            Regression::of(&cells, &classes.counts, span, whole.map(|whole| whole.coefficients.as_slice()));
        let coefficients = regression.solve();
        Self { ratios: regression.ratios(&coefficients), coefficients, closed }
    }

    /// The effect of a row of this class.
    pub(super) fn at(&self, class: usize) -> f64 {
        let mut rest = class;
        self.ratios.iter().fold(1.0, |effect, ratios| {
            let digit = rest % ratios.len();
            rest /= ratios.len();
            effect * ratios[digit]
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;
    use wire::Moment;

    use super::*;
    use crate::model::{Future, History};
    use crate::testing::days;

    const SEASON: usize = 7;

    fn member<'a>(values: &'a [f64], dates: &'a [Moment]) -> Member<'a> {
        let history = History { values, dates: &dates[..values.len()], known: None };
        Member {
            name: "one",
            groups: &[],
            history,
            learned: values.len(),
            future: Future { dates: &[], known: None },
        }
    }

    /// The effect of each row of a group of one.
    fn effects_of(values: &[f64], dates: &[Moment]) -> Vec<f64> {
        let panel = [member(values, dates)];
        let classes = Classes::of(&panel, SEASON);
        let effects = Effects::of(&panel, &[0], &classes, SPAN, None);
        classes.of_member(&panel[0]).into_iter().map(|class| effects.at(class)).collect()
    }

    const SPAN: Span = Span { rows: 1000, season: SEASON, harmonics: 4, grain: 1.0 };

    #[test]
    fn the_month_and_the_season_are_told_apart_while_the_level_moves() {
        let dates = days(420);
        let weekday = [1.0, 0.9, 0.9, 1.0, 1.1, 1.4, 1.3];
        let payday = |date: &Moment| if date.day() <= 10 { 1.2 } else { 1.0 };
        let truth: Vec<f64> =
            dates.iter().enumerate().map(|(row, date)| weekday[row % 7] * payday(date)).collect();
        let level = |row: usize| 2000.0 * (1.0 + row as f64 / 420.0);
        let values: Vec<f64> = truth.iter().enumerate().map(|(row, effect)| effect * level(row)).collect();
        let found = effects_of(&values, &dates);
        let ratios: Vec<f64> = found.iter().zip(&truth).map(|(found, truth)| (found / truth).ln()).collect();
        let mean = ratios.iter().sum::<f64>() / 420.0;
        let error = (ratios.iter().map(|ratio| (ratio - mean).powi(2)).sum::<f64>() / 420.0).sqrt();
        // A step is not a sum of four harmonics, so some of it is missed; without them all of it, about 0.09.
        assert!(error < 0.04, "{error}");
    }

    #[test]
    fn what_few_days_show_is_shrunk() {
        let dates = days(280);
        let mut values = vec![1000.0; 280];
        // One Monday of forty sold double; all Tuesdays sell double.
        values[140] = 2000.0;
        (0..40).for_each(|week| values[7 * week + 1] = 2000.0);
        let found = effects_of(&values, &dates);
        let (monday, tuesday, other) = (found[140], found[141], found[142]);
        assert!((monday / other - 1.0).abs() < 0.06, "{monday} {other}");
        assert!((tuesday / other - 2.0).abs() < 0.15, "{tuesday} {other}");
    }

    #[test]
    fn a_group_without_demand_has_no_effects() {
        let found = effects_of(&[0.0; 100], &days(100));
        assert!(found.iter().all(|&effect| effect.to_bits() == 1.0_f64.to_bits()), "{found:?}");
    }

    #[test]
    fn a_group_that_sells_little_keeps_to_its_panel() {
        let dates = days(210);
        let own = |quiet: f64| -> Vec<f64> {
            let value = |row: usize| if row % 7 == 5 { 4.0 * quiet } else { quiet };
            (0..210).map(value).collect()
        };
        let flat = vec![900.0; 210];
        let saturday = |quiet: f64| {
            let own = own(quiet);
            let members = [member(&own, &dates), member(&flat, &dates)];
            let classes = Classes::of(&members, SEASON);
            let whole = Effects::of(&members, &[0, 1], &classes, SPAN, None);
            let group = Effects::of(&members, &[0], &classes, SPAN, Some(&whole));
            let found = classes.of_member(&members[0]);
            group.at(found[5]) / group.at(found[6])
        };
        let (quiet, busy) = (saturday(0.01), saturday(20.0));
        assert!(quiet < 1.3, "{quiet}");
        assert!(busy > 2.5, "{busy}");
    }
}
