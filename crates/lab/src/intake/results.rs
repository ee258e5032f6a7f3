//! Results: by game, by who beat whom, by scores, or by how often each team has won.

use tournament::{Bracket, Source};
use wire::lab::GameResult;

use super::names::Names;
use super::part::Part;
use super::told::Told;
use crate::check::Wrong;
use crate::field::Playing;

/// The results of a table, as far as they fit the bracket.
pub(super) fn read(part: &Part, playing: &Playing, names: &Names, told: &mut Told) -> Vec<GameResult> {
    let has = |meaning: &str| part.column(meaning).is_some();
    if !has("winner") && !has("team1") {
        told.note("Results are told by wins: a team that has won as often goes no further.");
        return by_wins(part, playing, names, told);
    }
    let mut found: Vec<(GameResult, usize)> = Vec::new();
    for row in 0..part.rows() {
        match one(part, row, &playing.bracket, names, told) {
            Ok(Some((game, winner))) => {
                let game_id = playing.bracket.games()[game].id.clone();
                let result = GameResult { game_id, winner_team_id: names.id(winner).to_owned() };
                found.push((result, row));
            }
            Ok(None) => told.left_out(part.at(row, None), "it names no winner: the game is open"),
            Err((meaning, message)) => told.problem(part.at(row, Some(meaning)), message),
        }
    }
    let results: Vec<GameResult> = found.iter().map(|(result, _)| result.clone()).collect();
    let mut wrong = Wrong::default();
    playing.results(&results, "results", &mut wrong);
    for error in wrong.into_fields() {
        let row = found.iter().rposition(|(result, _)| error.field == format!("results[{}]", result.game_id));
        let at = row.map_or_else(|| part.whole(), |row| part.at(found[row].1, None));
        told.problem(at, error.message);
    }
    results
}

type Refused = (&'static str, String);

/// The game and the winner of a row; nothing of a game that is open.
fn one(
    part: &Part,
    row: usize,
    bracket: &Bracket,
    names: &Names,
    told: &mut Told,
) -> Result<Option<(usize, usize)>, Refused> {
    let team = |meaning: &'static str, told: &mut Told| -> Result<Option<usize>, Refused> {
        let Some(text) = part.text(row, meaning) else { return Ok(None) };
        names.find(&text, told).map(Some).map_err(|message| (meaning, message))
    };
    let sides = (team("team1", told)?, team("team2", told)?);
    let mut winner = team("winner", told)?;
    if let (None, (Some(one), Some(other))) = (winner, sides) {
        let scores = (part.number(row, "score1", told), part.number(row, "score2", told));
        winner = match scores {
            (Some(a), Some(b)) if a > b => Some(one),
            (Some(a), Some(b)) if a < b => Some(other),
            (Some(_), Some(_)) => return Err(("score2", "a game that is level has no winner".to_owned())),
            _ => None,
        };
    }
    let Some(winner) = winner else { return Ok(None) };
    if let Some(text) = part.text(row, "game")
        && let Some(game) = game_named(bracket, &text)
    {
        return Ok(Some((game, winner)));
    }
    let pair = match (team("loser", told)?, sides) {
        (Some(loser), _) => (winner, loser),
        (None, (Some(one), Some(other))) => (one, other),
        _ => return Err(("game", "is no game of this bracket; name the game, or who lost it".to_owned())),
    };
    if pair.0 != winner && pair.1 != winner {
        return Err(("winner", "the winner is not one of the two teams".to_owned()));
    }
    let apart = || ("winner", format!("`{}` and `{}` cannot meet", names.id(pair.0), names.id(pair.1)));
    Ok(Some((meeting(bracket, pair).ok_or_else(apart)?, winner)))
}

fn game_named(bracket: &Bracket, text: &str) -> Option<usize> {
    let wanted = text.to_lowercase();
    bracket.game(text).or_else(|| bracket.games().iter().position(|game| game.id.to_lowercase() == wanted))
}

/// The only game in which two teams can meet.
fn meeting(bracket: &Bracket, (one, other): (usize, usize)) -> Option<usize> {
    let can = |side: usize, team: usize| bracket.reachable(side).contains(&team);
    bracket.games().iter().position(|game| {
        let [top, bottom] = game.sides;
        (can(top, one) && can(bottom, other)) || (can(top, other) && can(bottom, one))
    })
}

/// The winners of the games by how often each team has won in all: who has a win left goes on.
fn by_wins(part: &Part, playing: &Playing, names: &Names, told: &mut Told) -> Vec<GameResult> {
    let (bracket, mut left) = (&playing.bracket, vec![0_u32; playing.field.teams.len()]);
    for row in 0..part.rows() {
        let Some(text) = part.text(row, "team") else { continue };
        match names.find(&text, told) {
            Ok(team) => {
                let wins = part.column("wins").and_then(|column| part.whole_number(row, column, told));
                left[team] += wins.unwrap_or(0);
            }
            Err(message) => told.problem(part.at(row, Some("team")), message),
        }
    }
    let (mut winners, mut results) = (vec![None; bracket.games().len()], Vec::new());
    for (at, game) in bracket.games().iter().enumerate() {
        let side = |side: usize| match bracket.source(at, side) {
            Source::Team(team) => Some(team),
            Source::Winner(from) => winners[from],
        };
        let (Some(one), Some(other)) = (side(0), side(1)) else { continue };
        let winner = match (left[one] > 0, left[other] > 0) {
            (true, true) => {
                let message = format!(
                    "`{}` and `{}` meet in {}, and both win on",
                    names.id(one),
                    names.id(other),
                    game.id
                );
                told.problem(part.whole(), message);
                continue;
            }
            (true, false) => one,
            (false, true) => other,
            (false, false) => continue,
        };
        left[winner] -= 1;
        winners[at] = Some(winner);
        results.push(GameResult { game_id: game.id.clone(), winner_team_id: names.id(winner).to_owned() });
    }
    if let Some(team) = left.iter().position(|wins| *wins > 0) {
        told.problem(
            part.whole(),
            format!("`{}` has more wins than games it can have played", names.id(team)),
        );
    }
    results
}
