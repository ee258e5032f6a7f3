//! The bracket of four regions of sixteen seeds, where two teams on one seed of a region meet in a play-in first.
//!
//! 64 to 128 teams; the field of 68 has four such pairs. Names of games and rounds, the order of the games and which
//! side is side 0 are those of the earlier system's contract: the better seed is side 0 in the round of 64, a play-in's
//! winner is side 1, and later the game with the smaller number feeds side 0.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Bracket, BracketError, GameSpec, SideSpec};

/// A team's place in a regional field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionalTeam {
    /// Its id.
    pub id: String,
    /// Its region.
    pub region: String,
    /// Its seed there, 1 to 16.
    pub seed: u32,
}

/// Which regions meet in the semi-finals: the top pair, then the bottom pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinalFour {
    /// First semi-final, side 0.
    pub top_left: String,
    /// First semi-final, side 1.
    pub bottom_left: String,
    /// Second semi-final, side 0.
    pub top_right: String,
    /// Second semi-final, side 1.
    pub bottom_right: String,
}

impl Default for FinalFour {
    fn default() -> Self {
        let [top_left, bottom_left, top_right, bottom_right] =
            ["East", "West", "South", "Midwest"].map(str::to_owned);
        Self { top_left, bottom_left, top_right, bottom_right }
    }
}

const SEEDS: u32 = 16;
const ROUNDS: [&str; 7] =
    ["first_four", "round_of_64", "round_of_32", "sweet_16", "elite_8", "final_four", "championship"];

/// The bracket of a regional field.
pub fn regional(teams: &[RegionalTeam], pairs: &FinalFour) -> Result<Bracket, BracketError> {
    let regions = [&pairs.top_left, &pairs.bottom_left, &pairs.top_right, &pairs.bottom_right];
    let by_place = places(teams, &regions)?;
    let mut games = Vec::new();
    for region in regions {
        region_games(region, &by_place, &mut games);
    }
    let winner = |region: &str| SideSpec::WinnerOf(format!("{region}-elite_8-1"));
    let semi = |at: usize, left: &str, right: &str| GameSpec {
        id: format!("final_four-{at}"),
        round: 5,
        sides: [winner(left), winner(right)],
    };
    games.push(semi(1, &pairs.top_left, &pairs.bottom_left));
    games.push(semi(2, &pairs.top_right, &pairs.bottom_right));
    games.push(GameSpec {
        id: "championship".to_owned(),
        round: 6,
        sides: [1, 2].map(|at| SideSpec::WinnerOf(format!("final_four-{at}"))),
    });
    let ids = teams.iter().map(|team| team.id.clone()).collect();
    Bracket::build(ids, ROUNDS.map(str::to_owned).to_vec(), games)
}

type Places<'a> = BTreeMap<(&'a str, u32), Vec<&'a str>>;

/// Who stands on each seed of each region: one team, or two.
fn places<'a>(teams: &'a [RegionalTeam], regions: &[&'a String; 4]) -> Result<Places<'a>, BracketError> {
    let mut by_place = Places::new();
    for team in teams {
        by_place.entry((team.region.as_str(), team.seed)).or_default().push(team.id.as_str());
    }
    let mut found: Vec<String> = teams.iter().map(|team| team.region.clone()).collect();
    found.sort();
    found.dedup();
    let mut expected: Vec<String> = regions.iter().map(ToString::to_string).collect();
    expected.sort();
    if found != expected {
        return Err(BracketError::Regions { expected, found });
    }
    let strange = by_place.keys().find(|(_, seed)| !(1..=SEEDS).contains(seed)).copied();
    let needed = regions.iter().flat_map(|region| (1..=SEEDS).map(|seed| (region.as_str(), seed)));
    for (region, seed) in needed.chain(strange) {
        let count = by_place.get(&(region, seed)).map_or(0, Vec::len);
        if !(1..=2).contains(&count) || !(1..=SEEDS).contains(&seed) {
            return Err(BracketError::Seeds { region: region.to_owned(), seed, count });
        }
    }
    Ok(by_place)
}

fn region_games(region: &str, by_place: &Places<'_>, games: &mut Vec<GameSpec>) {
    let enters = |seed: u32, games: &mut Vec<GameSpec>| match by_place[&(region, seed)][..] {
        [first, second] => {
            let id = format!("{region}-first_four-{seed}");
            let sides = [first, second].map(|team| SideSpec::Team(team.to_owned()));
            games.push(GameSpec { id: id.clone(), round: 0, sides });
            SideSpec::WinnerOf(id)
        }
        ref one => SideSpec::Team(one[0].to_owned()),
    };
    for seed in 1..=8 {
        let sides = [enters(seed, games), enters(17 - seed, games)];
        games.push(GameSpec { id: format!("{region}-round_of_64-{seed}"), round: 1, sides });
    }
    for (round, of) in [(2, 4), (3, 2), (4, 1)] {
        let from = ROUNDS[round - 1];
        for game in 1..=of {
            // Games are numbered by the best seed in them, so the last one of a round meets the first.
            let sides = [game, 2 * of + 1 - game]
                .map(|from_game| SideSpec::WinnerOf(format!("{region}-{from}-{from_game}")));
            games.push(GameSpec { id: format!("{region}-{}-{game}", ROUNDS[round]), round, sides });
        }
    }
}
