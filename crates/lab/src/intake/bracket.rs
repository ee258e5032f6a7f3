//! The bracket of a field: as a table gives it game by game, or as it follows from regions and seeds.

use std::collections::BTreeMap;

use tournament::{GameSpec, Group, SideSpec, grouped};
use wire::lab::{FinalFour, Game, SeasonFiles, Side, Team, TournamentRequest};

use super::field::ReadField;
use super::names::Names;
use super::part::Part;
use super::told::{Place, Told};

/// Regions of the usual field of four, and their seeds.
const REGIONS: [&str; 4] = ["East", "West", "South", "Midwest"];
const SEEDS: u32 = 16;

/// Settles the bracket of a request whose teams are known.
pub(super) fn settle(
    request: &mut TournamentRequest,
    (field, part): (&ReadField, &Part),
    games: Option<&Part>,
    files: &SeasonFiles,
    told: &mut Told,
) {
    if let Some(games) = games {
        (request.rounds, request.games) = given(games, &Names::of(&request.teams), told);
        return;
    }
    let regions = regions(&request.teams);
    if regions.is_empty() {
        by_seed(&mut request.teams, told);
        return;
    }
    let homeless = request.teams.iter().zip(&field.rows).filter(|(team, _)| team.region.is_none());
    for (team, row) in homeless {
        let message = format!("`{}` has no region, and other teams have one", team.name);
        told.problem(part.at(*row, Some("region")), message);
    }
    if regions.len() == REGIONS.len() && is_regional(&request.teams) {
        request.final_four = files.final_four.clone().or_else(|| paired(&regions, told));
        return;
    }
    if files.final_four.is_some() {
        let message =
            "final_four pairs four regions of sixteen seeds each, and this field has others; leave it out";
        told.problem(Place::default(), message);
    }
    by_groups(request, &regions, told);
}

/// The regions in the order in which they first appear.
fn regions(teams: &[Team]) -> Vec<String> {
    let mut regions: Vec<String> = Vec::new();
    for region in teams.iter().filter_map(|team| team.region.as_ref()) {
        if !regions.contains(region) {
            regions.push(region.clone());
        }
    }
    regions
}

/// Whether every region has each of sixteen seeds once or twice.
fn is_regional(teams: &[Team]) -> bool {
    let mut places: BTreeMap<(&str, u32), usize> = BTreeMap::new();
    for team in teams {
        let (Some(region), Some(seed @ 1..=SEEDS)) = (&team.region, team.seed) else { return false };
        *places.entry((region, seed)).or_default() += 1;
    }
    places.len() == REGIONS.len() * SEEDS as usize && places.values().all(|teams| *teams <= 2)
}

/// Who meets in the semi-finals; nothing has to be said of the usual names.
fn paired(regions: &[String], told: &mut Told) -> Option<FinalFour> {
    if REGIONS.iter().all(|usual| regions.iter().any(|region| region == usual)) {
        return None;
    }
    let [top_left, bottom_left, top_right, bottom_right] = regions else { return None };
    told.note(format!(
        "{top_left} meets {bottom_left} in one semi-final and {top_right} meets {bottom_right} in the other, by their order \
         in the file; state final_four if they meet otherwise."
    ));
    Some(FinalFour {
        top_left: top_left.clone(),
        bottom_left: bottom_left.clone(),
        top_right: top_right.clone(),
        bottom_right: bottom_right.clone(),
    })
}

/// One list in the order of the seeds.
fn by_seed(teams: &mut [Team], told: &mut Told) {
    if teams.iter().all(|team| team.seed.is_some()) {
        teams.sort_by_key(|team| team.seed);
        told.note(
            "No team has a region: the bracket follows from the seeds, and of equal seeds from their order.",
        );
    } else {
        told.note(
            "The teams have no regions and not all have seeds: their order in the file stands for the seeds.",
        );
    }
}

/// Each region by its seeds, neighbours meeting then.
fn by_groups(request: &mut TournamentRequest, regions: &[String], told: &mut Told) {
    let group = |name: &String| {
        let own: Vec<&Team> =
            request.teams.iter().filter(|team| team.region.as_ref() == Some(name)).collect();
        let mut seeds: BTreeMap<(u32, usize), Vec<String>> = BTreeMap::new();
        for (at, team) in own.iter().enumerate() {
            // Without a seed the order of the file stands for it.
            let seed = team.seed.map_or((u32::MAX, at), |seed| (seed, 0));
            seeds.entry(seed).or_default().push(team.team_id.clone());
        }
        Group { name: name.clone(), seeds: seeds.into_values().collect() }
    };
    let groups: Vec<Group> = regions.iter().map(group).collect();
    match grouped(&groups) {
        Ok(bracket) => {
            request.rounds = Some(bracket.rounds().to_vec());
            request.games = Some(bracket.specs().into_iter().map(game).collect());
            told.note(format!(
                "Each of {} is played out by its seeds (where there is none by the order of the file), two teams on one \
                 seed meet in a play-in, and then neighbours in the order of the file meet.",
                kernel::counted(regions.len(), "region", "regions")
            ));
        }
        Err(error) => told.problem(Place::default(), error.to_string()),
    }
}

fn game(spec: GameSpec) -> Game {
    let side = |side| match side {
        SideSpec::Team(team) => Side::Team(team),
        SideSpec::WinnerOf(game) => Side::WinnerOf(game),
    };
    Game { game_id: spec.id, round: spec.round, sides: spec.sides.into_iter().map(side).collect() }
}

/// The games of a table: rounds in the order in which they first appear, sides that are teams or names of games.
fn given(part: &Part, names: &Names, told: &mut Told) -> (Option<Vec<String>>, Option<Vec<Game>>) {
    let ids: Vec<Option<String>> = (0..part.rows()).map(|row| part.text(row, "game")).collect();
    let (mut rounds, mut games): (Vec<String>, Vec<Game>) = (Vec::new(), Vec::new());
    for (row, id) in ids.iter().enumerate() {
        let Some(game_id) = id.clone() else {
            told.left_out(part.at(row, None), "it names no game");
            continue;
        };
        let name = part.text(row, "round").unwrap_or_else(|| "round".to_owned());
        let round = rounds.iter().position(|one| *one == name).unwrap_or_else(|| {
            rounds.push(name);
            rounds.len() - 1
        });
        let mut sides = Vec::with_capacity(2);
        for meaning in ["side1", "side2"] {
            let Some(text) = part.text(row, meaning) else {
                told.problem(
                    part.at(row, Some(meaning)),
                    "a game has two sides: teams, or games whose winner comes",
                );
                continue;
            };
            let from =
                text.strip_prefix("winner of ").or_else(|| text.strip_prefix("Winner of ")).unwrap_or(&text);
            if ids.iter().flatten().any(|other| other == from && *other != game_id) {
                sides.push(Side::WinnerOf(from.to_owned()));
                continue;
            }
            match names.find(&text, told) {
                Ok(team) => sides.push(Side::Team(names.id(team).to_owned())),
                Err(message) => {
                    told.problem(part.at(row, Some(meaning)), format!("{message}, and no other game"));
                }
            }
        }
        games.push(Game { game_id, round, sides });
    }
    if part.column("round").is_none() {
        told.problem(part.whole(), "the table of games needs a column `round`, the first round first");
    }
    (Some(rounds), Some(games))
}
