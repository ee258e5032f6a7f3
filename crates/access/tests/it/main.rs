//! Tokens on both databases.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::sync::Arc;
use std::time::Duration;

use access::{Access, Error};
use kernel::{Fault as _, SharedClock, Tenant};
use ledger::Ledger;
use test_support::{FrozenClock, TestDb, frozen_clock, on_both_databases};
use wire::access::{Deed, NewToken, Scope, TokenState};

struct Fixture {
    access: Access,
    clock: Arc<FrozenClock>,
    owner: TestDb,
}

impl Fixture {
    fn new(owner: TestDb) -> Self {
        let clock = frozen_clock();
        Self { access: open(&owner, &clock), clock, owner }
    }

    async fn secret(&self, new: &NewToken) -> String {
        self.access.create(Tenant::LOCAL, None, new).await.unwrap().secret
    }

    async fn code(&self, secret: &str) -> &'static str {
        self.access.reader().authenticate(secret).await.err().map_or("", |error| error.code())
    }
}

fn open(owner: &TestDb, clock: &Arc<FrozenClock>) -> Access {
    let clock: SharedClock = Arc::clone(clock) as SharedClock;
    Access::open(&owner.db, Ledger::open(owner.db.clone()), clock)
}

fn token(name: &str) -> NewToken {
    NewToken { name: name.to_owned(), scopes: None, expires_in_days: None, tenant: None }
}

const DAY: Duration = Duration::from_hours(24);

