//! What is true of the transcript of every stream, made-up ones with few ids that meet often.

use frames::*;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::story::*;
use crate::world;

/// A frame of a small world of ids and words, so that ids meet often.
fn draft() -> impl Strategy<Value = Draft> {
    let ids = (0..3_u64, 0..3_u64, 0..2_u64, 0..3_u64);
    let place =
        (prop::option::of(0..2_u64), prop::option::of(0..2_u64), prop::option::weighted(0.2, 0..2_u64));
    (0..world::KINDS, ids, "[a-c]{0,3}", place).prop_map(
        |(kind, (slot, id, index, call), word, (branch, response, nested))| {
            let place = world::Place { branch, response, nested };
            world::draft(kind, &world::Ids { slot, id, index, call }, &word, &place)
        },
    )
}

fn told(drafts: Vec<Draft>) -> Vec<Frame> {
    let mut story = Story::of_run();
    for draft in drafts {
        story.say(draft);
    }
    story.frames
}

fn section_of(frames: &[&Frame], index: u64) -> Vec<Value> {
    let transcript = transcript(frames.iter().copied());
    let sections = transcript["sections"].as_array().unwrap().clone();
    sections.into_iter().filter(|section| section["branch"]["branch_index"] == json!(index)).collect()
}

proptest! {
    #[test]
    fn every_prefix_shows_the_same_frame_by_frame_and_at_once(drafts in vec(draft(), 1..40)) {
        let frames = told(drafts);
        let mut live = Transcript::default();
        for (n, frame) in frames.iter().enumerate() {
            live.apply(frame);
            prop_assert_eq!(json!(live), transcript(&frames[..=n]));
        }
    }

    #[test]
    fn a_frame_that_was_stored_shows_like_the_one_that_was_sent(drafts in vec(draft(), 1..30)) {
        let frames = told(drafts);
        let stored: Vec<Frame> = frames.iter().map(|frame| Frame::parse(&frame.to_text()).unwrap()).collect();
        prop_assert_eq!(&stored, &frames);
        prop_assert_eq!(transcript(&stored), transcript(&frames));
    }

    #[test]
    fn branches_show_the_same_however_their_frames_interleave(
        drafts in vec(draft(), 2..40),
        picks in vec(any::<bool>(), 40),
    ) {
        let mut drafts = drafts;
        for (n, draft) in (0..).zip(&mut drafts) {
            draft.workflow = Some(branch(n % 2));
        }
        let frames = told(drafts);
        let (mut even, mut odd): (Vec<_>, Vec<_>) =
            frames.iter().partition(|frame| frame.envelope.event_id % 2 == 1);
        let alone = [section_of(&even, 0), section_of(&odd, 1)];
        let mut merged = Vec::new();
        for pick in picks {
            let from = if pick { &mut even } else { &mut odd };
            if !from.is_empty() {
                merged.push(from.remove(0));
            }
        }
        merged.append(&mut even);
        merged.append(&mut odd);
        prop_assert_eq!([section_of(&merged, 0), section_of(&merged, 1)], alone);
    }

    #[test]
    fn a_card_belongs_to_one_call_and_an_item_to_one_card(drafts in vec(draft(), 1..40)) {
        let frames: Vec<Frame> = told(drafts)
            .into_iter()
            .map(|mut frame| {
                frame.envelope.workflow = None;
                frame.envelope.response_id = None;
                frame
            })
            .collect();
        let header = &transcript(&frames)["header"];
        let cards = header["tools"].as_array().unwrap();
        let calls: Vec<&Value> = cards.iter().map(|card| &card["tool_call_id"]).collect();
        let items = cards.iter().flat_map(|card| card["item_ids"].as_array().unwrap()).collect::<Vec<_>>();
        for (n, item) in items.iter().enumerate() {
            prop_assert!(!items[..n].contains(item), "{} shows two cards", item);
        }
        for row in header["items"].as_array().unwrap() {
            let call = &row["tool_call_id"];
            prop_assert!(call.is_null() || calls.contains(&call), "{} is not a card", call);
        }
    }
}
