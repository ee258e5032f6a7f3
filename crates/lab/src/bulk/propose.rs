//! Proposing the runs that are missing. It only looks.

use kernel::{Class, Fault, RunId, Tenant};
use uuid::Uuid;
use wire::lab::{
    BulkMarketModel, BulkProposal, BulkQuery, BulkRefused, BulkRun, BulkSkipped, CalcuttaId, CalcuttaItem,
    CohortId, Combination, GameOutcomeModel, GameOutcomeRequest, LabKind, MarketShareModel,
    MarketShareRequest, StrategyRequest, TournamentId, TrainOn,
};

use super::submit::{Before, MOST};
use crate::Lab;
use crate::error::LabError;
use crate::ran::Ran;

/// Why nothing can be proposed.
struct Refusal {
    code: &'static str,
    message: String,
    choices: Vec<RunId>,
}

impl Refusal {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), choices: Vec::new() }
    }
}

impl Lab {
    /// The runs that tournaments or auctions lack, ready to be submitted. Nothing is.
    pub async fn propose(&self, tenant: Tenant, query: BulkQuery) -> Result<BulkProposal, LabError> {
        let mut proposing = Proposing {
            lab: self,
            tenant,
            before: self.before(tenant).await?,
            proposal: BulkProposal::default(),
        };
        match query {
            BulkQuery::GameOutcome { model, starting_state_key, tournament_ids } => {
                proposing.games(&model, &starting_state_key, tournament_ids).await?;
            }
            BulkQuery::MarketShare { model, calcutta_ids } => proposing.markets(&model, calcutta_ids).await?,
            BulkQuery::StrategyGeneration { cohort_id, calcutta_ids } => {
                proposing.strategies(cohort_id, calcutta_ids).await?;
            }
        }
        Ok(proposing.proposal)
    }
}

struct Proposing<'a> {
    lab: &'a Lab,
    tenant: Tenant,
    before: Before,
    proposal: BulkProposal,
}

impl Proposing<'_> {
    /// A run of a model of games for each tournament.
    async fn games(
        &mut self,
        model: &GameOutcomeModel,
        key: &str,
        ids: Option<Vec<TournamentId>>,
    ) -> Result<(), LabError> {
        let reader = &self.lab.reader;
        let all = reader.all_tournaments(self.tenant).await?;
        let all = chosen(TOURNAMENTS, all, ids, |one| one.tournament_id)?;
        for one in all {
            let (id, name) = (one.tournament_id, one.name);
            let states = reader.states(id).await?;
            let state = states.iter().find(|state| state.starting_state_key == key);
            let request = |state: &wire::lab::StateItem| {
                let (state_id, model) = (state.state_id, model.clone());
                BulkRun::GameOutcome(GameOutcomeRequest { tournament_id: id, state_id, model })
            };
            let run = state.map(request).ok_or_else(|| {
                let keys: Vec<&str> = states.iter().map(|state| state.starting_state_key.as_str()).collect();
                let message = format!("it has no state `{key}`; there are {}", keys.join(", "));
                Refusal::new("STATE_MISSING", message)
            });
            self.add(id.0, name, run).await?;
        }
        Ok(())
    }

    /// A run of a model of markets for each auction.
    async fn markets(
        &mut self,
        model: &BulkMarketModel,
        ids: Option<Vec<CalcuttaId>>,
    ) -> Result<(), LabError> {
        let reader = &self.lab.reader;
        let every = reader.all_calcuttas(self.tenant).await?;
        let games = reader.ran(self.tenant, LabKind::GameOutcome).await?;
        for (one, season) in chosen(AUCTIONS, every.clone(), ids, |(one, _)| one.calcutta_id)? {
            let model = match model {
                BulkMarketModel::NaiveEvBaseline { game_outcome_model } => {
                    game_of(&games, &one, game_outcome_model)
                        .map(|game_outcome_run_id| MarketShareModel::NaiveEvBaseline { game_outcome_run_id })
                }
                BulkMarketModel::Ridge { ridge_alpha, train_on } => {
                    let train = every.iter().filter(|(other, of)| {
                        let is_before = *train_on == TrainOn::Others || *of < season;
                        is_before && other.tournament_id != one.tournament_id && other.entry_count > 0
                    });
                    let train_snapshot_ids: Vec<_> = train.map(|(other, _)| other.snapshot_id).collect();
                    if train_snapshot_ids.is_empty() {
                        let message = "no such season has an auction to learn from";
                        Err(Refusal::new("NOTHING_TO_LEARN_FROM", message))
                    } else {
                        Ok(MarketShareModel::Ridge { ridge_alpha: *ridge_alpha, train_snapshot_ids })
                    }
                }
                BulkMarketModel::OracleActualMarket {} => Ok(MarketShareModel::OracleActualMarket {}),
            };
            let run = model.map(|model| {
                let snapshot_id = one.snapshot_id;
                BulkRun::MarketShare(MarketShareRequest { snapshot_id, model, excluded_entry_id: None })
            });
            self.add(one.calcutta_id.0, one.name, run).await?;
        }
        Ok(())
    }

    /// The best bids for each auction that has none by the models of a cohort.
    async fn strategies(&mut self, cohort: CohortId, ids: Option<Vec<CalcuttaId>>) -> Result<(), LabError> {
        let (reader, tenant) = (&self.lab.reader, self.tenant);
        let cohort = reader.cohort(tenant, cohort).await?;
        let Some(auto) = cohort.auto else {
            let what = format!(
                "the cohort {} names no models; entries are generated for an automatic one",
                cohort.name
            );
            return Err(LabError::State { code: "COHORT_WITHOUT_MODELS", what });
        };
        let there = reader.strategies(tenant).await?;
        let games = reader.ran(tenant, LabKind::GameOutcome).await?;
        let markets = reader.ran(tenant, LabKind::MarketShare).await?;
        let every = reader.all_calcuttas(tenant).await?;
        for (one, _) in chosen(AUCTIONS, every, ids, |(one, _)| one.calcutta_id)? {
            let is_own =
                |ran: &Ran, of: &Combination| *of == auto && ran.row.calcutta_id == Some(one.calcutta_id);
            let run_ids: Vec<RunId> =
                there.iter().filter(|(ran, of)| is_own(ran, of)).map(|(ran, _)| ran.run.id).collect();
            if !run_ids.is_empty() {
                self.proposal.skipped.push(BulkSkipped {
                    target_id: one.calcutta_id.0,
                    name: one.name,
                    run_ids,
                });
                continue;
            }
            let run = strategy(&one, &auto, &games, &markets).map(BulkRun::StrategyGeneration);
            self.add(one.calcutta_id.0, one.name, run).await?;
        }
        Ok(())
    }

    /// Notes what can be done for one tournament or auction.
    async fn add(
        &mut self,
        target_id: Uuid,
        name: String,
        run: Result<BulkRun, Refusal>,
    ) -> Result<(), LabError> {
        let refusal = match run {
            Err(refusal) => refusal,
            Ok(run) => match self.lab.ready(self.tenant, run.clone()).await {
                Ok(ready) => {
                    match self.before.find(&ready) {
                        Some(id) => {
                            self.proposal.skipped.push(BulkSkipped { target_id, name, run_ids: vec![id] });
                        }
                        None => self.proposal.runs.push(run),
                    }
                    return Ok(());
                }
                Err(error) if error.class() == Class::Internal => return Err(error),
                Err(error) => Refusal::new(error.code(), error.to_string()),
            },
        };
        let Refusal { code, message, choices } = refusal;
        let code = code.to_owned();
        self.proposal.refused.push(BulkRefused { target_id, name, code, message, choices });
        Ok(())
    }
}

