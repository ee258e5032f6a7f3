//! Frames that carry text: messages and their sources, reasoning summaries, refusals.

use crate::object::{object, union};

object! {
    /// More text of a message.
    pub struct MessageDelta: item {
        /// Which content of the item.
        content_index: u64,
        /// The text to append.
        delta: String,
    }
}

object! {
    /// A source of a message.
    pub struct MessageCitation: item {
        /// Which content of the item.
        content_index: u64,
        /// The source.
        citation: Citation,
    }
}

union! {
    /// What a message refers to.
    pub enum Citation by "type" {
        /// A page.
        Url(UrlCitation) = "url_citation",
        /// A file a tool made.
        ContainerFile(ContainerFileCitation) = "container_file_citation",
        /// A file that was searched, or an artifact.
        File(FileCitation) = "file_citation",
    }
}

object! {
    /// A page.
    pub struct UrlCitation {
        /// Where in the text the reference begins, in characters.
        start_index: u64,
        /// Where it ends.
        end_index: u64,
        /// The page's title.
        title: Option<String>,
        /// The address.
        url: String,
    }
}

object! {
    /// A file a tool made in its container.
    pub struct ContainerFileCitation {
        /// Where in the text the reference begins, in characters.
        start_index: u64,
        /// Where it ends.
        end_index: u64,
        /// The container.
        container_id: String,
        /// The file.
        file_id: String,
        /// The file's name.
        filename: Option<String>,
        /// Where to get it; kept whole, with its query.
        url: Option<String>,
    }
}

object! {
    /// A file that was searched; our runs cite artifacts this way.
    pub struct FileCitation {
        /// Where in the text the reference begins, in characters.
        start_index: Option<u64>,
        /// Where it ends.
        end_index: Option<u64>,
        /// The reference's number.
        index: Option<u64>,
        /// The file.
        file_id: String,
        /// The file's name.
        filename: Option<String>,
    }
}

object! {
    /// A part of a reasoning summary begins.
    pub struct ReasoningPartAdded: item, "part_type" = "summary_text" {
        /// Which part.
        summary_index: u64,
        /// Its text so far.
        text: Option<String>,
    }
}

object! {
    /// More text of a reasoning summary.
    pub struct ReasoningDelta: item {
        /// Which part; the item's last one if absent.
        summary_index: Option<u64>,
        /// The text to append.
        delta: String,
    }
}

object! {
    /// The authoritative text of a part of a reasoning summary.
    pub struct ReasoningPartDone: item, "part_type" = "summary_text" {
        /// Which part.
        summary_index: u64,
        /// The text that replaces what was streamed.
        text: String,
    }
}

object! {
    /// More text of a refusal.
    pub struct RefusalDelta: item {
        /// Which content of the item.
        content_index: u64,
        /// The text to append.
        delta: String,
    }
}

object! {
    /// The authoritative text of a refusal. A refusal is not an error.
    pub struct RefusalDone: item {
        /// Which content of the item.
        content_index: u64,
        /// The text that replaces what was streamed.
        refusal_text: String,
    }
}
