//! Aliases and their history.

use kernel::{Class, Fault};
use model_selection::registry::{Expected, MoveAlias};
use test_support::on_both_databases;
use wire::model_selection::ModelId;

use crate::support::{Fixture, TENANT, clock, weekly};

fn to(model_id: ModelId, expected: Expected) -> MoveAlias {
    MoveAlias {
        alias_name: "demo-production".to_owned(),
        model_id: Some(model_id),
        moved_by: "ada".to_owned(),
        reason: Some("better".to_owned()),
        expected,
    }
}

on_both_databases! {
    async fn an_alias_points_where_it_was_moved_last_and_keeps_its_history(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let naive = fixture.registered(pair, "naive").await.model_id;
        let season = fixture.registered(pair, "seasonal_naive").await.model_id;
        let selector = &fixture.selector;

        let first = selector.move_alias(TENANT, to(naive, Expected::Absent)).await.unwrap();
        assert_eq!((first.version, first.model_id, first.model_type.as_deref()), (1, Some(naive), Some("naive")));
        let unmoved = selector.move_alias(TENANT, to(naive, Expected::Any)).await.unwrap();
        assert_eq!(unmoved, first);
        let second = selector.move_alias(TENANT, to(season, Expected::Version(1))).await.unwrap();
        let third = selector.move_alias(TENANT, to(naive, Expected::Any)).await.unwrap();
        assert_eq!((second.version, third.version), (2, 3));
        assert_eq!(selector.reader().alias(TENANT, "demo-production").await.unwrap(), third);
        assert_eq!(selector.reader().aliases(TENANT).await.unwrap(), [third]);
        let moves = selector.reader().alias_moves(TENANT, "demo-production").await.unwrap();
        let path: Vec<_> = moves.iter().map(|one| (one.version, one.from_model_id, one.to_model_id)).collect();
        assert_eq!(path, [(1, None, Some(naive)), (2, Some(naive), Some(season)), (3, Some(season), Some(naive))]);
    }

    async fn an_alias_points_at_nothing_again_for_a_reason_and_stays_on_record(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let naive = fixture.registered(pair, "naive").await.model_id;
        let selector = &fixture.selector;
        let withdraw = |expected| MoveAlias { model_id: None, ..to(naive, expected) };
        let absent = selector.move_alias(TENANT, withdraw(Expected::Any)).await.unwrap_err();
        assert_eq!(absent.code(), "NOT_FOUND");
        selector.move_alias(TENANT, to(naive, Expected::Any)).await.unwrap();
        for reason in [None, Some("  ".to_owned())] {
            let silent = MoveAlias { reason, ..withdraw(Expected::Any) };
            let error = selector.move_alias(TENANT, silent).await.unwrap_err();
            assert_eq!(error.fields()[0].field, "reason");
        }
        let stale = selector.move_alias(TENANT, withdraw(Expected::Version(7))).await.unwrap_err();
        assert_eq!(stale.code(), "ALIAS_MOVED");
        let gone = selector.move_alias(TENANT, withdraw(Expected::Version(1))).await.unwrap();
        assert_eq!((gone.version, gone.model_id, gone.model_type.as_ref()), (2, None, None));
        assert_eq!(selector.move_alias(TENANT, withdraw(Expected::Any)).await.unwrap(), gone);
        assert_eq!(selector.reader().alias(TENANT, "demo-production").await.unwrap(), gone);
        assert_eq!(selector.reader().aliases(TENANT).await.unwrap(), [gone]);
        let back = selector.move_alias(TENANT, to(naive, Expected::Version(2))).await.unwrap();
        assert_eq!((back.version, back.model_id), (3, Some(naive)));
        let moves = selector.reader().alias_moves(TENANT, "demo-production").await.unwrap();
        let path: Vec<_> = moves.iter().map(|one| (one.from_model_id, one.to_model_id)).collect();
        assert_eq!(path, [(None, Some(naive)), (Some(naive), None), (None, Some(naive))]);
    }

    async fn who_saw_an_older_version_moves_nothing(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let naive = fixture.registered(pair, "naive").await.model_id;
        let season = fixture.registered(pair, "seasonal_naive").await.model_id;
        let selector = &fixture.selector;
        selector.move_alias(TENANT, to(naive, Expected::Any)).await.unwrap();
        selector.move_alias(TENANT, to(season, Expected::Version(1))).await.unwrap();
        for stale in [Expected::Version(1), Expected::Absent] {
            let error = selector.move_alias(TENANT, to(naive, stale)).await.unwrap_err();
            assert_eq!((error.class(), error.code()), (Class::PreconditionFailed, "ALIAS_MOVED"));
        }
        assert_eq!(selector.reader().alias(TENANT, "demo-production").await.unwrap().version, 2);
    }

    async fn of_two_movers_at_once_one_wins_and_the_other_is_told(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let naive = fixture.registered(pair, "naive").await.model_id;
        let season = fixture.registered(pair, "seasonal_naive").await.model_id;
        let selector = &fixture.selector;
        let (one, other) = futures::future::join(
            selector.move_alias(TENANT, to(naive, Expected::Absent)),
            selector.move_alias(TENANT, to(season, Expected::Absent)),
        )
        .await;
        assert_eq!([&one, &other].iter().filter(|moved| moved.is_ok()).count(), 1);
        let error = one.err().or(other.err()).unwrap();
        assert_eq!(error.code(), "ALIAS_MOVED");
    }

    async fn an_alias_needs_a_name_a_mover_and_a_registered_model(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let selector = &fixture.selector;
        let nowhere = ModelId::new(&clock());
        let error = selector.move_alias(TENANT, to(nowhere, Expected::Any)).await.unwrap_err();
        assert_eq!((error.class(), error.fields()[0].field.as_str()), (Class::Invalid, "model_id"));
        let wrong = MoveAlias {
            alias_name: "Demo Production".to_owned(),
            moved_by: String::new(),
            reason: Some("x".repeat(501)),
            ..to(nowhere, Expected::Any)
        };
        let fields = selector.move_alias(TENANT, wrong).await.unwrap_err().fields();
        let names: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["alias_name", "moved_by", "reason"]);
        assert_eq!(selector.reader().alias(TENANT, "none").await.unwrap_err().code(), "NOT_FOUND");
        assert_eq!(selector.reader().alias(TENANT, "a\0b").await.unwrap_err().code(), "NOT_FOUND");
        assert_eq!(selector.reader().alias_moves(TENANT, "a\0b").await.unwrap_err().code(), "NOT_FOUND");
        let control = MoveAlias { moved_by: "a\0".to_owned(), reason: Some("b\0".to_owned()), ..to(nowhere, Expected::Any) };
        assert_eq!(selector.move_alias(TENANT, control).await.unwrap_err().fields().len(), 2);
        assert_eq!(selector.reader().alias_moves(TENANT, "none").await.unwrap_err().code(), "NOT_FOUND");
    }
}
