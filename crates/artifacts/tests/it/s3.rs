//! An S3 server for the tests: moto, started once per test process and ended with it.
//!
//! `ASSAY_TEST_S3_PYTHON` names a Python that has `moto[server]`; `./scripts/test` sets it. Without it `python3` is
//! tried. Where neither has it the tests say so and pass; with `ASSAY_REQUIRE_S3` they fail.

use std::env;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::prefix::PrefixStore;

static SERVER: OnceLock<Option<Server>> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Server {
    address: String,
    /// Its standard input is open as long as this process lives, and the server lives as long.
    _supervisor: Child,
}

/// The server of this process.
pub(crate) fn server() -> Option<&'static Server> {
    SERVER.get_or_init(start).as_ref()
}

fn start() -> Option<Server> {
    let python = env::var("ASSAY_TEST_S3_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let found = Command::new(&python).args(["-c", "import moto.server"]).stderr(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        assert!(
            env::var_os("ASSAY_REQUIRE_S3").is_none(),
            "ASSAY_REQUIRE_S3 is set, but {python} has no moto[server]"
        );
        skipped(&python);
        return None;
    }
    let script =
        "exec 3<&0; \"$0\" -m moto.server -H 127.0.0.1 -p 0 </dev/null & cat <&3 >/dev/null; kill $!";
    let mut supervisor = Command::new("sh")
        .args(["-c", script, &python])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(supervisor.stderr.take().unwrap()).lines().map_while(Result::ok);
    let address = lines.find_map(|line| Some(line.split_once("Running on http://")?.1.trim().to_owned()));
    // A server whose log nobody reads stands still.
    std::thread::spawn(move || lines.for_each(drop));
    Some(Server { address: address.expect("the S3 server says where it listens"), _supervisor: supervisor })
}

#[expect(clippy::print_stderr, reason = "the line is for whoever runs the tests")]
fn skipped(python: &str) {
    eprintln!("SKIPPED on S3: {python} has no moto[server]; ASSAY_TEST_S3_PYTHON names another Python");
}

/// A bucket of one test.
pub(crate) struct Bucket {
    pub(crate) name: String,
    address: String,
}

impl Server {
    pub(crate) fn bucket(&self) -> Bucket {
        let name = format!("test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
        let bucket = Bucket { name, address: self.address.clone() };
        let made = bucket.request("PUT", "");
        assert!(made.starts_with("HTTP/1.1 200"), "{made}");
        bucket
    }
}

impl Bucket {
    /// What the environment would say.
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        [
            ("AWS_ENDPOINT_URL", format!("http://{}", self.address)),
            ("AWS_ACCESS_KEY_ID", "key".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("HOME", "/not/ours".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    pub(crate) fn raw(&self, prefix: &str) -> Arc<dyn ObjectStore> {
        let s3 = AmazonS3Builder::new()
            .with_endpoint(format!("http://{}", self.address))
            .with_allow_http(true)
            .with_access_key_id("key")
            .with_secret_access_key("secret")
            .with_bucket_name(&self.name)
            .build()
            .unwrap();
        Arc::new(PrefixStore::new(s3, prefix))
    }

    /// How many uploads in parts were begun and neither completed nor aborted.
    pub(crate) fn open_uploads(&self) -> usize {
        self.request("GET", "?uploads").matches("<UploadId>").count()
    }

    fn request(&self, method: &str, query: &str) -> String {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        write!(
            connection,
            "{method} /{}{query} HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            self.name, self.address
        )
        .unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }
}
