//! What `assay lab` prints for people.

use client::{Client, Error};
use kernel::{Basis, RunId, chance_with_error, figure};
use serde::Serialize;
use wire::lab::{
    CalcuttaItem, EvaluationResult, LabEstimate, LeaderboardRow, SeasonReport, Simulation, StrategyResult,
    Team, TournamentItem,
};

use crate::command::print_line;
use crate::table::{self, Column};

/// What is listed.
#[derive(Debug, Serialize)]
pub(super) struct Listed {
    pub(super) tournaments: Vec<TournamentItem>,
    pub(super) calcuttas: Vec<CalcuttaItem>,
}

impl Listed {
    pub(super) fn print(&self) -> anyhow::Result<()> {
        if self.tournaments.is_empty() {
            return print_line(
                "No tournament yet. `assay lab demo` makes some, `assay lab import FILE` takes yours.",
            );
        }
        let columns = [
            Column::text("TOURNAMENT"),
            Column::number("SEASON"),
            Column::number("TEAMS"),
            Column::text("ID"),
        ];
        let row = |one: &TournamentItem| {
            vec![
                one.name.clone(),
                one.season.to_string(),
                one.team_count.to_string(),
                one.tournament_id.to_string(),
            ]
        };
        table(&columns, &self.tournaments.iter().map(row).collect::<Vec<_>>())?;
        print_line("")?;
        let columns = [Column::text("AUCTION"), Column::number("ENTRIES"), Column::text("ID")];
        let row = |one: &CalcuttaItem| {
            vec![one.name.clone(), one.entry_count.to_string(), one.calcutta_id.to_string()]
        };
        table(&columns, &self.calcuttas.iter().map(row).collect::<Vec<_>>())?;
        print_line("next: assay lab show ID")
    }
}

/// In what payouts are stated everywhere.
pub(super) const PAYOUTS: &str = "Payouts are in first prizes; ± is the standard error.";

/// What the points of a bid sheet stand on, so that nobody takes them for those of a simulation.
const PREDICTED: &str = "These points hold if others bid what the market model predicts, which may be next to nothing on weak \
    teams; a simulation scores the same bids against those of the auction and comes to other points.";

/// What follows.
pub(super) fn heading(line: &str) -> anyhow::Result<()> {
    print_line("")?;
    print_line(line)?;
    print_line("")
}

/// A season that was kept.
pub(super) fn season(report: &SeasonReport) -> anyhow::Result<()> {
    let SeasonReport { tournament, states, calcutta, is_there, beside, notes } = report;
    print_line(&format!(
        "{}, season {}: {} teams, {} games",
        tournament.name, tournament.season, tournament.team_count, tournament.game_count
    ))?;
    for state in states {
        print_line(&format!(
            "  {} ({} games decided): {}",
            state.starting_state_key, state.decided_games, state.state_id
        ))?;
    }
    for note in notes {
        print_line(&format!("  {note}"))?;
    }
    if *is_there {
        print_line("This season is there already, with the same content: nothing was kept twice.")?;
    }
    beside.iter().try_for_each(|line| print_line(line))?;
    if let Some(calcutta) = calcutta {
        print_line(&format!(
            "{} with {} entries: snapshot {}",
            calcutta.name, calcutta.entry_count, calcutta.snapshot_id
        ))?;
        print_line(&format!("next: assay lab show {}", calcutta.calcutta_id))?;
    }
    Ok(())
}

/// Bids with the teams they are on.
#[derive(Debug, Serialize)]
pub(super) struct Sheet {
    run_id: RunId,
    bids: StrategyResult,
    #[serde(skip)]
    teams: Vec<Team>,
}

impl Sheet {
    /// That of a strategy that has succeeded.
    pub(super) async fn of(client: &Client, run: RunId) -> Result<Self, Error> {
        let strategy = client.strategy(run).await?;
        let teams = match strategy.run.lineage.tournament_id {
            Some(id) => client.tournament(id).await?.field.teams,
            None => Vec::new(),
        };
        let none = StrategyResult { expected_points: 0.0, total_bid_points: 0, bids: Vec::new() };
        Ok(Self { run_id: run, bids: strategy.result.unwrap_or(none), teams })
    }

