//! The stream of the server's events in this tab.

use gloo_events::EventListener;
use kpi_api::live::LiveKind;
use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent};

use crate::core::client::BASE;

/// What comes out of a stream.
pub enum Heard {
    Event {
        kind: LiveKind,
        data: String,
        seq: Option<i64>,
    },
    /// `closed`: the browser does not try again by itself.
    Broken {
        closed: bool,
    },
}

/// Open until it is dropped.
pub struct Stream {
    source: EventSource,
    _listeners: Vec<EventListener>,
}

impl Stream {
    /// `after` is the number up to which everything is known; the server tells what came since.
    pub fn open(after: Option<i64>, heard: impl Fn(Heard) + Clone + 'static) -> Option<Self> {
        let query = after.map(|seq| format!("?last_event_id={seq}")).unwrap_or_default();
        let source = EventSource::new(&format!("{BASE}/events{query}")).ok()?;
        let mut listeners: Vec<EventListener> = LiveKind::ALL
            .iter()
            .map(|kind| {
                let (kind, heard) = (*kind, heard.clone());
                EventListener::new(&source, kind.as_str(), move |event| {
                    let Some(message) = event.dyn_ref::<MessageEvent>() else { return };
                    heard(Heard::Event {
                        kind,
                        data: message.data().as_string().unwrap_or_default(),
                        seq: message.last_event_id().parse().ok(),
                    });
                })
            })
            .collect();
        listeners.push(EventListener::new(&source, "error", {
            let source = source.clone();
            move |_| heard(Heard::Broken { closed: source.ready_state() == EventSource::CLOSED })
        }));
        Some(Self { source, _listeners: listeners })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}
