//! A knock-out bracket as data: a tree of slots in which every team enters once and one team leaves.
//!
//! A *slot* is a place that a team can stand in. Level 0 holds the teams, and a slot of level `l` holds whoever made
//! `l` steps: by winning a game of round `l - 1`, or by a *bye*, which is a node of its own. So all slots of one level
//! mean the same progress, `progress = wins + byes`, whatever the shape of the tree, and no play-in or free round is a
//! special case.

mod error;
mod grouped;
mod regional;
mod seeded;

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use self::error::BracketError;
pub use self::grouped::{Group, grouped};
pub use self::regional::{FinalFour, RegionalTeam, regional};
pub use self::seeded::seeded;

/// Teams a bracket can have.
pub const TEAMS: std::ops::RangeInclusive<usize> = 2..=256;

/// One game as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GameSpec {
    /// Its name, unique within the bracket.
    pub id: String,
    /// Round it is played in, from 0. A side that stands below it has byes up to it.
    pub round: usize,
    /// Who meets; the first side is *side 0*.
    pub sides: [SideSpec; 2],
}

/// Where one side of a game comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SideSpec {
    /// This team enters here.
    Team(String),
    /// The winner of this game.
    WinnerOf(String),
}

/// A place a team can stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// A team enters.
    Team(usize),
    /// Whoever stands in this slot of the level below passes without a game.
    Bye(usize),
    /// The winner of this game.
    Winner(usize),
}

/// A game of a built bracket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Game {
    /// Its name.
    pub id: String,
    /// Round, from 0; its winner makes progress `round + 1`.
    pub round: usize,
    /// The slots of its two sides, both of level `round`.
    pub sides: [usize; 2],
}

/// Who comes into a side of a game, byes passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// This team, from the start.
    Team(usize),
    /// The winner of this game.
    Winner(usize),
}

/// A bracket whose shape was checked: a tree with every team at one leaf. Games are in the order they are played,
/// rounds first; games, slots and teams are named by their index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bracket {
    teams: Vec<String>,
    rounds: Vec<String>,
    games: Vec<Game>,
    slots: Vec<Slot>,
    /// The range of `order` that can stand in each slot.
    reachable: Vec<Range<usize>>,
    /// Teams by their place in the tree, so that whoever can come into a slot stands side by side.
    order: Vec<usize>,
    root: usize,
}

impl Bracket {
    /// Builds and checks a bracket of these teams. `rounds` has a name for each round.
    pub fn build(
        teams: Vec<String>,
        rounds: Vec<String>,
        mut games: Vec<GameSpec>,
    ) -> Result<Self, BracketError> {
        games.sort_by_key(|game| game.round);
        let plan = Plan::check(&teams, &rounds, &games)?;
        let mut built =
            Self { teams, rounds, games: vec![], slots: vec![], reachable: vec![], order: vec![], root: 0 };
        let mut winners = Vec::with_capacity(games.len());
        for (at, spec) in games.into_iter().enumerate() {
            let sides = plan.sources[at].map(|source| {
                let (slot, level) = match source {
                    Source::Team(team) => (built.slot(Slot::Team(team)), 0),
                    Source::Winner(game) => (winners[game], built.games[game].round + 1),
                };
                (level..spec.round).fold(slot, |below, _| built.slot(Slot::Bye(below)))
            });
            built.games.push(Game { id: spec.id, round: spec.round, sides });
            winners.push(built.slot(Slot::Winner(at)));
        }
        built.root = winners[plan.last];
        built.reachable = vec![0..0; built.slots.len()];
        built.place(built.root);
        Ok(built)
    }

    fn slot(&mut self, slot: Slot) -> usize {
        self.slots.push(slot);
        self.slots.len() - 1
    }

    /// Walks the tree below a slot, side 0 first, and notes which teams can come to stand there.
    fn place(&mut self, slot: usize) {
        let from = self.order.len();
        match self.slots[slot] {
            Slot::Team(team) => self.order.push(team),
            Slot::Bye(below) => self.place(below),
            Slot::Winner(game) => self.games[game].sides.into_iter().for_each(|side| self.place(side)),
        }
        self.reachable[slot] = from..self.order.len();
    }

    /// The teams, by index.
    pub fn teams(&self) -> &[String] {
        &self.teams
    }

    /// The names of the rounds.
    pub fn rounds(&self) -> &[String] {
        &self.rounds
    }

    /// The most progress a team can make: that of the last winner.
    pub fn levels(&self) -> usize {
        self.games[self.last_game()].round + 1
    }

    /// The games in the order they are played.
    pub fn games(&self) -> &[Game] {
        &self.games
    }

    /// The slots.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The slot of whoever wins everything.
    pub const fn root(&self) -> usize {
        self.root
    }

    /// The game that decides the tournament.
    pub fn last_game(&self) -> usize {
        let Slot::Winner(game) = self.slots[self.root] else { unreachable!("the root is a game's winner") };
        game
    }

    /// The teams that can come to stand in a slot.
    pub fn reachable(&self, slot: usize) -> &[usize] {
        &self.order[self.reachable[slot].clone()]
    }

    /// Who comes into a side of a game, byes passed over.
    pub fn source(&self, game: usize, side: usize) -> Source {
        let mut slot = self.games[game].sides[side];
        loop {
            match self.slots[slot] {
                Slot::Team(team) => return Source::Team(team),
                Slot::Winner(from) => return Source::Winner(from),
                Slot::Bye(below) => slot = below,
            }
        }
    }

