//! `assay lab show`: every id that a command on an auction may name.

use client::{Client, Error};
use serde::Serialize;
use wire::lab::{
    CalcuttaId, Candidate, EntryId, LabKind, LabRun, ListCandidates, ListLabRuns, Resolution, ResolveQuery,
};

use super::print::{self, heading, table};
use crate::command::print_line;
use crate::table::Column;

/// As many candidates and simulations are listed, the newest.
const MOST: u32 = 50;

/// An auction, and what can be named of it.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    #[serde(flatten)]
    resolution: Resolution,
    /// Newest first.
    simulation_runs: Vec<LabRun>,
    /// Of the auction as it was imported.
    entries: Vec<NamedEntry>,
    candidates: Vec<Candidate>,
    teams: Vec<NamedTeam>,
    games: Vec<Game>,
}

#[derive(Debug, Serialize)]
struct NamedEntry {
    entry_id: EntryId,
    display_name: String,
}

#[derive(Debug, Serialize)]
struct NamedTeam {
    team_id: String,
    name: String,
    place: String,
}

#[derive(Debug, Serialize)]
struct Game {
    game_id: String,
    round: String,
}

impl Shown {
    pub(super) async fn of(client: &Client, calcutta_id: CalcuttaId) -> Result<Self, Error> {
        let resolution = client.resolve(&ResolveQuery { calcutta_id }).await?;
        let calcutta = client.calcutta(calcutta_id).await?;
        let snapshot = client.snapshot(calcutta.item.snapshot_id).await?;
        let field = client.tournament(resolution.tournament_id).await?.field;
        let simulations = ListLabRuns {
            run_kind: Some(LabKind::Simulation),
            calcutta_id: Some(calcutta_id),
            limit: Some(MOST),
            ..ListLabRuns::default()
        };
        let candidates = ListCandidates {
            tournament_id: Some(resolution.tournament_id),
            limit: Some(MOST),
            ..ListCandidates::default()
        };
        let entry = |entry: wire::lab::Entry| NamedEntry {
            entry_id: entry.entry_id,
            display_name: entry.display_name,
        };
        let game = |game: wire::lab::Game| Game {
            round: field.rounds.get(game.round).cloned().unwrap_or_default(),
            game_id: game.game_id,
        };
        let team = |team: wire::lab::Team| NamedTeam {
            place: print::place(&team),
            team_id: team.team_id,
            name: team.name,
        };
        Ok(Self {
            simulation_runs: client.lab_runs(&simulations).await?.items,
            candidates: client.candidates(&candidates).await?.items,
            entries: snapshot.content.entries.into_iter().map(entry).collect(),
            games: field.games.into_iter().map(game).collect(),
            teams: field.teams.into_iter().map(team).collect(),
            resolution,
        })
    }

    pub(super) fn print(&self) -> anyhow::Result<()> {
        self.print_runs()?;
        let entries = self.entries.iter().map(|one| vec![one.display_name.clone(), one.entry_id.to_string()]);
        section("Entries, for --entry and --without", &["ENTRY", "ID"], entries)?;
        let candidates =
            self.candidates.iter().map(|one| vec![one.display_name.clone(), one.candidate_id.to_string()]);
        section("Candidates, for --candidate", &["CANDIDATE", "ID"], candidates)?;
        let teams =
            self.teams.iter().map(|one| vec![one.name.clone(), one.place.clone(), one.team_id.clone()]);
        section("Teams, for --win and --sold", &["TEAM", "PLACE", "ID"], teams)?;
        let games = self.games.iter().map(|one| vec![one.round.clone(), one.game_id.clone()]);
        section("Games, for --win", &["ROUND", "ID"], games)?;
        print_line("")?;
        match self.simulation_runs.first() {
            Some(run) => print_line(&format!("next: assay lab condition {} --win GAME=TEAM", run.run_id)),
            None => match (&self.resolution.snapshots[..], &self.resolution.states[..]) {
                ([snapshot], [state]) => print_line(&format!(
                    "next: assay lab bids --snapshot {} --state {}",
                    snapshot.snapshot_id, state.state_id
                )),
                _ => print_line("next: assay lab bids --snapshot ID --state ID"),
            },
        }
    }

    fn print_runs(&self) -> anyhow::Result<()> {
        let Resolution { snapshots, states, game_outcome_runs, market_share_runs, .. } = &self.resolution;
        let mut rows = Vec::new();
        let of = |what: &str, name: String, id: String| vec![what.to_owned(), name, id];
        for one in snapshots {
            let name = format!("{}, {} entries", one.snapshot_type, one.entry_count);
            rows.push(of("snapshot", name, one.snapshot_id.to_string()));
        }
        for one in states {
            rows.push(of("state", one.starting_state_key.clone(), one.state_id.to_string()));
        }
        let runs = [
            game_outcome_runs,
            market_share_runs,
            &self.resolution.strategy_generation_runs,
            &self.simulation_runs,
        ];
        for run in runs.into_iter().flatten() {
            let name = run.model.as_ref().unwrap_or(&run.title);
            let state =
                if run.removed.is_some() { "results removed".to_owned() } else { run.status.to_string() };
            rows.push(of(run.run_kind.as_str(), format!("{name} ({state})"), run.run_id.to_string()));
        }
        table(&[Column::text("WHAT"), Column::text("NAME"), Column::text("ID")], &rows)
    }
}

/// A table under a heading, if there is anything in it.
fn section(title: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> anyhow::Result<()> {
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    heading(title)?;
    let columns: Vec<Column<'_>> = heads.iter().map(|head| Column::text(head)).collect();
    table(&columns, &rows)
}
