//! Deciding: about one row at once or after its reason, about several together; and what is said afterwards.

use kpi_api::{
    approvals::{ApprovalRow, BulkDecisions, DecisionResults},
    id::KpiId,
    kpi::{Act, KpiView},
};
use yew::prelude::*;

use super::{
    desk::{Desk, Step, items},
    outcome::{self, Outcome, OutcomeNote},
    together::ReasonDialog,
};
use crate::{
    core::{api, browser, submit::use_submit, toast::use_toaster},
    t,
    ui::{Button, ButtonKind, ButtonSize, IconName, Note, Tone},
    widgets::{ActDialog, act_dialog::is_overtaken, decided, overtaken::Overtaken},
};

/// A decision about a row, to be asked about or told of.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub row: ApprovalRow,
    pub act: Act,
}

/// Decisions about several rows: which, yes or no, and why.
type Together = (Vec<ApprovalRow>, bool, Option<String>);

/// What [`use_decisions`] gives.
pub struct Decisions {
    /// A decision about one row is under way.
    pub busy: bool,
    /// One about several is.
    pub busy_together: bool,
    /// Decides, or asks for the reason first.
    pub decide: Callback<Decision>,
    /// The same about several rows: yes or no.
    pub decide_together: Callback<(Vec<ApprovalRow>, bool)>,
    /// Above the queue: who was faster, what became of several.
    pub notes: Html,
    /// Asks for reasons.
    pub dialogs: Html,
}

