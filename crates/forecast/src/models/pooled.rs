//! `pooled_profile`: the day effects a group of series shares, times each series' own level.
//!
//! Single series of retail demand are too noisy to tell their own weekdays; their group is not. A row's effect is the
//! product of the ratios of its classes: the phase of the season, whether it is a holiday, each further day column with
//! few values (paid days), and the day of the month. The values without their effects are the level, of which there is
//! one forecast for all steps. Missing values take no part.

mod cells;
mod classes;
mod effects;
mod level;
mod regression;

use std::collections::BTreeMap;

use crate::catalog::{Availability, Build, Definition};
use crate::model::{FitError, History};
use crate::panel::{Member, PanelModel};
use crate::params::{Parameter, Params};
use cells::grain;
use classes::Classes;
use effects::{Effects, Span};
pub(super) use level::Level;
use wire::Moment;
use wire::model_selection::Family;

/// Which series share effects, and what they are learned from.
pub(super) struct Pool {
    pub(super) season: usize,
    pub(super) seasons: usize,
    /// Harmonics of the day of the month.
    pub(super) harmonics: usize,
    pub(super) by_group: bool,
}

struct PooledProfile {
    pool: Pool,
    level: Level,
}

impl PanelModel for PooledProfile {
    fn forecast(
        &self,
        panel: &[Member<'_>],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<Result<Vec<f64>, FitError>>> {
        let profiles = Profiles::of(panel, &self.pool, keep_going)?;
        let one = |(at, member): (usize, &Member<'_>)| {
            let points = || match member.future.steps() {
                0 => Ok(Vec::new()),
                _ => self.of(member, &profiles.effects(at, member)),
            };
            keep_going().then(points)
        };
        panel.iter().enumerate().map(one).collect()
    }
}

impl PooledProfile {
    fn of(&self, member: &Member<'_>, effects: &[f64]) -> Result<Vec<f64>, FitError> {
        let History { values, dates, .. } = member.history;
        let (past, ahead) = effects.split_at(values.len());
        let levels: Vec<f64> = values.iter().zip(past).map(|(value, effect)| value / effect).collect();
        let history = History { values: &levels, dates, known: None };
        let level = self.level.after(&history)?;
        Ok(ahead.iter().map(|effect| level * effect).collect())
    }
}

/// The effects of all groups of a panel.
pub(super) struct Profiles<'a> {
    classes: Classes<'a>,
    effects: Vec<Effects>,
    /// The group of each member.
    group_of: Vec<usize>,
}

impl<'a> Profiles<'a> {
    /// `None` once `keep_going`, asked before each group, says no.
    pub(super) fn of(panel: &[Member<'a>], pool: &Pool, keep_going: &dyn Fn() -> bool) -> Option<Self> {
        let classes = Classes::of(panel, pool.season);
        let mut groups: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
        for (at, member) in panel.iter().enumerate() {
            groups.entry(member.groups).or_default().push(at);
        }
        if !keep_going() {
            return None;
        }
        let learned: Vec<Member<'_>> = panel.iter().map(Member::as_learned).collect();
        let (season, harmonics) = (pool.season, pool.harmonics);
        let span = Span { rows: season * pool.seasons, season, harmonics, grain: grain(&learned, season) };
        let everyone: Vec<usize> = (0..panel.len()).collect();
        let whole = Effects::of(&learned, &everyone, &classes, span, None);
        if !pool.by_group {
            return Some(Self { classes, effects: vec![whole], group_of: vec![0; panel.len()] });
        }
        let mut group_of = vec![0; panel.len()];
        let mut effects = Vec::with_capacity(groups.len());
        for members in groups.values() {
            if !keep_going() {
                return None;
            }
            for &at in members {
                group_of[at] = effects.len();
            }
            effects.push(Effects::of(&learned, members, &classes, span, Some(&whole)));
        }
        Some(Self { classes, effects, group_of })
    }

    /// What each row of a member's history and then each step multiplies its level by.
    pub(super) fn effects(&self, at: usize, member: &Member<'_>) -> Vec<f64> {
        let effects = &self.effects[self.group_of[at]];
        self.classes.of_member(member).into_iter().map(|class| effects.at(class)).collect()
    }

    /// Whether a member's group was closed on a date of the time the effects were learned from.
    pub(super) fn is_closed(&self, at: usize, date: Moment) -> bool {
        self.effects[self.group_of[at]].closed.contains(&self.classes.position(date))
    }

    /// A date's place among the dates of the panel.
    pub(super) fn position(&self, date: Moment) -> usize {
        self.classes.position(date)
    }
}

/// The parameters of a [`Pool`] and of its level.
pub(super) fn pool_parameters() -> Vec<Parameter> {
    vec![
        Parameter::integer("season_length", 1, 365, 7, "Rows of a season; 1 for none."),
        Parameter::integer("seasons", 2, 520, 104, "Last seasons the effects are learned from."),
        Parameter::integer("month_harmonics", 0, 6, 4, "Harmonics of the day of the month; 0 for none."),
        Parameter::choice("pool", &["group", "panel"], "Which series share effects."),
        Parameter::choice(
            "level",
            &["fixed", "tsb", "ses"],
            "The model of the level: size times chance of demand with fixed weights, or one that finds its own.",
        ),
    ]
}

pub(super) fn pool(params: &Params) -> (Pool, Level) {
    let level = Level::parse(params.word("level"));
    let (season, seasons) = (params.count("season_length"), params.count("seasons"));
    let harmonics = params.count("month_harmonics");
    (Pool { season, seasons, harmonics, by_group: params.word("pool") == "group" }, level)
}

/// The definition of `pooled_profile`.
pub(crate) fn definition() -> Definition {
    Definition {
        model_type: "pooled_profile",
        label: "Pooled profile",
        family: Family::Smoothing,
        is_feature_aware: true,
        description: "Day effects learned from a whole group of series, times each series' own level.",
        parameters: pool_parameters(),
        minimum_history: |_| 5,
        availability: Availability::Present,
        build: Build::Panel(|params| {
            let (pool, level) = pool(params);
            Box::new(PooledProfile { pool, level })
        }),
    }
}
