//! Combinations of models.

use serde_json::{Value, json};
use wire::model_selection::Family;

use crate::ModelSpec;
use crate::catalog::{Availability, Build, Definition};
use crate::median::median;
use crate::model::{FitError, Fitted, Future, History, Model};
use crate::params::{Parameter, Params};

/// The mean or median, step by step, of members that fit; a member that does not apply is left out.
///
/// The median of exponential smoothing, Theta, complex smoothing and ARIMA came sixth in the M4 competition and beats
/// each of its members (Petropoulos & Svetunkov 2020). On the M3 data of our bench the mean does better than the median.
struct Combination {
    members: Vec<ModelSpec>,
    center: Center,
}

#[derive(Clone, Copy)]
enum Center {
    Mean,
    Median,
}

struct FittedCombination {
    members: Vec<Box<dyn Fitted>>,
    center: Center,
}

impl Model for Combination {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        self.fit_prefixes(history, &[history.values.len()]).remove(0)
    }

    fn is_one_pass(&self) -> bool {
        true
    }

    fn fit_prefixes(
        &self,
        history: &History<'_>,
        origins: &[usize],
    ) -> Vec<Result<Box<dyn Fitted>, FitError>> {
        let mut fitted: Vec<Vec<Box<dyn Fitted>>> = origins.iter().map(|_| Vec::new()).collect();
        for member in &self.members {
            for (slot, fit) in fitted.iter_mut().zip(member.fit_prefixes(history, origins)) {
                slot.extend(fit);
            }
        }
        let combined = |members: Vec<Box<dyn Fitted>>| {
            if members.is_empty() {
                return Err(FitError::NotApplicable { model: "combination", reason: "no member applies" });
            }
            Ok(Box::new(FittedCombination { members, center: self.center }) as Box<dyn Fitted>)
        };
        fitted.into_iter().map(combined).collect()
    }
}

impl Fitted for FittedCombination {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        let all: Vec<Vec<f64>> = self.members.iter().map(|member| member.forecast(future)).collect();
        let at = |step: usize| {
            let points = all.iter().map(|points| points[step]).filter(|point| point.is_finite());
            self.center.of(points.collect())
        };
        (0..future.steps()).map(at).collect()
    }
}

impl Center {
    fn of(self, points: Vec<f64>) -> f64 {
        let n = points.len() as f64;
        match self {
            Self::Mean => points.iter().map(|point| point / n).sum(),
            Self::Median => median(points).unwrap_or(f64::NAN),
        }
    }
}

/// The simple combination of univariate models (Petropoulos & Svetunkov 2020). The last one takes a hundred times as long
/// as the others together.
const SCUM: [&str; 4] = ["ets", "dynamic_optimized_theta", "ces", "arima"];

fn members(params: &Params) -> Vec<ModelSpec> {
    let season = json!({ "season_length": params.count("season_length") });
    let seasonal = |names: &[&'static str]| names.iter().map(|name| (*name, season.clone())).collect();
    let chosen: Vec<(&str, Value)> = match params.word("members") {
        "smooth" => seasonal(&SCUM[..3]),
        "intermittent" => {
            let counts = ["sba", "adida"].map(|name| (name, Value::Null));
            [seasonal(&SCUM[..1]), counts.to_vec()].concat()
        }
        _ => seasonal(&SCUM),
    };
    let parse =
        |(name, params): (&str, Value)| ModelSpec::parse(name, &params).expect("members are catalogued");
    chosen.into_iter().map(parse).collect()
}

/// The definition of `combination`.
pub(crate) fn definition() -> Definition {
    Definition {
        model_type: "combination",
        label: "Combination",
        family: Family::Combination,
        is_feature_aware: false,
        description: "The mean of smoothing, Theta and ARIMA models, which is rarely the worst and often the best.",
        parameters: vec![
            Parameter::integer("season_length", 1, 365, 7, "Rows of a season; 1 for none."),
            Parameter::choice("center", &["mean", "median"], "How the members' forecasts are combined."),
            Parameter::choice(
                "members",
                &["scum", "smooth", "intermittent"],
                "What is combined: exponential smoothing, Theta, complex smoothing and ARIMA; the same without ARIMA; or \
                 models of counts.",
            ),
        ],
        minimum_history: |_| 5,
        availability: Availability::Present,
        build: Build::Series(|params| {
            let center = if params.word("center") == "median" { Center::Median } else { Center::Mean };
            Box::new(Combination { members: members(params), center })
        }),
    }
}
