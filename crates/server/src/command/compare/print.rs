//! A ranking for people: the answer first, then what it rests on, then the series, and at last what to do next.

use std::collections::BTreeMap;
use std::io::Write;

use kernel::counted;
use wire::model_selection::{ExcludedSeries, Figure, RankEntry, Ranking, RankingMetric, SeriesRanking};

use crate::cli::{CompareRun, Shown};
use crate::figures;
use crate::flags;
use crate::names::Names;
use crate::plain::plain;
use crate::table::{self, Column};

/// Of so many series each has its row; of more, the spread and the worst are what somebody reads in a terminal.
const FEW: usize = 20;
const WORST: usize = 10;
/// Models that a segment names.
const TOLD_MODELS: usize = 4;
/// Series left out that are named.
const TOLD: usize = 5;

/// What is printed.
pub(super) struct Page<'a> {
    pub(super) ranking: &'a Ranking,
    pub(super) series: &'a [SeriesRanking],
    pub(super) names: &'a Names,
    pub(super) shown: &'a Shown,
    /// How it was asked for, where that was just now.
    pub(super) asked: Option<&'a CompareRun>,
}

impl Page<'_> {
    pub(super) fn print(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let ranking = self.ranking;
        if let Some(statement) = &ranking.statement {
            writeln!(out, "{}", self.said(statement))?;
            writeln!(out, "Confidence {}: {}\n", ranking.confidence, self.said(&ranking.reasons.join("; ")))?;
        }
        self.figures(out, &ranking.figures)?;
        let series = counted(self.ranked(), "series", "series");
        writeln!(out, "Overall, {series} by {}", ranking.metric.label_over(self.ranked()))?;
        self.entries(out, ranking.entries.iter().map(|entry| &entry.entry), self.ranked())?;
        writeln!(out)?;
        let told = [
            ("warning", &ranking.warnings[..]),
            ("bias", ranking.bias.as_slice()),
            ("numbers", ranking.method.as_slice()),
            ("note", &ranking.notes),
            ("assumed", &ranking.assumptions),
        ];
        for (kind, sentences) in told {
            for sentence in sentences {
                writeln!(out, "{kind}: {}", self.said(sentence))?;
            }
        }
        self.of_the_series(out)?;
        self.left_out(out, &ranking.excluded_series, ranking.excluded_total)?;
        writeln!(out, "\nrun {}", ranking.selection_id)?;
        self.next(out)
    }

    fn ranked(&self) -> usize {
        self.ranking.coverage.map_or(0, |coverage| coverage.series)
    }

    /// A sentence with the models by their names, as it can be printed.
    fn said(&self, sentence: &str) -> String {
        let keys = self.ranking.entries.iter().map(|entry| entry.entry.key.as_str());
        plain(&flags::sentence(&self.names.sentence(sentence, keys))).into_owned()
    }

    fn figures(&self, out: &mut impl Write, figures: &[Figure]) -> anyhow::Result<()> {
        if figures.is_empty() {
            return Ok(());
        }
        let columns = [
            Column::text("figure"),
            Column::text("model"),
            Column::number(figures[0].measure.label_over(self.ranked())),
            Column::text("on").spare(),
        ];
        let row = |figure: &Figure| {
            let model = figure.model.as_deref().map_or_else(String::new, |model| self.names.name(model));
            let error =
                figure.error.map_or_else(|| figures::NONE.to_owned(), |error| figure.measure.shown(error));
            vec![figure.label.clone(), model, error, figure.measured_on.clone()]
        };
        table::print(out, &columns, &figures.iter().map(row).collect::<Vec<_>>())?;
        Ok(writeln!(out)?)
    }

    /// Everyone's place; and below, why somebody has none.
    fn entries<'e>(
        &self,
        out: &mut impl Write,
        entries: impl Iterator<Item = &'e RankEntry>,
        series: usize,
    ) -> anyhow::Result<()> {
        let (ranked, others): (Vec<&RankEntry>, Vec<_>) = entries.partition(|entry| entry.included);
        let by = self.ranking.metric;
        let measures = std::iter::once(by).chain(MEASURES.into_iter().filter(|measure| *measure != by));
        let measures: Vec<RankingMetric> = measures.collect();
        let columns: Vec<Column> = [Column::number("#"), Column::text("model")]
            .into_iter()
            .chain(measures.iter().enumerate().map(|(at, measure)| {
                let column = Column::number(heading(*measure, series));
                if at < SURE_MEASURES { column } else { column.spare() }
            }))
            .collect();
        let metrics: Vec<Vec<String>> = measures
            .iter()
            .map(|&measure| {
                figures::column(&ranked.iter().map(|one| number(one, measure)).collect::<Vec<_>>())
            })
            .collect();
        let row = |(at, entry): (usize, &&RankEntry)| {
            let rank = entry.rank.map_or_else(|| figures::NONE.to_owned(), |rank| rank.to_string());
            let numbers = metrics.iter().map(|column| column[at].clone());
            [rank, self.names.name(&entry.key)].into_iter().chain(numbers).collect()
        };
        let rows: Vec<Vec<String>> = ranked.iter().enumerate().map(row).collect();
        if !rows.is_empty() {
            table::print(out, &columns, &rows)?;
        }
        for entry in others {
            let why = entry.exclusion_reason.as_deref().unwrap_or("it has no figures");
            writeln!(out, "{} is not ranked: {}", plain(&self.names.name(&entry.key)), self.said(why))?;
        }
        Ok(())
    }

    /// Of one series the ranking is the overall one.
    fn of_the_series(&self, out: &mut impl Write) -> anyhow::Result<()> {
        match self.series.len() {
            0 | 1 => Ok(()),
            _ if self.shown.all => self.each_in_full(out),
            2..=FEW => {
                writeln!(out, "\nThe series")?;
                self.firsts(out, &self.series.iter().collect::<Vec<_>>())
            }
            _ => {
                writeln!(out, "\nFirst on how many series")?;
                self.segments(out)?;
                let by = self.ranking.metric;
                writeln!(out, "\nThe {WORST} series with the largest {} of their best model", by.label())?;
                self.firsts(out, &worst(self.series, by))
            }
        }
    }

    fn each_in_full(&self, out: &mut impl Write) -> anyhow::Result<()> {
        for one in self.series {
            writeln!(out, "\n{}: {}", plain(&one.name), self.said(&one.statement))?;
            self.entries(out, one.standings.entries.iter(), 1)?;
        }
        Ok(())
    }

    /// The best model of each series.
    fn firsts(&self, out: &mut impl Write, series: &[&SeriesRanking]) -> anyhow::Result<()> {
        let by = self.ranking.metric;
        let beside = [RankingMetric::Wape, RankingMetric::Mae, RankingMetric::Mase];
        let measures: Vec<RankingMetric> =
            std::iter::once(by).chain(beside.into_iter().filter(|measure| *measure != by)).collect();
        let mut columns = vec![Column::text("series"), Column::text("first")];
        columns.extend(measures.iter().map(|measure| Column::number(heading(*measure, 1))));
        columns.push(Column::text("its lead").spare());
        let winners: Vec<Option<&RankEntry>> = series.iter().map(|one| self.first_of(one)).collect();
        let cells: Vec<Vec<String>> = measures.iter().map(|measure| of_winners(&winners, *measure)).collect();
        let row = |(at, one): (usize, &&SeriesRanking)| {
            let name = |winner: &RankEntry| self.names.name(&winner.key);
            let model = winners[at].map_or_else(|| figures::NONE.to_owned(), name);
            let row =
                [one.name.clone(), model].into_iter().chain(cells.iter().map(|column| column[at].clone()));
            row.chain([one.verdict.to_string()]).collect()
        };
        Ok(table::print(out, &columns, &series.iter().enumerate().map(row).collect::<Vec<_>>())?)
    }

    /// Who is first on a series. Of several that err alike it is the one that is first over all of them, as the confidence counts.
    fn first_of<'s>(&self, one: &'s SeriesRanking) -> Option<&'s RankEntry> {
        let first = self.ranking.entries.first()?.entry.ordinal;
        let is_it = |entry: &&RankEntry| entry.ordinal == first && entry.rank == Some(1);
        one.standings.entries.iter().find(is_it).or(one.standings.winner.as_ref())
    }

    /// Who is first where: by the distance of dates and the length of the history.
    fn segments(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let mut segments: BTreeMap<(String, usize), Vec<&SeriesRanking>> = BTreeMap::new();
        for one in self.series {
            segments.entry((one.frequency.to_string(), length(one.rows))).or_default().push(one);
        }
        let columns = [Column::text("segment"), Column::number("series"), Column::text("first, on how many")];
        let row = |((frequency, length), series): (&(String, usize), &Vec<&SeriesRanking>)| {
            let length = LENGTHS[*length].1;
            let step = frequency.parse::<series::Frequency>();
            let length = step.map_or_else(|_| length.to_owned(), |step| step.say(length));
            vec![format!("{frequency}, {length}"), series.len().to_string(), self.shares(series)]
        };
        Ok(table::print(out, &columns, &segments.iter().map(row).collect::<Vec<_>>())?)
    }

    /// `ETS 40 %, Theta 25 %, 3 others 35 %`.
    fn shares(&self, series: &[&SeriesRanking]) -> String {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for one in series {
            let name =
                self.first_of(one).map_or_else(|| "nobody".to_owned(), |winner| self.names.name(&winner.key));
            *counts.entry(name).or_default() += 1;
        }
        let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let rest = counts.split_off(counts.len().min(TOLD_MODELS));
        if !rest.is_empty() {
            let sum = rest.iter().map(|(_, count)| count).sum();
            counts.push((counted(rest.len(), "other", "others"), sum));
        }
        let all = series.len() as f64;
        let percents = kernel::percents(&counts.iter().map(|(_, n)| *n as f64 / all).collect::<Vec<_>>());
        let part =
            |((name, count), percent): (&(String, usize), u64)| format!("{name} {count} ({percent} %)");
        counts.iter().zip(percents).map(part).collect::<Vec<_>>().join(", ")
    }

    fn left_out(
        &self,
        out: &mut impl Write,
        excluded: &[ExcludedSeries],
        total: usize,
    ) -> anyhow::Result<()> {
        let told = if self.shown.all { excluded.len() } else { TOLD };
        if total > 0 {
            writeln!(out, "\n{}", counted(total, "series was left out", "series were left out"))?;
        }
        for one in excluded.iter().take(told) {
            writeln!(out, "  {}: {}", plain(&one.name), self.said(&one.reason))?;
        }
        match total.saturating_sub(told.min(excluded.len())) {
            0 => {}
            more if self.shown.all => writeln!(out, "  and {more} more")?,
            more => writeln!(
                out,
                "  and {more} more: --all names {}",
                if total > excluded.len() { "some of them" } else { "them" }
            )?,
        }
        Ok(())
    }

    /// What somebody who has read this does now.
    fn next(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let id = self.ranking.selection_id;
        let is_cut = self.series.len() > 1 && !self.shown.all && self.shown.out.is_none();
        if is_cut {
            writeln!(out, "all rankings: assay compare show {id} --all, or --out FILE.csv")?;
        }
        match self.asked.filter(|_| self.ranking.winner.is_some()) {
            Some(asked) => {
                let arguments = plain(&asked.series.arguments()).into_owned();
                writeln!(out, "next: assay forecast {arguments} --horizon {}", asked.horizon)?;
            }
            None => writeln!(out, "next: assay run verify {id}")?,
        }
        Ok(())
    }
}

