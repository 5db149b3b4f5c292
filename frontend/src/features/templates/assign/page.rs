//! The page: the form beside what it comes to, and the button that carries it out.

use std::rc::Rc;

use kpi_api::{
    id::TemplateId,
    template::{
        TemplateView,
        assign::{AssignBody, Assignment},
    },
};
use yew::prelude::*;

use super::{
    given::take_back,
    plan::{PlanCard, use_rehearsal},
    wanted::Wanted,
    who::{WhoCard, has_target},
};
use crate::{
    core::{
        api, format, navigate::use_navigate, query::Params, remote::use_remote, session::use_me,
        submit::use_submit, toast::use_toaster,
    },
    route::Route,
    t, tn,
    ui::{
        Button, ButtonKind, Crumb, IconName, LinkKind, Note, PageHeader, RouteLink, SkeletonLines, Tone,
        remote,
    },
    widgets::Refusal,
};

/// How long the message offers the way back; the list of what was assigned offers it as long as there is one.
const UNDO_SECONDS: u32 = 30;

#[derive(Properties, PartialEq)]
pub struct AssignPageProps {
    pub id: TemplateId,
}

#[component]
pub fn AssignPage(props: &AssignPageProps) -> Html {
    let template = use_remote(props.id, |id| async move { api::templates::get(id).await });
    let known = template.remote.ready();
    let name: AttrValue = known.map_or_else(|| t!("templates.one"), |template| template.name.clone().into());
    let crumbs = vec![
        Crumb::new(t!("templates.title"), Route::Templates),
        Crumb::new(name.clone(), Route::Template { id: props.id }),
    ];
    html! {
        <>
            <PageHeader title={t!("templates.assign.title", template = name)} lead={t!("templates.assign.lead")} {crumbs} />
            { remote::show(&template, html! { <SkeletonLines lines={8} /> }, |template| html! { <Assigning template={Rc::clone(template)} /> }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct AssigningProps {
    template: Rc<TemplateView>,
}

#[component]
fn Assigning(props: &AssigningProps) -> Html {
    let template = &props.template;
    let me = use_me();
    let navigate = use_navigate();
    let toaster = use_toaster();
    let wanted = {
        let (department, role, period) = (template.department_id, template.role, me.period);
        use_reducer(move || Wanted::new(department, role, period))
    };
    let body = wanted.body();
    let rehearsed = use_rehearsal(template.id, body.clone());
    let give = {
        let id = template.id;
        use_submit(
            move |body: AssignBody, key| async move { api::templates::assign(id, &body, &key).await },
            Callback::from(move |done: Assignment| {
                let mut text =
                    tn!("templates.assign.done", done.gets, template = done.template_name).to_string();
                if let Some(until) = done.undo_until {
                    text = format!(
                        "{text} {}",
                        t!("templates.assign.undo_later", until = format::date_time(until))
                    );
                }
                if let Some(id) = done.id {
                    toaster.with_undo(text, Some(UNDO_SECONDS), take_back(&toaster, id, &Callback::noop()));
                }
                let query = Params::new().with("tab", "assigned");
                navigate.push_with(Route::Template { id: done.template_id }, &query);
            }),
        )
    };
    let onstep = {
        let (dispatch, dismiss) = (wanted.dispatcher(), give.dismiss.clone());
        Callback::from(move |step| {
            dismiss.emit(());
            dispatch.dispatch(step);
        })
    };
    let onsubmit = {
        let (run, body) = (give.run.clone(), body.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(body) = &body {
                run.emit(body.clone());
            }
        })
    };
    let plan = rehearsed.plan.clone();
    let gets = plan.as_ref().map_or(0, |plan| plan.gets);
    let disabled = match &plan {
        None => Some(t!("templates.assign.choose_text")),
        Some(plan) if plan.refused > 0 => Some(t!("templates.assign.settle_first")),
        Some(plan) if plan.gets == 0 => Some(t!("templates.assign.nobody_text")),
        Some(_) => None,
    };
    if !template.is_active {
        return html! {
            <Note tone={Tone::Warn} actions={html! {
                <RouteLink to={Route::Template { id: template.id }} kind={LinkKind::Secondary}>{ t!("templates.assign.back") }</RouteLink>
            }}>{ t!("templates.assign.inactive") }</Note>
        };
    }
    html! {
        <form {onsubmit} novalidate=true class="grid items-start gap-4 xl:grid-cols-[24rem_minmax(0,1fr)]">
            <div class="xl:sticky xl:top-20"><WhoCard template={Rc::clone(template)} wanted={(*wanted).clone()} onstep={onstep.clone()} /></div>
            <div class="min-w-0 space-y-4">
                <PlanCard {rehearsed} wanted={(*wanted).clone()} with_target={has_target(&template.effective)} {onstep} />
                <Refusal error={give.error.clone()} />
                <div class="surface flex flex-wrap items-center justify-between gap-2 p-3 lg:sticky lg:bottom-3 lg:z-10 lg:shadow-lg">
                    <span class="text-sm text-muted">{ t!("templates.assign.undo_hint", period = format::period(wanted.period)) }</span>
                    <Button label={tn!("templates.assign.give", gets)} kind={ButtonKind::Primary} icon={IconName::Send} submit=true busy={give.busy} {disabled} />
                </div>
            </div>
        </form>
    }
}
