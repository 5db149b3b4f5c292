//! Short messages about what happened, with a way back where there is one.

use std::rc::Rc;

use yew::prelude::*;

use crate::core::error::ApiError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Label and act of the button; usually "Undo".
    pub action: Option<(AttrValue, Callback<()>)>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ToastList {
    pub toasts: Vec<Toast>,
    next: u32,
}

pub enum ToastStep {
    Add { kind: ToastKind, text: AttrValue, action: Option<(AttrValue, Callback<()>)> },
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

/// Says something to the person. Cheap to clone; stable over renders.
#[derive(Clone, PartialEq)]
pub struct Toaster(pub Option<UseReducerDispatcher<ToastList>>);

impl Toaster {
    fn add(&self, kind: ToastKind, text: AttrValue, action: Option<(AttrValue, Callback<()>)>) {
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

    /// With a button that takes it back (or goes somewhere).
    pub fn with_action(&self, text: impl Into<AttrValue>, label: impl Into<AttrValue>, act: Callback<()>) {
        self.add(ToastKind::Success, text.into(), Some((label.into(), act)));
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
    fn a_removed_message_does_not_give_its_number_away() {
        let list = add(&ToastList::default(), "a").step(ToastStep::Remove(0));
        assert!(list.toasts.is_empty());
        assert_eq!(add(&list, "b").toasts[0].id, 1);
    }
}
