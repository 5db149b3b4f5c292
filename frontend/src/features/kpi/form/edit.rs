//! Changing a draft, or proposing a revision of an approved KPI.

use std::rc::Rc;

use kpi_api::{
    id::KpiId,
    kpi::{Act, KpiView},
};
use yew::prelude::*;

use super::editor::KpiForm;
use crate::{
    core::{api, i18n, query::use_query_params, remote::use_remote},
    route::Route,
    t,
    ui::{Crumb, EmptyState, IconName, LinkKind, Note, PageHeader, RouteLink, SkeletonLines, Tone, remote},
    widgets::StatusPill,
};

#[derive(Properties, PartialEq)]
pub struct KpiEditPageProps {
    pub id: KpiId,
}

#[component]
pub fn KpiEditPage(props: &KpiEditPageProps) -> Html {
    let kpi = use_remote(props.id, |id| async move { api::kpis::get(id).await });
    remote::show(&kpi, skeleton(), |found| html! { <Editing kpi={Rc::clone(found)} /> })
}

fn skeleton() -> Html {
    html! { <><PageHeader title={t!("kpi.edit.title")} /><SkeletonLines lines={8} /></> }
}

#[derive(Properties, PartialEq)]
struct EditingProps {
    kpi: Rc<KpiView>,
}

#[component]
fn Editing(props: &EditingProps) -> Html {
    let kpi = &props.kpi;
    let (params, _) = use_query_params();
    let revises = !kpi.may(Act::Edit) && kpi.may(Act::Revise);
    let crumbs = vec![
        Crumb::new(t!("kpi.list.title"), Route::Kpis),
        Crumb::new(kpi.title.clone(), Route::Kpi { id: kpi.id }),
    ];
    let mark = html! { <StatusPill status={kpi.status} /> };
    if !kpi.may(Act::Edit) && !revises {
        let reason = kpi
            .actions
            .iter()
            .find(|action| action.name == Act::Edit)
            .and_then(|action| action.reason.clone());
        let text = reason.map(|reason| i18n::word("action_reason", &reason)).unwrap_or_default();
        return html! {
            <>
                <PageHeader title={t!("kpi.edit.title")} {crumbs} {mark} />
                <EmptyState icon={IconName::Ban} title={t!("kpi.edit.not_now")} {text}>
                    <RouteLink to={Route::Kpi { id: kpi.id }} kind={LinkKind::Primary}>{ t!("kpi.edit.back") }</RouteLink>
                </EmptyState>
            </>
        };
    }
    html! {
        <>
            <PageHeader title={if revises { t!("kpi.revise.title") } else { t!("kpi.edit.title") }} {crumbs} {mark} />
            if revises {
                <Note tone={Tone::Accent} class="mb-4">{ t!("kpi.revise.note") }</Note>
            }
            if let Some(reason) = &kpi.returned_reason {
                <Note tone={Tone::Warn} class="mb-4">
                    <p class="font-medium">{ t!("kpi.returned") }</p>
                    <p class="whitespace-pre-line break-words">{ reason.clone() }</p>
                </Note>
            }
            if kpi.template_offer.is_some() {
                <Note tone={Tone::Accent} class="mb-4" actions={html! {
                    <RouteLink to={Route::Kpi { id: kpi.id }} kind={LinkKind::Secondary}>{ t!("kpi.offer.look") }</RouteLink>
                }}>
                    { t!("kpi.offer.title", template = kpi.template_name.clone().unwrap_or_default()) }
                </Note>
            }
            <KpiForm
                kpi={kpi.definition()}
                stored={Some(Rc::clone(kpi))}
                {revises}
                refused={params.get("submitted") == Some("refused")}
                draft={format!("kpi-{}", kpi.id)}
            />
        </>
    }
}
