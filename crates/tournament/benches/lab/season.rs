//! The season everything is measured on.

use kernel::Seed;
use tournament::{
    AuctionRules, Bid, Bracket, Contest, FinalFour, Ownership, PairTable, Payouts, Points, Prospect, Reach,
    Results, Source, auction, field, reach, regional,
};

/// A made season of 68 teams with an auction of 47 entries.
pub(crate) struct Season {
    pub(crate) bracket: Bracket,
    pub(crate) pairs: PairTable,
    pub(crate) contest: Contest,
    exact: Reach,
}

impl Season {
    pub(crate) fn make() -> Self {
        let made = field(Seed(1), 0);
        let bracket = regional(&made.teams, &FinalFour::default()).unwrap();
        let ratings: Vec<f64> = made.facts.iter().map(|fact| fact.net_rating).collect();
        let pairs = PairTable::logistic(&ratings, 10.0).unwrap();
        let exact = reach(&bracket, &pairs, &Results::none(&bracket));
        let points: Vec<f64> = (0..68).map(|team| exact.expected_points(team, &Points::usual())).collect();
        let entries = auction(Seed(2), 0, &made, &points, 47, &AuctionRules::default());
        let bids: Vec<Vec<Bid>> = entries.into_iter().map(|entry| entry.bids).collect();
        let payouts = Payouts::new(vec![65_000, 30_000, 15_000, 7_500, 5_000]).unwrap();
        let contest = Contest::new(&bracket, Ownership::of(&bids, 68), Points::usual(), payouts);
        Self { bracket, pairs, contest, exact }
    }

    /// The field as the peers read it: the form is told in `scripts/lab_peers/simulate.c`.
    pub(crate) fn field(&self) -> String {
        let (teams, games) = (self.bracket.teams().len(), self.bracket.games().len());
        let place = |game, side| match self.bracket.source(game, side) {
            Source::Team(team) => team,
            Source::Winner(from) => teams + from,
        };
        let mut text = format!("{teams} {games}\n");
        for game in 0..games {
            text += &format!("{} {}\n", place(game, 0), place(game, 1));
        }
        for a in 0..teams {
            let row: Vec<String> = (0..teams).map(|b| self.pairs.beats(a, b).to_string()).collect();
            text += &(row.join(" ") + "\n");
        }
        text
    }

    /// Fails unless each team's titles lie within four standard errors of its exact chance, and one title for its being a
    /// whole number.
    pub(crate) fn check_titles(&self, whose: &str, simulations: u64, titles: &[u64]) {
        assert_eq!(titles.len(), self.bracket.teams().len(), "{whose}: a number for each team");
        assert_eq!(titles.iter().sum::<u64>(), simulations, "{whose}: one title a tournament");
        let n = simulations as f64;
        for (team, &titles) in titles.iter().enumerate() {
            let p = self.exact.at_least(team, self.bracket.levels());
            let off = (titles as f64 - n * p).abs();
            assert!(
                off <= 4.0 * (n * p * (1.0 - p)).sqrt() + 1.0,
                "{whose}: {titles} titles of team {team} in {n} tournaments are not its chance of {p}"
            );
        }
    }

    /// What a bidder expects of each team, in a market that bids 4700 points by expectation.
    pub(crate) fn prospects(&self) -> Vec<Prospect> {
        let prospect = |team| {
            let expected_points = self.exact.expected_points(team, self.contest.points());
            Prospect { expected_points, market_points: expected_points / 6000.0 * 4700.0 }
        };
        (0..self.bracket.teams().len()).map(prospect).collect()
    }
}
