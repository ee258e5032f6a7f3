//! `global_boosting`: one boosted model of all series, which corrects the pooled profile.
//!
//! Every series is first forecast by its level times the day effects of its group (`pooled_profile`). Boosted trees
//! learn, over all series together, what the logarithm of demand over that forecast depends on: recent means and
//! zeros of the series, the trend of its group, the calendar, prices, promotions, known days and static keys.
//!
//! The model is direct: it learns from simulated forecasts. A training row is a series, an origin in its past and a row
//! 1 to `horizon` steps after that origin; its features read values before the origin only, exactly as at the real
//! origin, and how many steps lie between is a feature. No forecast ever becomes a feature. Negative values count as
//! no demand; missing values take no part.

mod loss;
mod panel;
mod sample;
mod view;

use kernel::Seed;

use super::pooled::{self, Level, Pool, Profiles};
use super::tree::{Boosting, Least, Limits, Sampling, Tree};
use crate::catalog::{Availability, Build, Definition};
use crate::model::{FitError, History};
use crate::panel::{Member, PanelModel};
use crate::params::Parameter;
use loss::MOST;
use panel::Panel;
use sample::{Plan, Sample};
use view::View;
use wire::model_selection::Family;

const MODEL: &str = "global_boosting";

struct GlobalBoosting {
    pool: Pool,
    level: Level,
    boosting: Boosting,
    power: f64,
    /// Share of the boosted forecast; the rest is the pooled profile's.
    share: f64,
    rows: usize,
    seed: Seed,
}

impl PanelModel for GlobalBoosting {
    fn forecast(
        &self,
        panel: &[Member<'_>],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<Result<Vec<f64>, FitError>>> {
        let profiles = Profiles::of(panel, &self.pool, keep_going)?;
        let panel = Panel::of(panel, profiles, self.pool.season);
        let plan = Plan::of(&panel, self.rows, self.seed);
        let sample = Sample::draw(&panel, &plan, &self.level, self.power, keep_going)?;
        let mut fitted = vec![0.0; sample.bins.rows()];
        let trees = self.boosting.fit(&sample.bins, &sample.loss, &mut fitted, keep_going)?;
        let one = |at: usize| keep_going().then(|| self.of(&panel, at, &trees));
        (0..panel.members.len()).map(one).collect()
    }
}

impl GlobalBoosting {
    /// A member's forecast.
    fn of(&self, panel: &Panel<'_>, at: usize, trees: &[Tree]) -> Result<Vec<f64>, FitError> {
        let (member, rows) = (&panel.members[at], panel.members[at].history.values.len());
        let steps = member.future.steps();
        let view = View::of(panel, at);
        if view.first_demand == rows && member.history.values.iter().any(|&value| value < 0.0) {
            let reason = "it forecasts demand, which is not negative";
            return Err(FitError::NotApplicable { model: MODEL, reason });
        }
        if steps == 0 || view.first_demand == rows {
            return Ok(vec![0.0; steps]);
        }
        let level = level_at(&self.level, &view, member, rows)?;
        let origin = view.at(rows, level).ok_or(FitError::NotFinite { model: MODEL, step: 1 })?;
        let mut features = Vec::new();
        let point = |step: usize| {
            view.features(&origin, rows + step, &mut features);
            let correction: f64 = trees.iter().map(|tree| tree.at(&features)).sum();
            let boosted = correction.clamp(-MOST, MOST).exp();
            origin.level * view.effects[rows + step] * (self.share * boosted + 1.0 - self.share)
        };
        Ok((0..steps).map(point).collect())
    }
}

/// The level of a series after its first `origin` rows.
fn level_at(level: &Level, view: &View<'_>, member: &Member<'_>, origin: usize) -> Result<f64, FitError> {
    let dates = &member.history.dates[..origin];
    level.after(&History { values: &view.levels[..origin], dates, known: None })
}

/// The definition of `global_boosting`.
pub(crate) fn definition() -> Definition {
    let mut parameters = pooled::pool_parameters();
    parameters.extend([
        Parameter::integer("max_iter", 1, 2000, 80, "Trees."),
        Parameter::number("learning_rate", 0.001, 1.0, 0.1, "Share of each tree that is added."),
        Parameter::integer("max_leaves", 2, 255, 31, "Leaves of a tree."),
        Parameter::integer("min_leaf", 1, 100_000, 100, "Training rows a leaf must hold."),
        Parameter::number("ridge", 0.0, 10_000.0, 10.0, "Training rows a leaf is shrunk by."),
        Parameter::number("power", 1.0, 1.9, 1.1, "How variance grows with demand: 1 for counts."),
        Parameter::number(
            "share",
            0.0,
            1.0,
            0.7,
            "Share of the boosted forecast; the rest is the profile's.",
        ),
        Parameter::integer("max_rows", 1000, 20_000_000, 600_000, "Training rows that are drawn at most."),
        Parameter::number("row_share", 0.05, 1.0, 0.5, "Share of the rows each tree sees."),
        Parameter::number("feature_share", 0.05, 1.0, 0.7, "Share of the features each tree sees."),
        Parameter::integer("seed", 0, u64::from(u32::MAX), 42, "The seed of what is drawn."),
    ]);
    Definition {
        model_type: MODEL,
        label: "Global boosting",
        family: Family::Tree,
        is_feature_aware: true,
        description: "One boosted model of all series that corrects the pooled profile.",
        parameters,
        minimum_history: |params| 2 * params.count("season_length") + 5,
        availability: Availability::Present,
        build: Build::Panel(|params| {
            let (pool, level) = pooled::pool(params);
            let seed = Seed(params.count("seed") as u64);
            let limits = Limits {
                leaves: params.count("max_leaves"),
                depth: usize::MAX,
                least: Least::Weight(params.count("min_leaf") as f64),
                ridge: params.number("ridge"),
            };
            let sampling =
                Sampling { rows: params.number("row_share"), features: params.number("feature_share"), seed };
            Box::new(GlobalBoosting {
                pool,
                level,
                boosting: Boosting {
                    rounds: params.count("max_iter"),
                    rate: params.number("learning_rate"),
                    limits,
                    sampling: Some(sampling),
                },
                power: params.number("power"),
                share: params.number("share"),
                rows: params.count("max_rows"),
                seed,
            })
        }),
    }
}
