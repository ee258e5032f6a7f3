//! What the transcript makes of single cases: the order of rows, sections, cards, pieces and ends.

use frames::*;
use serde_json::{Value, json};

use crate::story::*;

fn message(call: &str) -> Item {
    Item::new(1, call)
}

fn call() -> Item {
    Item::new(0, "fc_1")
}

fn card(story: &Story) -> Value {
    let tools = &story.transcript()["header"]["tools"];
    assert_eq!(tools.as_array().unwrap().len(), 1, "{tools}");
    tools[0].clone()
}

#[test]
fn rows_stand_in_the_order_of_their_slots_and_may_move() {
    let mut story = Story::of_run();
    story.say(delta(&Item::new(4, "late"), 0, "b")).say(delta(&Item::new(1, "early"), 0, "a"));
    let ids = |story: &Story| -> Vec<Value> {
        let items = story.transcript()["header"]["items"].clone();
        items.as_array().unwrap().iter().map(|item| item["item_id"].clone()).collect()
    };
    assert_eq!(ids(&story), ["early", "late"]);
    story.say(delta(&Item::new(0, "late"), 0, "c"));
    assert_eq!(ids(&story), ["late", "early"]);
}

#[test]
fn a_response_that_changes_begins_a_section_even_when_slots_repeat() {
    let mut story = Story::of_run();
    let item = Item::new(0, "m");
    story.say(Draft::from(delta(&item, 0, "one")).response("r1"));
    story.say(Draft::from(delta(&item, 0, "two")).response("r2"));
    let sections = &story.transcript()["sections"];
    assert_eq!(sections[0]["items"][0]["parts"][0]["text"], "one");
    assert_eq!(sections[1]["items"][0]["parts"][0]["text"], "two");
}

#[test]
fn anonymous_frames_fold_into_the_header_instead_of_opening_sections() {
    let mut story = Story::of_run();
    story.say(lifecycle(LifecycleStatus::Queued)).say(lifecycle(LifecycleStatus::InProgress));
    story.say(Draft::from(lifecycle(LifecycleStatus::InProgress)).response("r1"));
    story.say(lifecycle(LifecycleStatus::Completed));
    let transcript = story.transcript();
    assert_eq!(transcript["sections"].as_array().unwrap().len(), 1);
    assert_eq!(transcript["header"]["lifecycle"]["status"], "completed");
}

#[test]
fn branches_do_not_mix_even_under_one_response_and_one_item() {
    let mut story = Story::of_run();
    let item = Item::new(0, "m");
    for (n, words) in [(0, "zero "), (1, "one "), (0, "nought"), (1, "unity")] {
        story.say(Draft::from(delta(&item, 0, words)).response("r").workflow(branch(n)));
    }
    let sections = &story.transcript()["sections"];
    assert_eq!(sections[0]["items"][0]["parts"][0]["text"], "zero nought");
    assert_eq!(sections[1]["items"][0]["parts"][0]["text"], "one unity");
}

#[test]
fn a_branch_is_one_section_before_and_after_it_has_a_response() {
    let mut story = Story::of_run();
    story.say(Draft::from(lifecycle(LifecycleStatus::Queued)).workflow(branch(0)));
    story.say(Draft::from(delta(&message("m"), 0, "a")).workflow(branch(0)).response("r"));
    story.say(Draft::from(lifecycle(LifecycleStatus::Completed)).workflow(branch(0)));
    let sections = &story.transcript()["sections"];
    assert_eq!(sections.as_array().unwrap().len(), 1);
    assert_eq!(sections[0]["response_id"], "r");
    assert_eq!(sections[0]["lifecycle"]["status"], "completed");
}

#[test]
fn a_placeholder_and_its_call_are_one_card_under_the_calls_id() {
    let mut story = Story::of_run();
    story.say(added(&call(), "function_call")).say(tool(&call(), function("call_1", CallStatus::InProgress)));
    let card = card(&story);
    assert_eq!((&card["tool_call_id"], &card["item_ids"]), (&json!("call_1"), &json!(["fc_1"])));
    assert_eq!(card["first_event_id"], 1);
    assert_eq!(story.transcript()["header"]["items"][0]["tool_call_id"], "call_1");
}

