//! A chat under the public contract: hosted tools, every citation, reasoning, a handover, memory, an image in pieces.

use frames::*;
use serde_json::json;

use crate::story::*;

pub(super) fn story() -> Story {
    let mut story = Story::of_chat();
    story.say(Draft::from(lifecycle(LifecycleStatus::Queued)).agent("triage"));
    let mut in_response = Told { story: &mut story };
    in_response.say(Lifecycle { status: LifecycleStatus::InProgress, reason: text("resumed") });
    in_response.say(memory());
    reasoning(&mut in_response);
    searches(&mut in_response);
    image(&mut in_response);
    in_response.say(AgentUpdated {
        from_agent: text("triage"),
        to_agent: "writer".to_owned(),
        handoff_index: Some(1),
    });
    answer(&mut in_response);
    in_response.say(end());
    story
}

/// Says everything in one response, as a provider that counts its frames.
struct Told<'a> {
    story: &'a mut Story,
}

impl Told<'_> {
    fn say(&mut self, body: impl Into<Body>) {
        self.story.say(Draft::from(body.into()).response("resp_1").agent("triage"));
        let frame = self.story.frames.last_mut().unwrap();
        frame.envelope.provider_sequence_number = Some(frame.envelope.event_id * 3);
    }
}

fn memory() -> Checkpoint {
    Checkpoint {
        strategy: MemoryStrategy::Summarize,
        trigger_reason: text("tokens"),
        tokens_before: Some(12_000),
        tokens_after: Some(3_000),
        keep_turns: Some(2),
        clear_tool_inputs: Some(false),
        excluded_tools: Some(vec!["search".to_owned()]),
        included_tools: Some(Vec::new()),
        ..Checkpoint::default()
    }
}

fn reasoning(told: &mut Told<'_>) {
    let item = Item::new(0, "rs_1");
    told.say(added(&item, "reasoning"));
    told.say(ReasoningPartAdded { item: item.clone(), summary_index: 0, text: text("Look") });
    told.say(ReasoningDelta {
        item: item.clone(),
        summary_index: Some(0),
        delta: " at the sales".to_owned(),
    });
    told.say(ReasoningPartDone {
        item: item.clone(),
        summary_index: 0,
        text: "Looking at the sales. ".to_owned(),
    });
    told.say(ReasoningDelta { item: item.clone(), summary_index: Some(1), delta: "Then the".to_owned() });
    told.say(ReasoningDelta { item: item.clone(), summary_index: None, delta: " prices".to_owned() });
    told.say(done(&item, "reasoning"));
}

fn searches(told: &mut Told<'_>) {
    let web = Item::new(1, "ws_1");
    let search = WebSearch {
        tool_call_id: "ws_1".to_owned(),
        status: SearchStatus::Searching,
        query: text("demand for umbrellas"),
        sources: None,
    };
    told.say(added(&web, "web_search_call"));
    told.say(tool(&web, search.clone()));
    let sources = Some(vec!["https://example.com/rain".to_owned()]);
    told.say(tool(&web, WebSearch { status: SearchStatus::Completed, query: None, sources, ..search }));
    let files = Item::new(2, "fs_1");
    let result = FileResult {
        file_id: "file_1".to_owned(),
        filename: text("rain.csv"),
        score: Some(0.1 + 0.2),
        vector_store_id: text("store_1"),
        attributes: Some(object(json!({ "year": 2025, "dry": null, "weight": 1e21 }))),
        text: text("It rained — and how. 🌧"),
    };
    let bare = FileResult { filename: None, score: None, attributes: None, text: None, ..result.clone() };
    told.say(added(&files, "file_search_call"));
    told.say(tool(
        &files,
        FileSearch {
            tool_call_id: "fs_1".to_owned(),
            status: SearchStatus::Completed,
            queries: Some(vec!["rain".to_owned()]),
            results: Some(vec![result, bare]),
        },
    ));
}

