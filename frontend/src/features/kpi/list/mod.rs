//! The list: filters in the address, counts that filter, a table, copies into another quarter.

mod counts;
mod filters;
mod page;
mod table;

pub use page::KpiListPage;
