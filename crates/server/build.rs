//! Makes sure that there are pages to embed, and notes the commit the program is built from.

use std::path::Path;
use std::process::Command;
use std::{fs, io};

const PLACEHOLDER: &str = "<!doctype html>
<html lang=\"en\">
  <head>
    <meta charset=\"utf-8\" />
    <title>Assay</title>
  </head>
  <body>
    <p>This program was built without its pages. Build them with <code>npm --prefix frontend run build</code>,
    then build the program again. The API is at <a href=\"/api/runs\">/api/runs</a>.</p>
  </body>
</html>
";

fn main() -> io::Result<()> {
    let pages = Path::new("../../frontend/dist");
    if !pages.join("index.html").exists() {
        fs::create_dir_all(pages)?;
        fs::write(pages.join("index.html"), PLACEHOLDER)?;
    }
    note_commit();
    println!("cargo::rerun-if-changed=../../frontend/dist");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// Outside a checkout there is none, and the program says so.
fn note_commit() {
    let found = Command::new("git").args(["rev-parse", "HEAD"]).output();
    let commit = found.ok().filter(|found| found.status.success());
    if let Some(commit) = commit.and_then(|found| String::from_utf8(found.stdout).ok()) {
        println!("cargo::rustc-env=ASSAY_COMMIT={}", commit.trim());
    }
    for file in ["../../.git/HEAD", "../../.git/logs/HEAD"] {
        if Path::new(file).exists() {
            println!("cargo::rerun-if-changed={file}");
        }
    }
}
