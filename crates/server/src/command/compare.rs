//! `assay compare run`: a file of series in, a ranking out.

use std::io::Write;
use std::path::Path;

use bytes::Bytes;
use client::{Client, Import};
use kernel::RunId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{CLOSING, Followed, follow, open, print_json};
use crate::cli::{CompareRun, Place};
use crate::exit::{Exit, Failed};
use crate::progress::Bar;
use crate::table::{self, Align};

pub(crate) async fn run(place: &Place, options: &CompareRun) -> anyhow::Result<Exit> {
    let file = read(&options.file)?;
    let system = open(place).await?;
    system.engine.start();
    let ended = compare(&system.client, options, file).await;
    system.close(CLOSING).await?;
    ended
}

fn read(file: &Path) -> anyhow::Result<Bytes> {
    std::fs::read(file).map(Bytes::from).map_err(|error| {
        let exit = if error.kind() == std::io::ErrorKind::NotFound { Exit::NotFound } else { Exit::Usage };
        Failed::new(exit, format!("cannot read {}: {error}", file.display())).into()
    })
}

#[derive(Debug, Deserialize)]
struct Accepted {
    selection_id: RunId,
}

async fn compare(client: &Client, options: &CompareRun, file: Bytes) -> anyhow::Result<Exit> {
    let name = options.file.file_name().map_or_else(|| "series".into(), |name| name.to_string_lossy());
    let import = Import {
        name: &name,
        media_type: media_type(&options.file),
        frequency: options.frequency.as_deref(),
        start: options.start.as_deref(),
    };
    let dataset = client.import_dataset(&import, file).await?;
    let body = request(client, options, dataset.dataset_id.to_string()).await?;
    let accepted: Accepted = client.post("/api/model-selection/runs", &body).await?;
    let id = accepted.selection_id;
    let bar = Bar::new();
    let followed = follow(client, id, |frame| bar.show(frame)).await?;
    bar.clear();
    let ranking: Ranking = client.get(&format!("/api/model-selection/{id}/ranking")).await?;
    if options.output.json {
        print_json(&ranking)?;
    } else {
        print(&ranking, id)?;
    }
    Ok(match (followed, ranking.status.as_str()) {
        (Followed::Interrupted, _) => Exit::Interrupted,
        (Followed::Ended, "completed" | "partial") => Exit::Ok,
        (Followed::Ended, _) => Exit::RunFailed,
    })
}

/// What the file is by its name; everything unknown is CSV, whose reader says best what is wrong.
fn media_type(file: &Path) -> &'static str {
    let extension = file.extension().unwrap_or_default().to_ascii_lowercase();
    match extension.to_str() {
        Some("parquet") => "application/vnd.apache.parquet",
        Some("arrow" | "feather" | "ipc" | "arrows") => "application/vnd.apache.arrow.file",
        _ => "text/csv",
    }
}

async fn request(client: &Client, options: &CompareRun, dataset_id: String) -> anyhow::Result<Value> {
    let catalog: Catalog = client.get("/api/model-selection/models").await?;
    let models = match options.models.as_slice() {
        [] => catalog.default_candidate_model_types,
        [all] if all == "all" => {
            catalog.models.into_iter().filter(|model| model.available).map(|model| model.model_type).collect()
        }
        named => named.to_vec(),
    };
    let candidates: Vec<Value> =
        models.iter().map(|model| json!({ "model_type": model, "params": {} })).collect();
    let mut body = json!({
        "dataset_id": dataset_id,
        "forecast_horizon": options.horizon,
        "ranking_metric": options.metric,
        "candidate_models": candidates,
    });
    if let Some(season) = options.season {
        body["season_length"] = json!(season);
    }
    if options.race {
        body["racing"] = json!("costly");
    }
    if let Some(frame) = options.frame {
        body["feature_frame_version"] = json!(frame);
    }
    if !options.feature_groups.is_empty() {
        body["feature_groups"] = json!(options.feature_groups);
    }
    if let Some(n_splits) = options.splits {
        body["split_config"] = json!({ "n_splits": n_splits, "horizon": options.horizon });
    }
    Ok(body)
}

#[derive(Debug, Deserialize)]
struct Catalog {
    models: Vec<Model>,
    default_candidate_model_types: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Model {
    model_type: String,
    available: bool,
}

/// The ranking as the API states it; what is not printed is kept for `--json`.
#[derive(Debug, Serialize, Deserialize)]
struct Ranking {
    status: String,
    metric: String,
    entries: Vec<Entry>,
    confidence: Option<String>,
    reasons: Vec<String>,
    notes: Vec<String>,
    series: Vec<SeriesRanking>,
    excluded_series: Vec<Excluded>,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

#[derive(Debug, Serialize, Deserialize)]
struct SeriesRanking {
    name: String,
    entries: Vec<Entry>,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Excluded {
    name: String,
    reason: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    rank: Option<u64>,
    model_type: String,
    exclusion_reason: Option<String>,
    metrics: Option<Metrics>,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Metrics {
    wape: Option<f64>,
    smape: Option<f64>,
    mae: Option<f64>,
    rmse: Option<f64>,
    bias: Option<f64>,
    mase: Option<f64>,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

fn print(ranking: &Ranking, id: RunId) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for series in &ranking.series {
        writeln!(out, "{}", series.name)?;
        print_entries(&mut out, &series.entries)?;
        writeln!(out)?;
    }
    for excluded in &ranking.excluded_series {
        writeln!(out, "{} was left out: {}\n", excluded.name, excluded.reason)?;
    }
    let series = ranking.series.len();
    writeln!(out, "overall, {series} series by {}", ranking.metric)?;
    print_entries(&mut out, &ranking.entries)?;
    if let Some(confidence) = &ranking.confidence {
        writeln!(out, "confidence {confidence}: {}", ranking.reasons.join("; "))?;
    }
    for note in &ranking.notes {
        writeln!(out, "note: {note}")?;
    }
    writeln!(out, "run {id}")?;
    Ok(())
}

fn print_entries(out: &mut impl Write, entries: &[Entry]) -> anyhow::Result<()> {
    let columns = [
        ("#", Align::Right),
        ("model", Align::Left),
        ("WAPE %", Align::Right),
        ("sMAPE %", Align::Right),
        ("MAE", Align::Right),
        ("RMSE", Align::Right),
        ("bias", Align::Right),
        ("MASE", Align::Right),
        ("", Align::Left),
    ];
    let rows: Vec<Vec<String>> = entries.iter().map(cells).collect();
    Ok(table::print(out, &columns, &rows)?)
}

fn cells(entry: &Entry) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
    let metrics = entry.metrics.as_ref();
    let mut cells =
        vec![entry.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string()), entry.model_type.clone()];
    cells.extend([
        number(metrics.and_then(|m| m.wape)),
        number(metrics.and_then(|m| m.smape)),
        number(metrics.and_then(|m| m.mae)),
        number(metrics.and_then(|m| m.rmse)),
        number(metrics.and_then(|m| m.bias)),
        number(metrics.and_then(|m| m.mase)),
        entry.exclusion_reason.clone().unwrap_or_default(),
    ]);
    cells
}