/// `rows` are those that wait; `ondecided` hears of one that no longer does, while it still stands among them.
#[hook]
pub fn use_decisions(
    rows: &[ApprovalRow],
    desk: &UseReducerHandle<Desk>,
    refresh: &Callback<()>,
    ondecided: &Callback<KpiId>,
) -> Decisions {
    let toaster = use_toaster();
    let busy = use_state(|| false);
    let asking = use_state(|| None::<Decision>);
    let overtaken = use_state(|| None::<Decision>);
    let refusing = use_state(Vec::<ApprovalRow>::new);
    let outcome = use_state(|| None::<Outcome>);

    let returned = {
        let (dispatch, refresh) = (desk.dispatcher(), refresh.clone());
        Callback::from(move |ids: Vec<KpiId>| {
            dispatch.dispatch(ids.into_iter().map(Step::Returned).collect());
            refresh.emit(());
        })
    };
    let decided = {
        let (toaster, refresh, ondecided, rows) =
            (toaster.clone(), refresh.clone(), ondecided.clone(), rows.to_vec());
        let (asking, overtaken, dispatch, returned) =
            (asking.clone(), overtaken.clone(), desk.dispatcher(), returned.clone());
        Callback::from(move |(act, kpi): (Act, KpiView)| {
            asking.set(None);
            overtaken.set(None);
            decided::tell(&toaster, act, &kpi, &returned.reform(|kpi: KpiView| vec![kpi.id]));
            if let Some(row) = rows.iter().find(|row| row.kpi.id == kpi.id) {
                dispatch.dispatch(vec![Step::Decided(kpi.id, row.kpi.version)]);
            }
            ondecided.emit(kpi.id);
            refresh.emit(());
        })
    };
    let decide = {
        let (busy, decided, asking) = (busy.clone(), decided.clone(), asking.clone());
        let (overtaken, toaster, refresh) = (overtaken.clone(), toaster.clone(), refresh.clone());
        Callback::from(move |decision: Decision| {
            if *busy {
                return;
            }
            if decision.act.needs_reason() {
                asking.set(Some(decision));
                return;
            }
            busy.set(true);
            let (busy, decided, overtaken) = (busy.clone(), decided.clone(), overtaken.clone());
            let (toaster, refresh) = (toaster.clone(), refresh.clone());
            yew::platform::spawn_local(async move {
                let Decision { row, act } = &decision;
                let answer = api::kpis::act(row.kpi.id, *act, row.kpi.version, None).await;
                busy.set(false);
                match answer {
                    Ok(kpi) => decided.emit((*act, kpi)),
                    Err(error) if is_overtaken(&error) => {
                        overtaken.set(Some(decision));
                        refresh.emit(());
                    }
                    Err(error) => toaster.error(&error),
                }
            });
        })
    };
    let together = {
        let (dispatch, toaster, refresh) = (desk.dispatcher(), toaster.clone(), refresh.clone());
        let (outcome, refusing, returned) = (outcome.clone(), refusing.clone(), returned.clone());
        use_submit(
            |asked: Together, key| async move {
                let decisions = items(&asked.0, asked.1, asked.2.as_deref());
                let answer = api::approvals::decide(&BulkDecisions { decisions }, &key).await?;
                Ok((asked, answer))
            },
            Callback::from(move |((rows, good, reason), answer): (Together, DecisionResults)| {
                refusing.set(Vec::new());
                let found = Outcome::read(&rows, good, reason, answer.results);
                let version = |id: KpiId| rows.iter().find(|row| row.kpi.id == id).map(|row| row.kpi.version);
                let gone = found.done.iter().filter_map(|kpi| Some(Step::Decided(kpi.id, version(kpi.id)?)));
                dispatch.dispatch(gone.collect());
                if !found.done.is_empty() {
                    outcome::tell(&toaster, &found.done, &returned);
                }
                let missed = !found.missed.is_empty();
                outcome.set(Some(found).filter(|_| missed));
                if missed {
                    browser::focus_soon("queue-outcome".into());
                }
                refresh.emit(());
            }),
        )
    };
    // The dialog for the reason shows its refusal itself.
    use_effect_with((together.error.clone(), refusing.is_empty()), move |(error, closed)| {
        if let (Some(error), true) = (error, closed) {
            toaster.error(error);
        }
    });
    let decide_together = {
        let (refusing, run, dismiss) = (refusing.clone(), together.run.clone(), together.dismiss.clone());
        Callback::from(move |(rows, good): (Vec<ApprovalRow>, bool)| {
            if good {
                run.emit((rows, true, None));
            } else {
                dismiss.emit(());
                refusing.set(rows);
            }
        })
    };
    let again = outcome.as_ref().map(|outcome| outcome.again(rows)).unwrap_or_default();
    let onagain = {
        let (run, again, outcome) = (together.run.clone(), again.clone(), outcome.clone());
        Callback::from(move |()| {
            if let Some(outcome) = &*outcome {
                run.emit((again.clone(), outcome.good, outcome.reason.clone()));
            }
        })
    };
    let onreason = {
        let (run, refusing) = (together.run.clone(), refusing.clone());
        Callback::from(move |reason: String| run.emit(((*refusing).clone(), false, Some(reason))))
    };
    let notes = html! {
        <>
            if let Some(decision) = &*overtaken { { missed(decision, emptied(&overtaken)) } }
            if let Some(outcome_now) = &*outcome {
                <OutcomeNote outcome={outcome_now.clone()} {again} busy={together.busy} {onagain} onclose={emptied(&outcome)} />
            }
        </>
    };
    let dialogs = html! {
        <>
            if let Some(Decision { row, act }) = (*asking).clone() {
                <ActDialog kpi={row.kpi.id} title={row.kpi.title.clone()} version={row.kpi.version} act={Some(act)}
                    onclose={emptied(&asking)} ondone={decided} onstale={refresh.clone()} />
            }
            <ReasonDialog rows={(*refusing).clone()} busy={together.busy} error={together.error.clone()} {onreason} onclose={emptied(&refusing)} />
        </>
    };
    Decisions { busy: *busy, busy_together: together.busy, decide, decide_together, notes, dialogs }
}

fn emptied<T: Default + 'static>(state: &UseStateHandle<T>) -> Callback<()> {
    let state = state.clone();
    Callback::from(move |()| state.set(T::default()))
}

/// Somebody else was faster: calmly, with who did what.
fn missed(decision: &Decision, onclose: Callback<()>) -> Html {
    let actions = html! {
        <Button label={t!("ui.close")} icon={IconName::X} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={onclose.reform(|_: MouseEvent| ())} />
    };
    html! {
        <div role="alert" class="mb-4">
            <Note tone={Tone::Warn} {actions}>
                <p class="font-medium">{ t!("approvals.missed", title = decision.row.kpi.title) }</p>
                <Overtaken key={decision.row.kpi.id.0} kpi={decision.row.kpi.id} act={decision.act} />
            </Note>
        </div>
    }
}
