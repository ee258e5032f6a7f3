//! Keeps the path of what is looked at, and a notice of what was done there.

use std::borrow::Cow;

use super::secret::redact;
use crate::envelope::{Notice, NoticeType};

/// More notices than this say no more: the last one then speaks for the rest.
const MAX_NOTICES: usize = 100;

/// Longer keys are shortened in a path, which is for people.
const KEY_CHARS: usize = 64;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    Secrets,
    Lengths,
    Both,
}

#[derive(Debug)]
pub(super) struct Clerk<'a> {
    task: Task,
    /// Where the whole of what is cut can be found.
    elsewhere: Option<&'a str>,
    path: String,
    notices: Vec<Notice>,
    untold: usize,
}

impl<'a> Clerk<'a> {
    pub(super) const fn new(task: Task, elsewhere: Option<&'a str>) -> Self {
        Self { task, elsewhere, path: String::new(), notices: Vec::new(), untold: 0 }
    }

    /// One that goes about the same in the same way, with a path and notices of its own.
    pub(super) const fn another(&self) -> Self {
        Self::new(self.task, self.elsewhere)
    }

    /// Looks at what stands under a key.
    pub(super) fn at(&mut self, key: &str, look: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        let shown = redact(key).map_or(Cow::Borrowed(key), |(key, _)| Cow::Owned(key));
        let is_plain = shown.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if is_plain && !shown.is_empty() && shown.len() <= KEY_CHARS {
            self.path.push_str(if length == 0 { "" } else { "." });
            self.path.push_str(&shown);
        } else {
            let shown: String = shown.chars().take(KEY_CHARS).collect();
            self.path.push_str(&format!("[{shown:?}]"));
        }
        look(self);
        self.path.truncate(length);
    }

    /// Looks at a member of a list.
    pub(super) fn nth(&mut self, index: usize, look: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(&format!("[{index}]"));
        look(self);
        self.path.truncate(length);
    }

    /// Replaces the secrets of a text.
    pub(super) fn scan(&mut self, text: &mut String) {
        if self.task == Task::Lengths {
            return;
        }
        if let Some((redacted, count)) = redact(text) {
            *text = redacted;
            let values = match count {
                1 => "a value that looks like a secret was replaced".to_owned(),
                _ => format!("{count} values that look like secrets were replaced"),
            };
            self.note(NoticeType::Redacted, values);
        }
    }

    /// Replaces the secrets of a text and cuts it behind so many characters.
    pub(super) fn text(&mut self, text: &mut String, max_chars: usize) {
        self.scan(text);
        self.cut(text, max_chars);
    }

    /// Cuts a text behind so many characters.
    pub(super) fn cut(&mut self, text: &mut String, max_chars: usize) {
        // No character takes less than a byte.
        if text.len() <= max_chars || self.task == Task::Secrets {
            return;
        }
        if let Some((end, _)) = text.char_indices().nth(max_chars) {
            let total = max_chars + text[end..].chars().count();
            text.truncate(end);
            self.shortened(format!("cut to the first {max_chars} of {total} characters"));
        }
    }

    /// Cuts a list behind so many members.
    pub(super) fn list<T>(&mut self, list: &mut Vec<T>, max: usize) {
        if list.len() > max && self.task != Task::Secrets {
            self.shortened(format!("{max} of {} are here", list.len()));
            list.truncate(max);
        }
    }

    /// Whether secrets are looked for.
    pub(super) fn hides(&self) -> bool {
        self.task != Task::Lengths
    }

    /// Says that a value was replaced because of its key.
    pub(super) fn replaced(&mut self) {
        self.note(NoticeType::Redacted, "its name is that of a secret".to_owned());
    }

    /// Says that something is not here as a whole, and where that is.
    pub(super) fn shortened(&mut self, said: String) {
        let message = match self.elsewhere {
            Some(place) => format!("{said}; the whole is in {place}"),
            None => said,
        };
        self.note(NoticeType::Truncated, message);
    }

    /// Says what was done here, unless it was said.
    pub(super) fn note(&mut self, notice_type: NoticeType, message: String) {
        let notice = Notice { notice_type, path: self.path.clone(), message };
        if self.notices.last() == Some(&notice) {
            return;
        }
        if self.notices.len() == MAX_NOTICES {
            self.untold += 1;
        } else {
            self.notices.push(notice);
        }
    }

    /// Whether anything of this sort was done.
    pub(super) fn has_done(&self, notice_type: NoticeType) -> bool {
        self.untold > 0 || self.notices.iter().any(|notice| notice.notice_type == notice_type)
    }

    /// Adds what was noted to what the producer had to say.
    pub(super) fn sign(self, notices: &mut Vec<Notice>) {
        let rest = (self.untold > 0).then(|| Notice {
            notice_type: NoticeType::Redacted,
            path: String::new(),
            message: format!("{} more places were redacted or cut", self.untold),
        });
        for notice in self.notices.into_iter().chain(rest) {
            if !notices.contains(&notice) {
                notices.push(notice);
            }
        }
    }
}
