//! What a comparison found, as values and as the bytes of its artifacts. Pure: runs on the compute pool.

use bytes::Bytes;
use kernel::canonical_json;

use super::super::ranking::{Found, Results, judge, ranking};
use super::super::spec::Spec;
use super::super::tables::{Tables, tables};
use super::Error;
use crate::panel::Panel;

/// The ranking over all series, and the bytes of the artifacts.
pub(super) struct Findings {
    pub ranking: Found,
    pub ranking_bytes: Bytes,
    pub tables: Tables,
}

pub(super) fn find(spec: &Spec, panel: &Panel, results: Vec<Results>) -> Result<Findings, Error> {
    let mut judgement = judge(spec, &panel.series, results);
    let ranking = ranking(spec, &mut judgement);
    let ranking_bytes = Bytes::from(canonical_json(&ranking)?);
    Ok(Findings { ranking, ranking_bytes, tables: tables(&judgement.series)? })
}
