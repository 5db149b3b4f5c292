//! KPIs that are ready for a check-in before anybody asks: the form opens at once, and also without a network.

use std::{cell::RefCell, rc::Rc};

use kpi_api::{
    id::{KpiId, UserId},
    kpi::KpiView,
};

use crate::core::api;

/// More are not due at a time for one person.
const MOST: usize = 8;

thread_local! {
    static READY: RefCell<Vec<(UserId, Rc<KpiView>)>> = const { RefCell::new(Vec::new()) };
}

/// As that person saw it last.
pub fn known(user: UserId, id: KpiId) -> Option<Rc<KpiView>> {
    READY.with_borrow(|ready| {
        ready.iter().find(|(whose, kpi)| *whose == user && kpi.id == id).map(|(_, kpi)| Rc::clone(kpi))
    })
}

pub fn keep(user: UserId, kpi: &Rc<KpiView>) {
    READY.with_borrow_mut(|ready| {
        ready.retain(|(whose, other)| *whose == user && other.id != kpi.id);
        ready.push((user, Rc::clone(kpi)));
    });
}

/// Fetches those that are not known yet, one after the other, behind everything else.
pub fn prepare(user: UserId, ids: Vec<KpiId>) {
    yew::platform::spawn_local(async move {
        for id in ids.into_iter().filter(|id| known(user, *id).is_none()).take(MOST) {
            let Ok(kpi) = api::kpis::get(id).await else { return };
            keep(user, &Rc::new(kpi));
        }
    });
}
