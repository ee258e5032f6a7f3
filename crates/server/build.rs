//! Makes sure that there are pages to embed.

use std::path::Path;
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
    println!("cargo::rerun-if-changed=../../frontend/dist");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
