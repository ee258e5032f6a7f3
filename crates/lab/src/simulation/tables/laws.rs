//! What must come out of the tables of a simulation, whatever was simulated.

use std::collections::BTreeMap;

use bytes::Bytes;
use series::columnar::{ColumnarError, Row};

use super::{DISTRIBUTION, LEADERBOARD, OUTCOME, OWNERSHIP, rows};

/// What the laws speak of, as the tables say it.
#[derive(Debug, Default)]
pub(in crate::simulation) struct Found {
    entries: Vec<Entry>,
    /// Entry, cents, simulations.
    finishes: Vec<(String, u64, u64)>,
    /// Team, entry, part.
    owners: Vec<(String, String, f64)>,
    /// Team, level, points awarded, chance.
    outcomes: Vec<(String, usize, f64, f64)>,
}

#[derive(Debug)]
struct Entry {
    id: String,
    p_top1: f64,
    p_in_money: f64,
    expected_points: f64,
}

/// How far rounding may take a sum of chances from a whole number, and a sum of points from another.
const CHANCES: f64 = 1e-9;
const POINTS: f64 = 1e-4;

impl Found {
    /// What the bytes of the tables say.
    pub(in crate::simulation) fn read(
        [entries, finishes, owners, outcomes]: &[Bytes; 4],
    ) -> Result<Self, ColumnarError> {
        let entry = |row: Row<'_>| {
            Ok(Entry {
                id: row.cell("entry_id")?,
                p_top1: row.cell("p_top1")?,
                p_in_money: row.cell("p_in_money")?,
                expected_points: row.cell("expected_points")?,
            })
        };
        let finish = |row: Row<'_>| {
            let cents: usize = row.cell("payout_cents")?;
            Ok((row.cell("entry_id")?, cents as u64, whole(row.cell("simulations")?)))
        };
        let owner = |row: Row<'_>| Ok((row.cell("team_id")?, row.cell("entry_id")?, row.cell("ownership")?));
        let outcome = |row: Row<'_>| {
            let awarded: usize = row.cell("points_awarded")?;
            Ok((row.cell("team_id")?, row.cell("level")?, awarded as f64, row.cell("p_reach")?))
        };
        Ok(Self {
            entries: rows(entries, &LEADERBOARD)?.iter().map(entry).collect::<Result<_, ColumnarError>>()?,
            finishes: rows(finishes, &DISTRIBUTION)?
                .iter()
                .map(finish)
                .collect::<Result<_, ColumnarError>>()?,
            owners: rows(owners, &OWNERSHIP)?.iter().map(owner).collect::<Result<_, ColumnarError>>()?,
            outcomes: rows(outcomes, &OUTCOME)?.iter().map(outcome).collect::<Result<_, ColumnarError>>()?,
        })
    }

    /// How many rows each table has.
    pub(in crate::simulation) fn counts(&self) -> [usize; 4] {
        [self.entries.len(), self.finishes.len(), self.owners.len(), self.outcomes.len()]
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count that was written as a number"
)]
fn whole(count: f64) -> u64 {
    count as u64
}

/// The laws that tables over so many simulations break, each in a sentence. `prizes_cents` is what places are paid, from the
/// first on.
pub(in crate::simulation) fn broken(found: &Found, simulations: u64, prizes_cents: &[u32]) -> Vec<String> {
    let mut broken = Vec::new();
    chances(found, &mut broken);
    money(found, simulations, prizes_cents, &mut broken);
    points(found, &mut broken);
    broken
}

fn chances(found: &Found, broken: &mut Vec<String>) {
    let mut is_chance = |what: String, p: f64| {
        if !(-CHANCES..=1.0 + CHANCES).contains(&p) {
            broken.push(format!("{what} is {p}, and not from 0 to 1"));
        }
    };
    for entry in &found.entries {
        is_chance(format!("p_top1 of entry {}", entry.id), entry.p_top1);
        is_chance(format!("p_in_money of entry {}", entry.id), entry.p_in_money);
    }
    for (team, entry, part) in &found.owners {
        is_chance(format!("the part of team `{team}` of entry {entry}"), *part);
    }
    for (team, level, _, p) in &found.outcomes {
        is_chance(format!("p_reach of team `{team}` at level {level}"), *p);
    }
    let first = sum(found.entries.iter().map(|entry| entry.p_top1));
    if (first - 1.0).abs() > CHANCES {
        broken.push(format!("the chances of the first place sum to {first}, and not to 1"));
    }
    for (team, parts) in by(found.owners.iter().map(|(team, _, part)| (team, *part))) {
        if (parts - 1.0).abs() > CHANCES {
            broken.push(format!("the parts of team `{team}` sum to {parts}, and not to 1"));
        }
    }
    for (level, places) in by(found.outcomes.iter().map(|(_, level, _, p)| (level, *p))) {
        if (places - places.round()).abs() > 1e-6 {
            broken.push(format!("{places} teams come to level {level}, which is no whole number"));
        }
    }
    for pair in found.outcomes.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        if pair[1].3 > pair[0].3 + CHANCES {
            broken.push(format!(
                "team `{}` comes to level {} more often than to the one before",
                pair[1].0, pair[1].1
            ));
        }
    }
}

