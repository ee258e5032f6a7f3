//! Which section a frame belongs to.

use std::collections::HashMap;

use serde::Serialize;

use super::Stamp;
use super::section::Section;
use crate::body::Final;
use crate::envelope::{Branch, Envelope};
use crate::frame::Frame;

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Sections {
    /// What names neither a branch nor a response.
    header: Section,
    /// The others, in order of appearance.
    sections: Vec<Section>,
    #[serde(skip)]
    by_response: HashMap<(Option<Branch>, String), usize>,
    /// The section that is current in each branch.
    #[serde(skip)]
    current: HashMap<Branch, usize>,
}

impl Sections {
    pub(super) fn apply(&mut self, frame: &Frame, stamp: Stamp) {
        self.section(&frame.envelope).apply(frame, stamp);
    }

    /// The end repeats the whole reasoning summary; what a section has not seen of it is added there.
    pub(super) fn reconcile(&mut self, envelope: &Envelope, end: &Final) {
        let Some(summary) = &end.reasoning_summary_text else { return };
        let section = match (envelope.branch(), &envelope.response_id) {
            (None, None) => Some(&mut self.header),
            (Some(branch), None) => self.current.get(&branch).map(|at| &mut self.sections[*at]),
            (branch, Some(response)) => {
                let at = self.by_response.get(&(branch, response.clone()));
                at.map(|at| &mut self.sections[*at])
            }
        };
        if let Some(section) = section {
            section.reconcile(summary);
        }
    }

    fn section(&mut self, envelope: &Envelope) -> &mut Section {
        match (envelope.branch(), &envelope.response_id) {
            (None, None) => &mut self.header,
            (Some(branch), None) => self.of_branch(branch),
            (branch, Some(response)) => self.of_response(branch, response),
        }
    }

    /// A frame without a response belongs to what its branch is doing.
    fn of_branch(&mut self, branch: Branch) -> &mut Section {
        let at = self.current.get(&branch).copied().unwrap_or_else(|| self.open(Some(branch), None));
        &mut self.sections[at]
    }

    fn of_response(&mut self, branch: Option<Branch>, response: &str) -> &mut Section {
        let key = (branch, response.to_owned());
        let at = self.by_response.get(&key).copied().unwrap_or_else(|| {
            let at = self.unnamed(key.0.as_ref()).unwrap_or_else(|| self.open(key.0.clone(), Some(response)));
            self.sections[at].name(response);
            self.by_response.insert(key, at);
            at
        });
        &mut self.sections[at]
    }

    /// The branch's section that waits for its first response.
    fn unnamed(&self, branch: Option<&Branch>) -> Option<usize> {
        let at = *self.current.get(branch?)?;
        self.sections[at].is_unnamed().then_some(at)
    }

    fn open(&mut self, branch: Option<Branch>, response: Option<&str>) -> usize {
        let at = self.sections.len();
        self.sections.push(Section::new(branch.clone(), response));
        if let Some(branch) = branch {
            self.current.insert(branch, at);
        }
        at
    }
}
