//! Scripts that are no rules: any of their functions can be called, with data, and they have a host that they can ask
//! for things. They run in the same sandbox, under limits of their own.
//!
//! What the host can be asked for are its [`Word`]s. Values go to and fro as JSON; what a rule knows as a date is a text
//! like `2026-03-31` there.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use kpi_api::time::Date;
use rhai::{CallFnOptions, Dynamic, Scope};
use serde_json::Value;

use crate::{
    check::{self, Known},
    engine::{ended, with_room},
    limits::Limits,
    outcome::{Diagnostic, Trouble, TroubleKind},
    rule,
    run::{self, Failure},
    sandbox,
    vocabulary::{self, Function},
};

mod data;
mod words;

/// Words of the rules' vocabulary that are about the KPI of the rule.
const OF_RULES: &[&str] = &["attainment", "rollup", "step", "error", "warn", "remind"];

/// Most parameters of a word.
const MOST_PARAMETERS: usize = 4;

/// Something a script can ask its host for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    pub name: &'static str,
    /// Fewest and most parameters, at most 4.
    pub least: usize,
    pub most: usize,
    pub signature: &'static str,
    pub about: &'static str,
}

/// What the host answers with.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// Objects become maps, which the script may change.
    Data(Value),
    /// Objects become records, as rules have them: they cannot be changed, a misspelt field is an error, and handing
    /// one on costs nothing. Those under the names in `maps` become maps.
    Facts { value: Value, maps: &'static [&'static str] },
}

/// Why the host does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// The script may catch it.
    Failed(String),
    /// The run ends with [`TroubleKind::Refused`]; no script can catch it.
    Refused(String),
}

/// Whom the words of a script are asked of.
pub trait Host: Send + Sync {
    fn ask(&self, word: &str, parameters: &[Value]) -> Result<Given, Denied>;
}

/// A function of the language that scripts have, for a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordDoc {
    pub name: &'static str,
    pub signature: &'static str,
    pub about: &'static str,
    /// An expression that is true.
    pub example: &'static str,
}

/// A compiled script.
#[derive(Debug, Clone)]
pub struct Script {
    ast: rhai::AST,
}

impl Script {
    /// Its functions with their numbers of parameters; those that a script hides with `private` included.
    pub fn functions(&self) -> impl Iterator<Item = (&str, usize)> {
        self.ast.iter_functions().map(|function| (function.name, function.params.len()))
    }
}

/// What a call gave back.
#[derive(Debug, Clone, PartialEq)]
pub struct Returned {
    pub value: Value,
    /// Steps of evaluation.
    pub operations: u64,
}

/// Runs scripts within limits. Make one and share it; it keeps nothing between calls.
pub struct ScriptEngine {
    interpreter: rhai::Engine,
    limits: Limits,
    words: &'static [Word],
}

impl ScriptEngine {
    pub fn new(limits: Limits, words: &'static [Word]) -> Self {
        let mut interpreter = sandbox::interpreter_with(&limits, functions());
        for word in words {
            register(&mut interpreter, word);
        }
        Self { interpreter, limits, words }
    }

    /// A source as a script, or everything that is wrong with it, in the order of the source.
    pub fn compile(&self, source: &str) -> Result<Script, Vec<Diagnostic>> {
        with_room(|| {
            let ast = rule::parsed(&self.interpreter, &self.limits, source)?;
            let arities: Vec<_> = self.words.iter().map(|word| (word.name, word.least, word.most)).collect();
            let names = functions().map(|function| function.name).chain(self.words.iter().map(|w| w.name));
            check::check_script(source, &ast, &Known { names: names.collect(), arities: &arities })?;
            Ok(Script { ast })
        })
    }

    /// Calls a function of the script. It may take `total` by the wall clock, what it waits for included; a host that
    /// waits has to keep to that itself.
    ///
    /// # Errors
    /// Also when there is no function of that name with as many parameters.
    pub fn call(
        &self,
        script: &Script,
        function: &str,
        parameters: Vec<Given>,
        today: Date,
        total: Duration,
        host: Arc<dyn Host>,
    ) -> Result<Returned, Trouble> {
        if !script.functions().any(|(name, count)| name == function && count == parameters.len()) {
            let count = parameters.len();
            let message = format!("the script has no function `{function}` with {count} parameters");
            return Err(Trouble::at(TroubleKind::WrongShape, message, rhai::Position::NONE));
        }
        run::begin_hosted(&self.limits, today, total, host);
        let returned = catch_unwind(AssertUnwindSafe(|| {
            let parameters =
                parameters.into_iter().map(data::given).collect::<Result<Vec<Dynamic>, Failure>>()?;
            let returned = self.interpreter.call_fn_with_options::<Dynamic>(
                CallFnOptions::new().eval_ast(false).rewind_scope(false),
                &mut Scope::new(),
                &script.ast,
                function,
                parameters,
            )?;
            data::read(&returned.flatten()).map(data::held)
        }));
        let left = run::end();
        let ended = ended(returned, &left);
        match (ended, left.ended) {
            (Err(trouble), Some(message)) => Err(Trouble { kind: TroubleKind::Refused, message, ..trouble }),
            (Ok(_), Some(message)) => Err(Trouble::at(TroubleKind::Refused, message, rhai::Position::NONE)),
            (ended, None) => ended.and_then(|value| {
                let value = data::released(value)
                    .ok_or_else(|| Trouble::shape("what the function returned is no data"))?;
                Ok(Returned { value, operations: left.operations })
            }),
        }
    }
}

/// The functions that every script has, besides the words of its host.
pub fn reference() -> impl Iterator<Item = WordDoc> {
    functions().map(|f| WordDoc { name: f.name, signature: f.signature, about: f.about, example: f.example })
}

fn functions() -> impl Iterator<Item = &'static Function> {
    vocabulary::functions()
        .map(|(_, function)| function)
        .filter(|function| !OF_RULES.contains(&function.name))
        .chain(words::FUNCTIONS)
}

fn register(engine: &mut rhai::Engine, word: &Word) {
    let name = word.name;
    for count in word.least..=word.most.min(MOST_PARAMETERS) {
        match count {
            0 => engine.register_fn(name, move || ask(name, &[])),
            1 => engine.register_fn(name, move |a: Dynamic| ask(name, &[a])),
            2 => engine.register_fn(name, move |a: Dynamic, b: Dynamic| ask(name, &[a, b])),
            3 => engine.register_fn(name, move |a: Dynamic, b: Dynamic, c: Dynamic| ask(name, &[a, b, c])),
            _ => engine.register_fn(name, move |a: Dynamic, b: Dynamic, c: Dynamic, d: Dynamic| {
                ask(name, &[a, b, c, d])
            }),
        };
    }
}

/// Asks the host of this run.
fn ask(word: &str, parameters: &[Dynamic]) -> Result<Dynamic, Failure> {
    run::look()?;
    let parameters = parameters.iter().map(data::read).collect::<Result<Vec<Value>, Failure>>()?;
    let Some(host) = run::host() else {
        return Err(crate::language::failure(format!("there is nobody to ask for `{word}`")));
    };
    let answer = host.ask(word, &parameters);
    // Whatever it says: when the time is over, it is over.
    run::look()?;
    match answer {
        Ok(given) => data::given(given),
        Err(Denied::Failed(message)) => Err(crate::language::failure(message)),
        Err(Denied::Refused(message)) => run::end_because(message),
    }
}
