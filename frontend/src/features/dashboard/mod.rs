//! The quarter in figures and charts, within what one may see.

mod charts;
mod page;

pub use page::DashboardPage;
