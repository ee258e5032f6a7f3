//! Reasoning that is told in parts of two items, and an answer.

use frames::*;

use crate::story::*;

const PARTS: [(&str, u64, [&str; 2]); 3] = [
    ("rs_1", 0, ["Sales follow ", "the weather."]),
    ("rs_1", 1, ["Rain is forecast ", "for Tuesday."]),
    ("rs_2", 0, ["So umbrellas ", "should be ordered."]),
];

pub(super) fn story() -> Story {
    let mut story = Story::of_chat();
    let mut bodies = vec![lifecycle(LifecycleStatus::InProgress)];
    for (slot, id) in [(0, "rs_1"), (1, "rs_2")] {
        let item = Item::new(slot, id);
        bodies.push(added(&item, "reasoning"));
        for (_, index, said) in PARTS.iter().filter(|(of, ..)| *of == id) {
            bodies.extend(part(&item, *index, *said));
        }
        bodies.push(done(&item, "reasoning"));
    }
    let answer = Item::new(2, "msg_1");
    bodies.extend([
        added(&answer, "message"),
        delta(&answer, 0, "Order umbrellas."),
        done(&answer, "message"),
    ]);
    let whole: String = PARTS.iter().flat_map(|(.., said)| said.iter().copied()).collect();
    bodies.push(
        Final {
            response_text: text("Order umbrellas."),
            reasoning_summary_text: text(&whole),
            usage: Some(Usage { reasoning_output_tokens: Some(21), ..Usage::default() }),
            ..Final::new(FinalStatus::Completed)
        }
        .into(),
    );
    for body in bodies {
        story.say(Draft::from(body).response("resp_1"));
    }
    story
}

fn part(item: &Item, summary_index: u64, said: [&str; 2]) -> Vec<Body> {
    let begun = ReasoningPartAdded { item: item.clone(), summary_index, text: None };
    let told = said.map(|delta| {
        ReasoningDelta { item: item.clone(), summary_index: Some(summary_index), delta: delta.to_owned() }
            .into()
    });
    let whole = ReasoningPartDone { item: item.clone(), summary_index, text: said.concat() };
    [vec![begun.into()], told.to_vec(), vec![whole.into()]].concat()
}
