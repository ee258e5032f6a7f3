//! `assay migrate up|down`.

use kernel::{Db, shown_address};

use super::print_line;
use crate::cli::{Migrate, Place};
use crate::config::DataDir;
use crate::exit::{Exit, Failed};
use crate::system;

pub(crate) async fn run(place: &Place, command: Migrate) -> anyhow::Result<Exit> {
    let url = DataDir::open(place)?.database_url(place);
    let shown = shown_address(&url);
    match command {
        Migrate::Up => {
            system::migrate(&url).await?;
            print_line(&format!("{shown} is up to date"))?;
        }
        Migrate::Down { yes: false } => {
            let message = format!("this deletes all data in {shown}; say --yes to do it");
            return Err(Failed::new(Exit::Usage, message).into());
        }
        Migrate::Down { yes: true } => {
            let conn = Db::open_for_migration(&url).await?;
            let migrated = migration::down(&conn).await;
            conn.close().await?;
            migrated?;
            print_line(&format!("{shown} is empty"))?;
        }
    }
    Ok(Exit::Ok)
}
