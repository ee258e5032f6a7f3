//! The terms of an auction: what may be bid, what places are paid, what steps earn.

use wire::lab::{Payout, Rules, ScoringRule};

use super::meaning::letters;
use super::part::{Part, is_total};
use super::told::Told;

/// Sets one rule.
type Set = fn(&mut Rules) -> &mut u32;

const RULES: &[(&[&str], Set)] = &[
    (&["budget", "budgetpoints", "points"], |rules| &mut rules.budget_points),
    (&["minteams", "leastteams", "fewestteams"], |rules| &mut rules.min_teams),
    (&["maxteams", "mostteams"], |rules| &mut rules.max_teams),
    (&["minbid", "minbidpoints", "leastbid"], |rules| &mut rules.min_bid),
    (&["maxbid", "maxbidpoints", "highestbid", "mostbid", "cap"], |rules| &mut rules.max_bid),
];

fn rule(name: &str) -> Option<Set> {
    let name = letters(name);
    RULES.iter().find(|(names, _)| names.contains(&name.as_str())).map(|(_, set)| *set)
}

/// The rules of a table: a row for each, or a column for each.
pub(super) fn rules(part: Option<&Part>, told: &mut Told) -> Rules {
    let mut rules = Rules::default();
    let Some(part) = part else {
        told.note(format!("No rules are given: {}.", said(&rules)));
        return rules;
    };
    let columns: Vec<(usize, Set)> =
        part.others().into_iter().filter_map(|(at, name)| Some((at, rule(&name)?))).collect();
    match part.column("value") {
        _ if !columns.is_empty() => {
            for (at, set) in &columns {
                *set(&mut rules) = part.whole_number(0, *at, told).unwrap_or(*set(&mut rules));
            }
        }
        Some(value) => by_row(part, value, &mut rules, told),
        None => told.problem(part.whole(), "a table of rules needs the columns rule and value"),
    }
    told.note(format!("The rules: {}.", said(&rules)));
    rules
}

fn by_row(part: &Part, value: usize, rules: &mut Rules, told: &mut Told) {
    for row in 0..part.rows() {
        let Some(name) = part.text(row, "rule") else { continue };
        match rule(&name) {
            Some(set) => *set(rules) = part.whole_number(row, value, told).unwrap_or(*set(rules)),
            None => told.problem(
                part.at(row, Some("rule")),
                format!("`{name}` is no rule; there are budget, min_teams, max_teams, min_bid and max_bid"),
            ),
        }
    }
}

fn said(rules: &Rules) -> String {
    let Rules { budget_points, min_teams, max_teams, min_bid, max_bid } = rules;
    format!(
        "{budget_points} points for each entry, {min_teams} to {max_teams} teams, {min_bid} to {max_bid} points a bid"
    )
}

/// Parts of the pot that are paid where nothing else is said, and the cents that each entry puts in.
const PRIZES: [u32; 6] = [50, 22, 12, 8, 5, 3];

/// The payouts of a table; without one the usual parts of a pot of one unit of money from each entry.
pub(super) fn payouts(part: Option<&Part>, entries: usize, told: &mut Told) -> Vec<Payout> {
    let Some(part) = part else {
        told.note("No payouts are given: the first six places are paid 50, 22, 12, 8, 5 and 3 % of a pot of 100 cents from each entry.");
        let pot = u32::try_from(entries.max(1)).unwrap_or(u32::MAX);
        let payout =
            |(position, part): (u32, u32)| Payout { position, amount_cents: part.saturating_mul(pot) };
        return (1..).zip(PRIZES).map(payout).collect();
    };
    let is_in_cents = part.column("cents").is_some();
    if !is_in_cents {
        told.note("Payouts are read as whole money with cents behind the decimal mark, not as cents.");
    }
    let mut payouts = Vec::new();
    for row in 0..part.rows() {
        let (Some(text), Some(column)) = (part.text(row, "position"), part.column("position")) else {
            continue;
        };
        if is_total(&text) {
            told.left_out(part.at(row, None), "it is a total");
            continue;
        }
        let meaning = if is_in_cents { "cents" } else { "amount" };
        let (position, amount) = (part.whole_number(row, column, told), part.number(row, meaning, told));
        let (Some(position), Some(amount)) = (position, amount) else { continue };
        let cents = (if is_in_cents { amount } else { amount * 100.0 }).round();
        if (0.0..=f64::from(u32::MAX)).contains(&cents) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
            payouts.push(Payout { position, amount_cents: cents as u32 });
        } else {
            told.problem(part.at(row, Some(meaning)), format!("{amount} is no payout"));
        }
    }
    payouts
}

/// The points of a table, by number of the step or by name of the round that is won; without one every round earns 50
/// points more than the one before, and a play-in none.
pub(super) fn scoring(part: Option<&Part>, rounds: &[String], told: &mut Told) -> Vec<ScoringRule> {
    let Some(part) = part else {
        let first = rounds.first().filter(|name| ["first_four", "play_in"].contains(&name.as_str()));
        let free = u32::from(first.is_some());
        let levels = u32::try_from(rounds.len()).unwrap_or(u32::MAX);
        told.note(
            "No scoring is given: a round earns 50 points more than the one before, and a play-in none.",
        );
        let rule = |win_index: u32| ScoringRule { win_index, points_awarded: 50 * (win_index - free) };
        return (1..=levels).map(rule).collect();
    };
    let Some(column) = part.column("points") else { return Vec::new() };
    let mut scoring = Vec::new();
    for row in 0..part.rows() {
        let Some(step) = part.text(row, "step") else { continue };
        let named = rounds.iter().position(|name| letters(name) == letters(&step)).map(|at| at + 1);
        let win_index = step.parse().ok().or_else(|| named.and_then(|at| u32::try_from(at).ok()));
        match (win_index, part.whole_number(row, column, told)) {
            (Some(win_index), Some(points_awarded)) => {
                scoring.push(ScoringRule { win_index, points_awarded });
            }
            (None, _) => told.problem(
                part.at(row, Some("step")),
                format!(
                    "`{step}` is neither the number of a step nor one of the rounds {}",
                    rounds.join(", ")
                ),
            ),
            (Some(_), None) => {}
        }
    }
    scoring
}
