//! Short messages about what happened, with a way back where there is one.

use std::rc::Rc;

use kpi_api::time::Timestamp;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use crate::core::{browser, error::ApiError};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToastKind {
    Success,
    Info,
    Error,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    pub id: u32,
    pub kind: ToastKind,
    pub text: AttrValue,
    pub action: Option<ToastAction>,
}

/// The button of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum ToastAction {
    /// Leads somewhere, or does something further.
    Go { label: AttrValue, act: Callback<()> },
    /// Takes back what the message tells. `seconds`: for how long that is possible, where it is limited.
    Undo { act: Callback<()>, seconds: Option<u32> },
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ToastList {
    pub toasts: Vec<Toast>,
    next: u32,
}

pub enum ToastStep {
    Add { kind: ToastKind, text: AttrValue, action: Option<ToastAction> },
    Remove(u32),
}

/// More than these hide the page.
const MOST: usize = 4;

impl ToastList {
    fn step(&self, step: ToastStep) -> Self {
        let mut list = self.clone();
        match step {
            ToastStep::Add { kind, text, action } => {
                list.toasts.push(Toast { id: list.next, kind, text, action });
                list.next = list.next.wrapping_add(1);
                if list.toasts.len() > MOST {
                    list.toasts.remove(0);
                }
            }
            ToastStep::Remove(id) => list.toasts.retain(|toast| toast.id != id),
        }
        list
    }
}

impl Reducible for ToastList {
    type Action = ToastStep;

    fn reduce(self: Rc<Self>, step: ToastStep) -> Rc<Self> {
        Rc::new(self.step(step))
    }
}

impl ToastList {
    /// The latest message whose act can be taken back: its number and the way back.
    pub fn latest_undo(&self) -> Option<(u32, Callback<()>)> {
        self.toasts.iter().rev().find_map(|toast| match &toast.action {
            Some(ToastAction::Undo { act, .. }) => Some((toast.id, act.clone())),
            _ => None,
        })
    }
}

/// Under which the browser keeps what the next page should say; for this tab only.
const KEPT_KEY: &str = "kpi.toasts";
/// A page that comes later than this has nothing to do with the one before.
const KEPT_MS: i64 = 15_000;

/// What a page that makes room for one of the other program hands over: what it said, without its buttons.
#[derive(Serialize, Deserialize)]
struct Kept {
    at: Timestamp,
    said: Vec<(ToastKind, String)>,
}

impl ToastList {
    /// What the page before was saying when it made room for this one.
    pub fn taken_over() -> Self {
        browser::take_of_tab(KEPT_KEY)
            .map_or_else(Self::default, |text| Self::unpacked(&text, browser::now()))
    }

    pub fn hand_over(&self) {
        if let Some(text) = self.packed(browser::now()) {
            browser::store_for_tab(KEPT_KEY, &text);
        }
    }

    fn packed(&self, at: Timestamp) -> Option<String> {
        let leads_away = |toast: &&Toast| matches!(toast.action, Some(ToastAction::Go { .. }));
        let said: Vec<_> = self
            .toasts
            .iter()
            .filter(|toast| !leads_away(toast))
            .map(|toast| (toast.kind, toast.text.to_string()))
            .collect();
        if said.is_empty() { None } else { serde_json::to_string(&Kept { at, said }).ok() }
    }

    fn unpacked(text: &str, now: Timestamp) -> Self {
        let kept = serde_json::from_str::<Kept>(text).ok().filter(|kept| now.0 - kept.at.0 <= KEPT_MS);
        kept.map_or_else(Vec::new, |kept| kept.said)
            .into_iter()
            .fold(Self::default(), |list, (kind, text)| {
                list.step(ToastStep::Add { kind, text: text.into(), action: None })
            })
    }
}

/// Says something to the person. Cheap to clone; stable over renders.
#[derive(Clone, PartialEq)]
pub struct Toaster(pub Option<UseReducerDispatcher<ToastList>>);

