//! What people say about a KPI: threads one level deep.

use serde::{Deserialize, Serialize};

use crate::{
    check::{Check, TEXT_MAX},
    error::FieldError,
    id::{CommentId, KpiId, Version},
    time::Timestamp,
    user::Colleague,
};

/// Characters of the longest comment.
pub const COMMENT_MAX: usize = TEXT_MAX;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentView {
    pub id: CommentId,
    pub kpi_id: KpiId,
    /// The comment that opened the thread; absent for that one itself.
    pub parent_id: Option<CommentId>,
    pub author: Colleague,
    /// Plain text with line breaks, in which `@username` names a colleague; absent once deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Who is named with `@` and may see the KPI; anything else after an `@` is plain text.
    pub mentions: Vec<Colleague>,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    /// How many earlier texts there are to read; 0 once deleted.
    pub revisions: u32,
    pub may_edit: bool,
    pub may_delete: bool,
    pub version: Version,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentList {
    /// Threads in the order in which they were opened, each followed by its answers, oldest first.
    pub items: Vec<CommentView>,
    /// Those that are not deleted.
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommentNew {
    /// 1 to 4,000 characters; control characters are taken out.
    pub body: String,
    /// The comment that is answered. An answer to an answer joins its thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CommentId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommentPatch {
    pub body: String,
}

impl CommentNew {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        check_body(&self.body)
    }
}

impl CommentPatch {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        check_body(&self.body)
    }
}

fn check_body(body: &str) -> Result<(), Vec<FieldError>> {
    let mut check = Check::new();
    check.required("body", &cleaned(body).replace(['\n', '\t'], " "), COMMENT_MAX);
    check.done()
}

/// A comment as it is kept: line breaks as `\n`, without blanks at its ends, control characters, and the characters
/// that turn the direction of the text around them.
pub fn cleaned(body: &str) -> String {
    let unwanted = |c: &char| {
        let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || (c.is_control() && !matches!(c, '\n' | '\t'))
    };
    let body = body.replace("\r\n", "\n").replace('\r', "\n");
    body.chars().filter(|c| !unwanted(c)).collect::<String>().trim().to_owned()
}

/// A text that a comment had before it was edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentRevision {
    pub body: String,
    /// When it was written.
    pub written_at: Timestamp,
    /// When another text took its place.
    pub replaced_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentRevisions {
    /// Newest first, without the text as it stands now.
    pub items: Vec<CommentRevision>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MentionableList {
    /// Active people who may see the KPI, the best match first; at most 20.
    pub items: Vec<Colleague>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_are_taken_out() {
        assert_eq!(cleaned(" a\u{0}b\r\nc\u{202e}d\u{2066}\u{7}\te \n"), "ab\ncd\te");
    }

    #[test]
    fn a_comment_has_something_to_say() {
        let of = |body: &str| CommentNew { body: body.into(), parent_id: None }.check();
        assert!(of("fine").is_ok());
        assert!(of(&"ж".repeat(COMMENT_MAX)).is_ok());
        for (body, code) in [(" \n\t ", "required"), ("\u{0}\u{202e}", "required")] {
            assert_eq!(of(body).unwrap_err()[0].code, code);
        }
        assert_eq!(of(&"ж".repeat(COMMENT_MAX + 1)).unwrap_err()[0].code, "too_long");
    }
}
