//! The tables of a comparison: as other programs read them, and as the pages show them.

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, UInt32Type};
use arrow_schema::DataType;
use bytes::Bytes;
use kernel::{Class, Fault, RunId};
use model_selection::ReadError;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::json;
use test_support::on_both_databases;
use wire::model_selection::{ComparisonRequest, SeriesRanking};

use crate::support::{Fixture, TENANT, candidate, monthly_csv, monthly_rows, on_dataset};

const MODELS: [&str; 3] = ["naive", "seasonal_naive", "moving_average"];

async fn on_two(fixture: &Fixture) -> ComparisonRequest {
    let dataset = fixture.import(&monthly_csv()).await;
    let mut request = on_dataset(dataset, 12, &MODELS);
    // One that fails, so that an excluded one is in the tables.
    request.candidate_models.push(candidate("moving_average", json!({ "window_size": 0 })));
    request
}

async fn compared(fixture: &Fixture) -> RunId {
    let request = on_two(fixture).await;
    fixture.compare(request).await.selection_id
}

/// Twenty-three series, of which two have an A in their name.
async fn many(fixture: &Fixture) -> RunId {
    let name = |nth: u32| if nth.is_multiple_of(15) { format!("Äpfel{nth}") } else { format!("s{nth:02}") };
    let rows: Vec<String> = (1..=23).map(|nth| monthly_rows(&name(nth), 60, f64::from(nth))).collect();
    let dataset = fixture.import(&format!("series,date,value\n{}", rows.concat())).await;
    fixture.compare(on_dataset(dataset, 6, &MODELS)).await.selection_id
}

fn names(series: &[SeriesRanking]) -> Vec<&str> {
    series.iter().map(|one| one.name.as_str()).collect()
}

/// The columns and the rows, as any program reads them.
fn read(bytes: &Bytes) -> (Vec<(String, String)>, RecordBatch) {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes.clone()).unwrap();
    let schema = builder.schema().clone();
    let batches: Vec<RecordBatch> = builder.build().unwrap().map(Result::unwrap).collect();
    let [batch] = batches.as_slice() else { panic!("{} batches", batches.len()) };
    let word = |of: &DataType| match of {
        DataType::Utf8 => "text".to_owned(),
        DataType::UInt32 => "count".to_owned(),
        DataType::Float64 => "number".to_owned(),
        DataType::Date32 => "date".to_owned(),
        DataType::List(item) => format!("list of {}", item.data_type()),
        other => other.to_string(),
    };
    let column = |field: &arrow_schema::Field| (field.name().clone(), word(field.data_type()));
    (schema.fields().iter().map(|field| column(field)).collect(), batch.clone())
}

fn stated(columns: &[(&str, &[&str])]) -> Vec<(String, String)> {
    let each = columns.iter().flat_map(|(kind, names)| names.iter().map(move |name| (*name, *kind)));
    each.map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect()
}

const METRICS: [&str; 9] =
    ["rel_mae", "wape", "smape", "mae", "rmse", "bias", "bias_percent", "mase", "rmsse"];