/// The lengths of history by which series are parted: from so many rows on.
const LENGTHS: [(usize, &str); 4] =
    [(0, "up to 49 rows"), (50, "50 to 199 rows"), (200, "200 to 999 rows"), (1000, "1000 rows or more")];

fn length(rows: usize) -> usize {
    LENGTHS.iter().rposition(|(from, _)| *from <= rows).unwrap_or(0)
}

/// Those on which even the best model errs most; of equals, as all are whose best model is the one that errors are relative to,
/// those with the largest WAPE. One without demand on the folds has no such number and is none of them.
fn worst(series: &[SeriesRanking], by: RankingMetric) -> Vec<&SeriesRanking> {
    let errors = |one: &SeriesRanking| {
        let winner = one.standings.winner.as_ref()?;
        Some((winner.by(by)?, winner.by(RankingMetric::Wape).unwrap_or(0.0)))
    };
    let mut judged: Vec<((f64, f64), &SeriesRanking)> =
        series.iter().filter_map(|one| Some((errors(one)?, one))).collect();
    judged.sort_by(|(a, _), (b, _)| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)));
    judged.into_iter().take(WORST).map(|(_, one)| one).collect()
}

/// What a table has beside the measure that ranks, the most telling first.
const MEASURES: [RankingMetric; 8] = [
    RankingMetric::RelMae,
    RankingMetric::Wape,
    RankingMetric::Mae,
    RankingMetric::Mase,
    RankingMetric::Bias,
    RankingMetric::Smape,
    RankingMetric::Rmse,
    RankingMetric::Rmsse,
];
/// Those that have a column however narrow the terminal is.
const SURE_MEASURES: usize = 4;

