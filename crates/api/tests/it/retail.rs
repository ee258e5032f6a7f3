//! Generated and imported data.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};
use test_support::on_both_databases;

use crate::app::{Answer, App, request};

pub(crate) async fn import(app: &App, name: &str, csv: impl Into<Body>) -> Answer {
    let request =
        request(Method::POST, &format!("/api/datasets?name={name}")).header(header::CONTENT_TYPE, "text/csv");
    app.send(request.body(csv.into()).unwrap()).await
}

on_both_databases! {
    async fn generated_data_are_counted_listed_and_deleted(db: TestDb) {
        let app = App::new(db).await;
        let generated = app.post("/api/seeder/generate", &json!({ "stores": 2, "products": 3 })).await;
        assert_eq!(generated.status, 201);
        let created = &generated.ok()["records_created"];
        assert_eq!((&created["stores"], &created["products"]), (&json!(2), &json!(3)));
        let status = app.get("/api/seeder/status").await.ok();
        assert_eq!((&status["stores"], &status["sales"]), (&json!(2), &created["sales"]));
        let page = app.get("/api/dimensions/products?limit=2").await.ok();
        assert_eq!(page["items"].as_array().unwrap().len(), 2);
        let cursor = page["next_cursor"].as_str().unwrap();
        let rest = app.get(&format!("/api/dimensions/products?limit=2&cursor={cursor}")).await.ok();
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Value::Null));
        // A cursor of one list is not one of another.
        assert_eq!(app.get(&format!("/api/dimensions/stores?cursor={cursor}")).await.problem().1, "INVALID_CURSOR");
        let body = request(Method::DELETE, "/api/seeder/data").header(header::CONTENT_TYPE, "application/json");
        let deleted = app.send(body.body(json!({ "scope": "all" }).to_string().into()).unwrap()).await.ok();
        assert_eq!(deleted["records_deleted"]["stores"], 2);
        assert_eq!(app.get("/api/seeder/status").await.ok()["stores"], 0);
        app.close().await;
    }

    async fn an_import_is_all_or_nothing_and_names_the_line(db: TestDb) {
        let app = App::new(db).await;
        let good = import(&app, "good", "series,date,value\na,2024-01-01,1\na,2024-01-02,2.5\n").await;
        assert_eq!(good.status, 201);
        let id = good.ok()["dataset_id"].as_str().unwrap().to_owned();
        assert_eq!(good.headers[header::LOCATION], format!("/api/datasets/{id}"));
        assert_eq!(app.get(&format!("/api/datasets/{id}")).await.ok()["series_count"], 1);
        assert_eq!(app.get(&format!("/api/datasets/{id}/series")).await.ok()["items"][0]["points"], 2);
        let again = import(&app, "good", "series,date,value\na,2024-01-01,1\na,2024-01-02,2.5\n").await;
        assert_eq!(again.ok()["dataset_id"], id);
        for csv in ["", "date,value\n2024-01-01,one\n", "date,value\n2024-01-01,1\n2024-01-01,2\n", "a,b\n1,2\n"] {
            let (status, _, fields) = import(&app, "bad", csv).await.problem();
            assert!(status == 422 || status == 400, "{csv:?}: {status}");
            assert!(csv.len() < 10 || !fields.is_empty(), "{csv:?}");
        }
        let latin1: &[u8] = b"date,value\n2024-01-01,1\xe9\n";
        assert!(import(&app, "bad", latin1).await.status.is_client_error());
        assert_eq!(app.get("/api/datasets").await.ok()["items"].as_array().unwrap().len(), 1);
        app.close().await;
    }
}

#[tokio::test]
async fn an_import_needs_a_name_a_type_and_a_bounded_size() {
    let app = App::new(test_support::sqlite().await).await;
    let csv = "date,value\n2024-01-01,1\n";
    let unnamed = request(Method::POST, "/api/datasets").header(header::CONTENT_TYPE, "text/csv");
    assert_eq!(app.send(unnamed.body(csv.into()).unwrap()).await.problem().0, 422);
    let untyped = request(Method::POST, "/api/datasets?name=x");
    assert_eq!(app.send(untyped.body(csv.into()).unwrap()).await.problem().0, 415);
    // Told from its head, before a byte of it is taken.
    let huge = request(Method::POST, "/api/datasets?name=x").header(header::CONTENT_TYPE, "text/csv");
    let huge = huge.header(header::CONTENT_LENGTH, datasets::MAX_BYTES + 1).body(csv.into()).unwrap();
    assert_eq!(app.send(huge).await.problem().1, "BODY_TOO_LARGE");
    app.close().await;
}

fn parquet() -> Vec<u8> {
    let fleet = series::Fleet::of(series::FleetColumns {
        names: vec!["b".to_owned(), "a".to_owned()],
        starts: vec!["2024-01-31".parse().unwrap(); 2],
        ends: vec![3, 5],
        values: vec![1.0, f64::NAN, 3.0, 4.0, 5.0],
        frequency: series::Frequency::MONTHLY,
        gaps: wire::model_selection::Gaps::Missing,
    });
    series::columnar::write_fleet(&fleet.unwrap(), series::columnar::Compression::Zstd).unwrap()
}

