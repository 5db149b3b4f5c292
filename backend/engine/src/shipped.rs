//! The rules that come with the application, with their cases.

use kpi_api::scoring::RuleKind;

/// A rule as it is shipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipped {
    /// Kind and file, e.g. `score/standard`.
    pub name: &'static str,
    pub kind: RuleKind,
    pub source: &'static str,
    /// Its case file, see [`crate::cases`].
    pub cases: &'static str,
}

macro_rules! shipped {
    ($($kind:ident $name:literal),* $(,)?) => {
        &[$(Shipped {
            name: $name,
            kind: RuleKind::$kind,
            source: include_str!(concat!("../../../rules/", $name, ".rhai")),
            cases: include_str!(concat!("../../../rules/", $name, ".test.toml")),
        }),*]
    };
}

pub fn shipped() -> &'static [Shipped] {
    const ALL: &[Shipped] =
        shipped![Score "score/standard", Validate "validate/standard", Remind "remind/standard"];
    ALL
}
