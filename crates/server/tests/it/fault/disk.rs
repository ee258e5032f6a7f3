//! A disk that breaks on demand, under a program that does not know of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::{TempDir, tempdir};

use crate::support::{Server, assay};

/// A data directory whose disk breaks on demand.
pub(crate) struct Disk {
    dir: TempDir,
    shim: PathBuf,
}

impl Disk {
    /// `None`, and a line that says so, where no C compiler is.
    pub(crate) fn new() -> Option<Self> {
        let dir = tempdir().unwrap();
        let shim = dir.path().join("shim.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fault/shim.c");
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .args([&shim, &source])
            .arg("-ldl")
            .status();
        if compiled.is_ok_and(|status| status.success()) {
            fs::create_dir(dir.path().join("data")).unwrap();
            return Some(Self { dir, shim });
        }
        assert!(std::env::var_os("CI").is_none(), "the fault tests need a C compiler");
        #[expect(clippy::print_stderr, reason = "the line is for whoever runs the tests")]
        {
            eprintln!("skipped: no C compiler, so no disk can be broken");
        }
        None
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data").canonicalize().unwrap()
    }

    fn switch(&self) -> PathBuf {
        self.dir.path().join("switch")
    }

    pub(crate) fn serve(&self) -> Server {
        Server::spawn(self.command())
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = assay(&self.data());
        command
            .env("LD_PRELOAD", &self.shim)
            .env("FAULT_DIR", self.data())
            .env("FAULT_SWITCH", self.switch());
        command
    }

    pub(crate) fn break_by(&self, what: &str) {
        fs::write(self.switch(), what).unwrap();
    }
}
