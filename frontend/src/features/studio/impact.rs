//! What publishing would change: asked on demand, with progress and a way to stop.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use kpi_api::{
    id::RuleId,
    rule_effects::{Impact, ImpactProgress, ImpactRequest},
    time::Period,
};
use yew::prelude::*;

use super::{figures::ImpactView, steps::Looked};
use crate::{
    core::{api, browser, error::ApiError, format},
    t,
    ui::{Button, ButtonKind, ButtonSize, EmptyState, ErrorState, IconName, Note, ProgressBar, Tone},
    widgets::PeriodPicker,
};

/// Between two looks at how far it is.
const LOOK_MS: u32 = 250;

#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    Idle,
    Running { ticket: String, progress: Option<ImpactProgress>, stopping: bool },
    Failed(ApiError),
}

/// The last impact, of which text and quarter it is, and what is under way.
#[derive(Debug, Clone, PartialEq)]
pub struct ImpactState {
    pub shown: Option<(Rc<Impact>, AttrValue, Option<Period>)>,
    pub look: Look,
}

pub enum ImpactStep {
    Started(String),
    Progress(String, ImpactProgress),
    Stopping,
    Ended(String, Rc<Impact>, AttrValue, Option<Period>),
    Failed(String, ApiError),
    /// Something else is published now.
    Forgotten,
}

impl ImpactState {
    /// What is known about the text as it is.
    pub fn looked(&self, source: &AttrValue) -> Looked {
        match &self.shown {
            None => Looked::NotYet,
            Some((_, of, _)) if of != source => Looked::Earlier,
            Some((impact, ..)) => Looked::At { changed: impact.changed, failed: impact.failed },
        }
    }

    fn is_about(&self, ticket: &str) -> bool {
        matches!(&self.look, Look::Running { ticket: running, .. } if running == ticket)
    }

    fn step(&self, step: ImpactStep) -> Self {
        let mut next = self.clone();
        match step {
            ImpactStep::Started(ticket) => {
                next.look = Look::Running { ticket, progress: None, stopping: false };
            }
            ImpactStep::Progress(ticket, now) if self.is_about(&ticket) => {
                if let Look::Running { progress, .. } = &mut next.look {
                    *progress = Some(now);
                }
            }
            ImpactStep::Stopping => {
                if let Look::Running { stopping, .. } = &mut next.look {
                    *stopping = true;
                }
            }
            ImpactStep::Ended(ticket, impact, source, period) if self.is_about(&ticket) => {
                next = Self { shown: Some((impact, source, period)), look: Look::Idle };
            }
            ImpactStep::Failed(ticket, error) if self.is_about(&ticket) => {
                let stopped = matches!(&self.look, Look::Running { stopping: true, .. });
                next.look = if stopped { Look::Idle } else { Look::Failed(error) };
            }
            ImpactStep::Forgotten => next = Self::default(),
            // Of a look that nobody waits for any more.
            ImpactStep::Progress(..) | ImpactStep::Ended(..) | ImpactStep::Failed(..) => {}
        }
        next
    }
}

impl Default for ImpactState {
    fn default() -> Self {
        Self { shown: None, look: Look::Idle }
    }
}

impl Reducible for ImpactState {
    type Action = ImpactStep;

    fn reduce(self: Rc<Self>, step: ImpactStep) -> Rc<Self> {
        Rc::new(self.step(step))
    }
}

/// Looks once; progress is told until the answer is there.
pub fn look(
    state: &UseReducerDispatcher<ImpactState>,
    id: RuleId,
    source: AttrValue,
    period: Option<Period>,
) {
    let ticket = browser::random_key();
    let state = state.clone();
    state.dispatch(ImpactStep::Started(ticket.clone()));
    let done = Rc::new(std::cell::Cell::new(false));
    yew::platform::spawn_local({
        let (state, ticket, done) = (state.clone(), ticket.clone(), Rc::clone(&done));
        async move {
            loop {
                TimeoutFuture::new(LOOK_MS).await;
                if done.get() {
                    return;
                }
                // Not known yet, or no longer: the answer itself says the rest.
                if let Ok(progress) = api::rules::preview_progress(&ticket).await {
                    state.dispatch(ImpactStep::Progress(ticket.clone(), progress));
                }
            }
        }
    });
    yew::platform::spawn_local(async move {
        let body = ImpactRequest {
            source: Some(source.to_string()),
            year: period.map(|period| period.year),
            quarter: period.map(|period| period.quarter),
            ticket: Some(ticket.clone()),
        };
        let answer = api::rules::preview(id, &body).await;
        done.set(true);
        state.dispatch(match answer {
            Ok(impact) => ImpactStep::Ended(ticket, Rc::new(impact), source, period),
            Err(error) => ImpactStep::Failed(ticket, error),
        });
    });
}

#[derive(Properties, PartialEq)]
pub struct ImpactPanelProps {
    pub id: RuleId,
    pub source: AttrValue,
    /// Whether the source can be run as it is.
    pub runs: bool,
    /// Whether that is being found out.
    pub checking: bool,
    pub state: UseReducerHandle<ImpactState>,
}

