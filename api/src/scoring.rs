//! How a KPI is measured, and what a rule says about it: the score, its receipt, and the findings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{RuleId, Version};

/// The OpenAPI description of an enumeration of words. utoipa's derive does not see names that come out of a macro.
macro_rules! described {
    ($name:ident, [$($word:literal),*]) => {
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($word),*]))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}
pub(crate) use described;

/// An enum of lower-case names with the conversions that a column, a query and a screen need.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $(#[serde(rename = $word)] $variant),* }

        crate::scoring::described!($name, [$($word),*]);

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text).ok_or_else(|| {
                    format!("one of {}", [$($word),*].join(", "))
                })
            }
        }
    )*};
}
pub(crate) use words;

words! {
    /// What sort of value is measured.
    Kind { Percentage = "percentage", Number = "number", Boolean = "boolean", Milestones = "milestones" }

    /// Which way is better.
    Direction { Increase = "increase", Decrease = "decrease", InRange = "in_range" }

    /// How the check-ins of a quarter become one value.
    Rollup { Last = "last", Sum = "sum", Mean = "mean", Max = "max", Min = "min" }

    /// The colour of a score; `none` while there is no value.
    Band { Green = "green", Amber = "amber", Red = "red", None = "none" }

    /// Attainment compared with the elapsed share of the quarter; `none` without a value or before the quarter.
    Pace { Ahead = "ahead", OnTrack = "on_track", Behind = "behind", OffTrack = "off_track", None = "none" }

    /// An error refuses the act, a warning only tells.
    Severity { Error = "error", Warning = "warning" }

    RuleKind { Score = "score", Validate = "validate", Remind = "remind" }
}

impl Pace {
    /// Pace of an attainment (1 is "target met") at an elapsed share of the quarter (0 to 1).
    pub fn of(attainment: Option<f64>, elapsed: f64) -> Self {
        match attainment {
            Some(p) if elapsed > 0.0 => match p / elapsed {
                ratio if ratio >= 1.10 => Self::Ahead,
                ratio if ratio >= 0.95 => Self::OnTrack,
                ratio if ratio >= 0.75 => Self::Behind,
                _ => Self::OffTrack,
            },
            _ => Self::None,
        }
    }
}

/// Lower bounds of the bands in score points, compared unrounded.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bands {
    pub green: f64,
    pub amber: f64,
}

impl Default for Bands {
    fn default() -> Self {
        Self { green: 90.0, amber: 70.0 }
    }
}

impl Bands {
    pub fn of(self, score: Option<f64>) -> Band {
        match score {
            None => Band::None,
            Some(score) if score >= self.green => Band::Green,
            Some(score) if score >= self.amber => Band::Amber,
            Some(_) => Band::Red,
        }
    }
}

/// A part of a `milestones` KPI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    pub title: String,
    /// Share of the whole in any unit; only the proportion counts.
    pub weight: f64,
    #[serde(default)]
    pub done: bool,
}

/// A sentence of a rule: the finished English text, and the pattern with its values from which a client makes the
/// same sentence in another language (the pattern is the key into its catalogue).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Said {
    pub text: String,
    pub pattern: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl Said {
    /// A sentence from a pattern with `{name}` places. Places without a value stay as they are.
    pub fn new(pattern: impl Into<String>, values: BTreeMap<String, String>) -> Self {
        let pattern = pattern.into();
        let text = fill(&pattern, &values);
        Self { text, pattern, values }
    }

    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(text, BTreeMap::new())
    }
}

/// Puts values into the `{name}` places of a pattern, in one pass: a value is never read as a pattern.
pub fn fill(pattern: &str, values: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        match after.find('}').and_then(|close| Some((close, values.get(&after[..close])?))) {
            Some((close, value)) => {
                out.push_str(value);
                rest = &after[close + 1..];
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// What a validation rule has to say about a KPI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    pub severity: Severity,
    /// The KPI's field it is about, by its name in the API; empty for the whole.
    pub field: String,
    pub message: Said,
}

/// Which rule made a score, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleRef {
    pub id: RuleId,
    /// Name of the rule, e.g. `score/standard`.
    pub name: String,
    pub title: String,
    pub version: Version,
    /// Hex SHA-256 of the source.
    pub checksum: String,
    /// Version of the rule engine that ran it.
    pub engine: String,
}

/// A value that went into a score, as the rule saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Input {
    pub name: String,
    /// JSON as the rule saw it; `null` where the KPI has none.
    pub value: serde_json::Value,
}

/// Why a score is what it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    pub rule: RuleRef,
    pub inputs: Vec<Input>,
    pub steps: Vec<Said>,
    /// Score points, 0 to `cap`; `null` when there is no value.
    pub score: Option<f64>,
    /// 0 to 100.
    pub progress_percentage: Option<f64>,
    /// 1 is "target met"; not clamped.
    pub attainment: Option<f64>,
    pub cap: f64,
    pub band: Band,
    pub bands: Bands,
    /// Set when the rule that should have scored failed and its last good version stood in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// A weighted mean of the scores that are there, and how many that is.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Coverage {
    /// Score points; `null` when no KPI has a score.
    pub score: Option<f64>,
    pub scored: u64,
    pub total: u64,
}

impl Coverage {
    /// Weighted mean over (score, weight). Absent scores drop out and the other weights renormalise; when every
    /// weight that counts is zero, all count alike.
    pub fn of(rows: impl IntoIterator<Item = (Option<f64>, f64)>) -> Self {
        let (mut total, mut scored, mut plain, mut sum, mut weights) = (0, 0, 0.0, 0.0, 0.0);
        for (score, weight) in rows {
            total += 1;
            if let Some(score) = score {
                scored += 1;
                plain += score;
                sum += score * weight;
                weights += weight;
            }
        }
        let score = match scored {
            0 => None,
            n if weights <= 0.0 => Some(plain / n as f64),
            _ => Some(sum / weights),
        };
        Self { score, scored, total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_scores_drop_out_and_weights_renormalise() {
        let of = Coverage::of([(Some(100.0), 40.0), (None, 60.0)]);
        assert_eq!((of.score, of.scored, of.total), (Some(100.0), 1, 2));
        let thirds = Coverage::of([(Some(100.0), 1.0), (Some(0.0), 1.0), (Some(0.0), 1.0)]);
        assert!((thirds.score.unwrap() - 100.0 / 3.0).abs() < 1e-9);
        assert_eq!(Coverage::of([]).score, None);
    }

    #[test]
    fn bands_compare_unrounded() {
        let bands = Bands::default();
        assert_eq!(bands.of(Some(89.999)), Band::Amber);
        assert_eq!(bands.of(Some(90.0)), Band::Green);
        assert_eq!(bands.of(Some(69.999)), Band::Red);
        assert_eq!(bands.of(None), Band::None);
    }

    #[test]
    fn pace_compares_attainment_with_time() {
        assert_eq!(Pace::of(Some(0.55), 0.5), Pace::Ahead);
        assert_eq!(Pace::of(Some(0.5), 0.5), Pace::OnTrack);
        assert_eq!(Pace::of(Some(0.4), 0.5), Pace::Behind);
        assert_eq!(Pace::of(Some(0.1), 0.5), Pace::OffTrack);
        assert_eq!(Pace::of(None, 0.5), Pace::None);
        assert_eq!(Pace::of(Some(1.0), 0.0), Pace::None);
    }

    #[test]
    fn a_value_is_never_read_as_a_pattern() {
        let values = BTreeMap::from([("a".into(), "{b}".into()), ("b".into(), "no".into())]);
        assert_eq!(fill("{a} {c} {", &values), "{b} {c} {");
    }
}