#[test]
fn a_placeholder_that_comes_after_its_call_joins_the_same_card() {
    let other = Item::new(2, "out_1");
    let mut story = Story::of_run();
    story.say(added(&other, "function_call"));
    story.say(tool(&call(), function("call_1", CallStatus::InProgress)));
    story.say(output(&other, "call_1", ToolType::Function, json!(1)));
    let card = card(&story);
    assert_eq!((&card["item_ids"], &card["first_event_id"]), (&json!(["fc_1", "out_1"]), &json!(1)));
    let items = &story.transcript()["header"]["items"];
    assert_eq!((&items[0]["tool_call_id"], &items[1]["tool_call_id"]), (&json!("call_1"), &json!("call_1")));
}

#[test]
fn a_cards_status_only_rises() {
    let mut story = Story::of_run();
    for status in [CallStatus::InProgress, CallStatus::Completed, CallStatus::InProgress] {
        story.say(tool(&call(), function("call_1", status)));
    }
    let card = card(&story);
    assert_eq!((&card["status"], &card["ended_at"]), (&json!("completed"), &json!(kernel::rfc3339(at(2)))));
}

#[test]
fn an_approved_call_is_not_finished_and_a_denied_one_never_succeeds() {
    let item = call();
    let mut story = Story::of_run();
    story.say(tool(&item, mcp("call_1", McpStatus::AwaitingApproval)));
    assert_eq!(card(&story)["status"], "awaiting_approval");
    story.say(approval(&item, "call_1", true));
    assert_eq!((&card(&story)["status"], &card(&story)["ended_at"]), (&json!("approved"), &Value::Null));
    story.say(tool(&item, mcp("call_1", McpStatus::InProgress)));
    assert_eq!(card(&story)["status"], "running");

    let mut story = Story::of_run();
    story.say(tool(&item, mcp("call_1", McpStatus::AwaitingApproval))).say(approval(&item, "call_1", false));
    story.say(tool(&item, mcp("call_1", McpStatus::Completed)));
    assert_eq!(card(&story)["status"], "denied");
    assert_eq!(card(&story)["approval"]["reason"], "not on a Friday");
}

#[test]
fn a_patch_never_erases_what_is_known() {
    let mut story = Story::of_run();
    let known = WebSearch {
        tool_call_id: "ws".to_owned(),
        status: SearchStatus::Searching,
        query: text("turtles"),
        sources: Some(vec!["https://example.com".to_owned()]),
    };
    let bare = WebSearch { status: SearchStatus::Completed, query: None, sources: None, ..known.clone() };
    story.say(tool(&call(), known)).say(tool(&call(), bare));
    assert_eq!(card(&story)["details"]["query"], "turtles");
    assert_eq!(card(&story)["details"]["sources"], json!(["https://example.com"]));
}

#[test]
fn what_is_done_replaces_what_was_streamed() {
    let item = Item::new(0, "i");
    let mut story = Story::of_run();
    story.say(ReasoningPartAdded { item: item.clone(), summary_index: 0, text: None });
    story.say(ReasoningDelta { item: item.clone(), summary_index: None, delta: "rough".to_owned() });
    story.say(ReasoningPartDone { item: item.clone(), summary_index: 0, text: "smooth".to_owned() });
    story.say(ReasoningDelta { item: item.clone(), summary_index: Some(0), delta: " late".to_owned() });
    story.say(RefusalDelta { item: item.clone(), content_index: 0, delta: "I can".to_owned() });
    story.say(RefusalDone { item: item.clone(), content_index: 0, refusal_text: "I cannot".to_owned() });
    let row = &story.transcript()["header"]["items"][0];
    assert_eq!(row["reasoning"], json!([{ "summary_index": 0, "text": "smooth", "is_done": true }]));
    assert_eq!(row["parts"][0]["refusal"], "I cannot");
}

