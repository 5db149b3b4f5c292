//! The tests of a rule as a table: what is expected, what came out, and what holds of every rule.

use std::rc::Rc;

use kpi_api::rules::cases::{CaseReport, Diagnostic, PropertyReport, TestCase, TestReport};
use yew::prelude::*;

use super::{
    asked::Asked,
    case_file::CaseFile,
    expected::{ExpectedView, facts},
    work::Cases,
};
use crate::{
    core::{browser, format, i18n, toast::use_toaster},
    t,
    ui::{
        Badge, Button, ButtonKind, ButtonSize, Card, EmptyState, Icon, IconName, Note, SkeletonLines,
        TextInput, Tone,
    },
};

#[derive(Properties, PartialEq)]
pub struct CasesStepProps {
    pub cases: Cases,
    /// Counts the times when they were put in other than by typing.
    pub brought: u32,
    /// Why the case file cannot be read.
    pub fault: Option<Diagnostic>,
    pub report: Asked<TestReport>,
    /// Whether the source can be run as it is.
    pub runs: bool,
    /// Whether that is being found out.
    pub checking: bool,
    pub oncases: Callback<Vec<TestCase>>,
    /// The case file, as typed.
    pub onfile: Callback<String>,
    pub ondraft: Callback<()>,
}

#[component]
pub fn CasesStep(props: &CasesStepProps) -> Html {
    let report = props.report.shown.clone();
    let ondraft = props.ondraft.reform(|_: MouseEvent| ());
    let busy = props.checking || (props.runs && props.report.busy);
    let listed = props.cases.listed().cloned();
    // Where the text was is the table as soon as it can be read.
    let was_file = use_mut_ref(|| false);
    use_effect_with(listed.is_none() && props.fault.is_some(), move |is_file| {
        if was_file.replace(*is_file) && !is_file {
            browser::focus_soon("cases-title".into());
        }
    });
    html! {
        <div class="space-y-4" aria-busy={busy.then_some("true")}>
            if !props.runs && !props.checking {
                <Note tone={Tone::Warn} actions={html! { <Button label={t!("studio.to_draft")} size={ButtonSize::Small} onclick={ondraft.clone()} /> }}>{ t!("studio.tests_after_errors") }</Note>
            }
            <section aria-labelledby="cases-title">
                <div class="mb-2 flex flex-wrap items-baseline justify-between gap-2">
                    <h2 id="cases-title" class="text-base font-semibold">{ t!("studio.cases") }</h2>
                    <div class="flex flex-wrap items-center gap-3">
                        <p class="text-sm text-muted" role="status">{ summary(props) }</p>
                        { accept_all(props) }
                    </div>
                </div>
                { match (listed, &props.cases) {
                    (Some(cases), _) if !cases.is_empty() => html! {
                        <CaseTable {cases} report={report.clone()} busy={props.report.busy && props.runs} oncases={props.oncases.clone()} />
                    },
                    // A recipe's are read within the second.
                    (None, Cases::File(text)) if props.fault.is_some() => html! {
                        <CaseFile text={text.clone()} brought={props.brought} fault={props.fault.clone()} report={props.report.clone()} runs={props.runs} ontype={props.onfile.clone()} />
                    },
                    (None, _) => html! { <SkeletonLines lines={4} /> },
                    (Some(_), _) => html! {
                        <div class="surface">
                            <EmptyState icon={IconName::List} title={t!("studio.no_cases")} text={t!("studio.no_cases_text")}>
                                <Button label={t!("studio.to_samples")} kind={ButtonKind::Primary} onclick={ondraft} />
                            </EmptyState>
                        </div>
                    },
                } }
            </section>
            if let Some(report) = &report {
                if !report.properties.is_empty() {
                    <Card title={t!("studio.properties")}>
                        <p class="mb-3 text-sm text-muted">{ t!("studio.properties_lead") }</p>
                        <ul class="space-y-2">{ for report.properties.iter().map(property) }</ul>
                    </Card>
                }
            }
        </div>
    }
}

