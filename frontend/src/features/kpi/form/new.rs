//! A new KPI: first what it starts from, then the form. The choice stays in the address, so that a reload keeps it.

use kpi_api::{id::TemplateId, kpi::KpiNew};
use yew::prelude::*;

use super::{editor::KpiForm, templates::TemplateChoice};
use crate::{
    core::{api, draft::use_draft, query::use_query_params, remote::use_remote, session::use_me},
    route::Route,
    t,
    ui::{Button, ButtonKind, Crumb, Note, PageHeader, SkeletonLines, Tone, remote},
};

pub const DRAFT: &str = "kpi-new";

#[component]
pub fn KpiNewPage() -> Html {
    let (params, set) = use_query_params();
    let draft = use_draft::<KpiNew>(DRAFT.into());
    let restored = use_state(|| None::<KpiNew>);
    let template = params.read::<TemplateId>("template");
    let blank = params.get("start") == Some("blank");
    let choose = {
        let (params, set, restored) = (params.clone(), set.clone(), restored.clone());
        Callback::from(move |template: Option<TemplateId>| {
            restored.set(None);
            set.emit(match template {
                Some(id) => params.clone().without("start").with("template", id),
                None => params.clone().without("template").with("start", "blank"),
            });
        })
    };
    let again = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |_: MouseEvent| set.emit(params.clone().without("template").without("start")))
    };
    let restore = {
        let (restored, found, set, params) =
            (restored.clone(), draft.found.clone(), set.clone(), params.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(kpi) = &found {
                let params = match kpi.template_id {
                    Some(id) => params.clone().without("start").with("template", id),
                    None => params.clone().without("template").with("start", "blank"),
                };
                restored.set(Some(kpi.clone()));
                set.emit(params);
            }
        })
    };
    let discard = draft.clear.reform(|_: MouseEvent| ());
    let offer = draft.found.clone().filter(|_| restored.is_none()).map(|found| {
        let title = if found.title.trim().is_empty() { t!("kpi.form.untitled") } else { found.title.into() };
        html! {
            <Note tone={Tone::Accent} class="mb-4" actions={html! {
                <div class="flex flex-wrap gap-2">
                    <Button label={t!("kpi.form.restore")} kind={ButtonKind::Primary} size={crate::ui::ButtonSize::Small} onclick={restore} />
                    <Button label={t!("kpi.form.discard")} kind={ButtonKind::Ghost} size={crate::ui::ButtonSize::Small} onclick={discard} />
                </div>
            }}>{ t!("kpi.form.found_draft", title = title) }</Note>
        }
    }).unwrap_or_default();
    let chosen = blank || template.is_some();
    let actions = if chosen {
        html! { <Button label={t!("kpi.template.other")} onclick={again} /> }
    } else {
        Html::default()
    };
    html! {
        <>
            <PageHeader
                title={t!("kpi.new.title")}
                lead={if chosen { AttrValue::default() } else { t!("kpi.template.lead") }}
                crumbs={vec![Crumb::new(t!("kpi.list.title"), Route::Kpis)]}
                {actions}
            />
            { offer }
            if let Some(id) = template {
                <FromTemplate key={format!("{id}-{}", restored.is_some())} {id} restored={(*restored).clone()} />
            } else if blank {
                <Blank key={format!("blank-{}", restored.is_some())} restored={(*restored).clone()} />
            } else {
                <TemplateChoice onchoose={choose} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct BlankProps {
    restored: Option<KpiNew>,
}

#[component]
fn Blank(props: &BlankProps) -> Html {
    let me = use_me();
    let kpi = props.restored.clone().unwrap_or_else(|| KpiNew::blank(me.period.year, me.period.quarter));
    html! { <KpiForm {kpi} draft={DRAFT} restored={props.restored.is_some()} /> }
}

#[derive(Properties, PartialEq)]
struct FromTemplateProps {
    id: TemplateId,
    restored: Option<KpiNew>,
}

#[component]
fn FromTemplate(props: &FromTemplateProps) -> Html {
    let me = use_me();
    let template = use_remote(props.id, |id| async move { api::templates::get(id).await });
    let restored = props.restored.clone();
    remote::show(&template, html! { <SkeletonLines lines={6} /> }, |template| {
        let is_restored = restored.is_some();
        let kpi = restored.unwrap_or_else(|| {
            let mut kpi = KpiNew::blank(me.period.year, me.period.quarter);
            kpi.template_id = Some(template.id);
            template.effective.fill(&mut kpi);
            kpi
        });
        html! { <KpiForm {kpi} template={Some(template.clone())} draft={DRAFT} restored={is_restored} /> }
    })
}