async fn import_as(app: &App, media_type: &str, query: &str, bytes: Vec<u8>) -> Answer {
    let request = request(Method::POST, &format!("/api/datasets?name=table{query}"));
    app.send(request.header(header::CONTENT_TYPE, media_type).body(bytes.into()).unwrap()).await
}

#[tokio::test]
async fn a_parquet_file_is_imported_in_its_order_or_refused_as_a_whole() {
    const PARQUET: &str = "application/vnd.apache.parquet";
    let app = App::new(test_support::sqlite().await).await;
    let imported = import_as(&app, PARQUET, "", parquet()).await;
    assert_eq!(imported.status, 201);
    let imported = imported.ok();
    let series = series(&app, &imported).await;
    let expected = json!({ "name": "b", "points": 3, "values": 2, "off_grid_date": null, "first_date": "2024-01-31", "last_date": "2024-03-31", "frequency": "monthly", "planned": 0 });
    assert_eq!((&series[0], &series[1]["name"]), (&expected, &json!("a")));
    let cut = parquet()[..200].to_vec();
    assert_eq!(import_as(&app, PARQUET, "", cut.clone()).await.problem().1, "TABLE_UNREADABLE");
    // What it is called does not matter.
    assert_eq!(import_as(&app, "text/csv", "", cut).await.problem().1, "TABLE_UNREADABLE");
    let weekly = import_as(&app, PARQUET, "&frequency=weekly", parquet()).await.problem();
    assert_eq!((weekly.0, weekly.1.as_str()), (422, "SERIES_UNUSABLE"));
    let hourly = import_as(&app, PARQUET, "&frequency=hourly", parquet()).await.problem();
    assert_eq!(hourly.0, 422);
    assert_eq!(app.get("/api/datasets").await.ok()["items"].as_array().unwrap().len(), 1);
    app.close().await;
}

/// The first series of a dataset.
async fn series(app: &App, dataset: &Value) -> Value {
    let id = dataset["dataset_id"].as_str().unwrap();
    app.get(&format!("/api/datasets/{id}/series")).await.ok()["items"].clone()
}

#[tokio::test]
async fn series_of_a_dataset_are_paged_and_found_by_a_part_of_their_names() {
    let app = App::new(test_support::sqlite().await).await;
    let rows = |n: usize| {
        format!(
            "North {n},2024-01-01,1\nNorth {n},2024-02-01,2\nsouth {n},2024-01-01,1\nsouth {n},2024-02-01,2\n"
        )
    };
    let csv = format!("series,date,value\n{}", (0..5).map(rows).collect::<String>());
    let dataset = import(&app, "regions", csv).await.ok();
    let path = format!("/api/datasets/{}/series", dataset["dataset_id"].as_str().unwrap());
    let (mut names, mut next) = (Vec::new(), format!("{path}?limit=2&name_contains=SOUTH"));
    loop {
        let page = app.get(&next).await.ok();
        names.extend(
            page["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("{path}?limit=2&name_contains=SOUTH&cursor={cursor}");
        let elsewhere = app.get(&format!("{path}?limit=2&cursor={cursor}")).await.problem();
        assert_eq!(elsewhere.0, 400, "a cursor is of one search");
    }
    assert_eq!(names, ["south 0", "south 1", "south 2", "south 3", "south 4"]);
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        (&format!("name_contains={}", "a".repeat(201)), "name_contains"),
    ] {
        assert_eq!(app.get(&format!("{path}?{query}")).await.problem().2, [field], "{query}");
    }
    app.close().await;
}

#[tokio::test]
async fn the_same_bytes_read_with_another_calendar_are_another_dataset() {
    const PARQUET: &str = "application/vnd.apache.parquet";
    let app = App::new(test_support::sqlite().await).await;
    let lists =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../frontend/e2e/lists.parquet")).unwrap();
    let import = |query: &'static str| import_as(&app, PARQUET, query, lists.clone());
    let (status, code, fields) = import("").await.problem();
    assert_eq!(
        (status, code.as_str(), fields),
        (422, "TABLE_WITHOUT_CALENDAR", vec!["frequency".to_owned(), "start".to_owned()])
    );
    assert_eq!(import("&frequency=daily").await.problem().2, ["start"]);
    let daily = import("&frequency=daily&start=2020-01-31").await.ok();
    let monthly = import("&frequency=monthly&start=2020-01-31").await.ok();
    let last = async |of: &Value| series(&app, of).await[0]["last_date"].clone();
    assert_eq!((last(&daily).await, last(&monthly).await), (json!("2020-03-18"), json!("2023-12-31")));
    assert_ne!(daily["dataset_id"], monthly["dataset_id"]);
    assert_eq!(import("&frequency=monthly&start=2020-01-31").await.ok()["dataset_id"], monthly["dataset_id"]);
    let id = monthly["dataset_id"].as_str().unwrap();
    assert_eq!(app.get(&format!("/api/datasets/{id}")).await.ok(), monthly);
    app.close().await;
}
