//! Why a PostgreSQL server cannot be had. A pool tries again for as long as it may, and then only says that its time is
//! over; one connection of its own says at once what is wrong.

use std::time::Duration;

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{Connection, Error as SqlxError, PgConnection};

use super::{DbError, shown_address};

/// Connects once and hangs up.
pub(super) async fn try_once(url: &str, patience: Duration) -> Result<(), DbError> {
    let refused = |why: String| DbError::Refused { shown: shown_address(url), why };
    let options: PgConnectOptions = url.parse().map_err(|error| refused(said(&error)))?;
    let server = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    match tokio::time::timeout(patience, PgConnection::connect_with(&options)).await {
        Err(_) => Err(refused(format!("{server} does not answer"))),
        Ok(Err(SqlxError::Io(error))) => Err(refused(format!("{server}: {}", error.kind()))),
        Ok(Err(error)) => Err(refused(said(&error))),
        // It answered; how it takes the hanging up says nothing.
        Ok(Ok(conn)) => {
            let _hung_up = conn.close().await;
            Ok(())
        }
    }
}

/// What the server says, without the line of its own source that the driver adds.
fn said(error: &SqlxError) -> String {
    match error {
        SqlxError::Database(error) => error.message().to_owned(),
        other => other.to_string(),
    }
}
