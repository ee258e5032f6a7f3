//! A comparison from submit to its end.

use frames::{Body, FinalStatus, Frame};
use kernel::{Fault, RunId, Tenant, TenantId};
use model_selection::ReadError;
use model_selection::Submission;
use model_selection::comparison::Filter;
use runs::RunState;
use serde_json::json;
use test_support::on_both_databases;
use wire::model_selection::{CandidateStatus, ComparisonStatus};

use crate::support::{Fixture, TENANT, candidate, clock, on_pair, weekly};

on_both_databases! {
    async fn before_it_runs_every_candidate_is_pending_in_the_order_of_the_request(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(120)).await;
        let id = fixture.submit(on_pair(pair, 120, &["naive", "seasonal_naive", "naive"])).await;
        let detail = fixture.selector.reader().comparison(TENANT, id).await.unwrap();
        assert_eq!(detail.status, ComparisonStatus::Pending);
        assert_eq!((detail.progress.total, detail.progress.pending), (3, 3));
        let places: Vec<_> =
            detail.candidate_progress.iter().map(|c| (c.ordinal, c.model_type.as_str(), c.status)).collect();
        let pending = CandidateStatus::Pending;
        assert_eq!(places, [(0, "naive", pending), (1, "seasonal_naive", pending), (2, "naive", pending)]);
        assert_eq!(detail.candidate_progress[2].candidate_id, model_selection::candidate_id(id, 2));
        assert!(detail.ranking.is_empty() && detail.winner.is_none() && detail.chart_data.is_none());
        assert_eq!(detail.recommendation_confidence, None);
        let ranking = fixture.selector.reader().comparison_ranking(TENANT, id).await.unwrap();
        assert!(ranking.winner.is_none() && ranking.entries.is_empty() && ranking.reasons.is_empty());
    }

    async fn an_invalid_parameter_fails_only_its_candidate(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let mut request = on_pair(pair, 120, &["naive", "seasonal_naive"]);
        request.candidate_models.push(candidate("moving_average", json!({ "window_size": 900 })));
        request.candidate_models.push(candidate("naive", json!({ "model_type": "regression" })));
        let detail = fixture.compare(request).await;

        assert_eq!(detail.status, ComparisonStatus::Partial);
        assert_eq!((detail.progress.completed, detail.progress.failed), (2, 2));
        let failed = &detail.candidate_progress[2];
        assert_eq!((failed.status, failed.error_code.as_deref()), (CandidateStatus::Failed, Some("INVALID_MODEL_PARAMS")));
        assert!(failed.error.as_deref().unwrap().contains("window_size"), "{failed:?}");
        let excluded = &detail.ranking[2].entry;
        assert_eq!((excluded.ordinal, excluded.rank, excluded.included), (2, None, false));
        assert!(excluded.metrics.is_none() && excluded.exclusion_reason.is_some());
        assert!(detail.candidate_progress[3].error.as_deref().unwrap().contains("model_type"));
        assert_eq!(detail.winner.unwrap().model_type, "seasonal_naive");
    }

    async fn two_candidates_of_one_type_stay_two(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let mut request = on_pair(pair, 120, &[]);
        request.candidate_models.push(candidate("seasonal_naive", json!({ "season_length": 5 })));
        request.candidate_models.push(candidate("seasonal_naive", json!({ "season_length": 7 })));
        request.candidate_models.push(candidate("seasonal_naive", json!({ "season_length": 7 })));
        let detail = fixture.compare(request).await;
        let places: Vec<_> = detail.ranking.iter().map(|place| (place.entry.ordinal, place.entry.key.as_str())).collect();
        // Equal metrics: the order of the request decides.
        assert_eq!(places, [(1, "seasonal_naive #2"), (2, "seasonal_naive #3"), (0, "seasonal_naive #1")]);
        assert_eq!(detail.winner.unwrap().params["season_length"], 7);
        assert_eq!(detail.chart_data.unwrap().wape_by_model.len(), 3);
    }

    async fn a_candidate_is_one_tool_card_and_the_end_is_the_ranking(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let mut request = on_pair(pair, 120, &["naive", "seasonal_naive"]);
        request.candidate_models.push(candidate("moving_average", json!({ "window_size": 0 })));
        let detail = fixture.compare(request).await;
        let frames = fixture.frames(detail.selection_id).await;

        for progress in &detail.candidate_progress {
            let id = progress.candidate_id.to_string();
            let of_card = frames.iter().filter(|frame| frame.envelope.response_id.as_deref() == Some(&id));
            let kinds: Vec<_> = of_card.clone().map(Frame::kind).collect();
            let card = ["output_item.added", "tool.status", "tool.output", "tool.status", "output_item.done"];
            assert_eq!(kinds, card, "{progress:?}");
            let statuses: Vec<_> = of_card
                .filter_map(|frame| match &frame.body {
                    Body::ToolStatus(status) => Some(status.tool.status()),
                    _ => None,
                })
                .collect();
            assert_eq!(statuses, ["in_progress", progress.status.as_str()]);
        }
        let done = frames.iter().filter_map(|frame| match &frame.body {
            Body::Progress(progress) => Some((progress.done, progress.total)),
            _ => None,
        });
        assert_eq!(done.collect::<Vec<_>>(), [(Some(1), Some(3)), (Some(2), Some(3)), (Some(3), Some(3))]);
        assert!(frames.iter().any(|frame| frame.kind() == "message.delta"));
        let Body::Final(end) = &frames.last().unwrap().body else { panic!("the end is a final frame") };
        assert_eq!(end.status, FinalStatus::Completed);
        let ranking = end.structured_output.as_ref().unwrap();
        assert_eq!(ranking["winner"], json!(detail.winner.unwrap().candidate_id));
        assert_eq!(ranking["entries"].as_array().unwrap().len(), 3);
    }

    async fn everybody_says_the_same_statement(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let detail = fixture.compare(on_pair(pair, 120, &["naive", "seasonal_naive", "seasonal_naive"])).await;
        let id = detail.selection_id;
        let statement = detail.statement.unwrap();
        assert!(statement.starts_with("No clear winner"), "{statement}");
        let ranking = fixture.selector.reader().comparison_ranking(TENANT, id).await.unwrap();
        assert_eq!((ranking.statement.as_ref(), ranking.verdict), (Some(&statement), detail.verdict));
        assert_eq!((ranking.tied.len(), &ranking.tied), (2, &detail.tied));
        assert_eq!((Some(ranking.confidence), &ranking.figures), (detail.recommendation_confidence, &detail.figures));
        let only = &fixture.ranked_series(id, 50, None).await[0];
        assert_eq!((&only.statement, only.standings.confidence), (&statement, ranking.confidence));
        assert_eq!(detail.business_summary.unwrap().headline, statement);
        assert_eq!(fixture.artifact(id, "metrics").await["statement"], json!(statement));
        let items = fixture.selector.reader().comparisons(TENANT, &Filter::default(), None, 1).await.unwrap();
        assert_eq!(items[0].recommendation_confidence, detail.recommendation_confidence);
        let frames = fixture.frames(id).await;
        let Body::Final(end) = &frames.last().unwrap().body else { panic!("the end is a final frame") };
        let structured = end.structured_output.as_ref().unwrap();
        assert_eq!((&structured["statement"], &structured["confidence"]), (&json!(statement), &json!("low")));
    }

    async fn damaged_rows_are_their_own_trouble(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(120)).await;
        let mut ids = Vec::new();
        for _ in 0..4 {
            ids.push(fixture.submit(on_pair(pair, 120, &["naive"])).await);
        }
        let sql = "UPDATE comparison SET ranking_metric = 'luck' WHERE run_id = $1";
        fixture.execute(sql, vec![ids[2].into()]).await;
        let read = async |before, limit| {
            let items = fixture.selector.reader().comparisons(TENANT, &Filter::default(), before, limit).await.unwrap();
            items.into_iter().map(|item| item.selection_id).collect::<Vec<_>>()
        };
        assert_eq!(read(None, 10).await, [ids[3], ids[1], ids[0]]);
        // A page is as long as it was asked to be, so that a list does not seem to end at the damage.
        assert_eq!(read(None, 2).await, [ids[3], ids[1]]);
        assert_eq!(read(Some(ids[3]), 1).await, [ids[1]]);
        fixture.selector.reader().comparison(TENANT, ids[1]).await.unwrap();
    }

    async fn a_viewer_sees_every_candidate_as_a_finished_card(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let detail = fixture.compare(on_pair(pair, 120, &["naive", "seasonal_naive"])).await;
        let mut transcript = frames::Transcript::default();
        for frame in fixture.frames(detail.selection_id).await {
            transcript.apply(&frame);
        }
        let shown = serde_json::to_string(&transcript).unwrap();
        for candidate in &detail.candidate_progress {
            assert!(shown.contains(&candidate.candidate_id.to_string()), "{shown}");
        }
        let headline = detail.business_summary.unwrap().headline;
        assert!(shown.contains(&headline), "{shown}");
    }

    async fn a_comparison_that_lost_its_input_fails_with_every_candidate_settled(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(120)).await;
        let id = fixture.submit(on_pair(pair, 120, &["naive", "seasonal_naive"])).await;
        std::fs::remove_dir_all(fixture.db.dir().join("artifacts")).unwrap();
        std::fs::create_dir(fixture.db.dir().join("artifacts")).unwrap();
        fixture.engine.start();
        let detail = fixture.settled(id).await;
        assert_eq!((detail.status, detail.progress.failed), (ComparisonStatus::Failed, 2));
        assert_eq!(detail.course.error_code.as_deref(), Some("ARTIFACT_BYTES_MISSING"));
        assert_eq!(fixture.state(id).await, RunState::Failed);
        let codes = detail.candidate_progress.iter().map(|candidate| candidate.error_code.as_deref());
        assert!(codes.into_iter().all(|code| code == Some("ARTIFACT_BYTES_MISSING")));
    }

    async fn where_no_champion_can_be_named_the_run_refuses_and_says_why(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let mut request = on_pair(pair, 120, &[]);
        request.candidate_models.push(candidate("moving_average", json!({ "window_size": 0 })));
        let detail = fixture.compare(request).await;
        assert_eq!(detail.status, ComparisonStatus::Failed);
        assert_eq!(detail.course.error_code.as_deref(), Some("NO_CHAMPION"));
        assert!(detail.course.error_message.as_deref().unwrap().contains("window_size"), "{:?}", detail.course.error_message);
        assert!(detail.winner.is_none() && detail.ranking.len() == 1);
        assert_eq!(fixture.state(detail.selection_id).await, RunState::Succeeded);
        let frames = fixture.frames(detail.selection_id).await;
        assert!(frames.iter().any(|frame| frame.kind() == "refusal.done"));
        let Body::Final(end) = &frames.last().unwrap().body else { panic!("the end is a final frame") };
        assert_eq!(end.status, FinalStatus::Refused);
        assert_eq!(end.refusal_text, detail.course.error_message);
    }

    async fn a_sample_floor_excludes_everyone_with_both_numbers(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let mut request = on_pair(pair, 120, &["naive"]);
        request.ranking_policy.minimum_sample_size = 1000;
        let detail = fixture.compare(request).await;
        // It finished, and it cannot be ranked: that is a failure, not a success without a champion.
        assert_eq!((detail.status, detail.progress.completed), (ComparisonStatus::Failed, 1));
        let reason = detail.ranking[0].entry.exclusion_reason.as_deref().unwrap();
        assert!(reason.contains("70") && reason.contains("1000"), "{reason}");
    }

    async fn a_series_without_demand_is_ranked_on_what_is_left(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&[0; 120]).await;
        let detail = fixture.compare(on_pair(pair, 120, &["naive", "moving_average"])).await;
        assert_eq!(detail.status, ComparisonStatus::Completed);
        assert_eq!(detail.ranking[0].entry.metrics.unwrap().wape, None);
        assert_eq!(detail.recommendation_confidence, Some(wire::model_selection::Confidence::Low));
        // Both are exact, so neither leads, and no order is invented.
        assert_eq!(detail.verdict, Some(wire::model_selection::Verdict::Equal));
        assert_eq!(detail.ranking.iter().map(|place| place.entry.rank).collect::<Vec<_>>(), [Some(1), Some(1)]);
        assert!(!detail.statement.unwrap().contains("naive") && detail.bias.is_none());
    }

    async fn another_metric_gives_another_order(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let mut request = on_pair(pair, 120, &["naive", "weighted_moving_average", "moving_average"]);
        request.ranking_metric = Some(wire::model_selection::RankingMetric::Bias);
        let detail = fixture.compare(request).await;
        let order: Vec<_> = detail.ranking.iter().map(|place| place.entry.model_type.as_str()).collect();
        assert_eq!(order, ["moving_average", "weighted_moving_average", "naive"]);
    }

    async fn the_mean_of_the_candidates_stands_beside_the_champion(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let detail = fixture.compare(on_pair(pair, 120, &["naive", "seasonal_naive"])).await;
        let combination = detail.combination.unwrap();
        assert_eq!((combination.method.as_str(), combination.members), ("mean", 2));
        // The season is exact, so the mean errs by half of the naive forecast.
        assert!((combination.error.unwrap() - 30.0).abs() < 1e-9, "{combination:?}");
        assert_eq!(combination.first_error, Some(0.0));
        let check = detail.selection_check.unwrap();
        assert_eq!((check.series, check.chosen_error), (1, Some(0.0)));
        assert_eq!(detail.notes.len(), 3, "{:?}", detail.notes);
        assert!(detail.notes[2].starts_with("On the last fold"), "{:?}", detail.notes);
    }

    async fn a_foreign_tenant_sees_nothing(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(120)).await;
        let id = fixture.submit(on_pair(pair, 120, &["naive"])).await;
        let stranger = Tenant::verified(TenantId::new(&clock()));
        let error = fixture.selector.reader().comparison(stranger, id).await.unwrap_err();
        assert!(matches!(error, ReadError::NotFound { run, .. } if run == id));
        let list = fixture.selector.reader().comparisons(stranger, &Filter::default(), None, 10).await.unwrap();
        assert!(list.is_empty());
        let submitted = fixture
            .selector
            .submit_comparison(stranger, Submission::new(on_pair(pair, 120, &["naive"])))
            .await;
        assert_eq!(submitted.unwrap_err().code(), "NOT_FOUND");
    }

    async fn lists_are_newest_first_filtered_and_paged(db: TestDb) {
        let fixture = Fixture::started(db);
        let (first, second) = (fixture.sells(&weekly(120)).await, fixture.sells(&weekly(120)).await);
        let mut ids = Vec::new();
        for pair in [first, second, first, first, second] {
            ids.push(fixture.compare(on_pair(pair, 120, &["naive", "seasonal_naive"])).await.selection_id);
        }
        ids.reverse();
        let list = async |filter: Filter, before: Option<RunId>, limit| {
            let items = fixture.selector.reader().comparisons(TENANT, &filter, before, limit).await.unwrap();
            items.into_iter().map(|item| item.selection_id).collect::<Vec<_>>()
        };
        assert_eq!(list(Filter::default(), None, 2).await, ids[..2]);
        assert_eq!(list(Filter::default(), Some(ids[1]), 10).await, ids[2..]);
        let of_first = Filter { store_id: Some(first.0), product_id: Some(first.1), ..Filter::default() };
        assert_eq!(list(of_first, None, 10).await, [ids[1], ids[2], ids[4]]);
        let failed = Filter { status: Some(ComparisonStatus::Failed), ..Filter::default() };
        assert!(list(failed, None, 10).await.is_empty());
        let items = fixture.selector.reader().comparisons(TENANT, &Filter::default(), None, 1).await.unwrap();
        let item = &items[0];
        assert_eq!(item.winner_model_type.as_deref(), Some("seasonal_naive"));
        assert_eq!((item.winner_value, item.status), (Some(0.0), ComparisonStatus::Completed));
    }

    async fn an_idempotency_key_gives_the_first_comparison_again(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(120)).await;
        let submission = || Submission {
            idempotency_key: Some("key".to_owned()),
            ..Submission::new(on_pair(pair, 120, &["naive"]))
        };
        let first = fixture.selector.submit_comparison(TENANT, submission()).await.unwrap();
        let second = fixture.selector.submit_comparison(TENANT, submission()).await.unwrap();
        assert_eq!(first, second);
        let all = fixture.selector.reader().comparisons(TENANT, &Filter::default(), None, 10).await.unwrap();
        assert_eq!(all.len(), 1);
    }
}
