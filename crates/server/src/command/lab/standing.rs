//! `assay lab models`: how models compare, and what each has covered.

use kernel::{Basis, chance, figure};
use serde::Serialize;
use wire::lab::{Coverage, LabEstimate, ModelLeaderboard, ModelStanding};

use super::super::print_line;
use super::coverage::print_models;
use super::print::table;
use crate::table::Column;

/// Both of them.
#[derive(Debug, Serialize)]
pub(super) struct Models {
    pub(super) standing: ModelLeaderboard,
    pub(super) coverage: Coverage,
}

impl Models {
    pub(super) fn print(&self) -> anyhow::Result<()> {
        if self.standing.models.is_empty() {
            print_line(
                "No bids of models were judged yet: keep those of a strategy as a candidate and evaluate it.",
            )?;
        } else {
            self.print_standing()?;
        }
        print_line("")?;
        print_models(&self.coverage.models)
    }

    fn print_standing(&self) -> anyhow::Result<()> {
        let columns = [
            Column::text("MARKET"),
            Column::text("GAMES").spare(),
            Column::number("AUCTIONS"),
            Column::number("MEAN PAYOUT"),
            Column::number("FIRST"),
            Column::number("BEATS"),
            Column::number("OVER BASELINE"),
            Column::text("VERDICT"),
        ];
        let rows: Vec<Vec<String>> = self.standing.models.iter().map(row).collect();
        table(&columns, &rows)?;
        print_line(&format!(
            "Payouts are in first prizes; ± is the standard error over auctions; BEATS is the share of the other entries that \
             do worse; within ± {} of {} counts as similar.",
            figure(self.standing.similar_within, 2),
            self.standing.baseline
        ))
    }
}

fn row(one: &ModelStanding) -> Vec<String> {
    let estimate = |of: LabEstimate| format!("{} ± {}", figure(of.value, 4), figure(of.standard_error, 4));
    vec![
        one.models.market_share_model.clone(),
        one.models.game_outcome_model.clone(),
        one.calcuttas.to_string(),
        estimate(one.mean_normalized_payout),
        chance(one.p_top1.value, Basis::Counted),
        format!("{} %", figure(100.0 * one.percentile.value, 1)),
        one.difference_to_baseline.map_or_else(|| "-".to_owned(), estimate),
        one.verdict.to_string(),
    ]
}
