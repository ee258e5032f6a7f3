//! Tests that need a process of their own: this program once more, with one of its ignored tests.

use std::process::Command;

/// Why an ignored test ran: its parent asked.
const ASKED: &str = "ASSAY_TEST_CHILD";

/// Runs an ignored test of this program through a shell command that ends in `exec "$0" "$@"`. `None` if the command
/// could not do its part, which it says with status 77.
pub(crate) fn run(shell: &[&str], test: &str) -> Option<()> {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(shell[0])
        .args(&shell[1..])
        .arg(program)
        .args([test, "--exact", "--ignored", "--nocapture"])
        .env(ASKED, "1")
        .output()
        .unwrap();
    if output.status.code() == Some(77) {
        return None;
    }
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    Some(())
}

/// False where somebody runs all ignored tests.
pub(crate) fn is_asked() -> bool {
    std::env::var_os(ASKED).is_some()
}

#[expect(clippy::print_stderr, reason = "the line is for whoever runs the tests")]
pub(crate) fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
}
