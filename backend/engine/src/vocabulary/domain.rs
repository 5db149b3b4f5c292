//! The functions about KPIs.

use std::collections::BTreeMap;

use kpi_api::scoring::{Finding, Said, Severity};
use rhai::{Array, Dynamic, ImmutableString, Map};

use crate::{
    facts::KpiFacts,
    language::{failure, kind, maybe_number, number, reading},
    measure, number as numbers,
    outcome::{Reminder, ReminderTo},
    record::Record,
    run::{self, Failure, SENTENCE},
    vocabulary::Function,
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        name: "attainment",
        signature: "attainment(kpi) -> number?",
        about: "How far the KPI has got, where 1 is \"target met\": by direction, baseline and range, by milestones or by yes and no. Absent without a value or a complete target. Not clamped.",
        example: "attainment(kpi) == 0.75",
        register: |engine| {
            engine.register_fn("attainment", |kpi: Record| {
                Ok::<Dynamic, Failure>(measure::attainment(facts(&kpi)?).map_or(Dynamic::UNIT, Into::into))
            });
        },
    },
    Function {
        name: "rollup",
        signature: "rollup(kpi) -> number?",
        about: "The value of the quarter in the KPI's unit: the last, sum, mean, largest or smallest of its check-ins, as the KPI says. Absent without check-ins.",
        example: "rollup(kpi) == 150",
        register: |engine| {
            engine.register_fn("rollup", |kpi: Record| {
                Ok::<Dynamic, Failure>(measure::current_value(facts(&kpi)?).map_or(Dynamic::UNIT, Into::into))
            });
        },
    },
    Function {
        name: "band",
        signature: "band(score) -> text",
        about: "The band of a score: `green`, `amber` or `red` by the company's bounds, `none` of an absent score.",
        example: "band(75) == \"amber\" && band(()) == \"none\"",
        register: |engine| {
            engine.register_fn("band", |score: Dynamic| {
                let score = if score.is_unit() { None } else { Some(number(&score)?) };
                Ok::<ImmutableString, Failure>(run::bands().of(score).as_str().into())
            });
        },
    },
    Function {
        name: "weighted_mean",
        signature: "weighted_mean([[value, weight], ...]) -> number?",
        about: "The mean of the values that are there, each counting by its weight; absent when there is none. Weights of absent values do not count; when no weight counts, all values count alike.",
        example: "weighted_mean([[100, 40], [(), 60]]) == 100 && weighted_mean([[100, 1], [0, 3]]) == 25",
        register: |engine| {
            engine.register_fn("weighted_mean", |pairs: Array| weighted_mean(&pairs));
        },
    },
    Function {
        name: "step",
        signature: "step(text) or step(pattern, #{name: value, ...})",
        about: "Adds a line to the receipt of a score. `{name}` in the pattern is filled from the map; numbers read without trailing zeros. A pattern can be translated, a text that is put together cannot.",
        example: "step(\"{value} of {target} are done.\", #{value: 3, target: 4}) == ()",
        register: |engine| {
            engine
                .register_fn("step", |text: &str| run::say(sentence(text, None)?))
                .register_fn("step", |pattern: &str, values: Map| {
                    run::say(sentence(pattern, Some(&values))?)
                });
        },
    },
    Function {
        name: "error",
        signature: "error(field, text) or error(field, pattern, #{name: value, ...}) -> finding",
        about: "Something that has to be put right, for a validation rule to return. `field` is the KPI's field it is about, empty for the whole.",
        example: "type_of(error(\"target\", \"The target is missing.\")) == \"finding\"",
        register: |engine| {
            engine
                .register_type_with_name::<Finding>("finding")
                .register_fn("error", |field: &str, text: &str| finding(Severity::Error, field, text, None))
                .register_fn("error", |field: &str, pattern: &str, values: Map| {
                    finding(Severity::Error, field, pattern, Some(&values))
                });
        },
    },
    Function {
        name: "warn",
        signature: "warn(field, text) or warn(field, pattern, #{name: value, ...}) -> finding",
        about: "Something worth a second look, for a validation rule to return; it does not hold anybody up.",
        example: "type_of(warn(\"\", \"The weights pass {sum} %.\", #{sum: 100})) == \"finding\"",
        register: |engine| {
            engine
                .register_fn("warn", |field: &str, text: &str| finding(Severity::Warning, field, text, None))
                .register_fn("warn", |field: &str, pattern: &str, values: Map| {
                    finding(Severity::Warning, field, pattern, Some(&values))
                });
        },
    },
    Function {
        name: "remind",
        signature: "remind(to, title, text) or remind(to, title, pattern, #{name: value, ...}) or remind(to, title, pattern, #{...}, #{reason: text, every: days}) -> reminder",
        about: "A message, for a reminder rule to return. `to` is `owner`, `approver`, `manager` or a person's number. The values fill title and text alike. One person hears of one reason about one KPI once in `every` days, however often the rule says it: 7 where it is left out, at most 366. The reason is a short word such as `check_in`; the title stands in for it where it is left out.",
        example: "type_of(remind(\"owner\", \"{title} is due\", \"On {day}.\", #{title: kpi.title, day: kpi.end}, #{reason: \"due\", every: 3})) == \"reminder\"",
        register: |engine| {
            engine
                .register_type_with_name::<Reminder>("reminder")
                .register_fn("remind", |to: Dynamic, title: &str, text: &str| {
                    reminder(&to, title, text, None, None)
                })
                .register_fn("remind", |to: Dynamic, title: &str, pattern: &str, values: Map| {
                    reminder(&to, title, pattern, Some(&values), None)
                })
                .register_fn(
                    "remind",
                    |to: Dynamic, title: &str, pattern: &str, values: Map, options: Map| {
                        reminder(&to, title, pattern, Some(&values), Some(&options))
                    },
                );
        },
    },
    Function {
        name: "format",
        signature: "format(value, unit) -> text",
        about: "A number as people read it, with its unit where there is one.",
        example: "format(75.0, \"%\") == \"75 %\" && format(2.5, \"\") == \"2.5\"",
        register: |engine| {
            engine.register_fn("format", |value: Dynamic, unit: Dynamic| {
                let unit = if unit.is_unit() { String::new() } else { reading(&unit) };
                let text = match maybe_number(&value) {
                    Some(x) => numbers::with_unit(x, &unit),
                    None => reading(&value),
                };
                run::charge(text.len())?;
                Ok::<String, Failure>(text)
            });
        },
    },
];

