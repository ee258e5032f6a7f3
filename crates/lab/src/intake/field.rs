//! The teams of a field.

use std::collections::BTreeMap;

use wire::lab::{Rating, Team};

use super::meaning::letters;
use super::part::{Part, is_total};
use super::told::Told;

/// The teams of a table, each with its row and what the table says of its byes.
#[derive(Debug, Default)]
pub(super) struct ReadField {
    pub(super) teams: Vec<Team>,
    pub(super) rows: Vec<usize>,
    pub(super) byes: Vec<Option<u32>>,
}

pub(super) fn read(part: &Part, told: &mut Told) -> ReadField {
    let mut field = ReadField::default();
    for row in 0..part.rows() {
        let Some(name) = part.text(row, "team") else {
            told.left_out(part.at(row, None), "it names no team");
            continue;
        };
        if is_total(&name) {
            told.left_out(part.at(row, None), "it is a total");
            continue;
        }
        let team = Team {
            team_id: part.text(row, "id").unwrap_or_else(|| slug(&name)),
            region: part.text(row, "region"),
            seed: seed(part, row, told),
            rating: rating(part, row, told),
            is_blue_blood: part.text(row, "is_blue_blood").is_some_and(|text| says_yes(&text)),
            name,
        };
        field.byes.push(byes(part, row, told));
        field.teams.push(team);
        field.rows.push(row);
    }
    tell_apart(part, &mut field, told);
    note_of_ratings(part, &field, told);
    field
}

/// A name as an id: letters and digits in lower case, everything else as one `-`.
fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-").chars().take(90).collect()
}

/// Gives every team an id of its own. Two teams of one name need theirs from the file, because bids and results could not
/// say which they mean.
fn tell_apart(part: &Part, field: &mut ReadField, told: &mut Told) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for at in 0..field.teams.len() {
        if field.teams[at].team_id.is_empty() {
            field.teams[at].team_id = format!("team-{}", at + 1);
        }
        let id = field.teams[at].team_id.clone();
        let Some(&first) = seen.get(&id) else {
            seen.insert(id, at);
            continue;
        };
        let (is_same_name, is_given) =
            (field.teams[at].name == field.teams[first].name, part.column("id").is_some());
        if is_same_name || is_given {
            let line = part.at(field.rows[first], None).line.unwrap_or(0);
            let message = if is_given {
                format!("the id `{id}` stands on line {line} already; an id is of one team")
            } else {
                format!(
                    "a team of this name stands on line {line} already; give each an `id` in a column of its own"
                )
            };
            told.problem(part.at(field.rows[at], Some("team")), message);
        }
        let mut own = (2..seen.len() + 3).map(|nth| format!("{id}-{nth}"));
        let own = own.find(|own| !seen.contains_key(own)).expect("there are more numbers than ids");
        seen.insert(own.clone(), at);
        field.teams[at].team_id = own;
    }
}

/// The seed: `11a` and `11b` of a play-in are both 11.
fn seed(part: &Part, row: usize, told: &mut Told) -> Option<u32> {
    let text = part.text(row, "seed")?;
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim_end_matches(".0");
    if let Ok(seed @ 1..=256) = digits.trim().parse() {
        return Some(seed);
    }
    told.problem(part.at(row, Some("seed")), format!("`{text}` is no seed from 1 to 256"));
    None
}

fn rating(part: &Part, row: usize, told: &mut Told) -> Option<Rating> {
    let net = part.number(row, "net", told);
    let [offence, defence, tempo] =
        ["offence", "defence", "tempo"].map(|meaning| part.number(row, meaning, told));
    let net = net.or_else(|| Some(offence? - defence?))?;
    Some(Rating {
        net,
        offence: offence.unwrap_or(AVERAGE + net / 2.0),
        defence: defence.unwrap_or(AVERAGE - net / 2.0),
        tempo: tempo.unwrap_or(USUAL_TEMPO),
    })
}

/// Points an average team scores and allows per hundred possessions, and possessions of a usual game.
const AVERAGE: f64 = 100.0;
const USUAL_TEMPO: f64 = 70.0;

fn note_of_ratings(part: &Part, field: &ReadField, told: &mut Told) {
    if !field.teams.iter().any(|team| team.rating.is_some()) {
        return;
    }
    let is_there = |meaning: &str| part.column(meaning).is_some();
    if !is_there("net") {
        told.note("The net rating of a team is its offence less its defence.");
    }
    let missing: Vec<&str> =
        ["offence", "defence", "tempo"].into_iter().filter(|meaning| !is_there(meaning)).collect();
    if !missing.is_empty() {
        told.note(format!(
            "The file has no {}: offence and defence are taken as half of the net rating each way from {AVERAGE}, the \
             tempo as {USUAL_TEMPO}. Only the ridge regression looks at them.",
            missing.join(", no ")
        ));
    }
}

/// Byes as the table states them; a play-in is none.
fn byes(part: &Part, row: usize, told: &mut Told) -> Option<u32> {
    if let Some(column) = part.column("byes") {
        return part.whole_number(row, column, told);
    }
    let text = part.text(row, "play_in")?;
    says_yes(&text).then_some(0)
}

fn says_yes(text: &str) -> bool {
    ["1", "yes", "y", "true", "x", "ja", "oui", "wahr"].contains(&letters(text).as_str())
}
