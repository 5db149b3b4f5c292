//! Components that know the API's types and are shared by the features.

pub mod act_dialog;
pub mod changed_note;
pub mod changes;
pub mod check_in;
pub mod course;
pub mod decided;
pub mod definition;
pub mod findings;
pub mod kpi_line;
pub mod marks;
pub mod measure;
pub mod password_rule;
pub mod pickers;
pub mod receipt;
pub mod refusal;
pub mod search_field;
pub mod timeline;

pub use act_dialog::ActDialog;
pub use changed_note::ChangedNote;
pub use changes::{ChangesLines, ChangesTable};
pub use check_in::{CheckInById, CheckInForm};
pub use course::CourseChart;
pub use definition::{DefinitionList, DirectionMark};
pub use findings::FindingsList;
pub use kpi_line::KpiLine;
pub use marks::{BandMark, PaceMark, StatusPill, band_tone};
pub use pickers::{DepartmentPicker, PeriodPicker, PersonPicker};
pub use receipt::{ReceiptDialog, ReceiptView};
pub use refusal::Refusal;
pub use search_field::SearchField;
pub use timeline::Timeline;
