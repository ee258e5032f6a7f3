use super::*;
use crate::bracket::{FinalFour, RegionalTeam, regional, seeded};
use crate::reach::reach;

/// A field of 68 whose ratings fall with the seed.
pub(crate) fn field() -> (Bracket, PairTable) {
    let regions = ["East", "West", "South", "Midwest"];
    let places = regions.iter().flat_map(|region| (1..=16).map(|seed| (*region, seed)));
    let extra = [("East", 16), ("West", 16), ("South", 11), ("Midwest", 12)];
    let teams: Vec<RegionalTeam> = places
        .chain(extra)
        .enumerate()
        .map(|(at, (region, seed))| RegionalTeam { id: format!("t{at}"), region: region.to_owned(), seed })
        .collect();
    let rating = |(at, team): (usize, &RegionalTeam)| 30.0 - 2.5 * f64::from(team.seed) + (at % 5) as f64;
    let ratings: Vec<f64> = teams.iter().enumerate().map(rating).collect();
    let bracket = regional(&teams, &FinalFour::default()).unwrap();
    (bracket, PairTable::logistic(&ratings, 10.0).unwrap())
}

fn simulator(seed: u64) -> Simulator {
    let (bracket, pairs) = field();
    Simulator::new(&bracket, &pairs, &Results::none(&bracket), Seed(seed))
}

#[test]
fn every_path_and_every_cut_gives_the_same_simulations() {
    let simulator = simulator(42);
    let whole = simulator.run_on(Path::Portable, 0..1000, Bits::default());
    for path in Path::all() {
        assert_eq!(simulator.run_on(path, 0..1000, Bits::default()), whole, "{path:?}");
        let parts = [0..1, 1..20, 20..333, 333..1000];
        let cut: Vec<u32> =
            parts.into_iter().flat_map(|part| simulator.run_on(path, part, Bits::default())).collect();
        assert_eq!(cut, whole, "{path:?}");
    }
    let words = simulator.words();
    assert_eq!(simulator.bits(777), whole[777 * words..][..words]);
    assert_ne!(self::simulator(43).run(0..1000, Bits::default()), whole);
}

#[test]
fn the_first_simulations_of_a_seed_never_change() {
    assert_eq!(simulator(42).bits(0), GOLDEN[0]);
    assert_eq!(simulator(42).bits(u64::MAX - 1), GOLDEN[1]);
}

const GOLDEN: [[u32; 3]; 2] = [[4_294_834_158, 2_847_932_395, 2], [4_261_411_824, 1_839_136_511, 0]];

#[test]
fn a_decided_game_is_as_it_was_played_and_changes_no_other_draw() {
    let (bracket, pairs) = field();
    let mut results = Results::none(&bracket);
    let underdog = bracket.reachable(bracket.games()[0].sides[1])[0];
    results.record(&bracket, 0, underdog).unwrap();
    let free = simulator(1);
    let decided = Simulator::new(&bracket, &pairs, &results, Seed(1));
    let mut same = 0;
    for simulation in 0..500 {
        let (with, without) = (decided.winners(simulation), free.winners(simulation));
        assert_eq!(with[0], underdog);
        if without[0] == underdog {
            assert_eq!(with, without);
            same += 1;
        }
    }
    assert!(same > 100, "{same}");
}

#[test]
fn a_certain_pair_is_certain() {
    let teams = ["a", "b"].map(str::to_owned).to_vec();
    let bracket = seeded(teams).unwrap();
    for (p, winner) in [(1.0, 0), (0.0, 1)] {
        let simulator =
            Simulator::new(&bracket, &PairTable::of(2, |_, _| p), &Results::none(&bracket), Seed(3));
        assert!(simulator.run(0..100_000, Winners::default()).iter().all(|&won| won == winner));
    }
}

#[derive(Default)]
struct Reached {
    progress: Vec<Vec<u64>>,
    rounds: Vec<usize>,
}

impl Visit for Reached {
    type Output = Vec<Vec<u64>>;

    fn block(&mut self, block: &Block<'_>) {
        for (game, &round) in self.rounds.iter().enumerate() {
            for lane in 0..block.lanes {
                self.progress[block.winner(game, lane)][round + 1] += 1;
            }
        }
    }

    fn finish(self) -> Vec<Vec<u64>> {
        self.progress
    }
}

/// Over a million simulations every chance of at least 20 in a million lies within four standard errors of the exact
/// one: the largest of some 400 deviations is beyond that in one of forty seeds, and this seed is fixed.
#[test]
fn a_million_simulations_agree_with_the_exact_recursion() {
    let (bracket, pairs) = field();
    let n = 1_000_000;
    let exact = reach(&bracket, &pairs, &Results::none(&bracket));
    let rounds = bracket.games().iter().map(|game| game.round).collect();
    let visit = Reached { progress: vec![vec![0; 8]; 68], rounds };
    let counts = simulator(2026).run(0..n, visit);
    let mut worst: f64 = 0.0;
    for (team, counts) in counts.iter().enumerate() {
        for (level, &count) in counts.iter().enumerate().skip(2) {
            let p = exact.at_least(team, level);
            // The normal law of a count needs a count.
            if p * (n as f64) < 20.0 {
                continue;
            }
            let error = (p * (1.0 - p) / n as f64).sqrt();
            worst = worst.max((count as f64 / n as f64 - p).abs() / error);
        }
    }
    assert!(worst < 4.0, "{worst}");
}

#[test]
fn draws_of_neighbouring_games_and_simulations_are_not_correlated() {
    let teams: Vec<String> = (0..64).map(|at| at.to_string()).collect();
    let bracket = seeded(teams).unwrap();
    let simulator =
        Simulator::new(&bracket, &PairTable::of(64, |_, _| 0.5), &Results::none(&bracket), Seed(9));
    let n = 40_000_usize;
    let words = simulator.words();
    let bits = simulator.run(0..n as u64, Bits::default());
    let bit =
        |simulation: usize, game: usize| f64::from((bits[simulation * words + game / 32] >> (game % 32)) & 1);
    let limit = 5.0 * (n as f64).sqrt() / 4.0;
    for game in 0..62 {
        let centred = |simulation, game| bit(simulation, game) - 0.5;
        let games = (0..n).fold(0.0, |sum, at| sum + centred(at, game) * centred(at, game + 1));
        let simulations = (1..n).fold(0.0, |sum, at| sum + centred(at, game) * centred(at - 1, game));
        assert!(games.abs() < limit && simulations.abs() < limit, "game {game}: {games} {simulations}");
    }
}
