//! Everything a script can name, defined once: from these tables the interpreter gets its fields and functions, the
//! compiler its list of known names, and people the reference.

mod domain;
mod fields;
mod reference;
mod snippets;
mod units;

pub use reference::{FieldDoc, FunctionDoc, Reference, reference, reference_markdown};
pub use snippets::{KEYWORDS, Kind, Snippet, kinds, snippets};

use kpi_api::scoring::{Bands, Milestone, RuleKind};

use crate::{
    facts::{
        CheckInFacts, ContextFacts, DepartmentFacts, EvidenceContract, EvidenceFacts, KpiFacts, PersonFacts,
        PreviousFacts, QuarterFacts, SettingsFacts, TemplateFacts,
    },
    language,
    record::Described,
};

/// A function that scripts can call.
pub(crate) struct Function {
    pub name: &'static str,
    pub signature: &'static str,
    pub about: &'static str,
    /// An expression that is true for the KPI of the reference; run as a test.
    pub example: &'static str,
    pub register: fn(&mut rhai::Engine),
}

/// Words of the language itself that look like functions.
pub(crate) const BUILT_IN: &[&str] = &["call", "Fn", "type_of", "is_def_fn", "is_def_var", "is_shared"];

/// All functions, those about KPIs first.
pub(crate) fn functions() -> impl Iterator<Item = (&'static str, &'static Function)> {
    [
        ("KPIs", domain::FUNCTIONS),
        ("Dates", language::dates::FUNCTIONS),
        ("Numbers", language::numbers::FUNCTIONS),
        ("Texts", language::texts::FUNCTIONS),
        ("Arrays", language::arrays::FUNCTIONS),
        ("Maps", language::maps::FUNCTIONS),
    ]
    .into_iter()
    .flat_map(|(group, table)| table.iter().map(move |function| (group, function)))
}

/// Name, type and description of a field, whatever record it is of.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub name: &'static str,
    pub ty: &'static str,
    pub about: &'static str,
}

/// The fields of a record by its name; `None` for what is no record.
pub(crate) fn fields_of(record: &str) -> Option<Vec<Entry>> {
    fn table<T: Described>() -> (&'static str, Vec<Entry>) {
        let entry = |f: &crate::record::Field<T>| Entry { name: f.name, ty: f.ty, about: f.about };
        (T::NAME, T::FIELDS.iter().map(entry).collect())
    }
    let tables = [
        table::<KpiFacts>,
        table::<ContextFacts>,
        table::<PersonFacts>,
        table::<TemplateFacts>,
        table::<EvidenceContract>,
        table::<EvidenceFacts>,
        table::<Milestone>,
        table::<CheckInFacts>,
        table::<PreviousFacts>,
        table::<QuarterFacts>,
        table::<SettingsFacts>,
        table::<Bands>,
        table::<DepartmentFacts>,
    ];
    tables.into_iter().map(|table| table()).find(|(name, _)| *name == record).map(|(_, fields)| fields)
}

/// The function a rule of that kind consists of; it takes `kpi` and `ctx`.
pub(crate) const fn entry(kind: RuleKind) -> &'static str {
    kind.as_str()
}
