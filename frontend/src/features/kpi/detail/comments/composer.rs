//! The field for a comment: kept in the browser until it is sent, names completed after an `@`, Ctrl+Enter sends.

use kpi_api::{comment::COMMENT_MAX, id::KpiId};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::mention::{Open, completed, open_at, use_colleagues};
use crate::{
    core::{browser, draft::use_draft},
    t, tn,
    ui::{Avatar, Button, ButtonKind, ButtonSize, Field, field::described_by},
};

#[derive(Properties, PartialEq)]
pub struct ComposerProps {
    pub id: AttrValue,
    pub kpi: KpiId,
    pub label: AttrValue,
    /// What stands there at first, without a draft from last time.
    #[prop_or_default]
    pub text: AttrValue,
    /// The verb of the button.
    pub act: AttrValue,
    pub busy: bool,
    /// Changes when what was typed has been taken: the field is blank again.
    #[prop_or_default]
    pub turn: u32,
    pub onsend: Callback<String>,
    /// Without it the field stays.
    #[prop_or_default]
    pub oncancel: Option<Callback<()>>,
    /// Takes the focus when it appears.
    #[prop_or_default]
    pub autofocus: bool,
}

#[component]
pub fn Composer(props: &ComposerProps) -> Html {
    let draft = use_draft::<String>(format!("comment-{}-{}", props.kpi, props.id).into());
    let text = use_state(|| draft.found.clone().unwrap_or_else(|| props.text.to_string()));
    let open = use_state_eq(|| None::<Open>);
    let chosen = use_state_eq(|| 0_usize);
    let tried = use_state_eq(|| false);
    let field = use_node_ref();
    let colleagues = use_colleagues(props.kpi, (*open).as_ref());
    let at = (*chosen).min(colleagues.len().saturating_sub(1));

    use_effect_with(props.turn, {
        let (text, tried, clear) = (text.clone(), tried.clone(), draft.clear.clone());
        let first = props.text.to_string();
        move |turn| {
            if *turn > 0 {
                clear.emit(());
                text.set(first);
                tried.set(false);
            }
        }
    });
    use_effect_with((props.autofocus, props.id.clone()), |(wanted, id)| {
        if *wanted {
            browser::focus(id);
        }
    });

    // Where the caret stands decides whether a name is being typed.
    let look = {
        let (open, chosen) = (open.clone(), chosen.clone());
        move |area: &HtmlTextAreaElement| {
            let caret = area.selection_start().ok().flatten().unwrap_or(0);
            let now = open_at(&area.value(), caret);
            if *open != now {
                chosen.set(0);
            }
            open.set(now);
        }
    };
    let oninput = {
        let (text, keep, look) = (text.clone(), draft.keep.clone(), look.clone());
        Callback::from(move |event: InputEvent| {
            let area = event.target_unchecked_into::<HtmlTextAreaElement>();
            keep.emit(area.value());
            text.set(area.value());
            look(&area);
        })
    };
    let onclick = Callback::from(move |event: MouseEvent| look(&event.target_unchecked_into()));
    let onblur = {
        let open = open.setter();
        Callback::from(move |_: FocusEvent| open.set(None))
    };
    let choose = {
        let (text, open, keep, field) = (text.clone(), open.clone(), draft.keep.clone(), field.clone());
        Callback::from(move |username: String| {
            let Some(at) = (*open).clone() else { return };
            let (now, caret) = completed(&text, &at, &username);
            keep.emit(now.clone());
            // At once, so that the caret can stand where it belongs.
            if let Some(area) = field.cast::<HtmlTextAreaElement>() {
                area.set_value(&now);
                area.set_selection_range(caret, caret).ok();
            }
            text.set(now);
            open.set(None);
        })
    };
    let send = {
        let (text, tried, onsend, id) = (text.clone(), tried.clone(), props.onsend.clone(), props.id.clone());
        Callback::from(move |()| {
            tried.set(true);
            if fault(&text).is_none() {
                onsend.emit((*text).clone());
            } else {
                browser::focus(&id);
            }
        })
    };
    let cancel = {
        let (clear, oncancel) = (draft.clear.clone(), props.oncancel.clone());
        Callback::from(move |()| {
            clear.emit(());
            if let Some(oncancel) = &oncancel {
                oncancel.emit(());
            }
        })
    };
    let onkeydown = {
        let (open, chosen, choose, send, cancel) =
            (open.clone(), chosen.clone(), choose.clone(), send.clone(), cancel.clone());
        let names: Vec<String> = colleagues.iter().map(|colleague| colleague.username.clone()).collect();
        let may_cancel = props.oncancel.is_some() && (text.trim().is_empty() || *text == props.text.as_str());
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            if key == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                return send.emit(());
            }
            // A list that is not shown leaves every key to the field.
            match (key.as_str(), names.len()) {
                ("Escape", _) if open.is_some() => open.set(None),
                // Nothing was typed that could be lost.
                ("Escape", _) if may_cancel => cancel.emit(()),
                (_, 0) => return,
                ("ArrowDown", count) => chosen.set((at + 1) % count),
                ("ArrowUp", count) => chosen.set((at + count - 1) % count),
                ("Enter" | "Tab", _) => choose.emit(names[at].clone()),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let onsubmit = {
        let send = send.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(());
        })
    };
    let error = fault(&text).filter(|_| *tried);
    let (list_id, shown) = (format!("{}-people", props.id), !colleagues.is_empty());
    let hint = t!("comments.hint");
    html! {
        <form {onsubmit} novalidate=true class="space-y-2">
            <Field id={props.id.clone()} label={props.label.clone()} error={error.clone()} hint={hint}>
                <div class="relative">
                    <textarea
                        ref={field}
                        id={props.id.clone()}
                        class={classes!("textarea", "w-full", error.is_some().then_some("textarea-error"))}
                        rows="3"
                        value={(*text).clone()}
                        {oninput}
                        {onclick}
                        {onblur}
                        {onkeydown}
                        aria-autocomplete="list"
                        aria-haspopup="listbox"
                        aria-controls={shown.then(|| list_id.clone())}
                        aria-activedescendant={shown.then(|| format!("{list_id}-{at}"))}
                        aria-invalid={error.is_some().then_some("true")}
                        aria-describedby={described_by(&props.id, true, error.is_some())}
                        aria-keyshortcuts="Control+Enter"
                    />
                    if shown {
                        <ul id={list_id.clone()} role="listbox" aria-label={t!("comments.people")} class="mention-list">
                            { for colleagues.iter().enumerate().map(|(index, colleague)| {
                                // Before the field loses the focus, which closes the list.
                                let onmousedown = {
                                    let (choose, username) = (choose.clone(), colleague.username.clone());
                                    Callback::from(move |event: MouseEvent| {
                                        event.prevent_default();
                                        choose.emit(username.clone());
                                    })
                                };
                                html! {
                                    <li key={colleague.id.0} id={format!("{list_id}-{index}")} role="option" aria-selected={if index == at { "true" } else { "false" }} class="palette-hit" {onmousedown}>
                                        <Avatar name={colleague.name.clone()} size="size-6 text-[0.625rem]" />
                                        <span class="min-w-0 flex-1 truncate">{ colleague.name.clone() }</span>
                                        <span class="text-xs text-muted">{ format!("@{}", colleague.username) }</span>
                                    </li>
                                }
                            }) }
                        </ul>
                    }
                    <span class="sr-only" role="status">if shown { { tn!("comments.people_found", colleagues.len()) } }</span>
                </div>
            </Field>
            <div class="flex flex-wrap justify-end gap-2">
                if props.oncancel.is_some() {
                    <Button label={t!("ui.cancel")} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={cancel.reform(|_: MouseEvent| ())} />
                }
                <Button label={props.act.clone()} kind={ButtonKind::Primary} size={ButtonSize::Small} submit=true busy={props.busy} />
            </div>
        </form>
    }
}

/// What the server would object to, said before asking.
fn fault(text: &str) -> Option<AttrValue> {
    let length = kpi_api::comment::cleaned(text).chars().count();
    if length == 0 {
        Some(t!("ui.required"))
    } else if length > COMMENT_MAX {
        Some(t!("comments.too_long", max = COMMENT_MAX, length = length))
    } else {
        None
    }
}
