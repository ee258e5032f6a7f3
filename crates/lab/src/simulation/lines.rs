//! What a simulation found, as lines of JSON beside its tables: for programs that read a row at a time.
//!
//! | artifact | a line per |
//! |---|---|
//! | `leaderboard_jsonl` | entry, best first, as in the document |
//! | `distribution_jsonl` | entry, with its ways to finish |
//! | `ownership_jsonl` | team, with its owners |
//! | `outcome_jsonl` | team, with its chance to reach each level |

use bytes::Bytes;
use serde::Serialize;
use wire::lab::{Distribution, LeaderboardRow, Ownership};

use super::play::Arena;

/// The type of the artifacts.
pub(super) const MEDIA_TYPE: &str = "application/x-ndjson";

/// What a team comes to: wins and byes together make a level, the first of which is 1.
#[derive(Serialize)]
struct Outcome<'a> {
    team_id: &'a str,
    p_reach: Vec<f64>,
    expected_points: f64,
}

/// The artifacts, each with its name.
pub(super) fn lines(
    arena: &Arena,
    leaderboard: &[LeaderboardRow],
    distributions: &[Distribution],
    ownership: &Ownership,
) -> [(&'static str, Bytes); 4] {
    let outcomes = arena.playing.bracket.teams().iter().enumerate().map(|(at, team_id)| Outcome {
        team_id,
        p_reach: (1..=arena.reach.levels()).map(|level| arena.reach.at_least(at, level)).collect(),
        expected_points: arena.reach.expected_points(at, &arena.auction.points),
    });
    [
        ("leaderboard_jsonl", text(leaderboard)),
        ("distribution_jsonl", text(distributions)),
        ("ownership_jsonl", text(&ownership.teams)),
        ("outcome_jsonl", text(outcomes)),
    ]
}

fn text<T: Serialize>(rows: impl IntoIterator<Item = T>) -> Bytes {
    let line = |row: T| kernel::canonical_json(&row).expect("a row is plain data") + "\n";
    rows.into_iter().map(line).collect::<String>().into()
}
