//! Departments: the tree, who leads what, and how many people are there. For administrators.

mod delete;
mod dialog;
mod page;
mod tree;

pub use page::DepartmentsPage;
