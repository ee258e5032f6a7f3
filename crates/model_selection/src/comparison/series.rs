//! Reading what a comparison found of its series: a page of them, or one, and never all for the sake of some.

use std::ops::Range;
use std::slice;

use kernel::{Page, RunId, Tenant};
use runs::{Run, RunKind};
use wire::model_selection::{SeriesCharts, SeriesRanking};

use super::chart::chart;
use super::kind::Comparison;
use super::spec::Spec;
use super::tables::{FOLDS, FoldRow, Opened, RANKS, SERIES, entry, ranking};
use crate::reader::spec_of;
use crate::{ReadError, Reader};

impl Reader {
    /// Up to `limit` rankings from a place on, of those series whose names have a part, in either case. Before a comparison has
    /// ended there is none.
    pub async fn comparison_series(
        &self,
        tenant: Tenant,
        id: RunId,
        from: u64,
        limit: usize,
        name_contains: Option<&str>,
    ) -> Result<Page<SeriesRanking, u64>, ReadError> {
        let (run, spec) = self.asked(tenant, id).await?;
        let found = self.ranked(&run, &spec).await?.ok_or_else(|| no_result(id))?;
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let mut places = match name_contains {
            Some(part) => found.named(part).await?.into_iter().filter(|place| *place >= from).collect(),
            None => (from..found.series.rows()).take(limit + 1).collect::<Vec<_>>(),
        };
        let next = places.get(limit).map(|place| *place as u64);
        places.truncate(limit);
        Ok(Page { items: found.rankings(&places).await?, next })
    }

    /// The charts of a series, with its ranking; of the first one where none is named.
    pub async fn comparison_charts(
        &self,
        tenant: Tenant,
        id: RunId,
        series: Option<&str>,
    ) -> Result<SeriesCharts, ReadError> {
        let (run, spec) = self.asked(tenant, id).await?;
        let found = self.ranked(&run, &spec).await?.ok_or_else(|| no_result(id))?;
        let place = match series {
            Some(name) => found.place_of(name).await?,
            None => (found.series.rows() > 0).then_some(0),
        };
        let unknown = || ReadError::UnknownSeries { run: id, series: series.map(str::to_owned) };
        found.charts(place.ok_or_else(unknown)?).await
    }

    /// What a comparison says of a series, if it ranks it.
    pub(crate) async fn series_ranking(
        &self,
        tenant: Tenant,
        id: RunId,
        series: &str,
    ) -> Result<Option<SeriesRanking>, ReadError> {
        let (run, spec) = self.asked(tenant, id).await?;
        let Some(found) = self.ranked(&run, &spec).await? else { return Ok(None) };
        let Some(place) = found.place_of(series).await? else { return Ok(None) };
        Ok(found.rankings(&[place]).await?.pop())
    }

    /// The charts of a comparison of one series, if it is ranked.
    pub(super) async fn only_charts(
        &self,
        run: &Run,
        spec: &Spec,
    ) -> Result<Option<SeriesCharts>, ReadError> {
        match self.ranked(run, spec).await? {
            Some(found) if found.series.rows() == 1 => found.charts(0).await.map(Some),
            _ => Ok(None),
        }
    }

    async fn asked(&self, tenant: Tenant, id: RunId) -> Result<(Run, Spec), ReadError> {
        let run = self.run_of::<Comparison>(tenant, id).await?;
        let spec = spec_of::<Comparison>(&run)?;
        Ok((run, spec))
    }

    /// The tables of a comparison that has a ranking.
    async fn ranked<'a>(&'a self, run: &'a Run, spec: &'a Spec) -> Result<Option<Ranked<'a>>, ReadError> {
        if self.artifact(run, "ranking").await?.is_none() {
            return Ok(None);
        }
        let series = Opened::of(self, run, "series", &SERIES).await?;
        Ok(Some(Ranked { reader: self, run, spec, series }))
    }
}

fn no_result(run: RunId) -> ReadError {
    ReadError::NoResult { kind: Comparison::NAME, run }
}

/// A comparison with a ranking.
struct Ranked<'a> {
    reader: &'a Reader,
    run: &'a Run,
    spec: &'a Spec,
    series: Opened<'a>,
}

impl Ranked<'_> {
    /// The places of the series whose names have a part, in either case.
    async fn named(&self, part: &str) -> Result<Vec<usize>, ReadError> {
        let part = part.to_lowercase();
        self.places(|name| name.to_lowercase().contains(&part)).await
    }

    async fn place_of(&self, name: &str) -> Result<Option<usize>, ReadError> {
        Ok(self.places(|one| one == name).await?.first().copied())
    }

    async fn places(&self, is_asked: impl Fn(&str) -> bool) -> Result<Vec<usize>, ReadError> {
        let all = 0..self.series.rows();
        let rows = self.series.read(&["unique_id"], slice::from_ref(&all)).await?;
        let asked = self.series.each(&rows, |row| row.cell("unique_id").map(&is_asked))?;
        Ok((0..asked.len()).filter(|&place| asked[place]).collect())
    }

    /// The rankings of the series at these places, which ascend.
    async fn rankings(&self, places: &[usize]) -> Result<Vec<SeriesRanking>, ReadError> {
        let (run, metric) = (self.run.id, self.spec.ranking_metric);
        let candidates = self.spec.candidates.len().max(1);
        let ranks = Opened::of(self.reader, self.run, "ranks", &RANKS).await?;
        let rows = ranks.read(&RANKS.names(), &ranges(places, candidates)).await?;
        let entries = ranks.each(&rows, |row| Ok((row.cell::<&str>("unique_id")?, entry(row, run)?)))?;
        let mut of_series = entries.chunks_exact(candidates);
        let rows = self.series.read(&SERIES.names(), &ranges(places, 1)).await?;
        let found = self.series.each(&rows, |row| {
            let entries = of_series.next().unwrap_or_default();
            let found = ranking(row, metric, entries.iter().map(|(_, entry)| entry.clone()).collect())?;
            let is_of_it = entries.len() == candidates && entries.iter().all(|(name, _)| *name == found.name);
            Ok(is_of_it.then_some(found))
        })?;
        let whole: Option<Vec<SeriesRanking>> = found.into_iter().collect();
        whole.ok_or_else(|| ranks.unreadable("its rows are of other series"))
    }

    async fn charts(&self, place: usize) -> Result<SeriesCharts, ReadError> {
        let ranking = self.rankings(&[place]).await?.pop();
        let ranking = ranking.ok_or_else(|| self.series.unreadable("it has no such row"))?;
        let rows = self.series.read(&["folds_at", "fold_rows"], slice::from_ref(&(place..place + 1))).await?;
        let at = self.series.each(&rows, |row| Ok((row.cell("folds_at")?, row.cell("fold_rows")?)))?;
        let (from, count): (usize, usize) = at.first().copied().unwrap_or_default();
        let table = Opened::of(self.reader, self.run, "folds", &FOLDS).await?;
        let rows = table.read(&FoldRow::COLUMNS, slice::from_ref(&(from..from + count))).await?;
        let folds = table.each(&rows, FoldRow::of)?;
        if folds.iter().any(|fold| fold.series != ranking.name) {
            return Err(table.unreadable("its rows are of other series"));
        }
        Ok(SeriesCharts { charts: chart(&ranking, folds), ranking })
    }
}

/// The rows of series at these places, of which each has so many.
fn ranges(places: &[usize], of_each: usize) -> Vec<Range<usize>> {
    let runs = places.chunk_by(|a, b| a + 1 == *b);
    runs.map(|run| of_each * run[0]..of_each * (run[run.len() - 1] + 1)).collect()
}
