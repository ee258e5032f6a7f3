//! Progress on standard error, and only on a terminal.

use frames::{Body, Frame};
use indicatif::{ProgressBar, ProgressStyle};

use crate::plain::plain;

/// A bar that follows a run's frames; invisible where standard error is no terminal.
#[derive(Debug)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {elapsed}")
            .expect("the template is fixed");
        bar.set_style(style);
        Self(bar)
    }

    pub(crate) fn show(&self, frame: &Frame) {
        if let Body::Progress(progress) = &frame.body {
            self.0.set_length(progress.total.unwrap_or(100));
            self.0.set_position(progress.done.unwrap_or(0));
            let message = progress.message.as_ref().unwrap_or(&progress.phase);
            self.0.set_message(plain(message).into_owned());
        }
    }

    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }
}
