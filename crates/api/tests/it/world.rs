//! Worlds: each generation for itself, and what a showcase makes of many.

use axum::http::{Method, header};
use serde_json::{Value, json};
use test_support::on_both_databases;
use wire::model_selection::Sufficiency;
use wire::retail::{PairsQuery, ProductId, StoreId, WorldId};

use crate::app::{Answer, App, request};
use crate::script::Script;

async fn generate(app: &App, seed: u64) -> Value {
    app.post("/api/seeder/generate", &json!({ "seed": seed })).await.ok()
}

async fn delete_all(app: &App, body: Value) -> Answer {
    let request =
        request(Method::DELETE, "/api/seeder/data").header(header::CONTENT_TYPE, "application/json");
    app.send(request.body(body.to_string().into()).unwrap()).await
}

/// The one step of a showcase's answer.
fn step<'a>(result: &'a Value, name: &str) -> &'a Value {
    let steps = result["steps"].as_array().unwrap();
    steps.iter().find(|step| step["step_name"] == name).unwrap_or_else(|| panic!("no {name}: {result:#}"))
}

on_both_databases! {
    async fn worlds_are_listed_found_named_and_deleted(db: TestDb) {
        let app = App::new(db).await;
        assert_eq!(app.get("/api/seeder/status").await.ok()["world_id"], Value::Null);
        assert_eq!(app.get("/api/dimensions/stores").await.ok()["items"], json!([]));
        let first = generate(&app, 1).await;
        let again = generate(&app, 1).await;
        assert_eq!((&again["world_id"], &again["is_existing"]), (&first["world_id"], &json!(true)));
        assert_eq!(again["records_created"]["sales"], 0);
        // Of one, none has to be named.
        assert_eq!(app.get("/api/seeder/status").await.ok()["world_id"], first["world_id"]);
        let second = generate(&app, 2).await;
        let [one, two] = [&first, &second].map(|made| made["world_id"].as_str().unwrap().to_owned());
        let page = app.get("/api/worlds?limit=1").await.ok();
        assert_eq!((&page["items"][0]["world_id"], &page["items"][0]["seed"]), (&json!(two), &json!(2)));
        let rest = app.get(&format!("/api/worlds?limit=1&cursor={}", page["next_cursor"].as_str().unwrap())).await.ok();
        assert_eq!((&rest["items"][0]["world_id"], &rest["next_cursor"]), (&json!(one), &Value::Null));
        assert_eq!(app.get(&format!("/api/worlds/{one}")).await.ok()["row_counts"], first["records_created"]);
        for path in ["/api/seeder/status", "/api/dimensions/stores", "/api/dimensions/products"] {
            let (status, code, choices) = app.get(path).await.problem();
            assert_eq!((status, code.as_str(), choices), (409, "WORLD_AMBIGUOUS", vec![two.clone(), one.clone()]));
            app.get(&format!("{path}?world_id={one}")).await.ok();
            assert_eq!(app.get(&format!("{path}?world={one}")).await.problem().0, 422, "an unknown parameter");
        }
        let store = app.get(&format!("/api/dimensions/stores?world_id={one}")).await.ok()["items"][0].clone();
        let product = app.get(&format!("/api/dimensions/products?world_id={two}")).await.ok()["items"][0].clone();
        assert_eq!((&store["world_id"], &product["world_id"]), (&json!(one), &json!(two)));
        let mixed = format!("/api/model-selection/availability?store_id={}&product_id={}", store["id"], product["id"]);
        let (status, code, _) = app.get(&mixed).await.problem();
        assert_eq!((status, code.as_str()), (422, "PAIR_OF_TWO_WORLDS"));
        let pairs = app.get(&format!("/api/worlds/{one}/pairs?limit=2&at_least=limited")).await.ok();
        assert_eq!((&pairs["items"][0]["store_id"], &pairs["items"][0]["status"]), (&store["id"], &json!("limited")));
        let deleted = app.delete(&format!("/api/worlds/{one}")).await.ok();
        assert_eq!(deleted["records_deleted"], first["records_created"]);
        assert_eq!(app.delete(&format!("/api/worlds/{one}")).await.problem().0, 404);
        assert_eq!(app.get(&format!("/api/worlds/{one}/pairs")).await.problem().0, 404);
        assert_eq!(app.get(&format!("/api/dimensions/stores/{}", store["id"])).await.problem().0, 404);
        let unreadable = app.get("/api/dimensions/stores/abc").await;
        assert!(unreadable.text().contains("`abc` is not an id: expected a whole number such as 17"));
        assert_eq!(app.get("/api/seeder/status").await.ok()["world_id"], two);
        for body in [json!({ "scope": "facts" }), json!({ "scope": "all", "worlds": 1 })] {
            assert_eq!(delete_all(&app, body).await.problem().0, 422);
        }
        app.close().await;
    }

    async fn stored_data_are_named_when_there_are_several(db: TestDb) {
        let app = App::new(db).await;
        let [one, two] = [generate(&app, 1).await, generate(&app, 2).await]
            .map(|made| made["world_id"].as_str().unwrap().to_owned());
        for path in ["/api/demo/run", "/api/demo/runs"] {
            let (status, code, choices) = app.post(path, &json!({})).await.problem();
            assert_eq!((status, code.as_str(), choices), (409, "WORLD_AMBIGUOUS", vec![two.clone(), one.clone()]));
            let unknown = json!({ "world_id": "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b" });
            assert_eq!(app.post(path, &unknown).await.problem().0, 404);
        }
        let result = app.post("/api/demo/run", &json!({ "world_id": one })).await.ok();
        assert_eq!((&result["overall_status"], &step(&result, "status")["data"]["world_id"]), (&json!("pass"), &json!(one)));
        // A pair of the other world is not in this one.
        let pairs = app.get(&format!("/api/worlds/{two}/pairs")).await.ok();
        let scope = json!({ "store_id": pairs["items"][1]["store_id"], "product_id": pairs["items"][1]["product_id"] });
        let result = app.post("/api/demo/run", &json!({ "world_id": one, "user_scope": scope })).await.ok();
        let status = step(&result, "status");
        assert_eq!((&status["status"], &status["data"]["user_scope_applied"]), (&json!("warn"), &json!(false)));
        let result = app.post("/api/demo/run", &json!({ "world_id": two, "user_scope": scope })).await.ok();
        assert_eq!(step(&result, "status")["data"]["product_id"], scope["product_id"]);
        app.close().await;
    }
}

