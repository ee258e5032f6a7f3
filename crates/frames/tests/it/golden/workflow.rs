//! A workflow of two steps, of which the second runs in two branches: every frame says where it belongs, each step has
//! a response of its own whose slots begin anew, and only the workflow ends the stream.

use frames::*;

use crate::story::*;

pub(super) fn story() -> Story {
    let mut story = Story::of_workflow();
    let message = Item::new(0, "msg_1");
    let first = Place { step: "analysis", response: "resp_1", branch: None };
    let lanes = [0, 1].map(|n| Place {
        step: "code",
        response: if n == 0 { "resp_2" } else { "resp_3" },
        branch: Some(n),
    });
    let mut say = |place: Place, body: Body| {
        story.say(Draft::from(body).response(place.response).agent(place.step).workflow(place.workflow()));
    };
    say(first, lifecycle(LifecycleStatus::InProgress));
    say(first, added(&message, "message"));
    say(first, delta(&message, 0, "Two series differ."));
    say(first, done(&message, "message"));
    say(first, lifecycle(LifecycleStatus::Completed));
    for place in lanes {
        say(place, lifecycle(LifecycleStatus::InProgress));
    }
    for (place, word) in [(lanes[1], "On"), (lanes[0], "Zer"), (lanes[0], "o."), (lanes[1], "e.")] {
        if word.len() > 2 || word == "On" {
            say(place, added(&message, "message"));
        }
        say(place, delta(&message, 0, word));
    }
    for (place, status) in [(lanes[1], LifecycleStatus::Completed), (lanes[0], LifecycleStatus::Failed)] {
        say(place, done(&message, "message"));
        say(place, lifecycle(status));
    }
    say(lanes[1], end(FinalStatus::Completed, "One branch of two came to its end."));
    story
}

#[derive(Clone, Copy)]
struct Place {
    step: &'static str,
    response: &'static str,
    branch: Option<u64>,
}

impl Place {
    fn workflow(self) -> Workflow {
        Workflow {
            workflow_key: text("analysis_code"),
            workflow_run_id: text("run_1"),
            stage_name: text(if self.branch.is_some() { "build" } else { "read" }),
            step_name: text(self.step),
            step_agent: text(self.step),
            parallel_group: self.branch.map(|_| "build".to_owned()),
            branch_index: self.branch,
        }
    }
}
