//! `augurs`.

use augurs::ets::AutoETS;
use augurs::mstl::MSTLModel;
use augurs::prelude::*;

use crate::Peer;

pub(crate) struct Augurs;

impl Peer for Augurs {
    type History = Vec<f64>;
    const CRATE: &'static str = "augurs";
    const MODELS: &'static [&'static str] = &["mstl", "ets"];

    fn history(values: &[f64]) -> Vec<f64> {
        values.to_vec()
    }

    fn forecast(model: &str, period: usize, history: &Vec<f64>, steps: usize) -> Option<Vec<f64>> {
        let ets = AutoETS::non_seasonal();
        Some(match model {
            "mstl" => {
                let trend = ets.into_trend_model();
                MSTLModel::new(vec![period], trend).fit(history).ok()?.predict(steps, None).ok()?.point
            }
            // Its automatic smoothing has no season: it is asked only where there is none.
            "ets" if period == 1 => ets.fit(history).ok()?.predict(steps, None).ok()?.point,
            _ => return None,
        })
    }
}