#[tokio::test]
async fn a_request_that_is_refused_has_deleted_nothing() {
    let app = App::new(test_support::sqlite().await).await;
    let world = generate(&app, 1).await["world_id"].clone();
    for (body, field) in [
        (
            json!({ "skip_seed": false, "reset": true, "seed_overrides": { "colour": 1 } }),
            "seed_overrides.colour",
        ),
        (
            json!({ "skip_seed": false, "reset": true, "seed_overrides": { "stores": 101 } }),
            "seed_overrides.stores",
        ),
        (
            json!({ "skip_seed": false, "reset": true, "seed_overrides": { "stores": "2" } }),
            "seed_overrides.stores",
        ),
        (
            json!({ "skip_seed": false, "reset": true, "seed_overrides": { "stores": null } }),
            "seed_overrides.stores",
        ),
        (json!({ "reset": true }), "reset"),
        (json!({ "skip_seed": false, "reset": null }), "reset"),
        (json!({ "skip_seed": false, "preservation": "keep" }), "preservation"),
    ] {
        assert_eq!(app.post("/api/demo/run", &body).await.problem().2, [field], "{body}");
    }
    assert_eq!(app.get("/api/seeder/status").await.ok()["world_id"], world);
    assert_eq!(app.get("/api/runs?kind=showcase").await.ok()["items"], json!([]));
    app.close().await;
}

#[tokio::test]
async fn a_showcase_keeps_its_world_and_may_reset_for_itself() {
    let app = App::new(test_support::sqlite().await).await;
    let world = generate(&app, 1).await["world_id"].as_str().unwrap().to_owned();
    // A comparison or another run is in nobody's way: what it reads is pinned.
    let other = app.script(Script::UntilCancelled).await;
    let result =
        app.post("/api/demo/run", &json!({ "skip_seed": false, "reset": true, "seed": 2 })).await.ok();
    assert_eq!(result["overall_status"], "pass", "{result:#}");
    assert!(step(&result, "reset")["data"]["records_deleted"]["sales"].as_u64().unwrap() > 0);
    assert_eq!(app.get(&format!("/api/worlds/{world}")).await.problem().0, 404);
    app.client.cancel(other).await.unwrap();
    app.close().await;
}

/// One database, the page's defaults, no reset: what came before must not matter. The large presets are generated in
/// full a few times and small after that, because most of the time goes into their rows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_preset_ends_as_documented_with_fifty_seeds_on_one_database() {
    let app = App::new(test_support::sqlite().await).await;
    let presets = demo::cards();
    assert_eq!(presets.len(), 7);
    for seed in 0..50 {
        for preset in &presets {
            let scenario = preset.scenario.as_str();
            let mut body = json!({ "scenario": scenario, "seed": seed, "skip_seed": false });
            if seed >= 3 && preset.stores * preset.products * preset.days > 10_000 {
                body["seed_overrides"] = json!({ "stores": 2, "products": 6 });
            }
            let result = app.post("/api/demo/run", &body).await.ok();
            let status = &step(&result, "status")["data"];
            let world: WorldId = status["world_id"].as_str().unwrap().parse().unwrap();
            let (store, product) = (
                StoreId(status["store_id"].as_i64().unwrap()),
                ProductId(status["product_id"].as_i64().unwrap()),
            );
            assert_eq!(app.client.store(store).await.unwrap().world_id, world);
            assert_eq!(app.client.product(product).await.unwrap().world_id, world);
            if result["overall_status"] != "pass" {
                let query = PairsQuery {
                    at_least: Some(Sufficiency::Limited),
                    n_splits: Some(3),
                    ..PairsQuery::default()
                };
                let usable = app.client.pairs(world, &query).await.unwrap().items;
                assert!(scenario == "sparse" && usable.is_empty(), "{scenario} with seed {seed}: {result:#}");
            }
        }
    }
    app.close().await;
}
