//! Tokens as whoever holds the machine makes them: from the command line, and a server that asks from then on.

use client::{Client, Error, Tcp};
use serde_json::Value;
use tempfile::tempdir;

use crate::support::{Server, assay, json, run, stderr, stdout};

fn caller(server: &Server, token: Option<&str>) -> Client {
    Client::new(Tcp::new(&server.address).unwrap(), token)
}

async fn refusal(client: &Client) -> Option<String> {
    match client.tokens().await {
        Err(Error::Problem(problem)) => Some(problem.code.clone()),
        other => other.map(|_| None).unwrap(),
    }
}

#[tokio::test]
async fn a_server_asks_from_the_first_token_on_and_a_revoked_one_opens_nothing() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path());
    assert_eq!(refusal(&caller(&server, None)).await, None);
    let made = run(
        dir.path(),
        &["token", "create", "--name", "laptop", "--scope", "admin,runs:read", "--expires", "30d"],
    );
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    // The secret alone is on standard output, for a script to take.
    let secret = stdout(&made).trim().to_owned();
    assert!(secret.starts_with("assay_") && !secret.contains(char::is_whitespace), "{secret}");
    assert!(stderr(&made).contains("shown once"), "{}", stderr(&made));
    let holder = caller(&server, Some(&secret));
    assert_eq!(refusal(&holder).await, None);
    // The running server learns of it within a second: it is asked until it asks.
    while refusal(&caller(&server, None)).await.is_none() {}
    assert_eq!(refusal(&caller(&server, None)).await.as_deref(), Some("TOKEN_REQUIRED"));
    let listed = json(dir.path(), &["token", "list", "--json"]);
    let id = listed["items"][0]["token_id"].as_str().unwrap();
    assert_eq!(listed["items"][0]["scopes"], Value::from(vec!["runs:read", "admin"]));
    assert_eq!(run(dir.path(), &["token", "revoke", id]).status.code(), Some(0));
    assert_eq!(refusal(&holder).await.as_deref(), Some("REVOKED_TOKEN"));
    let told = stdout(&run(dir.path(), &["token", "events"]));
    assert!(told.contains("token.created laptop") && told.contains("token.revoked laptop"), "{told}");
}

#[test]
fn with_a_token_a_server_may_be_reached_from_elsewhere() {
    let dir = tempdir().unwrap();
    let serve = ["serve", "--bind", "0.0.0.0:0"];
    let refused = run(dir.path(), &serve);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("assay token create"), "{}", stderr(&refused));
    json(dir.path(), &["token", "create", "--name", "first", "--json"]);
    let mut command = assay(dir.path());
    command.args(serve);
    let server = Server::spawn_as_is(command);
    server.terminate();
}

#[test]
fn a_wrong_flag_is_named_as_it_was_typed() {
    let dir = tempdir().unwrap();
    for (arguments, flag) in [
        (&["--name", " "][..], "--name"),
        (&["--name", "a", "--scope", "runs:fly"], "--scope"),
        (&["--name", "a", "--expires", "0d"], "--expires"),
        (&["--name", "a", "--tenant", "A B"], "--tenant"),
    ] {
        let wrong = run(dir.path(), &[&["token", "create"], arguments].concat());
        assert_eq!(wrong.status.code(), Some(2), "{}", stderr(&wrong));
        assert!(stderr(&wrong).contains(flag), "{}", stderr(&wrong));
    }
}
