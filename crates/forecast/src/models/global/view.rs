//! What the global model sees of a series at an origin.
//!
//! Nothing here reads a value at or after the origin; of later rows only their date, their place in the season and what
//! is known beforehand is read.

use chrono::Datelike;

use super::Panel;
use crate::panel::Member;
use series::KnownRows;

/// A series without the day effects of its group, and running sums of it.
pub(super) struct View<'a> {
    panel: &'a Panel<'a>,
    member: Member<'a>,
    keys: Vec<f64>,
    /// Of each row of the history and then each step.
    pub(super) effects: Vec<f64>,
    /// The values over their effects; negative ones count as 0.
    pub(super) levels: Vec<f64>,
    /// Sums before each row: of levels, their squares, observed rows, rows of zero, promoted rows, prices.
    sums: Vec<[f64; 6]>,
    /// The first row with demand.
    pub(super) first_demand: usize,
}

/// A series at an origin: the first row that is not known.
pub(super) struct Origin {
    row: usize,
    /// What later rows are expected to be without their effects.
    pub(super) level: f64,
    features: Vec<f64>,
    usual_price: f64,
}

impl<'a> View<'a> {
    pub(super) fn of(panel: &'a Panel<'a>, at: usize) -> Self {
        let member = panel.members[at];
        let effects = panel.profiles.effects(at, &member);
        let level =
            |(value, effect): (&f64, &f64)| if value.is_nan() { *value } else { value.max(0.0) / effect };
        let levels: Vec<f64> = member.history.values.iter().zip(&effects).map(level).collect();
        let mut sums = Vec::with_capacity(levels.len() + 1);
        let mut sum = [0.0; 6];
        sums.push(sum);
        for (row, &level) in levels.iter().enumerate() {
            if !level.is_nan() {
                let zero = f64::from(u8::from(level <= 0.0));
                for (sum, term) in sum.iter_mut().zip([level, level * level, 1.0, zero]) {
                    *sum += term;
                }
            }
            if let Some(known) = member.history.plan() {
                sum[4] += f64::from(u8::from(known.promo_active[row]));
                sum[5] += known.price_factor[row];
            }
            sums.push(sum);
        }
        let first_demand = levels.iter().position(|&level| level > 0.0).unwrap_or(levels.len());
        Self { panel, keys: panel.keys(&member), member, effects, levels, sums, first_demand }
    }

    /// Means over the last `rows` rows before an origin of what `sums` sums up.
    fn window(&self, origin: usize, rows: usize) -> [f64; 6] {
        let start = origin.saturating_sub(rows).max(self.first_demand.min(origin));
        let mut window = self.sums[origin];
        window.iter_mut().zip(self.sums[start]).for_each(|(end, start)| *end -= start);
        let (observed, rows) = (window[2], (origin - start) as f64);
        for (at, value) in window.iter_mut().enumerate().filter(|(at, _)| *at != 2) {
            *value /= if at < 4 { observed } else { rows };
        }
        window
    }

    /// The series at an origin, given the forecast of its level; `None` without demand before it.
    pub(super) fn at(&self, origin: usize, level: f64) -> Option<Origin> {
        const LEAST_SHARE: f64 = 0.05;
        let season = self.panel.season;
        let windows = [1, 2, 4, 8, 16, 52].map(|seasons| self.window(origin, seasons * season));
        // A level may have faded to nothing; multiplied by whatever it would stay there.
        let level = level.max(LEAST_SHARE * windows[4][0]);
        if !(level.is_finite() && level > 0.0) {
            return None;
        }
        let [month, long] = [windows[2], windows[4]];
        let last_demand = self.levels[..origin].iter().rposition(|&level| level > 0.0)?;
        let mut features: Vec<f64> = windows.iter().map(|window| window[0] / level).collect();
        features.extend([
            level.ln(),
            (month[1].sqrt() / level).min(1e3),
            month[3],
            long[3],
            (origin - last_demand) as f64,
            // A longer age would tell the date, of which the past has each only once.
            (origin - self.first_demand).min(16 * season) as f64,
            month[4],
        ]);
        features.extend(&self.keys);
        Some(Origin { row: origin, level, features, usual_price: month[5] })
    }

    /// What is known beforehand of a row, and the row's place in it.
    fn known(&self, row: usize) -> Option<(KnownRows<'a>, usize)> {
        let rows = self.levels.len();
        let (known, at) = match row.checked_sub(rows) {
            None => (self.member.history.plan(), row),
            Some(step) => (self.member.future.known, step),
        };
        known.filter(|known| at < known.price_factor.len()).map(|known| (known, at))
    }

