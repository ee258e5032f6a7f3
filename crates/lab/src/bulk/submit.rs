//! Submitting runs that were proposed.

use std::collections::BTreeMap;

use kernel::{Class, Fault, RunId, Tenant};
use runs::Submit;
use wire::lab::{BulkFailed, BulkMade, BulkReport, BulkRequest, BulkRun, LabKind};

use crate::Lab;
use crate::error::LabError;
use crate::game_outcome::{self, GameOutcome};
use crate::kind::Kind;
use crate::market_share::{self, MarketShare};
use crate::ran::{Asked, text};
use crate::strategy::{self, StrategyGeneration};

/// A run that was checked.
pub(super) enum Ready {
    GameOutcome(Submit<game_outcome::Spec>),
    MarketShare(Submit<market_share::Spec>),
    Strategy(Submit<strategy::Spec>),
}

/// Runs at once, at most.
pub(super) const MOST: usize = 200;

/// What was asked before, of each kind.
pub(super) struct Before {
    games: Asked,
    markets: Asked,
    strategies: Asked,
}

impl Before {
    /// The run that was asked for the very same.
    pub(super) fn find(&self, ready: &Ready) -> Option<RunId> {
        match ready {
            Ready::GameOutcome(submit) => self.games.find(&submit.spec),
            Ready::MarketShare(submit) => self.markets.find(&submit.spec),
            Ready::Strategy(submit) => self.strategies.find(&submit.spec),
        }
    }
}

impl Ready {
    /// Its kind and its spec, as text.
    fn spec(&self) -> String {
        match self {
            Self::GameOutcome(submit) => text(&submit.spec),
            Self::MarketShare(submit) => text(&submit.spec),
            Self::Strategy(submit) => text(&submit.spec),
        }
    }
}

impl Lab {
    pub(super) async fn before(&self, tenant: Tenant) -> Result<Before, LabError> {
        let asked = async |kind| Ok::<_, LabError>(Asked::of(&self.reader.ran(tenant, kind).await?));
        Ok(Before {
            games: asked(LabKind::GameOutcome).await?,
            markets: asked(LabKind::MarketShare).await?,
            strategies: asked(LabKind::StrategyGeneration).await?,
        })
    }

    /// A run that is checked as if it were submitted alone.
    pub(super) async fn ready(&self, tenant: Tenant, run: BulkRun) -> Result<Ready, LabError> {
        Ok(match run {
            BulkRun::GameOutcome(request) => {
                Ready::GameOutcome(self.ready_game_outcome(tenant, request).await?)
            }
            BulkRun::MarketShare(request) => {
                Ready::MarketShare(self.ready_market_share(tenant, request).await?)
            }
            BulkRun::StrategyGeneration(request) => {
                Ready::Strategy(self.ready_strategy(tenant, request).await?)
            }
        })
    }

    /// Submits runs, all of which are checked before the first one is. What was asked before is not asked again, so a
    /// repeated request is harmless.
    pub async fn submit_bulk(&self, tenant: Tenant, request: BulkRequest) -> Result<BulkReport, LabError> {
        if !(1..=MOST).contains(&request.runs.len()) {
            let message = format!("must be 1 to {MOST} runs, not {}", request.runs.len());
            return Err(LabError::field("runs", message));
        }
        let before = self.before(tenant).await?;
        let (mut report, mut all) = (BulkReport::default(), Vec::with_capacity(request.runs.len()));
        for (index, run) in (0..).zip(request.runs) {
            match self.ready(tenant, run).await {
                Ok(ready) => all.push((index, ready)),
                Err(error) if error.class() == Class::Internal => return Err(error),
                Err(error) => {
                    let (code, message) = (error.code().to_owned(), error.to_string());
                    report.refused.push(BulkFailed { index, code, message });
                }
            }
        }
        let mut made: BTreeMap<String, RunId> = BTreeMap::new();
        for (index, ready) in all {
            let spec = ready.spec();
            if let Some(run_id) = before.find(&ready).or_else(|| made.get(&spec).copied()) {
                report.skipped.push(BulkMade { index, run_id });
                continue;
            }
            let run_id = match ready {
                Ready::GameOutcome(submit) => self.engine.submit::<Kind<GameOutcome>>(tenant, submit).await?,
                Ready::MarketShare(submit) => self.engine.submit::<Kind<MarketShare>>(tenant, submit).await?,
                Ready::Strategy(submit) => {
                    self.engine.submit::<Kind<StrategyGeneration>>(tenant, submit).await?
                }
            };
            made.insert(spec, run_id);
            report.created.push(BulkMade { index, run_id });
        }
        Ok(report)
    }
}