on_both_databases! {
    async fn a_token_opens_what_it_was_made_for_until_its_end(db: TestDb) {
        let fixture = Fixture::new(db);
        let reading = NewToken { scopes: Some(vec![Scope::RunsRead]), expires_in_days: Some(2), ..token("reads") };
        let secret = fixture.secret(&reading).await;
        let found = fixture.access.reader().authenticate(&secret).await.unwrap();
        assert_eq!((found.tenant.id(), found.tenant.scopes()), (Tenant::LOCAL.id(), Scope::RunsRead.alone()));
        fixture.clock.advance(2 * DAY);
        assert_eq!(fixture.code(&secret).await, "EXPIRED_TOKEN");
        assert_eq!(fixture.code("assay_guessed").await, "UNKNOWN_TOKEN");
        let listed = fixture.access.reader().tokens(Tenant::LOCAL).await.unwrap().items;
        assert_eq!(listed.iter().map(|token| token.state).collect::<Vec<_>>(), [TokenState::Expired]);
    }

    async fn nobody_is_asked_until_there_is_a_token_and_everybody_from_then_on(db: TestDb) {
        let fixture = Fixture::new(db);
        let beside = open(&fixture.owner, &fixture.clock);
        assert!(!beside.reader().asks().await.unwrap());
        let made = fixture.access.create(Tenant::LOCAL, None, &token("first")).await.unwrap();
        assert!(fixture.access.reader().asks().await.unwrap());
        // Another process has looked just now, and looks again a second later.
        fixture.clock.advance(Duration::from_secs(1));
        assert!(beside.reader().asks().await.unwrap());
        fixture.access.revoke(Tenant::LOCAL, None, made.token.token_id).await.unwrap();
        assert!(open(&fixture.owner, &fixture.clock).reader().asks().await.unwrap());
    }

    async fn first_tokens_that_are_made_at_the_same_moment_are_all_made(db: TestDb) {
        let fixture = Fixture::new(db);
        let named = |at: u8| NewToken { tenant: at.is_multiple_of(2).then(|| "shop".to_owned()), ..token("first") };
        let asked: Vec<_> = (0..8).map(named).collect();
        let made = asked.iter().map(|new| fixture.access.create(Tenant::LOCAL, None, new));
        let made: Vec<_> = futures::future::join_all(made).await.into_iter().map(Result::unwrap).collect();
        let of_shop = made.iter().filter(|made| made.token.tenant == "shop").count();
        assert_eq!((made.len(), of_shop), (8, 4));
        let events = fixture.access.reader().events(Tenant::LOCAL, 0, 100).await.unwrap();
        assert_eq!((events.items.len(), events.is_verified), (4, true));
    }

    async fn a_session_ends_with_its_token_and_at_the_end_of_its_half_day(db: TestDb) {
        let fixture = Fixture::new(db);
        let made = fixture.access.create(Tenant::LOCAL, None, &token("browser")).await.unwrap();
        let session = fixture.access.open_session(&made.secret).await.unwrap();
        let found = fixture.access.reader().authenticate(&session.secret).await.unwrap();
        assert_eq!(Scope::of(found.tenant.scopes()), made.token.scopes);
        // It gets no session of its own, and is no token of the list.
        assert!(matches!(fixture.access.open_session(&session.secret).await, Err(Error::Unknown)));
        assert_eq!(fixture.access.reader().tokens(Tenant::LOCAL).await.unwrap().items.len(), 1);
        fixture.clock.advance(DAY / 2);
        assert_eq!(fixture.code(&session.secret).await, "EXPIRED_TOKEN");
        let session = fixture.access.open_session(&made.secret).await.unwrap();
        fixture.access.revoke(Tenant::LOCAL, None, made.token.token_id).await.unwrap();
        assert_eq!(fixture.code(&session.secret).await, "REVOKED_TOKEN");
        assert_eq!(fixture.code(&made.secret).await, "REVOKED_TOKEN");
    }

    async fn a_session_that_was_closed_is_closed_and_its_token_is_not(db: TestDb) {
        let fixture = Fixture::new(db);
        let made = fixture.access.create(Tenant::LOCAL, None, &token("browser")).await.unwrap();
        let session = fixture.access.open_session(&made.secret).await.unwrap();
        fixture.access.close_session(Tenant::LOCAL, session.token.token_id).await.unwrap();
        assert_eq!(fixture.code(&session.secret).await, "REVOKED_TOKEN");
        assert_eq!(fixture.code(&made.secret).await, "");
        let token = made.token.token_id;
        assert!(matches!(fixture.access.close_session(Tenant::LOCAL, token).await, Err(Error::NotFound)));
        assert!(matches!(fixture.access.revoke(Tenant::LOCAL, None, session.token.token_id).await, Err(Error::NotFound)));
    }

    async fn no_token_makes_a_better_one_or_one_of_another_tenant(db: TestDb) {
        let fixture = Fixture::new(db);
        let own = NewToken { scopes: Some(vec![Scope::Admin, Scope::LabRead]), tenant: Some("team-a".to_owned()), ..token("a") };
        let made = fixture.access.create(Tenant::LOCAL, None, &own).await.unwrap();
        let caller = fixture.access.reader().authenticate(&made.secret).await.unwrap();
        assert_ne!(caller.tenant.id(), Tenant::LOCAL.id());
        let make = async |new: NewToken| {
            fixture.access.create(caller.tenant, Some(caller.token), &new).await.map_err(|error| error.code())
        };
        let better = NewToken { scopes: Some(vec![Scope::RunsWrite]), ..token("better") };
        assert_eq!(make(better).await.unwrap_err(), "SCOPE_BEYOND_OWN");
        let foreign = NewToken { tenant: Some("local".to_owned()), ..token("foreign") };
        assert_eq!(make(foreign).await.unwrap_err(), "TENANT_NOT_OWN");
        let same = make(NewToken { tenant: Some("team-a".to_owned()), ..token("same") }).await.unwrap();
        assert_eq!((same.token.tenant.as_str(), &same.token.scopes[..]), ("team-a", &[Scope::LabRead][..]));
        // A token of one tenant is none of another's.
        let id = same.token.token_id;
        assert!(matches!(fixture.access.revoke(Tenant::LOCAL, None, id).await, Err(Error::NotFound)));
        // The same name is the same tenant.
        let again = fixture.access.create(Tenant::LOCAL, None, &own).await.unwrap();
        let again = fixture.access.reader().authenticate(&again.secret).await.unwrap();
        assert_eq!(again.tenant.id(), caller.tenant.id());
    }

    async fn what_is_wrong_with_a_field_is_said_and_nothing_is_made(db: TestDb) {
        let fixture = Fixture::new(db);
        let wrong = [
            (token(" "), "name"),
            (token("a\nb"), "name"),
            (NewToken { scopes: Some(Vec::new()), ..token("a") }, "scopes"),
            (NewToken { scopes: Some(vec![Scope::RunsRead; 8]), ..token("a") }, "scopes"),
            (NewToken { expires_in_days: Some(0), ..token("a") }, "expires_in_days"),
            (NewToken { tenant: Some("-a".to_owned()), ..token("a") }, "tenant"),
            (NewToken { tenant: Some("A".to_owned()), ..token("a") }, "tenant"),
        ];
        for (new, field) in wrong {
            let error = fixture.access.create(Tenant::LOCAL, None, &new).await.unwrap_err();
            assert_eq!(error.fields()[0].field, field, "{error}");
        }
        assert!(!fixture.access.reader().asks().await.unwrap());
    }

    async fn everything_that_is_done_stands_in_the_ledger_of_the_tenant(db: TestDb) {
        let fixture = Fixture::new(db);
        let made = fixture.access.create(Tenant::LOCAL, None, &token("browser")).await.unwrap();
        let id = made.token.token_id;
        let session = fixture.access.open_session(&made.secret).await.unwrap().token.token_id;
        fixture.access.close_session(Tenant::LOCAL, session).await.unwrap();
        fixture.access.close_session(Tenant::LOCAL, session).await.unwrap();
        fixture.access.revoke(Tenant::LOCAL, Some(id), id).await.unwrap();
        let events = fixture.access.reader().events(Tenant::LOCAL, 0, 100).await.unwrap();
        let told: Vec<_> = events.items.iter().map(|one| (one.seq, one.event.deed, one.event.token_id, one.event.by)).collect();
        let expected = [
            (1, Deed::TokenCreated, id, None),
            (2, Deed::SessionOpened, session, Some(id)),
            (3, Deed::SessionClosed, session, Some(session)),
            (4, Deed::TokenRevoked, id, Some(id)),
        ];
        assert_eq!(told, expected);
        assert!(events.is_verified && events.last_seq == 4);
        let later = fixture.access.reader().events(Tenant::LOCAL, 3, 100).await.unwrap();
        assert_eq!(later.items.len(), 1);
    }
}
