//! Branches that run side by side under the worst of ids: one response, one item and one call in all of them.

use frames::*;

use crate::story::*;

pub(super) fn story() -> Story {
    let mut story = Story::of_run();
    let item = Item::new(0, "item");
    let call = Item::new(1, "call");
    let lane = |n: u64, body: Body| Draft::from(body).workflow(branch(n)).agent(format!("lane {n}"));
    story.say(lifecycle(LifecycleStatus::InProgress));
    for n in [0, 1] {
        story.say(lane(n, lifecycle(LifecycleStatus::Queued)));
    }
    story.say(lane(1, delta(&item, 0, "one ")).response("r"));
    story.say(lane(0, delta(&item, 0, "zero ")).response("r"));
    story.say(lane(0, tool(&call, function("call", CallStatus::InProgress))).response("r"));
    story.say(lane(1, tool(&call, function("call", CallStatus::Failed))).response("r"));
    story.say(lane(1, delta(&item, 0, "unity")).response("r"));
    story.say(lane(0, delta(&item, 0, "nought")));
    story.say(Draft::from(delta(&item, 0, "no branch")).response("r"));
    story.say(lane(0, delta(&item, 0, "next")).response("r2"));
    story.say(lane(0, lifecycle(LifecycleStatus::Completed)));
    story.say(lane(1, lifecycle(LifecycleStatus::Failed)));
    let unnumbered = Workflow { parallel_group: text("others"), ..Workflow::default() };
    story.say(Draft::from(delta(&item, 0, "a group without a number")).workflow(unnumbered));
    let step = Workflow { step_name: text("alone"), ..Workflow::default() };
    story.say(Draft::from(delta(&item, 0, "a step is no branch")).workflow(step));
    story.say(end(FinalStatus::Completed, "all lanes ended"));
    story
}
