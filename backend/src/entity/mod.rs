//! The tables as SeaORM sees them, one file each. Shapes only: what they mean is in the features, how they came
//! to be in the `migrations` crate. Enumerations are text here and become types in each feature's `convert`.

pub mod audit;
pub mod check_in;
pub mod comment;
pub mod comment_revision;
pub mod delegation;
pub mod department;
pub mod evidence;
pub mod idempotency_key;
pub mod job_run;
pub mod job_schedule;
pub mod kpi;
pub mod kpi_history;
pub mod mail;
pub mod mail_preference;
pub mod notification;
pub mod notification_preference;
pub mod outbox;
pub mod password_reset;
pub mod period;
pub mod personal_token;
pub mod refresh_token;
pub mod reminder;
pub mod rule;
pub mod rule_version;
pub mod session;
pub mod setting;
pub mod template;
pub mod template_assignment;
pub mod template_assignment_item;
pub mod template_version;
pub mod undoable_decision;
pub mod user;