/// Where several cases fail because the rule is meant to say something else now.
fn accept_all(props: &CasesStepProps) -> Html {
    let (Some(report), Some(cases)) = (props.report.current().cloned(), props.cases.listed()) else {
        return Html::default();
    };
    if report.cases.iter().filter(|case| !case.passed).count() < 2 {
        return Html::default();
    }
    let onclick = {
        let (cases, oncases) = (Rc::clone(cases), props.oncases.clone());
        Callback::from(move |_: MouseEvent| oncases.emit(accepted(&cases, &report)))
    };
    html! { <Button label={t!("studio.case_accept_all")} size={ButtonSize::Small} {onclick} /> }
}

/// The cases with what came out where they failed.
fn accepted(cases: &[TestCase], report: &TestReport) -> Vec<TestCase> {
    let mut list = cases.to_vec();
    for case in &mut list {
        if let Some(result) = report.cases.iter().find(|result| result.name == case.name && !result.passed) {
            case.expected = result.got.clone();
        }
    }
    list
}

fn summary(props: &CasesStepProps) -> AttrValue {
    if let Some(error) = &props.report.failed {
        return error.sentence();
    }
    if props.cases.listed().is_none() {
        return AttrValue::default();
    }
    let Some(report) = props.report.current() else {
        return if props.runs { t!("studio.tests_running") } else { AttrValue::default() };
    };
    let passed = report.cases.iter().filter(|case| case.passed).count();
    let took = format::number(report.took_ms, 0);
    t!("studio.tests_summary", passed = passed, all = report.cases.len(), ms = took)
}

#[derive(Properties, PartialEq)]
struct CaseTableProps {
    cases: Rc<Vec<TestCase>>,
    report: Option<Rc<TestReport>>,
    busy: bool,
    oncases: Callback<Vec<TestCase>>,
}

#[component]
fn CaseTable(props: &CaseTableProps) -> Html {
    html! {
        <div class={classes!("surface", "overflow-x-auto", props.busy.then_some("is-refreshing"))}>
            <table class="data-table case-table">
                <caption class="sr-only">{ t!("studio.cases") }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ t!("studio.case") }</th>
                        <th scope="col">{ t!("studio.case_expects") }</th>
                        <th scope="col">{ t!("studio.case_result") }</th>
                        <th scope="col"><span class="sr-only">{ t!("studio.case_acts") }</span></th>
                    </tr>
                </thead>
                <tbody>
                    { for props.cases.iter().enumerate().map(|(index, case)| {
                        let result = props.report.as_ref().and_then(|report| report.cases.iter().find(|result| result.name == case.name)).cloned();
                        html! { <CaseRow key={index} {index} case={case.clone()} {result} cases={Rc::clone(&props.cases)} oncases={props.oncases.clone()} /> }
                    }) }
                </tbody>
            </table>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct CaseRowProps {
    index: usize,
    case: TestCase,
    result: Option<CaseReport>,
    cases: Rc<Vec<TestCase>>,
    oncases: Callback<Vec<TestCase>>,
}

#[component]
fn CaseRow(props: &CaseRowProps) -> Html {
    let toaster = use_toaster();
    let open = use_state(|| false);
    let failed = props.result.as_ref().is_some_and(|result| !result.passed);
    let change = {
        let (cases, oncases, index) = (Rc::clone(&props.cases), props.oncases.clone(), props.index);
        move |act: &dyn Fn(&mut Vec<TestCase>, usize)| {
            let mut list = cases.to_vec();
            act(&mut list, index);
            oncases.emit(list);
        }
    };
    let onaccept = {
        let (change, result) = (change.clone(), props.result.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(result) = &result {
                change(&|list, index| list[index].expected = result.got.clone());
            }
        })
    };
    let ondelete = {
        let (change, cases, oncases, name) =
            (change.clone(), Rc::clone(&props.cases), props.oncases.clone(), props.case.name.clone());
        Callback::from(move |_: MouseEvent| {
            change(&|list, index| drop(list.remove(index)));
            let (cases, oncases) = (Rc::clone(&cases), oncases.clone());
            let undo = Callback::from(move |()| oncases.emit(cases.to_vec()));
            toaster.with_undo(t!("studio.case_deleted", name = name), None, undo);
            browser::focus_soon("cases-title".into());
        })
    };
    let onrename = {
        let change = change.clone();
        Callback::from(move |name: String| change(&|list, index| list[index].name.clone_from(&name)))
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let name = &props.case.name;
    html! {
        <>
            <tr class={classes!(failed.then_some("is-failing"))}>
                <th scope="row">{ name.clone() }</th>
                <td data-label={t!("studio.case_expects")}><ExpectedView expected={props.case.expected.clone()} /></td>
                <td data-label={t!("studio.case_result")}>{ result(props.result.as_ref()) }</td>
                <td>
                    <span class="flex flex-wrap justify-end gap-1">
                        if failed { <Button label={t!("studio.case_accept")} size={ButtonSize::Small} onclick={onaccept} /> }
                        <Button label={t!("studio.case_open", name = name)} icon={IconName::Pencil} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} pressed={*open} onclick={toggle} />
                        <Button label={t!("studio.case_delete", name = name)} icon={IconName::Trash} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={ondelete} />
                    </span>
                </td>
            </tr>
            if *open {
                <tr class="case-facts">
                    <td colspan="4">
                        <div class="grid gap-4 md:grid-cols-2">
                            <TextInput id={format!("case-name-{}", props.index)} label={t!("studio.case_name")} value={name.clone()} maxlength={120} oninput={onrename} />
                            <div class="text-start">
                                <p class="mb-1 text-sm font-medium">{ t!("studio.case_facts") }</p>
                                { facts(&props.case) }
                            </div>
                        </div>
                    </td>
                </tr>
            }
        </>
    }
}

