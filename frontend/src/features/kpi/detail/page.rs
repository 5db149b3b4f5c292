//! The page: header, acts, how it stands, and the tabs. Tab and act live in the address.

use std::rc::Rc;

use kpi_api::{
    error::Code,
    id::KpiId,
    kpi::{Act, KpiView, Status},
};
use yew::prelude::*;

use super::{
    acts::{Acts, Asked},
    check_ins::CheckInsTab,
    comments::CommentsTab,
    definition::DefinitionTab,
    evidence::EvidenceTab,
    history::HistoryTab,
    offer::OfferNote,
    standing::Standing,
};
use crate::{
    core::{
        api,
        live::{About, use_fresh, use_hold},
        query::use_query_params,
        remote::{Remote, use_remote},
    },
    route::Route,
    t,
    ui::{
        Card, Crumb, EmptyState, IconName, LinkKind, Note, PageHeader, RouteLink, SkeletonCards,
        SkeletonLines, Tab, Tabs, Tone, remote,
    },
    widgets::{ChangedNote, StatusPill, receipt::FetchedReceipt},
};

#[derive(Properties, PartialEq)]
pub struct KpiPageProps {
    pub id: KpiId,
}

#[component]
pub fn KpiPage(props: &KpiPageProps) -> Html {
    let kpi = use_remote(props.id, |id| async move { api::kpis::get(id).await });
    let waiting = use_fresh(&kpi.refresh, About::Kpi(props.id));
    let skeleton = html! {
        <>
            <PageHeader title={t!("kpi.detail.loading")} crumbs={vec![Crumb::new(t!("kpi.list.title"), Route::Kpis)]} />
            <div class="space-y-6"><SkeletonCards cards={1} height="h-40 sm:col-span-2 lg:col-span-4" /><SkeletonLines lines={4} /></div>
        </>
    };
    let code = match &kpi.remote {
        Remote::Failed(error) => Some(error.code()),
        Remote::Loading | Remote::Ready(_) => None,
    };
    if code == Some(Some(Code::NotFound)) {
        return missing();
    }
    let failed = code.is_some();
    html! {
        <>
            if failed { <PageHeader title={t!("kpi.detail.loading")} crumbs={vec![Crumb::new(t!("kpi.list.title"), Route::Kpis)]} /> }
            <ChangedNote {waiting} />
            { remote::show(&kpi, skeleton, |found| html! {
                <Detail kpi={Rc::clone(found)} onchange={kpi.set.clone()} reload={kpi.reload.clone()} />
            }) }
        </>
    }
}

