//! The streams behind `openapi/goldens`, told in code. Together they use every kind of frame and every field that
//! changes what is shown.

mod agent;
mod chat;
mod comparison;
mod door;
mod ends;
mod foreign;
mod images;
mod parallel;
mod random;
mod reasoning;
mod showcase;
mod tools;
mod workflow;

use frames::Frame;

/// A stream and its name.
pub(crate) struct Golden {
    pub(crate) name: &'static str,
    /// One frame per line, as a ledger would hold it.
    pub(crate) lines: Vec<String>,
}

impl Golden {
    fn new(name: &'static str, frames: &[Frame]) -> Self {
        Self { name, lines: frames.iter().map(Frame::to_text).collect() }
    }
}

pub(crate) fn all() -> Vec<Golden> {
    let told = [
        ("chat", chat::story()),
        ("comparison", comparison::story()),
        ("showcase", showcase::story()),
        ("parallel", parallel::story()),
        ("tools", tools::story()),
        ("refused", ends::refused()),
        ("cancelled", ends::cancelled()),
        ("failed", ends::failed()),
        ("incomplete", ends::incomplete()),
        ("retold", ends::retold()),
        ("broken", ends::broken()),
        ("agent", agent::story()),
        ("images", images::story()),
        ("reasoning", reasoning::story()),
        ("workflow", workflow::story()),
        ("door", door::story()),
        ("random_1", random::story(1)),
        ("random_2", random::story(2)),
        ("random_3", random::story(3)),
    ];
    let told = told.into_iter().map(|(name, story)| Golden::new(name, &story.frames));
    told.chain([Golden { name: "foreign", lines: foreign::lines() }]).collect()
}
