//! What became of several decisions: which went through, which did not and why, and another try for those.

use kpi_api::{
    approvals::{ApprovalRow, DecisionResult},
    error::{Code, Problem},
    id::KpiId,
    kpi::KpiView,
};
use yew::prelude::*;

use super::desk::act_of;
use crate::{
    core::{api, error::code_sentence, toast::Toaster},
    route::Route,
    t, tn,
    ui::{Button, ButtonKind, ButtonSize, IconName, LinkKind, Note, RouteLink, Tone},
    widgets::{decided, overtaken::Overtaken},
};

/// One that did not go through, as it was when it was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Missed {
    pub row: ApprovalRow,
    pub problem: Option<Problem>,
}

/// How it went.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub good: bool,
    pub reason: Option<String>,
    pub done: Vec<KpiView>,
    pub missed: Vec<Missed>,
}

impl Outcome {
    pub fn read(
        rows: &[ApprovalRow],
        good: bool,
        reason: Option<String>,
        results: Vec<DecisionResult>,
    ) -> Self {
        let mut outcome = Self { good, reason, done: Vec::new(), missed: Vec::new() };
        for result in results {
            match (result.kpi, rows.iter().find(|row| row.kpi.id == result.kpi_id)) {
                (Some(kpi), _) if result.ok => outcome.done.push(kpi),
                (_, Some(row)) => {
                    outcome.missed.push(Missed { row: row.clone(), problem: result.problem });
                }
                (_, None) => {}
            }
        }
        outcome
    }

    /// Those of the present rows that may be tried again: they did not go through and still wait for the same decision.
    pub fn again(&self, rows: &[ApprovalRow]) -> Vec<ApprovalRow> {
        let missed = |row: &&ApprovalRow| {
            self.missed.iter().any(|missed| {
                missed.row.kpi.id == row.kpi.id && act_of(&missed.row, self.good) == act_of(row, self.good)
            })
        };
        rows.iter().filter(missed).cloned().collect()
    }
}

/// Says how many went through, and lets all of them be taken back at once.
pub fn tell(toaster: &Toaster, done: &[KpiView], onundone: &Callback<Vec<KpiId>>) {
    let text = tn!("approvals.done", done.len());
    let Some(seconds) = done.iter().filter_map(decided::seconds_to_undo).min() else {
        toaster.success(text);
        return;
    };
    let all: Vec<_> = done.iter().map(|kpi| (kpi.id, kpi.version)).collect();
    let (again, onundone) = (toaster.clone(), onundone.clone());
    let undo = Callback::from(move |()| {
        let (all, toaster, onundone) = (all.clone(), again.clone(), onundone.clone());
        yew::platform::spawn_local(async move {
            let mut back = Vec::new();
            let mut refusal = None;
            for (id, version) in all {
                match api::approvals::undo(id, version).await {
                    Ok(kpi) => back.push(kpi.id),
                    Err(error) => refusal = Some(error),
                }
            }
            if !back.is_empty() {
                toaster.info(tn!("approvals.undone", back.len()));
            }
            if let Some(error) = refusal {
                toaster.error(&error);
            }
            onundone.emit(back);
        });
    });
    toaster.with_undo(text, Some(seconds), undo);
}

#[derive(Properties, PartialEq)]
pub struct OutcomeNoteProps {
    pub outcome: Outcome,
    /// Those that may be tried again now.
    pub again: Vec<ApprovalRow>,
    pub busy: bool,
    pub onagain: Callback<()>,
    pub onclose: Callback<()>,
}

#[component]
pub fn OutcomeNote(props: &OutcomeNoteProps) -> Html {
    let Outcome { good, done, missed, .. } = &props.outcome;
    let actions = html! {
        <Button label={t!("ui.close")} icon={IconName::X} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={props.onclose.reform(|_: MouseEvent| ())} />
    };
    html! {
        <div id="queue-outcome" role="group" tabindex="-1" aria-label={t!("approvals.outcome")} class="mb-4 outline-none">
            <Note tone={Tone::Warn} {actions}>
                <p class="font-medium">{ tn!("approvals.not_done", missed.len(), all = missed.len() + done.len()) }</p>
                <ul class="mt-2 space-y-2">
                    { for missed.iter().map(|missed| html! { <li key={missed.row.kpi.id.0}>{ why(missed, *good) }</li> }) }
                </ul>
                if !props.again.is_empty() {
                    <Button class="mt-3" label={tn!("approvals.again", props.again.len())} icon={IconName::Refresh} size={ButtonSize::Small} busy={props.busy} onclick={props.onagain.reform(|_: MouseEvent| ())} />
                }
                if !done.is_empty() {
                    <details class="mt-3">
                        <summary class="cursor-pointer">{ tn!("approvals.went_through", done.len()) }</summary>
                        <ul class="mt-1 list-disc ps-5">
                            { for done.iter().map(|kpi| html! { <li key={kpi.id.0}>{ link(kpi.id, &kpi.title) }</li> }) }
                        </ul>
                    </details>
                }
            </Note>
        </div>
    }
}

fn link(id: KpiId, title: &str) -> Html {
    html! { <RouteLink to={Route::Kpi { id }} kind={LinkKind::Bare} class="break-words underline">{ title.to_owned() }</RouteLink> }
}

fn why(missed: &Missed, good: bool) -> Html {
    let id = missed.row.kpi.id;
    let code = missed.problem.as_ref().map(|problem| problem.code);
    let overtaken = matches!(code, Some(Code::StaleVersion | Code::WrongState));
    html! {
        <>
            { link(id, &missed.row.kpi.title) }
            if let (true, Some(act)) = (overtaken, act_of(&missed.row, good)) {
                <Overtaken kpi={id} {act} />
            } else {
                <p class="text-sm">{ code.map(code_sentence).unwrap_or_default() }</p>
            }
        </>
    }
}
