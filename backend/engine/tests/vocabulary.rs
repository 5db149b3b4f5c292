//! The reference tells the truth: every example is true, every field can be read.

use kpi_api::{
    scoring::{Bands, Milestone, RuleKind},
    time::Date,
};
use kpi_engine::{
    CheckInFacts, ContextFacts, DepartmentFacts, Engine, KpiFacts, PersonFacts, PreviousFacts, TemplateFacts,
    vocabulary,
};
use time::Month;

/// The KPI that the reference speaks of, with nothing absent.
fn facts() -> (KpiFacts, ContextFacts) {
    let day = Date::from_calendar_date(2026, Month::February, 10).expect("a date");
    let kpi = KpiFacts {
        id: Some(7),
        baseline: Some(0.0),
        target: Some(200.0),
        unit: "units".into(),
        check_ins: vec![CheckInFacts { on: day, value: 150.0, note: "so far".into(), confidence: Some(8) }],
        milestones: vec![Milestone { title: "First".into(), weight: 1.0, done: true }],
        template: Some(TemplateFacts::default()),
        updated: Some(day),
        returned: Some("say more".into()),
        ..KpiFacts::default()
    };
    let ctx = ContextFacts {
        actor: Some(PersonFacts::default()),
        previous: Some(PreviousFacts::default()),
        earlier: vec![PreviousFacts::default()],
        department: Some(DepartmentFacts::default()),
        check_in: kpi.check_ins.first().cloned(),
        ..ContextFacts::default()
    };
    assert_eq!(ctx.settings.bands, Bands::default());
    (kpi, ctx)
}

fn holds(engine: &Engine, expression: &str) -> Result<bool, String> {
    let source = format!(
        "fn score(kpi, ctx) {{ let holds = {expression}; #{{ score: if holds {{ 1 }} else {{ 0 }} }} }}"
    );
    let rule = engine.compile(RuleKind::Score, &source).map_err(|found| format!("{found:?}"))?;
    let (kpi, ctx) = facts();
    engine.score(&rule, &kpi, &ctx).map(|s| s.score == Some(1.0)).map_err(|trouble| trouble.to_string())
}

#[test]
fn every_example_is_true() {
    let engine = Engine::default();
    for function in vocabulary::reference().functions {
        let parts = function.example;
        assert!(parts.contains(function.name), "the example of {} does not use it", function.name);
        assert_eq!(holds(&engine, parts), Ok(true), "{}: {parts}", function.name);
    }
}

#[test]
fn every_field_can_be_read() {
    let engine = Engine::default();
    for field in vocabulary::reference().fields {
        let path = field.path.replace("[]", "[0]");
        assert_eq!(holds(&engine, &format!("{path} != 12345678")), Ok(true), "{path}");
    }
}

#[test]
fn every_number_says_what_it_counts() {
    for field in vocabulary::reference().fields {
        let is_number = matches!(field.ty.trim_end_matches('?'), "number" | "whole");
        assert_eq!(field.unit.is_some(), is_number, "{}", field.path);
    }
    let unit = |path: &str| {
        vocabulary::reference()
            .fields
            .into_iter()
            .find(|field| field.path == path)
            .and_then(|field| field.unit)
    };
    assert_eq!(unit("kpi.target"), Some("kpi_unit"));
    assert_eq!(unit("ctx.quarter.days_left"), Some("days"));
    assert_eq!(unit("ctx.settings.bands.green"), Some("points"));
}

#[test]
fn the_page_names_everything() {
    let page = vocabulary::reference_markdown();
    for name in
        ["`kpi.owner.name`", "`kpi.check_ins[].value`", "`ctx.settings.bands.green`", "attainment(kpi)"]
    {
        assert!(page.contains(name), "{name} is missing");
    }
}

#[test]
fn the_rule_on_the_page_works() {
    let page = vocabulary::reference_markdown();
    let source = page.split("```rhai\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a rule");
    let engine = Engine::default();
    let rule = engine.compile(RuleKind::Score, source).expect("the rule compiles");
    assert_eq!(rule.title(), "Half marks");
    let (kpi, ctx) = facts();
    assert_eq!(engine.score(&rule, &kpi, &ctx).map(|s| s.score), Ok(Some(37.5)));
}
