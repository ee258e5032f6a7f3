//! The usual single-elimination bracket of any number of teams: the best seeds meet as late as they can, and where
//! teams are missing to a power of two the best have a bye.

use super::{Bracket, BracketError, GameSpec, SideSpec};

/// The bracket of these teams, best first. Rounds are named by the teams left in them: `round_of_8`, and the last
/// `final`.
pub fn seeded(teams: Vec<String>) -> Result<Bracket, BracketError> {
    if !super::TEAMS.contains(&teams.len()) {
        return Err(BracketError::TeamCount { teams: teams.len() });
    }
    let places = teams.len().next_power_of_two();
    let levels = places.trailing_zeros() as usize;
    let rounds = (0..levels).map(|round| round_name(places >> round)).collect();
    let standing =
        order(places).into_iter().map(|seed| teams.get(seed).map(|id| SideSpec::Team(id.clone()))).collect();
    let mut games = Vec::with_capacity(teams.len() - 1);
    let id = |round: usize, at: usize| format!("{}-{}", round_name(places >> round), at + 1);
    play(standing, 0, id, &mut games);
    Bracket::build(teams, rounds, games)
}

/// Lets neighbours meet, round after round from `first` on, until one is left, and says who that is. Where one of two
/// places is empty the other goes on without a game. `id` names a game by its round and its place there, from 0.
pub(super) fn play(
    mut standing: Vec<Option<SideSpec>>,
    first: usize,
    id: impl Fn(usize, usize) -> String,
    games: &mut Vec<GameSpec>,
) -> Option<SideSpec> {
    let mut round = first;
    while standing.len() > 1 {
        let next = standing.chunks(2).enumerate().map(|(at, pair)| match pair {
            [Some(top), Some(bottom)] => {
                let sides = [top.clone(), bottom.clone()];
                games.push(GameSpec { id: id(round, at), round, sides });
                Some(SideSpec::WinnerOf(id(round, at)))
            }
            _ => pair.iter().flatten().next().cloned(),
        });
        standing = next.collect();
        round += 1;
    }
    standing.pop().flatten()
}

pub(super) fn round_name(left: usize) -> String {
    if left == 2 { "final".to_owned() } else { format!("round_of_{left}") }
}

/// Seeds, from 0, in the order of their places: each pair of a round of `n` places sums to `n - 1`.
pub(super) fn order(places: usize) -> Vec<usize> {
    let mut order = vec![0];
    while order.len() < places {
        let last = 2 * order.len() - 1;
        order = order.into_iter().flat_map(|seed| [seed, last - seed]).collect();
    }
    order
}
