//! The files of a season.

use wire::lab::{
    CalcuttaRequest, Entry, EntryId, EntryRequest, GameOutcomeModel, SeasonFiles, SeasonInspection,
    SeasonPart, SeasonRequest, SnapshotContent, TableFile, TournamentRequest,
};

use super::field::{self, ReadField};
use super::names::Names;
use super::part::{self, Part};
use super::told::{Place, Told};
use super::{bids, bracket, market, results, terms};
use crate::auction::Auction;
use crate::check::Wrong;
use crate::field::{Playing, SEASONS};

/// What the files of a season hold, and the request that they make.
pub(super) fn inspect(files: &SeasonFiles) -> SeasonInspection {
    let mut told = Told::default();
    let made = read(files, &mut told);
    let is_clear = told.is_clear();
    let (season, game_outcome_model) = made.filter(|_| is_clear).unzip();
    SeasonInspection { report: told.into_report(), season, game_outcome_model: game_outcome_model.flatten() }
}

type Made = (SeasonRequest, Option<GameOutcomeModel>);

fn read(files: &SeasonFiles, told: &mut Told) -> Option<Made> {
    let mut parts = Vec::new();
    for file in &files.files {
        let Some(bytes) = part::bytes(file, told) else { continue };
        if is_json(&bytes) {
            return json(files, file, &bytes, told).map(|season| (season, None));
        }
        parts.extend(part::read(file, &bytes, None, files.decimal, told));
    }
    let parts = Parts(parts);
    parts.check_doubles(told);
    let Some(of_field) = parts.find(SeasonPart::Field) else {
        told.problem(Place::default(), "no table of the teams is among the files; it needs a column `team`");
        return None;
    };
    let field = field::read(of_field, told);
    let mut tournament = tournament(files, of_field, &field, told);
    let games = parts.find(SeasonPart::Games);
    bracket::settle(&mut tournament, (&field, of_field), games, files, told);
    let names = Names::of(&tournament.teams);
    let playing = playing(&tournament, of_field, told);
    let results = match (&playing, parts.find(SeasonPart::Results)) {
        (Some(playing), Some(part)) => results::read(part, playing, &names, told),
        _ => Vec::new(),
    };
    let calcutta = calcutta(files, &tournament, &parts, (playing.as_ref(), &names), told);
    let playing = playing?;
    check_byes(&field, of_field, &playing, told);
    let (odds, pairs) = (parts.find(SeasonPart::Odds), parts.find(SeasonPart::Pairs));
    let model = market::read(odds, pairs, files.odds_level, (&playing, &names), told);
    Some((SeasonRequest { tournament, results, calcutta }, model))
}

/// The tables of all files.
struct Parts(Vec<Part>);

impl Parts {
    fn find(&self, part: SeasonPart) -> Option<&Part> {
        self.all(part).next()
    }

    fn all(&self, part: SeasonPart) -> impl Iterator<Item = &Part> {
        self.0.iter().filter(move |one| one.about == part)
    }

    /// Bids may be in several tables; of everything else there is one.
    fn check_doubles(&self, told: &mut Told) {
        for part in SeasonPart::ALL.iter().filter(|part| **part != SeasonPart::Bids) {
            for second in self.all(*part).skip(1) {
                let message = format!(
                    "this is a second table of {part}; there can be one, so leave one out or state `part`"
                );
                told.problem(second.whole(), message);
            }
        }
    }
}

fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"{")
}

