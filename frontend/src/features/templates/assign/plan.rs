//! Who gets what, person by person: asked of the server a moment after the last change.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use kpi_api::{
    id::TemplateId,
    template::assign::{AssignBody, AssignOutcome, Assignee, Assignment},
};
use yew::prelude::*;

use super::wanted::{Step, Wanted};
use crate::{
    core::{api, error::ApiError, format, i18n},
    route::Route,
    t, tn,
    ui::{
        Badge, Card, Checkbox, EmptyState, FormError, IconName, LinkKind, NumberInput, RouteLink,
        SkeletonRows, Tone, number_input::Typed,
    },
    widgets::FindingsList,
};

const TYPING_MS: u32 = 300;

/// The last answer, whether a newer one is on its way, and why there is none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rehearsed {
    pub plan: Option<Rc<Assignment>>,
    pub busy: bool,
    pub failed: Option<ApiError>,
}

#[hook]
pub fn use_rehearsal(id: TemplateId, body: Option<AssignBody>) -> Rehearsed {
    let state = use_state(Rehearsed::default);
    let latest = use_mut_ref(|| 0_u32);
    let last = use_mut_ref(|| None::<Rc<Assignment>>);
    use_effect_with((id, body), {
        let state = state.clone();
        move |(id, body): &(TemplateId, Option<AssignBody>)| {
            let run = {
                let mut latest = latest.borrow_mut();
                *latest = latest.wrapping_add(1);
                *latest
            };
            let (id, body) = (*id, body.clone());
            let timeout = Timeout::new(TYPING_MS, move || {
                let Some(body) = body else {
                    last.borrow_mut().take();
                    state.set(Rehearsed::default());
                    return;
                };
                state.set(Rehearsed { plan: last.borrow().clone(), busy: true, failed: None });
                yew::platform::spawn_local(async move {
                    let answer = api::templates::rehearse(id, &body).await;
                    if *latest.borrow() != run {
                        return;
                    }
                    let (plan, failed) = match answer {
                        Ok(plan) => (Some(Rc::new(plan)), None),
                        Err(error) => (None, Some(error)),
                    };
                    last.borrow_mut().clone_from(&plan);
                    state.set(Rehearsed { plan, busy: false, failed });
                });
            });
            move || drop(timeout)
        }
    });
    (*state).clone()
}

#[derive(Properties, PartialEq)]
pub struct PlanCardProps {
    pub rehearsed: Rehearsed,
    pub wanted: Wanted,
    /// Whether single people may have targets of their own.
    pub with_target: bool,
    pub onstep: Callback<Step>,
}

#[component]
pub fn PlanCard(props: &PlanCardProps) -> Html {
    let rehearsed = &props.rehearsed;
    html! {
        <Card title={t!("templates.assign.plan")}>
            <FormError error={rehearsed.failed.clone()} fields={Vec::new()} />
            <p class="mb-2 text-sm text-muted" role="status">{ rehearsed.plan.as_ref().map(|plan| summary(plan)).unwrap_or_default() }</p>
            if let Some(plan) = &rehearsed.plan {
                if plan.people.is_empty() {
                    <EmptyState icon={IconName::Users} title={t!("templates.assign.nobody")} text={t!("templates.assign.nobody_text")} />
                }
                <ul class={classes!("divide-y", "divide-base-300", rehearsed.busy.then_some("is-refreshing"))} aria-label={t!("templates.assign.plan")}>
                    { for plan.people.iter().map(|person| row(person, props)) }
                </ul>
            } else if rehearsed.busy {
                <SkeletonRows rows={5} />
            } else if rehearsed.failed.is_none() {
                <EmptyState icon={IconName::Users} title={t!("templates.assign.choose")} text={t!("templates.assign.choose_text")} />
            }
        </Card>
    }
}

fn summary(plan: &Assignment) -> AttrValue {
    let parts = [
        Some(tn!("templates.assign.gets", plan.gets)),
        (plan.skipped > 0).then(|| tn!("templates.assign.skipped", plan.skipped)),
        (plan.refused > 0).then(|| tn!("templates.assign.refused", plan.refused)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ").into()
}

fn row(person: &Assignee, props: &PlanCardProps) -> Html {
    let id = person.user_id;
    let included = !props.wanted.left_out.contains(&id);
    // Who cannot get one for another reason cannot be taken in here.
    let can_choose = person.outcome != AssignOutcome::Skipped || !included;
    let onchange = props.onstep.reform(move |on: bool| Step::Include(id, on));
    let ontarget = {
        let onstep = props.onstep.clone();
        Callback::from(move |typed: Typed| {
            if let Ok(target) = typed {
                onstep.emit(Step::TargetOf(id, target));
            }
        })
    };
    html! {
        <li key={id.0} class="grid items-start gap-x-4 gap-y-2 py-3 sm:grid-cols-[minmax(0,1fr)_11rem_10rem]">
            <div class="min-w-0">
                if can_choose {
                    <Checkbox id={format!("gets-{id}")} label={person.user_name.clone()} checked={included} {onchange} />
                } else {
                    <span class="ms-7 block font-medium">{ person.user_name.clone() }</span>
                }
                if let Some(department) = &person.department_name { <p class="ms-7 text-sm text-muted">{ department.clone() }</p> }
            </div>
            <div class="ms-7 sm:ms-0">{ outcome(person) }</div>
            if let Some(draft) = &person.draft {
                <div class="ms-7 space-y-1 text-sm sm:ms-0">
                    if props.with_target {
                        <NumberInput id={format!("target-{id}")} label={t!("templates.assign.target_of", person = person.user_name)}
                            value={draft.target} unit={draft.unit.clone()} onchange={ontarget} />
                    }
                    <p class={classes!("tabular-nums", (draft.period_weight > 100.0).then_some("mark-text"), (draft.period_weight > 100.0).then_some(Tone::Warn.class()))}>
                        { t!("templates.assign.weight_sum", weight = format::percent(Some(draft.weight)), sum = format::percent(Some(draft.period_weight))) }
                    </p>
                </div>
            }
            if !person.findings.is_empty() {
                <div class="ms-7 sm:col-span-3"><FindingsList findings={person.findings.clone()} /></div>
            }
        </li>
    }
}

fn outcome(person: &Assignee) -> Html {
    let (tone, icon) = match person.outcome {
        AssignOutcome::Gets => (Tone::Good, IconName::Check),
        AssignOutcome::Skipped => (Tone::Neutral, IconName::Minus),
        AssignOutcome::Refused => (Tone::Bad, IconName::Ban),
    };
    html! {
        <>
            <Badge label={i18n::word("assign_outcome", person.outcome.as_str())} {tone} {icon} />
            if let Some(reason) = person.reason {
                <p class="mt-1 text-sm text-muted">{ i18n::word("skip_reason", reason.as_str()) }</p>
            }
            if let Some(kpi) = person.kpi_id {
                <RouteLink to={Route::Kpi { id: kpi }} kind={LinkKind::Text} class="text-sm">{ t!("templates.assign.open") }</RouteLink>
            }
        </>
    }
}
