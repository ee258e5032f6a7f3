//! Registering trained models and proving that they are what was registered.

use kernel::{Fault, RunId};
use model_selection::registry::{ChangeModel, Expected, Listed, MoveAlias, Register};
use serde_json::json;
use test_support::on_both_databases;
use wire::model_selection::{Comparison, JudgedBy, MetricsOrigin, ModelId, ModelState, RegisteredModel};

use crate::support::{Fixture, TENANT, clock, on_pair, weekly};
use crate::training::train_on;

pub(crate) fn register(run: RunId, judged_by: Option<JudgedBy>) -> Register {
    Register { training_run_id: run, judged_by, registered_by: "ada".to_owned(), description: None }
}

fn judge(detail: &Comparison, ordinal: usize) -> JudgedBy {
    let comparison_id = detail.selection_id;
    JudgedBy { comparison_id, candidate_id: model_selection::candidate_id(comparison_id, ordinal) }
}

fn listed(model: RegisteredModel) -> Listed {
    Listed::Model(Box::new(model))
}

impl Fixture {
    /// A registered model of this type, trained on 120 days of the pair.
    pub(crate) async fn registered(
        &self,
        pair: (wire::retail::StoreId, wire::retail::ProductId),
        model: &str,
    ) -> RegisteredModel {
        let run = self.train(train_on(pair, 120, model, &json!({}))).await;
        self.selector.register(TENANT, register(run, None)).await.unwrap()
    }
}

