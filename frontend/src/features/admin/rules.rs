//! The rules as they are published.

use kpi_api::rules::RuleView;
use yew::prelude::*;

use crate::{
    core::{
        api, format, i18n,
        live::{About, use_fresh},
        remote::use_remote,
    },
    route::Route,
    t,
    ui::{Column, EmptyState, IconName, PageHeader, RouteLink, SkeletonRows, SortableTable, remote},
};

#[component]
pub fn RulesPage() -> Html {
    let rules = use_remote((), |()| async { api::admin::rules().await });
    use_fresh(&rules.refresh, About::Rules);
    let columns = vec![
        Column::new(t!("admin.rule")),
        Column::new(t!("admin.rule_kind")),
        Column::new(t!("admin.rule_scope")),
        Column::new(t!("admin.rule_version")).numeric(),
        Column::new(t!("admin.rule_published")),
    ];
    html! {
        <>
            <PageHeader title={t!("admin.rules")} lead={t!("admin.rules_lead")} />
            { remote::show(&rules, html! { <SkeletonRows rows={3} /> }, |list| if list.items.is_empty() {
                html! { <div class="surface"><EmptyState icon={IconName::File} title={t!("admin.rules_none")} text={t!("admin.rules_none_text")} /></div> }
            } else {
                html! {
                    <SortableTable caption={t!("admin.rules")} columns={columns.clone()}
                        rows={list.items.iter().map(|rule| (rule.id.to_string(), cells(rule))).collect::<Vec<_>>()} />
                }
            }) }
        </>
    }
}

fn cells(rule: &RuleView) -> Vec<Html> {
    vec![
        html! {
            <span class="block min-w-0">
                <RouteLink to={Route::Rule { id: rule.id }} class="font-medium">{ rule.title.clone() }</RouteLink>
                <span class="block text-sm font-normal text-muted">{ rule.description.clone() }</span>
            </span>
        },
        html! { i18n::word("rule_kind", rule.kind.as_str()) },
        html! { scope(&rule.scope) },
        html! { rule.version.to_string() },
        rule.published_at.map_or_else(Html::default, |at| {
            html! {
                <time datetime={at.to_string()} class="whitespace-nowrap">{ format::date_of(at) }</time>
            }
        }),
    ]
}

/// `global`, `department:<id>` or `template:<id>` in words.
pub fn scope(scope: &str) -> AttrValue {
    match scope.split_once(':') {
        Some(("department", id)) => t!("admin.scope_department", id = id),
        Some(("template", id)) => t!("admin.scope_template", id = id),
        _ => t!("admin.scope_global"),
    }
}

#[cfg(test)]
mod tests {
    use super::scope;

    #[test]
    fn a_scope_names_what_it_is_for() {
        assert!(scope("department:7").contains('7'));
        assert_ne!(scope("global"), scope("template:1"));
    }
}
