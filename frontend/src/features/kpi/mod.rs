//! KPIs: the list, the form for a new or changed one, and everything about one.

mod copy;
mod detail;
mod form;
mod list;

pub use detail::KpiPage;
pub use form::{Custom, KpiEditPage, KpiNewPage, SampleForm};
pub use list::KpiListPage;
