//! No input makes the crate panic or lets a number escape that is not finite.

use evaluation::{SplitConfig, backtest};
use forecast::forecast;
use proptest::prelude::*;

#[path = "support/any.rs"]
mod any;

use any::{check, series, specs};
use wire::model_selection::Gaps;

#[test]
fn the_hardest_series_are_forecast_or_refused() {
    let tiny = f64::MIN_POSITIVE;
    let cases: [Vec<f64>; 12] = [
        vec![],
        vec![5.0],
        vec![f64::NAN; 60],
        vec![0.0; 60],
        vec![3.25; 60],
        vec![-7.0; 60],
        vec![f64::MAX; 60],
        (0..60).map(|t| if t % 2 == 0 { f64::MAX } else { f64::MIN }).collect(),
        (0..60).map(|t| 1e150 * f64::from(t)).collect(),
        (0..60).map(|t| tiny * f64::from(t)).collect(),
        (0..60).map(|t| if t % 3 == 0 { f64::NAN } else { f64::from(t) }).collect(),
        (0..200).map(|t| if t == 150 { 1.0 } else { 0.0 }).collect(),
    ];
    for values in cases {
        check(&values, Gaps::Missing);
        check(&values, Gaps::Omit);
    }
}

/// What a fold forecasts is what a fit on its rows alone forecasts, although some models learn all folds in one pass.
#[test]
fn a_fold_equals_a_fit_on_its_rows_alone() {
    let value = |t: usize| {
        20.0 + 0.1 * t as f64 + [4.0, -2.0, 0.0, 7.0, -5.0, 1.0, -4.0][t % 7] + (t * 31 % 17) as f64
    };
    let values: Vec<f64> = (0..400).map(|t| if t % 50 == 33 { f64::NAN } else { value(t) }).collect();
    let whole = series(&values, Gaps::Missing).expect("the series is regular");
    let split = SplitConfig { min_train_size: 60, ..SplitConfig::default() };
    for spec in specs() {
        let result = backtest(&whole, &spec, &split, &|| false).expect("the series suits every model");
        for fold in result.folds {
            let prefix =
                series(&values[..fold.split.train_size], Gaps::Missing).expect("a prefix is regular");
            let alone = forecast(&prefix, &spec, 14, None).expect("the prefix suits every model");
            assert_eq!(alone.points, fold.predictions, "{} fold {}", spec.model_type(), fold.fold_index);
        }
    }
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (0_u32..40).prop_map(f64::from),
        4 => Just(0.0),
        2 => Just(f64::NAN),
        2 => -1e6..1e6_f64,
        1 => any::<f64>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_series_is_forecast_or_refused(values in prop::collection::vec(value(), 0..120)) {
        check(&values, Gaps::Missing);
        check(&values, Gaps::Zero);
    }
}
