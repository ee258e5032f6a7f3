//! The run kind `game_outcome`: the exact chances of every pair, and how far each team comes.

use kernel::{FieldError, ReadDb, RunId, Seed, Tenant};
use runs::{Failure, RunContext, Submission, Submit};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tournament::{Pair, PairTable, ProbabilityError, devig, implied, ratings_of_reach, reach};
use wire::lab::{
    Field, GameOutcomeModel, GameOutcomeRequest, GameOutcomeResult, GameResult, LabKind, Lineage,
    PairProbability, StateId, TeamReach, TournamentId,
};

use crate::check::Wrong;
use crate::document::{Pinned, held};
use crate::error::LabError;
use crate::field::Playing;
use crate::kind::{Given, Kind, Stands, Work};
use crate::lineage::Described;
use crate::table::synthetic_calcutta;
use crate::tell::{RunError, leave};
use crate::upstream::{artifact_name, spec_of};
use crate::{Lab, Reader};

/// Computes who beats whom.
#[derive(Debug)]
pub struct GameOutcome;

/// What it is pinned to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    tournament: Pinned<TournamentId>,
    state: Pinned<StateId>,
    model: GameOutcomeModel,
}

impl Stands for Spec {
    fn described(&self) -> Described {
        let lineage = Lineage {
            tournament_id: Some(self.tournament.id),
            state_id: Some(self.state.id),
            ..Lineage::default()
        };
        Described { kind: LabKind::GameOutcome, model: Some(self.model.id().to_owned()), lineage }
    }
}

/// Nothing is drawn: the chances are exact.
const SEED: Seed = Seed(1);

impl Lab {
    /// Submits a run; it is queued and durable when this returns.
    pub async fn submit_game_outcome(
        &self,
        tenant: Tenant,
        submission: Submission<GameOutcomeRequest>,
    ) -> Result<RunId, LabError> {
        let Submission { request, parent, idempotency_key } = submission;
        let ready = self.ready_game_outcome(tenant, request).await?;
        let submit = Submit { parent, idempotency_key, ..ready };
        Ok(self.engine.submit::<Kind<GameOutcome>>(tenant, submit).await?)
    }

    /// A request that was checked, ready to be submitted.
    pub(crate) async fn ready_game_outcome(
        &self,
        tenant: Tenant,
        request: GameOutcomeRequest,
    ) -> Result<Submit<Spec>, LabError> {
        let tournament = self.reader.tournament_item(tenant, request.tournament_id).await?;
        let state = self.reader.state_item(tenant, request.state_id).await?;
        if state.tournament_id != tournament.tournament_id {
            let what = format!(
                "state {} is of another tournament than {}",
                state.state_id, tournament.tournament_id
            );
            return Err(LabError::Mismatch { what, of: "tournament" });
        }
        let playing = self.reader.playing(&tournament).await?;
        let mut wrong = Wrong::default();
        check(&playing, &request.model, &mut wrong);
        wrong.into_result()?;
        let spec = Spec { tournament: (&tournament).into(), state: (&state).into(), model: request.model };
        Ok(Submit {
            inputs: vec![spec.tournament.input("tournament"), spec.state.input("state")],
            ..Submit::new(format!("game outcomes of {} by {}", tournament.name, spec.model.id()), SEED, spec)
        })
    }
}

impl Reader {
    /// A run of a model of games.
    pub async fn game_outcome(&self, tenant: Tenant, id: RunId) -> Result<wire::lab::GameOutcome, LabError> {
        let (run, item) = self.run_of(tenant, LabKind::GameOutcome, id).await?;
        let spec: Spec = spec_of(&run)?;
        let result = self.result(&run, LabKind::GameOutcome).await?;
        Ok(wire::lab::GameOutcome { run: item, model: spec.model, result })
    }
}

impl Work for GameOutcome {
    const KIND: LabKind = LabKind::GameOutcome;
    type Spec = Spec;

    async fn held(&self, db: &ReadDb, tenant: Tenant) -> Result<Vec<(RunId, String)>, DbErr> {
        use synthetic_calcutta::{Column, Entity};
        let rows = Entity::find().filter(Column::TenantId.eq(tenant.id())).all(db.conn()).await?;
        let held = |row: synthetic_calcutta::Model| {
            (row.game_outcome_run_id, format!("synthetic calcutta {} is simulated by it", row.id))
        };
        Ok(rows.into_iter().map(held).collect())
    }

    async fn execute(&self, spec: Spec, cx: &RunContext) -> Result<Given, Failure<RunError>> {
        let field = held::<Field>(cx, spec.tournament.digest).await?.map_err(RunError::unreadable)?;
        let state = held::<Vec<GameResult>>(cx, spec.state.digest).await?.map_err(RunError::unreadable)?;
        let model = spec.model.clone();
        let result = cx.compute(move || compute(&field, &state, &model)).await??;
        leave(cx, artifact_name(LabKind::GameOutcome), &result).await?;
        let best = result.teams.iter().max_by(|a, b| title(a).total_cmp(&title(b)));
        let summary = best.map_or_else(String::new, |team| {
            let percent = kernel::figure(100.0 * title(team), 1);
            format!("{} wins it all with a chance of {percent} %, more than any other.", team.team_id)
        });
        let metrics = json!({
            "n_teams": result.teams.len(),
            "n_pairs": result.pairs.len(),
            "favourite_team_id": best.map(|team| &team.team_id),
            "p_favourite": best.map(title),
        });
        Ok(Given::completed(metrics, summary))
    }
}

