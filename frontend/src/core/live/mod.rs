//! Live updates: what the server tells while something happens reaches every open page. Reading order: [`News`] (what
//! there is to know), [`link`] (when to hold a stream, when to ask instead), [`keeper`] (does it, once for all tabs of
//! the browser), [`fresh`] (the hooks of the pages).

mod fresh;
mod keeper;
mod link;
mod stream;
mod tabs;

use std::{cell::RefCell, rc::Rc};

use kpi_api::{
    id::KpiId,
    live::{JobChange, KpiChange, LiveKind, NotificationNews, RuleChange},
    notification::{NotificationKind, UnreadCount},
};
use yew::prelude::*;

pub use fresh::{use_fresh, use_hold, use_overtaken};
pub use keeper::{LiveProvider, use_link};
pub use link::Link;

/// One thing that happened, as far as the person may know of it.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    Kpi(Rc<KpiChange>),
    Notification(Rc<NotificationNews>),
    /// So many notifications are unread now.
    Unread(u64),
    Rule(Rc<RuleChange>),
    Job(Rc<JobChange>),
    /// Something was missed, nobody knows what.
    Everything,
}

impl News {
    /// An event of the stream; nothing where this version of the app does not understand it.
    fn read(kind: LiveKind, data: &str) -> Option<Self> {
        match kind {
            LiveKind::Hello => None,
            LiveKind::Kpi => serde_json::from_str(data).ok().map(Rc::new).map(Self::Kpi),
            LiveKind::Notification => serde_json::from_str(data).ok().map(Rc::new).map(Self::Notification),
            LiveKind::Unread => {
                serde_json::from_str::<UnreadCount>(data).ok().map(|count| Self::Unread(count.unread_count))
            }
            LiveKind::Rule => serde_json::from_str(data).ok().map(Rc::new).map(Self::Rule),
            LiveKind::Job => serde_json::from_str(data).ok().map(Rc::new).map(Self::Job),
            LiveKind::Resync => Some(Self::Everything),
        }
    }
}

/// What a part of a page shows, and therefore wants to hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Lists, counts and figures over KPIs.
    AnyKpi,
    /// One KPI with its values and evidence; what is said about it is [`About::Comments`].
    Kpi(KpiId),
    Comments(KpiId),
    Evidence(KpiId),
    /// The person's own notifications.
    Notifications,
    Rules,
    Plugins,
    Jobs,
}

impl About {
    fn is_told_by(self, news: &News) -> bool {
        match (self, news) {
            (_, News::Everything) => true,
            (Self::AnyKpi, News::Kpi(change)) => !change.change.starts_with("comment."),
            // Whoever stands in for somebody sees other KPIs from now on.
            (Self::AnyKpi, News::Notification(news)) => news.notification.kind == NotificationKind::Delegated,
            (Self::Kpi(id), News::Kpi(change)) => {
                change.kpi_id == id && !change.change.starts_with("comment.")
            }
            (Self::Comments(id), News::Kpi(change)) => {
                change.kpi_id == id && change.change.starts_with("comment.")
            }
            (Self::Evidence(id), News::Kpi(change)) => {
                change.kpi_id == id && change.change.starts_with("evidence.")
            }
            (Self::Notifications, News::Notification(_) | News::Unread(_))
            | (Self::Rules, News::Rule(_))
            | (Self::Jobs, News::Job(_)) => true,
            (Self::Plugins, News::Job(change)) => change.job.starts_with("plugin:"),
            (Self::Plugins, News::Notification(news)) => {
                news.notification.kind == NotificationKind::PluginTrouble
            }
            _ => false,
        }
    }

    /// Whether new data may take a form away that somebody is typing into.
    const fn may_wait(self) -> bool {
        matches!(self, Self::AnyKpi | Self::Kpi(_))
    }
}

/// What goes through the app itself.
#[derive(Debug, Clone, PartialEq)]
enum Signal {
    News(News),
    /// The tab is looked at again, or a form is done: what had to wait may go on.
    Free,
}

type Listener = Rc<dyn Fn(&Signal)>;

thread_local! {
    static LISTENERS: RefCell<Vec<Listener>> = const { RefCell::new(Vec::new()) };
}

fn signal(signal: &Signal) {
    // A copy: a listener may come or go while it is told.
    for listener in LISTENERS.with_borrow(Clone::clone) {
        listener(signal);
    }
}

/// Hears until it is dropped.
struct Hearing(Listener);

impl Hearing {
    fn begin(listen: impl Fn(&Signal) + 'static) -> Self {
        let listener: Listener = Rc::new(listen);
        LISTENERS.with_borrow_mut(|all| all.push(Rc::clone(&listener)));
        Self(listener)
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        LISTENERS.with_borrow_mut(|all| all.retain(|other| !Rc::ptr_eq(other, &self.0)));
    }
}

/// Calls back with every piece of news.
#[hook]
pub fn use_news(act: Callback<News>) {
    let latest = use_mut_ref(Callback::noop);
    *latest.borrow_mut() = act;
    use_effect_with((), move |()| {
        let hearing = Hearing::begin(move |signal| {
            if let Signal::News(news) = signal {
                let act = latest.borrow().clone();
                act.emit(news.clone());
            }
        });
        move || drop(hearing)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kpi: i64, what: &str) -> News {
        let data = format!(r#"{{"kpi_id":{kpi},"change":"{what}","version":null,"actor_id":null}}"#);
        News::read(LiveKind::Kpi, &data).unwrap()
    }

    #[test]
    fn a_part_hears_of_what_it_shows() {
        let approved = change(7, "kpi.approved");
        assert!(About::AnyKpi.is_told_by(&approved));
        assert!(About::Kpi(KpiId(7)).is_told_by(&approved));
        assert!(!About::Kpi(KpiId(8)).is_told_by(&approved));
        assert!(!About::Comments(KpiId(7)).is_told_by(&approved));
        let comment = change(7, "comment.created");
        assert!(About::Comments(KpiId(7)).is_told_by(&comment));
        assert!(!About::Kpi(KpiId(7)).is_told_by(&comment));
        assert!(!About::AnyKpi.is_told_by(&comment));
        assert!(!About::Jobs.is_told_by(&comment));
        assert!(About::Jobs.is_told_by(&News::Everything));
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        assert_eq!(News::read(LiveKind::Kpi, "{"), None);
        assert_eq!(News::read(LiveKind::Unread, r#"{"unread_count":3}"#), Some(News::Unread(3)));
        assert_eq!(News::read(LiveKind::Resync, "{}"), Some(News::Everything));
    }
}
