//! Words on arrays, and those that arrays share with texts and maps.

use std::cmp::Ordering;

use rhai::{Array, Dynamic, FnPtr, ImmutableString, Map, NativeCallContext};

use crate::{
    language::{dates::Day, failure, maybe_number, number, reading},
    run::{self, Failure},
    vocabulary::Function,
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        name: "len",
        signature: "x.len() -> whole",
        about: "How many elements an array, entries a map, or characters a text has; also written `x.len`.",
        example: "[1, 2].len() == 2 && \"abc\".len == 3",
        register: |engine| {
            engine
                .register_fn("len", |items: &mut Array| items.len() as i64)
                .register_fn("len", |map: &mut Map| map.len() as i64)
                .register_fn("len", |text: &str| text.chars().count() as i64)
                .register_get("len", |items: &mut Array| items.len() as i64)
                .register_get("len", |text: &mut ImmutableString| text.chars().count() as i64);
        },
    },
    Function {
        name: "is_empty",
        signature: "x.is_empty() -> yes/no",
        about: "Whether an array, map or text has nothing in it.",
        example: "[].is_empty() && \"\".is_empty()",
        register: |engine| {
            engine
                .register_fn("is_empty", |items: &mut Array| items.is_empty())
                .register_fn("is_empty", |map: &mut Map| map.is_empty())
                .register_fn("is_empty", |text: &str| text.is_empty());
        },
    },
    Function {
        name: "contains",
        signature: "x.contains(y) -> yes/no",
        about: "Whether an array has an element, a map a name, a text a part; also written `y in x`.",
        example: "[\"pdf\"].contains(\"pdf\") && \"ev\" in \"Revenue\"",
        register: |engine| {
            engine
                .register_fn("contains", |items: &mut Array, item: Dynamic| {
                    items.iter().any(|other| order(other, &item) == Some(Ordering::Equal))
                })
                .register_fn("contains", |map: &mut Map, name: &str| map.contains_key(name))
                .register_fn("contains", |text: &str, part: &str| text.contains(part))
                .register_fn("contains", |text: &str, part: char| text.contains(part));
        },
    },
    Function {
        name: "push",
        signature: "array.push(item)",
        about: "Adds an element at the end. `a + b` joins two arrays.",
        example: "{ let a = [1]; a.push(2); a.len() == 2 && (a + a).len() == 4 }",
        register: |engine| {
            engine
                .register_fn("push", |items: &mut Array, item: Dynamic| {
                    run::charge(16)?;
                    run::charge_for(&item)?;
                    run::array_of(items.len() + 1)?;
                    items.push(item.flatten());
                    Ok::<(), Failure>(())
                })
                .register_fn("+", |a: Array, b: Array| {
                    run::array_of(a.len() + b.len())?;
                    run::charge(16 * (a.len() + b.len()))?;
                    Ok::<Array, Failure>(a.into_iter().chain(b).collect())
                });
        },
    },
    Function {
        name: "first",
        signature: "array.first() -> any",
        about: "The first element; absent when there is none. `a[0]` throws then.",
        example: "[3, 4].first() == 3 && [].first() == ()",
        register: |engine| {
            engine.register_fn("first", |items: &mut Array| copied(items.first()));
        },
    },
    Function {
        name: "last",
        signature: "array.last() -> any",
        about: "The last element; absent when there is none.",
        example: "[3, 4].last() == 4 && [].last() == ()",
        register: |engine| {
            engine.register_fn("last", |items: &mut Array| copied(items.last()));
        },
    },
    Function {
        name: "sum",
        signature: "array.sum() -> number",
        about: "The sum of an array of numbers; 0 of an empty one.",
        example: "[1, 2.5].sum() == 3.5",
        register: |engine| {
            engine.register_fn("sum", |items: &mut Array| {
                items.iter().try_fold(0.0, |sum, item| Ok::<f64, Failure>(sum + number(item)?))
            });
        },
    },
    Function {
        name: "join",
        signature: "array.join(separator) -> text",
        about: "The elements as one text.",
        example: "[\"a\", 1].join(\", \") == \"a, 1\"",
        register: |engine| {
            engine.register_fn("join", |items: &mut Array, separator: &str| {
                let mut text = String::new();
                for (index, item) in items.iter().enumerate() {
                    let part = reading(item);
                    run::charge(part.len() + separator.len() + 16)?;
                    if index > 0 {
                        text.push_str(separator);
                    }
                    text.push_str(&part);
                }
                Ok::<String, Failure>(text)
            });
        },
    },
    Function {
        name: "map",
        signature: "array.map(|item| ...) -> array",
        about: "What a function makes of each element.",
        example: "[1, 2].map(|x| x * 10).sum() == 30",
        register: |engine| {
            engine.register_fn("map", |call: NativeCallContext, items: Array, f: FnPtr| {
                let mut out = Array::new();
                each(items, |item| {
                    let made: Dynamic = f.call_within_context(&call, (item,))?;
                    keep(&mut out, made)?;
                    Ok(true)
                })?;
                Ok::<Array, Failure>(out)
            });
        },
    },
    Function {
        name: "filter",
        signature: "array.filter(|item| ...) -> array",
        about: "The elements for which a function says yes.",
        example: "[1, 2, 3].filter(|x| x > 1).len() == 2",
        register: |engine| {
            engine.register_fn("filter", |call: NativeCallContext, items: Array, f: FnPtr| {
                let mut out = Array::new();
                each(items, |item| {
                    if yes(&call, &f, item.clone())? {
                        keep(&mut out, item)?;
                    }
                    Ok(true)
                })?;
                Ok::<Array, Failure>(out)
            });
        },
    },
    Function {
        name: "find",
        signature: "array.find(|item| ...) -> any",
        about: "The first element for which a function says yes; absent when there is none.",
        example: "[1, 2, 3].find(|x| x > 1) == 2",
        register: |engine| {
            engine.register_fn("find", |call: NativeCallContext, items: Array, f: FnPtr| {
                let mut found = Dynamic::UNIT;
                each(items, |item| {
                    let hit = yes(&call, &f, item.clone())?;
                    if hit {
                        found = item;
                    }
                    Ok(!hit)
                })?;
                Ok::<Dynamic, Failure>(found)
            });
        },
    },
    Function {
        name: "some",
        signature: "array.some(|item| ...) -> yes/no",
        about: "Whether a function says yes for at least one element.",
        example: "[1, 2].some(|x| x > 1)",
        register: |engine| {
            engine.register_fn("some", |call: NativeCallContext, items: Array, f: FnPtr| {
                let mut hit = false;
                each(items, |item| {
                    hit = yes(&call, &f, item)?;
                    Ok(!hit)
                })?;
                Ok::<bool, Failure>(hit)
            });
        },
    },
    Function {
        name: "all",
        signature: "array.all(|item| ...) -> yes/no",
        about: "Whether a function says yes for every element.",
        example: "[1, 2].all(|x| x > 0)",
        register: |engine| {
            engine.register_fn("all", |call: NativeCallContext, items: Array, f: FnPtr| {
                let mut every = true;
                each(items, |item| {
                    every = yes(&call, &f, item)?;
                    Ok(every)
                })?;
                Ok::<bool, Failure>(every)
            });
        },
    },
    Function {
        name: "reduce",
        signature: "array.reduce(|so_far, item| ..., start) -> any",
        about: "One value of all elements, made step by step from a start.",
        example: "[1, 2, 3].reduce(|sum, x| sum + x, 0) == 6",
        register: |engine| {
            engine.register_fn(
                "reduce",
                |call: NativeCallContext, items: Array, f: FnPtr, start: Dynamic| {
                    let mut so_far = start;
                    each(items, |item| {
                        run::charge_for(&so_far)?;
                        so_far = f.call_within_context(&call, (so_far.take(), item))?;
                        Ok(true)
                    })?;
                    Ok::<Dynamic, Failure>(so_far)
                },
            );
        },
    },
    Function {
        name: "sort",
        signature: "array.sort() or array.sort(|item| ...) -> array",
        about: "A sorted copy, of numbers, texts or dates; with a function by what it makes of each element.",
        example: "[3, 1, 2].sort()[0] == 1 && [3, 1].sort(|x| -x)[0] == 3",
        register: |engine| {
            engine
                .register_fn("sort", |items: Array| {
                    run::charge(16 * items.len())?;
                    sorted(items.into_iter().map(|item| (item.clone(), item)).collect())
                })
                .register_fn("sort", |call: NativeCallContext, items: Array, f: FnPtr| {
                    let mut keyed = Vec::new();
                    each(items, |item| {
                        let key: Dynamic = f.call_within_context(&call, (item.clone(),))?;
                        run::charge(32)?;
                        run::charge_for(&key)?;
                        keyed.push((key, item));
                        Ok(true)
                    })?;
                    sorted(keyed)
                });
        },
    },
    Function {
        name: "reverse",
        signature: "array.reverse() -> array",
        about: "A copy in the opposite order.",
        example: "[1, 2].reverse()[0] == 2",
        register: |engine| {
            engine.register_fn("reverse", |items: Array| items.into_iter().rev().collect::<Array>());
        },
    },
];