/// The chance to win everything.
fn title(team: &TeamReach) -> f64 {
    team.p_progress.last().copied().unwrap_or(0.0)
}

fn compute(
    field: &Field,
    state: &[GameResult],
    model: &GameOutcomeModel,
) -> Result<GameOutcomeResult, RunError> {
    let playing = Playing::read(field.clone()).map_err(RunError::unreadable)?;
    let mut wrong = Wrong::default();
    let results = playing.results(state, "results", &mut wrong);
    wrong.into_result().map_err(RunError::unreadable)?;
    let pairs = pair_table(&playing, model).map_err(|problem| problem.as_run_error())?;
    let exact = reach(&playing.bracket, &pairs, &results);
    let ids = playing.bracket.teams();
    let team = |at: usize| TeamReach {
        team_id: ids[at].clone(),
        p_progress: (1..=exact.levels()).map(|level| exact.at_least(at, level)).collect(),
    };
    let pair = |a: usize, b: usize| PairProbability {
        team1_id: ids[a].clone(),
        team2_id: ids[b].clone(),
        p_team1_wins: pairs.beats(a, b),
    };
    Ok(GameOutcomeResult {
        rounds: playing.bracket.rounds().to_vec(),
        teams: (0..ids.len()).map(team).collect(),
        places: (1..=exact.levels()).map(|level| exact.places(level)).collect(),
        pairs: (0..ids.len())
            .flat_map(|a| (a + 1..ids.len()).map(move |b| (a, b)))
            .map(|(a, b)| pair(a, b))
            .collect(),
    })
}

/// Why a model does not fit a field.
enum Problem {
    Probability(ProbabilityError),
    Field(FieldError),
}

impl From<ProbabilityError> for Problem {
    fn from(error: ProbabilityError) -> Self {
        Self::Probability(error)
    }
}

impl Problem {
    fn say(&self, wrong: &mut Wrong) {
        match self {
            Self::Probability(error) => wrong.fault("model.", error),
            Self::Field(field) => wrong.say(field.field.clone(), field.message.clone()),
        }
    }

    fn as_run_error(&self) -> RunError {
        match self {
            Self::Probability(error) => RunError::fault(error),
            Self::Field(field) => RunError::field(field),
        }
    }
}

/// Says why a model does not fit a field, if it does not.
pub(crate) fn check(playing: &Playing, model: &GameOutcomeModel, wrong: &mut Wrong) {
    if let Err(problem) = pair_table(playing, model) {
        problem.say(wrong);
    }
}

fn pair_table(playing: &Playing, model: &GameOutcomeModel) -> Result<PairTable, Problem> {
    match model {
        GameOutcomeModel::Logistic { scale } => {
            let ratings = playing.net_ratings().map_err(Problem::Field)?;
            Ok(PairTable::logistic(&ratings, *scale)?)
        }
        GameOutcomeModel::Pairs { pairs } => {
            let pair = |pair: &PairProbability| Pair {
                a: pair.team1_id.clone(),
                b: pair.team2_id.clone(),
                a_beats_b: pair.p_team1_wins,
            };
            Ok(PairTable::given(&playing.bracket, &pairs.iter().map(pair).collect::<Vec<_>>())?)
        }
        GameOutcomeModel::Odds { level, odds } => of_odds(playing, *level, odds),
    }
}

/// Ratings that a market implies, and the chances under them.
fn of_odds(playing: &Playing, level: usize, odds: &[wire::lab::TeamOdds]) -> Result<PairTable, Problem> {
    let bracket = &playing.bracket;
    if !(1..=bracket.levels()).contains(&level) {
        let message = format!("must be from 1 to {}, the steps of this bracket", bracket.levels());
        return Err(Problem::Field(FieldError::new("model.level", message)));
    }
    let mut decimal = vec![None; bracket.teams().len()];
    for given in odds {
        let at = || format!("model.odds[{}]", given.team_id);
        let Some(team) = bracket.team(&given.team_id) else {
            return Err(Problem::Field(FieldError::new(at(), "is no team of this field")));
        };
        if decimal[team].replace(given.decimal_odds).is_some() {
            return Err(Problem::Field(FieldError::new(at(), "is given twice; a team has one price")));
        }
    }
    if let Some(team) = decimal.iter().position(Option::is_none) {
        let message = format!("`{}` has no odds; every team needs them", bracket.teams()[team]);
        return Err(Problem::Field(FieldError::new("model.odds", message)));
    }
    let decimal: Vec<f64> = decimal.into_iter().flatten().collect();
    let even = PairTable::of(decimal.len(), |_, _| 0.5);
    let none = tournament::Results::none(bracket);
    let places = reach(bracket, &even, &none).places(level).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "places are a small whole number"
    )]
    let market = devig(&implied(&decimal)?, places as usize)?;
    Ok(PairTable::logistic(&ratings_of_reach(bracket, &market, level)?, 1.0)?)
}
