//! Bounds of requests, collected so that a refusal names all that is wrong.

use kernel::{Fault, FieldError};

use crate::LabError;

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// What is wrong with a request so far.
#[derive(Debug, Default)]
pub(crate) struct Wrong(Vec<FieldError>);

impl Wrong {
    pub(crate) fn say(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    /// The fields of another error, below a path.
    pub(crate) fn fault(&mut self, below: &str, fault: &impl Fault) {
        for wrong in fault.fields() {
            self.say(format!("{below}{}", wrong.field), wrong.message);
        }
    }

    /// A name that people read.
    pub(crate) fn name(&mut self, field: impl Into<String>, name: &str) {
        self.text(field, name, MAX_NAME);
    }

    /// A text of 1 to so many characters that are not all blank.
    pub(crate) fn text(&mut self, field: impl Into<String>, text: &str, most: usize) {
        let is_blank = text.trim().is_empty();
        if is_blank || text.chars().count() > most || text.chars().any(char::is_control) {
            self.say(
                field,
                format!("must have 1 to {most} characters, not all blank and none a control character"),
            );
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything that is wrong.
    pub(crate) fn into_fields(self) -> Vec<FieldError> {
        self.0
    }

    /// The refusal, if anything is wrong.
    pub(crate) fn into_result(self) -> Result<(), LabError> {
        if self.0.is_empty() { Ok(()) } else { Err(LabError::Invalid { fields: self.0 }) }
    }
}
