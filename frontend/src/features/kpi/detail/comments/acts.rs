//! What can be asked for about a comment.

use kpi_api::comment::CommentView;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    Reply,
    Edit,
    Delete,
    Revisions,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub comment: CommentView,
    pub doing: Doing,
}
