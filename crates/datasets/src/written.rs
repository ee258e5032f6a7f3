//! The object of a data set, on its way into the store while its file is read.

use std::io;

use artifacts::{Store, StoreError, Stored};
use bytes::Bytes;
use kernel::Digest;
use series::columnar::DatasetWriter;
use series::intake::{self, Asked, Handed};
use tokio::sync::mpsc;

use crate::error::ImportError;
use crate::import::{Upload, asked};

/// Pieces that wait for the store, a group of series each.
const WAITING: usize = 1;

/// An object that is kept, and what it holds.
pub(crate) struct Written {
    /// Of the file.
    pub(crate) digest: Digest,
    pub(crate) content: Stored,
    pub(crate) series: u64,
    pub(crate) points: u64,
}

/// What goes to the store.
enum Piece {
    /// The next bytes.
    Bytes(Vec<u8>),
    /// Those before do not count.
    Anew,
}

/// Reads a file and keeps its series as an object; of a file that cannot be read nothing is kept.
pub(crate) async fn written(store: &Store, upload: Upload<'_>) -> Result<Written, ImportError> {
    let (bytes, asked) = (upload.bytes.clone(), asked(upload.query)?);
    let (sender, mut pieces) = mpsc::channel(WAITING);
    let reading = kernel::off_the_runtime(move || {
        let (series, points) = read(&bytes, &asked, &sender)?;
        Ok::<_, ImportError>((Digest::of(&bytes), series, points))
    });
    let mut object = store.upload();
    let kept = keep(store, &mut object, &mut pieces).await;
    // Nobody takes more of what is still read, which ends it.
    drop(pieces);
    let read = match kept {
        Ok(()) => reading.await,
        Err(error) => Err(error.into()),
    };
    match read {
        Ok((digest, series, points)) => {
            Ok(Written { digest, content: object.finish().await?, series, points })
        }
        Err(error) => {
            object.discard().await;
            Err(error)
        }
    }
}

/// Sends the object of a file's series, and counts these and their points.
fn read(bytes: &Bytes, asked: &Asked, sender: &mpsc::Sender<Piece>) -> Result<(u64, u64), ImportError> {
    let nobody = |_| StoreError::Write {
        object: "a data set".to_owned(),
        source: Box::new(io::Error::from(io::ErrorKind::BrokenPipe)),
    };
    let send = |piece| sender.blocking_send(piece).map_err(nobody);
    let mut writer = DatasetWriter::new();
    let report = intake::read_each(bytes, asked, &mut |handed| {
        match handed {
            Handed::Series(one) => {
                let bytes = writer.add(one)?;
                if !bytes.is_empty() {
                    send(Piece::Bytes(bytes))?;
                }
            }
            Handed::Anew => {
                writer = DatasetWriter::new();
                send(Piece::Anew)?;
            }
        }
        Ok::<(), ImportError>(())
    })?;
    let counts = (writer.series(), writer.points());
    send(Piece::Bytes(writer.finish(&report)?))?;
    Ok(counts)
}

async fn keep(
    store: &Store,
    object: &mut artifacts::Upload,
    pieces: &mut mpsc::Receiver<Piece>,
) -> Result<(), StoreError> {
    while let Some(piece) = pieces.recv().await {
        match piece {
            Piece::Bytes(bytes) => object.add(bytes.into()).await?,
            Piece::Anew => std::mem::replace(object, store.upload()).discard().await,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More than is written at once, so that it is staged.
    const LARGE: usize = 1 << 20;

    async fn kept(store: &Store, pieces: Vec<Piece>) -> artifacts::Upload {
        let (sender, mut receiver) = mpsc::channel(pieces.len());
        for piece in pieces {
            assert!(sender.try_send(piece).is_ok());
        }
        drop(sender);
        let mut object = store.upload();
        keep(store, &mut object, &mut receiver).await.unwrap();
        object
    }

    #[tokio::test]
    async fn what_does_not_count_is_taken_back() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::local(dir.path()).unwrap();
        let bytes = |letter| Piece::Bytes(vec![letter; LARGE]);
        let object = kept(&store, vec![bytes(b'a'), bytes(b'b'), Piece::Anew, bytes(b'c')]).await;
        let unfinished = || std::fs::read_dir(dir.path().join("unfinished")).unwrap().count();
        assert_eq!(unfinished(), 1);
        let stored = object.finish().await.unwrap();
        assert_eq!((stored.digest, stored.size_bytes), (Digest::of(vec![b'c'; LARGE]), LARGE as u64));
        kept(&store, vec![bytes(b'd')]).await.discard().await;
        assert_eq!(unfinished(), 0);
    }

    #[tokio::test]
    async fn a_file_that_nobody_takes_is_read_no_further() {
        let (sender, receiver) = mpsc::channel(WAITING);
        drop(receiver);
        let text = Bytes::from_static(b"date,value\n2024-01-01,1\n2024-01-02,2\n");
        let read = tokio::task::spawn_blocking(move || read(&text, &Asked::default(), &sender));
        assert!(matches!(read.await.unwrap(), Err(ImportError::Store(StoreError::Write { .. }))));
    }
}
