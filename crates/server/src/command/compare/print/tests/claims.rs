//! The claims of a printed ranking, held against each other.

use super::Printed;
use crate::command::generated::{between, table};

/// What a first line says, by words that stand in it alone.
const VERDICTS: [&str; 7] = [
    " is the champion",
    "No clear winner: ",
    "Undecided: ",
    "None leads by ",
    ": they tie, and none leads",
    " is the only one of ",
    "None of ",
];

type Claim<'a> = dyn FnMut(bool, String) + 'a;

/// Everything that is wrong with what is printed.
pub(super) fn contradictions(printed: &Printed) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut claim = |holds: bool, what: String| {
        if !holds {
            wrong.push(what);
        }
    };
    verdicts(printed, &mut claim);
    leaders(printed, &mut claim);
    leads(printed, &mut claim);
    ties(printed, &mut claim);
    counts(printed, &mut claim);
    units(printed, &mut claim);
    wrong
}

/// The verdicts that a text holds.
pub(super) fn verdict(text: &str) -> Vec<&'static str> {
    VERDICTS.into_iter().filter(|verdict| text.contains(verdict)).collect()
}

/// Who leads, by the first line.
pub(super) fn leader(text: &str) -> Option<&str> {
    let line = text.lines().next()?;
    let said = line.strip_prefix("No clear winner: ").or_else(|| line.strip_prefix("Undecided: "));
    let said = said.unwrap_or(line);
    if said.starts_with("None ") || said.contains(VERDICTS[4]) {
        return None;
    }
    let ends = [" is the champion", " is the only one of ", " is first by ", " leads", " and "];
    ends.into_iter().filter_map(|end| said.find(end)).min().map(|at| &said[..at])
}

fn verdicts(printed: &Printed, claim: &mut Claim<'_>) {
    let text = &printed.text;
    let said: usize = VERDICTS.into_iter().map(|verdict| text.matches(verdict).count()).sum();
    claim(said == 1, format!("there is one verdict, and there are {said}"));
    let first = text.lines().next().unwrap_or_default();
    claim(!verdict(first).is_empty(), "the first line has the verdict".to_owned());
    let is_clear = first.contains(VERDICTS[0]);
    claim(!text.contains("Confidence high") || is_clear, "high only where somebody has won".to_owned());
    claim(text.contains("Confidence low") || is_clear, "low where nobody has".to_owned());
    claim(is_clear == text.contains("hampion"), "a champion is named where there is one".to_owned());
}

/// Whoever leads is the first of the tables, and the one that notes speak of.
fn leaders(printed: &Printed, claim: &mut Claim<'_>) {
    let text = &printed.text;
    let Some(leader) = leader(text) else { return };
    let overall = table(text, "#  model");
    let first = overall.first().and_then(|row| row.get(1)).map(String::as_str);
    claim(first == Some(leader), format!("{leader} leads, and {first:?} is first"));
    let ranks: Vec<usize> = overall.iter().filter_map(|row| row.first()?.parse().ok()).collect();
    claim(ranks.is_sorted() && ranks.first() == Some(&1), "places ascend from one".to_owned());
    for (begins, ends) in [("note: ", " was chosen"), ("bias: ", " are ")] {
        let said = text.lines().find_map(|line| line.strip_prefix(begins)?.split_once(ends));
        let name = said.map(|(name, _)| of_forecasts(name));
        claim(name.is_none_or(|name| name == leader), format!("{leader} leads, and {name:?} {ends}"));
    }
    if let Some([_, model, number, ..]) = table(text, "figure").first().map(Vec::as_slice) {
        claim(model == leader, format!("{model} has the first figure"));
        let said = between(text, "On the same test points ", ", the plain mean");
        let is_it = said.is_none_or(|said| said.ends_with(&format!(" of {number}")));
        claim(is_it, format!("{said:?} and {number} are one number"));
    }
}

/// Whom a sentence is about, that begins with whose forecasts they are.
fn of_forecasts(said: &str) -> &str {
    let said = said.trim_start_matches("Whether ");
    ["the forecasts of ", "The forecasts of "]
        .into_iter()
        .find_map(|start| said.strip_prefix(start))
        .unwrap_or(said)
}

