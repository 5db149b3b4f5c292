//! Everything about one KPI: how it stands, what may be done, its check-ins, history, receipt and definition.

mod acts;
mod check_ins;
mod comments;
mod correct;
mod definition;
mod evidence;
mod history;
mod offer;
mod page;
mod standing;

pub use page::KpiPage;
