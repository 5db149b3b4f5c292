//! What was assigned from a template lately, and the way back while there is one.

use kpi_api::{
    id::{AssignmentId, TemplateId},
    template::assign::{AssignmentUndone, AssignmentView},
};
use yew::prelude::*;

use crate::{
    core::{
        api, format, i18n,
        live::{About, use_fresh},
        remote::use_remote,
        toast::{Toaster, use_toaster},
    },
    route::Route,
    t, tn,
    ui::{Button, ButtonSize, EmptyState, IconName, LinkKind, Note, RouteLink, SkeletonRows, Tone, remote},
};

#[derive(Properties, PartialEq)]
pub struct GivenTabProps {
    pub id: TemplateId,
}

#[component]
pub fn GivenTab(props: &GivenTabProps) -> Html {
    let toaster = use_toaster();
    let given = use_remote(props.id, |id| async move { api::templates::assignments(id).await });
    // Whatever takes an assignment back deletes KPIs, and that is told to all open pages.
    use_fresh(&given.refresh, About::AnyKpi);
    let undone = use_state(|| None::<AssignmentUndone>);
    let onundone = {
        let (undone, reload) = (undone.clone(), given.reload.clone());
        Callback::from(move |answer: AssignmentUndone| {
            undone.set(Some(answer).filter(|answer| !answer.kept.is_empty()));
            reload.emit(());
        })
    };
    let assign = html! {
        <RouteLink to={Route::TemplateAssign { id: props.id }} kind={LinkKind::Primary} icon={IconName::Users}>{ t!("templates.assign.start") }</RouteLink>
    };
    html! {
        <>
            if let Some(answer) = &*undone { { kept(answer) } }
            { remote::show(&given, html! { <SkeletonRows rows={4} /> }, |given| if given.items.is_empty() {
                html! {
                    <div class="surface">
                        <EmptyState icon={IconName::Users} title={t!("templates.assign.none")} text={t!("templates.assign.none_text")}>{ assign.clone() }</EmptyState>
                    </div>
                }
            } else {
                html! { <ul class="surface divide-y divide-base-300 px-4">{ for given.items.iter().map(|one| row(one, &toaster, &onundone)) }</ul> }
            }) }
        </>
    }
}

fn row(one: &AssignmentView, toaster: &Toaster, onundone: &Callback<AssignmentUndone>) -> Html {
    let back = take_back(toaster, one.id, onundone).reform(|_: MouseEvent| ());
    let quarter = t!("kpi.period", quarter = one.quarter, year = one.year);
    html! {
        <li key={one.id.0} class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
            <div class="min-w-0">
                <p class="font-medium">{ tn!("templates.assign.made", one.made, quarter = quarter) }</p>
                <p class="text-sm text-muted">{ t!("templates.assign.by", who = one.by_name, at = format::date_time(one.at)) }</p>
            </div>
            if let Some(at) = one.undone_at {
                <span class="text-sm text-muted">{ t!("templates.assign.taken_back", at = format::date_time(at)) }</span>
            } else if let Some(until) = one.undo_until {
                <Button label={t!("templates.assign.undo", until = format::date_time(until))} icon={IconName::Undo} size={ButtonSize::Small} onclick={back} />
            }
        </li>
    }
}

/// Takes an assignment back and says what came of it.
pub fn take_back(toaster: &Toaster, id: AssignmentId, onundone: &Callback<AssignmentUndone>) -> Callback<()> {
    let (toaster, onundone) = (toaster.clone(), onundone.clone());
    Callback::from(move |()| {
        let (toaster, onundone) = (toaster.clone(), onundone.clone());
        yew::platform::spawn_local(async move {
            match api::templates::undo_assignment(id).await {
                Ok(answer) => {
                    toaster.info(said(&answer));
                    onundone.emit(answer);
                }
                Err(error) => toaster.error(&error),
            }
        });
    })
}

fn said(answer: &AssignmentUndone) -> AttrValue {
    let removed = tn!("templates.assign.removed", answer.removed);
    if answer.kept.is_empty() {
        return removed;
    }
    format!("{removed} {}", tn!("templates.assign.kept", answer.kept.len())).into()
}

/// The drafts that stay, with why.
fn kept(answer: &AssignmentUndone) -> Html {
    html! {
        <Note tone={Tone::Warn} class="mb-4">
            <p class="font-medium">{ said(answer) }</p>
            <ul class="mt-1 list-disc space-y-0.5 ps-5 text-sm">
                { for answer.kept.iter().map(|draft| html! {
                    <li key={draft.kpi_id.0}>
                        <RouteLink to={Route::Kpi { id: draft.kpi_id }} kind={LinkKind::Text}>{ draft.title.clone() }</RouteLink>
                        { ", " }{ draft.user_name.clone() }{ ": " }{ i18n::word("kept_reason", draft.reason.as_str()) }
                    </li>
                }) }
            </ul>
        </Note>
    }
}
