//! What people say about a KPI. Reading order: [`tab`] (the threads and the field for a new one), [`comment`] (one of
//! them with its acts), [`composer`] (the field, with completion of names from [`mention`]), [`text`] (how it is shown).

mod acts;
mod comment;
mod composer;
mod mention;
mod revisions;
mod tab;
mod text;

pub use tab::CommentsTab;
