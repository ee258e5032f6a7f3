//! Playing the frames of a run as a viewer asked for it: a part of them, at a pace.
//!
//! What is played is what is stored, cut between frames and never within one, so that a slow replay has the same bytes as
//! one that takes no time.

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use kernel::{RunId, Tenant};
use ledger::{Chunk, Error};
use serde::Deserialize;
use tokio::time::{Instant, sleep_until};
use wire::ledger::{Playback, Speed};

/// Frames as they are played.
pub(crate) type Played = Pin<Box<dyn Stream<Item = Result<Chunk, Error>> + Send>>;

/// Plays a run of the ledger.
pub(crate) fn of_run(ledger: &ledger::Reader, tenant: Tenant, run: RunId, playback: Playback) -> Played {
    match playback.speed {
        Speed::Instant => play(ledger.follow(tenant, run, playback.after), playback),
        Speed::Paced { .. } => play(ledger.follow_slowly(tenant, run, playback.after), playback),
    }
}

/// Plays the frames of a run after `playback.after`.
pub(crate) fn play(
    chunks: impl Stream<Item = Result<Chunk, Error>> + Send + 'static,
    playback: Playback,
) -> Played {
    let Playback { after, from, until, to, speed, max_gap } = playback;
    let part = Part { after, from, until: until.unwrap_or(u64::MAX), to };
    let pace = match speed {
        Speed::Instant => None,
        Speed::Paced { thousandths } => Some(Pace { thousandths, max_gap, latest: None, due: None }),
    };
    let player = Player { chunks: Box::pin(chunks), part, pace, waiting: VecDeque::new() };
    stream::try_unfold(player, Player::next).boxed()
}

struct Player {
    chunks: Played,
    part: Part,
    /// `None` where nothing is waited for.
    pace: Option<Pace>,
    /// Frames whose time has not come.
    waiting: VecDeque<Chunk>,
}

impl Player {
    async fn next(mut self) -> Result<Option<(Chunk, Self)>, Error> {
        let Some(mut pace) = self.pace.take() else {
            return Ok(self.chunk().await?.map(|chunk| (chunk, self)));
        };
        while self.waiting.is_empty() {
            let Some(chunk) = self.chunk().await? else { return Ok(None) };
            self.waiting.extend(chunk.each());
        }
        let Some(frame) = self.waiting.pop_front() else { return Ok(None) };
        pace.wait_for(&frame).await;
        self.pace = Some(pace);
        Ok(Some((frame, self)))
    }

    /// The next frames of the part that is played.
    async fn chunk(&mut self) -> Result<Option<Chunk>, Error> {
        while !self.part.is_over() {
            let Some(chunk) = self.chunks.try_next().await? else { return Ok(None) };
            if let Some(chunk) = self.part.cut(&chunk) {
                return Ok(Some(chunk));
            }
        }
        Ok(None)
    }
}

/// The part of a run that is still to be played.
struct Part {
    after: u64,
    /// `None` once a frame of that time has come.
    from: Option<DateTime<Utc>>,
    until: u64,
    to: Option<DateTime<Utc>>,
}

impl Part {
    fn is_over(&self) -> bool {
        self.after >= self.until
    }

    /// What of a chunk belongs to the part.
    fn cut(&mut self, chunk: &Chunk) -> Option<Chunk> {
        if let Some(from) = self.from {
            let Some(seq) = first(chunk, self.after, |time| time >= from) else {
                self.after = self.after.max(chunk.last_seq());
                return None;
            };
            self.after = self.after.max(seq - 1);
            self.from = None;
        }
        if let Some(to) = self.to
            && let Some(seq) = first(chunk, self.after, |time| time > to)
        {
            self.until = self.until.min(seq - 1);
        }
        let part = chunk.part(self.after, self.until)?;
        self.after = part.last_seq();
        Some(part)
    }
}

/// The first frame after a seq whose time is such.
fn first(chunk: &Chunk, after: u64, is_such: impl Fn(DateTime<Utc>) -> bool) -> Option<u64> {
    let mut frames = chunk.frames().filter(|(seq, _)| *seq > after);
    frames.find(|(_, frame)| time_of(frame).is_some_and(&is_such)).map(|(seq, _)| seq)
}

/// When a frame was written.
pub(crate) fn time_of(frame: &str) -> Option<DateTime<Utc>> {
    #[derive(Deserialize)]
    struct Written {
        server_timestamp: DateTime<Utc>,
    }
    serde_json::from_str(frame).map(|Written { server_timestamp }| server_timestamp).ok()
}

/// When which frame is due. Each is due relative to the first one and not to when the last one was really sent, so that
/// what a wait is late by does not add up.
struct Pace {
    thousandths: u32,
    max_gap: Option<Duration>,
    /// The latest time of the record so far.
    latest: Option<DateTime<Utc>>,
    due: Option<Instant>,
}

impl Pace {
    async fn wait_for(&mut self, frame: &Chunk) {
        let gap = self.gap(frame);
        let due = self.due.map_or_else(Instant::now, |due| due.checked_add(gap).unwrap_or(due));
        self.due = Some(due);
        sleep_until(due).await;
    }

