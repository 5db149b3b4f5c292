//! What has to be known before one goes on: somebody else was faster, something could not be saved, an upgrade brought
//! a newer text, the rule failed.

use std::rc::Rc;

use kpi_api::rules::{RuleState, RuleView};
use yew::prelude::*;

use super::{
    saving::{Loaded, UseWork},
    steps::View,
    work::{Phase, Step, Work, Writing},
};
use crate::{
    core::{
        format,
        toast::{Toaster, use_toaster},
    },
    route::Route,
    t, tn,
    ui::{Button, ButtonKind, ButtonSize, IconName, Note, RouteLink, Tone},
};

/// How the draft stands with the server, in a few words.
pub fn saved(work: &Work, loaded: &Loaded) -> AttrValue {
    match &work.phase {
        Phase::Sending(_) => t!("studio.saving"),
        Phase::Failed(_) | Phase::Overtaken(_) => t!("studio.not_saved"),
        Phase::Quiet if work.is_dirty() => t!("studio.saving_soon"),
        Phase::Quiet => match &loaded.rule.draft {
            Some(draft) => t!("studio.draft_saved", at = format::date_time(draft.updated_at)),
            None => t!("studio.no_draft"),
        },
    }
}

#[derive(Properties, PartialEq)]
pub struct NotesProps {
    pub loaded: Rc<Loaded>,
    pub work: UseReducerHandle<Work>,
    pub found: Option<super::work::Kept>,
    pub forget: Callback<()>,
    pub save: Callback<()>,
    pub onopen: Callback<View>,
}

impl NotesProps {
    pub fn of(loaded: &Rc<Loaded>, using: &UseWork, onopen: Callback<View>) -> Self {
        Self {
            loaded: Rc::clone(loaded),
            work: using.work.clone(),
            found: using.found.clone(),
            forget: using.forget.clone(),
            save: using.save.clone(),
            onopen,
        }
    }
}

#[component]
pub fn Notes(props: &NotesProps) -> Html {
    let toaster = use_toaster();
    let rule = &props.loaded.rule.rule;
    html! {
        <>
            { overtaken(props, toaster) }
            { failed(props) }
            { found(props) }
            if rule.draft_offered && !props.work.is_dirty() { { offered(&props.onopen) } }
            if rule.state == RuleState::Retired { <Note>{ t!("studio.retired") }</Note> }
            { trouble(rule) }
        </>
    }
}

fn small(label: AttrValue, onclick: Callback<MouseEvent>) -> Html {
    html! { <Button {label} size={ButtonSize::Small} {onclick} /> }
}

fn overtaken(props: &NotesProps, toaster: Toaster) -> Html {
    let Phase::Overtaken(theirs) = &props.work.phase else { return Html::default() };
    let (mine, dispatch) = (props.work.mine.clone(), props.work.dispatcher());
    let keep = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Step::KeepMine))
    };
    let take = Callback::from(move |_: MouseEvent| {
        dispatch.dispatch(Step::TakeTheirs);
        let (dispatch, mine) = (dispatch.clone(), mine.clone());
        toaster.with_undo(
            t!("studio.theirs_taken"),
            None,
            Callback::from(move |()| dispatch.dispatch(Step::Brought(mine.clone()))),
        );
    });
    let actions = theirs.as_ref().map(|_| html! {
        <span class="flex flex-wrap gap-2">{ small(t!("studio.keep_mine"), keep) }{ small(t!("studio.take_theirs"), take) }</span>
    });
    let by = props
        .loaded
        .rule
        .draft
        .as_ref()
        .and_then(|draft| draft.updated_by.as_ref())
        .map(|author| author.full_name.clone());
    let words = match by {
        Some(name) => t!("studio.overtaken_by", name = name),
        None => t!("studio.overtaken"),
    };
    html! {
        <div role="alert">
            <Note tone={Tone::Warn} actions={actions.unwrap_or_default()}>
                <p class="font-medium">{ words }</p>
                <p>{ t!("studio.overtaken_text") }</p>
            </Note>
        </div>
    }
}

fn failed(props: &NotesProps) -> Html {
    let Phase::Failed(error) = &props.work.phase else { return Html::default() };
    let again = {
        let (dispatch, mine) = (props.work.dispatcher(), props.work.mine.clone());
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Step::Typed(mine.source.to_string())))
    };
    html! {
        <div role="alert">
            <Note tone={Tone::Bad} actions={small(t!("ui.retry"), again)}>
                <p class="font-medium">{ t!("studio.save_failed", why = error.sentence()) }</p>
                <ul class="list-disc ps-4">{ for error.fields().iter().map(|fault| html! { <li>{ fault.message.clone() }</li> }) }</ul>
                <p>{ t!("studio.save_failed_text") }</p>
            </Note>
        </div>
    }
}

fn found(props: &NotesProps) -> Html {
    let Some(kept) = &props.found else { return Html::default() };
    let bring = {
        let (writing, dispatch, forget): (Writing, _, _) =
            (kept.writing(), props.work.dispatcher(), props.forget.clone());
        Callback::from(move |_: MouseEvent| {
            forget.emit(());
            dispatch.dispatch(Step::Brought(writing.clone()));
        })
    };
    let drop = props.forget.reform(|_: MouseEvent| ());
    let actions = html! {
        <span class="flex flex-wrap gap-2">
            { small(t!("studio.found_restore"), bring) }
            <Button label={t!("studio.found_drop")} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={drop} />
        </span>
    };
    html! { <Note tone={Tone::Accent} {actions}>{ t!("studio.found") }</Note> }
}

fn offered(onopen: &Callback<View>) -> Html {
    let look = onopen.reform(|_: MouseEvent| View::Versions);
    html! { <Note tone={Tone::Accent} actions={small(t!("studio.offered_compare"), look)}>{ t!("studio.offered") }</Note> }
}

fn trouble(rule: &RuleView) -> Html {
    let Some(trouble) = &rule.trouble else { return Html::default() };
    let said = match trouble.last_line {
        Some(line) => t!("studio.line_says", line = line, what = trouble.last_message),
        None => trouble.last_message.clone().into(),
    };
    let kpi = trouble.last_kpi_id.map(|id| html! { <>{ " " }<RouteLink to={Route::Kpi { id }} icon={IconName::ArrowRight}>{ t!("studio.kpi_number", id = id) }</RouteLink></> });
    html! {
        <Note tone={Tone::Bad}>
            <p class="font-medium">{ tn!("studio.trouble", trouble.failures_7d) }</p>
            <p>{ said }{ for kpi }</p>
        </Note>
    }
}
