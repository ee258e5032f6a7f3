//! Texts from a file in messages.

/// The beginning of a text, fit for a message: no control character acts on whoever reads it.
pub(crate) fn short(text: &str) -> String {
    const LIMIT: usize = 40;
    let mut shown: String =
        text.chars().take(LIMIT).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(LIMIT).is_some() {
        shown.push('…');
    }
    shown
}

/// At most thirty names: a wide table would fill the screen.
pub(crate) fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(30).map(|name| format!("`{}`", short(name))).collect();
    let more = if names.len() > 30 { ", …" } else { "" };
    if shown.is_empty() { "none".to_owned() } else { format!("{}{more}", shown.join(", ")) }
}