    /// The features of a row at or after an origin.
    pub(super) fn features(&self, origin: &Origin, row: usize, features: &mut Vec<f64>) {
        let history = &self.member.history;
        let date = match row.checked_sub(history.dates.len()) {
            None => history.dates[row],
            Some(step) => self.member.future.dates[step],
        };
        let season = self.panel.season;
        features.clear();
        features.extend(&origin.features);
        features.extend([
            (row - origin.row + 1) as f64,
            (self.panel.profiles.position(date) % season) as f64,
            f64::from(if self.panel.spans_years { date.day() } else { 0 }),
            f64::from(if self.panel.spans_years { date.month() } else { 0 }),
            self.effects[row].ln(),
            self.same_phase(origin, row, 4),
            self.same_phase(origin, row, 13),
        ]);
        let here = self.known(row);
        let fact = |is: bool| f64::from(u8::from(is));
        let (price, promo, holiday) = here.map_or((f64::NAN, f64::NAN, f64::NAN), |(known, at)| {
            (known.price_factor[at], fact(known.promo_active[at]), known.holidays_of(at))
        });
        features.extend([price, price / origin.usual_price, promo, holiday]);
        for name in &self.panel.days {
            for near in [Some(row), row.checked_sub(1), row.checked_add(1)] {
                let known = near.and_then(|near| self.known(near));
                let column =
                    known.and_then(|(known, at)| known.days().find(|(own, _)| own == name).map(|c| c.1[at]));
                features.push(column.unwrap_or(f64::NAN));
            }
        }
        for feature in features.iter_mut().filter(|feature| !feature.is_finite()) {
            *feature = f64::NAN;
        }
    }

    /// The mean level of the last rows before an origin in a row's phase of the season, over the level.
    fn same_phase(&self, origin: &Origin, row: usize, count: usize) -> f64 {
        let season = self.panel.season;
        let back = (row - origin.row) / season * season + season;
        let mut sum = (0.0, 0.0);
        let mut at = row;
        for step in 0..count {
            let Some(earlier) = at.checked_sub(if step == 0 { back } else { season }) else { break };
            at = earlier;
            if at < self.first_demand {
                break;
            }
            if !self.levels[at].is_nan() {
                sum = (sum.0 + self.levels[at], sum.1 + 1.0);
            }
        }
        (sum.0 / sum.1 / origin.level).min(1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Future, History};
    use crate::models::pooled::{Pool, Profiles};
    use crate::testing::days;

    /// The features of rows after an origin, of a panel of one series.
    fn features(values: &[f64], origin: usize) -> Vec<Vec<f64>> {
        let dates = days(values.len());
        let history = History { values, dates: &dates, known: None };
        let members = [Member {
            name: "one",
            groups: &[],
            history,
            learned: values.len(),
            future: Future { dates: &[], known: None },
        }];
        // The day effects are those of a panel that ends at the origin, as they are when it is forecast.
        let past = History { values: &values[..origin], dates: &dates[..origin], known: None };
        let ahead = Future { dates: &dates[origin..], known: None };
        let early = [Member { history: past, learned: origin, future: ahead, ..members[0] }];
        let pool = Pool { season: 7, seasons: 26, harmonics: 0, by_group: false };
        let profiles = Profiles::of(&early, &pool, &|| true).unwrap();
        let panel = Panel::of(&members, profiles, 7);
        let view = View::of(&panel, 0);
        let seen = view.at(origin, 10.0).unwrap();
        let mut all = Vec::new();
        for row in origin..values.len() {
            let mut features = Vec::new();
            view.features(&seen, row, &mut features);
            all.push(features);
        }
        all
    }

    #[test]
    fn no_feature_holds_a_value_from_the_origin_on() {
        let value = |row: usize| [3.0, 0.0, 5.0, 2.0, 8.0, 1.0, 6.0][row * 5 % 7] + (row / 30) as f64;
        let values: Vec<f64> = (0..200).map(value).collect();
        for origin in [60, 111, 160] {
            let mut changed = values.clone();
            for (at, value) in changed[origin..].iter_mut().enumerate() {
                *value = 1e6 + at as f64;
            }
            let bits = |features: Vec<Vec<f64>>| -> Vec<u64> {
                features.into_iter().flatten().map(f64::to_bits).collect()
            };
            assert_eq!(bits(features(&values, origin)), bits(features(&changed, origin)), "{origin}");
            changed[origin - 1] += 1.0;
            assert_ne!(bits(features(&values, origin)), bits(features(&changed, origin)), "{origin}");
        }
    }

    #[test]
    fn a_phase_looks_back_to_its_own_day_before_the_origin() {
        // The value of a row is its week, on one weekday only, so means of earlier weeks are known exactly.
        let values: Vec<f64> =
            (0..140).map(|row| if row % 7 == 3 { 1.0 + f64::from(row / 7) } else { 1.0 }).collect();
        let dates = days(140);
        let history = History { values: &values, dates: &dates, known: None };
        let members = [Member {
            name: "one",
            groups: &[],
            history,
            learned: values.len(),
            future: Future { dates: &[], known: None },
        }];
        let flat = Pool { season: 1, seasons: 2, harmonics: 0, by_group: false };
        let mut panel = Panel::of(&members, Profiles::of(&members, &flat, &|| true).unwrap(), 1);
        panel.season = 7;
        let view = View::of(&panel, 0);
        let effect = view.effects[0];
        let origin = view.at(70, 1.0 / effect).unwrap();
        // Weeks 6 to 9 are the last four before row 70, whether the row is one week or three weeks on.
        for row in [73, 87] {
            assert!((view.same_phase(&origin, row, 4) - 8.5).abs() < 1e-9, "{row}");
        }
        assert!((view.same_phase(&origin, 74, 4) - 1.0).abs() < 1e-9);
    }
}