impl Toaster {
    fn add(&self, kind: ToastKind, text: AttrValue, action: Option<ToastAction>) {
        if let Some(dispatch) = &self.0 {
            dispatch.dispatch(ToastStep::Add { kind, text, action });
        }
    }

    pub fn success(&self, text: impl Into<AttrValue>) {
        self.add(ToastKind::Success, text.into(), None);
    }

    pub fn info(&self, text: impl Into<AttrValue>) {
        self.add(ToastKind::Info, text.into(), None);
    }

    pub fn error(&self, error: &ApiError) {
        self.add(ToastKind::Error, error.sentence(), None);
    }

    /// With a button that goes somewhere.
    pub fn with_action(&self, text: impl Into<AttrValue>, label: impl Into<AttrValue>, act: Callback<()>) {
        self.add(ToastKind::Success, text.into(), Some(ToastAction::Go { label: label.into(), act }));
    }

    /// Something that somebody else did, with a button that leads to it.
    pub fn told(&self, text: impl Into<AttrValue>, label: impl Into<AttrValue>, act: Callback<()>) {
        self.add(ToastKind::Info, text.into(), Some(ToastAction::Go { label: label.into(), act }));
    }

    /// With a button, and the key `u`, that take it back; for so many seconds where there is a limit.
    pub fn with_undo(&self, text: impl Into<AttrValue>, seconds: Option<u32>, act: Callback<()>) {
        self.add(ToastKind::Success, text.into(), Some(ToastAction::Undo { act, seconds }));
    }
}

#[hook]
pub fn use_toaster() -> Toaster {
    use_context::<Toaster>().unwrap_or(Toaster(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(list: &ToastList, text: &'static str) -> ToastList {
        list.step(ToastStep::Add { kind: ToastKind::Info, text: text.into(), action: None })
    }

    #[test]
    fn the_oldest_message_makes_room() {
        let list = ["a", "b", "c", "d", "e"].iter().fold(ToastList::default(), |list, text| add(&list, text));
        let texts: Vec<_> = list.toasts.iter().map(|toast| toast.text.as_str()).collect();
        assert_eq!(texts, ["b", "c", "d", "e"]);
    }

    #[test]
    fn the_key_takes_back_the_latest_act() {
        let undo = |seconds| Some(ToastAction::Undo { act: Callback::noop(), seconds });
        let list =
            [undo(Some(9)), undo(None), None].into_iter().fold(ToastList::default(), |list, action| {
                list.step(ToastStep::Add { kind: ToastKind::Success, text: "done".into(), action })
            });
        assert_eq!(list.latest_undo().map(|(id, _)| id), Some(1));
        assert_eq!(list.step(ToastStep::Remove(1)).latest_undo().map(|(id, _)| id), Some(0));
        assert!(add(&ToastList::default(), "a").latest_undo().is_none());
    }

    #[test]
    fn the_next_page_says_on_what_this_one_was_saying() {
        let go = Some(ToastAction::Go { label: "open".into(), act: Callback::noop() });
        let list = add(&ToastList::default(), "saved").step(ToastStep::Add {
            kind: ToastKind::Info,
            text: "news".into(),
            action: go,
        });
        let packed = list.packed(Timestamp(1_000)).unwrap();
        let next = ToastList::unpacked(&packed, Timestamp(3_000));
        assert_eq!(next.toasts.iter().map(|toast| toast.text.as_str()).collect::<Vec<_>>(), ["saved"]);
        assert!(ToastList::unpacked(&packed, Timestamp(1_000 + KEPT_MS + 1)).toasts.is_empty());
        assert!(ToastList::unpacked("{}", Timestamp(0)).toasts.is_empty());
        assert_eq!(ToastList::default().packed(Timestamp(0)), None);
    }

    #[test]
    fn a_removed_message_does_not_give_its_number_away() {
        let list = add(&ToastList::default(), "a").step(ToastStep::Remove(0));
        assert!(list.toasts.is_empty());
        assert_eq!(add(&list, "b").toasts[0].id, 1);
    }
}
