//! The default forecast of all of M5, by the measures of fev-bench's task `m5_1D`.
//!
//! `bench_forecast fev`: 28 days after 419, seasons, folds, candidates, weights and intervals as the product chooses
//! them. MASE is of the medians, and of the points beside it, over the mean absolute difference of a week, a series
//! counting as much as another; WQL is the pinball loss of the quantiles 0.1 to 0.9, doubled, over all demand. The
//! scales are of the 419 days that there are here: fev's are of five years, so its board is a guide.

use std::error::Error;
use std::path::Path;

use evaluation::choose::candidates::{Traits, propose};
use evaluation::choose::rule::Loss;
use evaluation::metrics::Scale;
use evaluation::outlook::{Folding, Outlook, Question, Said, conclude, say, say_together};
use series::{Frequency, Series};
use wire::model_selection::{Gaps, Scope, StatedFolds};

use crate::clock::process_cpu_seconds;
use crate::data::HORIZON;
use crate::report::Report;
use crate::{dates, table};

/// The first encloses nothing but the median and the point, so that the median is what is not the point.
const LEVELS: [f64; 5] = [0.0, 0.2, 0.4, 0.6, 0.8];

pub(crate) fn measure(data: &Path, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let file = data.join("m5_daily_419d.parquet");
    let (train, test) = (table::lists(&file, "y")?, table::lists(&file, "y_test")?);
    for back in [1, 0] {
        let start = process_cpu_seconds()?;
        let whole: Vec<Vec<f64>> =
            train.iter().zip(&test).map(|(train, test)| [train.as_slice(), test].concat()).collect();
        let end = whole[0].len() - (back + 1) * HORIZON;
        let outlooks = forecast(&whole, end)?;
        let seconds = process_cpu_seconds()? - start;
        let (mut median, mut point, mut loss, mut demand, mut scaled) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (values, outlook) in whole.iter().zip(outlooks) {
            let outlook = outlook.ok_or("a series was not forecast")?;
            let actuals = &values[end..end + HORIZON];
            let quantiles = quantiles(&outlook);
            let mean = |points: &[f64]| {
                actuals.iter().zip(points).map(|(a, p)| (a - p).abs()).sum::<f64>() / HORIZON as f64
            };
            if let Some(scale) = Scale::of(&values[..end], 7).absolute {
                median += mean(&quantiles[4]) / scale;
                point += mean(&outlook.points) / scale;
                scaled += 1.0;
            }
            for (at, quantile) in quantiles.iter().enumerate() {
                let share = (at + 1) as f64 / 10.0;
                let pinball = |(a, q): (&f64, &f64)| (share * (a - q)).max((share - 1.0) * (a - q));
                loss += 2.0 / 9.0 * actuals.iter().zip(quantile).map(pinball).sum::<f64>();
            }
            demand += actuals.iter().sum::<f64>();
        }
        let window = if back == 0 { "hold-out" } else { "window before" };
        let note = || format!("{window}, {seconds:.1} CPU-s");
        report.alone("m5_1D by the default rule, medians".into(), "MASE", median / scaled, note());
        report.alone("m5_1D by the default rule, points".into(), "MASE", point / scaled, note());
        report.alone("m5_1D by the default rule, quantiles".into(), "WQL", loss / demand, note());
    }
    Ok(())
}

/// The default forecast after the first rows.
fn forecast(whole: &[Vec<f64>], end: usize) -> Result<Vec<Option<Outlook>>, Box<dyn Error>> {
    let histories: Vec<&[f64]> = whole.iter().map(|values| &values[..end]).collect();
    let (traits, _) = Traits::of(Frequency::DAILY, &histories);
    let dates = dates(end);
    let series = |(at, values): (usize, &&[f64])| {
        let rows = dates.iter().copied().zip(values.iter().copied());
        Series::of(at.to_string(), Frequency::DAILY, rows, Gaps::Refuse)
    };
    let fleet: Vec<Series> = histories.iter().enumerate().map(series).collect::<Result<_, _>>()?;
    let all: Vec<&Series> = fleet.iter().collect();
    let candidates = propose(&traits);
    let folding = Folding { horizon: HORIZON, season: traits.season(), stated: StatedFolds::default() };
    let mut said: Vec<Vec<Option<Said>>> = Vec::new();
    for candidate in &candidates {
        let ask = if candidate.spec.scope() == Scope::Panel { say_together } else { say };
        let answers = ask(&all, &candidate.spec, &folding, HORIZON, &|| false).ok_or("nobody cancels")?;
        said.push(answers.into_iter().map(Result::ok).collect());
    }
    let loss = if traits.seldom >= 0.5 { Loss::Squared } else { Loss::Absolute };
    let question = Question {
        candidates: &candidates,
        folding,
        season: traits.season(),
        loss,
        is_fleet: true,
        given: None,
        levels: &LEVELS,
    };
    Ok(conclude(&question, &fleet, &said).series)
}

/// The quantiles 0.1 to 0.9.
fn quantiles(outlook: &Outlook) -> Vec<Vec<f64>> {
    let Some((middle, wider)) = outlook.intervals.split_first() else {
        return vec![outlook.points.clone(); 9];
    };
    let medians = middle.lower.iter().zip(&middle.upper).zip(&outlook.points);
    let medians = medians.map(|((lower, upper), point)| if lower < point { *lower } else { *upper });
    let mut all: Vec<Vec<f64>> = wider.iter().rev().map(|interval| interval.lower.clone()).collect();
    all.push(medians.collect());
    all.extend(wider.iter().map(|interval| interval.upper.clone()));
    all
}