/// What runs are proposed for, and the field that names them.
const TOURNAMENTS: (&str, &str) = ("tournament", "tournament_ids");
const AUCTIONS: (&str, &str) = ("auction", "calcutta_ids");

/// Those that are named, or all.
fn chosen<T, I: PartialEq + std::fmt::Display>(
    (what, field): (&'static str, &'static str),
    all: Vec<T>,
    ids: Option<Vec<I>>,
    id: impl Fn(&T) -> I,
) -> Result<Vec<T>, LabError> {
    let Some(ids) = ids else {
        if all.len() > MOST {
            let message = format!("there are {} of them; name {MOST} at most at once", all.len());
            return Err(LabError::field(field, message));
        }
        return Ok(all);
    };
    if let Some(unknown) = ids.iter().find(|wanted| !all.iter().any(|one| id(one) == **wanted)) {
        return Err(LabError::not_found(what, unknown));
    }
    Ok(all.into_iter().filter(|one| ids.contains(&id(one))).collect())
}

fn strategy(
    one: &CalcuttaItem,
    auto: &Combination,
    games: &[Ran],
    markets: &[Ran],
) -> Result<StrategyRequest, Refusal> {
    let game_outcome_run_id = game_of(games, one, &auto.game_outcome_model)?;
    let own = markets.iter().filter(|ran| ran.row.calcutta_id == Some(one.calcutta_id));
    let market_share_run_id = the_only(own, "market_share", &auto.market_share_model)?;
    let (snapshot_id, optimizer_key) = (one.snapshot_id, auto.optimizer_key.clone());
    Ok(StrategyRequest { snapshot_id, game_outcome_run_id, market_share_run_id, optimizer_key })
}

fn game_of(games: &[Ran], one: &CalcuttaItem, model: &str) -> Result<RunId, Refusal> {
    let own = games.iter().filter(|ran| ran.row.tournament_id == Some(one.tournament_id));
    the_only(own, "game_outcome", model)
}

/// The only succeeded run of a model. Among several a person has to choose.
fn the_only<'a>(ran: impl Iterator<Item = &'a Ran>, kind: &str, model: &str) -> Result<RunId, Refusal> {
    let own = ran.filter(|one| one.is_succeeded() && one.is_of(model));
    let choices: Vec<RunId> = own.map(|one| one.run.id).collect();
    match choices[..] {
        [run] => Ok(run),
        [] => Err(Refusal::new(
            "UPSTREAM_MISSING",
            format!("it has no succeeded run of {kind} by {model}; submit one first"),
        )),
        _ => {
            let message = format!(
                "it has {} runs of {kind} by {model}; submit the request with the one that is meant",
                choices.len()
            );
            Err(Refusal { choices, ..Refusal::new("UPSTREAM_AMBIGUOUS", message) })
        }
    }
}