fn money(found: &Found, simulations: u64, prizes_cents: &[u32], broken: &mut Vec<String>) {
    let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
    let mut paid = 0_u128;
    for (entry, cents, count) in &found.finishes {
        *counted.entry(entry).or_default() += count;
        paid += u128::from(*cents) * u128::from(*count);
    }
    for entry in &found.entries {
        let count = counted.get(entry.id.as_str()).copied().unwrap_or(0);
        if count != simulations {
            broken.push(format!("entry {} finishes {count} times in {simulations} simulations", entry.id));
        }
    }
    let prizes: u128 = prizes_cents.iter().take(found.entries.len()).map(|&cents| u128::from(cents)).sum();
    let due = prizes * u128::from(simulations);
    if paid != due {
        broken.push(format!("{paid} cents are paid in {simulations} simulations, and the prizes are {due}"));
    }
}

/// The points of a team are shared by its owners, and nobody earns others.
fn points(found: &Found, broken: &mut Vec<String>) {
    let worth = by(found.outcomes.iter().map(|(team, _, awarded, p)| (team, awarded * p)));
    let shared = found
        .owners
        .iter()
        .map(|(team, entry, part)| (entry, part * worth.get(team).copied().unwrap_or(0.0)));
    let shared = by(shared);
    for entry in &found.entries {
        let earned = shared.get(&entry.id).copied().unwrap_or(0.0);
        if (earned - entry.expected_points).abs() > POINTS {
            let expected = entry.expected_points;
            broken.push(format!(
                "entry {} is expected to earn {expected} points, and its teams earn it {earned}",
                entry.id
            ));
        }
    }
}

fn by<'a, K: Ord>(values: impl Iterator<Item = (&'a K, f64)>) -> BTreeMap<&'a K, f64> {
    let mut sums = BTreeMap::new();
    for (key, value) in values {
        *sums.entry(key).or_insert(0.0) += value;
    }
    sums
}

fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two entries on two teams over four simulations, all as it must be.
    fn lawful() -> Found {
        let entry = |id: &str, p_top1, expected_points| Entry {
            id: id.to_owned(),
            p_top1,
            p_in_money: p_top1,
            expected_points,
        };
        let (a, b) = ("a".to_owned(), "b".to_owned());
        Found {
            entries: vec![entry("a", 0.75, 80.0), entry("b", 0.25, 20.0)],
            finishes: vec![(a.clone(), 10, 3), (a.clone(), 0, 1), (b.clone(), 10, 1), (b.clone(), 0, 3)],
            owners: vec![
                ("x".to_owned(), a.clone(), 1.0),
                ("y".to_owned(), a, 0.5),
                ("y".to_owned(), b, 0.5),
            ],
            outcomes: vec![("x".to_owned(), 1, 100.0, 0.6), ("y".to_owned(), 1, 100.0, 0.4)],
        }
    }

    #[test]
    fn each_law_is_told_when_it_is_broken() {
        assert_eq!(broken(&lawful(), 4, &[10]), Vec::<String>::new());
        let check = |change: fn(&mut Found), about: &str| {
            let mut found = lawful();
            change(&mut found);
            let told = broken(&found, 4, &[10]);
            assert!(told.iter().any(|one| one.contains(about)), "{about}: {told:?}");
        };
        check(|found| found.entries[0].p_top1 = 0.7, "sum to");
        check(|found| found.entries[0].p_in_money = 1.5, "not from 0 to 1");
        check(|found| found.entries[1].expected_points = 21.0, "earn it 20");
        check(|found| found.finishes[0].2 = 2, "finishes 3 times");
        check(|found| found.finishes[0].1 = 9, "37 cents are paid");
        check(|found| found.owners[1].2 = 0.4, "the parts of team `y`");
        check(|found| found.outcomes[1].3 = 0.5, "no whole number");
        check(|found| found.outcomes.insert(1, ("x".to_owned(), 2, 0.0, 0.9)), "more often");
    }
}
