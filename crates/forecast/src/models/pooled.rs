//! `pooled_profile`: the day effects a group of series shares, times each series' own level.
//!
//! Single series of retail demand are too noisy to tell their own weekdays; their group is not. A row's effect is the
//! product of the ratios of its classes: the phase of the season, whether it is a holiday, and each further day column
//! with few values (paid days). The ratios maximise the Poisson likelihood of the group's rows given each series' mean
//! level (iterative proportional fitting, Deming & Stephan 1940). The values without their effects are forecast by a
//! model of the level. Missing values take no part.

mod effects;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ModelSpec;
use crate::catalog::{Availability, Build, Definition, Family};
use crate::model::{FitError, Future, History};
use crate::panel::{Member, PanelModel};
use crate::params::Parameter;
use effects::{Classes, Effects};

struct PooledProfile {
    season: usize,
    seasons: usize,
    by_group: bool,
    level: ModelSpec,
}

impl PanelModel for PooledProfile {
    fn forecast(
        &self,
        panel: &[Member<'_>],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<Result<Vec<f64>, FitError>>> {
        let classes = Classes::of(panel, self.season);
        let mut groups: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
        for (at, member) in panel.iter().enumerate() {
            groups.entry(if self.by_group { member.groups } else { &[] }).or_default().push(at);
        }
        let mut all: Vec<Result<Vec<f64>, FitError>> = panel.iter().map(|_| Ok(Vec::new())).collect();
        for members in groups.into_values() {
            if !keep_going() {
                return None;
            }
            let effects = Effects::of(panel, &members, &classes, self.season * self.seasons);
            for at in members.into_iter().filter(|&at| panel[at].future.steps() > 0) {
                all[at] = self.of(&panel[at], &classes.of_member(&panel[at]), &effects);
            }
        }
        Some(all)
    }
}

impl PooledProfile {
    fn of(&self, member: &Member<'_>, classes: &[usize], effects: &Effects) -> Result<Vec<f64>, FitError> {
        let History { values, dates, .. } = member.history;
        let effects: Vec<f64> = classes.iter().map(|&class| effects.at(class)).collect();
        let (past, ahead) = effects.split_at(values.len());
        let levels: Vec<f64> = values.iter().zip(past).map(|(value, effect)| value / effect).collect();
        let history = History { values: &levels, dates, known: None };
        let mut points = self.level.forecast(&history, &Future { known: None, ..member.future })?;
        points.iter_mut().zip(ahead).for_each(|(point, effect)| *point *= effect);
        Ok(points)
    }
}

/// The definition of `pooled_profile`.
pub(crate) fn definition() -> Definition {
    Definition {
        model_type: "pooled_profile",
        label: "Pooled Profile",
        family: Family::Smoothing,
        is_feature_aware: true,
        description: "Day effects learned from a whole group of series, times each series' own level.",
        parameters: vec![
            Parameter::integer("season_length", 1, 365, 7, "Rows of a season; 1 for none."),
            Parameter::integer("seasons", 2, 520, 26, "Last seasons the effects are learned from."),
            Parameter::choice("pool", &["group", "panel"], "Which series share effects."),
            Parameter::choice("level", &["ses", "tsb", "croston"], "The model of the level."),
        ],
        minimum_history: |_| 5,
        availability: Availability::Present,
        build: Build::Panel(|params| {
            let level =
                ModelSpec::parse(params.word("level"), &Value::Null).expect("level models are catalogued");
            Box::new(PooledProfile {
                season: params.count("season_length"),
                seasons: params.count("seasons"),
                by_group: params.word("pool") == "group",
                level,
            })
        }),
    }
}
