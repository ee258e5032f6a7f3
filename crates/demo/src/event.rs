//! The showcase's own wire: `StepEvent`s, projected from the run's frames. Live and replayed events are the same,
//! because both come from the same stored bytes.

use chrono::{DateTime, Utc};
use frames::{Body, Frame, StepStatus};
use kernel::RunId;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use wire::demo::{EventStatus, EventType, RunConfig, StepEvent, Summary};

/// The one event of a showcase that could not start.
pub fn refused(detail: impl Into<String>, at: DateTime<Utc>) -> StepEvent {
    StepEvent {
        event_type: EventType::Error,
        step_name: "pipeline".to_owned(),
        step_index: 0,
        total_steps: 0,
        status: Some(EventStatus::Fail),
        detail: detail.into(),
        duration_ms: 0.0,
        data: Map::new(),
        timestamp: at,
        phase_name: None,
        phase_index: None,
        phase_total: None,
    }
}

/// Turns the frames of a showcase run into its events. Feed it every frame from the first.
#[derive(Debug, Default)]
pub struct Projector {
    run_config: Option<RunConfig>,
    run_id: Option<RunId>,
    opened_at: Option<DateTime<Utc>>,
    total_steps: u32,
    /// What the steps have said so far, the later over the earlier.
    said: Map<String, Value>,
}

impl Projector {
    /// A projector; `run_config` is echoed in the last event.
    pub(crate) fn new(run_config: Option<RunConfig>) -> Self {
        Self { run_config, ..Self::default() }
    }

    /// The event a frame shows as, if any.
    pub fn apply(&mut self, frame: &Frame) -> Option<StepEvent> {
        let at = frame.envelope.server_timestamp;
        match &frame.body {
            Body::RunOpened(opened) => {
                self.run_id = opened.run_id.parse().ok();
                self.opened_at = Some(at);
                None
            }
            Body::StepStarted(step) => {
                self.total_steps = step.step_total;
                Some(StepEvent {
                    event_type: EventType::StepStart,
                    step_name: step.step.clone(),
                    step_index: step.step_index,
                    total_steps: step.step_total,
                    status: None,
                    detail: String::new(),
                    duration_ms: 0.0,
                    data: Map::new(),
                    timestamp: at,
                    phase_name: Some(step.phase.clone()),
                    phase_index: Some(step.phase_index),
                    phase_total: Some(step.phase_total),
                })
            }
            Body::StepCompleted(step) => {
                self.said.extend(step.data.clone());
                Some(StepEvent {
                    event_type: EventType::StepComplete,
                    step_name: step.step.clone(),
                    step_index: step.step_index,
                    total_steps: step.step_total,
                    status: Some(status(step.status)),
                    detail: step.detail.clone(),
                    duration_ms: step.duration_ms,
                    data: step.data.clone(),
                    timestamp: at,
                    phase_name: Some(step.phase.clone()),
                    phase_index: Some(step.phase_index),
                    phase_total: Some(step.phase_total),
                })
            }
            Body::Final(end) => {
                let is_green = matches!(end.status, frames::FinalStatus::Completed);
                let status = if is_green { EventStatus::Pass } else { EventStatus::Fail };
                Some(self.summary(status, end.response_text.clone().unwrap_or_default(), at))
            }
            Body::Error(error) => Some(self.summary(EventStatus::Fail, error.message.clone(), at)),
            _ => None,
        }
    }

    fn summary(&self, status: EventStatus, detail: String, at: DateTime<Utc>) -> StepEvent {
        let wall_clock_ms = self.opened_at.map_or(0, |opened| (at - opened).num_milliseconds());
        let summary = Summary {
            winner_model_type: self.said("winner"),
            winner_wape: self.said("winner_wape"),
            winning_run_id: self.said("run_id"),
            alias: self.said("alias"),
            wall_clock_s: wall_clock_ms as f64 / 1000.0,
            run_config: self.run_config.clone(),
            showcase_run_id: self.run_id,
        };
        let Ok(Value::Object(data)) = serde_json::to_value(summary) else {
            unreachable!("a summary is an object")
        };
        StepEvent {
            event_type: EventType::PipelineComplete,
            step_name: "summary".to_owned(),
            step_index: self.total_steps,
            total_steps: self.total_steps,
            status: Some(status),
            detail,
            duration_ms: wall_clock_ms as f64,
            data,
            timestamp: at,
            phase_name: None,
            phase_index: None,
            phase_total: None,
        }
    }

    /// What the steps have said under a name.
    fn said<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(self.said.get(name)?.clone()).ok()
    }
}

