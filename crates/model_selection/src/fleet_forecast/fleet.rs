//! The series that are forecast, as far as they have to be in memory: a block of them is what lies together in the object of
//! their data set.

use std::ops::Range;
use std::sync::Arc;

use datasets::{Object, Unreadable};
use kernel::Digest;
use runs::RunContext;
use series::{DatedSeries, Series};
use wire::datasets::SeriesSummary;
use wire::model_selection::{FleetDecision, Gaps};

use super::choice::choose;
use super::decision::names;
use super::kind::{Error, Spec};
use crate::blocking::off_the_runtime;
use crate::panel::{PanelError, back};
use crate::plan::calendar_rows;

/// Of a fleet with more series than this, so many evenly spread ones say what its seasons are, what its candidates weigh and
/// how wide its errors are: a mean over them is known to a sixtieth of what single series differ by.
const SAMPLE_SERIES: usize = 4096;
/// So many rows of those at most, a hundred megabytes.
const SAMPLE_ROWS: usize = 1 << 23;
/// The sample is read from so many groups of the object at most.
const SAMPLE_GROUPS: usize = 32;

/// The series of the pinned object that are forecast.
pub(super) struct Fleet {
    object: Object,
    /// Their places in the data set, ascending.
    places: Vec<usize>,
    /// Dates of each.
    pub dates: Vec<usize>,
    /// Dates without a value.
    pub missing: usize,
    /// Series that an earlier decision does not know.
    pub unknown: usize,
    /// Those of each block, by their order among all.
    pub blocks: Vec<Range<usize>>,
}

impl Fleet {
    /// Chooses as the submit did.
    pub(super) async fn open(
        store: &artifacts::Reader,
        spec: &Spec,
        decision: Option<Arc<FleetDecision>>,
    ) -> Result<Self, Error> {
        let object = Object::open(store, spec.content).await?;
        let index = object.index(0..object.series_count()).await?;
        let spec = spec.clone();
        off_the_runtime(move |_| Self::chosen(object, &spec, &index, decision.as_deref())).await
    }

    fn chosen(
        object: Object,
        spec: &Spec,
        index: &[SeriesSummary],
        decision: Option<&FleetDecision>,
    ) -> Result<Self, Error> {
        let places =
            choose(spec.dataset_id, index, spec.series.as_deref(), spec.gaps, Some(spec.frequency))?.places;
        let dates: Vec<usize> = places.iter().map(|&place| rows_of(spec, &index[place])).collect();
        let values = |place: &usize| usize::try_from(index[*place].values).unwrap_or(usize::MAX);
        let missing = places.iter().zip(&dates).map(|(place, dates)| dates.saturating_sub(values(place)));
        let missing = if spec.gaps == Gaps::Zero { 0 } else { missing.sum() };
        let unknown = decision.map(names).map_or(0, |known| {
            places.iter().filter(|place| !known.contains(index[**place].name.as_str())).count()
        });
        let of_group = |group: Range<usize>| {
            places.partition_point(|place| *place < group.start)
                ..places.partition_point(|place| *place < group.end)
        };
        let blocks = object.groups().into_iter().map(of_group).filter(|block| !block.is_empty()).collect();
        Ok(Self { object, places, dates, missing, unknown, blocks })
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Of all series, in their order, those that speak for the fleet: all of a small one.
    pub(super) fn sample(&self) -> Vec<usize> {
        let rows = self.dates.iter().sum::<usize>() / self.len().max(1);
        let most = (SAMPLE_ROWS / rows.max(1)).clamp(1, SAMPLE_SERIES);
        if self.len() <= most {
            return (0..self.len()).collect();
        }
        let groups = self.blocks.iter().step_by(self.blocks.len().div_ceil(SAMPLE_GROUPS));
        let looked_at: Vec<usize> = groups.cloned().flatten().collect();
        looked_at.iter().copied().step_by(looked_at.len().div_ceil(most)).collect()
    }

    /// These series, which ascend, on their grid.
    pub(super) async fn read(
        &self,
        cx: &RunContext,
        spec: &Spec,
        series: impl Iterator<Item = usize>,
    ) -> Result<Vec<Series>, runs::Failure<Error>> {
        let read = self.object.series(series.map(|at| self.places[at]).collect()).await;
        let dated = read.map_err(Error::from)?;
        let (frequency, gaps, back) = (spec.frequency, spec.gaps, spec.back());
        let on_its_grid = move |one: DatedSeries| Ok(one.on_grid(frequency, gaps)?.looking_back(back));
        let on_grid = move || dated.into_iter().map(on_its_grid).collect::<Result<_, _>>();
        Ok(cx.compute(on_grid).await?.map_err(|error| Error::Panel(PanelError::Series(error)))?)
    }
}

/// The dates of a series on the grid it is forecast on.
fn rows_of(spec: &Spec, one: &SeriesSummary) -> usize {
    let word = spec.frequency.into();
    let rows = if one.frequency == word {
        calendar_rows(one)
    } else {
        calendar_rows(&SeriesSummary { frequency: word, ..one.clone() })
    };
    usize::try_from(rows).unwrap_or(usize::MAX)
}

impl Spec {
    /// How many rows before a date a column is read that is known only up to the last value.
    pub(super) fn back(&self) -> usize {
        back(self.folds.and_then(|folds| folds.gap).unwrap_or(0), self.horizon)
    }

    /// A sentence that counts rows, by what they are; where dates are left out they are nothing one could name.
    pub(super) fn say(&self, sentence: &str) -> String {
        if self.gaps == Gaps::Omit { sentence.to_owned() } else { self.frequency.say(sentence) }
    }

    /// A part of what is read of the pinned object, as shards name it.
    pub(super) fn part(&self, part: &impl serde::Serialize) -> Digest {
        kernel::digest_json(&(self.fleet(), part)).expect("a part is named by plain data")
    }
}

impl From<Unreadable> for Error {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Store(error) => Self::Input(error),
            Unreadable::Bytes(error) => Self::Panel(PanelError::Object(error)),
        }
    }
}
