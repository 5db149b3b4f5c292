//! What the published rules do, in plain words: how each department is scored, what is looked at when a KPI is handed in,
//! who is reminded of what. Made from the rules themselves, so that it is never out of date.

use kpi_api::rules::policy::{DepartmentPolicy, PolicyRule, ScopedRule, ScoringPolicy, TemplatePolicy};
use yew::prelude::*;

use crate::{
    core::{
        api, format, i18n,
        live::{About, use_fresh},
        remote::use_remote,
        session::use_me,
    },
    route::Route,
    t,
    ui::{Badge, Card, Crumb, Note, PageHeader, SkeletonLines, Tone, remote},
};

#[component]
pub fn ScoringPolicyPage() -> Html {
    let policy = use_remote((), |()| async { api::rules::scoring_policy().await });
    use_fresh(&policy.refresh, About::Rules);
    let mine = use_me().user.department_id;
    html! {
        <>
            <PageHeader title={t!("policy.title")} lead={t!("policy.lead")} crumbs={vec![Crumb::new(t!("help.title"), Route::Help)]} />
            { remote::show(&policy, html! { <SkeletonLines lines={10} /> }, |policy| html! {
                <div class="max-w-4xl space-y-4">
                    <p class="text-sm text-muted">{ t!("policy.period", period = format::period(policy.period)) }</p>
                    { points(policy) }
                    { scoring(policy, mine) }
                    { for (!policy.templates.is_empty()).then(|| templates(&policy.templates)) }
                    { others(t!("policy.validation"), t!("policy.validation_text"), t!("policy.validation_none"), &policy.validation) }
                    { others(t!("policy.reminders"), t!("policy.reminders_text"), t!("policy.reminders_none"), &policy.reminders) }
                    <Note tone={Tone::Accent}>{ t!("policy.receipt") }</Note>
                </div>
            }) }
        </>
    }
}

/// What the points mean, whichever rule gave them.
fn points(policy: &ScoringPolicy) -> Html {
    let (green, amber) = (format::points(Some(policy.bands.green)), format::points(Some(policy.bands.amber)));
    html! {
        <Card title={t!("policy.points")}>
            <ul class="list-disc space-y-1 ps-5 text-sm">
                <li>{ t!("policy.bands", green = green, amber = amber) }</li>
                <li>{ t!("policy.cap", cap = format::points(Some(policy.cap))) }</li>
                <li>{ t!("policy.missing") }</li>
            </ul>
        </Card>
    }
}

/// Departments that share a rule stand together under it, one's own first.
#[derive(Debug, PartialEq)]
struct Group<'policy> {
    rule: Option<&'policy PolicyRule>,
    departments: Vec<&'policy DepartmentPolicy>,
    is_company: bool,
}

fn groups<'policy>(
    policy: &'policy ScoringPolicy,
    mine: Option<kpi_api::id::DepartmentId>,
) -> Vec<Group<'policy>> {
    let company = policy.company.as_ref();
    let mut groups = vec![Group { rule: company, departments: Vec::new(), is_company: true }];
    for department in &policy.departments {
        let rule = department.score.as_ref();
        match groups.iter_mut().find(|group| group.rule.map(|rule| rule.id) == rule.map(|rule| rule.id)) {
            Some(group) => group.departments.push(department),
            None => groups.push(Group { rule, departments: vec![department], is_company: false }),
        }
    }
    groups.sort_by_key(|group| !group.departments.iter().any(|department| Some(department.id) == mine));
    groups
}

