//! The pieces of work that end a forecast: all candidates on some series of a block, weighed, combined and judged by what the
//! fleet says.

use std::sync::Arc;

use evaluation::choose::candidates::{Candidate, Role};
use evaluation::choose::rule::{Decision, Kind, Loss};
use evaluation::outlook::{Errors, Fleet, Folding, Judgement, Outlook, Question, Said, judge, say};
use forecast::ModelSpec;
use kernel::Digest;
use runs::{Objects, ShardKind};
use serde::{Deserialize, Serialize};
use series::Series;
use wire::model_selection::{Interval, Metrics, Scope};

use super::shard::Numbers;

/// Some series of a block to their end.
#[derive(Debug)]
pub struct OutlookShard;

/// Everything that the forecasts of some series depend on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutlookInput {
    /// The block, and what models of all series say of it.
    pub block: Digest,
    /// Which of its series, counted from 0.
    pub series: Vec<usize>,
    /// What the fleet says.
    pub fleet: Digest,
    /// The candidates.
    pub candidates: Vec<Voice>,
    /// The folds.
    pub folding: Folding,
    /// Rows of a season, for scaled errors.
    pub season: usize,
    /// Steps to forecast.
    pub horizon: usize,
    /// How errors of rows make the error of a fold.
    pub loss: Loss,
    /// Of each series what each candidate weighs, where that was decided before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Vec<Vec<f64>>>,
}

/// A candidate as it is heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Voice {
    /// The model.
    pub model: ModelSpec,
    /// How it enters.
    pub role: Role,
}

/// A block as it is held: its series, and for each candidate that learns from all series what it says of them.
pub(super) struct Block {
    pub series: Vec<Series>,
    pub of_panel: Vec<Vec<Option<Said>>>,
}

/// The forecast of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutlookOutput {
    /// Of each candidate and then of the weighted forecast: the scaled error, the sizes of errors, the demand; not a number
    /// where there are none.
    errors: Numbers,
    /// Absent where no candidate could forecast it.
    outlook: Option<OutlookNumbers>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct OutlookNumbers {
    weights: Numbers,
    kind: Kind,
    folds: usize,
    points: Numbers,
    /// Of each level the lower bounds, then the upper ones; none where there are no intervals.
    bounds: Vec<Numbers>,
    metrics: Option<Metrics>,
}

impl ShardKind for OutlookShard {
    const NAME: &'static str = "fleet_outlook";
    const VERSION: u32 = 2;
    type Input = OutlookInput;
    /// One per series.
    type Output = Vec<OutlookOutput>;

    fn compute(
        input: &OutlookInput,
        objects: &Objects,
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<OutlookOutput>> {
        let block: Arc<Block> = objects.get(&input.block).expect("the run holds its block");
        let fleet: Arc<Fleet> = objects.get(&input.fleet).expect("the run holds what its fleet says");
        let said = (0..input.candidates.len())
            .map(|candidate| input.said(&block, candidate, keep_going))
            .collect::<Option<Vec<_>>>()?;
        let series: Vec<&Series> = input.series.iter().map(|&at| &block.series[at]).collect();
        let candidates: Vec<Candidate> = input.candidates.iter().map(Voice::candidate).collect();
        let judged = judge(&input.question(&candidates), &fleet, &series, &said);
        Some(judged.into_iter().map(OutlookOutput::from).collect())
    }

    fn fits(input: &OutlookInput, output: &Vec<OutlookOutput>) -> bool {
        let fits = |one: &OutlookNumbers| {
            let bounds = one.bounds.len();
            one.weights.0.len() == input.candidates.len()
                && one.points.0.len() == input.horizon
                && (bounds == 0 || bounds == 2 * Interval::USUAL_LEVELS.len())
                && one.bounds.iter().all(|bounds| bounds.0.len() == input.horizon)
        };
        let errors = 3 * (input.candidates.len() + 1);
        output.len() == input.series.len()
            && output.iter().all(|one| one.errors.0.len() == errors && one.outlook.as_ref().is_none_or(fits))
    }
}

impl OutlookInput {
    /// What a candidate says of each series; nothing of one for which it weighs nothing.
    fn said(
        &self,
        block: &Block,
        candidate: usize,
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<Option<Said>>> {
        let is_of_panel = |voice: &Voice| voice.model.scope() == Scope::Panel;
        let is_asked = |nth: &usize| self.given.as_ref().is_none_or(|given| given[*nth][candidate] > 0.0);
        let asked: Vec<usize> = (0..self.series.len()).filter(is_asked).collect();
        let voice = &self.candidates[candidate];
        let mut said = vec![None; self.series.len()];
        if is_of_panel(voice) {
            let nth = self.candidates[..candidate].iter().filter(|voice| is_of_panel(voice)).count();
            for at in asked {
                said[at].clone_from(&block.of_panel[nth][self.series[at]]);
            }
            return Some(said);
        }
        let series: Vec<&Series> = asked.iter().map(|&at| &block.series[self.series[at]]).collect();
        let answers = say(&series, &voice.model, &self.folding, self.horizon, &|| !keep_going())?;
        asked.into_iter().zip(answers).for_each(|(at, answer)| said[at] = answer.ok());
        Some(said)
    }

    fn question<'a>(&'a self, candidates: &'a [Candidate]) -> Question<'a> {
        Question {
            candidates,
            folding: self.folding,
            season: self.season,
            loss: self.loss,
            is_fleet: true,
            given: self.given.as_deref(),
            levels: &Interval::USUAL_LEVELS,
        }
    }
}

impl Voice {
    fn candidate(&self) -> Candidate {
        Candidate { spec: self.model.clone(), role: self.role, why: "" }
    }
}

impl From<Judgement> for OutlookOutput {
    fn from(judged: Judgement) -> Self {
        let numbers = |errors: &Option<Errors>| match errors {
            Some(errors) => [errors.mase.unwrap_or(f64::NAN), errors.absolute, errors.demand],
            None => [f64::NAN; 3],
        };
        let errors = judged.candidates.iter().chain([&judged.rule]).flat_map(numbers).collect();
        let outlook = judged.outlook.map(|outlook| OutlookNumbers {
            weights: Numbers(outlook.decision.weights),
            kind: outlook.decision.kind,
            folds: outlook.decision.folds,
            points: Numbers(outlook.points),
            bounds: outlook
                .intervals
                .into_iter()
                .flat_map(|one| [one.lower, one.upper])
                .map(Numbers)
                .collect(),
            metrics: outlook.metrics,
        });
        Self { errors: Numbers(errors), outlook }
    }
}

impl From<OutlookOutput> for Judgement {
    fn from(output: OutlookOutput) -> Self {
        let errors = |numbers: &[f64; 3]| {
            let [mase, absolute, demand] = *numbers;
            (!absolute.is_nan()).then(|| Errors { mase: kernel::finite(mase), absolute, demand })
        };
        let mut all: Vec<Option<Errors>> = output.errors.0.as_chunks().0.iter().map(errors).collect();
        let rule = all.pop().flatten();
        let interval = |(level, [lower, upper]): (f64, &[Numbers; 2])| Interval {
            level,
            lower: lower.0.clone(),
            upper: upper.0.clone(),
        };
        let outlook = output.outlook.map(|one| Outlook {
            decision: Decision { weights: one.weights.0, kind: one.kind, folds: one.folds },
            points: one.points.0,
            intervals: Interval::USUAL_LEVELS
                .into_iter()
                .zip(one.bounds.as_chunks().0)
                .map(interval)
                .collect(),
            metrics: one.metrics,
        });
        Self { outlook, candidates: all, rule }
    }
}
