//! What KPIs started with, change by change, newest first.

use kpi_api::{id::TemplateId, template::change::TemplateVersion};
use yew::prelude::*;

use crate::{
    core::{api, format, remote::use_remote},
    t,
    ui::{Badge, SkeletonRows, Tone, remote},
    widgets::ChangesTable,
};

#[derive(Properties, PartialEq)]
pub struct VersionsTabProps {
    pub id: TemplateId,
    /// The present one; a newer one is fetched.
    pub now: u32,
}

#[component]
pub fn VersionsTab(props: &VersionsTabProps) -> Html {
    let versions =
        use_remote((props.id, props.now), |(id, _)| async move { api::templates::versions(id).await });
    let id = props.id;
    html! {
        <>
            <p class="mb-3 text-sm text-muted">{ t!("templates.versions.lead") }</p>
            { remote::show(&versions, html! { <SkeletonRows rows={4} /> }, |versions| html! {
                <ol class="space-y-3">{ for versions.items.iter().enumerate().map(|(index, version)| entry(version, index == 0, id)) }</ol>
            }) }
        </>
    }
}

fn entry(version: &TemplateVersion, is_now: bool, id: TemplateId) -> Html {
    let at = format::date_time(version.at);
    let said = match &version.by_name {
        Some(who) => t!("templates.versions.by", who = who, at = at),
        None => at,
    };
    html! {
        <li key={version.number} class="surface p-4">
            <div class="mb-1 flex flex-wrap items-center gap-2">
                <h2 class="font-semibold">{ t!("templates.versions.number", number = version.number) }</h2>
                if is_now { <Badge label={t!("templates.versions.now")} tone={Tone::Good} /> }
            </div>
            <p class="text-sm text-muted">{ said }</p>
            if let Some(cause) = version.cause_name.as_ref().filter(|_| version.cause_id != Some(id)) {
                <p class="text-sm text-muted">{ t!("templates.versions.inherited", cause = cause) }</p>
            }
            if version.changes.is_empty() {
                <p class="mt-2 text-sm">{ t!("templates.versions.first") }</p>
            } else {
                <div class="mt-2"><ChangesTable caption={t!("templates.versions.number", number = version.number)} changes={version.changes.clone()} /></div>
            }
        </li>
    }
}
