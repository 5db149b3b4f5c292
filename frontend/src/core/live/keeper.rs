//! Holds the stream for all tabs of the browser: a server speaking HTTP/1.1 gets at most six connections from one
//! browser, and a stream takes one of them for as long as it is open.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use kpi_api::{
    id::UserId,
    live::{Hello, LiveKind},
};
use yew::prelude::*;

use super::{
    News, Signal,
    link::{Course, Do, Event, Link},
    signal,
    stream::{Heard, Stream},
    tabs::{Tabs, Word},
};
use crate::core::{api, browser, error::ApiError, query::Params, session::use_me, turns};

/// A tab that holds the stream answers at once, unless the browser has put it to sleep.
const ANSWER_MS: u32 = 4_000;

/// What this tab does about the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Hears from the tab that holds it.
    Listens,
    /// Holds it for all.
    Holds,
    /// Holds one for itself: tabs cannot agree here, or the one that holds it sleeps.
    Alone,
}

struct Inner {
    part: Part,
    /// Whether tabs can take turns at all.
    can_agree: bool,
    course: Course,
    stream: Option<Stream>,
    /// Whether the next greeting is followed by what was missed: the stream was asked for it, or has greeted before.
    resumes: bool,
    tabs: Option<Tabs>,
    turn: Option<turns::Turn>,
    open_timer: Option<Timeout>,
    probe_timer: Option<Timeout>,
    answer_timer: Option<Timeout>,
    onlink: Callback<Link>,
    listeners: Vec<EventListener>,
}

/// Works until it is dropped.
struct Keeper(Rc<RefCell<Inner>>);

impl Keeper {
    fn start(user: UserId, onlink: Callback<Link>) -> Self {
        let keeper = Self(Rc::new(RefCell::new(Inner {
            part: Part::Listens,
            can_agree: true,
            course: Course::default(),
            stream: None,
            resumes: false,
            tabs: None,
            turn: None,
            open_timer: None,
            probe_timer: None,
            answer_timer: None,
            onlink,
            listeners: Vec::new(),
        })));
        let weak = Rc::downgrade(&keeper.0);
        // Another person in the same browser is another matter.
        let name = format!("kpi-live-{user}");
        let tabs = Tabs::join(&name, {
            let weak = weak.clone();
            move |word| with(&weak, |inner| heard_from_tab(inner, word))
        });
        {
            let mut inner = keeper.0.borrow_mut();
            inner.tabs = tabs;
            inner.listeners = watch(&weak);
        }
        ask(&keeper.0);
        yew::platform::spawn_local(async move {
            let turn = turns::take(&name).await;
            with(&weak, |inner| hold(inner, turn));
        });
        keeper
    }
}

type Shared = Rc<RefCell<Inner>>;

fn with(weak: &Weak<RefCell<Inner>>, act: impl FnOnce(&Shared)) {
    if let Some(inner) = weak.upgrade() {
        act(&inner);
    }
}

/// The turn has come, or there are none to have.
fn hold(inner: &Shared, turn: Option<turns::Turn>) {
    let starts = {
        let mut inner = inner.borrow_mut();
        inner.answer_timer = None;
        let starts = inner.part == Part::Listens;
        if turn.is_some() && inner.tabs.is_some() {
            inner.part = Part::Holds;
        } else {
            inner.part = Part::Alone;
            inner.can_agree = false;
            inner.tabs = None;
        }
        inner.turn = turn;
        starts && (inner.can_agree || !is_hidden())
    };
    if starts {
        happened(inner, Event::Start);
    }
    say_how_it_stands(inner);
}

fn is_hidden() -> bool {
    browser::document().is_some_and(|document| document.hidden())
}

fn happened(inner: &Shared, event: Event) {
    let (todo, before, now) = {
        let mut inner = inner.borrow_mut();
        let before = inner.course.link;
        (inner.course.on(event), before, inner.course.link)
    };
    for one in todo {
        perform(inner, one);
    }
    if before != now {
        let onlink = inner.borrow().onlink.clone();
        onlink.emit(now);
        say_how_it_stands(inner);
    }
}

fn perform(inner: &Shared, one: Do) {
    let weak = Rc::downgrade(inner);
    let later = |ms: u32, event: Event| {
        let weak = weak.clone();
        Some(Timeout::new(ms, move || with(&weak, |inner| happened(inner, event))))
    };
    match one {
        Do::Open { hello_ms } => {
            let mut inner = inner.borrow_mut();
            // The old one first: two would count as two.
            inner.stream = None;
            let after = inner.course.seq;
            inner.resumes = after.is_some();
            inner.stream = Stream::open(after, {
                let weak = weak.clone();
                move |heard| with(&weak, |inner| heard_from_stream(inner, heard))
            });
            inner.open_timer = later(hello_ms, Event::NoHello);
        }
        Do::Close => inner.borrow_mut().stream = None,
        Do::OpenIn(ms) => inner.borrow_mut().open_timer = later(ms, Event::OpenDue),
        Do::ProbeIn(ms) => inner.borrow_mut().probe_timer = later(ms, Event::ProbeDue),
        Do::Probe => yew::platform::spawn_local(async move {
            let answer = api::notifications::list(&Params::new().with("per_page", 1)).await;
            // A proxy that stands in front answers for a server that is gone.
            let gone =
                matches!(answer, Err(ApiError::Unreachable | ApiError::Unreadable { status: 502..=504 }));
            let reachable = !gone;
            with(&weak, |inner| happened(inner, Event::Probed { reachable }));
        }),
        Do::TellEverything => pass(inner, LiveKind::Resync, "{}".to_owned(), None),
    }
}

