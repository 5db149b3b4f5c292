//! When to hold a stream and when to ask instead: a machine without a browser. It is told what happened and answers
//! what to do.

/// How one hears of what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// The stream is being opened for the first time.
    #[default]
    Opening,
    /// The stream is open.
    Live,
    /// It cannot be held: everything is asked for every half minute.
    Polling,
    /// The server cannot be reached.
    Offline,
}

impl Link {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Live => "live",
            Self::Polling => "polling",
            Self::Offline => "offline",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Opening, Self::Live, Self::Polling, Self::Offline]
            .into_iter()
            .find(|link| link.as_str() == text)
    }
}

/// Between two questions while there is no stream.
pub const POLL_MS: u32 = 30_000;
/// The same while the server cannot be reached: whoever waits wants to know soon.
const OFFLINE_MS: u32 = 10_000;
/// A stream that breaks is usually back before this, e.g. after a restart of the server.
const PATIENCE_MS: u32 = 2_500;
/// A stream that does not greet within this is held up by something in between.
const HELLO_MS: u32 = 10_000;
/// Before trying a stream again that was held up.
const HELD_UP_MS: u32 = 300_000;
const FIRST_RETRY_MS: u32 = 2_000;
const LAST_RETRY_MS: u32 = 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// This tab is to hold the stream.
    Start,
    /// The stream greets with the number it stands at. `resumed`: what was missed follows.
    Hello { seq: i64, resumed: bool },
    /// The stream broke. `closed`: the browser does not try again by itself.
    Broken { closed: bool },
    /// The time set with [`Do::ProbeIn`] is over.
    ProbeDue,
    /// The time set with [`Do::OpenIn`] is over.
    OpenDue,
    /// No greeting came in time.
    NoHello,
    /// Whether the server answered.
    Probed { reachable: bool },
    /// The browser has lost, or found, every network.
    Network { there: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Do {
    /// Opens a stream, in place of the one that is there, and sets the time for its greeting.
    Open {
        hello_ms: u32,
    },
    Close,
    OpenIn(u32),
    /// Asks the server for something small.
    Probe,
    ProbeIn(u32),
    /// Everything may have changed.
    TellEverything,
}

/// Where things stand.
#[derive(Debug, Default)]
pub struct Course {
    pub link: Link,
    /// Number of the last event known.
    pub seq: Option<i64>,
    up: bool,
    /// Whether the stream has greeted since it was opened, however often it broke and was resumed.
    greeted: bool,
    /// Whether a stream is there that the browser keeps trying by itself.
    trying: bool,
    failures: u32,
}

impl Course {
    pub fn on(&mut self, event: Event) -> Vec<Do> {
        match event {
            Event::Start | Event::OpenDue => self.open(),
            Event::Hello { seq, resumed } => {
                let missed =
                    !resumed && (self.link != Link::Opening || self.seq.is_some_and(|last| last != seq));
                (self.up, self.greeted) = (true, true);
                self.failures = 0;
                self.link = Link::Live;
                if !resumed || self.seq.is_none() {
                    self.seq = Some(seq);
                }
                if missed { vec![Do::TellEverything] } else { Vec::new() }
            }
            Event::Broken { closed } => {
                let first = self.up || self.failures == 0;
                self.up = false;
                self.trying = !closed;
                self.failures += 1;
                match (closed, first) {
                    // The server refused, perhaps because the session has to be renewed, which asking does.
                    (true, _) => vec![Do::Probe],
                    (false, true) => vec![Do::ProbeIn(PATIENCE_MS)],
                    // The browser has tried again; when to ask is set already.
                    (false, false) => Vec::new(),
                }
            }
            Event::NoHello if self.greeted => Vec::new(),
            Event::NoHello => {
                self.trying = false;
                vec![Do::Close, Do::OpenIn(HELD_UP_MS), Do::Probe]
            }
            Event::ProbeDue if self.up => Vec::new(),
            Event::ProbeDue => vec![Do::Probe],
            Event::Probed { .. } if self.up => Vec::new(),
            Event::Probed { reachable } => {
                let asked_before = matches!(self.link, Link::Polling | Link::Offline);
                if reachable && self.link == Link::Offline {
                    // Back: what failed while the server was gone says nothing about it now.
                    self.failures = self.failures.min(1);
                }
                self.link = if reachable { Link::Polling } else { Link::Offline };
                let mut todo = vec![Do::ProbeIn(if reachable { POLL_MS } else { OFFLINE_MS })];
                if reachable && asked_before {
                    todo.push(Do::TellEverything);
                }
                if !self.trying && self.failures > 0 {
                    todo.push(Do::OpenIn(self.wait()));
                }
                todo
            }
            Event::Network { there: false } => {
                self.up = false;
                self.link = Link::Offline;
                vec![Do::ProbeIn(OFFLINE_MS)]
            }
            Event::Network { there: true } if self.up => Vec::new(),
            Event::Network { there: true } => self.open(),
        }
    }

    fn open(&mut self) -> Vec<Do> {
        (self.up, self.greeted) = (false, false);
        self.trying = true;
        vec![Do::Open { hello_ms: HELLO_MS }]
    }

    fn wait(&self) -> u32 {
        FIRST_RETRY_MS.saturating_mul(1 << self.failures.saturating_sub(1).min(5)).min(LAST_RETRY_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live() -> Course {
        let mut course = Course::default();
        course.on(Event::Start);
        assert_eq!(course.on(Event::Hello { seq: 5, resumed: false }), []);
        assert_eq!(course.link, Link::Live);
        course
    }

    #[test]
    fn a_stream_that_the_browser_resumes_needs_nothing() {
        let mut course = live();
        assert_eq!(course.on(Event::Broken { closed: false }), [Do::ProbeIn(PATIENCE_MS)]);
        assert_eq!(course.link, Link::Live, "a blink is nobody's business");
        assert_eq!(course.on(Event::Hello { seq: 9, resumed: true }), []);
        assert_eq!(course.on(Event::ProbeDue), []);
    }

    #[test]
    fn a_new_stream_that_stands_elsewhere_fetches_everything() {
        let mut course = live();
        course.on(Event::Broken { closed: true });
        course.on(Event::OpenDue);
        assert_eq!(course.on(Event::Hello { seq: 6, resumed: false }), [Do::TellEverything]);
    }

    #[test]
    fn without_a_stream_everything_is_asked_for_every_half_minute() {
        let mut course = live();
        assert_eq!(course.on(Event::Broken { closed: true }), [Do::Probe]);
        let todo = course.on(Event::Probed { reachable: true });
        assert_eq!(todo, [Do::ProbeIn(POLL_MS), Do::OpenIn(FIRST_RETRY_MS)]);
        assert_eq!(course.link, Link::Polling);
        assert_eq!(course.on(Event::ProbeDue), [Do::Probe]);
        assert!(course.on(Event::Probed { reachable: true }).contains(&Do::TellEverything));
    }

    #[test]
    fn a_server_that_is_gone_is_offline_until_it_answers() {
        let mut course = live();
        course.on(Event::Broken { closed: false });
        assert_eq!(course.on(Event::ProbeDue), [Do::Probe]);
        assert_eq!(course.on(Event::Probed { reachable: false }), [Do::ProbeIn(OFFLINE_MS)]);
        assert_eq!(course.link, Link::Offline);
        assert_eq!(course.on(Event::Hello { seq: 5, resumed: true }), []);
        assert_eq!(course.link, Link::Live);
    }

    #[test]
    fn the_browsers_own_tries_do_not_put_off_the_question() {
        let mut course = live();
        assert_eq!(course.on(Event::Broken { closed: false }), [Do::ProbeIn(PATIENCE_MS)]);
        assert_eq!(course.on(Event::Broken { closed: false }), []);
        assert_eq!(course.on(Event::NoHello), [], "it has greeted before it broke");
    }

    #[test]
    fn a_server_that_is_back_is_tried_soon() {
        let mut course = Course { failures: 6, link: Link::Offline, seq: Some(5), ..Course::default() };
        assert!(course.on(Event::Probed { reachable: true }).contains(&Do::OpenIn(FIRST_RETRY_MS)));
    }

    #[test]
    fn a_stream_that_is_held_up_gives_way_to_asking() {
        let mut course = Course::default();
        course.on(Event::Start);
        assert_eq!(course.on(Event::NoHello), [Do::Close, Do::OpenIn(HELD_UP_MS), Do::Probe]);
        assert_eq!(course.on(Event::Probed { reachable: true }), [Do::ProbeIn(POLL_MS)]);
        assert_eq!(course.link, Link::Polling);
    }

    #[test]
    fn retries_grow_further_apart_but_not_forever() {
        let waits: Vec<u32> =
            (1..9).map(|failures| Course { failures, ..Course::default() }.wait()).collect();
        assert_eq!(waits, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    }

    #[test]
    fn losing_the_network_is_said_at_once() {
        let mut course = live();
        course.on(Event::Network { there: false });
        assert_eq!(course.link, Link::Offline);
        assert_eq!(course.on(Event::Network { there: true }), [Do::Open { hello_ms: HELLO_MS }]);
        assert_eq!(course.on(Event::Hello { seq: 5, resumed: false }), [Do::TellEverything]);
    }
}
