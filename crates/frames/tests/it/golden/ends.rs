//! Runs that end otherwise than well.

use frames::*;

use super::comparison::open;
use crate::story::*;

pub(super) fn refused() -> Story {
    let mut story = Story::of_run();
    open(&mut story, 0);
    let item = Item::new(0, "m");
    story.say(added(&item, "message"));
    story.say(RefusalDelta { item: item.clone(), content_index: 0, delta: "No champion".to_owned() });
    let refusal = "No champion can honestly be named: three folds are too few.";
    story.say(RefusalDone { item: item.clone(), content_index: 0, refusal_text: refusal.to_owned() });
    story.say(done(&item, "message"));
    story.say(Final { refusal_text: text(refusal), ..Final::new(FinalStatus::Refused) });
    story
}

pub(super) fn cancelled() -> Story {
    let mut story = Story::of_run();
    open(&mut story, 1);
    let item = Item::new(0, "fc");
    story.say(tool(&item, function("call", CallStatus::InProgress)));
    story.say(Lifecycle { status: LifecycleStatus::Cancelled, reason: text("asked for") });
    story.say(end(FinalStatus::Cancelled, "stopped after one fold"));
    story
}

pub(super) fn failed() -> Story {
    let mut story = Story::of_run();
    open(&mut story, 2);
    let message = "no memory left".to_owned();
    story.say(RunNotice { level: Level::Error, code: "MEMORY".to_owned(), message, data: None });
    story.say(lifecycle(LifecycleStatus::Failed)).say(Final::new(FinalStatus::Failed));
    story
}

pub(super) fn incomplete() -> Story {
    let mut story = Story::of_chat();
    story.say(Draft::from(lifecycle(LifecycleStatus::InProgress)).response("r"));
    story.say(Draft::from(delta(&Item::new(0, "m"), 0, "It breaks of")).response("r"));
    story.say(Draft::from(lifecycle(LifecycleStatus::Incomplete)).response("r"));
    story.say(Draft::from(Final::new(FinalStatus::Incomplete)).response("r"));
    story
}

/// A message that a lost attempt had begun to tell; the next one tells it from the start.
pub(super) fn retold() -> Story {
    let mut story = Story::of_run();
    open(&mut story, 1);
    let item = Item::new(0, "explanation");
    story.say(added(&item, "message")).say(delta(&item, 0, "The champion is Th"));
    story.say(attempt(2));
    story
        .say(added(&item, "message"))
        .say(delta(&item, 0, "The champion is Theta."))
        .say(done(&item, "message"));
    story.say(end(FinalStatus::Completed, "The champion is Theta."));
    story
}

/// A stream that is nothing but its error.
pub(super) fn broken() -> Story {
    let mut story = Story::of_chat();
    let message = "the provider is overloaded".to_owned();
    story.say(StreamError { code: None, message, source: ErrorSource::Provider, is_retryable: true });
    story
}
