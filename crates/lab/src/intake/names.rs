//! Teams by the names that people write.

use std::collections::BTreeMap;

use wire::lab::{MatchedBy, Team};

use super::meaning::letters;
use super::told::Told;

/// The teams of a field under every name that finds them, the strictest way first.
#[derive(Debug)]
pub(super) struct Names {
    teams: Vec<(String, String)>,
    ways: [(Option<MatchedBy>, Found); 4],
}

/// Teams by what finds them.
type Found = BTreeMap<String, Vec<usize>>;

impl Names {
    pub(super) fn of(teams: &[Team]) -> Self {
        let under = |key: fn(&Team) -> String| {
            let mut names = Found::new();
            for (at, team) in teams.iter().enumerate() {
                names.entry(key(team)).or_default().push(at);
            }
            names
        };
        Self {
            teams: teams.iter().map(|team| (team.team_id.clone(), team.name.clone())).collect(),
            ways: [
                (None, under(|team| team.name.clone())),
                (Some(MatchedBy::Id), under(|team| team.team_id.clone())),
                (Some(MatchedBy::Case), under(|team| team.name.to_lowercase())),
                (Some(MatchedBy::Letters), under(|team| letters(&team.name))),
            ],
        }
    }

    pub(super) fn id(&self, team: usize) -> &str {
        &self.teams[team].0
    }

    /// The team that is written so, or why there is none.
    pub(super) fn find(&self, written: &str, told: &mut Told) -> Result<usize, String> {
        for (by, names) in &self.ways {
            let key = match by {
                None | Some(MatchedBy::Id) => written.to_owned(),
                Some(MatchedBy::Case) => written.to_lowercase(),
                Some(MatchedBy::Letters) => letters(written),
            };
            match names.get(&key).map(Vec::as_slice) {
                None | Some([]) => {}
                Some(&[team]) => {
                    if let Some(by) = by {
                        told.matched(written, self.id(team), *by);
                    }
                    return Ok(team);
                }
                Some(several) => {
                    let ids: Vec<&str> = several.iter().map(|team| self.id(*team)).collect();
                    return Err(format!(
                        "`{written}` may be {}; write the id of the one that is meant",
                        ids.join(" or ")
                    ));
                }
            }
        }
        Err(format!("`{written}` is no team of the field{}", self.nearest(written)))
    }

    fn nearest(&self, written: &str) -> String {
        let wanted: Vec<char> = letters(written).chars().collect();
        let apart = |name: &str| distance(&wanted, &letters(name).chars().collect::<Vec<_>>());
        let near = self.teams.iter().map(|(_, name)| (apart(name), name)).min();
        match near.filter(|(apart, _)| *apart * 2 <= wanted.len()) {
            Some((_, name)) => format!("; the nearest is `{name}`"),
            None => String::new(),
        }
    }
}

/// How many letters must be added, taken or changed to make one of the other (Levenshtein 1966).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (to, own) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != own);
            diagonal = row[to + 1];
            row[to + 1] = changed.min(diagonal + 1).min(row[to] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_is_found_by_its_name_its_id_any_case_or_its_letters_and_otherwise_named() {
        let team = |team_id: &str, name: &str| Team {
            team_id: team_id.to_owned(),
            name: name.to_owned(),
            region: None,
            seed: None,
            rating: None,
            is_blue_blood: false,
        };
        let names =
            Names::of(&[team("a", "St. John's"), team("b", "Ärzte"), team("c", "Twin"), team("d", "Twin")]);
        let mut told = Told::default();
        let mut find = |written: &str| names.find(written, &mut told);
        assert_eq!(find("St. John's"), Ok(0));
        assert_eq!(find("st johns"), Ok(0));
        assert_eq!(find("ÄRZTE"), Ok(1));
        assert_eq!(find("d"), Ok(3));
        assert_eq!(find("Twin").unwrap_err(), "`Twin` may be c or d; write the id of the one that is meant");
        assert_eq!(find("Ärzta").unwrap_err(), "`Ärzta` is no team of the field; the nearest is `Ärzte`");
        assert_eq!(find("Zzzzzzzz").unwrap_err(), "`Zzzzzzzz` is no team of the field");
        let matched: Vec<_> = told.into_report().team_matches.into_iter().map(|one| one.by).collect();
        assert_eq!(matched, [MatchedBy::Letters, MatchedBy::Case, MatchedBy::Id]);
    }
}
