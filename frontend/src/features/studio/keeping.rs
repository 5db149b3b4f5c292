//! Keeping what came out of a run as a case.

use kpi_api::rules::cases::{RunAnswer, TestCase};

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    New(String),
    /// A case of the same KPI expects the new outcome from now on.
    Renewed(String),
    /// A case of the same KPI expects this already.
    Known(String),
}

/// The cases with the outcome among them. One KPI in one situation has one case.
pub fn keep(cases: &[TestCase], name: &str, answer: &RunAnswer) -> (Vec<TestCase>, Kept) {
    let mut list = cases.to_vec();
    if let Some(known) = list.iter_mut().find(|case| case.kpi == answer.kpi && case.ctx == answer.ctx) {
        let name = known.name.clone();
        if known.expected == answer.expected {
            return (list, Kept::Known(name));
        }
        known.expected = answer.expected.clone();
        return (list, Kept::Renewed(name));
    }
    let name = free_name(cases, name);
    list.push(TestCase {
        name: name.clone(),
        kpi: answer.kpi.clone(),
        ctx: answer.ctx.clone(),
        expected: answer.expected.clone(),
    });
    (list, Kept::New(name))
}

/// The name, with a number behind it where it is taken.
pub fn free_name(cases: &[TestCase], name: &str) -> String {
    let is_taken = |name: &str| cases.iter().any(|case| case.name == name);
    let mut free = name.to_owned();
    let mut number = 2;
    while is_taken(&free) {
        free = format!("{name} ({number})");
        number += 1;
    }
    free
}

#[cfg(test)]
mod tests {
    use kpi_api::rules::cases::{Amount, Expected};
    use serde_json::{Map, json};

    use super::*;

    fn answer(target: f64, score: f64) -> RunAnswer {
        let kpi = json!({ "target": target }).as_object().cloned().unwrap();
        RunAnswer {
            result: None,
            receipt: None,
            findings: None,
            reminders: None,
            operations: 1,
            log: Vec::new(),
            took_us: 1,
            trouble: None,
            diagnostics: Vec::new(),
            kpi,
            ctx: Map::new(),
            expected: Expected { score: Some(Amount::Is(score)), ..Expected::default() },
        }
    }

    #[test]
    fn one_kpi_has_one_case() {
        let (first, kept) = keep(&[], "Half way", &answer(10.0, 50.0));
        assert_eq!(kept, Kept::New("Half way".into()));
        let (same, known) = keep(&first, "Half way", &answer(10.0, 50.0));
        assert_eq!((same.len(), known), (1, Kept::Known("Half way".into())));
        let (renewed, how) = keep(&first, "Half way", &answer(10.0, 60.0));
        assert_eq!((renewed.len(), how), (1, Kept::Renewed("Half way".into())));
        assert_eq!(renewed[0].expected.score, Some(Amount::Is(60.0)));
    }

    #[test]
    fn another_kpi_gets_a_name_of_its_own() {
        let (first, _) = keep(&[], "Half way", &answer(10.0, 50.0));
        let (second, kept) = keep(&first, "Half way", &answer(20.0, 50.0));
        assert_eq!((second.len(), kept), (2, Kept::New("Half way (2)".into())));
    }
}