on_both_databases! {
    async fn a_model_carries_the_metrics_of_its_own_candidate_and_not_of_the_champion(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let detail = fixture.compare(on_pair(pair, 120, &["seasonal_naive", "naive"])).await;
        let run = fixture.train(train_on(pair, 106, "naive", &json!({}))).await;
        let model = fixture.selector.register(TENANT, register(run, Some(judge(&detail, 1)))).await.unwrap();
        assert_eq!(model.metrics.unwrap().wape, Some(60.0));
        assert_eq!(model.metrics_origin, MetricsOrigin::Comparison);
        assert_eq!(model.judged_by, Some(judge(&detail, 1)));
        assert_eq!(fixture.selector.reader().model(TENANT, model.model_id).await.unwrap(), model);
        assert_eq!(fixture.selector.reader().models(TENANT, None, 10).await.unwrap(), [listed(model)]);
    }

    async fn without_a_comparison_the_hold_out_speaks(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let model = fixture.registered(pair, "seasonal_naive").await;
        assert_eq!(model.metrics_origin, MetricsOrigin::Holdout);
        assert_eq!(model.metrics.unwrap().sample_size, 14);
    }

    async fn a_comparison_does_not_vouch_for_another_model(db: TestDb) {
        let fixture = Fixture::started(db);
        let (pair, other) = (fixture.sells(&weekly(120)).await, fixture.sells(&weekly(120)).await);
        let mut request = on_pair(pair, 120, &["seasonal_naive", "naive"]);
        request.candidate_models.push(crate::support::candidate("naive", json!({ "nope": 1 })));
        let detail = fixture.compare(request).await;
        let refused = async |run, judge| {
            let error = fixture.selector.register(TENANT, register(run, Some(judge))).await.unwrap_err();
            assert_eq!(error.code(), "MODEL_NOT_JUDGED");
            error.to_string()
        };
        let naive = fixture.train(train_on(pair, 120, "naive", &json!({}))).await;
        assert!(refused(naive, judge(&detail, 0)).await.contains("seasonal_naive"));
        assert!(refused(naive, judge(&detail, 7)).await.contains("no candidate"));
        assert!(refused(naive, judge(&detail, 2)).await.contains("nope"));
        let elsewhere = fixture.train(train_on(other, 120, "naive", &json!({}))).await;
        assert!(refused(elsewhere, judge(&detail, 1)).await.contains("no ranking on series"));
        let season = json!({ "season_length": 14 });
        let other_season = fixture.train(train_on(pair, 120, "seasonal_naive", &season)).await;
        assert!(refused(other_season, judge(&detail, 0)).await.contains("14"));
    }

    async fn registering_again_gives_the_same_model_and_other_facts_are_a_conflict(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let run = fixture.train(train_on(pair, 120, "naive", &json!({}))).await;
        let first = fixture.selector.register(TENANT, register(run, None)).await.unwrap();
        let second = fixture.selector.register(TENANT, register(run, None)).await.unwrap();
        assert_eq!(first, second);
        let other = Register { description: Some("other".to_owned()), ..register(run, None) };
        let error = fixture.selector.register(TENANT, other).await.unwrap_err();
        assert_eq!(error.code(), "MODEL_ALREADY_REGISTERED");
    }

    async fn two_who_register_at_once_get_one_model(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let run = fixture.train(train_on(pair, 120, "naive", &json!({}))).await;
        let (one, other) = futures::future::join(
            fixture.selector.register(TENANT, register(run, None)),
            fixture.selector.register(TENANT, register(run, None)),
        )
        .await;
        assert_eq!(one.unwrap(), other.unwrap());
        assert_eq!(fixture.selector.reader().models(TENANT, None, 10).await.unwrap().len(), 1);
    }

    async fn only_a_succeeded_training_has_a_model(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(120)).await;
        let comparison = fixture.submit(on_pair(pair, 120, &["naive"])).await;
        let error = fixture.selector.register(TENANT, register(comparison, None)).await.unwrap_err();
        assert_eq!(error.code(), "NOT_FOUND");
        let request = train_on(pair, 120, "naive", &json!({}));
        let waiting =
            fixture.selector.submit_training(TENANT, model_selection::Submission::new(request)).await.unwrap();
        let error = fixture.selector.register(TENANT, register(waiting, None)).await.unwrap_err();
        assert_eq!(error.code(), "TRAINING_NOT_SUCCEEDED");
        let nobody = Register { registered_by: "  ".to_owned(), ..register(waiting, None) };
        let error = fixture.selector.register(TENANT, nobody).await.unwrap_err();
        assert_eq!(error.fields()[0].field, "registered_by");
    }

    async fn a_model_is_archived_and_restored_and_every_change_stays(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let model = fixture.registered(pair, "naive").await;
        let (selector, id) = (&fixture.selector, model.model_id);
        assert_eq!((model.state, model.state_version), (ModelState::Registered, 1));
        let alias = |model_id| MoveAlias {
            alias_name: "champion".to_owned(),
            model_id,
            moved_by: "ada".to_owned(),
            reason: Some("test".to_owned()),
            expected: Expected::Any,
        };
        let change = |state, expected| ChangeModel {
            model_id: id,
            state,
            changed_by: "ada".to_owned(),
            reason: Some("old".to_owned()),
            expected,
        };
        let archive = |expected| change(ModelState::Archived, expected);
        selector.move_alias(TENANT, alias(Some(id))).await.unwrap();
        let used = selector.change_model(TENANT, archive(Expected::Any)).await.unwrap_err();
        assert_eq!((used.code(), used.to_string().contains("champion")), ("MODEL_IN_USE", true));
        selector.move_alias(TENANT, alias(None)).await.unwrap();
        let stale = selector.change_model(TENANT, archive(Expected::Version(2))).await.unwrap_err();
        assert_eq!((stale.class(), stale.code()), (kernel::Class::PreconditionFailed, "MODEL_CHANGED"));
        let archived = selector.change_model(TENANT, archive(Expected::Version(1))).await.unwrap();
        assert_eq!((archived.state, archived.state_version), (ModelState::Archived, 2));
        assert_eq!(selector.change_model(TENANT, archive(Expected::Any)).await.unwrap(), archived);
        let refused = selector.move_alias(TENANT, alias(Some(id))).await.unwrap_err();
        assert_eq!(refused.code(), "MODEL_ARCHIVED");
        assert_eq!(selector.reader().models(TENANT, None, 10).await.unwrap(), [listed(archived)]);
        let restored = selector.change_model(TENANT, change(ModelState::Registered, Expected::Any)).await.unwrap();
        assert_eq!((restored.state, restored.state_version), (ModelState::Registered, 3));
        selector.move_alias(TENANT, alias(Some(id))).await.unwrap();
        let events = selector.reader().model_events(TENANT, id).await.unwrap();
        let states: Vec<_> = events.iter().map(|event| (event.version, event.state)).collect();
        let (registered, archived) = (ModelState::Registered, ModelState::Archived);
        assert_eq!(states, [(1, registered), (2, archived), (3, registered)]);
        let unknown = ModelId::new(&clock());
        assert_eq!(selector.reader().model_events(TENANT, unknown).await.unwrap_err().code(), "NOT_FOUND");
    }

    async fn who_archives_and_who_points_an_alias_at_it_do_not_both_succeed(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let (selector, id) = (&fixture.selector, fixture.registered(pair, "naive").await.model_id);
        let expected = Expected::Any;
        let to = MoveAlias {
            alias_name: "a".to_owned(),
            model_id: Some(id),
            moved_by: "ada".to_owned(),
            reason: None,
            expected,
        };
        let archive = ChangeModel {
            model_id: id,
            state: ModelState::Archived,
            changed_by: "bob".to_owned(),
            reason: None,
            expected,
        };
        let (moved, changed) =
            futures::future::join(selector.move_alias(TENANT, to), selector.change_model(TENANT, archive)).await;
        assert_ne!(moved.is_ok(), changed.is_ok(), "{moved:?} {changed:?}");
    }

    async fn a_damaged_model_hides_no_other(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let sound = fixture.registered(pair, "naive").await;
        // As somebody with the database in hand would leave it: no event, and a date that is none.
        let sql = "INSERT INTO registered_model SELECT $1, tenant_id, $2, NULL, NULL, model_type, params, config_hash,
                series_name, 'luck', window_end, horizon, metrics, 'holdout', artifact_id, artifact_digest,
                artifact_size_bytes, description, registered_by, registered_us FROM registered_model";
        let other = fixture.submit(on_pair(pair, 120, &["naive"])).await;
        fixture.execute(sql, vec![ModelId::new(&clock()).into(), other.into()]).await;
        let models = fixture.selector.reader().models(TENANT, None, 10).await.unwrap();
        let [Listed::Damaged { reason, .. }, other] = &models[..] else { panic!("{models:?}") };
        assert_eq!((reason.as_str(), other), ("the stored model state is not readable", &listed(sound)));
        let first = fixture.selector.reader().models(TENANT, None, 1).await.unwrap();
        let next = fixture.selector.reader().models(TENANT, Some(first[0].id()), 1).await.unwrap();
        assert_eq!([first, next].concat(), models);
    }

    async fn verifying_finds_changed_and_missing_bytes(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let model = fixture.registered(pair, "naive").await;
        let verify = async || fixture.selector.reader().verify_model(TENANT, model.model_id).await.unwrap();
        let sound = verify().await;
        assert!(sound.verified && sound.reason.is_none(), "{sound:?}");
        assert_eq!(sound.computed_digest, Some(model.artifact_digest));

        let name = model.artifact_digest.to_string();
        let file = fixture.db.dir().join("artifacts").join(&name[..2]).join(&name);
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&file, [&bytes[1..], b" "].concat()).unwrap();
        let changed = verify().await;
        assert!(!changed.verified);
        assert!(changed.computed_digest.is_some_and(|found| found != model.artifact_digest), "{changed:?}");
        std::fs::remove_file(&file).unwrap();
        let missing = verify().await;
        assert!(!missing.verified && missing.computed_digest.is_none(), "{missing:?}");
        let unknown = fixture.selector.reader().verify_model(TENANT, ModelId::new(&clock())).await.unwrap_err();
        assert_eq!(unknown.code(), "NOT_FOUND");
    }
}
