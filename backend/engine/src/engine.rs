//! Compiles rules and runs them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kpi_api::scoring::{Finding, RuleKind};
use rhai::{CallFnOptions, Dynamic, EvalAltResult, Position, Scope};

use crate::{
    facts::{ContextFacts, KpiFacts},
    limits::{Limits, Which},
    outcome::{Diagnostic, Reminder, Returned, Scored, Trial, Trouble, TroubleKind, fault},
    record::Record,
    rule::{self, Rule},
    run::{self, Left},
    sandbox, shape, vocabulary,
};

/// Version of the interpreter and of the vocabulary. It is kept with every score, so that a score can be recomputed
/// by what made it; it changes whenever the same rule could give another result.
pub const ENGINE_VERSION: &str = "rhai-1.27.0/1";

/// Stack for compiling: a source may nest deeper than the stack of a worker thread allows.
#[cfg(not(target_family = "wasm"))]
const COMPILE_STACK: usize = 8 * 1024 * 1024;

/// Runs rules within limits. Make one and share it; it keeps nothing between runs.
pub struct Engine {
    interpreter: rhai::Engine,
    limits: Limits,
}

impl Engine {
    pub fn new(limits: Limits) -> Self {
        Self { interpreter: sandbox::interpreter(&limits), limits }
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Steps of evaluation that the last run on this thread took, also where it failed.
    pub fn operations_of_last_run(&self) -> u64 {
        run::last_operations()
    }

    /// A source as a rule, or everything that is wrong with it, in the order of the source.
    pub fn compile(&self, kind: RuleKind, source: &str) -> Result<Rule, Vec<Diagnostic>> {
        with_room(|| rule::compile(&self.interpreter, &self.limits, kind, source))
    }

    /// The score of a KPI by a `score` rule.
    pub fn score(&self, rule: &Rule, kpi: &KpiFacts, ctx: &ContextFacts) -> Result<Scored, Trouble> {
        let (returned, left) = self.run(RuleKind::Score, rule, kpi, ctx)?;
        shape::scored(returned, left, kpi, ctx)
    }

    /// What a `validate` rule has to say about a KPI.
    pub fn validate(&self, rule: &Rule, kpi: &KpiFacts, ctx: &ContextFacts) -> Result<Vec<Finding>, Trouble> {
        let (returned, _) = self.run(RuleKind::Validate, rule, kpi, ctx)?;
        shape::findings(returned)
    }

    /// The messages a `remind` rule wants sent about a KPI.
    pub fn remind(&self, rule: &Rule, kpi: &KpiFacts, ctx: &ContextFacts) -> Result<Vec<Reminder>, Trouble> {
        let (returned, _) = self.run(RuleKind::Remind, rule, kpi, ctx)?;
        shape::reminders(returned)
    }

    /// Runs a rule of whatever kind and tells what it has used up, also where it fails.
    pub fn trial(&self, rule: &Rule, kpi: &KpiFacts, ctx: &ContextFacts) -> Trial {
        let (returned, left) = self.run_out(rule, kpi, ctx);
        let (operations, log) = (left.operations, left.steps.clone());
        let outcome = returned.and_then(|returned| match rule.kind() {
            RuleKind::Score => {
                shape::scored(returned, left, kpi, ctx).map(|scored| Returned::Score(Box::new(scored)))
            }
            RuleKind::Validate => shape::findings(returned).map(Returned::Findings),
            RuleKind::Remind => shape::reminders(returned).map(Returned::Reminders),
        });
        Trial { outcome, operations, log }
    }

    fn run(
        &self,
        kind: RuleKind,
        rule: &Rule,
        kpi: &KpiFacts,
        ctx: &ContextFacts,
    ) -> Result<(Dynamic, Left), Trouble> {
        if rule.kind() != kind {
            return Err(Trouble::shape(format!("this is a {} rule, not a {kind} rule", rule.kind())));
        }
        let (returned, left) = self.run_out(rule, kpi, ctx);
        returned.map(|returned| (returned, left))
    }

    fn run_out(&self, rule: &Rule, kpi: &KpiFacts, ctx: &ContextFacts) -> (Result<Dynamic, Trouble>, Left) {
        let arguments = (Record::new(kpi.clone()), Record::new(ctx.clone()));
        run::begin(&self.limits, ctx);
        let returned = catch_unwind(AssertUnwindSafe(|| {
            self.interpreter.call_fn_with_options::<Dynamic>(
                CallFnOptions::new().eval_ast(false).rewind_scope(false),
                &mut Scope::new(),
                &rule.ast,
                vocabulary::entry(rule.kind()),
                arguments,
            )
        }));
        let left = run::end();
        (ended(returned, &left), left)
    }
}

/// What a run came to.
pub(crate) fn ended(
    returned: std::thread::Result<Result<Dynamic, Box<EvalAltResult>>>,
    left: &Left,
) -> Result<Dynamic, Trouble> {
    match (returned, left.tripped) {
        (Err(_), _) => Err(Trouble::at(TroubleKind::Panicked, "the interpreter gave up", Position::NONE)),
        (Ok(Ok(returned)), None) => Ok(returned.flatten()),
        (Ok(Ok(_)), Some(which)) => Err(beyond(which, Position::NONE)),
        (Ok(Err(error)), tripped) => Err(trouble(*error, tripped)),
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

type Compiled<T> = Result<T, Vec<Diagnostic>>;

/// Compiles on a stack that is deep enough, and outlives the compiler.
pub(crate) fn with_room<T: Send>(compile: impl FnOnce() -> Compiled<T> + Send) -> Compiled<T> {
    let compile = || {
        catch_unwind(AssertUnwindSafe(compile))
            .unwrap_or_else(|_| Err(vec![no_compiler("the parser gave up")]))
    };
    #[cfg(target_family = "wasm")]
    return compile();
    #[cfg(not(target_family = "wasm"))]
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("compiler".into())
            .stack_size(COMPILE_STACK)
            .spawn_scoped(scope, compile)
            .map_err(|error| vec![no_compiler(&error.to_string())])?
            .join()
            .unwrap_or_else(|_| Err(vec![no_compiler("the parser gave up")]))
    })
}

fn no_compiler(why: &str) -> Diagnostic {
    fault(Position::NONE, format!("It cannot be compiled: {why}."))
}

fn beyond(which: Which, position: Position) -> Trouble {
    Trouble::at(TroubleKind::Limit(which), format!("it wanted {which}"), position)
}

/// The innermost error and the place closest to it.
fn trouble(error: EvalAltResult, tripped: Option<Which>) -> Trouble {
    let (mut error, mut position) = (error, Position::NONE);
    loop {
        if !error.position().is_none() {
            position = error.position();
        }
        match error {
            EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => error = *inner,
            other => {
                error = other;
                break;
            }
        }
    }
    let which = tripped.or(match &error {
        EvalAltResult::ErrorTooManyOperations(_) => Some(Which::Operations),
        EvalAltResult::ErrorTooManyVariables(_) => Some(Which::Variables),
        EvalAltResult::ErrorStackOverflow(_) => Some(Which::CallDepth),
        EvalAltResult::ErrorTerminated(..) => Some(Which::Wall),
        EvalAltResult::ErrorDataTooLarge(what, _) => Some(match what {
            what if what.contains("string") => Which::StringLen,
            what if what.contains("map") => Which::MapLen,
            _ => Which::ArrayLen,
        }),
        _ => None,
    });
    if let Some(which) = which {
        return beyond(which, position);
    }
    let message = match &error {
        EvalAltResult::ErrorRuntime(value, _) => crate::language::reading(value),
        other => {
            let mut bare = format!("{other}");
            if let Some(end) = bare.rfind(" (line ") {
                bare.truncate(end);
            }
            bare
        }
    };
    Trouble::at(TroubleKind::Threw, message.chars().take(500).collect::<String>(), position)
}
