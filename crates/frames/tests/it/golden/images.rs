//! An image that is drawn in two previews, each in pieces; both are real pictures.

use frames::*;

use crate::story::*;

/// Squares of one colour, of two and of four pixels.
const PREVIEWS: [&str; 2] = [
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mMQiToBRAwQCgAfJgTZIMpkVwAAAABJRU5ErkJggg==",
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR42mMQiToBRwzEcQDswxNh3O2W7AAAAABJRU5ErkJggg==",
];

/// As long as a piece is here; a multiple of four.
const PIECE: usize = 40;

pub(super) fn story() -> Story {
    let mut story = Story::of_chat();
    let item = Item::new(0, "ig_sky");
    let mut bodies = vec![lifecycle(LifecycleStatus::InProgress), added(&item, "image_generation_call")];
    bodies.push(drawing(ImageStatus::Generating, None));
    for (part, base64) in (0..).zip(PREVIEWS) {
        bodies.push(drawing(ImageStatus::PartialImage, Some(part)));
        bodies.extend(pieces(&item, part, base64));
    }
    bodies.push(drawing(ImageStatus::Completed, None));
    bodies.push(done(&item, "image_generation_call"));
    let picture = Attachment {
        object_id: "object_sky".to_owned(),
        filename: "sky.png".to_owned(),
        mime_type: text("image/png"),
        size_bytes: Some(73),
        url: None,
        tool_call_id: text("ig_sky"),
    };
    bodies.push(Final { attachments: vec![picture], ..Final::new(FinalStatus::Completed) }.into());
    for body in bodies {
        story.say(Draft::from(body).response("resp_1"));
    }
    story
}

fn drawing(status: ImageStatus, partial_image_index: Option<u64>) -> Body {
    let image = ImageGeneration {
        tool_call_id: "ig_sky".to_owned(),
        status,
        revised_prompt: text("a blue sky"),
        format: text("png"),
        size: text("4x4"),
        quality: None,
        background: None,
        partial_image_index,
    };
    tool(&Item::new(0, "ig_sky"), image)
}

fn pieces(item: &Item, part: u64, base64: &str) -> Vec<Body> {
    let target = ChunkTarget {
        entity_kind: EntityKind::ToolCall,
        entity_id: "ig_sky".to_owned(),
        field: "partial_image_b64".to_owned(),
        part_index: Some(part),
    };
    let pieces = base64.as_bytes().chunks(PIECE).map(|piece| String::from_utf8(piece.to_vec()).unwrap());
    let told = (0..).zip(pieces).map(|(chunk_index, data)| {
        let encoding = Some(Encoding::Base64);
        ChunkDelta { item: item.clone(), target: target.clone(), encoding, chunk_index, data }.into()
    });
    told.chain([ChunkDone { item: item.clone(), target: target.clone() }.into()]).collect()
}
