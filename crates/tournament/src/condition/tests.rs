use proptest::prelude::*;

use super::*;
use crate::bracket::seeded;
use crate::reach::reach;
use crate::simulate::tests::field;

fn game(bracket: &Bracket, id: &str) -> usize {
    bracket.game(id).unwrap()
}

/// Every course of a tournament with its chance: the winners by game.
fn courses(bracket: &Bracket, pairs: &PairTable, results: &Results) -> Vec<(Vec<usize>, f64)> {
    let mut all = vec![(Vec::new(), 1.0)];
    for (at, game) in bracket.games().iter().enumerate() {
        all = all
            .into_iter()
            .flat_map(|(winners, chance)| {
                let stands = |side: usize| {
                    let mut slot = game.sides[side];
                    loop {
                        match bracket.slots()[slot] {
                            Slot::Team(team) => return team,
                            Slot::Bye(below) => slot = below,
                            Slot::Winner(from) => return winners[from],
                        }
                    }
                };
                let [a, b] = [stands(0), stands(1)];
                let next = |team: usize, p: f64| {
                    let p = match results.winners()[at] {
                        Some(winner) => f64::from(u8::from(winner == team)),
                        None => p,
                    };
                    ([winners.clone(), vec![team]].concat(), chance * p)
                };
                [next(a, pairs.beats(a, b)), next(b, pairs.beats(b, a))]
            })
            .filter(|(_, chance)| *chance > 0.0)
            .collect();
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn chances_given_winners_are_those_of_all_courses_in_which_they_win(
        teams in 2_usize..10,
        ratings in proptest::collection::vec(-20.0_f64..20.0, 10),
        told in proptest::collection::vec((any::<u8>(), any::<u8>()), 0..6),
        played in any::<bool>(),
    ) {
        let bracket = seeded((0..teams).map(|at| format!("t{at}")).collect()).unwrap();
        let pairs = PairTable::logistic(&ratings[..teams], 10.0).unwrap();
        let mut results = Results::none(&bracket);
        if played {
            let first = bracket.reachable(bracket.games()[0].sides[1])[0];
            results.record(&bracket, 0, first).unwrap();
        }
        let mut condition = Condition::none(&bracket);
        for (game, team) in told {
            let (game, team) = (game as usize % (teams - 1), team as usize % teams);
            let _ = condition.suppose(&bracket, &results, game, team);
        }
        let holds = |winners: &[usize]| {
            condition.fixed().iter().zip(winners).all(|(fixed, winner)| fixed.is_none_or(|team| team == *winner))
        };
        let courses: Vec<_> =
            courses(&bracket, &pairs, &results).into_iter().filter(|course| holds(&course.0)).collect();
        let total: f64 = courses.iter().map(|course| course.1).sum();
        let (chance, given) = condition.reach(&bracket, &pairs, &results).unwrap();
        prop_assert!((chance - total).abs() < 1e-12);
        for (at, &slot) in bracket.slots().iter().enumerate() {
            let Slot::Winner(game) = slot else { continue };
            for &(team, p) in given.standing(at) {
                let wins: f64 = courses.iter().filter(|course| course.0[game] == team).map(|one| one.1).sum();
                prop_assert!((p - wins / total).abs() < 1e-10, "{p} is not {}", wins / total);
            }
        }
    }
}

#[test]
fn without_a_condition_the_chances_are_those_of_the_recursion() {
    let (bracket, pairs) = field();
    let none = Results::none(&bracket);
    let (chance, given) = Condition::none(&bracket).reach(&bracket, &pairs, &none).unwrap();
    let plain = reach(&bracket, &pairs, &none);
    assert!((chance - 1.0).abs() < 1e-12);
    for team in 0..68 {
        for level in 0..=plain.levels() {
            assert!((given.at_least(team, level) - plain.at_least(team, level)).abs() < 1e-12);
        }
    }
}

#[test]
fn what_cannot_be_is_refused_by_the_game() {
    let (bracket, _) = field();
    let mut results = Results::none(&bracket);
    let first = &bracket.games()[0];
    let [a, b] = first.sides.map(|side| bracket.reachable(side)[0]);
    results.record(&bracket, 0, a).unwrap();
    let mut condition = Condition::none(&bracket);
    let last = bracket.last_game();
    let mut refused = |game: usize, team: usize| {
        condition
            .suppose(&bracket, &results, game, team)
            .map_err(|error| (error.code(), error.fields().remove(0).field))
    };
    let field = |at: usize| format!("games[{}]", bracket.games()[at].id);
    let semi = game(&bracket, "final_four-1");
    let [left, right] = bracket.games()[last].sides.map(|side| bracket.reachable(side).to_vec());
    assert_eq!(refused(0, right[3]).unwrap_err().0, "CONDITION_NOT_IN_GAME");
    // It has lost already, so it wins nothing later either.
    assert_eq!(refused(0, b), Err(("CONDITION_TWO_WINNERS", field(0))));
    assert_eq!(refused(last, b), Err(("CONDITION_CONTRADICTION", field(last))));
    let of_semi =
        if left.contains(&bracket.reachable(bracket.games()[semi].sides[0])[0]) { &left } else { &right };
    let (winner, other) = (of_semi[0], of_semi[1]);
    assert_eq!(refused(last, winner), Ok(()));
    assert_eq!(refused(last, winner), Ok(()));
    assert_eq!(refused(last, other), Err(("CONDITION_TWO_WINNERS", field(last))));
    assert_eq!(refused(semi, other), Err(("CONDITION_CONTRADICTION", field(semi))));
    assert_eq!(refused(semi, winner), Ok(()));
}

#[test]
fn what_the_table_makes_impossible_has_no_chances() {
    let bracket = seeded(vec!["a".to_owned(), "b".to_owned()]).unwrap();
    let pairs = PairTable::of(2, |_, _| 1.0);
    let none = Results::none(&bracket);
    let mut condition = Condition::none(&bracket);
    condition.suppose(&bracket, &none, 0, 1).unwrap();
    assert!(condition.reach(&bracket, &pairs, &none).is_none());
}
