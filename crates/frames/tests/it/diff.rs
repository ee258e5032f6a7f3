//! Two streams side by side.

use frames::diff::{Change, Diff, Entry, Ignore, Outline, Part, RowKind, diff};
use frames::*;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use crate::golden;
use crate::story::*;
use crate::world;

const ALL: Ignore = Ignore { timing: false, ids: false };
const CONTENT: Ignore = Ignore { timing: true, ids: true };

fn outline<'a>(frames: impl IntoIterator<Item = &'a Frame>) -> Outline {
    let mut outline = Outline::default();
    frames.into_iter().for_each(|frame| outline.apply(frame));
    outline
}

fn compare(left: &[Frame], right: &[Frame], ignore: Ignore) -> Diff {
    diff(outline(left), outline(right), ignore)
}

fn different(diff: &Diff) -> Vec<&Entry> {
    diff.entries.iter().filter(|entry| entry.change != Change::Same).collect()
}

/// One thing said in an item of its own.
#[derive(Debug, Clone)]
enum Saying {
    Message(String),
    Call(String),
    Step(String),
}

fn sayings() -> impl Strategy<Value = Vec<Saying>> {
    let word = || "[a-c]{1,3}( [a-c]{1,3}){0,3}";
    let saying = prop_oneof![
        word().prop_map(Saying::Message),
        word().prop_map(Saying::Call),
        word().prop_map(Saying::Step)
    ];
    vec(saying, 1..25)
}

fn told(sayings: &[Saying]) -> Vec<Frame> {
    let mut story = Story::of_run();
    for (slot, saying) in (0..).zip(sayings) {
        let item = Item::new(slot, format!("item_{slot}"));
        match saying {
            Saying::Message(text) => {
                story.say(added(&item, "message")).say(delta(&item, 0, text));
            }
            Saying::Call(text) => {
                let call = format!("call_{slot}");
                story.say(tool(&item, function(&call, CallStatus::InProgress)));
                story.say(output(&item, &call, ToolType::Function, json!({"found": text})));
            }
            Saying::Step(text) => {
                story.say(StepCompleted {
                    step: "fit".to_owned(),
                    step_index: 1,
                    step_total: 1,
                    phase: "models".to_owned(),
                    phase_index: 1,
                    phase_total: 1,
                    status: StepStatus::Running,
                    detail: text.clone(),
                    duration_ms: 1.0,
                    data: object(json!({})),
                });
            }
        }
    }
    story.frames
}

/// An entry without what names its place; changed over if it is asked for.
fn seen(entry: &Entry, is_mirrored: bool) -> String {
    let over = |change: Change| match change {
        Change::Added if is_mirrored => Change::Removed,
        Change::Removed if is_mirrored => Change::Added,
        other => other,
    };
    let two = |left: String, right: String| if is_mirrored { [right, left] } else { [left, right] };
    let mut fields: Vec<_> = entry
        .fields
        .iter()
        .map(|field| {
            let mut spans: Vec<_> = field.spans.iter().map(|span| (over(span.change), &span.text)).collect();
            spans.sort();
            let said = two(format!("{:?}", field.left), format!("{:?}", field.right));
            format!("{} {said:?} {spans:?}", field.name)
        })
        .collect();
    fields.sort();
    let seqs = two(format!("{:?}", entry.left_seq), format!("{:?}", entry.right_seq));
    format!("{:?} {:?} {:?} {seqs:?} {fields:?}", over(entry.change), entry.part, entry.kind)
}

fn sorted(diff: &Diff, is_mirrored: bool) -> Vec<String> {
    let mut entries: Vec<String> = diff.entries.iter().map(|entry| seen(entry, is_mirrored)).collect();
    entries.sort();
    entries
}

#[test]
fn every_golden_is_the_same_as_itself_and_differs_from_the_others() {
    let all: Vec<_> = golden::all()
        .into_iter()
        .map(|golden| {
            (golden.name, golden.lines.iter().map(|line| Frame::parse(line).unwrap()).collect::<Vec<_>>())
        })
        .collect();
    for (name, frames) in &all {
        let same = compare(frames, frames, ALL);
        assert!(same.is_same() && same.left_rows > 0, "{name}: {:?}", different(&same));
        assert_eq!(same.total(Change::Same), same.left_rows, "{name}");
        assert_eq!(same.first_difference(), (None, None), "{name}");
        for (other, others) in all.iter().filter(|(other, _)| other != name) {
            let found = compare(frames, others, ALL);
            assert!(!found.is_same(), "{name} and {other}");
            assert_eq!(
                sorted(&found, true),
                sorted(&compare(others, frames, ALL), false),
                "{name} and {other}"
            );
        }
    }
}

#[test]
fn every_row_says_which_frame_first_told_of_it() {
    for golden in golden::all() {
        let frames: Vec<Frame> = golden.lines.iter().map(|line| Frame::parse(line).unwrap()).collect();
        for entry in compare(&frames, &frames, ALL).entries {
            let seq = entry.left_seq.unwrap_or_else(|| panic!("{}: {entry:?}", golden.name));
            assert!((1..=frames.len() as u64).contains(&seq), "{}: {entry:?}", golden.name);
        }
    }
}