#[component]
pub fn ImpactPanel(props: &ImpactPanelProps) -> Html {
    let state = &props.state;
    let period = use_state(|| state.shown.as_ref().and_then(|(_, _, period)| *period));
    let start = {
        let (dispatch, id, source) = (state.dispatcher(), props.id, props.source.clone());
        Callback::from(move |period: Option<Period>| look(&dispatch, id, source.clone(), period))
    };
    // Whoever opens the step wants to see it, as soon as there is something to see.
    let asked = use_mut_ref(|| false);
    use_effect_with(props.runs, {
        let start = start.clone();
        let wanted = state.looked(&props.source) == Looked::NotYet && state.look == Look::Idle;
        let period = *period;
        move |runs| {
            if *runs && wanted && !std::mem::replace(&mut *asked.borrow_mut(), true) {
                start.emit(period);
            }
        }
    });
    let running = matches!(state.look, Look::Running { .. });
    let onperiod = {
        let (period, start, runs) = (period.clone(), start.clone(), props.runs && !running);
        Callback::from(move |next: Option<Period>| {
            period.set(next);
            if runs {
                start.emit(next);
            }
        })
    };
    let again = {
        let period = *period;
        start.reform(move |_: MouseEvent| period)
    };
    let is_old = state.looked(&props.source) == Looked::Earlier;
    let blocked = (!props.runs).then(|| t!("studio.not_run"));
    html! {
        <div class="space-y-4" aria-busy={(props.checking || running).then_some("true")}>
            <div class="flex flex-wrap items-end justify-between gap-3">
                <div class="max-w-prose">
                    <h2 class="text-base font-semibold">{ t!("studio.impact") }</h2>
                    <p class="text-sm text-muted">{ t!("studio.impact_lead") }</p>
                </div>
                <div class="flex flex-wrap items-center gap-2">
                    <PeriodPicker id="impact-period" label={t!("studio.impact_period")} value={*period} onchange={onperiod} none={t!("studio.impact_all")} compact=true />
                    <Button label={if state.shown.is_some() { t!("studio.impact_again") } else { t!("studio.impact_look") }} icon={IconName::Eye} kind={if is_old || state.shown.is_none() { ButtonKind::Primary } else { ButtonKind::Secondary }} size={ButtonSize::Small} busy={running} disabled={blocked} onclick={again} />
                </div>
            </div>
            <div aria-live="polite">{ under_way(props) }</div>
            if is_old { <Note tone={Tone::Warn}>{ t!("studio.impact_old") }</Note> }
            if let Some((impact, ..)) = &state.shown {
                <div class={classes!(running.then_some("is-refreshing"))}><ImpactView impact={Rc::clone(impact)} /></div>
            } else if !running && !matches!(state.look, Look::Failed(_)) {
                <div class="surface"><EmptyState icon={IconName::Chart} title={t!("studio.impact_none")} text={t!("studio.impact_none_text")} /></div>
            }
        </div>
    }
}

fn under_way(props: &ImpactPanelProps) -> Html {
    match &props.state.look {
        Look::Idle => Html::default(),
        Look::Failed(error) => html! { <div class="surface"><ErrorState error={error.clone()} /></div> },
        Look::Running { ticket, progress, stopping } => {
            let oncancel = {
                let (ticket, dispatch) = (ticket.clone(), props.state.dispatcher());
                Callback::from(move |_: MouseEvent| {
                    dispatch.dispatch(ImpactStep::Stopping);
                    let ticket = ticket.clone();
                    yew::platform::spawn_local(async move {
                        api::rules::cancel_preview(&ticket).await.ok();
                    });
                })
            };
            let percent =
                progress.filter(|now| now.total > 0).map(|now| 100.0 * now.done as f64 / now.total as f64);
            let words = match progress {
                Some(now) => t!(
                    "studio.impact_progress",
                    done = format::integer(now.done as i64),
                    total = format::integer(now.total as i64)
                ),
                None => t!("studio.impact_starting"),
            };
            html! {
                <div class="surface flex flex-wrap items-center gap-3 p-4">
                    <div class="min-w-48 flex-1 space-y-1.5">
                        <p class="text-sm tabular-nums">{ words }</p>
                        <ProgressBar value={percent} tone={Tone::Accent} label={t!("studio.impact")} />
                    </div>
                    <Button label={t!("studio.impact_cancel")} icon={IconName::X} size={ButtonSize::Small} busy={*stopping} onclick={oncancel} />
                </div>
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::rule_effects::Histogram;
    use kpi_api::scoring::RuleKind;

    use super::*;

    fn impact(changed: u64) -> Rc<Impact> {
        Rc::new(Impact {
            kind: RuleKind::Score,
            evaluated: 10,
            changed,
            band_changes: Vec::new(),
            by_department: Vec::new(),
            histogram_before: Histogram::default(),
            histogram_after: Histogram::default(),
            findings: None,
            reminders: None,
            movers: Vec::new(),
            errors: Vec::new(),
            failed: 0,
            stopped_early: false,
            total: 10,
            took_ms: 1,
        })
    }

    fn ended(ticket: &str, changed: u64) -> ImpactStep {
        ImpactStep::Ended(ticket.into(), impact(changed), "a".into(), None)
    }

    #[test]
    fn an_answer_that_nobody_waits_for_is_dropped() {
        let second = ImpactState::default()
            .step(ImpactStep::Started("1".into()))
            .step(ImpactStep::Started("2".into()))
            .step(ended("1", 5));
        assert_eq!(second.shown, None);
        let done = second.step(ended("2", 7));
        assert_eq!(done.looked(&"a".into()), Looked::At { changed: 7, failed: 0 });
        assert_eq!(done.looked(&"b".into()), Looked::Earlier);
    }

    #[test]
    fn what_was_stopped_is_no_failure() {
        let started = ImpactState::default().step(ImpactStep::Started("1".into()));
        let stopped =
            started.step(ImpactStep::Stopping).step(ImpactStep::Failed("1".into(), ApiError::Unreachable));
        assert_eq!(stopped.look, Look::Idle);
        let failed = started.step(ImpactStep::Failed("1".into(), ApiError::Unreachable));
        assert_eq!(failed.look, Look::Failed(ApiError::Unreachable));
    }
}
