//! What every kind of run tells in the same frames: that a phase begins, how far it has come, and what it all means.

use frames::{Item, MessageDelta, OutputItemAdded, OutputItemDone, PhaseStarted, Progress};

use crate::context::{RunContext, Stop};

/// A phase begins.
pub async fn phase(cx: &RunContext, phase: &str, index: u32, total: u32) -> Result<(), Stop> {
    let started =
        PhaseStarted { phase: phase.to_owned(), phase_index: index, phase_total: total, title: None };
    cx.emit(started).await
}

/// How far a phase has come.
pub async fn progress(cx: &RunContext, phase: &str, done: usize, total: usize) -> Result<(), Stop> {
    let progress = Progress {
        phase: phase.to_owned(),
        fraction: done as f64 / total.max(1) as f64,
        done: Some(done as u64),
        total: Some(total as u64),
        message: None,
    };
    cx.emit(progress).await
}

/// A message to people, in paragraphs, after this many items of the run.
pub async fn message(
    cx: &RunContext,
    id: &str,
    output_index: usize,
    paragraphs: &[String],
) -> Result<(), Stop> {
    let item = Item::new(output_index as u64, id);
    message_begins(cx, &item).await?;
    for (at, paragraph) in paragraphs.iter().enumerate() {
        let delta = if at == 0 { paragraph.clone() } else { format!("\n\n{paragraph}") };
        cx.emit(MessageDelta { item: item.clone(), content_index: 0, delta }).await?;
    }
    message_ends(cx, item).await
}

/// A message begins; its parts follow.
pub async fn message_begins(cx: &RunContext, item: &Item) -> Result<(), Stop> {
    let added = OutputItemAdded {
        item: item.clone(),
        item_type: MESSAGE.to_owned(),
        role: Some("assistant".to_owned()),
        status: Some("in_progress".to_owned()),
    };
    cx.emit(added).await
}

/// A message has all its parts.
pub async fn message_ends(cx: &RunContext, item: Item) -> Result<(), Stop> {
    let done = OutputItemDone {
        item,
        item_type: MESSAGE.to_owned(),
        role: Some("assistant".to_owned()),
        status: Some("completed".to_owned()),
    };
    cx.emit(done).await
}

const MESSAGE: &str = "message";
