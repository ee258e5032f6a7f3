//! A run's frames are the same bytes whichever way they are read, live or later, for every kind of run.

use std::collections::BTreeSet;

use kernel::{Digest, Hasher, RunId};
use serde_json::value::RawValue;
use test_support::on_both_databases;

use crate::app::App;
use crate::live::{connect, texts};
use crate::replay::events;
use crate::script::Script;
use crate::showcase;
use crate::{fleet_forecast, lab, selection};

#[derive(serde::Deserialize)]
struct Page {
    items: Vec<Box<RawValue>>,
    next_cursor: Option<String>,
}

fn digest<'a>(frames: impl IntoIterator<Item = &'a str>) -> Digest {
    let lines = frames.into_iter().fold(Hasher::default(), |hasher, frame| hasher.chain(frame).chain("\n"));
    lines.finish()
}

async fn paged(app: &App, run: RunId) -> Digest {
    let base = format!("/api/runs/{run}/replay/events?limit=7");
    let mut path = base.clone();
    let mut frames: Vec<Box<RawValue>> = Vec::new();
    loop {
        let page: Page = serde_json::from_slice(&app.get(&path).await.body).unwrap();
        frames.extend(page.items);
        let Some(cursor) = page.next_cursor else { break };
        path = format!("{base}&cursor={cursor}");
    }
    digest(frames.iter().map(|frame| frame.get()))
}

async fn streamed(app: &App, run: RunId) -> Digest {
    let answer = app.get(&format!("/api/runs/{run}/replay/stream")).await;
    digest(events(answer.text()).iter().map(|(_, frame)| frame.as_str()))
}

on_both_databases! {
    async fn every_way_of_reading_gives_the_same_bytes_for_every_kind_of_run(db: TestDb) {
        let app = App::new(db).await;
        let address = app.serve().await;
        showcase::seeded(&app).await;
        let compared = selection::compared(&app).await;
        fleet_forecast::forecast(&app, &compared["dataset_id"]).await;
        lab::judged(&app).await;
        // This one is watched while it goes on.
        let live = app.script(Script::Gated).await;
        let watching = tokio::spawn(texts(connect(address, &format!("/api/runs/{live}/stream")).await));
        app.go.add_permits(1);
        let (seen_live, _) = watching.await.unwrap();
        assert_eq!(digest(seen_live.iter().map(String::as_str)), paged(&app, live).await);

        let page = app.get("/api/runs?limit=200").await.ok();
        let mut kinds = BTreeSet::new();
        for item in page["items"].as_array().unwrap() {
            let run: RunId = item["run_id"].as_str().unwrap().parse().unwrap();
            kinds.insert(item["kind"].as_str().unwrap().to_owned());
            let (by_socket, _) = texts(connect(address, &format!("/api/runs/{run}/stream")).await).await;
            let by_socket = digest(by_socket.iter().map(String::as_str));
            assert_eq!((paged(&app, run).await, streamed(&app, run).await), (by_socket, by_socket), "{item}");
            assert_eq!(app.get(&format!("/api/runs/{run}/verify")).await.ok()["verified"], true);
        }
        assert_eq!(kinds.into_iter().collect::<Vec<_>>(), [
            "batch", "comparison", "evaluation", "forecast", "game_outcome", "market_share", "script", "showcase",
            "simulation", "strategy_generation", "training"
        ]);
        app.close().await;
    }
}
