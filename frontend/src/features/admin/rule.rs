//! One rule: what it says of itself, its source, its cases.

use kpi_api::{id::RuleId, rules::RuleDetail};
use yew::prelude::*;

use super::rules::scope;
use crate::{
    core::{api, format, i18n, query::use_query_params, remote::use_remote},
    route::Route,
    t,
    ui::{Badge, Card, Crumb, PageHeader, SkeletonLines, Tab, Tabs, remote},
};

#[derive(Properties, PartialEq)]
pub struct RulePageProps {
    pub id: RuleId,
}

#[component]
pub fn RulePage(props: &RulePageProps) -> Html {
    let rule = use_remote(props.id, |id| async move { api::admin::rule(id).await });
    let (params, set) = use_query_params();
    let known = rule.remote.ready();
    let title = known.map_or_else(|| t!("admin.rule"), |detail| detail.rule.title.clone().into());
    let lead = known.map(|detail| AttrValue::from(detail.rule.description.clone())).unwrap_or_default();
    let mark = known
        .map(|detail| html! { <Badge label={i18n::word("rule_kind", detail.rule.kind.as_str())} /> })
        .unwrap_or_default();
    let open = params.get("tab").unwrap_or("source").to_owned();
    let onopen = Callback::from(move |tab: &'static str| set.emit(params.clone().with("tab", tab)));
    html! {
        <>
            <PageHeader {title} {lead} {mark} crumbs={vec![Crumb::new(t!("admin.rules"), Route::Rules)]} />
            { remote::show(&rule, html! { <SkeletonLines lines={6} /> }, |detail| html! {
                <div class="space-y-4">
                    <Card>{ facts(detail) }</Card>
                    <Tabs id="rule" label={t!("admin.rule")} open={open.clone()} onopen={onopen.clone()}
                        tabs={vec![Tab::new("source", t!("admin.rule_source")), Tab::new("cases", t!("admin.rule_cases"))]}>
                        { code(if open == "cases" { &detail.tests } else { &detail.source }) }
                    </Tabs>
                </div>
            }) }
        </>
    }
}

fn facts(detail: &RuleDetail) -> Html {
    let rule = &detail.rule;
    let from = rule.effective_from.map_or_else(|| t!("admin.rule_from_ever"), format::period);
    let facts = [
        (t!("field.name"), AttrValue::from(rule.name.clone())),
        (t!("admin.rule_scope"), scope(&rule.scope)),
        (t!("admin.rule_version"), rule.version.to_string().into()),
        (t!("admin.rule_published"), rule.published_at.map(format::date_time).unwrap_or_default()),
        (t!("admin.rule_from"), from),
        (t!("admin.rule_engine"), detail.engine.clone().into()),
        (t!("admin.rule_checksum"), rule.checksum.clone().into()),
        (t!("field.note"), detail.note.clone().into()),
    ];
    html! {
        <dl class="grid gap-x-4 gap-y-1.5 text-sm sm:grid-cols-[auto_1fr]">
            { for facts.into_iter().filter(|(_, words)| !words.is_empty()).map(|(name, words)| html! {
                <>
                    <dt class="text-muted">{ name }</dt>
                    <dd class="break-all">{ words }</dd>
                </>
            }) }
        </dl>
    }
}

fn code(text: &str) -> Html {
    if text.trim().is_empty() {
        return html! { <p class="text-muted">{ t!("admin.rule_no_cases") }</p> };
    }
    html! {
        <pre class="surface max-h-[36rem] overflow-auto p-4 text-sm leading-relaxed" tabindex="0" role="region" aria-label={t!("admin.rule_code")}><code>{ text.to_owned() }</code></pre>
    }
}
