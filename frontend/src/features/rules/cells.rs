//! What the list says of one rule, cell by cell.

use kpi_api::{
    id::RuleId,
    rules::{RuleState, RuleTrouble, RuleView},
    scoring::RuleKind,
};
use yew::prelude::*;

use super::words::{origin, quarters, scope, state, time};
use crate::{
    core::{format, i18n},
    route::Route,
    t, tn,
    ui::{Badge, IconName, Menu, MenuItem, RouteLink, Tone},
    widgets::Ago,
};

/// What can be done from the list, beside opening a rule.
#[derive(Clone)]
pub struct Acts {
    pub retire: Callback<RuleView>,
    /// To the page about its draft in the shadow.
    pub shadow: Callback<RuleId>,
}

pub fn cells(rule: &RuleView, acts: &Acts) -> Vec<Html> {
    vec![
        name(rule),
        html! { i18n::word("rule_kind", rule.kind.as_str()) },
        html! { scope(&rule.scope, rule.scope_name.as_deref()) },
        version(rule),
        cost(rule),
        rule.trouble.as_ref().map_or_else(nothing, trouble),
        menu(rule, acts),
    ]
}

fn nothing() -> Html {
    html! { <span class="text-muted">{ "–" }</span> }
}

fn name(rule: &RuleView) -> Html {
    html! {
        <span class="block min-w-0">
            <RouteLink to={Route::Rule { id: rule.id }} class="font-medium">{ i18n::of_rule(&rule.title) }</RouteLink>
            <span class="block text-sm font-normal text-muted">
                { rule.name.clone() }
                if let Some(origin) = origin(&rule.origin) { { " · " }{ origin } }
            </span>
            <span class="mt-1 flex flex-wrap gap-1.5 font-normal">
                if rule.draft_offered {
                    <Badge label={t!("rules.draft_offered")} tone={Tone::Accent} icon={IconName::Upload} />
                } else if rule.has_draft && rule.state != RuleState::Draft {
                    <Badge label={t!("rules.has_draft")} icon={IconName::Pencil} />
                }
                if let Some(shadow) = &rule.shadow {
                    <RouteLink to={Route::RuleShadow { id: rule.id }}>
                        <Badge label={t!("rules.in_shadow", quarters = quarters(&shadow.quarters))} tone={Tone::Accent} icon={IconName::Eye} />
                    </RouteLink>
                }
            </span>
        </span>
    }
}

fn version(rule: &RuleView) -> Html {
    html! {
        <span class="flex flex-col items-end gap-1 md:items-start">
            { state(rule) }
            if rule.version.0 > 0 {
                <span class="text-sm">{ t!("rules.version", version = rule.version) }</span>
            }
            if let Some(at) = rule.published_at {
                <time datetime={at.to_string()} class="text-sm whitespace-nowrap text-muted">{ format::date_of(at) }</time>
            }
        </span>
    }
}

/// What it takes, since the server started.
fn cost(rule: &RuleView) -> Html {
    let Some(runs) = &rule.runs else { return nothing() };
    html! {
        <span class="block text-sm tabular-nums">
            <span class="block">{ t!("rules.time", mean = time(runs.mean_us), max = time(runs.max_us)) }</span>
            <span class="block text-muted">{ t!("rules.operations", max = format::integer(runs.max_operations as i64)) }</span>
            <span class="block text-muted">{ tn!("rules.runs", runs.count) }</span>
        </span>
    }
}

fn trouble(trouble: &RuleTrouble) -> Html {
    let message = match trouble.last_line {
        Some(line) => t!("rules.failed_at_line", line = line, message = trouble.last_message),
        None => trouble.last_message.clone().into(),
    };
    html! {
        <span class="block min-w-0 space-y-1 text-sm">
            <Badge label={tn!("rules.failures", trouble.failures_7d)} tone={Tone::Bad} icon={IconName::Alert} />
            <span class="block break-words" lang="en">{ message }</span>
            <span class="block text-muted">
                <Ago at={trouble.last_at} />
                if let Some(id) = trouble.last_kpi_id {
                    { " · " }<RouteLink to={Route::Kpi { id }} class="underline">{ t!("rules.failed_kpi") }</RouteLink>
                }
            </span>
        </span>
    }
}

fn menu(rule: &RuleView, acts: &Acts) -> Html {
    let blocked = match rule.state {
        RuleState::Published if rule.kind == RuleKind::Score && rule.scope == "global" => {
            Some(t!("rules.retire_last"))
        }
        RuleState::Published => None,
        RuleState::Draft => Some(t!("rules.retire_draft")),
        RuleState::Retired => Some(t!("rules.retire_retired")),
    };
    let onretire = {
        let (rule, retire) = (rule.clone(), acts.retire.clone());
        Callback::from(move |()| retire.emit(rule.clone()))
    };
    let onshadow = {
        let (id, shadow) = (rule.id, acts.shadow.clone());
        Callback::from(move |()| shadow.emit(id))
    };
    let drafted = (!rule.has_draft && rule.shadow.is_none()).then(|| t!("rules.shadow_no_draft"));
    let items = vec![
        MenuItem::new(t!("rules.shadow_title"), IconName::Eye, onshadow).blocked(drafted),
        MenuItem::new(t!("rules.retire"), IconName::Ban, onretire).blocked(blocked).dangerous(),
    ];
    html! { <Menu id={format!("rule-{}", rule.id)} label={t!("rules.acts_for", title = i18n::of_rule(&rule.title))} {items} /> }
}
