//! The quarter in figures and charts, within what one may see.

mod charts;
mod page;
mod plugins;

pub use page::DashboardPage;
