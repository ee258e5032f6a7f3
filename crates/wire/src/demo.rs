//! The showcase: its presets, its start request, its events and what it comes to.

mod event;
mod found;
mod preset;
mod start;

pub use event::{DemoResult, EventStatus, EventType, RunConfig, StepEvent, Summary, Verdict};
pub use found::{FeatureSet, Grain, Registered, Reset, Seeded, Trained, Verified, Winner};
pub use preset::{PlanPhase, PlanStep, Preset, PresetCard};
pub use start::{Backtest, Metric, Preservation, StartRequest, UserScope};
