//! Everybody who listens. Publishing costs the same for one listener and for hundreds: each looks for itself whether
//! the news concerns it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use kpi_api::{id::UserId, live::LiveKind, notification::UnreadCount};
use serde_json::json;
use tokio::sync::{broadcast, watch};

use super::news::{News, Seen, frame};

/// Streams that one person may hold open.
pub const MOST_OF_ONE: u32 = 20;

/// News that a slow listener may be behind before it is told to fetch everything anew.
const BACKLOG: usize = 256;

/// Cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    news: broadcast::Sender<Arc<News>>,
    closing: watch::Sender<bool>,
    /// How many streams each person holds open.
    open: Mutex<HashMap<UserId, u32>>,
}

impl Default for Hub {
    fn default() -> Self {
        Self(Arc::new(Inner {
            news: broadcast::Sender::new(BACKLOG),
            closing: watch::Sender::new(false),
            open: Mutex::default(),
        }))
    }
}

impl Hub {
    /// Streams that are open.
    pub fn open(&self) -> u64 {
        self.places().values().map(|count| u64::from(*count)).sum()
    }

    /// Tells a person's pages how many notifications are unread.
    pub fn unread(&self, user: UserId, count: UnreadCount) {
        let text = frame(LiveKind::Unread, &count);
        self.publish(News { seq: None, shared: None, personal: vec![(user, text)] });
    }

    /// Tells all pages to fetch everything anew.
    pub(super) fn missed(&self) {
        let text = frame(LiveKind::Resync, &json!({}));
        self.publish(News { seq: None, shared: Some((Seen::Everybody, text)), personal: Vec::new() });
    }

    /// Ends all streams, and every one that is opened from now on.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    pub(super) fn publish(&self, news: News) {
        // An error only says that nobody listens.
        let _ = self.0.news.send(Arc::new(news));
    }

    /// Those who listen at the moment.
    pub(super) fn listening(&self) -> Vec<UserId> {
        self.places().keys().copied().collect()
    }

    /// A place for one more stream of this person, unless they hold too many.
    pub(super) fn enter(&self, user: UserId) -> Option<Seat> {
        let mut places = self.places();
        let count = places.entry(user).or_insert(0);
        if *count >= MOST_OF_ONE {
            return None;
        }
        *count += 1;
        Some(Seat {
            hub: self.clone(),
            user,
            news: self.0.news.subscribe(),
            closing: self.0.closing.subscribe(),
        })
    }

    fn places(&self) -> std::sync::MutexGuard<'_, HashMap<UserId, u32>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One listener's place; given back when dropped.
pub(super) struct Seat {
    hub: Hub,
    user: UserId,
    pub news: broadcast::Receiver<Arc<News>>,
    pub closing: watch::Receiver<bool>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut places = self.hub.places();
        if let Some(count) = places.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                places.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_given_back_and_nobody_takes_them_all() {
        let hub = Hub::default();
        let mut seats: Vec<Seat> = (0..MOST_OF_ONE).map(|_| hub.enter(UserId(1)).unwrap()).collect();
        assert!(hub.enter(UserId(1)).is_none());
        let other = hub.enter(UserId(2)).unwrap();
        assert_eq!(hub.open(), u64::from(MOST_OF_ONE) + 1);
        seats.pop();
        assert!(hub.enter(UserId(1)).is_some());
        drop((seats, other));
        assert_eq!((hub.open(), hub.listening()), (0, Vec::new()));
    }
}
