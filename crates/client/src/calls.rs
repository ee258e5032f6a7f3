//! One module per part of the API.

mod access;
mod artifact;
mod dataset;
mod demo;
mod health;
mod lab;
mod ledger;
mod log;
mod model_selection;
mod retail;
mod run;

use crate::Operation;

/// Every operation the client can call.
pub fn operations() -> impl Iterator<Item = Operation> {
    let tables = [
        access::OPERATIONS,
        &[access::SIGN_OUT],
        artifact::OPERATIONS,
        &[artifact::CONTENT, artifact::DOWNLOAD, artifact::UPLOAD],
        dataset::OPERATIONS,
        &[dataset::IMPORT, dataset::INSPECT],
        demo::OPERATIONS,
        health::OPERATIONS,
        lab::OPERATIONS,
        ledger::OPERATIONS,
        &[ledger::LINT, ledger::STREAM],
        log::OPERATIONS,
        &[log::BUNDLE, log::CHECKPOINT, log::EXPORT],
        model_selection::OPERATIONS,
        retail::OPERATIONS,
        run::OPERATIONS,
        &[run::EXTEND, run::IMPORT, run::STREAM],
    ];
    tables.into_iter().flatten().copied()
}
