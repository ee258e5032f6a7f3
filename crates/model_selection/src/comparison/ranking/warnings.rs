//! What a reader must know of the numbers over all series: the warnings of the series, without one sentence for each of them.

use std::collections::BTreeMap;

use kernel::counted;

use super::Judged;

/// So many different warnings are told over all series; each series has its own.
const TOLD: usize = 20;

/// On how many series a warning is, and which is the first.
struct Warned<'a> {
    at: usize,
    first: &'a str,
    series: usize,
}

/// The warnings of the series, each once, in the order of the first series that they are of.
pub(super) fn warnings(judged: &[Judged<'_>]) -> Vec<String> {
    if let [only] = judged {
        return only.ranking.standings.warnings.clone();
    }
    let mut found: BTreeMap<&str, Warned<'_>> = BTreeMap::new();
    for (at, series) in judged.iter().enumerate() {
        for warning in &series.ranking.standings.warnings {
            let first = Warned { at, first: &series.ranking.name, series: 0 };
            found.entry(warning).or_insert(first).series += 1;
        }
    }
    let mut found: Vec<(&str, Warned<'_>)> = found.into_iter().collect();
    found.sort_by_key(|(_, warned)| warned.at);
    let left = found.len().saturating_sub(TOLD);
    let left =
        (left > 0).then(|| format!("{} on single series", counted(left, "more warning", "more warnings")));
    found.iter().take(TOLD).map(|(warning, warned)| said(warning, warned)).chain(left).collect()
}

fn said(warning: &str, warned: &Warned<'_>) -> String {
    match warned.series {
        1 => format!("{}: {warning}", warned.first),
        series => format!("{} and {} more series: {warning}", warned.first, series - 1),
    }
}