#[test]
fn reasoning_of_two_items_does_not_collide() {
    let mut story = Story::of_run();
    for id in ["a", "b"] {
        let item = Item::new(0, id);
        story.say(ReasoningPartDone { item, summary_index: 0, text: format!("of {id}") });
    }
    let items = &story.transcript()["header"]["items"];
    assert_eq!(items[0]["reasoning"][0]["text"], "of a");
    assert_eq!(items[1]["reasoning"][0]["text"], "of b");
}

#[test]
fn the_end_completes_a_reasoning_summary_that_it_extends() {
    let with_end = |summary: &str| {
        let item = Item::new(0, "i");
        let mut story = Story::of_run();
        story.say(ReasoningDelta { item, summary_index: Some(0), delta: "first".to_owned() });
        let end = Final { reasoning_summary_text: text(summary), ..Final::new(FinalStatus::Completed) };
        story.say(end);
        story.transcript()["header"]["items"][0]["reasoning"][0]["text"].clone()
    };
    assert_eq!(with_end("first, then"), "first, then");
    assert_eq!(with_end("something else"), "first");
}

#[test]
fn citations_stand_with_their_content() {
    let item = Item::new(0, "m");
    let cite = |file: &str| FileCitation {
        start_index: None,
        end_index: None,
        index: None,
        file_id: file.to_owned(),
        filename: None,
    };
    let mut story = Story::of_run();
    story.say(cites(&item, 1, cite("b"))).say(cites(&item, 0, cite("a"))).say(delta(&item, 0, "text"));
    let parts = &story.transcript()["header"]["items"][0]["parts"];
    assert_eq!(parts[0]["citations"], json!([{ "type": "file_citation", "file_id": "a" }]));
    assert_eq!(parts[1]["citations"][0]["file_id"], "b");
}

#[test]
fn a_nested_run_shows_inside_its_call_and_touches_nothing_else() {
    let inner = Item::new(0, "m");
    let mut story = Story::of_run();
    story.say(Draft::from(delta(&inner, 0, "root")).agent("lead"));
    story.say(Draft::from(delta(&inner, 0, "nested")).scope(scope("call_1")));
    story.say(Draft::from(tool(&call(), function("call_1", CallStatus::InProgress))).scope(scope("call_1")));
    story.say(tool(&call(), function("call_1", CallStatus::Completed)));
    let header = &story.transcript()["header"];
    assert_eq!(header["agent"], "lead");
    assert_eq!(header["items"][0]["parts"][0]["text"], "root");
    let card = &header["tools"][0];
    assert_eq!(card["nested"]["items"][0]["parts"][0]["text"], "nested");
    assert_eq!((&card["nested"]["agent"], &card["status"]), (&json!("analyst"), &json!("completed")));
    assert_eq!(card["nested"]["tools"][0]["status"], "running");
}

#[test]
fn pieces_are_joined_by_number_and_only_done_completes_them() {
    let target = ChunkTarget {
        entity_kind: EntityKind::ToolCall,
        entity_id: "img".to_owned(),
        field: "partial_image_b64".to_owned(),
        part_index: Some(0),
    };
    let piece = |chunk_index, data: &str| ChunkDelta {
        item: Item::new(0, "img"),
        target: target.clone(),
        encoding: Some(Encoding::Base64),
        chunk_index,
        data: data.to_owned(),
    };
    let mut story = Story::of_run();
    story.say(piece(0, "AA")).say(piece(2, "CC"));
    let field = |story: &Story| story.transcript()["header"]["chunks"][0].clone();
    assert_eq!((&field(&story)["data"], &field(&story)["is_done"]), (&json!("AA"), &json!(false)));
    story.say(piece(1, "BB")).say(piece(1, "XX"));
    story.say(ChunkDone { item: Item::new(0, "img"), target: target.clone() });
    assert_eq!((&field(&story)["data"], &field(&story)["is_done"]), (&json!("AABBCC"), &json!(true)));
    assert_eq!(field(&story)["encoding"], "base64");
    story.say(piece(0, "ZZ"));
    let begun = field(&story);
    assert_eq!(
        (&begun["data"], &begun["is_done"], &begun["chunks"]),
        (&json!("ZZ"), &json!(false), &json!(1))
    );
}

