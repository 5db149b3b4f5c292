//! The vocabulary as a reference for people and for the editor's completion.

use std::fmt::Write;

use serde::Serialize;

use crate::vocabulary::{fields_of, functions, units::unit};

/// Everything a script can name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    pub fields: Vec<FieldDoc>,
    pub functions: Vec<FunctionDoc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldDoc {
    /// As a script writes it, e.g. `kpi.owner.name`; `[]` stands for any element of a list.
    pub path: String,
    /// `text`, `number`, `whole`, `yes/no`, `date`, `map` or the name of a record; `?` behind it where it may be
    /// absent, `[ ]` around it for a list.
    #[serde(rename = "type")]
    pub ty: &'static str,
    /// What a number counts, e.g. `points`, `days` or `kpi_unit`.
    pub unit: Option<&'static str>,
    pub description: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunctionDoc {
    pub group: &'static str,
    pub name: &'static str,
    pub signature: &'static str,
    pub description: &'static str,
    pub example: &'static str,
}

pub fn reference() -> Reference {
    let mut fields = Vec::new();
    for root in ["kpi", "ctx"] {
        describe(root, root, &mut fields);
    }
    let functions = functions()
        .map(|(group, f)| FunctionDoc {
            group,
            name: f.name,
            signature: f.signature,
            description: f.about,
            example: f.example,
        })
        .collect();
    Reference { fields, functions }
}

fn describe(path: &str, record: &str, out: &mut Vec<FieldDoc>) {
    for field in fields_of(record).into_iter().flatten() {
        let path = format!("{path}.{}", field.name);
        let unit = unit(record, field.name, field.ty);
        out.push(FieldDoc { path: path.clone(), ty: field.ty, unit, description: field.about });
        let inner = field.ty.trim_end_matches('?');
        match inner.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
            Some(item) => describe(&format!("{path}[]"), item, out),
            None => describe(path.as_str(), inner, out),
        }
    }
}

/// The reference as a page: kinds of rules, fields, functions with their examples.
pub fn reference_markdown() -> String {
    let reference = reference();
    let mut page = String::from(INTRODUCTION);
    page.push_str("\n## Fields\n\nA type with `?` may be absent; an absent value is `()`.\n\n");
    page.push_str("| field | type | unit | what it is |\n|---|---|---|---|\n");
    for field in &reference.fields {
        // Writing to a String cannot fail.
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            field.path,
            field.ty.replace('|', "\\|"),
            field.unit.unwrap_or_default(),
            field.description
        );
    }
    let mut group = "";
    page.push_str("\n## Functions\n");
    for function in &reference.functions {
        if function.group != group {
            group = function.group;
            let _ = write!(page, "\n### {group}\n");
        }
        let _ = write!(
            page,
            "\n**`{}`**\n{}\n\n```rhai\n{}   // true\n```\n",
            function.signature, function.description, function.example
        );
    }
    page
}

const INTRODUCTION: &str = r#"# Rule reference

A rule is a script with one function. Its first lines, written `//! ...`, are its title and description.

| kind | function | returns |
|---|---|---|
| score | `fn score(kpi, ctx)` | `#{score, progress, band, steps}`: `score` in points from 0 to the cap, `()` without a value; `progress` 0 to 100 and `band` are worked out when left out; `steps` are further lines for the receipt |
| validate | `fn validate(kpi, ctx)` | an array of `error(...)` and `warn(...)`, empty when all is well |
| remind | `fn remind(kpi, ctx)` | an array of `remind(...)` |

A rule sees the KPI and its surroundings, and nothing else: no clock but `ctx.today`, no chance, no files, no network. The same
facts always give the same result, so a score can be recomputed. Fields can be read and not written. A misspelt field or function is
refused before the rule is published.

```rhai
//! Half marks
//! Gives half of the points until the result is proved.

fn score(kpi, ctx) {
    let p = attainment(kpi);
    if p == () {
        return #{ score: () };
    }
    let points = clamp(100 * p, 0, kpi.cap ?? ctx.settings.cap);
    if kpi.evidence.count == 0 {
        points = points / 2;
        step("Half of the points until there is evidence.");
    }
    #{ score: points }
}
```

The example of each function below is true for this KPI: it starts at 0, its target is 200 units, its last check-in says 150, and
today is 2026-02-14.
"#;
