//! Which models the lab has.

use wire::lab::{LabCatalog, LabModel};

/// The optimiser, by the name it has in requests.
pub(crate) const OPTIMIZER: &str = "minlp_v1";

/// Every model, in the order in which they are shown.
pub fn catalog() -> LabCatalog {
    LabCatalog {
        game_outcome_models: vec![
            model(
                "logistic",
                "Logistic",
                "The difference of two net ratings, divided by a scale, is the logarithm of the odds.",
            ),
            model(
                "pairs",
                "Given pairs",
                "A probability for each pair of teams that can meet, as somebody states it.",
            ),
            model(
                "odds",
                "Bookmakers' odds",
                "Ratings under which the exact chances are those of a market without its margin.",
            ),
        ],
        market_share_models: vec![
            model(
                "naive-ev-baseline",
                "By expected points",
                "People bid on a team what it is expected to earn.",
            ),
            model(
                "ridge",
                "Ridge regression",
                "Shares of other auctions, explained by seeds and ratings within a season.",
            ),
            model(
                "oracle_actual_market",
                "What was really bid",
                "Only a backtest may know it; it bounds what any model could reach.",
            ),
        ],
        entry_optimizers: vec![model(
            OPTIMIZER,
            "Exact bids",
            "The whole-number bids with the most expected points under the rules, by dynamic programming.",
        )],
    }
}

fn model(id: &str, display_name: &str, description: &str) -> LabModel {
    LabModel {
        id: id.to_owned(),
        display_name: display_name.to_owned(),
        description: description.to_owned(),
        schema_version: "v1".to_owned(),
        deprecated: false,
    }
}