/// A lead is that of the two numbers it stands beside, and those are in the table.
fn leads(printed: &Printed, claim: &mut Claim<'_>) {
    let text = &printed.text;
    let line = text.lines().find(|line| line.starts_with("Confidence ") && line.contains(", a lead of "));
    let Some((before, after)) = line.and_then(|line| line.split_once(" against ")) else { return };
    let last = before.trim_end_matches(" %").rsplit(' ').next().and_then(|word| word.parse::<f64>().ok());
    let next = after.split(' ').next().and_then(|word| word.parse::<f64>().ok());
    let lead = between(after, ", a lead of ", " %").and_then(|lead| lead.parse::<f64>().ok());
    let (Some(best), Some(next), Some(lead)) = (last, next, lead) else {
        return claim(false, format!("its numbers can be read: {line:?}"));
    };
    let found = if next == 0.0 { 0.0 } else { 100.0 * (next - best) / next };
    claim((found - lead).abs() < 1.5, format!("the numbers have a lead of {found}: {line:?}"));
    for (row, said) in table(text, "#  model").iter().zip([best, next]) {
        let cell = row.get(2).and_then(|cell| cell.parse::<f64>().ok()).map(f64::abs);
        let is_it = cell.is_some_and(|cell| (cell - said).abs() <= 0.006_f64.max(0.01 * said.abs()));
        claim(is_it, format!("{said} and {cell:?} are one number"));
    }
}

/// As many are tied as are named.
fn ties(printed: &Printed, claim: &mut Claim<'_>) {
    let mut lines = printed.text.lines();
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let named = between(first, "the errors of ", " cannot be told from").map(|names| {
        let more = names.split_once(" and ").and_then(|(_, more)| more.split(' ').next()?.parse().ok());
        1 + names.matches(", ").count() + more.unwrap_or(0)
    });
    let counted = second.find(" cannot be told from it at 5 %").map(|end| {
        let said = second[..end].rsplit([';', ',']).next().unwrap_or_default();
        said.trim().split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(1)
    });
    claim(named == counted, format!("{named:?} and {counted:?} are tied"));
}

/// What claims rest on is as much everywhere.
fn counts(printed: &Printed, claim: &mut Claim<'_>) {
    let text = &printed.text;
    let overall = between(text, "\nOverall, ", " series by ").and_then(|count| count.parse::<usize>().ok());
    let said = between(text, "one model for all ", " series ")
        .or_else(|| between(text, "one model for all ", " series:"));
    let said = said.and_then(|said| said.parse().ok());
    claim(said.is_none() || said == overall, format!("{said:?} and {overall:?} series"));
    if let (Some((won, all)), Some(leader)) = (first_on(text), leader(text)) {
        claim(all.parse().ok() == overall, format!("{all} and {overall:?} series"));
        let segments = table(text, "segment");
        let rows = table(text, "series  first");
        let named = if segments.is_empty() {
            claim(Some(rows.len()) == overall, format!("{} rows of {overall:?} series", rows.len()));
            rows.iter().filter(|row| row.get(1).is_some_and(|name| name == leader)).count()
        } else {
            segments.iter().filter_map(|row| share(row.get(2)?, leader)).sum()
        };
        // A segment names the most frequent, and the others together.
        let are_named = segments.iter().all(|row| row.get(2).is_some_and(|cell| !cell.contains(" other")));
        let fits = |won: usize| won == named || (won > named && !are_named);
        claim(won.parse().is_ok_and(fits), format!("{leader} is first on {won}, and on {named}"));
    }
    if overall == Some(1) {
        windows(text, claim);
    }
}

/// Of a single series every claim rests on the same windows, of which there are no more than folds.
fn windows(text: &str, claim: &mut Claim<'_>) {
    let before = text.match_indices(" test window").map(|(at, _)| text[..at].rsplit([' ', '(']).next());
    let counts: Vec<usize> = before.filter_map(|word| word?.parse().ok()).collect();
    claim(counts.windows(2).all(|pair| pair[0] == pair[1]), format!("as many windows: {counts:?}"));
    let folds = between(text, "Judged on ", " fold").and_then(|folds| folds.parse::<usize>().ok());
    let is_more = folds.zip(counts.first()).is_some_and(|(folds, count)| *count > folds);
    claim(!is_more, format!("{counts:?} windows of {folds:?} folds"));
}

/// On how many series the first is first, and of how many.
fn first_on(text: &str) -> Option<(&str, &str)> {
    between(text, "; first on ", " series")?.split_once(" of ")
}

/// On how many a segment has somebody first: `ETS 40 (66 %), Theta 20 (33 %)`.
fn share(cell: &str, leader: &str) -> Option<usize> {
    cell.split(", ")
        .find_map(|part| part.strip_prefix(leader)?.strip_prefix(' ')?.split(' ').next()?.parse().ok())
}

/// Rows are called what they are.
fn units(printed: &Printed, claim: &mut Claim<'_>) {
    let Printed { text, horizon, rows, .. } = printed;
    for line in text.lines().filter(|line| line.starts_with("assumed: ") || line.starts_with("numbers: ")) {
        claim(!line.contains(" rows"), format!("rows are {rows}: {line}"));
    }
    let judged = text.lines().find(|line| line.starts_with("assumed: Judged on "));
    let says = |line: &str| line.contains(&format!(" of {horizon} {rows}")) || line.contains("asked for");
    claim(judged.is_none_or(says), format!("{horizon} {rows} are judged: {judged:?}"));
}
