//! What an editor offers besides names: the kinds of rules, pieces to begin with, words of the language.

use kpi_api::scoring::RuleKind;

/// A kind of rules, in words.
pub struct Kind {
    pub kind: RuleKind,
    pub entry: &'static str,
    pub returns: &'static str,
    pub applies: &'static str,
}

pub const fn kinds() -> &'static [Kind] {
    &[
        Kind {
            kind: RuleKind::Score,
            entry: "fn score(kpi, ctx)",
            returns: "#{score, progress, band, steps}: `score` in points from 0 to the cap, () without a value; `progress` 0 to 100 and `band` are worked out when left out; `steps` are further lines for the receipt",
            applies: "The most specific one: of the KPI's template, else of the nearest department, else the one for everybody.",
        },
        Kind {
            kind: RuleKind::Validate,
            entry: "fn validate(kpi, ctx)",
            returns: "an array of error(...) and warn(...), empty when all is well",
            applies: "All in whose scope the KPI is.",
        },
        Kind {
            kind: RuleKind::Remind,
            entry: "fn remind(kpi, ctx)",
            returns: "an array of remind(...)",
            applies: "All in whose scope the KPI is.",
        },
    ]
}

/// A piece of a rule to put in; `${...}` marks what is to be typed over.
pub struct Snippet {
    pub label: &'static str,
    pub kinds: &'static [RuleKind],
    pub about: &'static str,
    pub body: &'static str,
}

pub const fn snippets() -> &'static [Snippet] {
    use RuleKind::{Remind, Score, Validate};
    &[
        Snippet {
            label: "score rule",
            kinds: &[Score],
            about: "A whole rule: the way to the target in points.",
            body: "//! ${Title}\n//! ${What it does, for everybody to read.}\n\nfn score(kpi, ctx) {\n    let p = attainment(kpi);\n    if p == () {\n        return #{ score: () };\n    }\n    let cap = kpi.cap ?? ctx.settings.cap;\n    #{ score: clamp(round(100 * p, 9), 0, cap) }\n}\n",
        },
        Snippet {
            label: "validation rule",
            kinds: &[Validate],
            about: "A whole rule: what is missing when a KPI is submitted.",
            body: "//! ${Title}\n//! ${What it asks for, for everybody to read.}\n\nfn validate(kpi, ctx) {\n    let found = [];\n    if ctx.event == \"submit\" && kpi.description.is_empty() {\n        found.push(error(\"description\", \"${Say how it is measured.}\"));\n    }\n    found\n}\n",
        },
        Snippet {
            label: "reminder rule",
            kinds: &[Remind],
            about: "A whole rule: a word to the owner when a check-in is overdue.",
            body: "//! ${Title}\n//! ${Whom it reminds of what, for everybody to read.}\n\nfn remind(kpi, ctx) {\n    if kpi.status != \"approved\" || kpi.last_check_in == () {\n        return [];\n    }\n    let days = days_since(kpi.last_check_in);\n    if days <= kpi.check_in_days {\n        return [];\n    }\n    [remind(\"owner\", \"{title} waits for a check-in\", \"The last value is {days} days old.\", #{ title: kpi.title, days: days }, #{ reason: \"check_in\", every: 7 })]\n}\n",
        },
        Snippet {
            label: "line of the receipt",
            kinds: &[Score],
            about: "Explains a step of the score.",
            body: "step(\"${What happened: {value}.}\", #{ value: ${kpi.current} });",
        },
        Snippet {
            label: "if there is no value",
            kinds: &[Score, Validate, Remind],
            about: "Missing is not zero.",
            body: "if kpi.current == () {\n    ${}\n}",
        },
        Snippet {
            label: "for each check-in",
            kinds: &[Score, Validate, Remind],
            about: "Looks at the values one by one, oldest first.",
            body: "for check_in in kpi.check_ins {\n    ${}\n}",
        },
        Snippet {
            label: "refuse",
            kinds: &[Validate],
            about: "Something that has to be put right.",
            body: "error(\"${target}\", \"${Say what is wrong.}\")",
        },
        Snippet {
            label: "tell",
            kinds: &[Validate],
            about: "Something worth a second look.",
            body: "warn(\"${target}\", \"${Say what is odd.}\")",
        },
    ]
}

/// Words of the language itself.
pub const KEYWORDS: &[&str] = &[
    "let", "const", "if", "else", "switch", "for", "in", "while", "loop", "do", "until", "break", "continue",
    "return", "throw", "try", "catch", "fn", "true", "false",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    #[test]
    fn whole_rules_compile_as_they_stand() {
        let engine = Engine::default();
        for snippet in snippets().iter().filter(|snippet| snippet.body.starts_with("//!")) {
            let rule =
                engine.compile(snippet.kinds[0], snippet.body).unwrap_or_else(|found| panic!("{found:?}"));
            assert_eq!(rule.doubts(), [], "{}", snippet.label);
            let held = crate::properties::check(&engine, &rule).into_iter().all(|report| report.passed);
            assert!(held, "{}", snippet.label);
        }
    }
}