on_both_databases! {
    async fn pages_have_every_series_once_in_order_and_the_search_finds_names_in_either_case(db: TestDb) {
        let fixture = Fixture::started(db);
        let id = many(&fixture).await;
        let all = fixture.ranked_series(id, 200, None).await;
        assert_eq!(all.len(), 23);
        assert_eq!((all[0].name.as_str(), all[14].name.as_str(), all[22].name.as_str()), ("s01", "Äpfel15", "s23"));
        for limit in [1, 5, 23] {
            assert_eq!(fixture.ranked_series(id, limit, None).await, all, "pages of {limit}");
        }
        assert_eq!(names(&fixture.ranked_series(id, 1, Some("äPF")).await), ["Äpfel15"]);
        assert_eq!(names(&fixture.ranked_series(id, 2, Some("S1")).await).len(), 9);
        assert!(fixture.ranked_series(id, 2, Some("z")).await.is_empty());
        let past = fixture.selector.reader().comparison_series(TENANT, id, 1 << 40, 5, None).await.unwrap();
        assert!(past.items.is_empty() && past.next.is_none());
    }

    async fn the_table_of_ranks_is_what_the_pages_show(db: TestDb) {
        let fixture = Fixture::started(db);
        let id = compared(&fixture).await;
        let (columns, rows) = read(&fixture.bytes(id, "ranks").await);
        let scores = ["coverage_50", "interval_score_50", "coverage_80", "interval_score_80", "coverage_95", "interval_score_95"];
        assert_eq!(columns, stated(&[
            ("text", &["unique_id"]), ("count", &["ordinal"]), ("text", &["key", "model_type", "params"]),
            ("count", &["rank"]), ("text", &["exclusion_reason"]), ("number", &METRICS), ("count", &["scale_rows", "points"]),
            ("text", &["interval_kind", "interval_reason"]), ("number", &scores),
            ("number", &["interval_score", "scaled_pinball"]), ("count", &["interval_points"]),
        ]));
        let series = fixture.ranked_series(id, 50, None).await;
        let entries: Vec<_> = series.iter().flat_map(|one| one.standings.entries.iter().map(move |entry| (one, entry))).collect();
        assert_eq!((rows.num_rows(), entries.len()), (8, 8));
        let text = |name: &str| rows.column_by_name(name).unwrap().as_string::<i32>();
        let number = |name: &str| rows.column_by_name(name).unwrap().as_primitive::<Float64Type>();
        let count = |name: &str| rows.column_by_name(name).unwrap().as_primitive::<UInt32Type>();
        for (at, (one, entry)) in entries.into_iter().enumerate() {
            assert_eq!((text("unique_id").value(at), text("key").value(at)), (one.name.as_str(), entry.key.as_str()));
            assert_eq!(entry.candidate_id, model_selection::candidate_id(id, count("ordinal").value(at) as usize).to_string());
            assert_eq!(serde_json::from_str::<serde_json::Value>(text("params").value(at)).unwrap(), entry.params);
            assert_eq!(count("rank").iter().nth(at).unwrap().map(|rank| rank as usize), entry.rank);
            let metrics = entry.metrics;
            assert_eq!(number("wape").iter().nth(at).unwrap(), metrics.and_then(|metrics| metrics.wape));
            assert_eq!(number("rel_mae").iter().nth(at).unwrap(), metrics.and_then(|metrics| metrics.rel_mae));
            assert_eq!(number("rmsse").iter().nth(at).unwrap(), metrics.and_then(|metrics| metrics.rmsse));
            assert_eq!(count("points").iter().nth(at).unwrap().map(|n| n as usize), metrics.map(|metrics| metrics.sample_size));
            let eighty = entry.uncertainty.as_ref().map(|all| all.coverage[1].observed);
            assert_eq!(number("coverage_80").iter().nth(at).unwrap(), eighty);
            assert_eq!((entry.included, entry.exclusion_reason.is_none()), (entry.rank.is_some(), entry.included));
        }
        // What stood in both stands in both still: of the overall ranking and of a series.
        assert!(series[0].standings.winner.as_ref().unwrap().uncertainty.is_some());
        assert_eq!(series[0].standings.entries[3].metrics, None);
    }

    async fn the_table_of_series_is_what_the_pages_show(db: TestDb) {
        let fixture = Fixture::started(db);
        let id = compared(&fixture).await;
        let (columns, rows) = read(&fixture.bytes(id, "series").await);
        assert_eq!(columns, stated(&[
            ("text", &["unique_id", "frequency"]), ("count", &["rows"]),
            ("text", &["sufficiency", "verdict", "statement", "confidence"]),
            ("list of Utf8", &["reasons", "tied", "warnings"]), ("count", &["folds_at", "fold_rows"]),
        ]));
        let series = fixture.ranked_series(id, 50, None).await;
        let text = |name: &str| rows.column_by_name(name).unwrap().as_string::<i32>();
        assert_eq!(rows.num_rows(), series.len());
        for (at, one) in series.iter().enumerate() {
            assert_eq!((text("unique_id").value(at), text("statement").value(at)), (one.name.as_str(), one.statement.as_str()));
            assert_eq!((text("verdict").value(at), text("frequency").value(at)), (one.verdict.as_str(), "monthly"));
        }
    }

    async fn the_table_of_folds_is_what_the_charts_show(db: TestDb) {
        let fixture = Fixture::started(db);
        let id = compared(&fixture).await;
        let (columns, rows) = read(&fixture.bytes(id, "folds").await);
        assert_eq!(columns, stated(&[
            ("text", &["unique_id"]), ("count", &["ordinal"]), ("text", &["model_type"]), ("count", &["fold"]),
            ("date", &["train_start", "train_end"]), ("count", &["train_rows"]), ("list of Date32", &["ds"]),
            ("list of Float64", &["y", "y_hat"]), ("number", &METRICS[1..]), ("count", &["points"]), ("list of Utf8", &["missing"]),
        ]));
        let charts = fixture.selector.reader().comparison_charts(TENANT, id, Some("steel")).await.unwrap();
        assert_eq!(charts.ranking, fixture.ranked_series(id, 50, Some("steel")).await[0]);
        assert_eq!(charts.charts.wape_by_model.keys().collect::<Vec<_>>(), ["moving_average #3", "naive", "seasonal_naive"]);
        let winner = charts.ranking.standings.winner.unwrap();
        let of = |at: usize| {
            let name = rows.column_by_name("unique_id").unwrap().as_string::<i32>().value(at);
            let ordinal = rows.column_by_name("ordinal").unwrap().as_primitive::<UInt32Type>().value(at);
            name == "steel" && ordinal as usize == winner.ordinal
        };
        let own: Vec<usize> = (0..rows.num_rows()).filter(|&at| of(at)).collect();
        let folds = &charts.charts.winner_actual_vs_predicted;
        assert_eq!(own.len(), folds.len());
        for (at, fold) in own.into_iter().zip(folds) {
            let list = |name: &str| rows.column_by_name(name).unwrap().as_list::<i32>().value(at);
            let (days, actuals, points) = (list("ds"), list("y"), list("y_hat"));
            let days = days.as_primitive::<Date32Type>().values().iter().copied();
            assert!(days.eq(fold.dates.iter().map(|date| date.to_epoch_days())));
            assert!(actuals.as_primitive::<Float64Type>().iter().eq(fold.actuals.iter().copied()));
            assert_eq!(points.as_primitive::<Float64Type>().values().as_ref(), fold.predictions);
            let wape = rows.column_by_name("wape").unwrap().as_primitive::<Float64Type>().value(at);
            assert_eq!(charts.charts.fold_stability[&winner.key][fold.fold_index], Some(wape));
        }
        let first = fixture.selector.reader().comparison_charts(TENANT, id, None).await.unwrap();
        assert_eq!(first.ranking.name, "beer");
    }

    async fn what_is_not_there_is_said(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let id = fixture.submit(on_two(&fixture).await).await;
        let reader = fixture.selector.reader();
        let early = reader.comparison_series(TENANT, id, 0, 5, None).await.unwrap_err();
        assert_eq!((early.class(), early.code()), (Class::Conflict, "RUN_WITHOUT_RESULT"));
        let early = reader.comparison_charts(TENANT, id, None).await.unwrap_err();
        assert!(matches!(early, ReadError::NoResult { .. }), "{early}");
        fixture.engine.start();
        fixture.settled(id).await;
        let unknown = reader.comparison_charts(TENANT, id, Some("moon")).await.unwrap_err();
        assert_eq!((unknown.class(), unknown.to_string()), (Class::NotFound, format!("comparison {id} ranks no series `moon`")));
    }

    async fn a_damaged_table_or_none_is_an_error_and_the_others_are_read(db: TestDb) {
        let fixture = Fixture::started(db);
        let id = compared(&fixture).await;
        let reader = fixture.selector.reader();
        let digest = async |name: &str| fixture.digests(id).await.into_iter().find(|one| one.0 == name).unwrap().1;
        let path = |digest: kernel::Digest| {
            let name = digest.to_string();
            fixture.db.dir().join("artifacts").join(&name[..2]).join(&name)
        };
        let folds = path(digest("folds").await);
        let mut bytes = std::fs::read(&folds).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&folds, bytes).unwrap();
        let damaged = reader.comparison_charts(TENANT, id, Some("beer")).await.unwrap_err();
        assert!(matches!(damaged, ReadError::Store(_)), "{damaged}");
        assert_eq!(reader.comparison_series(TENANT, id, 0, 5, None).await.unwrap().items.len(), 2);
        std::fs::remove_file(path(digest("ranks").await)).unwrap();
        let gone = reader.comparison_series(TENANT, id, 0, 5, None).await.unwrap_err();
        assert_eq!(gone.code(), "ARTIFACT_BYTES_MISSING");
        assert!(reader.comparison_ranking(TENANT, id).await.unwrap().winner.is_some());
    }

    async fn a_comparison_of_a_version_with_other_artifacts_is_refused_by_name(db: TestDb) {
        let fixture = Fixture::started(db);
        let id = compared(&fixture).await;
        // As it was when folds were lines of JSON, and series were in the ranking.
        let lines = fixture.store.put(Bytes::from_static(b"{\"series\":\"beer\",\"fold_index\":0}\n")).await.unwrap();
        fixture.disarm("run_artifact").await;
        let sql = "UPDATE run_artifact SET digest = $1, size_bytes = $2 WHERE run_id = $3 AND name = 'folds'";
        let size = i64::try_from(lines.size_bytes).unwrap();
        fixture.execute(sql, vec![lines.digest.as_bytes().to_vec().into(), size.into(), id.into()]).await;
        let reader = fixture.selector.reader();
        let error = reader.comparison_charts(TENANT, id, None).await.unwrap_err();
        assert_eq!(error.to_string(), format!("the folds of comparison {id} is not readable by this version"));
        fixture.execute("DELETE FROM run_artifact WHERE run_id = $1 AND name = 'series'", vec![id.into()]).await;
        let error = reader.comparison_series(TENANT, id, 0, 5, None).await.unwrap_err();
        assert!(matches!(&error, ReadError::Unreadable { what, .. } if what == "series"), "{error}");
    }
}
