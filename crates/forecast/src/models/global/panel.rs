//! What all views of a panel share.

use std::collections::BTreeSet;

use crate::features::KnownRows;
use crate::models::pooled::Profiles;
use crate::panel::Member;

/// A panel with its groups' day effects, trends and codes.
pub(super) struct Panel<'a> {
    pub(super) members: &'a [Member<'a>],
    pub(super) profiles: Profiles<'a>,
    pub(super) season: usize,
    /// The names of the further day columns.
    pub(super) days: Vec<&'a str>,
    /// Whether the histories are long enough for a month to have come twice.
    pub(super) spans_years: bool,
    /// Of each group and then of the panel: the sum of all levels before each date.
    sums: Vec<Vec<f64>>,
    /// Of each kind of key: its values, ascending.
    codes: Vec<BTreeSet<&'a str>>,
}

impl<'a> Panel<'a> {
    pub(super) fn of(members: &'a [Member<'a>], profiles: Profiles<'a>, season: usize) -> Self {
        const TWO_YEARS_DAYS: i64 = 730;
        let dates =
            || members.iter().flat_map(|member| [member.history.dates.first(), member.history.dates.last()]);
        let (first, last) = (dates().flatten().min(), dates().flatten().max());
        let spans_years =
            first.zip(last).is_some_and(|(first, last)| (*last - *first).num_days() >= TWO_YEARS_DAYS);
        let mut codes: Vec<BTreeSet<&str>> = Vec::new();
        for member in members {
            codes.resize_with(codes.len().max(member.groups.len()), BTreeSet::new);
            codes.iter_mut().zip(member.groups).for_each(|(codes, key)| {
                codes.insert(key);
            });
        }
        let known = members.iter().filter_map(|member| member.history.known);
        let names: BTreeSet<&str> =
            known.flat_map(|known| KnownRows::days(&known).map(|(name, _)| name)).collect();
        let sums = sums(members, &profiles);
        Self { members, profiles, season, days: names.into_iter().collect(), spans_years, sums, codes }
    }

    /// A number per kind of key; missing where the member has none.
    pub(super) fn keys(&self, member: &Member<'_>) -> Vec<f64> {
        let code = |(at, codes): (usize, &BTreeSet<&str>)| {
            member.groups.get(at).map_or(f64::NAN, |key| codes.range(..key.as_str()).count() as f64)
        };
        self.codes.iter().enumerate().map(code).collect()
    }

    /// How the levels of a group, and of the panel, in the last season compare with the last four, and those with the
    /// last 16, up to a date.
    pub(super) fn trends(&self, group: usize, position: usize) -> [f64; 4] {
        let trends = |sums: &[f64]| {
            let mean = |seasons: usize| {
                let start = (position + 1).saturating_sub(seasons * self.season);
                (sums[position + 1] - sums[start]) / (position + 1 - start) as f64
            };
            [mean(1) / mean(4), mean(4) / mean(16)]
        };
        let [own, all] = [&self.sums[group], &self.sums[self.sums.len() - 1]].map(|sums| trends(sums));
        [own[0], own[1], all[0], all[1]]
    }
}

fn sums(members: &[Member<'_>], profiles: &Profiles<'_>) -> Vec<Vec<f64>> {
    let groups = profiles.group_of.iter().max().map_or(0, |last| last + 1);
    let length = profiles.dates() + 2;
    let mut sums = vec![vec![0.0; length]; groups + 1];
    for (at, member) in members.iter().enumerate() {
        let effects = profiles.effects(at, member);
        for ((&date, &value), effect) in member.history.dates.iter().zip(member.history.values).zip(effects) {
            let after = profiles.position(date) + 1;
            if !value.is_nan() {
                sums[profiles.group_of[at]][after] += value.max(0.0) / effect;
            }
        }
    }
    let (all, groups) = sums.split_last_mut().expect("there is a row for the panel");
    for group in groups {
        all.iter_mut().zip(group.iter()).for_each(|(all, own)| *all += own);
        accumulate(group);
    }
    accumulate(all);
    sums
}

fn accumulate(sums: &mut [f64]) {
    let mut total = 0.0;
    for sum in sums {
        total += *sum;
        *sum = total;
    }
}
