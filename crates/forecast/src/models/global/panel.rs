//! What all views of a panel share.
//!
//! How the whole panel or a group fared lately is not among it: that is one number per date, and a tree would learn from
//! it which of the few past dates it looks at, and that day's luck.

use std::collections::{BTreeMap, BTreeSet};

use crate::models::pooled::Profiles;
use crate::panel::Member;
use series::KnownRows;
use wire::Moment;

/// A panel with its groups' day effects and codes.
pub(super) struct Panel<'a> {
    pub(super) members: &'a [Member<'a>],
    pub(super) profiles: Profiles<'a>,
    pub(super) season: usize,
    /// The names of the further day columns whose values recur.
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
        Self { members, profiles, season, days: recurring_days(members), spans_years, codes }
    }

    /// A number per kind of key; missing where the member has none.
    pub(super) fn keys(&self, member: &Member<'_>) -> Vec<f64> {
        let code = |(at, codes): (usize, &BTreeSet<&str>)| {
            member.groups.get(at).map_or(f64::NAN, |key| codes.range(..key.as_str()).count() as f64)
        };
        self.codes.iter().enumerate().map(code).collect()
    }
}

/// The day columns of which most dates have a value that many dates have.
///
/// A column that marks single dates, such as an event's number, has one value nearly always and many rare ones. From
/// those a tree would learn what happened on those dates; the profile knows them where they are few, and shrinks them.
fn recurring_days<'a>(members: &[Member<'a>]) -> Vec<&'a str> {
    /// Members looked at: dates are alike for most.
    const MOST_MEMBERS: usize = 300;
    let stride = members.len().div_ceil(MOST_MEMBERS).max(1);
    let mut columns: BTreeMap<&str, BTreeMap<u64, BTreeSet<Moment>>> = BTreeMap::new();
    for member in members.iter().step_by(stride) {
        for (name, column) in member.history.plan().iter().flat_map(KnownRows::days) {
            let dates_of = columns.entry(name).or_default();
            for (value, &date) in column.iter().zip(member.history.dates) {
                dates_of.entry(value.to_bits()).or_default().insert(date);
            }
        }
    }
    columns.retain(|_, dates_of| recurs(dates_of.values().map(BTreeSet::len).collect()));
    columns.into_keys().collect()
}

/// Whether a column whose values were seen on so many dates each tells more than single dates.
fn recurs(mut dates: Vec<usize>) -> bool {
    const RARE_DATES: usize = 12;
    const USUAL_SHARE: f64 = 0.5;
    dates.sort_unstable();
    let all: usize = dates.iter().sum();
    let Some(usual) = dates.pop() else { return false };
    let rare: usize = dates.iter().filter(|&&count| count < RARE_DATES).sum();
    let is_mark = usual as f64 > USUAL_SHARE * all as f64 && 2 * rare > all - usual;
    !is_mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_marks_single_dates_does_not_recur() {
        // Paid or not; the number of an event; the kind of one; a temperature; one value only.
        for (dates, expected) in [
            (vec![280, 139], true),
            (vec![389, 1, 1, 2, 1], false),
            (vec![384, 9, 8, 12, 6], false),
            (vec![1; 400], true),
            (vec![400], true),
            (vec![], false),
        ] {
            assert_eq!(recurs(dates.clone()), expected, "{dates:?}");
        }
    }
}
