//! Computing shards.

use std::sync::Arc;

use futures::stream::{self, StreamExt};
use kernel::{Digest, canonical_json};
use tokio::sync::mpsc;

use super::{Inner, RunContext, Stop};
use crate::dispatch::{DispatchError, Shard};
use crate::shard::{Address, Results, ShardEvent, ShardKind};
use crate::shard_result;

impl RunContext {
    /// Computes shards, in parallel as far as the pool reaches; events come in the order they happen. Once the receiver
    /// is gone none is begun any more, and none of them asks the database for anything.
    pub fn fan_out<S: ShardKind>(
        &self,
        inputs: Vec<S::Input>,
        results: Results,
    ) -> mpsc::Receiver<ShardEvent<S::Output>> {
        let (events, receiver) = mpsc::channel(2 * inputs.len().max(1));
        let cx = Arc::clone(&self.0);
        let results = if cx.is_reproduction { Results::Ignore } else { results };
        // Enough to keep the pool busy while results are stored; more would only queue for the database.
        let at_once = 2 * cx.compute.threads();
        // Waited for by the engine's shutdown, or shards of a run that was given up would meet a closed database.
        let tasks = cx.engine.tasks().clone();
        tasks.spawn(async move {
            let shards = stream::iter(inputs.into_iter().enumerate())
                .for_each_concurrent(at_once, |(index, input)| {
                    run_shard::<S>(Arc::clone(&cx), index, input, results, events.clone())
                });
            tokio::select! {
                biased;
                () = events.closed() => {}
                () = shards => {}
            }
        });
        receiver
    }
}

async fn run_shard<S: ShardKind>(
    cx: Arc<Inner>,
    index: usize,
    input: S::Input,
    results: Results,
    events: mpsc::Sender<ShardEvent<S::Output>>,
) {
    let started = events.clone();
    let on_start = Box::new(move || {
        // The channel holds two events a shard, so it is never full.
        let _ = started.try_send(ShardEvent::Started { index });
    });
    let event = match shard_output::<S>(&cx, input, results, on_start).await {
        Ok(Some((output, digest))) => ShardEvent::Done { index, output, digest },
        Ok(None) => ShardEvent::Stopped { index, reason: Stop::Cancelled },
        Err(error) => ShardEvent::Failed { index, message: error.to_string() },
    };
    // A run that no longer listens has ended, or has been given up.
    let _ = events.send(event).await;
}

async fn shard_output<S: ShardKind>(
    cx: &Inner,
    input: S::Input,
    results: Results,
    on_start: Box<dyn FnOnce() + Send>,
) -> Result<Option<(S::Output, Digest)>, DispatchError> {
    let shape = |error: serde_json::Error| DispatchError::Shape(error.to_string());
    let text = canonical_json(&input).map_err(shape)?;
    let address = Address::of::<S>(&text);
    let stored = match results {
        Results::Ignore => None,
        Results::Reuse | Results::Recompute => shard_result::load(cx, address.key).await,
    };
    if let (Results::Reuse, Some(stored)) = (results, &stored) {
        match serde_json::from_str(stored) {
            Ok(output) if S::fits(&input, &output) => return Ok(Some((output, Digest::of(stored)))),
            _ => {
                tracing::error!(shard.key = %address.key, "a stored shard result is none of its input; computing it again");
            }
        }
    }
    // What is stored already is given even so: it costs no work.
    if cx.cancel.is_cancelled() {
        return Ok(None);
    }
    let shard = Shard { key: address.key, kind: S::NAME, input: text.into() };
    let Some(output) = cx.dispatch.run(shard, on_start, cx.cancel.clone()).await? else { return Ok(None) };
    match (results, stored) {
        (Results::Recompute, Some(stored)) if stored != output => {
            let (stored, computed) = (Digest::of(&stored), Digest::of(&output));
            return Err(DispatchError::Differs { key: address.key, stored, computed });
        }
        (Results::Recompute, Some(_)) => {}
        _ => shard_result::save(cx, &address, &output).await,
    }
    let digest = Digest::of(&output);
    Ok(Some((serde_json::from_str(&output).map_err(shape)?, digest)))
}