    pub(super) fn print(&self) -> anyhow::Result<()> {
        let columns = [
            Column::text("TEAM"),
            Column::text("PLACE").spare(),
            Column::number("BID"),
            Column::number("OTHERS BID"),
            Column::number("OWNED"),
            Column::number("EXPECTED POINTS"),
            Column::number("POINTS PER POINT"),
        ];
        let mut bids: Vec<_> = self.bids.bids.iter().collect();
        bids.sort_by_key(|bid| std::cmp::Reverse(bid.bid_points));
        let row = |bid: &&wire::lab::TeamBid| {
            let team = self.teams.iter().find(|team| team.team_id == bid.team_id);
            vec![
                team.map_or(&bid.team_id, |team| &team.name).clone(),
                team.map_or_else(String::new, place),
                bid.bid_points.to_string(),
                figure(bid.expected_market, 1),
                format!("{} %", figure(100.0 * bid.expected_ownership, 1)),
                figure(bid.expected_points, 1),
                figure(bid.expected_roi, 2),
            ]
        };
        table(&columns, &bids.iter().map(row).collect::<Vec<_>>())?;
        print_line(&format!(
            "{} points, expected to earn {} points (run {})",
            self.bids.total_bid_points,
            figure(self.bids.expected_points, 1),
            self.run_id
        ))?;
        print_line(PREDICTED)
    }
}

/// Where a team stands in the bracket.
pub(super) fn place(team: &Team) -> String {
    let seed = team.seed.map_or_else(String::new, |seed| seed.to_string());
    format!("{} {seed}", team.region.as_deref().unwrap_or_default()).trim().to_owned()
}

/// The first rows of a leaderboard, and what may come from a candidate below them.
pub(super) fn leaderboard(simulation: &Simulation, most: usize) -> anyhow::Result<()> {
    let Some(result) = &simulation.result else {
        return print_line("The simulation has come to nothing yet.");
    };
    let is_shown = |(at, row): &(usize, &LeaderboardRow)| *at < most || row.candidate_id.is_some();
    let shown = result.leaderboard.iter().enumerate().filter(is_shown).map(|(_, row)| row);
    rows(shown, result.total_simulations)?;
    print_line(&format!(
        "{} tournaments; every chance of the first place is known within ± {} %, at 95 % (run {})",
        result.total_simulations,
        figure(100.0 * result.p_top1_half_width, 2),
        simulation.run.run_id
    ))?;
    match &result.seal_root {
        Some(root) => print_line(&format!("sealed under {root}")),
        None => Ok(()),
    }
}

/// Candidates, the best first.
pub(super) fn candidates(result: &EvaluationResult) -> anyhow::Result<()> {
    rows(result.candidates.iter().map(|candidate| &candidate.row), result.total_simulations)
}

fn rows<'a>(all: impl Iterator<Item = &'a LeaderboardRow>, simulations: u64) -> anyhow::Result<()> {
    let columns = [
        Column::number("RANK"),
        Column::text("ENTRY"),
        Column::number("MEAN PAYOUT"),
        Column::number("FIRST"),
        Column::number("IN THE MONEY"),
        Column::number("POINTS"),
        Column::number("REALLY"),
    ];
    let all: Vec<&LeaderboardRow> = all.collect();
    // How it really ended is known of all entries or of none.
    let is_decided = all.iter().any(|row| row.realized.is_some());
    let columns = if is_decided { &columns[..] } else { &columns[..6] };
    let basis = if is_decided { Basis::Exact } else { Basis::Sampled(simulations) };
    let percent = |estimate: LabEstimate| chance_with_error(estimate.value, estimate.standard_error, basis);
    let row = |row: &&LeaderboardRow| {
        let mean = row.mean_normalized_payout;
        let mut cells = vec![
            row.rank.to_string(),
            row.display_name.clone(),
            first_prizes(mean),
            percent(row.p_top1),
            percent(row.p_in_money),
            figure(row.expected_points, 1),
        ];
        cells.extend(row.realized.map(|ended| ended.finish_position.to_string()));
        cells
    };
    table(columns, &all.iter().map(row).collect::<Vec<_>>())?;
    print_line(PAYOUTS)
}

/// A mean payout, in first prizes.
pub(super) fn first_prizes(mean: LabEstimate) -> String {
    format!("{} ± {}", figure(mean.value, 4), figure(mean.standard_error, 4))
}

pub(super) fn table(columns: &[Column<'_>], rows: &[Vec<String>]) -> anyhow::Result<()> {
    Ok(table::print(&mut std::io::stdout().lock(), columns, rows)?)
}
