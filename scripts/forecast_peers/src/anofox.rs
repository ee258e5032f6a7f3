//! `anofox-forecast`.

use anofox_forecast::core::TimeSeries;
use anofox_forecast::models::Forecaster;
use anofox_forecast::models::MSTLForecaster;
use anofox_forecast::models::arima::AutoARIMA;
use anofox_forecast::models::exponential::{AutoETS, HoltLinearTrend, SimpleExponentialSmoothing};
use anofox_forecast::models::intermittent::{ADIDA, Croston, IMAPA, TSB};
use anofox_forecast::models::theta::{DynamicTheta, OptimizedTheta, Theta};
use chrono::{DateTime, TimeDelta};

use crate::Peer;

pub(crate) struct Anofox;

impl Peer for Anofox {
    type History = TimeSeries;
    const CRATE: &'static str = "anofox-forecast";
    const MODELS: &'static [&'static str] = &[
        "ses",
        "holt",
        "damped_holt",
        "theta",
        "optimized_theta",
        "dynamic_optimized_theta",
        "croston",
        "sba",
        "tsb",
        "adida",
        "imapa",
        "mstl",
        "combination",
        "combination_median",
        "ets",
        "arima",
    ];

    fn history(values: &[f64]) -> TimeSeries {
        let dates = (0..values.len()).map(|day| DateTime::UNIX_EPOCH + TimeDelta::days(day as i64)).collect();
        TimeSeries::univariate(dates, values.to_vec()).expect("the dates ascend")
    }

    fn forecast(model: &str, period: usize, history: &TimeSeries, steps: usize) -> Option<Vec<f64>> {
        // It has no complex smoothing, and its ARIMA takes minutes here: the combination is of three other models.
        let all = || {
            ["ets", "dynamic_optimized_theta", "optimized_theta"]
                .map(|of| Self::forecast(of, period, history, steps))
        };
        match model {
            "combination" => {
                return Some(each_step(&all(), steps, |points| {
                    points.iter().sum::<f64>() / points.len() as f64
                }));
            }
            "combination_median" => {
                return Some(each_step(&all(), steps, |points| {
                    points.sort_by(f64::total_cmp);
                    0.5 * (points[(points.len() - 1) / 2] + points[points.len() / 2])
                }));
            }
            _ => {}
        }
        let mut model = model_of(model, period)?;
        model.fit(history).ok()?;
        Some(model.predict(steps).ok()?.primary().to_vec())
    }
}

fn each_step(all: &[Option<Vec<f64>>], steps: usize, center: impl Fn(&mut Vec<f64>) -> f64) -> Vec<f64> {
    let at = |step: usize| {
        let mut points: Vec<f64> =
            all.iter().flatten().map(|points| points[step]).filter(|p| p.is_finite()).collect();
        if points.is_empty() { f64::NAN } else { center(&mut points) }
    };
    (0..steps).map(at).collect()
}

fn model_of(model: &str, period: usize) -> Option<Box<dyn Forecaster>> {
    let is_seasonal = period > 1;
    Some(match model {
        "ses" => Box::new(SimpleExponentialSmoothing::auto()),
        "holt" => Box::new(HoltLinearTrend::auto()),
        "damped_holt" => Box::new(HoltLinearTrend::auto_damped()),
        "ets" if is_seasonal => Box::new(AutoETS::with_period(period)),
        "ets" => Box::new(AutoETS::non_seasonal()),
        "theta" if is_seasonal => Box::new(Theta::seasonal(period)),
        "theta" => Box::new(Theta::new()),
        "optimized_theta" if is_seasonal => Box::new(OptimizedTheta::seasonal(period)),
        "optimized_theta" => Box::new(OptimizedTheta::new()),
        "dynamic_optimized_theta" if is_seasonal => Box::new(DynamicTheta::seasonal_optimized(period)),
        "dynamic_optimized_theta" => Box::new(DynamicTheta::optimized()),
        "mstl" if is_seasonal => Box::new(MSTLForecaster::new(vec![period])),
        "arima" if is_seasonal => Box::new(AutoARIMA::seasonal(period)),
        "arima" => Box::new(AutoARIMA::new()),
        "croston" => Box::new(Croston::new().optimized()),
        "sba" => Box::new(Croston::new().sba_optimized()),
        "tsb" => Box::new(TSB::new()),
        "adida" => Box::new(ADIDA::new()),
        "imapa" => Box::new(IMAPA::new()),
        _ => return None,
    })
}