fn image(told: &mut Told<'_>) {
    let item = Item::new(3, "ig_1");
    let drawing = |status, partial_image_index| ImageGeneration {
        tool_call_id: "ig_1".to_owned(),
        status,
        revised_prompt: text("a forecast as a landscape"),
        format: text("webp"),
        size: None,
        quality: text("high"),
        background: None,
        partial_image_index,
    };
    let target = |part_index| ChunkTarget {
        entity_kind: EntityKind::ToolCall,
        entity_id: "ig_1".to_owned(),
        field: "partial_image_b64".to_owned(),
        part_index,
    };
    let piece = |part, chunk_index, data: &str| ChunkDelta {
        item: Item::new(3, "ig_1"),
        target: target(part),
        encoding: Some(Encoding::Base64),
        chunk_index,
        data: data.to_owned(),
    };
    told.say(added(&item, "image_generation_call"));
    told.say(tool(&item, drawing(ImageStatus::PartialImage, Some(0))));
    for (chunk_index, data) in [(0, "UklG"), (2, "SUM="), (1, "RkFT")] {
        told.say(piece(Some(0), chunk_index, data));
    }
    told.say(ChunkDone { item: item.clone(), target: target(Some(0)) });
    told.say(piece(Some(1), 0, "UklG"));
    told.say(piece(Some(1), 2, "lost"));
    told.say(tool(&item, drawing(ImageStatus::Completed, None)));
    told.say(done(&item, "image_generation_call"));
    let code = Item::new(4, "ci_1");
    let interpreter = CodeInterpreter {
        tool_call_id: "ci_1".to_owned(),
        status: CodeStatus::Interpreting,
        container_id: text("box_1"),
        container_mode: Some(ContainerMode::Explicit),
    };
    told.say(ToolCodeDelta { item: code.clone(), tool_call_id: "ci_1".to_owned(), delta: "prin".to_owned() });
    told.say(tool(&code, interpreter.clone()));
    told.say(ToolCodeDone {
        item: code.clone(),
        tool_call_id: "ci_1".to_owned(),
        code: "print(1)\n".to_owned(),
    });
    told.say(tool(
        &code,
        CodeInterpreter { status: CodeStatus::Completed, container_id: None, ..interpreter },
    ));
}

fn answer(told: &mut Told<'_>) {
    let item = Item::new(5, "msg_1");
    told.say(added(&item, "message"));
    told.say(delta(&item, 0, "Umbrellas sell when it rains"));
    told.say(cites(
        &item,
        0,
        UrlCitation {
            start_index: 0,
            end_index: 28,
            title: text("Rain"),
            url: "https://example.com/rain".to_owned(),
        },
    ));
    told.say(delta(&item, 0, ",\n\nas \"expected\"."));
    told.say(delta(&item, 1, "See the file."));
    told.say(cites(
        &item,
        1,
        ContainerFileCitation {
            start_index: 8,
            end_index: 12,
            container_id: "box_1".to_owned(),
            file_id: "cf_1".to_owned(),
            filename: text("rain.csv"),
            url: None,
        },
    ));
    told.say(cites(
        &item,
        1,
        FileCitation {
            start_index: None,
            end_index: None,
            index: Some(1),
            file_id: "file_1".to_owned(),
            filename: None,
        },
    ));
    told.say(done(&item, "message"));
}

fn end() -> Final {
    Final {
        response_text: text("Umbrellas sell when it rains,\n\nas \"expected\".See the file."),
        structured_output: Some(json!({ "mean": 12.0, "share": 0.3, "note": null })),
        reasoning_summary_text: text("Looking at the sales. Then the prices and the weather"),
        attachments: vec![
            Attachment {
                object_id: "obj_1".to_owned(),
                filename: "landscape.webp".to_owned(),
                mime_type: text("image/webp"),
                size_bytes: Some(9),
                url: None,
                tool_call_id: text("ig_1"),
            },
            Attachment {
                object_id: "obj_2".to_owned(),
                filename: "rain.csv".to_owned(),
                mime_type: None,
                size_bytes: None,
                url: text("https://example.com/obj_2?sig=1"),
                tool_call_id: None,
            },
        ],
        usage: Some(Usage {
            input_tokens: Some(120),
            output_tokens: Some(30),
            total_tokens: Some(150),
            ..Usage::default()
        }),
        ..Final::new(FinalStatus::Completed)
    }
}
