//! The frames of a run: their chain, and the stream that they are.

use frames::{Frame, Validator};
use kernel::{RunId, Tenant};
use ledger::Verdict;
use wire::runs::VerifiedPart;

use super::differences::Differences;
use super::stored::finding;
use super::told::Told;
use super::{Verifier, VerifyError};

impl Verifier {
    /// The chain, and whether the frames are a stream that a run can have. Frames behind a break prove nothing.
    pub(super) async fn frames(
        &self,
        tenant: Tenant,
        id: RunId,
        verdict: &Verdict,
    ) -> Result<(Told, VerifiedPart), VerifyError> {
        let mut told = Told::default();
        told.has_holes = verdict.pruned > 0;
        let mut differences = Differences::default();
        let problems = &mut differences.problems;
        if let Some(reason) = &verdict.reason {
            let seq = verdict.first_bad_seq.unwrap_or_default();
            problems.push(format!("frame {seq}: {reason}"));
        }
        let mut validator = (!told.has_holes).then(Validator::new);
        let mut after = 0;
        while after < verdict.frames && problems.is_empty() {
            let page = match self.ledger.page(tenant, id, after, crate::engine::PAGE).await {
                Ok(page) => page,
                Err(ledger::Error::Pruned { last, .. }) => {
                    after = last;
                    continue;
                }
                Err(error) => {
                    problems.push(finding_of(error)?);
                    break;
                }
            };
            for (seq, text) in page.frames.into_iter().filter(|(seq, _)| *seq <= verdict.frames) {
                after = seq;
                match read(&text, validator.as_mut()) {
                    Ok(frame) => told.hear(frame),
                    Err(error) => {
                        problems.push(format!("frame {seq} is not one that a run can have: {error}"));
                        break;
                    }
                }
            }
        }
        if verdict.is_closed && problems.is_empty() && told.terminal.is_none() && !told.has_holes {
            problems.push("the ledger is closed, but its last frame is no end".to_owned());
        }
        differences.not_covered(
            told.has_holes,
            "what stood in the frames that were let go, and the size of their blocks",
        );
        let frames = usize::try_from(verdict.frames).unwrap_or(usize::MAX);
        Ok((told, differences.into_part("frames", frames)))
    }
}

/// What is wrong with a ledger, unless the database as a whole is in trouble.
pub(super) fn finding_of(error: ledger::Error) -> Result<String, VerifyError> {
    match error {
        ledger::Error::UnknownRun { .. } => Ok("the ledger's row is gone".to_owned()),
        ledger::Error::Db(error) => Ok(finding(error)?),
        error if kernel::Fault::is_retryable(&error) => Err(error.into()),
        error => Ok(error.to_string()),
    }
}

/// A stored frame, which the stream that it stands in allows.
fn read(text: &str, validator: Option<&mut Validator>) -> Result<Frame, String> {
    let frame = Frame::parse(text).map_err(|error| error.to_string())?;
    if let Some(validator) = validator {
        validator.push(&frame).map_err(|error| error.to_string())?;
    }
    Ok(frame)
}
