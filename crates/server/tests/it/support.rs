//! Starting the program.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use client::{Client, Tcp};
use serde_json::Value;

pub(crate) const ASSAY: &str = env!("CARGO_BIN_EXE_assay");

/// A command on this data directory, with nothing of the surroundings.
pub(crate) fn assay(data: &Path) -> Command {
    let mut command = Command::new(ASSAY);
    command.env_clear().env("ASSAY_DATA", data).env("ASSAY_LEASE_MS", "300");
    command
}

/// Runs a command to its end.
pub(crate) fn run(data: &Path, arguments: &[&str]) -> Output {
    assay(data).args(arguments).output().unwrap()
}

/// Runs a command that must succeed and prints JSON.
pub(crate) fn json(data: &Path, arguments: &[&str]) -> Value {
    let output = run(data, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A server on a free port; killed when dropped.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
    pub(crate) client: Client,
}

impl Server {
    pub(crate) fn start(data: &Path) -> Self {
        Self::spawn(assay(data))
    }

    /// With no more open files than this.
    pub(crate) fn start_with_files(data: &Path, files: usize) -> Self {
        let mut command = Command::new("/bin/sh");
        let script = format!("ulimit -n {files} && exec '{ASSAY}' serve --bind 127.0.0.1:0");
        command.env_clear().env("ASSAY_DATA", data).env("ASSAY_LEASE_MS", "300").args(["-c", &script]);
        Self::spawn_as_is(command)
    }

    /// As [`Server::start`], with more said in the command's surroundings.
    pub(crate) fn spawn(mut command: Command) -> Self {
        command.args(["serve", "--bind", "127.0.0.1:0"]);
        Self::spawn_as_is(command)
    }

    /// A command that comes to serve in its own way.
    pub(crate) fn spawn_as_is(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address =
            line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{line:?}")).to_owned();
        let client = Client::new(Tcp::new(&address).unwrap(), None);
        Self { child, address, client }
    }

    /// `HOST:PORT`.
    pub(crate) fn host(&self) -> &str {
        self.address.strip_prefix("http://").unwrap()
    }

    /// SIGTERM.
    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// SIGKILL while others still use its connections.
    pub(crate) fn kill_amid(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
