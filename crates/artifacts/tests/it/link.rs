//! Addresses under which a bucket gives out an object.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use artifacts::{Address, Given, Store};
use bytes::Bytes;

use crate::s3;

const GIVEN: Given<'_> = Given { media_type: "text/csv", disposition: "attachment; filename=\"sales.csv\"" };

#[tokio::test]
async fn a_directory_gives_out_nothing_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::local(dir.path()).unwrap();
    let stored = store.put(Bytes::from_static(b"a,b")).await.unwrap();
    let url = store.reader().signed_url(&stored.digest, GIVEN, Duration::from_mins(1)).await.unwrap();
    assert_eq!(url, None);
}

#[tokio::test]
async fn a_bucket_gives_out_an_object_under_a_signed_address() {
    let Some(server) = s3::server() else { return };
    let bucket = server.bucket();
    let address = Address::Bucket { bucket: bucket.name.clone(), prefix: "some/where".to_owned() };
    let store = Store::open_with(&address, bucket.settings()).unwrap();
    let stored = store.put(Bytes::from_static(b"a,b")).await.unwrap();
    let url =
        store.reader().signed_url(&stored.digest, GIVEN, Duration::from_mins(1)).await.unwrap().unwrap();
    assert!(url.contains("X-Amz-Expires=60") && url.contains("X-Amz-Signature="), "{url}");
    let answer = get(&url);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\na,b"), "{answer}");
    // The server of the tests says neither of them back; S3 does, as far as they are signed.
    for said in [
        "response-content-disposition=attachment%3B%20filename%3D%22sales.csv%22",
        "response-content-type=text%2Fcsv",
    ] {
        assert!(url.contains(said), "{url}");
    }
}

/// Asks as anybody would, without credentials.
fn get(url: &str) -> String {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut connection = TcpStream::connect(host).unwrap();
    write!(connection, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}