/// What a column is called that has a measure of so many series together.
const fn heading(measure: RankingMetric, series: usize) -> &'static str {
    match measure {
        RankingMetric::RelMae => "rel. MAE",
        RankingMetric::Wape if series > 1 => "pooled WAPE %",
        RankingMetric::Wape => "WAPE %",
        RankingMetric::Smape => "sMAPE %",
        RankingMetric::Pinball => "pinball",
        other => other.label(),
    }
}

/// A measure of the best model of each series. One in a unit is written for itself, because each series has its own.
fn of_winners(winners: &[Option<&RankEntry>], measure: RankingMetric) -> Vec<String> {
    let numbers: Vec<Option<f64>> =
        winners.iter().map(|winner| winner.and_then(|winner| number(winner, measure))).collect();
    let has_unit = matches!(measure, RankingMetric::Mae | RankingMetric::Rmse | RankingMetric::Bias);
    if !has_unit {
        return figures::column(&numbers);
    }
    numbers.iter().map(|one| one.map_or_else(|| figures::NONE.to_owned(), kernel::measured)).collect()
}

/// A measure of an entry; the bias with its sign.
fn number(entry: &RankEntry, measure: RankingMetric) -> Option<f64> {
    match measure {
        RankingMetric::Bias => entry.metrics.as_ref()?.bias,
        _ => entry.by(measure),
    }
}

#[cfg(test)]
mod tests;