fn facts(record: &Record) -> Result<&KpiFacts, Failure> {
    record.facts().ok_or_else(|| failure(format!("the KPI is wanted here, not `{}`", record.name())))
}

fn weighted_mean(pairs: &Array) -> Result<Dynamic, Failure> {
    let wrong = || failure("weighted_mean wants pairs of a value and a weight");
    let mut rows = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let pair = pair.read_lock::<Array>().ok_or_else(wrong)?;
        let [value, weight] = pair.as_slice() else { return Err(wrong()) };
        let value = if value.is_unit() { None } else { Some(number(value)?) };
        rows.push((value, number(weight)?));
    }
    Ok(kpi_api::scoring::Coverage::of(rows).score.map_or(Dynamic::UNIT, Into::into))
}

fn finding(severity: Severity, field: &str, pattern: &str, values: Option<&Map>) -> Result<Finding, Failure> {
    run::charge(field.len())?;
    Ok(Finding { severity, field: field.into(), message: sentence(pattern, values)? })
}

fn reminder(
    to: &Dynamic,
    title: &str,
    pattern: &str,
    values: Option<&Map>,
    options: Option<&Map>,
) -> Result<Reminder, Failure> {
    let to = match (to.as_int(), to.clone().into_immutable_string().as_deref()) {
        (Ok(id), _) => ReminderTo::User(id),
        (_, Ok("owner")) => ReminderTo::Owner,
        (_, Ok("approver")) => ReminderTo::Approver,
        (_, Ok("manager")) => ReminderTo::Manager,
        _ => {
            let message = format!("remind wants owner, approver, manager or a number, not {}", kind(to));
            return Err(failure(message));
        }
    };
    let (mut reason, mut every) = (None, Reminder::EVERY);
    for (name, value) in options.into_iter().flatten() {
        match name.as_str() {
            "reason" => reason = Some(short(value)?),
            "every" => every = days(value)?,
            stray => return Err(failure(format!("remind has no option `{stray}`; it has reason and every"))),
        }
    }
    let reason = reason.unwrap_or_else(|| title[..title.floor_char_boundary(Reminder::REASON_MAX)].into());
    Ok(Reminder { to, title: sentence(title, values)?, text: sentence(pattern, values)?, reason, every })
}

fn short(reason: &Dynamic) -> Result<String, Failure> {
    let text = reason.clone().into_immutable_string().unwrap_or_default();
    if text.is_empty() || text.len() > Reminder::REASON_MAX {
        let most = Reminder::REASON_MAX;
        return Err(failure(format!("the reason of a reminder is a text of 1 to {most} characters")));
    }
    run::charge(text.len())?;
    Ok(text.into())
}

fn days(every: &Dynamic) -> Result<u16, Failure> {
    let most = f64::from(Reminder::EVERY_MAX);
    let days = maybe_number(every).filter(|days| days.fract() == 0.0 && (1.0..=most).contains(days));
    days.map(|days| days as u16).ok_or_else(|| {
        failure(format!("`every` of a reminder is a whole number of days from 1 to {}", Reminder::EVERY_MAX))
    })
}

fn sentence(pattern: &str, values: Option<&Map>) -> Result<Said, Failure> {
    let mut filled = BTreeMap::new();
    let mut bytes = pattern.len();
    for (name, value) in values.into_iter().flatten() {
        let text = reading(value);
        // Each place may show its value again, so the longest sentence is bounded before it is made.
        bytes += text.len() * pattern.matches(&format!("{{{name}}}")).count().max(1);
        if bytes > SENTENCE {
            break;
        }
        filled.insert(name.to_string(), text);
    }
    if bytes > SENTENCE {
        return Err(failure(format!("a sentence may have {SENTENCE} characters")));
    }
    run::charge(3 * bytes + 256)?;
    Ok(Said::new(pattern, filled))
}