fn result(result: Option<&CaseReport>) -> Html {
    match result {
        None => html! { <span class="text-muted">{ t!("studio.case_not_run") }</span> },
        Some(result) if result.passed => {
            html! { <Badge label={t!("studio.case_passed")} tone={Tone::Good} icon={IconName::Check} /> }
        }
        Some(result) => html! {
            <span class="block min-w-0 space-y-1">
                <Badge label={t!("studio.case_failed")} tone={Tone::Bad} icon={IconName::Ban} />
                { message(&result.message) }
            </span>
        },
    }
}

/// The first difference; the others where somebody wants to know.
fn message(text: &str) -> Html {
    match text.split_once("; ") {
        None => html! { <span class="block text-sm break-words">{ text.to_owned() }</span> },
        Some((first, rest)) => html! {
            <details class="text-sm">
                <summary class="cursor-pointer break-words">{ first.to_owned() }</summary>
                <ul class="mt-1 list-disc ps-5">{ for rest.split("; ").map(|line| html! { <li class="break-words">{ line.to_owned() }</li> }) }</ul>
            </details>
        },
    }
}

fn property(report: &PropertyReport) -> Html {
    let (tone, name, word) = if report.passed {
        (Tone::Good, IconName::CheckCircle, t!("studio.holds"))
    } else {
        (Tone::Bad, IconName::Ban, t!("studio.holds_not"))
    };
    html! {
        <li class="flex items-start gap-2 text-sm">
            <span class={classes!("mark-text", tone.class())}><Icon {name} class="mt-0.5 size-4" /><span class="sr-only">{ word }</span></span>
            <span>
                { i18n::word("property", report.property.as_str()) }
                if !report.message.is_empty() { <span class="block text-muted">{ report.message.clone() }</span> }
            </span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::rules::cases::{Amount, Expected};

    use super::*;

    fn expects(score: f64) -> Expected {
        Expected { score: Some(Amount::Is(score)), ..Expected::default() }
    }

    #[test]
    fn only_what_failed_expects_the_new_result() {
        let case = |name: &str| TestCase { name: name.into(), expected: expects(1.0), ..TestCase::default() };
        let result = |name: &str, passed| CaseReport {
            name: name.into(),
            passed,
            got: expects(2.0),
            expected: expects(1.0),
            message: String::new(),
        };
        let report = TestReport {
            passed: false,
            diagnostics: Vec::new(),
            fault: None,
            cases: vec![result("a", true), result("b", false)],
            properties: Vec::new(),
            took_ms: 1.0,
        };
        let scores: Vec<Option<Amount>> =
            accepted(&[case("a"), case("b")], &report).into_iter().map(|case| case.expected.score).collect();
        assert_eq!(scores, [Some(Amount::Is(1.0)), Some(Amount::Is(2.0))]);
    }
}