fn missing() -> Html {
    html! {
        <>
            <PageHeader title={t!("kpi.detail.missing")} crumbs={vec![Crumb::new(t!("kpi.list.title"), Route::Kpis)]} />
            <EmptyState icon={IconName::Search} title={t!("error.code.not_found")} text={t!("kpi.detail.missing_text")}>
                <RouteLink to={Route::Kpis} kind={LinkKind::Primary}>{ t!("problem.to_kpis") }</RouteLink>
            </EmptyState>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DetailProps {
    kpi: Rc<KpiView>,
    onchange: Callback<KpiView>,
    reload: Callback<()>,
}

#[component]
fn Detail(props: &DetailProps) -> Html {
    let kpi = &props.kpi;
    let (params, set) = use_query_params();
    let asked = params.get("act").and_then(|act| act.parse::<Act>().ok()).filter(|act| kpi.may(*act));
    let checking = asked == Some(Act::CheckIn);
    // What is being recorded or decided was seen in this state of the KPI.
    use_hold(asked.is_some());
    let open = params.get("tab").unwrap_or("check-ins").to_owned();
    let onopen = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |key: &'static str| set.emit(params.clone().without("act").with("tab", key)))
    };
    let onask = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |asked: Asked| {
            set.emit(match asked {
                // The form stands in the tab of the check-ins.
                Some(Act::CheckIn) => params.clone().with("act", Act::CheckIn).without("tab"),
                Some(act) => params.clone().with("act", act),
                None => params.clone().without("act"),
            });
        })
    };
    let done_checking = {
        let (onask, onchange) = (onask.clone(), props.onchange.clone());
        Callback::from(move |kpi: KpiView| {
            onchange.emit(kpi);
            onask.emit(None);
        })
    };
    let show_receipt = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |()| set.emit(params.clone().without("act").with("tab", "receipt")))
    };
    let comments = use_remote(kpi.id, |id| async move { api::comments::list(id).await });
    use_fresh(&comments.refresh, About::Comments(kpi.id));
    let talk = Tab::new("comments", t!("comments.title"));
    let tabs = vec![
        Tab::new("check-ins", t!("kpi.tab.check_ins")),
        Tab::new("evidence", t!("kpi.tab.evidence")),
        match comments.remote.ready() {
            Some(list) if list.count > 0 => talk.counted(u64::from(list.count)),
            _ => talk,
        },
        Tab::new("history", t!("kpi.tab.history")),
        Tab::new("receipt", t!("kpi.tab.receipt")),
        Tab::new("details", t!("kpi.tab.details")),
    ];
    let lead = [
        Some(kpi.user_name.clone()),
        kpi.department_name.clone(),
        Some(t!("kpi.period", quarter = kpi.quarter, year = kpi.year).to_string()),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" · ");
    html! {
        <>
            <PageHeader
                title={kpi.title.clone()}
                {lead}
                crumbs={vec![Crumb::new(t!("kpi.list.title"), Route::Kpis)]}
                mark={html! { <StatusPill status={kpi.status} /> }}
                actions={html! { <Acts kpi={Rc::clone(kpi)} {asked} onask={onask.clone()} onchange={props.onchange.clone()} reload={props.reload.clone()} /> }}
            />
            { returned(kpi) }
            if kpi.template_offer.is_some() {
                <OfferNote kpi={Rc::clone(kpi)} onchange={props.onchange.clone()} reload={props.reload.clone()} />
            }
            if kpi.is_flagged { <Note tone={Tone::Warn} class="mb-4">{ t!("receipt.trouble") }</Note> }
            <Standing kpi={Rc::clone(kpi)} onreceipt={show_receipt} />
            <div class="mt-6">
                <Tabs id="kpi" label={t!("kpi.tab.label")} {tabs} open={open.clone()} {onopen}>
                    { match open.as_str() {
                        "evidence" => html! { <EvidenceTab kpi={Rc::clone(kpi)} /> },
                        "comments" => html! { <CommentsTab kpi={kpi.id} {comments} /> },
                        "history" => html! { <HistoryTab kpi={Rc::clone(kpi)} /> },
                        "receipt" => html! { <Card title={t!("receipt.title")}><FetchedReceipt kpi={kpi.id} version={kpi.version} /></Card> },
                        "details" => html! { <DefinitionTab kpi={Rc::clone(kpi)} /> },
                        _ => html! { <CheckInsTab kpi={Rc::clone(kpi)} {checking} oncheck={onask.reform(|on: bool| on.then_some(Act::CheckIn))} onchange={done_checking} /> },
                    } }
                </Tabs>
            </div>
        </>
    }
}

/// Why it came back, and what to do about it.
fn returned(kpi: &KpiView) -> Html {
    let Some(reason) = &kpi.returned_reason else { return Html::default() };
    let (title, next) = match kpi.status {
        Status::Rejected => (t!("kpi.detail.rejected"), t!("kpi.detail.rejected_next")),
        _ => (t!("kpi.detail.returned"), t!("kpi.detail.returned_next")),
    };
    html! {
        <Note tone={Tone::Warn} class="mb-4">
            <p class="font-semibold">{ title }</p>
            <p class="my-1 whitespace-pre-line break-words">{ reason.clone() }</p>
            <p class="text-sm">{ next }</p>
        </Note>
    }
}
