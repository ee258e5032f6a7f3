//! A rough state after the first rows, from which the filter runs backwards to the start.

use super::form::Season;

/// Level, slope per row and season by phase.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Start {
    pub(super) level: f64,
    pub(super) slope: f64,
    pub(super) season: Vec<f64>,
}

/// A start as a lane takes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rough<'a> {
    pub(super) level: f64,
    pub(super) slope: f64,
    pub(super) season: &'a [f64],
}

/// How many first rows the start is taken from.
pub(super) fn region(rows: usize, period: usize) -> usize {
    rows.min((4 * period).max(48))
}

impl Start {
    pub(super) fn rough(&self) -> Rough<'_> {
        Rough { level: self.level, slope: self.slope, season: &self.season }
    }

    /// From these first rows; the season is the mean deviation from (or ratio to) the mean of its cycle, with the
    /// slope taken out.
    pub(super) fn of(rows: &[f64], period: usize, season: Season) -> Self {
        match season {
            Season::None => Self::plain(rows),
            _ => Self::seasonal(rows, period, season),
        }
    }

    fn plain(rows: &[f64]) -> Self {
        let half = (rows.len() / 2).max(1);
        let (early, late) = (mean(&rows[..half]), mean(&rows[rows.len() - half..]));
        let slope = match (early, late) {
            (Some(early), Some(late)) if rows.len() > half => (late - early) / (rows.len() - half) as f64,
            _ => 0.0,
        };
        let few = rows.len().min(8);
        let level = mean(&rows[rows.len() - few..]).or(late).or(early).unwrap_or(0.0);
        Self { level: level + slope * 0.5 * (few as f64 + 1.0), slope, season: Vec::new() }
    }

    fn seasonal(rows: &[f64], period: usize, season: Season) -> Self {
        let cycles: Vec<Option<f64>> = rows.chunks_exact(period).map(mean).collect();
        let known: Vec<(usize, f64)> =
            cycles.iter().enumerate().filter_map(|(at, mean)| mean.map(|mean| (at, mean))).collect();
        let (Some(&(first, early)), Some(&(last, late))) = (known.first(), known.last()) else {
            let neutral = if season == Season::Multiplicative { 1.0 } else { 0.0 };
            return Self { season: vec![neutral; period], ..Self::plain(rows) };
        };
        let distance = ((last - first) * period).max(1) as f64;
        let slope = (late - early) / distance;
        let middle = 0.5 * (period as f64 - 1.0);
        let mut sums = vec![(0.0, 0.0); period];
        for (cycle, mean) in known {
            for (phase, sum) in sums.iter_mut().enumerate() {
                let value = rows[cycle * period + phase];
                let usual = mean + slope * (phase as f64 - middle);
                let part = if season == Season::Multiplicative { value / usual } else { value - usual };
                if part.is_finite() {
                    *sum = (sum.0 + part, sum.1 + 1.0);
                }
            }
        }
        let after = rows.len() as f64 - (last * period) as f64;
        let level = late + slope * (after - middle);
        Self { level, slope, season: normalised(&sums, season) }
    }
}

fn normalised(sums: &[(f64, f64)], season: Season) -> Vec<f64> {
    let neutral = if season == Season::Multiplicative { 1.0 } else { 0.0 };
    let raw: Vec<f64> = sums.iter().map(|&(sum, n)| if n > 0.0 { sum / n } else { neutral }).collect();
    let centre = raw.iter().sum::<f64>() / raw.len() as f64;
    match season {
        Season::Multiplicative if centre > 0.0 => raw.iter().map(|part| part / centre).collect(),
        Season::Multiplicative => vec![1.0; raw.len()],
        _ => raw.iter().map(|part| part - centre).collect(),
    }
}

fn mean(rows: &[f64]) -> Option<f64> {
    let (sum, n) = rows
        .iter()
        .filter(|value| !value.is_nan())
        .fold((0.0, 0_usize), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / n as f64)
}
