//! What a plugin said and what went wrong with it, newest first. The level stands in the address.

use kpi_api::plugin::{PluginLogLevel, PluginLogRow};
use yew::prelude::*;

use super::overview::called;
use crate::{
    core::{
        api, format, i18n,
        live::{About, use_fresh},
        query::{Params, use_query_params},
        remote::use_remote,
        slug::Slug,
    },
    t,
    ui::{
        Badge, Button, ButtonSize, EmptyState, IconName, Pagination, Segmented, SkeletonRows, Tone, remote,
    },
};

#[derive(Properties, PartialEq)]
pub struct LogProps {
    pub id: Slug,
}

#[component]
pub fn Log(props: &LogProps) -> Html {
    let (params, set) = use_query_params();
    let level = params.read::<PluginLogLevel>("level");
    let page = params.read::<u32>("page").unwrap_or(1);
    let log = use_remote((props.id, level, page), |(id, level, page)| async move {
        let query = Params::new().with_some("level", level).with("page", page).with("per_page", 50);
        api::plugins::log(id.as_str(), &query).await
    });
    use_fresh(&log.refresh, About::Plugins);
    let onlevel = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |level: String| set.emit(params.clone().without("page").with("level", level)))
    };
    let onpage = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |page: u32| set.emit(params.clone().with("page", page)))
    };
    let mut levels = vec![(AttrValue::from(""), t!("plugins.every_level"))];
    levels.extend(
        PluginLogLevel::ALL
            .iter()
            .map(|level| (level.as_str().into(), i18n::word("plugin_log_level", level.as_str()))),
    );
    let again = log.reload.reform(|_: MouseEvent| ());
    html! {
        <>
            <div class="mb-3 flex flex-wrap items-center justify-between gap-3">
                <Segmented name="log-level" label={t!("plugins.level")} compact=true value={level.map_or("", |level| level.as_str())} options={levels} onchange={onlevel} />
                <Button label={t!("plugins.again")} icon={IconName::Refresh} size={ButtonSize::Small} busy={log.busy} onclick={again} />
            </div>
            { remote::show(&log, html! { <SkeletonRows rows={6} /> }, |found| if found.items.is_empty() {
                let (title, text) = if level.is_some() {
                    (t!("plugins.none_of_level"), AttrValue::default())
                } else {
                    (t!("plugins.log_empty"), t!("plugins.log_empty_text"))
                };
                html! { <div class="surface"><EmptyState icon={IconName::File} {title} {text} /></div> }
            } else { html! {
                <>
                    <ul class="surface divide-y divide-base-300">{ for found.items.iter().map(entry) }</ul>
                    <Pagination page={found.page} per_page={found.per_page} total={found.total} onpage={onpage.clone()} />
                </>
            } }) }
        </>
    }
}

fn entry(row: &PluginLogRow) -> Html {
    let (tone, icon) = match row.level {
        PluginLogLevel::Info => (Tone::Neutral, IconName::Info),
        PluginLogLevel::Error => (Tone::Bad, IconName::Alert),
    };
    let source = if row.source == "plugin" { t!("plugins.itself") } else { called(&row.source).into() };
    html! {
        <li key={row.id} class="px-4 py-2.5 text-sm">
            <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
                <Badge label={i18n::word("plugin_log_level", row.level.as_str())} {tone} {icon} />
                <time datetime={row.at.to_string()} class="whitespace-nowrap text-muted">{ format::date_time(row.at) }</time>
                <span class="text-muted">{ source }</span>
                if let Some(line) = row.line { <span class="text-muted">{ t!("plugins.line", line = line) }</span> }
            </div>
            <p class="mt-1 break-words whitespace-pre-wrap">{ row.text.clone() }</p>
        </li>
    }
}
