//! The key that signs the log of ends: a file in the data directory, which only its owner reads.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use kernel::Digest;
use ledger::{KeySource, Log, LogReader};
use tlog::Signer;

use crate::cli::Place;
use crate::config::{DataDir, fresh_secret, write_secret};
use crate::exit::{Exit, Failed};

const KEY: &str = "log.key";
/// A new key until it is listed; after a crash at that moment it is the one that signs.
const NEXT: &str = "log.key.next";

/// Makes the first key of a log that has none, and holds the name that was asked for against that of the log.
pub(crate) async fn make(data: &DataDir, place: &Place, log: &LogReader) -> anyhow::Result<()> {
    let listed = log.keys().await?.pop().map(|key| key.key);
    let own = read(&data.path().join(KEY))?.map(|signer| signer.verifier().to_string());
    let (secret, asked) = (fresh_secret()?, place.log_name.as_deref());
    match listed.or(own) {
        Some(key) => check_name(&key, asked),
        None => data.make_secret(KEY, new_key(asked, &secret)?.to_secret().as_bytes()),
    }
}

/// Finds the private half of a key where this directory has it.
pub(crate) fn source(data: &DataDir) -> KeySource {
    let dir = data.path().to_owned();
    Arc::new(move |listed| {
        let mut kept = [KEY, NEXT].into_iter().filter_map(|name| read(&dir.join(name)).ok().flatten());
        match listed {
            None => kept.next(),
            Some(listed) => kept.find(|signer| signer.verifier().to_string() == listed),
        }
    })
}

/// Makes a new key under the log's name and lists it. It is kept before it is listed, so that it is never lost.
pub(crate) async fn rotate(data: &DataDir, log: &Log) -> anyhow::Result<()> {
    let (key, next) = (data.path().join(KEY), data.path().join(NEXT));
    let listed = log.reader().keys().await?.pop();
    // A rotation that was interrupted after it was listed is brought to its end first.
    let is_left =
        |signer: &Signer| listed.as_ref().is_some_and(|key| key.key == signer.verifier().to_string());
    if read(&next)?.as_ref().is_some_and(is_left) {
        fs::rename(&next, &key).with_context(|| format!("cannot replace {}", key.display()))?;
    }
    let name = log.reader().checkpoint().await?.checkpoint.origin;
    let signer = new_key(Some(&name), &fresh_secret()?)?;
    write_secret(&next, signer.to_secret().as_bytes())
        .with_context(|| format!("cannot write {}", next.display()))?;
    log.list(&signer).await?;
    fs::rename(&next, &key).with_context(|| format!("cannot replace {}", key.display()))
}

fn read(path: &Path) -> anyhow::Result<Option<Signer>> {
    match fs::read_to_string(path) {
        Ok(text) => match Signer::from_secret(text.trim_end()) {
            Ok(signer) => Ok(Some(signer)),
            Err(error) => {
                let message = format!(
                    "{} is damaged ({error}): restore it from a copy, or remove it and list another with `assay key rotate`",
                    path.display()
                );
                Err(Failed::new(Exit::Usage, message).into())
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Two logs never have one name: where none is asked for, it is drawn.
fn new_key(name: Option<&str>, secret: &[u8; 32]) -> anyhow::Result<Signer> {
    let name = match name {
        Some(name) => name.to_owned(),
        None => format!("assay.invalid/{}", &Digest::of(fresh_secret()?).to_string()[..16]),
    };
    let signer = Signer::new(&name, secret);
    signer.map_err(|error| Failed::new(Exit::Usage, format!("--log-name: {error}")).into())
}

fn check_name(key: &str, asked: Option<&str>) -> anyhow::Result<()> {
    let name = key.split('+').next().unwrap_or_default();
    match asked {
        Some(asked) if asked != name => {
            let message = format!("--log-name: the log is named {name} already, and a log keeps its name");
            Err(Failed::new(Exit::Usage, message).into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(dir: &Path) -> DataDir {
        let (database_url, artifacts, log_name) = (None, None, None);
        DataDir::open(&Place {
            data: Some(dir.to_owned()),
            database_url,
            artifacts,
            log_name,
            lease_ms: 10_000,
        })
        .unwrap()
    }

    #[test]
    fn a_key_is_found_by_its_public_half_and_a_damaged_one_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let keys = source(&data(dir.path()));
        assert!(keys(None).is_none());
        let (first, next) = (new_key(None, &[1; 32]).unwrap(), new_key(Some("a"), &[2; 32]).unwrap());
        data(dir.path()).make_secret(KEY, first.to_secret().as_bytes()).unwrap();
        data(dir.path()).make_secret(NEXT, next.to_secret().as_bytes()).unwrap();
        let found = |listed: Option<&str>| keys(listed).map(|signer| signer.verifier().to_string());
        let public = |signer: &Signer| signer.verifier().to_string();
        assert_eq!(found(None), Some(public(&first)));
        assert_eq!(found(Some(&public(&first))), Some(public(&first)));
        assert_eq!(found(Some(&public(&next))), Some(public(&next)));
        assert_eq!(found(Some(&public(&new_key(None, &[3; 32]).unwrap()))), None);
        fs::write(dir.path().join(KEY), "PRIVATE+KEY+a").unwrap();
        assert!(read(&dir.path().join(KEY)).unwrap_err().to_string().contains("log.key is damaged"));
    }
}
