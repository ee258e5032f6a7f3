//! Made seasons: a field, an auction and results played by chance, kept by the way of every import.

use kernel::{Seed, Tenant};
use tournament::{
    AuctionRules, FinalFour, MadeEntry, MadeField, PairTable, Points, Results, Simulator, reach, regional,
};
use wire::lab::{
    Bid, CalcuttaRequest, EntryRequest, GameResult, GenerateSeasons, Payout, Rating, Rules, ScoringRule,
    SeasonRequest, SeasonsReport, Team, TournamentRequest,
};

use crate::Lab;
use crate::check::Wrong;
use crate::error::LabError;
use crate::field::check_season;
use crate::keep::Rows;

/// Points of net rating that multiply the odds of a made game by e.
const SCALE: f64 = 10.0;

/// Cents of the places that are paid, for every hundred cents that each of the entries puts in.
const PRIZES: [u32; 6] = [50, 22, 12, 8, 5, 3];

impl Lab {
    /// Makes seasons and keeps all of them or none.
    pub async fn generate_seasons(
        &self,
        tenant: Tenant,
        request: &GenerateSeasons,
    ) -> Result<SeasonsReport, LabError> {
        check(request)?;
        let (mut rows, mut seasons) = (Vec::new(), Vec::new());
        for at in 0..request.seasons {
            let made = made_season(request, at);
            let checked = self.checked(&made)?;
            let mut of_season = Rows::default();
            seasons.push(self.season_rows(tenant, &mut of_season, checked).await?);
            rows.push(of_season);
        }
        self.keep("lab.generate", rows).await?;
        Ok(SeasonsReport { seasons })
    }
}

fn check(request: &GenerateSeasons) -> Result<(), LabError> {
    let mut wrong = Wrong::default();
    if request.seed == 0 {
        wrong.say("seed", "must be at least 1");
    }
    if !(1..=20).contains(&request.seasons) {
        wrong.say("seasons", format!("must be from 1 to 20, not {}", request.seasons));
    }
    check_season("first_season", request.first_season, &mut wrong);
    if !(2..=500).contains(&request.entries) {
        wrong.say("entries", format!("must be from 2 to 500, not {}", request.entries));
    }
    wrong.into_result()
}

/// One season, by its place among them: the same seed and year are the same season, wherever the first one lies.
fn made_season(request: &GenerateSeasons, at: u32) -> SeasonRequest {
    let season = request.first_season + i32::try_from(at).expect("few seasons are made");
    let (seed, index) = (Seed(request.seed), u64::from(season.unsigned_abs()));
    let made = tournament::field(seed, index);
    let bracket = regional(&made.teams, &FinalFour::default()).expect("a made field is whole");
    let ratings: Vec<f64> = made.facts.iter().map(|fact| fact.net_rating).collect();
    let pairs = PairTable::logistic(&ratings, SCALE).expect("the scale is positive");
    let none = Results::none(&bracket);
    let exact = reach(&bracket, &pairs, &none);
    let points = Points::usual();
    let expected: Vec<f64> = (0..ratings.len()).map(|team| exact.expected_points(team, &points)).collect();
    let rules = AuctionRules::default();
    let entries = tournament::auction(seed, index, &made, &expected, request.entries as usize, &rules);
    let played = Seed(seed.indexed("lab.results", index).bits());
    let winners = Simulator::new(&bracket, &pairs, &none, played).winners(0);
    let result = |(game, winner): (&tournament::Game, usize)| GameResult {
        game_id: game.id.clone(),
        winner_team_id: bracket.teams()[winner].clone(),
    };
    SeasonRequest {
        results: bracket.games().iter().zip(winners).map(result).collect(),
        calcutta: Some(calcutta(request, season, &made, &entries)),
        tournament: TournamentRequest {
            name: format!("Made tournament {season}"),
            season,
            teams: (0..made.teams.len()).map(|at| team(&made, at)).collect(),
            final_four: None,
            rounds: None,
            games: None,
        },
    }
}

fn team(made: &MadeField, at: usize) -> Team {
    let fact = &made.facts[at];
    Team {
        team_id: made.teams[at].id.clone(),
        name: made.names[at].clone(),
        region: Some(fact.region.clone()),
        seed: Some(fact.seed),
        rating: Some(Rating {
            net: fact.net_rating,
            offence: fact.offence_rating,
            defence: fact.defence_rating,
            tempo: fact.tempo,
        }),
        is_blue_blood: fact.is_blue_blood,
    }
}

fn calcutta(
    request: &GenerateSeasons,
    season: i32,
    made: &MadeField,
    entries: &[MadeEntry],
) -> CalcuttaRequest {
    let bid =
        |bid: &tournament::Bid| Bid { team_id: made.teams[bid.team].id.clone(), bid_points: bid.points };
    let entry = |entry: &MadeEntry| EntryRequest {
        name: entry.name.clone(),
        bids: entry.bids.iter().map(bid).collect(),
    };
    let points = Points::usual();
    let scoring = (1..=7)
        .map(|win_index: u32| ScoringRule { win_index, points_awarded: points.awarded(win_index as usize) });
    let payouts =
        (1..).zip(PRIZES).map(|(position, part)| Payout { position, amount_cents: part * request.entries });
    CalcuttaRequest {
        name: format!("Made pool {season}"),
        rules: Rules::default(),
        scoring: scoring.collect(),
        payouts: payouts.collect(),
        entries: entries.iter().map(entry).collect(),
    }
}
