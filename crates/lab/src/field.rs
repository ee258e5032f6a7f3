//! A field with its bracket, as it is written down and as it is computed with.

use std::ops::RangeInclusive;

use kernel::FieldError;
use tournament::{
    Bracket, BracketError, GameSpec, Pair, PairTable, RegionalTeam, Results, SideSpec, TEAMS, TeamFacts,
    regional, seeded,
};
use wire::lab::{Field, Game, GameOutcomeResult, GameResult, Side, Team, TournamentRequest};

use crate::check::Wrong;
use crate::error::LabError;

/// The years that a season may be.
pub(crate) const SEASONS: RangeInclusive<i32> = 1900..=2200;

/// What is wrong with a year, if it is no season.
pub(crate) fn check_season(field: &str, season: i32, wrong: &mut Wrong) {
    if !SEASONS.contains(&season) {
        let message = format!("must be a year from {} to {}, not {season}", SEASONS.start(), SEASONS.end());
        wrong.say(field, message);
    }
}

/// A field that was checked, with its bracket.
#[derive(Debug, Clone)]
pub(crate) struct Playing {
    pub(crate) field: Field,
    pub(crate) bracket: Bracket,
}

impl Playing {
    /// A field as it is kept. Only what was never checked fails.
    pub(crate) fn read(field: Field) -> Result<Self, BracketError> {
        let ids = field.teams.iter().map(|team| team.team_id.clone()).collect();
        let games = field.games.iter().map(spec).collect();
        let bracket = Bracket::build(ids, field.rounds.clone(), games)?;
        Ok(Self { field, bracket })
    }

    /// A requested field; what is wrong is said of it.
    pub(crate) fn check(request: &TournamentRequest, wrong: &mut Wrong) -> Option<Self> {
        wrong.name("tournament.name", &request.name);
        check_season("tournament.season", request.season, wrong);
        for (at, team) in request.teams.iter().enumerate() {
            check_team(at, team, wrong);
        }
        if let Some(rounds) = request.rounds.as_ref().filter(|rounds| rounds.len() >= *TEAMS.end()) {
            let message = format!("may be {} at most, not {}", TEAMS.end() - 1, rounds.len());
            wrong.say("tournament.rounds", message);
        }
        if let Some(games) = &request.games {
            for (at, game) in games.iter().enumerate().filter(|(_, game)| game.sides.len() != 2) {
                let field = format!("tournament.games[{at}].sides");
                wrong.say(
                    field,
                    format!("game `{}` must have two sides, not {}", game.game_id, game.sides.len()),
                );
            }
        }
        if !wrong.is_empty() {
            return None;
        }
        match bracket(request) {
            Ok(bracket) => Some(Self { field: written(&bracket, request), bracket }),
            Err(BracketProblem::Bracket(error)) => {
                wrong.fault("tournament.", &error);
                None
            }
            Err(BracketProblem::Field(field)) => {
                wrong.say(field.field, field.message);
                None
            }
        }
    }

    pub(crate) fn team(&self, index: usize) -> &Team {
        &self.field.teams[index]
    }

    /// The ratings of all teams; a team without one is an error that names it.
    pub(crate) fn net_ratings(&self) -> Result<Vec<f64>, FieldError> {
        let rating = |team: &Team| {
            let missing = || {
                FieldError::new(
                    format!("teams[{}]", team.team_id),
                    "has no rating; a logistic model needs one",
                )
            };
            team.rating.map(|rating| rating.net).ok_or_else(missing)
        };
        self.field.teams.iter().map(rating).collect()
    }

    /// What a market model sees of the teams.
    pub(crate) fn facts(&self) -> Result<Vec<TeamFacts>, FieldError> {
        let facts = |team: &Team| {
            let missing = || {
                let message = "needs a region, a seed and a rating for a market model that learns";
                FieldError::new(format!("teams[{}]", team.team_id), message)
            };
            let (region, seed) = (team.region.clone().ok_or_else(missing)?, team.seed.ok_or_else(missing)?);
            let rating = team.rating.ok_or_else(missing)?;
            Ok(TeamFacts {
                region,
                seed,
                net_rating: rating.net,
                offence_rating: rating.offence,
                defence_rating: rating.defence,
                tempo: rating.tempo,
                is_blue_blood: team.is_blue_blood,
            })
        };
        self.field.teams.iter().map(facts).collect()
    }

    /// The pair table of a run of a model of games.
    pub(crate) fn pair_table(&self, outcome: &GameOutcomeResult) -> Result<PairTable, LabError> {
        let pair = |pair: &wire::lab::PairProbability| Pair {
            a: pair.team1_id.clone(),
            b: pair.team2_id.clone(),
            a_beats_b: pair.p_team1_wins,
        };
        let pairs: Vec<Pair> = outcome.pairs.iter().map(pair).collect();
        PairTable::given(&self.bracket, &pairs).map_err(|error| LabError::unreadable("pair table", error))
    }

