//! Words on numbers that are not operators.

use rhai::Dynamic;

use crate::{
    language::{failure, number},
    number as numbers,
    run::Failure,
    vocabulary::Function,
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        name: "clamp",
        signature: "clamp(x, lo, hi) -> number",
        about: "The number, but not below `lo` and not above `hi`.",
        example: "clamp(130, 0, 120) == 120",
        register: |engine| {
            engine.register_fn("clamp", |x: Dynamic, lo: Dynamic, hi: Dynamic| {
                let (x, lo, hi) = (number(&x)?, number(&lo)?, number(&hi)?);
                if lo <= hi {
                    Ok::<f64, Failure>(x.clamp(lo, hi))
                } else {
                    Err(failure("clamp wants its lower bound first"))
                }
            });
        },
    },
    Function {
        name: "round",
        signature: "round(x, n) -> number",
        about: "The number to `n` decimals, half away from zero; without `n` to whole ones.",
        example: "round(74.567, 1) == 74.6 && round(2.5) == 3",
        register: |engine| {
            engine
                .register_fn("round", |x: Dynamic, n: i64| Ok::<f64, Failure>(numbers::round(number(&x)?, n)))
                .register_fn("round", |x: Dynamic| Ok::<f64, Failure>(numbers::round(number(&x)?, 0)));
        },
    },
    Function {
        name: "min",
        signature: "min(a, b) -> number",
        about: "The smaller of two numbers.",
        example: "min(3, 4.5) == 3",
        register: |engine| {
            engine.register_fn("min", |a: Dynamic, b: Dynamic| {
                Ok::<f64, Failure>(number(&a)?.min(number(&b)?))
            });
        },
    },
    Function {
        name: "max",
        signature: "max(a, b) -> number",
        about: "The larger of two numbers.",
        example: "max(3, 4.5) == 4.5",
        register: |engine| {
            engine.register_fn("max", |a: Dynamic, b: Dynamic| {
                Ok::<f64, Failure>(number(&a)?.max(number(&b)?))
            });
        },
    },
    Function {
        name: "abs",
        signature: "abs(x) -> number",
        about: "The number without its sign.",
        example: "abs(-3) == 3",
        register: |engine| one(engine, "abs", f64::abs),
    },
    Function {
        name: "floor",
        signature: "floor(x) -> number",
        about: "The next whole number below.",
        example: "floor(2.9) == 2",
        register: |engine| one(engine, "floor", f64::floor),
    },
    Function {
        name: "ceiling",
        signature: "ceiling(x) -> number",
        about: "The next whole number above.",
        example: "ceiling(2.1) == 3",
        register: |engine| one(engine, "ceiling", f64::ceil),
    },
    Function {
        name: "sqrt",
        signature: "sqrt(x) -> number",
        about: "The square root. `x ** y` is a power.",
        example: "sqrt(9) == 3 && 2 ** 3 == 8",
        register: |engine| one(engine, "sqrt", f64::sqrt),
    },
    Function {
        name: "is_finite",
        signature: "is_finite(x) -> yes/no",
        about: "Whether it is a number at all: not after a division by zero.",
        example: "is_finite(1.0) && !is_finite(1.0 / 0.0)",
        register: |engine| {
            engine.register_fn("is_finite", |x: Dynamic| Ok::<bool, Failure>(number(&x)?.is_finite()));
        },
    },
    Function {
        name: "to_int",
        signature: "to_int(x) -> whole",
        about: "The whole part of a number.",
        example: "to_int(2.9) == 2",
        register: |engine| {
            engine.register_fn("to_int", |x: Dynamic| {
                let x = number(&x)?;
                // Within this the conversion is exact.
                if x.abs() <= 9.007e15 {
                    Ok::<i64, Failure>(x as i64)
                } else {
                    Err(failure("the number is too large to be whole"))
                }
            });
        },
    },
    Function {
        name: "to_float",
        signature: "to_float(x) -> number",
        about: "A whole number as one with decimals, so that it divides without rounding.",
        example: "to_float(1) / 2 == 0.5",
        register: |engine| one(engine, "to_float", |x| x),
    },
    Function {
        name: "parse_float",
        signature: "parse_float(text) -> number",
        about: "The number a text is; throws when it is none.",
        example: "parse_float(\"2.5\") == 2.5",
        register: |engine| {
            engine.register_fn("parse_float", |text: &str| {
                text.trim().parse::<f64>().map_err(|_| failure("the text is no number"))
            });
        },
    },
];

fn one(engine: &mut rhai::Engine, name: &str, act: fn(f64) -> f64) {
    engine.register_fn(name, move |x: Dynamic| Ok::<f64, Failure>(act(number(&x)?)));
}
