//! `assay lab condition|portfolio|live`: questions that are answered at once and leave nothing behind.

use kernel::{Basis, chance, figure};
use wire::lab::{
    ConditionRequest, Conditioned, ConditionedGame, GameResult, LabEstimate, LiveAuction, LiveRequest,
    Portfolio, PortfolioRequest, Spending,
};

use super::print::{PAYOUTS, first_prizes, table};
use super::{look, shown};
use crate::cli::{LabCondition, LabLive, LabPortfolio, Place};
use crate::command::print_line;
use crate::exit::Exit;
use crate::table::Column;

pub(super) async fn condition(place: &Place, options: &LabCondition) -> anyhow::Result<Exit> {
    let wins =
        |(game, team): &(String, String)| GameResult { game_id: game.clone(), winner_team_id: team.clone() };
    let request = ConditionRequest { games: options.wins.iter().map(wins).collect() };
    let found = look(place, async |client| client.condition(options.run, &request).await).await?;
    shown(options.output, &found, || print_conditioned(&found))
}

pub(super) async fn portfolio(place: &Place, options: &LabPortfolio) -> anyhow::Result<Exit> {
    let request =
        PortfolioRequest { entry_ids: options.entries.clone(), candidate_ids: options.candidates.clone() };
    let found = look(place, async |client| client.portfolio(options.run, &request).await).await?;
    shown(options.output, &found, || print_portfolio(&found))
}

pub(super) async fn live(place: &Place, options: &LabLive) -> anyhow::Result<Exit> {
    let request = LiveRequest {
        snapshot_id: options.snapshot,
        game_outcome_run_id: options.game_outcome,
        market_share_run_id: options.market_share,
        other_entry_count: options.others,
        spending: if options.pace { Spending::Pace } else { Spending::Budgets },
        sold: options.sold.clone(),
    };
    let found = look(place, async |client| client.live_auction(&request).await).await?;
    shown(options.output, &found, || print_live(&found))
}

fn print_conditioned(found: &Conditioned) -> anyhow::Result<()> {
    let few = if found.is_few { ": few, so what is said of entries is loose" } else { "" };
    print_line(&format!(
        "{} of the first {} tournaments agree{few}; the chance of the condition is {}",
        found.agreeing,
        found.considered,
        chance(found.p_condition, Basis::Exact)
    ))?;
    let basis = |is_open: fn(&ConditionedGame) -> bool, simulations| {
        if found.games.iter().any(is_open) { Basis::Sampled(simulations) } else { Basis::Exact }
    };
    let before = basis(|game| !game.is_decided, found.total_simulations);
    let now = basis(|game| game.winners.len() != 1, found.agreeing);
    let estimate = |of: Option<LabEstimate>| of.map_or_else(|| "–".to_owned(), |of| chance(of.value, now));
    let columns = [
        Column::text("ENTRY"),
        Column::number("FIRST"),
        Column::number("BEFORE"),
        Column::number("IN THE MONEY"),
        Column::number("BEFORE"),
        Column::number("POINTS"),
    ];
    let row = |entry: &wire::lab::ConditionedEntry| {
        vec![
            entry.display_name.clone(),
            estimate(entry.p_top1),
            chance(entry.before.p_top1, before),
            estimate(entry.p_in_money),
            chance(entry.before.p_in_money, before),
            figure(entry.expected_points, 1),
        ]
    };
    table(&columns, &found.entries.iter().map(row).collect::<Vec<_>>())?;
    let columns = [Column::text("GAME"), Column::text("WINNER"), Column::number("CHANCE")];
    let open = found.games.iter().filter(|game| !game.is_decided && !game.is_fixed);
    let row = |game: &wire::lab::ConditionedGame| {
        let best = game.winners.first()?;
        Some(vec![game.game_id.clone(), best.team_id.clone(), chance(best.p_exact, Basis::Exact)])
    };
    table(&columns, &open.filter_map(row).collect::<Vec<_>>())
}

fn print_portfolio(found: &Portfolio) -> anyhow::Result<()> {
    let first = f64::from(found.first_prize_cents);
    let payout = |cents: LabEstimate| {
        let (value, standard_error) = (cents.value / first, cents.standard_error / first);
        first_prizes(LabEstimate { value, standard_error })
    };
    let basis = Basis::Sampled(found.considered);
    let columns = [
        Column::text("ENTRY"),
        Column::number("MEAN PAYOUT"),
        Column::number("ADDS"),
        Column::number("IN THE MONEY"),
    ];
    let row = |member: &wire::lab::PortfolioMember| {
        vec![
            member.display_name.clone(),
            payout(member.mean_payout_cents),
            payout(member.adds_cents),
            chance(member.p_in_money.value, basis),
        ]
    };
    table(&columns, &found.members.iter().map(row).collect::<Vec<_>>())?;
    let name =
        |id| found.members.iter().find(|member| member.entry_id == id).map(|one| one.display_name.clone());
    let columns = [
        Column::text("TWO ENTRIES"),
        Column::number("CORRELATION OF PAYOUTS"),
        Column::number("OF POINTS"),
        Column::number("BOTH IN THE MONEY"),
    ];
    let number = |found: Option<f64>| found.map_or_else(|| "–".to_owned(), |found| figure(found, 3));
    let row = |pair: &wire::lab::PortfolioPair| {
        let names = [pair.first_entry_id, pair.second_entry_id].map(|id| name(id).unwrap_or_default());
        vec![
            names.join(" and "),
            number(pair.payout_correlation),
            number(pair.points_correlation),
            chance(pair.p_both_in_money.value, basis),
        ]
    };
    if !found.pairs.is_empty() {
        table(&columns, &found.pairs.iter().map(row).collect::<Vec<_>>())?;
    }
    print_line(&format!(
        "together {} on average, and anything with a chance of {}, over the first {} tournaments",
        payout(found.total_payout_cents),
        chance(found.p_any_in_money.value, basis),
        found.considered
    ))?;
    print_line(PAYOUTS)
}

fn print_live(found: &LiveAuction) -> anyhow::Result<()> {
    let pace = found
        .pace
        .map_or_else(String::new, |pace| format!(", {} % of what was predicted", figure(100.0 * pace, 0)));
    print_line(&format!(
        "others have bid {} of {} points{pace}; you have bid {} and have {} left",
        found.sold_points, found.pool_points, found.own_spent_points, found.own_left_points
    ))?;
    let Some(plan) = &found.plan else {
        return print_line(&format!(
            "no bids keep the rules: {}",
            found.no_plan_reason.as_deref().unwrap_or_default()
        ));
    };
    let columns = [
        Column::text("TEAM"),
        Column::number("BID"),
        Column::number("OTHERS BID"),
        Column::number("EXPECTED POINTS"),
    ];
    let row = |team: &wire::lab::LiveTeam| {
        vec![
            team.name.clone(),
            team.best_bid_points.to_string(),
            figure(team.others_points, 1),
            figure(team.expected_points, 1),
        ]
    };
    let bids = found.teams.iter().filter(|team| team.best_bid_points > 0);
    table(&columns, &bids.map(row).collect::<Vec<_>>())?;
    print_line(&format!(
        "{} points so far and {} by these bids; {} left on the table",
        figure(found.own_expected_points, 1),
        figure(plan.expected_points, 1),
        figure(found.left_on_the_table_points.unwrap_or_default(), 1)
    ))
}
