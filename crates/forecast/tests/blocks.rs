//! Series learned together are learned as each alone.

use forecast::{Future, History, ModelSpec};
use proptest::prelude::*;
use serde_json::Value;
use wire::Moment;

const MODELS: [&str; 8] =
    ["theta", "optimized_theta", "dynamic_optimized_theta", "croston", "sba", "tsb", "adida", "imapa"];

/// Series of one length: many zeros, a constant, a season, holes, and any magnitude.
fn series(rows: usize) -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![4 => Just(0.0), 3 => (1_u32..40).prop_map(f64::from), 1 => -50.0..50.0_f64];
    let values = prop::collection::vec(value, rows);
    (values, 0_usize..4, -8_i32..9).prop_map(|(mut values, kind, magnitude)| {
        let constant = values[0];
        for (at, value) in values.iter_mut().enumerate() {
            match kind {
                0 => {}
                1 => *value = constant,
                2 => *value = 30.0 + 20.0 * ((at % 7) as f64) + 0.1 * *value,
                _ if at % 11 == 5 => *value = f64::NAN,
                _ => {}
            }
            *value *= 10.0_f64.powi(magnitude);
        }
        values
    })
}

fn blocks() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (40_usize..90).prop_flat_map(|rows| prop::collection::vec(series(rows), 1..12))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_series_in_a_block_is_forecast_as_alone(block in blocks()) {
        let rows = block[0].len();
        let dates: Vec<_> = (0..).filter_map(Moment::from_epoch_days).take(rows + 9).collect();
        let origins = [rows - 30, rows - 12, rows];
        let history = |values| History { values, dates: &dates[..rows], known: None };
        let histories: Vec<_> = block.iter().map(|values| history(values)).collect();
        let futures = vec![Future { dates: &dates[rows..], known: None }; origins.len()];
        for model in MODELS {
            let spec = ModelSpec::parse(model, &Value::Null).expect("defaults are valid");
            let together = spec.forecast_block(&histories, &origins, &vec![futures.clone(); block.len()]);
            for (history, found) in histories.iter().zip(together) {
                prop_assert_eq!(&spec.forecast_prefixes(history, &origins, &futures), &found, "{}", model);
                for (&origin, found) in origins.iter().zip(found) {
                    let prefix = History { values: &history.values[..origin], ..*history };
                    let alone = spec.forecast(&prefix, &futures[0]);
                    prop_assert_eq!(&alone, &found, "{} at {}", model, origin);
                }
            }
        }
    }
}
