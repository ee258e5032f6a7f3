//! What all views of a panel share.
//!
//! How the whole panel or a group fared lately is not among it: that is one number per date, and a tree would learn from
//! it which of the few past dates it looks at, and that day's luck.

use std::collections::BTreeSet;

use crate::features::KnownRows;
use crate::models::pooled::Profiles;
use crate::panel::Member;

/// A panel with its groups' day effects and codes.
pub(super) struct Panel<'a> {
    pub(super) members: &'a [Member<'a>],
    pub(super) profiles: Profiles<'a>,
    pub(super) season: usize,
    /// The names of the further day columns.
    pub(super) days: Vec<&'a str>,
    /// Whether the histories are long enough for a month to have come twice.
    pub(super) spans_years: bool,
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
        let known = members.iter().filter_map(|member| member.history.plan());
        let names: BTreeSet<&str> =
            known.flat_map(|known| KnownRows::days(&known).map(|(name, _)| name)).collect();
        Self { members, profiles, season, days: names.into_iter().collect(), spans_years, codes }
    }

    /// A number per kind of key; missing where the member has none.
    pub(super) fn keys(&self, member: &Member<'_>) -> Vec<f64> {
        let code = |(at, codes): (usize, &BTreeSet<&str>)| {
            member.groups.get(at).map_or(f64::NAN, |key| codes.range(..key.as_str()).count() as f64)
        };
        self.codes.iter().enumerate().map(code).collect()
    }
}