#[test]
fn a_new_attempt_begins_its_phases_anew_and_the_old_ones_stay() {
    let phase = || PhaseStarted { phase: "fit".to_owned(), phase_index: 1, phase_total: 1, title: None };
    let progress =
        |fraction| Progress { phase: "fit".to_owned(), fraction, done: None, total: None, message: None };
    let mut story = Story::of_run();
    story
        .say(AttemptStarted { attempt: 1, worker: "w1".to_owned(), started_at: None, before_digest: None })
        .say(phase())
        .say(progress(0.5));
    story
        .say(AttemptStarted { attempt: 2, worker: "w2".to_owned(), started_at: None, before_digest: None })
        .say(phase())
        .say(progress(0.25));
    let transcript = story.transcript();
    let phases = &transcript["phases"];
    assert_eq!((&phases[0]["attempt"], &phases[0]["progress"]["fraction"]), (&json!(1), &json!(0.5)));
    assert_eq!((&phases[1]["attempt"], &phases[1]["progress"]["fraction"]), (&json!(2), &json!(0.25)));
}

#[test]
fn a_running_step_may_speak_before_it_ends() {
    let said = |status, detail: &str| StepCompleted {
        step: "ask".to_owned(),
        step_index: 1,
        step_total: 1,
        phase: "p".to_owned(),
        phase_index: 1,
        phase_total: 1,
        status,
        detail: detail.to_owned(),
        duration_ms: 1.5,
        data: object(json!({ "said": detail })),
    };
    let mut story = Story::of_run();
    story.say(said(StepStatus::Running, "waiting"));
    let step = |story: &Story| story.transcript()["phases"][0]["steps"][0].clone();
    assert_eq!((&step(&story)["status"], &step(&story)["completed_at"]), (&json!("running"), &Value::Null));
    story.say(said(StepStatus::Warn, "approved"));
    assert_eq!((&step(&story)["status"], &step(&story)["detail"]), (&json!("warn"), &json!("approved")));
    assert_eq!(story.transcript()["phases"][0]["steps"].as_array().unwrap().len(), 1);
}

#[test]
fn the_first_answer_to_an_approval_counts() {
    let answer = |decision| ApprovalDecided { approval_id: "a".to_owned(), decision, reason: None };
    let mut story = Story::of_run();
    story.say(answer(Decision::Rejected)).say(answer(Decision::TimedOut));
    assert_eq!(story.transcript()["approvals"][0]["decision"], "rejected");
}

#[test]
fn a_terminal_error_is_shown_like_an_end() {
    let mut story = Story::of_run();
    let error = StreamError {
        code: None,
        message: "broken".to_owned(),
        source: ErrorSource::Server,
        is_retryable: true,
    };
    story.say(error);
    let terminal = &story.transcript()["terminal"];
    assert_eq!((&terminal["error"]["message"], &terminal["final"]), (&json!("broken"), &Value::Null));
}

#[test]
fn what_was_left_out_is_told_with_its_item() {
    let notice =
        Notice { notice_type: NoticeType::Truncated, path: "output".to_owned(), message: "cut".to_owned() };
    let mut story = Story::of_run();
    story.say(Draft::from(output(&call(), "call_1", ToolType::Function, json!("…"))).notice(notice));
    assert_eq!(
        story.transcript()["omissions"],
        json!([{ "event_id": 1, "kind": "tool.output", "item_id": "fc_1", "type": "truncated",
            "path": "output", "message": "cut" }])
    );
}
