//! What may be sent is told before it is sent: type, size, and the room that is left.

use std::{cell::RefCell, rc::Rc};

use kpi_api::evidence::EvidenceLimits;
use web_sys::File;
use yew::prelude::*;

use super::size;
use crate::{
    core::{api, remote::use_remote},
    t,
};

pub type Limits = Rc<EvidenceLimits>;

thread_local! {
    /// Those of last time, for when there is no network.
    static KNOWN: RefCell<Option<Limits>> = const { RefCell::new(None) };
}

/// The limits, once they are known; asked for again when `turn` moves.
#[hook]
pub fn use_limits(turn: usize) -> Option<Limits> {
    let found = use_remote(turn, |_| async move { api::evidence::limits().await });
    match found.remote.ready() {
        Some(limits) => {
            KNOWN.with_borrow_mut(|known| *known = Some(Rc::clone(limits)));
            Some(Rc::clone(limits))
        }
        None => KNOWN.with_borrow(Clone::clone),
    }
}

/// Why a file would be refused; `coming` are the bytes on their way already. Without limits the server decides.
pub fn fault(file: &File, limits: Option<&EvidenceLimits>, coming: f64) -> Option<AttrValue> {
    fault_of(&file.name(), file.size(), limits?, coming)
}

fn fault_of(name: &str, bytes: f64, limits: &EvidenceLimits, coming: f64) -> Option<AttrValue> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    if !extension.is_some_and(|extension| limits.extensions.contains(&extension)) {
        return Some(t!("evidence.wrong_type", types = limits.extensions.join(", ")));
    }
    if bytes <= 0.0 {
        return Some(t!("error.field.file_empty"));
    }
    if bytes > limits.max_size as f64 {
        return Some(t!("evidence.too_large", most = size(limits.max_size as f64)));
    }
    let room = limits.quota as f64 - limits.used as f64 - coming;
    (bytes > room).then(|| t!("evidence.no_room", room = size(room.max(0.0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_size_and_room_are_told_before_sending() {
        let limits = EvidenceLimits {
            max_size: 1000,
            extensions: vec!["pdf".into(), "png".into()],
            quota: 5000,
            used: 4000,
        };
        assert_eq!(fault_of("Report.PDF", 900.0, &limits, 0.0), None);
        let told = |name: &str, bytes, coming| fault_of(name, bytes, &limits, coming).unwrap_or_default();
        assert!(told("run.exe", 10.0, 0.0).contains("pdf, png"));
        assert!(told("pdf", 10.0, 0.0).contains("pdf, png"));
        assert!(!told("a.pdf", 0.0, 0.0).is_empty());
        assert!(told("a.pdf", 1001.0, 0.0).contains("1"));
        assert!(!told("a.pdf", 600.0, 500.0).is_empty());
    }
}
