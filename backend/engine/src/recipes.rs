//! Rules that need only their numbers: from a recipe and its numbers comes an ordinary rule with its cases. Whether a
//! source is word for word that of a recipe can be told again, with which numbers.

use std::{collections::BTreeMap, fmt::Write, sync::LazyLock};

pub use kpi_api::rules::reference::RecipeUse;
use kpi_api::{
    check::Check,
    error::FieldError,
    rules::reference::{Recipe, RecipeNumber},
    scoring::{RuleKind, Said},
};
use serde::Deserialize;

use crate::number::text;

/// The line of a source that says how it was made.
const MARK: &str = "// recipe: ";

const FILES: [&str; 4] = [
    include_str!("../../../rules/recipes/weighted_mean_with_cap.toml"),
    include_str!("../../../rules/recipes/three_step_target.toml"),
    include_str!("../../../rules/recipes/bonus_above_target.toml"),
    include_str!("../../../rules/recipes/remind_twice_then_manager.toml"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    key: String,
    kind: RuleKind,
    title: String,
    description: String,
    /// Sentences with `{name}` places for the numbers.
    words: Vec<String>,
    /// With `@name@` places for the numbers.
    source: String,
    /// A case file with the same places.
    cases: String,
    number: Vec<Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    key: String,
    label: String,
    default: f64,
    min: f64,
    max: f64,
    unit: String,
    #[serde(default)]
    whole: bool,
    at_least: Option<String>,
}

/// A file that cannot be read is no recipe; a test reads them all.
static RECIPES: LazyLock<Vec<File>> =
    LazyLock::new(|| FILES.iter().filter_map(|file| toml::from_str(file).ok()).collect());

/// All recipes, in the order in which they are offered.
pub fn recipes() -> Vec<Recipe> {
    let number = |number: &Number| RecipeNumber {
        key: number.key.clone(),
        label: number.label.clone(),
        default: number.default,
        min: number.min,
        max: number.max,
        unit: number.unit.clone(),
        whole: number.whole,
        at_least: number.at_least.clone(),
    };
    let recipe = |file: &File| Recipe {
        key: file.key.clone(),
        kind: file.kind,
        title: file.title.clone(),
        description: file.description.clone(),
        numbers: file.number.iter().map(number).collect(),
    };
    RECIPES.iter().map(recipe).collect()
}

/// What a recipe makes.
pub struct Made {
    pub kind: RuleKind,
    pub source: String,
    pub cases: String,
}

/// The rule that a recipe makes with these numbers, the others being as usual; `None` when there is no such recipe.
///
/// # Errors
/// What is wrong with which number, as `numbers.<key>`.
pub fn make(key: &str, numbers: &BTreeMap<String, f64>) -> Option<Result<Made, Vec<FieldError>>> {
    let file = RECIPES.iter().find(|file| file.key == key)?;
    Some(complete(file, numbers).map(|numbers| Made {
        kind: file.kind,
        source: fill(file, &file.source, &numbers),
        cases: fill(file, &file.cases, &numbers),
    }))
}

/// The recipe that a source was made by, when nothing in it was changed since.
pub fn recognise(source: &str) -> Option<RecipeUse> {
    let mark = source.lines().take(20).find_map(|line| line.strip_prefix(MARK))?;
    let mut words = mark.split_whitespace();
    let key = words.next()?.to_owned();
    let numbers = words
        .map(|word| {
            word.split_once('=').and_then(|(name, value)| Some((name.to_owned(), value.parse().ok()?)))
        })
        .collect::<Option<BTreeMap<String, f64>>>()?;
    let made = make(&key, &numbers)?.ok()?;
    (made.source == source).then_some(RecipeUse { key, numbers })
}

/// What a recipe does with its numbers, in sentences; empty when there is no such recipe.
pub fn words(made: &RecipeUse) -> Vec<Said> {
    let values: BTreeMap<String, String> =
        made.numbers.iter().map(|(name, value)| (name.clone(), text(*value))).collect();
    let said = |pattern: &String| {
        let values = values.iter().filter(|(name, _)| pattern.contains(&format!("{{{name}}}")));
        Said::new(pattern, values.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    RECIPES.iter().filter(|file| file.key == made.key).flat_map(|file| file.words.iter().map(said)).collect()
}

fn complete(file: &File, given: &BTreeMap<String, f64>) -> Result<BTreeMap<String, f64>, Vec<FieldError>> {
    let mut check = Check::new();
    for name in given.keys().filter(|name| !file.number.iter().any(|number| number.key == **name)) {
        check.fail(&format!("numbers.{name}"), "unknown_field", "The recipe has no such number.");
    }
    let value = |number: &Number| given.get(&number.key).copied().unwrap_or(number.default);
    let mut numbers = BTreeMap::new();
    for number in &file.number {
        let (field, value) = (format!("numbers.{}", number.key), value(number));
        check.between(&field, Some(value), number.min, number.max);
        let is_whole = !number.whole || value.fract() == 0.0;
        check.ensure(is_whole, &field, "not_whole", "A whole number.");
        // More decimals than anybody means would not be read back as the same number.
        let is_short = (value * 1000.0).fract().abs() < 1e-6 || !value.is_finite();
        check.ensure(is_short, &field, "too_precise", "At most three decimals.");
        if let Some(least) = numbers_of(file, number.at_least.as_deref()) {
            let least = given.get(&least.key).copied().unwrap_or(least.default);
            check.ensure(value >= least, &field, "too_small", format!("At least {}.", text(least)));
        }
        numbers.insert(number.key.clone(), value);
    }
    check.done().map(|()| numbers)
}

fn numbers_of<'f>(file: &'f File, key: Option<&str>) -> Option<&'f Number> {
    file.number.iter().find(|number| Some(number.key.as_str()) == key)
}

fn fill(file: &File, template: &str, numbers: &BTreeMap<String, f64>) -> String {
    let mut mark = file.key.clone();
    for number in &file.number {
        if let Some(value) = numbers.get(&number.key) {
            // Writing to a String cannot fail.
            let _ = write!(mark, " {}={}", number.key, text(*value));
        }
    }
    let mut filled = template.trim_start().replace("@recipe@", &mark);
    for (name, value) in numbers {
        filled = filled.replace(&format!("@{name}@"), &text(*value));
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Engine, cases, properties};

    /// The usual numbers, all at their smallest, all at their largest.
    fn choices(recipe: &Recipe) -> [BTreeMap<String, f64>; 3] {
        let all = |pick: fn(&RecipeNumber) -> f64| {
            recipe.numbers.iter().map(|number| (number.key.clone(), pick(number))).collect()
        };
        let mut largest: BTreeMap<String, f64> = all(|number| number.max);
        // Those that hang together go up together.
        for number in &recipe.numbers {
            if let Some(least) = &number.at_least {
                let least = largest[least];
                largest.entry(number.key.clone()).and_modify(|value| *value = value.max(least));
            }
        }
        [BTreeMap::new(), all(|number| number.min), largest]
    }

    #[test]
    fn every_recipe_makes_rules_that_hold() {
        assert_eq!(recipes().len(), FILES.len());
        let engine = Engine::default();
        for recipe in recipes() {
            for numbers in choices(&recipe) {
                let made = make(&recipe.key, &numbers).unwrap().unwrap();
                let place = format!("{} {numbers:?}", recipe.key);
                assert!(!made.source.contains('@') && !made.cases.contains('@'), "{place}: {}", made.source);
                let rule = engine
                    .compile(made.kind, &made.source)
                    .unwrap_or_else(|found| panic!("{place}: {found:?}"));
                assert_eq!(rule.doubts(), [], "{place}");
                for case in cases::run(&engine, &rule, &made.cases).unwrap() {
                    assert!(case.passed, "{place}, {}: {}", case.name, case.detail);
                }
                for report in properties::check(&engine, &rule) {
                    assert!(report.passed, "{place}: {report:?}");
                }
                let known = recognise(&made.source).unwrap();
                assert_eq!((&known.key, known.numbers.len()), (&recipe.key, recipe.numbers.len()));
                for said in words(&known) {
                    assert!(!said.text.contains('{'), "{said:?}");
                }
            }
        }
    }

    #[test]
    fn the_usual_case_of_each_number_is_tested_where_it_counts() {
        let engine = Engine::default();
        let made = make("remind_twice_then_manager", &BTreeMap::new()).unwrap().unwrap();
        let rule = engine.compile(made.kind, &made.source).unwrap();
        let heard = |days: i64| {
            let ctx = crate::ContextFacts::default();
            let last = crate::CheckInFacts {
                on: ctx.today - time::Duration::days(14 + days),
                value: 1.0,
                note: String::new(),
                confidence: None,
            };
            let kpi = crate::KpiFacts { check_ins: vec![last], ..crate::KpiFacts::default() };
            engine.remind(&rule, &kpi, &ctx).unwrap().into_iter().map(|said| said.reason).collect::<Vec<_>>()
        };
        assert_eq!(heard(0), Vec::<String>::new());
        for (days, reason) in
            [(1, "check_in_first"), (3, "check_in_first"), (4, "check_in_second"), (8, "check_in_manager")]
        {
            assert_eq!(heard(days), [reason], "{days}");
        }
    }

    #[test]
    fn a_changed_source_is_no_recipe_any_more() {
        let made = make("three_step_target", &BTreeMap::new()).unwrap().unwrap();
        assert!(recognise(&made.source).is_some());
        assert!(recognise(&made.source.replace("{ 50 }", "{ 55 }")).is_none());
        assert!(recognise(&format!("{} ", made.source)).is_none());
        assert!(recognise("fn score(kpi, ctx) { }").is_none());
    }

    #[test]
    fn numbers_that_make_no_sense_are_refused() {
        let refused = |key: &str, value: f64| {
            let numbers = BTreeMap::from([(key.to_owned(), value)]);
            let errors = make("three_step_target", &numbers).unwrap().err().unwrap();
            (errors[0].field.clone(), errors[0].code.clone())
        };
        for (key, value, code) in [
            ("first_at", 0.0, "out_of_range"),
            ("first_at", f64::NAN, "out_of_range"),
            ("third_at", 90.0, "too_small"),
            ("first_at", 80.00001, "too_precise"),
            ("fourth_at", 1.0, "unknown_field"),
        ] {
            assert_eq!(refused(key, value), (format!("numbers.{key}"), code.to_owned()));
        }
        assert!(make("unknown", &BTreeMap::new()).is_none());
    }
}
