//! Progress bars, where somebody is looking.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on stderr that counts up to `length`; hidden when stderr is no terminal.
pub fn bar(length: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {human_pos} of {human_len} ({elapsed})");
    let bar = ProgressBar::new(length).with_message(what);
    match style {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}
