//! What a plugin brings, by name: templates, rules, when it is called, its cards.

use kpi_api::plugin::{PluginAdds, PluginDetail, PluginRule, PluginTemplate};
use yew::prelude::*;

use super::words;
use crate::{
    core::{format, i18n},
    features::admin::jobs::schedule,
    route::Route,
    t,
    ui::{Badge, Card, RouteLink},
};

#[derive(Properties, PartialEq)]
pub struct OverviewProps {
    pub detail: PluginDetail,
}

#[component]
pub fn Overview(props: &OverviewProps) -> Html {
    let (plugin, settings) = (&props.detail.plugin, &props.detail.settings);
    let by = plugin.installed_by.as_ref().map(|person| AttrValue::from(person.full_name.clone()));
    let facts = [
        (t!("plugins.is_version"), AttrValue::from(plugin.version.clone())),
        (t!("plugins.from"), words::origin(plugin.origin)),
        (t!("plugins.installed_at"), plugin.installed_at.map(format::date_time).unwrap_or_default()),
        (t!("plugins.installed_by"), by.unwrap_or_default()),
        (t!("plugins.id"), plugin.id.clone().into()),
    ];
    html! {
        <div class="grid items-start gap-4 lg:grid-cols-2">
            <div class="space-y-4">
                <Card title={t!("plugins.may")}>
                    { words::permissions(&plugin.permissions, &[], settings) }
                    if !plugin.granted && !plugin.permissions.is_empty() { <p class="mt-2 text-sm text-muted">{ t!("plugins.not_granted") }</p> }
                </Card>
                <Card title={t!("plugins.about")}>
                    <dl class="grid gap-x-4 gap-y-1.5 text-sm sm:grid-cols-[auto_1fr]">
                        { for facts.into_iter().filter(|(_, words)| !words.is_empty()).map(|(name, words)| html! {
                            <><dt class="text-muted">{ name }</dt><dd class="break-words">{ words }</dd></>
                        }) }
                    </dl>
                </Card>
            </div>
            <Card title={t!("plugins.adds")}><Brings adds={plugin.adds.clone()} untitled=true /></Card>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct BringsProps {
    pub adds: PluginAdds,
    /// Without a heading of its own.
    #[prop_or_default]
    pub untitled: bool,
}

/// Everything that it adds, by name.
#[component]
pub fn Brings(props: &BringsProps) -> Html {
    let adds = &props.adds;
    let nothing = *adds == PluginAdds::default();
    html! {
        <section class="space-y-3">
            if !props.untitled { <h3 class="text-sm font-medium">{ t!("plugins.adds") }</h3> }
            if nothing { <p class="text-sm text-muted">{ t!("plugins.adds_nothing") }</p> }
            { group(t!("plugins.its_templates"), adds.templates.iter().map(template).collect()) }
            { group(t!("plugins.its_rules"), adds.rules.iter().map(rule).collect()) }
            <Occasions adds={adds.clone()} />
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub struct OccasionsProps {
    pub adds: PluginAdds,
}

/// When its own functions run: on what, at which times, for which cards.
#[component]
pub fn Occasions(props: &OccasionsProps) -> Html {
    let adds = &props.adds;
    let jobs = adds.jobs.iter().map(|job| {
        html! { <>{ schedule::in_words(&job.cron) }<span class="text-muted">{ " · " }{ called(&job.function) }</span></> }
    });
    html! {
        <>
            { group(t!("plugins.its_hooks"), adds.hooks.iter().map(|hook| html! { words::event(hook) }).collect()) }
            { group(t!("plugins.its_jobs"), jobs.collect()) }
            { group(t!("plugins.its_cards"), adds.widgets.iter().map(|card| html! { card.title.clone() }).collect()) }
        </>
    }
}

/// A function by its name, as words: `weekly_digest` is "weekly digest".
pub fn called(function: &str) -> String {
    function.replace('_', " ")
}

fn group(title: AttrValue, lines: Vec<Html>) -> Html {
    if lines.is_empty() {
        return Html::default();
    }
    html! {
        <div>
            <h4 class="mb-1 text-xs font-medium text-muted">{ title }</h4>
            <ul class="list-disc space-y-0.5 ps-5 text-sm">{ for lines.into_iter().map(|line| html! { <li class="break-words">{ line }</li> }) }</ul>
        </div>
    }
}

fn template(template: &PluginTemplate) -> Html {
    match template.template_id {
        Some(id) => html! { <RouteLink to={Route::Template { id }}>{ template.name.clone() }</RouteLink> },
        None => html! { template.name.clone() },
    }
}

fn rule(rule: &PluginRule) -> Html {
    let title = if rule.title.is_empty() { rule.name.clone() } else { rule.title.clone() };
    let name = match rule.rule_id {
        Some(id) => html! { <RouteLink to={Route::Rule { id }}>{ title }</RouteLink> },
        None => html! { title },
    };
    html! {
        <>
            { name }{ " " }<Badge label={i18n::word("rule_kind", &rule.kind)} />
            if !rule.description.is_empty() { <span class="block text-muted">{ rule.description.clone() }</span> }
        </>
    }
}