fn heard_from_stream(inner: &Shared, heard: Heard) {
    match heard {
        Heard::Event { kind: LiveKind::Hello, data, .. } => {
            let Ok(Hello { seq }) = serde_json::from_str(&data) else { return };
            let resumed = std::mem::replace(&mut inner.borrow_mut().resumes, true);
            happened(inner, Event::Hello { seq, resumed });
        }
        Heard::Event { kind, data, seq } => {
            {
                let mut inner = inner.borrow_mut();
                inner.course.seq = seq.or(inner.course.seq);
            }
            pass(inner, kind, data, seq);
        }
        Heard::Broken { closed } => {
            if closed {
                inner.borrow_mut().stream = None;
            }
            happened(inner, Event::Broken { closed });
        }
    }
}

/// To this tab and to those that listen.
fn pass(inner: &Shared, kind: LiveKind, data: String, seq: Option<i64>) {
    let news = News::read(kind, &data);
    {
        let inner = inner.borrow();
        if let (Part::Holds, Some(tabs)) = (inner.part, &inner.tabs) {
            tabs.say(&Word::Heard { kind, data, seq });
        }
    }
    if let Some(news) = news {
        signal(&Signal::News(news));
    }
}

fn say_how_it_stands(inner: &Shared) {
    let inner = inner.borrow();
    if let (Part::Holds, Some(tabs)) = (inner.part, &inner.tabs) {
        tabs.say(&Word::Stands { link: inner.course.link, seq: inner.course.seq });
    }
}

fn heard_from_tab(inner: &Shared, word: Word) {
    if word == Word::Ask {
        return say_how_it_stands(inner);
    }
    let mut news = None;
    let mut now = None;
    {
        let mut inner = inner.borrow_mut();
        if inner.part == Part::Holds {
            return;
        }
        // Somebody holds it and is awake.
        inner.answer_timer = None;
        if inner.part == Part::Alone {
            inner.part = Part::Listens;
            inner.rest();
        }
        match word {
            Word::Ask => {}
            Word::Stands { link, seq } => {
                if inner.course.seq.is_some() && inner.course.seq != seq {
                    news = Some(News::Everything);
                }
                inner.course.seq = seq;
                if std::mem::replace(&mut inner.course.link, link) != link {
                    now = Some((inner.onlink.clone(), link));
                }
            }
            Word::Heard { kind, data, seq } => {
                inner.course.seq = seq.or(inner.course.seq);
                news = News::read(kind, &data);
            }
        }
    }
    if let Some((onlink, link)) = now {
        onlink.emit(link);
    }
    if let Some(news) = news {
        signal(&Signal::News(news));
    }
}

/// Asks who holds the stream; when nobody answers, this tab has one of its own until somebody does.
fn ask(inner: &Shared) {
    let weak = Rc::downgrade(inner);
    let mut inner = inner.borrow_mut();
    if let (Part::Listens, Some(tabs)) = (inner.part, &inner.tabs) {
        tabs.say(&Word::Ask);
        inner.answer_timer = Some(Timeout::new(ANSWER_MS, move || {
            with(&weak, |inner| {
                if std::mem::replace(&mut inner.borrow_mut().part, Part::Alone) == Part::Listens {
                    happened(inner, Event::Start);
                }
            });
        }));
    }
}

impl Inner {
    /// Lets go of the stream and of what was to be done about it.
    fn rest(&mut self) {
        self.stream = None;
        self.open_timer = None;
        self.probe_timer = None;
    }
}

fn watch(weak: &Weak<RefCell<Inner>>) -> Vec<EventListener> {
    let (Some(window), Some(document)) = (browser::window(), browser::document()) else { return Vec::new() };
    let network = |name: &'static str, there: bool| {
        let weak = weak.clone();
        EventListener::new(&window, name, move |_| {
            with(&weak, |inner| {
                if inner.borrow().part != Part::Listens {
                    happened(inner, Event::Network { there });
                }
            });
        })
    };
    let weak = weak.clone();
    let looked_at = EventListener::new(&document, "visibilitychange", move |_| {
        let hidden = is_hidden();
        with(&weak, |inner| {
            let (agree, streams) = {
                let inner = inner.borrow();
                (inner.can_agree, inner.stream.is_some())
            };
            match (agree, hidden) {
                (true, true) => {}
                (true, false) => ask(inner),
                // Every tab for itself: then only while it is looked at.
                (false, true) => inner.borrow_mut().rest(),
                (false, false) if streams => {}
                (false, false) => happened(inner, Event::OpenDue),
            }
        });
        if !hidden {
            signal(&Signal::Free);
        }
    });
    vec![network("online", true), network("offline", false), looked_at]
}

#[derive(Properties, PartialEq)]
pub struct LiveProviderProps {
    pub children: Html,
}

/// Keeps the pages inside informed, for as long as somebody is logged in.
#[component]
pub fn LiveProvider(props: &LiveProviderProps) -> Html {
    let me = use_me();
    let link = use_state_eq(Link::default);
    use_effect_with(me.user.id, {
        let link = link.setter();
        move |user| {
            let keeper = Keeper::start(*user, Callback::from(move |now| link.set(now)));
            move || drop(keeper)
        }
    });
    html! { <ContextProvider<Link> context={*link}>{ props.children.clone() }</ContextProvider<Link>> }
}

/// How this page hears of what happens.
#[hook]
pub fn use_link() -> Link {
    use_context::<Link>().unwrap_or_default()
}
