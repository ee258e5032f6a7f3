//! The bracket of any number of groups of any size: each is played out by its seeds, as a bracket of its own, and then
//! the winners of neighbouring groups meet.

use super::seeded::{order, play, round_name};
use super::{Bracket, BracketError, GameSpec, SideSpec};

/// Teams that play each other first: its name, and the teams on each seed, best seed first. Two teams on one seed meet
/// in a play-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What people call it.
    pub name: String,
    /// One team or two on each seed.
    pub seeds: Vec<Vec<String>>,
}

/// The bracket of these groups. Smaller groups have byes in the first rounds.
pub fn grouped(groups: &[Group]) -> Result<Bracket, BracketError> {
    let has_play_in = groups.iter().any(|group| group.seeds.iter().any(|teams| teams.len() == 2));
    let most = groups.iter().map(|group| group.seeds.len()).max().unwrap_or(1).next_power_of_two();
    let places = most * groups.len().next_power_of_two();
    let first = usize::from(has_play_in);
    let names = (0..places.trailing_zeros()).map(|round| round_name(places >> round));
    let rounds: Vec<String> = has_play_in.then(|| "play_in".to_owned()).into_iter().chain(names).collect();
    let (mut games, mut winners) = (Vec::new(), Vec::new());
    for group in groups {
        let own = group.seeds.len().next_power_of_two();
        let entering = enter(group, &mut games)?;
        let standing = order(own).into_iter().map(|seed| entering.get(seed).cloned()).collect();
        let begin = first + (most / own).trailing_zeros() as usize;
        let id = |round: usize, at: usize| format!("{}-{}-{}", group.name, rounds[round], at + 1);
        winners.push(play(standing, begin, id, &mut games));
    }
    winners.resize(groups.len().next_power_of_two(), None);
    let id = |round: usize, at: usize| format!("{}-{}", rounds[round], at + 1);
    play(winners, first + most.trailing_zeros() as usize, id, &mut games);
    let teams = groups.iter().flat_map(|group| group.seeds.iter().flatten().cloned()).collect();
    Bracket::build(teams, rounds, games)
}

/// Who stands on each seed of a group, after its play-ins.
fn enter(group: &Group, games: &mut Vec<GameSpec>) -> Result<Vec<SideSpec>, BracketError> {
    let mut entering = Vec::with_capacity(group.seeds.len());
    for (seed, teams) in (1..).zip(&group.seeds) {
        entering.push(match &teams[..] {
            [team] => SideSpec::Team(team.clone()),
            [top, bottom] => {
                let id = format!("{}-play_in-{seed}", group.name);
                let sides = [top, bottom].map(|team| SideSpec::Team(team.clone()));
                games.push(GameSpec { id: id.clone(), round: 0, sides });
                SideSpec::WinnerOf(id)
            }
            _ => {
                let (region, count) = (group.name.clone(), teams.len());
                return Err(BracketError::Seeds { region, seed, count });
            }
        });
    }
    Ok(entering)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str, seeds: &[&[&str]]) -> Group {
        let seeds = seeds.iter().map(|teams| teams.iter().map(ToString::to_string).collect()).collect();
        Group { name: name.to_owned(), seeds }
    }

    #[test]
    fn groups_of_any_size_play_out_and_their_winners_meet() {
        let groups = [
            group("North", &[&["a"], &["b"], &["c"], &["d", "e"]]),
            group("South", &[&["f"], &["g"]]),
            group("West", &[&["h"]]),
        ];
        let bracket = grouped(&groups).unwrap();
        let games: Vec<(&str, usize)> =
            bracket.games().iter().map(|game| (game.id.as_str(), game.round)).collect();
        assert_eq!(bracket.rounds(), ["play_in", "round_of_16", "round_of_8", "round_of_4", "final"]);
        assert_eq!(
            games,
            [
                ("North-play_in-4", 0),
                ("North-round_of_16-1", 1),
                ("North-round_of_16-2", 1),
                ("North-round_of_8-1", 2),
                ("South-round_of_8-1", 2),
                ("round_of_4-1", 3),
                ("final-1", 4),
            ]
        );
        assert_eq!(bracket.first_byes(), [1, 1, 1, 0, 0, 2, 2, 4]);
    }

    #[test]
    fn three_teams_on_one_seed_are_refused() {
        let error = grouped(&[group("North", &[&["a", "b", "c"], &["d"]])]).unwrap_err();
        assert!(error.to_string().contains("has seed 1 3 times"), "{error}");
    }
}
