//! The layer rule of `docs/architecture.md`, checked against what cargo says: a crate uses lower layers only, crates
//! of one layer never meet, only `api` and `server` name axum, and pure crates do no input or output.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// Every member and its layer. A new crate is added here with the reason for its place in `docs/architecture.md`.
const LAYERS: &[(&str, u8)] = &[
    ("kernel", 0),
    ("wire", 1),
    ("frames", 1),
    ("artifacts", 1),
    ("tournament", 1),
    ("tlog", 1),
    ("series", 2),
    ("forecast", 3),
    ("ledger", 3),
    ("client", 3),
    ("datasets", 3),
    ("evaluation", 4),
    ("retail", 4),
    ("runs", 4),
    ("access", 4),
    ("streams", 5),
    ("model_selection", 5),
    ("lab", 5),
    ("demo", 5),
    ("api", 6),
    ("server", 7),
];

/// Beside the layers: the schema imports no crate of ours, and the harness is for tests only.
const SCHEMA: &str = "migration";
const HARNESS: &str = "test_support";

const PURE: &[&str] = &["wire", "frames", "tlog", "series", "tournament", "forecast", "evaluation"];
const MAY_NAME_AXUM: &[&str] = &["api", "server"];

fn metadata() -> Metadata {
    MetadataCommand::new().no_deps().other_options(["--offline".to_owned()]).exec().unwrap()
}

fn layers() -> BTreeMap<&'static str, u8> {
    LAYERS.iter().copied().collect()
}

fn dependencies(package: &Package, kinds: &[DependencyKind]) -> BTreeSet<String> {
    let named = package.dependencies.iter().filter(|dependency| kinds.contains(&dependency.kind));
    named.map(|dependency| dependency.name.clone()).collect()
}

#[test]
fn every_member_has_a_layer() {
    let members: BTreeSet<String> = metadata().packages.iter().map(|p| p.name.to_string()).collect();
    let mut placed: BTreeSet<String> = layers().keys().map(ToString::to_string).collect();
    placed.extend([SCHEMA.to_owned(), HARNESS.to_owned()]);
    assert_eq!(members, placed);
}

#[test]
fn a_crate_uses_lower_layers_only() {
    let layers = layers();
    let mut broken = Vec::new();
    for package in &metadata().packages {
        let Some(own) = layers.get(package.name.as_str()) else { continue };
        let all = [DependencyKind::Normal, DependencyKind::Build, DependencyKind::Development];
        for dependency in dependencies(package, &all) {
            if layers.get(dependency.as_str()).is_some_and(|layer| layer >= own) {
                broken.push(format!("{} (layer {own}) uses {dependency}", package.name));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn the_schema_imports_no_crate_of_ours_and_only_the_program_and_tests_import_it() {
    let ours: BTreeSet<&str> = LAYERS.iter().map(|(name, _)| *name).chain([SCHEMA, HARNESS]).collect();
    for package in &metadata().packages {
        let normal = dependencies(package, &[DependencyKind::Normal, DependencyKind::Build]);
        if package.name.as_str() == SCHEMA {
            let named: Vec<_> = normal.iter().filter(|name| ours.contains(name.as_str())).collect();
            assert!(named.is_empty(), "{SCHEMA} imports {named:?}");
        }
        let may_migrate = ["server", HARNESS].contains(&package.name.as_str());
        assert!(
            may_migrate || !normal.contains(SCHEMA),
            "{} imports {SCHEMA} outside its tests",
            package.name
        );
        assert!(!normal.contains(HARNESS), "{} ships the test harness", package.name);
    }
}

#[test]
fn only_api_and_server_name_axum() {
    for package in &metadata().packages {
        let all = [DependencyKind::Normal, DependencyKind::Build, DependencyKind::Development];
        let named: Vec<_> =
            dependencies(package, &all).into_iter().filter(|name| name.starts_with("axum")).collect();
        let may = MAY_NAME_AXUM.contains(&package.name.as_str());
        assert!(may || named.is_empty(), "{} names {named:?}", package.name);
    }
}

/// Asks `cargo tree`, which resolves features for the one package: in the workspace's common graph the kernel has
/// its database handles, alone it has not.
#[test]
fn pure_crates_reach_neither_tokio_nor_a_database() {
    for name in PURE {
        let output = Command::new(env!("CARGO"))
            .args(["tree", "--offline", "--edges", "normal,build", "--prefix", "none", "--package", name])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let tree = String::from_utf8(output.stdout).unwrap();
        assert!(tree.starts_with(name), "{tree}");
        for line in tree.lines() {
            let reached = line.split(' ').next().unwrap_or_default();
            let is_forbidden =
                reached == "tokio" || reached.starts_with("sea-orm") || reached.starts_with("sqlx");
            assert!(!is_forbidden, "{name} reaches {reached}");
        }
    }
}
