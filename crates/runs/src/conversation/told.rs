//! A conversation's frames: those of its runs, one run after the other in the order in which they were submitted.
//!
//! Frames of two runs never mix, and each run's are exactly those of its own replay, up to a cut. What a cut leaves out is
//! passed over, and the cut is shown in its place. A place that is left out by now is read as that of the cut.

use std::fmt;
use std::str::FromStr;

use kernel::{ConversationId, ReadDb, RunId, Tenant};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::runs::Cut;

use super::cut::{Cuts, runs_from};

/// A page ends after so many bytes of frames.
const MAX_PAGE_BYTES: usize = 1 << 20;
/// A page looks at so many runs at most, should they have no frames.
const MAX_RUNS: u64 = 256;

/// Behind a frame of a run, and behind the cuts that stand there up to this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The run.
    pub run: RunId,
    /// The frame; 0 before the first.
    pub seq: u64,
    /// The cut; 0 before the first.
    pub cut: u32,
}

impl Place {
    /// Before everything.
    pub const START: Self = Self { run: RunId(Uuid::nil()), seq: 0, cut: 0 };
}

/// `RUN:SEQ`, or `RUN:SEQ:CUT` behind a cut.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, seq, cut } = self;
        if *cut == 0 { write!(f, "{run}:{seq}") } else { write!(f, "{run}:{seq}:{cut}") }
    }
}

/// A text that is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a run's id and a seq, as in `RUN:17`, or the id of an event of this stream")]
pub struct NoPlace;

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let mut parts = text.split(':');
        let run = parts.next().and_then(|run| run.parse().ok()).ok_or(NoPlace)?;
        let seq = parts.next().and_then(|seq| seq.parse().ok()).ok_or(NoPlace)?;
        let cut = parts.next().map_or(Ok(0), str::parse).map_err(|_| NoPlace)?;
        if parts.next().is_some() { Err(NoPlace) } else { Ok(Self { run, seq, cut }) }
    }
}

/// What stands in a conversation's replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A frame, as stored.
    Frame {
        /// The run.
        run: RunId,
        /// Its seq there.
        seq: u64,
        /// The stored text.
        text: String,
    },
    /// Frames that were let go under a retention receipt.
    Gone {
        /// The run.
        run: RunId,
        /// The first of them.
        first_seq: u64,
        /// The last of them.
        last_seq: u64,
    },
    /// A cut, in the place of what it leaves out.
    Cut(Cut),
}

/// A part of a conversation's replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldPage {
    /// What stands there.
    pub told: Vec<Told>,
    /// Where it ends.
    pub end: Place,
    /// Nothing is stored behind it that may be read yet.
    pub is_end: bool,
    /// The runs in it that go on; a part that waits at such a run has no more than one.
    pub open: Vec<RunId>,
}

/// What to do at a run that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtOpen {
    /// Show what there is of it and go on with the runs behind it.
    PassOver,
    /// Show nothing behind it until it has ended, so that nothing is missed.
    Wait,
}

/// The next part of a conversation's replay after a place, with at most `limit` of what stands there.
pub async fn replay(
    (db, ledger): (&ReadDb, &ledger::Reader),
    tenant: Tenant,
    id: ConversationId,
    after: Place,
    limit: usize,
    at_open: AtOpen,
) -> Result<ToldPage, ledger::Error> {
    let cuts = Cuts::read(db.conn(), tenant, id).await?;
    let place = cuts.before(after.run, after.seq).map_or(after, |cut| Place {
        run: cut.run_id,
        seq: cut.seq,
        cut: cut.number - 1,
    });
    let runs = runs_from(db.conn(), tenant, id, place.run, Some(MAX_RUNS)).await?;
    let is_last = (runs.len() as u64) < MAX_RUNS;
    let page = ToldPage { told: Vec::new(), end: place, is_end: false, open: Vec::new() };
    let mut reading = Reading { ledger, tenant, cuts, limit, bytes: 0, page };
    for run in runs {
        match reading.run(run).await? {
            Run::Full => return Ok(reading.page),
            Run::Open => {
                reading.page.open.push(run);
                if at_open == AtOpen::Wait {
                    reading.page.is_end = true;
                    return Ok(reading.page);
                }
            }
            Run::Over => {}
        }
        if !reading.cuts(run) {
            return Ok(reading.page);
        }
    }
    reading.page.is_end = is_last;
    Ok(reading.page)
}

struct Reading<'a> {
    ledger: &'a ledger::Reader,
    tenant: Tenant,
    cuts: Cuts,
    limit: usize,
    bytes: usize,
    page: ToldPage,
}

/// How the reading of a run ended.
enum Run {
    /// More of it is there than fits.
    Full,
    /// All that is there was read, and more may come.
    Open,
    /// All of it was read.
    Over,
}

impl Reading<'_> {
    /// Reads on in a run, from the page's end or from the run's beginning.
    async fn run(&mut self, run: RunId) -> Result<Run, ledger::Error> {
        if self.page.end.run != run {
            self.page.end = Place { run, seq: 0, cut: 0 };
        }
        let until = self.cuts.shown_of(run).unwrap_or(u64::MAX);
        while self.page.end.seq < until {
            let room = self.limit.saturating_sub(self.page.told.len());
            if room == 0 || self.bytes > MAX_PAGE_BYTES {
                return Ok(Run::Full);
            }
            match self.ledger.page(self.tenant, run, self.page.end.seq, room).await {
                Ok(found) => {
                    let is_whole = self.take(run, until, found.frames);
                    if is_whole && found.is_end && self.page.end.seq < until {
                        return Ok(if found.head.is_closed { Run::Over } else { Run::Open });
                    }
                }
                Err(ledger::Error::Pruned { first, last, .. }) => {
                    let last_seq = last.min(until);
                    self.page.told.push(Told::Gone { run, first_seq: first, last_seq });
                    self.page.end.seq = last_seq;
                }
                // Its frames are gone with its ledger, or its row was made by somebody else: it has nothing to show.
                Err(ledger::Error::UnknownRun { .. }) => return Ok(Run::Over),
                Err(error) => return Err(error),
            }
        }
        Ok(Run::Over)
    }

    /// Takes frames as long as they fit; `false` says that some were left.
    fn take(&mut self, run: RunId, until: u64, frames: Vec<(u64, String)>) -> bool {
        for (seq, text) in frames.into_iter().take_while(|(seq, _)| *seq <= until) {
            if self.bytes > 0 && self.bytes + text.len() > MAX_PAGE_BYTES {
                self.bytes = usize::MAX;
                return false;
            }
            self.bytes += text.len();
            self.page.end.seq = seq;
            self.page.told.push(Told::Frame { run, seq, text });
        }
        true
    }

    /// Shows the cuts that stand in a run; `false` says that there is no room for all.
    fn cuts(&mut self, run: RunId) -> bool {
        let cuts: Vec<Cut> = self.cuts.shown_in(run, self.page.end.cut).cloned().collect();
        for cut in cuts {
            if self.page.told.len() >= self.limit {
                return false;
            }
            self.page.end.cut = cut.number;
            self.page.told.push(Told::Cut(cut));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let run = RunId(Uuid::from_u128(7));
        for place in [Place { run, seq: 17, cut: 0 }, Place { run, seq: 0, cut: 3 }, Place::START] {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for text in ["", "17", &format!("{run}"), &format!("{run}:x"), &format!("{run}:1:2:3"), ":1"] {
            assert_eq!(text.parse::<Place>(), Err(NoPlace), "{text}");
        }
    }
}
