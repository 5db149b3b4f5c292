//! What rules are written with: the vocabulary and the recipes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::scoring::RuleKind;

/// Everything a rule can name: for completion, help under the pointer and the reference page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Vocabulary {
    pub kinds: Vec<KindDoc>,
    pub fields: Vec<FieldDoc>,
    pub functions: Vec<FunctionDoc>,
    pub snippets: Vec<Snippet>,
    /// Words of the language itself.
    pub keywords: Vec<String>,
    /// What one run may cost at most.
    pub limits: LimitsDoc,
    /// Of interpreter and vocabulary.
    pub engine: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KindDoc {
    pub kind: RuleKind,
    /// e.g. `fn score(kpi, ctx)`.
    pub entry: String,
    pub returns: String,
    /// Which rules of the kind apply to a KPI.
    pub applies: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldDoc {
    /// As a script writes it, e.g. `kpi.owner.name`; `[]` stands for any element of a list.
    pub path: String,
    /// `text`, `number`, `whole`, `yes/no`, `date`, `map` or the name of a record; `?` behind it where it may be
    /// absent, `[ ]` around it for a list.
    #[serde(rename = "type")]
    pub ty: String,
    /// What a number counts: `points`, `percent`, `share`, `days`, `kpi_unit`, `count`, `weight`, `year`, `number`.
    pub unit: Option<String>,
    pub description: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FunctionDoc {
    /// `KPIs`, `Dates`, `Numbers`, `Texts`, `Arrays` or `Maps`.
    pub group: String,
    pub name: String,
    pub signature: String,
    pub description: String,
    /// An expression that is true for the KPI of the reference.
    pub example: String,
}

/// A piece of a rule to put in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Snippet {
    pub label: String,
    /// The kinds of rules it fits into.
    pub kinds: Vec<RuleKind>,
    pub description: String,
    /// `${...}` marks what is to be typed over.
    pub body: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LimitsDoc {
    pub operations: u64,
    pub call_depth: u64,
    pub text_bytes: u64,
    pub array_elements: u64,
    pub map_entries: u64,
    pub memory_bytes: u64,
    /// Milliseconds.
    pub wall_ms: u64,
    pub source_bytes: u64,
}

/// A rule that needs only its numbers. Its words are translated as those of rules are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recipe {
    /// e.g. `three_step_target`.
    pub key: String,
    pub kind: RuleKind,
    pub title: String,
    pub description: String,
    /// In the order of the form.
    pub numbers: Vec<RecipeNumber>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecipeNumber {
    pub key: String,
    pub label: String,
    pub default: f64,
    pub min: f64,
    pub max: f64,
    /// `points`, `percent` or `days`.
    pub unit: String,
    /// Whether only whole numbers do.
    pub whole: bool,
    /// The number that this one must not be below.
    pub at_least: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecipeList {
    pub items: Vec<Recipe>,
}

/// Numbers that are left out have their default.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecipeBody {
    #[serde(default)]
    pub numbers: BTreeMap<String, f64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecipeSource {
    pub source: String,
    /// The case file.
    pub tests: String,
}

/// A recipe with the numbers it was used with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecipeUse {
    pub key: String,
    pub numbers: BTreeMap<String, f64>,
}
