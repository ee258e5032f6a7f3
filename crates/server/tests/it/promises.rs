//! What `docs/lab-promises.md` and `docs/ledger-promises.md` say holds their promises is there.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The tests that a line names, each as its file and its name.
fn named(line: &str) -> Vec<(&str, &str)> {
    line.split('`').skip(1).step_by(2).filter_map(|span| span.split_once(": ")).collect()
}

/// Whether a file has a test of this name, in the way of its language.
fn is_there(file: &str, name: &str) -> bool {
    let Ok(text) = fs::read_to_string(root().join(file)) else { return false };
    if Path::new(file).extension().is_some_and(|ending| ending == "rs") {
        text.contains(&format!("fn {name}("))
    } else {
        ["test", "it"].iter().any(|word| text.contains(&format!("{word}(\"{name}\"")))
    }
}

/// Holds a table of promises to the tests that it names, and to so many rows with a number.
fn hold(document: &str, numbered: usize, rows_at_least: usize) {
    let text = fs::read_to_string(root().join("docs").join(document)).unwrap();
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ") && line.contains('`')).collect();
    let missing: Vec<_> = rows
        .iter()
        .flat_map(|row| named(row))
        .filter(|(file, name)| !is_there(file, name))
        .map(|(file, name)| format!("{file}: {name}"))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
    let tables = text.lines().filter(|line| line.starts_with("| ") && !line.contains("held by"));
    assert_eq!(tables.count(), rows.len(), "a row names no test");
    for number in 1..=numbered {
        assert!(rows.iter().any(|row| row.starts_with(&format!("| {number} |"))), "promise {number}");
    }
    assert!(rows.len() >= rows_at_least, "{}", rows.len());
}

#[test]
fn every_promise_of_the_lab_names_tests_that_are_there() {
    hold("lab-promises.md", 12, 12 + 20);
}

#[test]
fn every_promise_of_the_ledger_names_tests_that_are_there() {
    hold("ledger-promises.md", 27, 27 + 10);
}

#[test]
fn no_query_of_the_lab_takes_the_newest() {
    let mut open = vec![root().join("crates/lab/src")];
    let mut found = Vec::new();
    while let Some(at) = open.pop() {
        if at.is_dir() {
            open.extend(fs::read_dir(&at).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = fs::read_to_string(&at).unwrap();
        for statement in text.split(';') {
            let is_ordered = statement.contains("order_by");
            let is_one = statement.contains(".one(") || statement.contains(".limit(1)");
            if is_ordered && is_one {
                found.push(format!("{}: {}", at.display(), statement.trim()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