    /// Results in any order, recorded in the order of the games; what is wrong is said of each.
    pub(crate) fn results(&self, told: &[GameResult], below: &str, wrong: &mut Wrong) -> Results {
        let mut results = Results::none(&self.bracket);
        let mut known = Vec::with_capacity(told.len());
        for result in told {
            let at = || format!("{below}[{}]", result.game_id);
            let (game, team) =
                (self.bracket.game(&result.game_id), self.bracket.team(&result.winner_team_id));
            match (game, team) {
                (Some(game), Some(team)) => known.push((game, team)),
                (None, _) => wrong.say(at(), "is no game of this bracket"),
                (_, None) => wrong.say(at(), format!("`{}` is no team of this field", result.winner_team_id)),
            }
        }
        known.sort_unstable();
        for pair in known.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            wrong.say(
                format!("{below}[{}]", self.bracket.games()[pair[0].0].id),
                "is given twice; a game has one winner",
            );
        }
        for (game, team) in known {
            if let Err(error) = results.record(&self.bracket, game, team) {
                wrong.say(format!("{below}[{}]", self.bracket.games()[game].id), error.to_string());
            }
        }
        results
    }

    /// Results as they are written down, in the order of the games.
    pub(crate) fn told(&self, results: &Results) -> Vec<GameResult> {
        let told = |(game, winner): (usize, &Option<usize>)| {
            Some(GameResult {
                game_id: self.bracket.games()[game].id.clone(),
                winner_team_id: self.bracket.teams()[(*winner)?].clone(),
            })
        };
        results.winners().iter().enumerate().filter_map(told).collect()
    }
}

fn check_team(at: usize, team: &Team, wrong: &mut Wrong) {
    let field = |name: &str| format!("tournament.teams[{at}].{name}");
    wrong.name(field("team_id"), &team.team_id);
    wrong.name(field("name"), &team.name);
    if let Some(region) = &team.region {
        wrong.name(field("region"), region);
    }
    let Some(rating) = team.rating else { return };
    let numbers = [
        ("net", rating.net),
        ("offence", rating.offence),
        ("defence", rating.defence),
        ("tempo", rating.tempo),
    ];
    for (name, number) in numbers {
        if !(number.is_finite() && number.abs() <= MOST_RATING) {
            let message = format!("of team `{}` must be from -{MOST_RATING} to {MOST_RATING}", team.team_id);
            wrong.say(field(&format!("rating.{name}")), message);
        }
    }
}

/// Ratings beyond this are of no scale that is used anywhere.
const MOST_RATING: f64 = 10_000.0;

enum BracketProblem {
    Bracket(BracketError),
    Field(FieldError),
}

impl From<BracketError> for BracketProblem {
    fn from(error: BracketError) -> Self {
        Self::Bracket(error)
    }
}

/// The bracket as it is given, or as it follows from regions and seeds.
fn bracket(request: &TournamentRequest) -> Result<Bracket, BracketProblem> {
    let ids = || request.teams.iter().map(|team| team.team_id.clone()).collect();
    match (&request.games, &request.rounds) {
        (Some(games), Some(rounds)) => {
            Ok(Bracket::build(ids(), rounds.clone(), games.iter().map(spec).collect())?)
        }
        (None, None) if request.teams.iter().all(|team| team.region.is_none()) => Ok(seeded(ids())?),
        (None, None) => {
            let teams = request.teams.iter().enumerate().map(regional_team).collect::<Result<Vec<_>, _>>()?;
            let pairs =
                request.final_four.as_ref().map_or_else(Default::default, |pairs| tournament::FinalFour {
                    top_left: pairs.top_left.clone(),
                    bottom_left: pairs.bottom_left.clone(),
                    top_right: pairs.top_right.clone(),
                    bottom_right: pairs.bottom_right.clone(),
                });
            Ok(regional(&teams, &pairs)?)
        }
        _ => {
            let message = "and rounds go together: a bracket is given by both or follows from seeds";
            Err(BracketProblem::Field(FieldError::new("tournament.games", message)))
        }
    }
}

fn regional_team((at, team): (usize, &Team)) -> Result<RegionalTeam, BracketProblem> {
    let (Some(region), Some(seed)) = (&team.region, team.seed) else {
        let message =
            format!("team `{}` needs a region and a seed, as other teams have regions", team.team_id);
        return Err(BracketProblem::Field(FieldError::new(format!("tournament.teams[{at}]"), message)));
    };
    Ok(RegionalTeam { id: team.team_id.clone(), region: region.clone(), seed })
}

fn written(bracket: &Bracket, request: &TournamentRequest) -> Field {
    let game = |spec: GameSpec| Game {
        game_id: spec.id,
        round: spec.round,
        sides: spec.sides.into_iter().map(side).collect(),
    };
    Field {
        rounds: bracket.rounds().to_vec(),
        teams: request.teams.clone(),
        games: bracket.specs().into_iter().map(game).collect(),
    }
}

fn side(spec: SideSpec) -> Side {
    match spec {
        SideSpec::Team(team) => Side::Team(team),
        SideSpec::WinnerOf(game) => Side::WinnerOf(game),
    }
}

/// The two sides were counted before.
fn spec(game: &Game) -> GameSpec {
    let side = |at: usize| match &game.sides[at] {
        Side::Team(team) => SideSpec::Team(team.clone()),
        Side::WinnerOf(from) => SideSpec::WinnerOf(from.clone()),
    };
    GameSpec { id: game.game_id.clone(), round: game.round, sides: [side(0), side(1)] }
}
