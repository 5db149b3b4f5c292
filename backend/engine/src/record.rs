//! A read-only value with named fields, as scripts see the KPI and its surroundings.
//!
//! A record is looked up in a table of fields instead of being copied into a map: nothing is built that a rule does
//! not ask for, nothing can be written, and a misspelt field is an error instead of an absent value.

use std::{any::Any, sync::Arc};

use rhai::{Dynamic, EvalAltResult, ImmutableString, Position};

use crate::run::Failure;

/// A named field of `T`: what it is called, what it is, and how it is read.
pub(crate) struct Field<T: 'static> {
    pub name: &'static str,
    /// `text`, `number`, `whole`, `yes/no`, `date`, `map` or the name of a record; `?` behind it where it may be
    /// absent, `[ ]` around it for a list.
    pub ty: &'static str,
    pub about: &'static str,
    pub get: fn(&T) -> Dynamic,
}

/// Facts that scripts can look into.
pub(crate) trait Described: Any + Send + Sync + Sized {
    const NAME: &'static str;
    const FIELDS: &'static [Field<Self>];
}

pub(crate) trait Look: Any + Send + Sync {
    fn name(&self) -> &'static str;
    fn look(&self, field: &str) -> Option<Dynamic>;
    fn nearest(&self, field: &str) -> Option<&str>;
    /// As data, where it is more than a view of the host's own facts.
    fn data(&self) -> Option<&serde_json::Value> {
        None
    }
}

impl<T: Described> Look for T {
    fn name(&self) -> &'static str {
        T::NAME
    }

    fn look(&self, name: &str) -> Option<Dynamic> {
        T::FIELDS.iter().find(|field| field.name == name).map(|field| (field.get)(self))
    }

    fn nearest(&self, name: &str) -> Option<&str> {
        crate::nearest::nearest(name, T::FIELDS.iter().map(|field| field.name))
    }
}

/// Facts as a script holds them; copying one copies a pointer.
#[derive(Clone)]
pub(crate) struct Record(Arc<dyn Look>);

impl Record {
    pub fn new<T: Described>(facts: T) -> Self {
        Self(Arc::new(facts))
    }

    pub fn of(facts: impl Look) -> Self {
        Self(Arc::new(facts))
    }

    pub fn name(&self) -> &'static str {
        self.0.name()
    }

    pub fn data(&self) -> Option<&serde_json::Value> {
        self.0.data()
    }

    pub fn get(&self, field: &str) -> Result<Dynamic, Failure> {
        self.0.look(field).ok_or_else(|| {
            let hint = self.0.nearest(field).map_or(String::new(), |near| format!(", but `{near}`"));
            let message = format!("`{}` has no field `{field}`{hint}", self.name());
            EvalAltResult::ErrorRuntime(message.into(), Position::NONE).into()
        })
    }

    pub fn has(&self, field: &str) -> bool {
        self.0.look(field).is_some_and(|value| !value.is_unit())
    }

    /// The facts behind it, if they are of that type.
    pub fn facts<T: Described>(&self) -> Option<&T> {
        let any: &dyn Any = &*self.0;
        any.downcast_ref()
    }
}

/// Registers records with the interpreter.
pub(crate) fn register(engine: &mut rhai::Engine) {
    engine
        .register_type_with_name::<Record>("record")
        .register_indexer_get(|record: &mut Record, field: ImmutableString| record.get(&field))
        .register_fn("contains", |record: &mut Record, field: ImmutableString| record.has(&field))
        .register_fn("to_string", |record: &mut Record| format!("[{}]", record.name()));
}
