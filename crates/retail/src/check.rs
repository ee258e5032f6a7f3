//! Bounds of fields.

use std::ops::RangeInclusive;

use kernel::FieldError;

/// Collects what is wrong, so that one answer names every field.
#[derive(Default)]
pub(crate) struct Check {
    fields: Vec<FieldError>,
}

impl Check {
    pub(crate) fn refuse(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.fields.push(FieldError::new(field, message));
    }

    pub(crate) fn whole(
        &mut self,
        field: &str,
        value: Option<i64>,
        bounds: RangeInclusive<i64>,
    ) -> Option<i64> {
        let value = value?;
        if bounds.contains(&value) {
            return Some(value);
        }
        let (low, high) = bounds.into_inner();
        let wanted =
            if high == i64::MAX { format!("at least {low}") } else { format!("between {low} and {high}") };
        self.refuse(field, format!("must be {wanted}, not {value}"));
        None
    }

    pub(crate) fn count(
        &mut self,
        field: &str,
        value: Option<i64>,
        bounds: RangeInclusive<i64>,
    ) -> Option<usize> {
        self.whole(field, value, bounds).and_then(|value| usize::try_from(value).ok())
    }

    pub(crate) fn share(&mut self, field: &str, value: Option<f64>, limit: f64) -> Option<f64> {
        let value = value?;
        if (0.0..=limit).contains(&value) {
            return Some(value);
        }
        self.refuse(field, format!("must be between 0 and {limit}, not {value}"));
        None
    }

    /// What was wrong, if anything was.
    pub(crate) fn finish(self) -> Result<(), Vec<FieldError>> {
        if self.fields.is_empty() { Ok(()) } else { Err(self.fields) }
    }
}
