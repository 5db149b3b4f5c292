//! Words on maps.

use rhai::{Array, Dynamic, ImmutableString, Map};

use crate::{
    run::{self, Failure},
    vocabulary::Function,
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        name: "keys",
        signature: "map.keys() -> [text]",
        about: "The names in a map, in order.",
        example: "#{b: 1, a: 2}.keys()[0] == \"a\"",
        register: |engine| {
            engine.register_fn("keys", |map: &mut Map| {
                run::charge(map.keys().map(|key| 64 + key.len()).sum())?;
                Ok::<Array, Failure>(map.keys().map(|key| key.as_str().into()).collect())
            });
        },
    },
    Function {
        name: "values",
        signature: "map.values() -> array",
        about: "The values in a map, in the order of their names.",
        example: "#{b: 1, a: 2}.values()[0] == 2",
        register: |engine| {
            engine.register_fn("values", |map: &mut Map| {
                map.values().try_for_each(|value| {
                    run::charge(16)?;
                    run::charge_for(value)
                })?;
                Ok::<Array, Failure>(map.values().cloned().collect())
            });
        },
    },
    Function {
        name: "set",
        signature: "map.set(name, value)",
        about: "Puts a value under a name that is worked out; a fixed name is assigned with `map.name = value`.",
        example: "{ let m = #{}; m.set(\"a\" + 1, 5); m.a1 == 5 }",
        register: |engine| {
            engine.register_fn("set", |map: &mut Map, name: ImmutableString, value: Dynamic| {
                run::charge(64 + name.len())?;
                run::charge_for(&value)?;
                run::map_of(map.len() + 1)?;
                map.insert(name.as_str().into(), value.flatten());
                Ok::<(), Failure>(())
            });
        },
    },
];
