//! The pages around the editor.

use std::rc::Rc;

use kpi_api::{id::TemplateId, template::TemplateView};
use yew::prelude::*;

use super::{all::all, assign::GivenTab, delete::DeleteButton, editor::Editor, versions::VersionsTab};
use crate::{
    core::{
        api,
        navigate::use_navigate,
        query::{Params, use_query_params},
        remote::use_remote,
        toast::use_toaster,
    },
    route::Route,
    t, tn,
    ui::{Badge, Crumb, IconName, LinkKind, PageHeader, RouteLink, SkeletonLines, Tab, Tabs, Tone, remote},
};

#[component]
pub fn TemplateNewPage() -> Html {
    let (params, _) = use_query_params();
    let navigate = use_navigate();
    let toaster = use_toaster();
    let templates = use_remote((), |()| all());
    let onsaved = Callback::from(move |saved: TemplateView| {
        toaster.success(t!("templates.created", name = saved.name));
        navigate.push(Route::Template { id: saved.id });
    });
    html! {
        <>
            <PageHeader title={t!("templates.add")} lead={t!("templates.add_lead")} crumbs={vec![Crumb::new(t!("templates.title"), Route::Templates)]} />
            { remote::show(&templates, html! { <SkeletonLines lines={8} /> }, |templates| html! {
                <Editor all={Rc::clone(templates)} extends={params.read::<TemplateId>("extends")} onsaved={onsaved.clone()} />
            }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct TemplatePageProps {
    pub id: TemplateId,
}

#[component]
pub fn TemplatePage(props: &TemplatePageProps) -> Html {
    let toaster = use_toaster();
    let (params, set) = use_query_params();
    let open = params.get("tab").unwrap_or("fields").to_owned();
    let onopen = Callback::from(move |key: &'static str| set.emit(params.clone().with("tab", key)));
    let template = use_remote(props.id, |id| async move { api::templates::get(id).await });
    let templates = use_remote((), |()| all());
    let known = template.remote.ready();
    let onsaved = {
        let (set, reload) = (template.set.clone(), templates.reload.clone());
        Callback::from(move |saved: TemplateView| {
            toaster.success(t!("templates.saved", name = saved.name));
            set.emit(saved);
            reload.emit(());
        })
    };
    let onlatest = {
        let (one, every) = (template.reload.clone(), templates.reload.clone());
        Callback::from(move |()| {
            one.emit(());
            every.emit(());
        })
    };
    let mark = known.map(|template| {
        html! {
            <>
                if !template.is_active { <Badge label={t!("templates.inactive")} icon={IconName::Ban} /> }
                <Badge label={t!("templates.versions.number", number = template.fields_version)} tone={Tone::Neutral} />
                <Badge label={tn!("templates.used_by", template.used_by)} tone={Tone::Neutral} />
            </>
        }
    });
    let actions = known.map(|template| html! {
        <>
            <RouteLink to={Route::TemplateAssign { id: template.id }} kind={LinkKind::Primary} icon={IconName::Users}>{ t!("templates.assign.start") }</RouteLink>
            <RouteLink to={Route::TemplateNew} query={Params::new().with("extends", template.id)} kind={LinkKind::Secondary} icon={IconName::Layers}>
                { t!("templates.extend") }
            </RouteLink>
            <DeleteButton template={Rc::clone(template)} onlatest={onlatest.clone()} />
        </>
    });
    let tabs = vec![
        Tab::new("fields", t!("templates.tab_fields")),
        Tab::new("versions", t!("templates.versions.title")),
        Tab::new("assigned", t!("templates.assign.given")),
    ];
    let title = known.map_or_else(|| t!("templates.one"), |template| template.name.clone().into());
    html! {
        <>
            <PageHeader {title} mark={mark.unwrap_or_default()} actions={actions.unwrap_or_default()}
                crumbs={vec![Crumb::new(t!("templates.title"), Route::Templates)]} />
            <Tabs id="template" label={t!("templates.one")} {tabs} open={open.clone()} {onopen}>
                { remote::show(&template, html! { <SkeletonLines lines={8} /> }, |data| html! {
                    <>
                        // It stays, with what was typed into it, while another tab is open.
                        <div hidden={!matches!(open.as_str(), "fields")}>
                            { remote::show(&templates, html! { <SkeletonLines lines={8} /> }, |every| html! {
                                <Editor template={Rc::clone(data)} all={Rc::clone(every)} onsaved={onsaved.clone()} onlatest={onlatest.clone()} busy={template.busy} />
                            }) }
                        </div>
                        if open == "versions" { <VersionsTab id={data.id} now={data.fields_version} /> }
                        if open == "assigned" { <GivenTab id={data.id} /> }
                    </>
                }) }
            </Tabs>
        </>
    }
}