    /// The index of the team of this name.
    pub fn team(&self, id: &str) -> Option<usize> {
        self.teams.iter().position(|team| team == id)
    }

    /// The index of the game of this name.
    pub fn game(&self, id: &str) -> Option<usize> {
        self.games.iter().position(|game| game.id == id)
    }

    /// The progress of a game's winner: its step, and the byes up to its next game.
    pub fn progress_of_winner(&self, game: usize) -> usize {
        let next = (game + 1..self.games.len())
            .find(|&later| (0..2).any(|side| self.source(later, side) == Source::Winner(game)));
        next.map_or(self.games[game].round + 1, |next| self.games[next].round)
    }

    /// Byes of each team before its first game.
    pub fn first_byes(&self) -> Vec<usize> {
        let mut byes = vec![0; self.teams.len()];
        for game in 0..self.games.len() {
            for side in 0..2 {
                if let Source::Team(team) = self.source(game, side) {
                    byes[team] = self.games[game].round;
                }
            }
        }
        byes
    }

    /// The bracket as it is written down.
    pub fn specs(&self) -> Vec<GameSpec> {
        let side = |game, side| match self.source(game, side) {
            Source::Team(team) => SideSpec::Team(self.teams[team].clone()),
            Source::Winner(from) => SideSpec::WinnerOf(self.games[from].id.clone()),
        };
        let spec = |(at, game): (usize, &Game)| GameSpec {
            id: game.id.clone(),
            round: game.round,
            sides: [side(at, 0), side(at, 1)],
        };
        self.games.iter().enumerate().map(spec).collect()
    }
}

/// The sides of the games by index, checked to be a tree.
struct Plan {
    sources: Vec<[Source; 2]>,
    last: usize,
}

impl Plan {
    fn check(teams: &[String], rounds: &[String], games: &[GameSpec]) -> Result<Self, BracketError> {
        if !TEAMS.contains(&teams.len()) {
            return Err(BracketError::TeamCount { teams: teams.len() });
        }
        let team_at = index(teams.iter()).map_err(|id| BracketError::TeamRepeated { id })?;
        let game_at =
            index(games.iter().map(|game| &game.id)).map_err(|id| BracketError::GameRepeated { id })?;
        let mut uses = Uses { teams: vec![None; teams.len()], winners: vec![None; games.len()] };
        let mut sources = Vec::with_capacity(games.len());
        for (at, game) in games.iter().enumerate() {
            if game.round >= rounds.len() {
                return Err(BracketError::UnknownRound { game: game.id.clone(), rounds: rounds.len() });
            }
            let mut both = [Source::Team(0); 2];
            for (side, to) in game.sides.iter().zip(&mut both) {
                *to = uses.take(side, at, games, &team_at, &game_at)?;
            }
            sources.push(both);
        }
        if let Some(team) = uses.teams.iter().position(Option::is_none) {
            return Err(BracketError::TeamWithoutGame { team: teams[team].clone() });
        }
        let open: Vec<usize> = (0..games.len()).filter(|game| uses.winners[*game].is_none()).collect();
        // Rounds grow along every path, so there is no cycle; one open end and each winner used once make it a tree.
        match open[..] {
            [last] => Ok(Self { sources, last }),
            _ => Err(BracketError::Finals {
                games: open.into_iter().map(|game| games[game].id.clone()).collect(),
            }),
        }
    }
}

/// Where each team and winner has gone so far, as the index of a game.
struct Uses {
    teams: Vec<Option<usize>>,
    winners: Vec<Option<usize>>,
}

impl Uses {
    fn take(
        &mut self,
        side: &SideSpec,
        at: usize,
        games: &[GameSpec],
        team_at: &BTreeMap<&str, usize>,
        game_at: &BTreeMap<&str, usize>,
    ) -> Result<Source, BracketError> {
        let game = games[at].id.clone();
        let twice = |id: &str, first: usize| BracketError::EntersTwice {
            who: id.to_owned(),
            games: [games[first].id.clone(), games[at].id.clone()],
        };
        match side {
            SideSpec::Team(id) => {
                let Some(&team) = team_at.get(id.as_str()) else {
                    return Err(BracketError::UnknownTeam { game, team: id.clone() });
                };
                if let Some(first) = self.teams[team].replace(at) {
                    return Err(twice(id, first));
                }
                Ok(Source::Team(team))
            }
            SideSpec::WinnerOf(id) => {
                let Some(&from) = game_at.get(id.as_str()) else {
                    return Err(BracketError::UnknownGame { game, from: id.clone() });
                };
                if games[from].round >= games[at].round {
                    return Err(BracketError::RoundOrder { game, from: id.clone() });
                }
                if let Some(first) = self.winners[from].replace(at) {
                    return Err(twice(id, first));
                }
                Ok(Source::Winner(from))
            }
        }
    }
}

/// Names to places, or the name that occurs twice.
fn index<'a>(names: impl Iterator<Item = &'a String>) -> Result<BTreeMap<&'a str, usize>, String> {
    let mut places = BTreeMap::new();
    for (at, name) in names.enumerate() {
        if places.insert(name.as_str(), at).is_some() {
            return Err(name.clone());
        }
    }
    Ok(places)
}

#[cfg(test)]
mod tests;
