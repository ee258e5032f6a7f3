//! `assay token create|list|revoke|events`: who may call a server.

use std::io::Write as _;

use client::Client;
use wire::access::{EventsQuery, NewToken, Scope, Token as Shown};

use super::{close, open, print_exact, print_json, print_line};
use crate::cli::{Place, Token, TokenCreate};
use crate::exit::Exit;
use crate::flags::{Flags, by_the_flags};
use crate::table::{Column, print};

/// How the fields of a request are called on the command line.
const FLAGS: Flags =
    &[("name", "--name"), ("scopes", "--scope"), ("expires_in_days", "--expires"), ("tenant", "--tenant")];

pub(crate) async fn run(place: &Place, command: Token) -> anyhow::Result<Exit> {
    let system = open(place).await?;
    let done = act(&system.client, command).await;
    close(system, done).await
}

async fn act(client: &Client, command: Token) -> anyhow::Result<Exit> {
    match command {
        Token::Create(new) => create(client, new).await,
        Token::List { output } => {
            let tokens = client.tokens().await?;
            if output.json {
                print_json(&tokens)?;
            } else {
                list(&tokens.items)?;
            }
            Ok(Exit::Ok)
        }
        Token::Revoke { token, output } => {
            let revoked = client.revoke_token(token).await?;
            if output.json {
                print_json(&revoked)?;
            } else {
                print_line(&format!("{} opens nothing any more", revoked.name))?;
            }
            Ok(Exit::Ok)
        }
        Token::Events { after, output } => events(client, after, output.json).await,
    }
}

async fn create(client: &Client, new: TokenCreate) -> anyhow::Result<Exit> {
    let request = NewToken {
        name: new.name,
        scopes: (!new.scopes.is_empty()).then_some(new.scopes),
        expires_in_days: new.expires,
        tenant: new.tenant,
    };
    let made = client.create_token(&request).await.map_err(|error| by_the_flags(error, FLAGS))?;
    if new.output.json {
        print_json(&made)?;
        return Ok(Exit::Ok);
    }
    print_exact(&made.secret)?;
    // Beside the secret, so that a script that takes that does not take this.
    writeln!(std::io::stderr().lock(), "{}", told(&made.token))?;
    Ok(Exit::Ok)
}

/// What is said of a token that was made now, beside its secret.
fn told(token: &Shown) -> String {
    let end = token
        .expires_at
        .map_or_else(|| "never ends".to_owned(), |end| format!("ends {}", end.format("%Y-%m-%d")));
    format!(
        "This is shown once. The token is for {}, may {}, and {end}. Servers on these data ask every caller from now on; \
         take the token back with `assay token revoke {}`.",
        token.tenant,
        words(&token.scopes),
        token.token_id
    )
}

fn words(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ")
}

fn list(tokens: &[Shown]) -> anyhow::Result<()> {
    if tokens.is_empty() {
        return print_line(
            "There is no token: a server on these data asks nobody. `assay token create` makes one.",
        );
    }
    let columns = ["token", "name", "state", "ends", "scopes"].map(Column::text);
    let rows: Vec<Vec<String>> = tokens
        .iter()
        .map(|token| {
            let end =
                token.expires_at.map_or_else(|| "never".to_owned(), |end| end.format("%Y-%m-%d").to_string());
            let (id, state) = (token.token_id.to_string(), token.state.to_string());
            vec![id, token.name.clone(), state, end, words(&token.scopes)]
        })
        .collect();
    Ok(print(&mut std::io::stdout().lock(), &columns, &rows)?)
}

async fn events(client: &Client, after: u64, is_json: bool) -> anyhow::Result<Exit> {
    let query = EventsQuery { after: Some(after), limit: None };
    let events = client.access_events(&query).await?;
    if is_json {
        print_json(&events)?;
    } else {
        for one in &events.items {
            let event = &one.event;
            let by =
                event.by.map_or_else(|| "whoever holds the machine".to_owned(), |token| token.to_string());
            let at = event.at.format("%Y-%m-%d %H:%M:%S");
            print_line(&format!(
                "{} {at} {} {} ({}) by {by}",
                one.seq, event.deed, event.name, event.token_id
            ))?;
        }
    }
    Ok(if events.is_verified { Exit::Ok } else { Exit::NotVerified })
}
