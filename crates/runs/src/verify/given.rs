//! What a run was given and what it made, against the frames.

use std::collections::{BTreeMap, BTreeSet};

use super::differences::Differences;
use super::told::Told;
use crate::run::{Artifact, Input};
use crate::table::input;
use wire::runs::InputSource;

/// The inputs' rows against the first frame.
pub(super) fn inputs(differences: &mut Differences, inputs: &[(input::Model, Input)], told: &Told) {
    let mut next: BTreeMap<&str, i32> = BTreeMap::new();
    for (row, _) in inputs {
        let expected = next.entry(&row.role).or_default();
        differences.say(row.ordinal != *expected, || {
            format!("an input `{}` has ordinal {} where {expected} is expected", row.role, row.ordinal)
        });
        *expected += 1;
    }
    let Some(opened) = told.opened.as_ref().filter(|_| !told.is_cut("inputs")) else { return };
    let row = |input: &Input| {
        format!("{} {} {} {}", input.role, input.source.as_str(), input.source_id, input.digest)
    };
    let rows: Vec<String> = inputs.iter().map(|(_, input)| row(input)).collect();
    let frames: Vec<String> = opened
        .what
        .inputs
        .iter()
        .map(|told| {
            let source = told.source.as_deref().unwrap_or_default();
            format!("{} {source} {} {}", told.role, told.id, told.digest)
        })
        .collect();
    let mut left = frames.clone();
    for input in &rows {
        match left.iter().position(|told| told == input) {
            Some(at) => drop(left.remove(at)),
            None => differences.problems.push(format!("input `{input}` is not in the first frame")),
        }
    }
    let is_whole = left.is_empty() && rows.len() == frames.len();
    differences
        .problems
        .extend(left.iter().map(|told| format!("input `{told}` of the first frame has no row")));
    for role in next.keys().filter(|_| is_whole) {
        // Databases sort roles differently; within one the ordinal decides.
        let of_role = |texts: &[String]| -> Vec<String> {
            texts.iter().filter(|text| text.split(' ').next() == Some(*role)).cloned().collect()
        };
        differences.say(of_role(&rows) != of_role(&frames), || {
            format!("the inputs `{role}` stand in another order than in the first frame")
        });
    }
}

/// A run reads its own copy of rows that others own: what became of those since is none of its record. A data set, which
/// never changes, is compared itself; and what was no row of another's, such as a snapshot of an auction, is its bytes.
pub(super) fn sources(differences: &mut Differences, inputs: &[(input::Model, Input)]) {
    let of = |source: InputSource| inputs.iter().filter(move |(_, input)| input.source == source);
    if of(InputSource::Dataset).next().is_some() {
        return;
    }
    for (_, input) in of(InputSource::Snapshot).filter(|(_, input)| input.source_id.starts_with(SALES)) {
        differences.not_covered(
            true,
            format!(
                "whether the rows that input `{}` was copied from at submit (`sales_daily` and its neighbours) are \
                 still the same: the run has read the copy, which is checked",
                input.role
            ),
        );
    }
}

/// How the sources begin that were copied from rows of sales.
const SALES: &str = "sales/";

/// The artifacts' rows against the frames that announced them.
/// `let_go` has those of the frames that a receipt of retention names.
pub(super) fn artifacts(
    differences: &mut Differences,
    artifacts: &[Artifact],
    told: &Told,
    let_go: &BTreeSet<String>,
) {
    let mut created: BTreeMap<&str, _> =
        told.artifacts.iter().map(|said| (said.what.artifact_id.as_str(), said)).collect();
    let mut is_told = true;
    for artifact in artifacts {
        let id = artifact.id.to_string();
        let Some(said) = created.remove(id.as_str()) else {
            differences
                .say(!told.has_holes, || format!("artifact `{}` ({id}) is in no frame", artifact.name));
            continue;
        };
        let what = |field: &str| format!("the {field} of artifact `{}`", artifact.name);
        differences.compare(&what("name"), &artifact.name, &said.what.name);
        differences.compare(&what("media type"), &artifact.media_type, &said.what.media_type);
        differences.compare(&what("size"), &artifact.size_bytes, &said.what.size_bytes);
        differences.compare(&what("digest"), &artifact.digest.to_string(), &said.what.digest);
        if said.what.created_at.is_some() {
            differences.compare_time(&what("time"), Some(artifact.created_at), said.what.created_at);
        } else {
            is_told = false;
            differences.in_order(&[(&what("time"), Some(artifact.created_at)), ("its frame", Some(said.at))]);
        }
    }
    let gone = created.extract_if(.., |id, _| let_go.contains(*id)).count();
    let what = kernel::counted(gone, "artifact", "artifacts");
    differences.not_covered(gone > 0, format!("{what} of the frames, let go under retention"));
    let gone = created.values().map(|said| format!("artifact `{}` of the frames has no row", said.what.name));
    differences.problems.extend(gone);
    differences
        .not_covered(!is_told, "`created_us` of artifacts is only bounded by frames of an earlier version");
}

#[cfg(test)]
mod tests {
    use kernel::{Digest, RunId};
    use wire::runs::VerifiedPart;

    use super::*;

    fn part(source: InputSource, source_id: &str) -> VerifiedPart {
        let (role, source_id, digest) = ("series".to_owned(), source_id.to_owned(), Digest::of("a"));
        let row = input::Model {
            run_id: RunId(uuid::Uuid::nil()),
            role: role.clone(),
            ordinal: 0,
            source: source.as_str().to_owned(),
            source_id: source_id.clone(),
            digest: digest.as_bytes().to_vec(),
        };
        let mut differences = Differences::default();
        sources(&mut differences, &[(row, Input { role, source, source_id, digest })]);
        differences.into_part("inputs", 1)
    }

    #[test]
    fn a_copy_of_rows_says_nothing_of_the_rows() {
        let copied = part(InputSource::Snapshot, "sales/store/1/product/1");
        assert!(copied.verified && copied.not_covered[0].contains("`sales_daily`"), "{copied:?}");
        assert!(part(InputSource::Dataset, "a").not_covered.is_empty());
        assert!(part(InputSource::Snapshot, "tournament/a").not_covered.is_empty());
    }
}
