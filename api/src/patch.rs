//! A field of a PATCH body: absent keeps, `null` clears, a value sets.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Patch<T> {
    #[default]
    Keep,
    Clear,
    Set(T),
}

impl<T> Patch<T> {
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The new value of an optional field.
    pub fn apply(self, old: Option<T>) -> Option<T> {
        match self {
            Self::Keep => old,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// What changes `old` into `new`; `Keep` when they are equal.
    pub fn between(old: &Option<T>, new: Option<T>) -> Self
    where
        T: PartialEq,
    {
        match new {
            new if *old == new => Self::Keep,
            None => Self::Clear,
            Some(value) => Self::Set(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

/// `Keep` must be skipped by the field's attribute: `skip_serializing_if = "Patch::is_keep"`.
impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => serializer.serialize_some(value),
            Self::Keep | Self::Clear => serializer.serialize_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Body {
        #[serde(default)]
        note: Patch<String>,
    }

    #[test]
    fn absent_keeps_null_clears_a_value_sets() {
        let of = |json| serde_json::from_str::<Body>(json).unwrap().note;
        assert_eq!(of("{}"), Patch::Keep);
        assert_eq!(of(r#"{"note":null}"#), Patch::Clear);
        assert_eq!(of(r#"{"note":"a"}"#), Patch::Set("a".into()));
    }
}