fn status(status: StepStatus) -> EventStatus {
    match status {
        StepStatus::Running => EventStatus::Running,
        StepStatus::Pass => EventStatus::Pass,
        StepStatus::Fail => EventStatus::Fail,
        StepStatus::Skip => EventStatus::Skip,
        StepStatus::Warn => EventStatus::Warn,
    }
}

#[cfg(test)]
mod tests {
    use frames::{Final, FinalStatus, Origin, RunOpened, StepCompleted, StepStarted};
    use kernel::Clock;
    use serde_json::json;
    use test_support::frozen_clock;

    use super::*;

    fn project(bodies: Vec<Body>) -> Vec<Value> {
        let clock = frozen_clock();
        let mut projector = Projector::new(None);
        let origin = Origin::of_run(RunId(uuid::Uuid::from_u128(1)), "c");
        let frames = bodies.into_iter().zip(1..).map(|(body, event_id)| {
            clock.advance(std::time::Duration::from_millis(500));
            origin.frame(event_id, clock.now(), body)
        });
        frames.filter_map(|frame| projector.apply(&frame)).map(|event| json!(event)).collect()
    }

    fn opened() -> Body {
        Body::RunOpened(RunOpened {
            run_id: uuid::Uuid::from_u128(1).to_string(),
            run_kind: "showcase".to_owned(),
            run_kind_version: 1,
            seed: 42,
            spec_digest: "d".to_owned(),
            title: None,
            parent_run_id: None,
            program: None,
            inputs: Vec::new(),
            request_digest: None,
        })
    }

    fn backtest() -> Vec<Body> {
        let started = StepStarted {
            step: "backtest".to_owned(),
            step_index: 7,
            step_total: 11,
            phase: "decision".to_owned(),
            phase_index: 3,
            phase_total: 6,
        };
        let Value::Object(data) = json!({ "winner": "naive", "winner_wape": 12.5 }) else { unreachable!() };
        let completed = StepCompleted {
            step: started.step.clone(),
            step_index: 7,
            step_total: 11,
            phase: started.phase.clone(),
            phase_index: 3,
            phase_total: 6,
            status: StepStatus::Pass,
            detail: "naive wins".to_owned(),
            duration_ms: 12.25,
            data,
        };
        vec![Body::StepStarted(started), Body::StepCompleted(completed)]
    }

    #[test]
    fn the_wire_form_of_events_never_changes() {
        let end = Body::Final(Final::new(FinalStatus::Completed));
        let events = project([vec![opened()], backtest(), vec![end]].concat());
        assert_eq!(
            events[0],
            json!({
                "event_type": "step_start", "step_name": "backtest", "step_index": 7, "total_steps": 11,
                "status": null, "detail": "", "duration_ms": 0.0, "data": {},
                "timestamp": "2026-01-05T08:00:01.000000Z",
                "phase_name": "decision", "phase_index": 3, "phase_total": 6,
            })
        );
        assert_eq!(
            events[1],
            json!({
                "event_type": "step_complete", "step_name": "backtest", "step_index": 7, "total_steps": 11,
                "status": "pass", "detail": "naive wins", "duration_ms": 12.25,
                "data": { "winner": "naive", "winner_wape": 12.5 },
                "timestamp": "2026-01-05T08:00:01.500000Z",
                "phase_name": "decision", "phase_index": 3, "phase_total": 6,
            })
        );
        assert_eq!(
            events[2],
            json!({
                "event_type": "pipeline_complete", "step_name": "summary", "step_index": 11, "total_steps": 11,
                "status": "pass", "detail": "", "duration_ms": 1500.0,
                "data": {
                    "winner_model_type": "naive", "winner_wape": 12.5, "winning_run_id": null, "alias": null,
                    "wall_clock_s": 1.5, "run_config": null,
                    "showcase_run_id": uuid::Uuid::from_u128(1),
                },
                "timestamp": "2026-01-05T08:00:02.000000Z",
                "phase_name": null, "phase_index": null, "phase_total": null,
            })
        );
        assert_eq!(events.len(), 3);
    }

    #[test]
    fn a_cancelled_or_failed_run_ends_red() {
        let cancelled = Body::Final(Final::new(FinalStatus::Cancelled));
        let events = project(vec![opened(), cancelled]);
        assert_eq!(events[0]["status"], "fail");
        let refused = json!(refused("busy", frozen_clock().now()));
        assert_eq!(refused["event_type"], "error");
        assert_eq!((&refused["step_index"], &refused["total_steps"]), (&json!(0), &json!(0)));
    }
}
