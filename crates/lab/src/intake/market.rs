//! What a market or a person says of the games: odds of every team, or chances of pairs.

use wire::lab::{GameOutcomeModel, PairProbability, TeamOdds};

use super::names::Names;
use super::part::{Part, is_total};
use super::told::Told;
use crate::check::Wrong;
use crate::field::Playing;

/// The model that the tables make, if they make one.
pub(super) fn read(
    odds: Option<&Part>,
    pairs: Option<&Part>,
    level: Option<usize>,
    (playing, names): (&Playing, &Names),
    told: &mut Told,
) -> Option<GameOutcomeModel> {
    let (part, model) = match (odds, pairs) {
        (Some(_), Some(pairs)) => {
            told.problem(pairs.whole(), "odds and pairs are two models of the games; give one of them");
            return None;
        }
        (Some(part), None) => (part, of_odds(part, level, playing, names, told)),
        (None, Some(part)) => (part, of_pairs(part, names, told)),
        (None, None) => return None,
    };
    if told.is_clear() {
        let mut wrong = Wrong::default();
        crate::game_outcome::check(playing, &model, &mut wrong);
        wrong.into_fields().into_iter().for_each(|error| told.problem(part.whole(), error.message));
    }
    Some(model)
}

fn of_odds(
    part: &Part,
    level: Option<usize>,
    playing: &Playing,
    names: &Names,
    told: &mut Told,
) -> GameOutcomeModel {
    let level = level.unwrap_or_else(|| {
        told.note("The odds are taken to be those of winning the title; state odds_level if they are about fewer steps.");
        playing.bracket.levels()
    });
    let as_written = written(part);
    if as_written == Written::American {
        told.note("The odds have signs: they are American, +150 pays 1.5 for 1 and -200 pays 1 for 2.");
    }
    let mut odds = Vec::new();
    for row in 0..part.rows() {
        let Some(team) = team(part, row, "team", names, told) else { continue };
        match decimal(part, row, as_written, told) {
            Some(decimal_odds) => odds.push(TeamOdds { team_id: names.id(team).to_owned(), decimal_odds }),
            None => told.left_out(part.at(row, None), "it has no odds that are read"),
        }
    }
    GameOutcomeModel::Odds { level, odds }
}

/// How the odds of a table are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Decimal,
    American,
}

/// A sign says that odds are American.
fn written(part: &Part) -> Written {
    let signed = (0..part.rows()).filter_map(|row| part.text(row, "odds"));
    let is_signed = |text: String| text.starts_with(['+', '-', '−']) && text.chars().count() > 1;
    if signed.into_iter().any(is_signed) { Written::American } else { Written::Decimal }
}

/// What one unit pays, the unit included: decimal, American (`+150`) or fractional (`5/2`) odds, or a chance.
fn decimal(part: &Part, row: usize, written: Written, told: &mut Told) -> Option<f64> {
    let Some(text) = part.text(row, "odds") else {
        let chance = part.number(row, "probability", told)?;
        return Some(1.0 / chance);
    };
    if let Some((win, stake)) = text.split_once('/')
        && let (Ok(win), Ok(stake)) = (win.trim().parse::<f64>(), stake.trim().parse::<f64>())
    {
        return Some(1.0 + win / stake);
    }
    let number = part.number(row, "odds", told)?;
    Some(match written {
        Written::Decimal => number,
        Written::American if number > 0.0 => 1.0 + number / 100.0,
        Written::American => 1.0 - 100.0 / number,
    })
}

fn of_pairs(part: &Part, names: &Names, told: &mut Told) -> GameOutcomeModel {
    let mut pairs = Vec::new();
    for row in 0..part.rows() {
        let both = (team(part, row, "team1", names, told), team(part, row, "team2", names, told));
        let (Some(one), Some(other)) = both else { continue };
        match part.number(row, "probability", told) {
            Some(p_team1_wins) => pairs.push(PairProbability {
                team1_id: names.id(one).to_owned(),
                team2_id: names.id(other).to_owned(),
                p_team1_wins,
            }),
            None => told.left_out(part.at(row, None), "it has no chance that is read"),
        }
    }
    GameOutcomeModel::Pairs { pairs }
}

/// The team of a cell; a row without one is left out, and one that is not of the field a problem.
fn team(part: &Part, row: usize, meaning: &str, names: &Names, told: &mut Told) -> Option<usize> {
    let Some(text) = part.text(row, meaning).filter(|text| !is_total(text)) else {
        told.left_out(part.at(row, None), "it names no team");
        return None;
    };
    match names.find(&text, told) {
        Ok(team) => Some(team),
        Err(message) => {
            told.problem(part.at(row, Some(meaning)), message);
            None
        }
    }
}