/// Hands every element over until told to stop with `false`. Each is paid for, as the function may keep it.
fn each(items: Array, mut act: impl FnMut(Dynamic) -> Result<bool, Failure>) -> Result<(), Failure> {
    for item in items {
        run::charge_for(&item)?;
        if !act(item)? {
            break;
        }
    }
    Ok(())
}

fn keep(out: &mut Array, item: Dynamic) -> Result<(), Failure> {
    run::charge(16)?;
    run::charge_for(&item)?;
    run::array_of(out.len() + 1)?;
    out.push(item.flatten());
    Ok(())
}

fn copied(item: Option<&Dynamic>) -> Result<Dynamic, Failure> {
    let Some(item) = item else { return Ok(Dynamic::UNIT) };
    run::charge_for(item)?;
    Ok(item.clone())
}

fn yes(call: &NativeCallContext, f: &FnPtr, item: Dynamic) -> Result<bool, Failure> {
    let said: Dynamic = f.call_within_context(call, (item,))?;
    said.as_bool().map_err(|_| failure("the function has to say true or false"))
}

/// Sorts by the first of each pair and gives the second. A stable sort by an order that is total on each kind of
/// value; what cannot be compared is refused before.
fn sorted(mut keyed: Vec<(Dynamic, Dynamic)>) -> Result<Array, Failure> {
    if let Some((first, _)) = keyed.first()
        && keyed.iter().any(|(key, _)| order(first, key).is_none())
    {
        return Err(failure("only numbers, only texts or only dates can be sorted"));
    }
    keyed.sort_by(|(a, _), (b, _)| order(a, b).unwrap_or(Ordering::Equal));
    Ok(keyed.into_iter().map(|(_, item)| item).collect())
}

/// How two values compare; `None` when they do not.
fn order(a: &Dynamic, b: &Dynamic) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (maybe_number(a), maybe_number(b)) {
        return Some(a.total_cmp(&b));
    }
    if let (Some(a), Some(b)) = (a.read_lock::<ImmutableString>(), b.read_lock::<ImmutableString>()) {
        return Some(a.as_str().cmp(b.as_str()));
    }
    if let (Ok(a), Ok(b)) = (a.as_bool(), b.as_bool()) {
        return Some(a.cmp(&b));
    }
    if a.is_unit() && b.is_unit() {
        return Some(Ordering::Equal);
    }
    let (a, b) = (a.read_lock::<Day>()?, b.read_lock::<Day>()?);
    Some(a.cmp(&b))
}
