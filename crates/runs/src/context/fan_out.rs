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
        Ok(Some(output)) => ShardEvent::Done { index, output },
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
) -> Result<Option<S::Output>, DispatchError> {
    let shape = |error: serde_json::Error| DispatchError::Shape(error.to_string());
    let input = canonical_json(&input).map_err(shape)?;
    let address = Address::of::<S>(&input);
    let stored = shard_result::load(cx, address.key).await;
    let output = match (results, stored) {
        (Results::Reuse, Some(stored)) => Some(stored),
        // What is stored already is given even so: it costs no work.
        _ if cx.cancel.is_cancelled() => None,
        (_, stored) => {
            let shard = Shard { key: address.key, kind: S::NAME, input: input.into() };
            let output = cx.dispatch.run(shard, on_start, cx.cancel.clone()).await?;
            if let Some(output) = &output {
                keep(cx, &address, stored.as_deref(), output).await?;
            }
            output
        }
    };
    output.map(|output| serde_json::from_str(&output).map_err(shape)).transpose()
}

/// Stores a new output, or compares it with the one that is stored.
async fn keep(
    cx: &Inner,
    address: &Address,
    stored: Option<&str>,
    output: &str,
) -> Result<(), DispatchError> {
    match stored {
        None => {
            shard_result::save(cx, address, output).await;
            Ok(())
        }
        Some(stored) if stored == output => Ok(()),
        Some(stored) => Err(DispatchError::Differs {
            key: address.key,
            stored: Digest::of(stored),
            computed: Digest::of(output),
        }),
    }
}