fn json(files: &SeasonFiles, file: &TableFile, bytes: &[u8], told: &mut Told) -> Option<SeasonRequest> {
    if files.files.len() > 1 {
        told.problem(part::whole(file), "a season as JSON is whole; give it alone");
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut season: SeasonRequest = match serde_json::from_slice(bytes) {
        Ok(season) => season,
        Err(error) => {
            let line = Some(error.line() as u64);
            told.problem(Place { line, ..part::whole(file) }, format!("this is no season: {error}"));
            return None;
        }
    };
    if let Some(name) = &files.name {
        season.tournament.name.clone_from(name);
    }
    season.tournament.season = files.season.unwrap_or(season.tournament.season);
    let mut wrong = Wrong::default();
    if let Some(playing) = Playing::check(&season.tournament, &mut wrong) {
        playing.results(&season.results, "results", &mut wrong);
        check_calcutta(season.calcutta.as_ref(), &playing, &mut wrong);
    }
    for error in wrong.into_fields() {
        told.problem(Place { column: Some(error.field), ..part::whole(file) }, error.message);
    }
    Some(season)
}

fn check_calcutta(calcutta: Option<&CalcuttaRequest>, playing: &Playing, wrong: &mut Wrong) {
    let Some(calcutta) = calcutta else { return };
    wrong.name("calcutta.name", &calcutta.name);
    for (at, entry) in calcutta.entries.iter().enumerate() {
        wrong.name(format!("calcutta.entries[{at}].name"), &entry.name);
    }
    let entry = |entry: &EntryRequest| Entry {
        // Ids are drawn when the auction is kept, and no check looks at them.
        entry_id: EntryId(uuid::Uuid::nil()),
        display_name: entry.name.clone(),
        candidate_id: None,
        bids: entry.bids.clone(),
    };
    let content = SnapshotContent {
        rules: calcutta.rules,
        scoring: calcutta.scoring.clone(),
        payouts: calcutta.payouts.clone(),
        entries: calcutta.entries.iter().map(entry).collect(),
    };
    Auction::check(&content, playing, "calcutta.", wrong);
}

fn tournament(files: &SeasonFiles, part: &Part, field: &ReadField, told: &mut Told) -> TournamentRequest {
    let name = files.name.clone().unwrap_or_else(|| {
        told.note(format!("The tournament is called `{}` after its file.", part.stem()));
        part.stem().to_owned()
    });
    let year = |text: &str| {
        let digits = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
        digits.filter_map(|digits| digits.parse::<i32>().ok()).find(|year| SEASONS.contains(year))
    };
    let found = || year(&name).or_else(|| files.files.iter().find_map(|file| year(&file.name)));
    let season = files.season.or_else(|| {
        let found = found()?;
        told.note(format!("The season is {found}, after a name."));
        Some(found)
    });
    if season.is_none() {
        told.ask("season", "which season is it? No name has a year in it", &[]);
    }
    TournamentRequest {
        name,
        // Nothing is made of it while the question is open.
        season: season.unwrap_or(*SEASONS.start()),
        teams: field.teams.clone(),
        final_four: None,
        rounds: None,
        games: None,
    }
}

/// The bracket, if the field makes one; what is wrong is told of its file.
fn playing(tournament: &TournamentRequest, part: &Part, told: &mut Told) -> Option<Playing> {
    let mut wrong = Wrong::default();
    let playing = Playing::check(tournament, &mut wrong);
    for error in wrong.into_fields() {
        told.problem(Place { column: Some(error.field), ..part.whole() }, error.message);
    }
    playing
}

/// Byes that the file states must be those of the bracket.
fn check_byes(field: &ReadField, part: &Part, playing: &Playing, told: &mut Told) {
    let found = playing.bracket.first_byes();
    for ((team, row), stated) in field.teams.iter().zip(&field.rows).zip(&field.byes) {
        let Some(stated) = stated else { continue };
        let Some(own) = playing.bracket.team(&team.team_id).map(|at| found[at]) else { continue };
        if own != *stated as usize {
            let message = format!(
                "`{}` has {} here and {own} in the bracket that follows from the seeds; give the bracket as a table `games`",
                team.name,
                kernel::counted(*stated as usize, "bye", "byes")
            );
            told.problem(part.at(*row, None), message);
        }
    }
}

/// The auction, where there are bids or terms of one.
fn calcutta(
    files: &SeasonFiles,
    tournament: &TournamentRequest,
    parts: &Parts,
    (playing, names): (Option<&Playing>, &Names),
    told: &mut Told,
) -> Option<CalcuttaRequest> {
    let of = [SeasonPart::Bids, SeasonPart::Rules, SeasonPart::Payouts, SeasonPart::Scoring];
    if of.iter().all(|part| parts.find(*part).is_none()) {
        return None;
    }
    let rules = terms::rules(parts.find(SeasonPart::Rules), told);
    let mut entries = Vec::new();
    for part in parts.all(SeasonPart::Bids) {
        entries.extend(bids::read(part, names, &rules, told));
    }
    let entries: Vec<EntryRequest> = entries
        .iter()
        .map(|entry| EntryRequest { name: entry.name.clone(), bids: entry.bids(names) })
        .collect();
    let rounds = playing.map_or(&[][..], |playing| playing.bracket.rounds());
    let calcutta = CalcuttaRequest {
        name: files.calcutta_name.clone().unwrap_or_else(|| format!("{} auction", tournament.name)),
        rules,
        scoring: terms::scoring(parts.find(SeasonPart::Scoring), rounds, told),
        payouts: terms::payouts(parts.find(SeasonPart::Payouts), entries.len(), told),
        entries,
    };
    // Whatever a row did not tell is told of the whole.
    if let Some(playing) = playing.filter(|_| told.is_clear()) {
        let mut wrong = Wrong::default();
        check_calcutta(Some(&calcutta), playing, &mut wrong);
        for error in wrong.into_fields() {
            told.problem(Place { column: Some(error.field), ..Place::default() }, error.message);
        }
    }
    Some(calcutta)
}
