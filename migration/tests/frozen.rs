//! A committed migration is frozen: databases were made with it. Who needs another schema adds a migration.

use kernel::Digest;

/// Each migration and the digest of its file.
const FROZEN: &[(&str, &str, &str)] = &[
    (
        "m20261128_000001_retention.rs",
        include_str!("../src/m20261128_000001_retention.rs"),
        "7fe3b6b8e9e05e2f314ca4bee11eaa38343e6a6c67d37240f32a6c3a5ff3548a",
    ),
    (
        "m20261128_000002_run.rs",
        include_str!("../src/m20261128_000002_run.rs"),
        "d58a7bf8fe26f5151c57b39dd6547bc4a42367c085f8bda88502c7afdabc79b6",
    ),
    (
        "m20261128_000003_ledger.rs",
        include_str!("../src/m20261128_000003_ledger.rs"),
        "ba9ba7907408cdf6a0b56d63b4743b224dc4457d5b893ad6afdd1646ac4de9d3",
    ),
    (
        "m20261128_000004_object.rs",
        include_str!("../src/m20261128_000004_object.rs"),
        "e5521f52d37d0c44b460eb8c1b0c8f9cbac2f6b82c507448dd66f902c565027a",
    ),
    (
        "m20261128_000005_retail.rs",
        include_str!("../src/m20261128_000005_retail.rs"),
        "65f2be30b08e46a31185e41c37c70f8ec01649d2b21b4acf72cffe7a80cb06cc",
    ),
    (
        "m20261128_000006_model_selection.rs",
        include_str!("../src/m20261128_000006_model_selection.rs"),
        "304b74fadaf928330bfae5895558d77e9305f95c502361625695d952246423c6",
    ),
];

#[test]
fn no_committed_migration_changes() {
    for (name, text, digest) in FROZEN {
        assert_eq!(Digest::of(text).to_string(), *digest, "{name} is frozen: add a migration instead");
    }
}

#[test]
fn every_migration_is_frozen() {
    let folder =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).expect("the crate has sources");
    let mut files: Vec<String> = folder
        .map(|file| file.expect("the folder is readable").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with('m'))
        .collect();
    files.sort();
    assert_eq!(files, FROZEN.iter().map(|(name, _, _)| (*name).to_owned()).collect::<Vec<_>>());
}