    /// How long after the frame before it is played. Time that ran backwards in the record takes none.
    fn gap(&mut self, frame: &Chunk) -> Duration {
        let Some(time) = frame.frames().find_map(|(_, frame)| time_of(frame)) else { return Duration::ZERO };
        let latest = self.latest.unwrap_or(time);
        let silence = (time - latest).to_std().unwrap_or_default();
        self.latest = Some(latest.max(time));
        let silence = self.max_gap.map_or(silence, |longest| silence.min(longest));
        let micros = silence.as_micros() * 1000 / u128::from(self.thousandths);
        Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use std::ops::RangeInclusive;

    use chrono::TimeDelta;

    use super::*;

    const START: &str = "2026-01-05T08:00:00Z";

    /// Frames that were written so many milliseconds after the start.
    fn record(at_ms: &[i64]) -> Vec<String> {
        let start: DateTime<Utc> = START.parse().unwrap();
        let time = |ms: &i64| kernel::rfc3339(start + TimeDelta::milliseconds(*ms));
        at_ms.iter().map(|ms| format!(r#"{{"server_timestamp":"{}"}}"#, time(ms))).collect()
    }

    /// As a ledger gives them: in chunks of three.
    fn chunks(frames: &[String]) -> impl Stream<Item = Result<Chunk, Error>> + Send + use<> {
        let chunks: Vec<_> = (1..).step_by(3).zip(frames.chunks(3)).collect();
        let chunk = |(first, frames): (u64, &[String])| {
            Ok(Chunk::new(first, first + frames.len() as u64 - 1, frames.join("\n")))
        };
        stream::iter(chunks.into_iter().map(chunk).collect::<Vec<_>>())
    }

    fn paced(thousandths: u32) -> Playback {
        Playback { speed: Speed::Paced { thousandths }, ..Playback::default() }
    }

    /// What is played, and how many milliseconds after the start.
    async fn played(frames: &[String], playback: Playback) -> Vec<(u64, u128)> {
        let start = Instant::now();
        let played = play(chunks(frames), playback).map_ok(|chunk| {
            let at = start.elapsed().as_millis();
            chunk.frames().map(|(seq, _)| (seq, at)).collect::<Vec<_>>()
        });
        played.try_concat().await.unwrap()
    }

    async fn bytes(frames: &[String], playback: Playback) -> Vec<u8> {
        let events = play(chunks(frames), playback).map_ok(|chunk| chunk.to_sse().to_vec());
        events.try_concat().await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn each_frame_comes_when_it_was_written_and_has_the_same_bytes() {
        let at_ms: Vec<i64> = (0..200)
            .map(|n| n * n % 977 + n * 41)
            .scan(0, |last, at| {
                *last = at.max(*last);
                Some(*last)
            })
            .collect();
        let frames = record(&at_ms);
        let seen = played(&frames, paced(1000)).await;
        assert_eq!(seen.len(), frames.len());
        for ((_, at), written) in seen.iter().zip(&at_ms) {
            let late = i128::try_from(*at).unwrap() - i128::from(written - at_ms[0]);
            assert!((0..10).contains(&late), "{late} ms");
        }
        let instant = bytes(&frames, Playback::default()).await;
        for thousandths in [100, 1000, 2500, 1_000_000] {
            assert_eq!(bytes(&frames, paced(thousandths)).await, instant);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_factor_divides_and_a_long_silence_is_cut() {
        let frames = record(&[0, 1000, 61_000, 60_000, 61_500]);
        let at = async |playback| {
            played(&frames, playback).await.into_iter().map(|(_, at)| at).collect::<Vec<_>>()
        };
        assert_eq!(at(paced(2000)).await, [0, 500, 30_500, 30_500, 30_750]);
        assert_eq!(at(paced(500)).await, [0, 2000, 122_000, 122_000, 123_000]);
        let short = Playback { max_gap: Some(Duration::from_secs(2)), ..paced(1000) };
        assert_eq!(at(short).await, [0, 1000, 3000, 3000, 3500]);
        assert_eq!(at(Playback::default()).await, [0; 5]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_part_begins_and_ends_at_frames_or_at_times() {
        let frames = record(&[0, 10, 20, 30, 40, 50, 60, 70]);
        let time = |ms| Some(START.parse::<DateTime<Utc>>().unwrap() + TimeDelta::milliseconds(ms));
        let (all, none) = (Playback::default(), RangeInclusive::new(1, 0));
        for (playback, expected) in [
            (all, 1..=8),
            (Playback { after: 2, until: Some(5), ..all }, 3..=5),
            (Playback { from: time(15), to: time(40), ..all }, 3..=5),
            (Playback { from: time(20), until: Some(3), ..all }, 3..=3),
            (Playback { after: 5, to: time(55), ..all }, 6..=6),
            (Playback { after: 5, from: time(0), ..all }, 6..=8),
            (Playback { from: time(71), ..all }, none.clone()),
            (Playback { after: 5, to: time(15), ..all }, none),
            (Playback { until: Some(99), ..paced(1000) }, 1..=8),
            (Playback { from: time(15), to: time(40), ..paced(1000) }, 3..=5),
        ] {
            let seqs: Vec<u64> = played(&frames, playback).await.into_iter().map(|(seq, _)| seq).collect();
            assert_eq!(seqs, expected.collect::<Vec<_>>(), "{playback:?}");
        }
    }

    #[tokio::test]
    async fn a_part_that_is_over_does_not_wait_for_more() {
        let frames = record(&[0, 10, 20]);
        let going_on = chunks(&frames).chain(stream::pending());
        let played: Vec<_> =
            play(going_on, Playback { until: Some(2), ..Playback::default() }).collect().await;
        assert_eq!(played.len(), 1);
    }
}
