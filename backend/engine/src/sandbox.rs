//! The interpreter as rules get it: the language, the words of the vocabulary, the limits - and nothing else.

use rhai::{
    Dynamic, EvalContext, OptimizationLevel,
    packages::{ArithmeticPackage, BasicIteratorPackage, LogicPackage, Package},
};

use crate::{
    limits::Limits,
    record, run,
    vocabulary::{self, Function},
};

/// Words of the language that reach out of a rule, wait, or run a text as a script.
const SWITCHED_OFF: &[&str] = &["eval", "print", "debug", "import", "export", "sleep", "exit"];

/// For rules.
pub(crate) fn interpreter(limits: &Limits) -> rhai::Engine {
    interpreter_with(limits, vocabulary::functions().map(|(_, function)| function))
}

/// With the words of these functions.
pub(crate) fn interpreter_with(
    limits: &Limits,
    functions: impl Iterator<Item = &'static Function>,
) -> rhai::Engine {
    let mut engine = rhai::Engine::new_raw();
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    for function in functions {
        (function.register)(&mut engine);
    }
    record::register(&mut engine);

    for word in SWITCHED_OFF {
        engine.disable_symbol(*word);
    }
    // The optimiser would run parts of a script while compiling it, outside of the limits of a run, and panics on
    // writes to constant maps.
    engine
        .set_optimization_level(OptimizationLevel::None)
        .set_strict_variables(true)
        .set_max_operations(limits.operations)
        .set_max_call_levels(limits.call_depth)
        .set_max_expr_depths(limits.expr_depth, limits.expr_depth)
        .set_max_variables(Limits::VARIABLES)
        .set_max_functions(Limits::FUNCTIONS)
        .set_max_string_size(limits.string_len)
        .set_max_array_size(limits.array_len)
        .set_max_map_size(limits.map_len)
        .on_progress(|_| run::tick().then_some(Dynamic::UNIT));
    pay_for_reading(&mut engine);
    engine
}

/// Reading a variable copies its value, so it is paid for. It is also where a map is seen that grew by
/// `map[key] = value`, which the interpreter's own limits do not see.
#[expect(deprecated, reason = "marked as volatile rather than outdated; the version is pinned")]
fn pay_for_reading(engine: &mut rhai::Engine) {
    engine.on_var(|name, _, context: EvalContext| {
        if let Some(value) = context.scope().get(name) {
            run::charge_for(value)?;
        }
        Ok(None)
    });
}