fn scoring(policy: &ScoringPolicy, mine: Option<kpi_api::id::DepartmentId>) -> Html {
    html! {
        <Card title={t!("policy.scores")}>
            <p class="mb-4 text-sm text-muted">{ t!("policy.scores_text") }</p>
            <div class="divide-y divide-base-300">
                { for groups(policy, mine).into_iter().map(|group| html! {
                    <section class="py-4 first:pt-0 last:pb-0">
                        { group.rule.map_or_else(no_rule, rule) }
                        <h4 class="mt-3 text-xs font-medium text-muted">{ t!("policy.applies_to") }</h4>
                        <ul class="mt-1 flex flex-wrap gap-1.5">
                            if group.is_company { <li><Badge label={t!("policy.everybody_else")} /></li> }
                            { for group.departments.iter().map(|department| {
                                let is_mine = Some(department.id) == mine;
                                let label = if is_mine { t!("policy.your_department", name = department.name) } else { department.name.clone().into() };
                                html! { <li><Badge {label} tone={if is_mine { Tone::Accent } else { Tone::Neutral }} /></li> }
                            }) }
                        </ul>
                    </section>
                }) }
            </div>
        </Card>
    }
}

fn no_rule() -> Html {
    html! { <p class="text-sm">{ t!("policy.no_rule") }</p> }
}

/// A rule in its own words.
fn rule(rule: &PolicyRule) -> Html {
    let from = rule.effective_from.map_or_else(
        || t!("policy.version", version = rule.version),
        |from| t!("policy.version_from", version = rule.version, period = format::period(from)),
    );
    html! {
        <>
            <h3 class="font-medium">{ i18n::said(&rule.title) }</h3>
            <div class="mt-1 space-y-2 text-sm">
                { for rule.words.iter().map(|words| html! { <p>{ i18n::said(words) }</p> }) }
            </div>
            <p class="mt-1 text-xs text-muted">{ from }</p>
        </>
    }
}

fn templates(templates: &[TemplatePolicy]) -> Html {
    html! {
        <Card title={t!("policy.templates")}>
            <p class="mb-4 text-sm text-muted">{ t!("policy.templates_text") }</p>
            <div class="divide-y divide-base-300">
                { for templates.iter().map(|template| html! {
                    <section class="py-4 first:pt-0 last:pb-0">
                        <p class="mb-1"><Badge label={template.name.clone()} /></p>
                        { rule(&template.score) }
                    </section>
                }) }
            </div>
        </Card>
    }
}

fn others(title: AttrValue, text: AttrValue, none: AttrValue, rules: &[ScopedRule]) -> Html {
    html! {
        <Card {title}>
            <p class="mb-4 text-sm text-muted">{ text }</p>
            if rules.is_empty() { <p class="text-sm">{ none }</p> }
            <div class="divide-y divide-base-300">
                { for rules.iter().map(|scoped| html! {
                    <section class="py-4 first:pt-0 last:pb-0">
                        if let Some(name) = &scoped.scope_name { <p class="mb-1"><Badge label={name.clone()} /></p> }
                        { rule(&scoped.rule) }
                    </section>
                }) }
            </div>
        </Card>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::id::DepartmentId;
    use serde_json::{Value, json};

    use super::*;

    fn score(id: i64) -> Value {
        json!({ "id": id, "name": format!("score/{id}"), "title": { "text": "Title", "pattern": "Title", "values": {} },
            "words": [], "version": 1, "effective_from": null, "recipe": null })
    }

    #[test]
    fn departments_stand_under_the_rule_they_share_and_ones_own_comes_first() {
        let department = |id: i64, rule: i64| json!({ "id": id, "name": format!("D{id}"), "parent_id": null, "is_own": rule != 1, "score": score(rule) });
        let policy: ScoringPolicy = serde_json::from_value(json!({
            "period": { "year": 2026, "quarter": "Q4" }, "bands": { "green": 90.0, "amber": 70.0 }, "cap": 120.0,
            "company": score(1), "departments": [department(1, 1), department(2, 5), department(3, 1), department(4, 5)],
            "templates": [], "validation": [], "reminders": [],
        }))
        .unwrap();
        let found = groups(&policy, Some(DepartmentId(4)));
        let ids =
            |group: &Group| group.departments.iter().map(|department| department.id.0).collect::<Vec<_>>();
        assert_eq!(found.iter().map(ids).collect::<Vec<_>>(), [vec![2, 4], vec![1, 3]]);
        assert!(found[1].is_company && !found[0].is_company);
        assert!(groups(&policy, None)[0].is_company);
    }
}
