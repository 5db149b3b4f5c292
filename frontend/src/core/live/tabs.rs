//! What the tabs of one browser tell each other: one of them holds the stream and passes on what it hears.

use gloo_events::EventListener;
use kpi_api::live::LiveKind;
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};

use super::link::Link;

#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    /// Who holds the stream?
    Ask,
    /// I do, and this is how it stands.
    Stands { link: Link, seq: Option<i64> },
    /// Something came.
    Heard { kind: LiveKind, data: String, seq: Option<i64> },
}

impl Word {
    /// A line with what it is, one with the number, the rest is data.
    fn written(&self) -> String {
        let number = |seq: &Option<i64>| seq.map(|seq| seq.to_string()).unwrap_or_default();
        match self {
            Self::Ask => "ask\n\n".to_owned(),
            Self::Stands { link, seq } => format!("stands\n{}\n{}", number(seq), link.as_str()),
            Self::Heard { kind, data, seq } => format!("{}\n{}\n{data}", kind.as_str(), number(seq)),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '\n');
        let (what, seq, data) = (parts.next()?, parts.next()?.parse().ok(), parts.next()?);
        Some(match what {
            "ask" => Self::Ask,
            "stands" => Self::Stands { link: Link::parse(data)?, seq },
            kind => Self::Heard { kind: kind.parse().ok()?, data: data.to_owned(), seq },
        })
    }
}

/// Open until it is dropped.
pub struct Tabs {
    channel: BroadcastChannel,
    _listener: EventListener,
}

impl Tabs {
    /// `None` where the browser lets no tabs talk: each one is alone then.
    pub fn join(name: &str, heard: impl Fn(Word) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let listener = EventListener::new(&channel, "message", move |event| {
            let text = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
            if let Some(word) = text.as_deref().and_then(Word::read) {
                heard(word);
            }
        });
        Some(Self { channel, _listener: listener })
    }

    pub fn say(&self, word: &Word) {
        self.channel.post_message(&word.written().into()).ok();
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.channel.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_as_it_is_written() {
        for word in [
            Word::Ask,
            Word::Stands { link: Link::Live, seq: Some(7) },
            Word::Stands { link: Link::Offline, seq: None },
            Word::Heard { kind: LiveKind::Kpi, data: r#"{"a":"b"}"#.to_owned(), seq: Some(8) },
        ] {
            assert_eq!(Word::read(&word.written()), Some(word));
        }
        assert_eq!(Word::read("nonsense\n\n"), None);
    }
}
