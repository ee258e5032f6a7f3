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
    let mut standing: Vec<Option<SideSpec>> =
        order(places).into_iter().map(|seed| teams.get(seed).map(|id| SideSpec::Team(id.clone()))).collect();
    let mut games = Vec::with_capacity(teams.len() - 1);
    for round in 0..levels {
        let pairs = standing.chunks(2).enumerate();
        let next = pairs.map(|(at, pair)| match pair {
            [Some(top), Some(bottom)] => {
                let id = format!("{}-{}", round_name(places >> round), at + 1);
                let game = GameSpec { id: id.clone(), round, sides: [top.clone(), bottom.clone()] };
                games.push(game);
                Some(SideSpec::WinnerOf(id))
            }
            [one, other] => one.clone().or_else(|| other.clone()),
            _ => unreachable!("a power of two is halved without rest"),
        });
        standing = next.collect();
    }
    Bracket::build(teams, rounds, games)
}

fn round_name(left: usize) -> String {
    if left == 2 { "final".to_owned() } else { format!("round_of_{left}") }
}

/// Seeds, from 0, in the order of their places: each pair of a round of `n` places sums to `n - 1`.
fn order(places: usize) -> Vec<usize> {
    let mut order = vec![0];
    while order.len() < places {
        let last = 2 * order.len() - 1;
        order = order.into_iter().flat_map(|seed| [seed, last - seed]).collect();
    }
    order
}