#[test]
fn what_was_asked_for_comes_before_what_came_of_it() {
    let run = |model: &str, answer: &str| {
        let mut outline = outline(&told(&[Saying::Message(answer.to_owned())]));
        outline.ask("spec", json!({"model": model, "folds": 3}));
        outline
    };
    let found = diff(run("naive", "it rains"), run("ets", "it snows"), ALL);
    let entries = different(&found);
    let parts: Vec<_> = entries.iter().map(|entry| (entry.part, entry.kind)).collect();
    assert_eq!(parts, [(Part::Request, RowKind::Spec), (Part::Course, RowKind::Message)]);
    let names: Vec<_> =
        entries.iter().flat_map(|entry| &entry.fields).map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["spec.model", "text"]);
    assert_eq!(entries[1].fields[0].spans.len(), 3);
}

#[test]
fn times_and_names_count_only_when_they_are_asked_for() {
    let left = told(&[Saying::Call("a".to_owned())]);
    let mut right = left.clone();
    for frame in &mut right[1..] {
        frame.envelope.server_timestamp += chrono::TimeDelta::milliseconds(40);
    }
    let found = compare(&left, &right, ALL);
    assert_eq!(different(&found)[0].fields[0].name, "duration_ms");
    assert!(compare(&left, &right, Ignore { timing: true, ids: false }).is_same());
    let mut story = Story::of_run();
    let item = Item::new(0, "other");
    story.say(tool(&item, function("another", CallStatus::InProgress)));
    story.say(output(&item, "another", ToolType::Function, json!({"found": "a"})));
    assert!(!compare(&left, &story.frames, ALL).is_same());
    assert!(compare(&left, &story.frames, Ignore { timing: false, ids: true }).is_same());
}

proptest! {
    #[test]
    fn it_does_not_matter_which_stream_is_called_left(left in drafts(), right in drafts()) {
        let [left, right] = [left, right].map(made);
        let (there, back) = (compare(&left, &right, ALL), compare(&right, &left, ALL));
        prop_assert_eq!(sorted(&there, true), sorted(&back, false));
        prop_assert_eq!(there.first_difference().0, back.first_difference().1);
        prop_assert!(compare(&left, &left, ALL).is_same());
    }

    #[test]
    fn a_row_that_was_changed_is_the_only_entry(sayings in sayings(), at in any::<prop::sample::Index>()) {
        let at = at.index(sayings.len());
        let mut changed = sayings.clone();
        let (Saying::Message(text) | Saying::Call(text) | Saying::Step(text)) = &mut changed[at];
        text.push_str(" umbrella");
        let found = compare(&told(&sayings), &told(&changed), ALL);
        let entries = different(&found);
        let is_last_step = sayings[at + 1..].iter().all(|saying| !matches!(saying, Saying::Step(_)));
        match &sayings[at] {
            // Steps of one name are one row, which says what was said last.
            Saying::Step(_) if !is_last_step => prop_assert_eq!(entries.len(), 0),
            saying => {
                let kind = match saying {
                    Saying::Message(_) => RowKind::Message,
                    Saying::Call(_) => RowKind::Tool,
                    Saying::Step(_) => RowKind::Step,
                };
                prop_assert_eq!(entries.len(), 1);
                prop_assert_eq!((entries[0].change, entries[0].kind), (Change::Changed, kind));
                prop_assert_eq!(entries[0].fields.len(), 1);
            }
        }
    }

    #[test]
    fn a_row_that_was_put_in_is_the_only_entry(sayings in sayings(), at in any::<prop::sample::Index>()) {
        let mut longer = sayings.clone();
        longer.insert(at.index(sayings.len() + 1), Saying::Message("an umbrella".to_owned()));
        let found = compare(&told(&sayings), &told(&longer), CONTENT);
        // What opened the section and the plan comes with the first thing that is said there.
        let entries: Vec<_> = different(&found).into_iter().filter(|entry| entry.kind != RowKind::Section).collect();
        prop_assert_eq!(entries.len(), 1);
        prop_assert_eq!((entries[0].change, entries[0].kind), (Change::Added, RowKind::Message));
    }
}

fn drafts() -> impl Strategy<Value = Vec<(usize, [u64; 4], String, Option<u64>)>> {
    let ids = [0..3_u64, 0..3, 0..2, 0..3];
    vec((0..world::KINDS, ids, "[a-c]{0,3}", prop::option::of(0..2_u64)), 1..30)
}

fn made(drafts: Vec<(usize, [u64; 4], String, Option<u64>)>) -> Vec<Frame> {
    let mut story = Story::of_run();
    for (kind, [slot, id, index, call], word, branch) in drafts {
        let place = world::Place { branch, response: branch, nested: None };
        story.say(world::draft(kind, &world::Ids { slot, id, index, call }, &word, &place));
    }
    story.frames
}
