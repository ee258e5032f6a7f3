//! Addresses of databases: which are taken, and what of them may be shown.

use std::path::PathBuf;

use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use url::Url;

use super::DbError;

/// An address that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    Postgres,
}

/// What follows `?` in the address of a PostgreSQL server. The driver logs others together with their value, which
/// may be a secret under a wrong name.
const PARAMETERS: [&str; 19] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
    "options[",
];

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, DbError> {
        let unreadable = || DbError::Address { shown: shown_address(url) };
        if url.starts_with("sqlite:") {
            let options: SqliteConnectOptions = url.parse().map_err(|_| unreadable())?;
            return Ok(Self::Sqlite(options.get_filename().to_owned()));
        }
        let parsed = Url::parse(url).map_err(|_| unreadable())?;
        if !is_postgres(&parsed) || !url.contains("://") {
            return Err(unreadable());
        }
        let is_known = |key: &str| PARAMETERS.contains(&key) || key.starts_with("options[");
        if !parsed.query_pairs().all(|(key, _)| is_known(&key)) {
            return Err(DbError::Parameter { shown: shown_address(url) });
        }
        Ok(Self::Postgres)
    }
}

/// The file of a SQLite database; of another address nothing.
pub fn database_file(url: &str) -> Option<PathBuf> {
    match Address::parse(url) {
        Ok(Address::Sqlite(file)) => Some(file),
        _ => None,
    }
}

fn is_postgres(url: &Url) -> bool {
    matches!(url.scheme(), "postgres" | "postgresql")
}

/// An address as messages show it: file or server and name of the database, and nothing that could be a secret. Of
/// what is not understood, at most the scheme.
pub fn shown_address(url: &str) -> String {
    if let Some(file) = url.strip_prefix("sqlite:") {
        return format!("sqlite:{}", file.split('?').next().unwrap_or_default());
    }
    let scheme = match url.split_once("://") {
        Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphabetic()) => scheme,
        _ => return "…".to_owned(),
    };
    match Url::parse(url) {
        Ok(parsed) if is_postgres(&parsed) && !is_torn(&parsed) => {
            let host = parsed.host_str().unwrap_or_default();
            let port = parsed.port().map_or_else(String::new, |port| format!(":{port}"));
            format!("{scheme}://{host}{port}{}", parsed.path())
        }
        _ => format!("{scheme}://…"),
    }
}

/// A password with `/`, `?` or `#` in it that is not escaped tears the address apart: its rest stands behind the server.
fn is_torn(url: &Url) -> bool {
    let behind = [Some(url.path()), url.query(), url.fragment()];
    url.fragment().is_some() || behind.into_iter().flatten().any(|part| part.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_shows_a_secret() {
        for (url, shown) in [
            ("postgres://me:hunter2@db/assay", "postgres://db/assay"),
            ("postgresql://hunter2@db:5433/assay", "postgresql://db:5433/assay"),
            ("postgres://h/x?password=hunter2", "postgres://h/x"),
            ("postgres://h/x?PGPASSWORD=hunter2&sslmode=disable", "postgres://h/x"),
            ("postgres://me:12/hunter2@db/x", "postgres://…"),
            ("postgres://me:12?hunter2@db/x", "postgres://…"),
            ("postgres://me:12#hunter2@db/x", "postgres://…"),
            ("postgres://me:hunter2#@db/x", "postgres://…"),
            ("postgres//me:hunter2@db/x", "…"),
            ("postgres:/me:hunter2@db/x", "…"),
            ("postgres:me:hunter2@db/x", "…"),
            ("mysql://me:hunter2@db/x", "mysql://…"),
            ("hunter2", "…"),
            ("me:hunter2://db", "…"),
            ("sqlite:///var/assay.db?key=hunter2", "sqlite:///var/assay.db"),
        ] {
            assert_eq!(shown_address(url), shown, "{url}");
            if let Err(error) = Address::parse(url) {
                assert!(!error.to_string().contains("hunter2"), "{error}");
            }
        }
    }

    #[test]
    fn a_parameter_the_driver_does_not_know_is_refused_and_the_known_ones_are_taken() {
        let parse = |url: &str| Address::parse(url);
        assert!(matches!(parse("postgres://h/x?passwd=y"), Err(DbError::Parameter { .. })));
        assert_eq!(parse("postgres://h/x?sslmode=disable&options[a]=b").unwrap(), Address::Postgres);
        assert_eq!(parse("sqlite:///a/b.db?mode=rwc").unwrap(), Address::Sqlite("/a/b.db".into()));
        assert!(matches!(parse("mysql://h/x"), Err(DbError::Address { .. })));
    }
}
