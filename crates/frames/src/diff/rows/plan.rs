//! Attempts, phases with their steps, and questions.

use std::collections::HashMap;

use super::super::outline::Places;
use super::super::row::{Row, RowKind};
use super::{Clock, Object, list, number, object, take, text};

pub(super) fn attempts(shown: &mut Object, places: &Places, clock: Clock) -> Vec<Row> {
    let told = |(n, mut attempt): (usize, Object)| {
        let seq = places.attempts.get(n).map(|(_, seq)| *seq);
        let label = number(&attempt, "attempt").unwrap_or_default().to_string();
        let mut row = Row::new(RowKind::Attempt, &label, format!("attempts[{n}]"), seq);
        row.take_id(&mut attempt, "worker");
        row.time("at_ms", clock.since_start(attempt.get("started_at")));
        row
    };
    list(shown, "attempts").enumerate().map(told).collect()
}

pub(super) fn phases(shown: &mut Object, places: &Places, clock: Clock) -> Vec<Row> {
    list(shown, "phases").enumerate().map(|(n, told)| phase(n, told, places, clock)).collect()
}

fn phase(n: usize, mut told: Object, places: &Places, clock: Clock) -> Row {
    let (name, attempt) = (text(&told, "phase").to_owned(), number(&told, "attempt"));
    let path = format!("phases[{n}]");
    let mut row = Row::new(RowKind::Phase, &name, path.clone(), places.of_phase(attempt, &name));
    row.take_all(&mut told, &["title", "phase_index", "phase_total", "attempt"]);
    row.time("at_ms", clock.since_start(told.get("started_at")));
    let mut progress = object(take(&mut told, "progress"));
    for name in ["fraction", "done", "total", "message"] {
        row.say(&format!("progress.{name}"), take(&mut progress, name));
    }
    let mut seen: HashMap<(String, u64), usize> = HashMap::new();
    for (k, step_told) in list(&mut told, "steps").enumerate() {
        let (step_name, index) = (text(&step_told, "step"), number(&step_told, "step_index").unwrap_or(0));
        let nth = seen.entry((step_name.to_owned(), index)).or_default();
        let seq = places.of_steps(attempt, &name, step_name, index).get(*nth).copied();
        *nth += 1;
        row.below.push(step(step_told, format!("{path}.steps[{k}]"), seq, clock));
    }
    row
}

fn step(mut told: Object, path: String, seq: Option<u64>, clock: Clock) -> Row {
    let mut row = Row::new(RowKind::Step, text(&told, "step"), path, seq);
    row.take_all(&mut told, &["status", "detail", "data", "step_index", "step_total"]);
    row.time("at_ms", clock.since_start(told.get("started_at")));
    row.time("duration_ms", told.remove("duration_ms"));
    row
}

pub(super) fn approvals(shown: &mut Object, places: &Places, clock: Clock) -> Vec<Row> {
    let told = |(n, mut asked): (usize, Object)| {
        let seq = places.of_approval(text(&asked, "approval_id"));
        let mut row = Row::new(RowKind::Approval, text(&asked, "title"), format!("approvals[{n}]"), seq);
        row.take_all(&mut asked, &["detail", "decision", "reason"]);
        row.take_id(&mut asked, "approval_id");
        row.time("asked_ms", clock.since_start(asked.get("requested_at")));
        row.time("decided_ms", Clock::between(asked.get("requested_at"), asked.get("decided_at")));
        row
    };
    list(shown, "approvals").enumerate().map(told).collect()
}
