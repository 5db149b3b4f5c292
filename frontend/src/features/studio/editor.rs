//! The text of a rule: the editor, a plain field until it is there, and below it what the check found.

use std::rc::Rc;

use kpi_api::{
    rules::{cases::Diagnostic, reference::Vocabulary},
    scoring::{RuleKind, Severity},
};
use web_sys::{Element, HtmlTextAreaElement};
use yew::prelude::*;

use super::asked::Asked;
use crate::{
    core::{
        code_editor::{self, CodeEditor, Language, Options},
        error::ApiError,
    },
    t, tn,
    ui::{Icon, IconName, Tone},
};

const HINT: &str = "rule-editor-hint";

#[derive(Properties, PartialEq)]
pub struct RuleEditorProps {
    pub kind: RuleKind,
    pub text: AttrValue,
    /// Counts the times when the text was put in other than by typing.
    pub brought: u32,
    pub ontype: Callback<String>,
    pub checked: Asked<kpi_api::rules::cases::Checked>,
    pub vocabulary: Option<Rc<Vocabulary>>,
}

#[component]
pub fn RuleEditor(props: &RuleEditorProps) -> Html {
    let checked = &props.checked;
    html! {
        <CodeField label={t!("studio.code")} language={Language::Rhai} text={props.text.clone()} brought={props.brought} ontype={props.ontype.clone()}
            found={checked.shown.as_ref().map(|checked| checked.diagnostics.clone())} failed={checked.failed.as_ref().map(ApiError::sentence)}
            vocabulary={props.vocabulary.clone().map(|words| (words, props.kind))} />
    }
}

#[derive(Properties, PartialEq)]
pub struct CodeFieldProps {
    /// What the text is.
    pub label: AttrValue,
    pub language: Language,
    pub text: AttrValue,
    /// Counts the times when the text was put in other than by typing.
    pub brought: u32,
    pub ontype: Callback<String>,
    /// What is wrong with it; `None` while that is being found out.
    pub found: Option<Vec<Diagnostic>>,
    /// Why that could not be found out.
    #[prop_or_default]
    pub failed: Option<AttrValue>,
    /// What can stand in it.
    #[prop_or_default]
    pub vocabulary: Option<(Rc<Vocabulary>, RuleKind)>,
}

/// The editor, a plain field until it is there, and below it what is wrong with the text.
#[component]
pub fn CodeField(props: &CodeFieldProps) -> Html {
    let place = use_node_ref();
    let editor = use_mut_ref(|| None::<CodeEditor>);
    let ready = use_state(|| None::<bool>);
    let ontype = use_mut_ref(Callback::noop);
    *ontype.borrow_mut() = props.ontype.clone();
    use_effect_with((), {
        let ready = ready.clone();
        move |()| yew::platform::spawn_local(async move { ready.set(Some(code_editor::load().await)) })
    });
    use_effect_with(*ready, {
        let (editor, place, text) = (Rc::clone(&editor), place.clone(), props.text.clone());
        let (label, language) = (props.label.clone(), props.language);
        move |ready| {
            if *ready == Some(true)
                && let Some(place) = place.cast::<Element>()
            {
                let phrases = phrases();
                let options =
                    Options { text: &text, label: &label, described_by: HINT, language, phrases: &phrases };
                *editor.borrow_mut() =
                    CodeEditor::new(&place, &options, move |text| ontype.borrow().emit(text));
            }
            move || drop(editor.borrow_mut().take())
        }
    });
    use_effect_with((*ready, props.brought), {
        let (editor, text) = (Rc::clone(&editor), props.text.clone());
        move |_| {
            if let Some(editor) = &*editor.borrow() {
                editor.set_text(&text);
            }
        }
    });
    use_effect_with((*ready, props.vocabulary.clone()), {
        let editor = Rc::clone(&editor);
        move |(_, vocabulary)| {
            if let (Some(editor), Some((vocabulary, kind))) = (&*editor.borrow(), vocabulary) {
                editor.set_vocabulary(vocabulary, *kind);
            }
        }
    });
    use_effect_with((*ready, props.found.clone()), {
        let editor = Rc::clone(&editor);
        move |(_, found)| {
            if let Some(editor) = &*editor.borrow() {
                editor.set_faults(found.as_deref().unwrap_or_default());
            }
        }
    });
    let ongo = Callback::from(move |(line, column): (u32, u32)| {
        if let Some(editor) = &*editor.borrow() {
            editor.go_to(line, column);
        }
    });
    html! {
        <div class="min-w-0">
            // The editor takes the place over: nothing of ours may stand inside.
            <div ref={place} class={classes!("code-field", (*ready != Some(true)).then_some("hidden"))}></div>
            if *ready != Some(true) { { plain(props, *ready == Some(false)) } }
            <p id={HINT} class="mt-1.5 text-xs text-muted">{ if props.language == Language::Rhai { t!("studio.editor_hint") } else { t!("studio.editor_hint_plain") } }</p>
            <Faults found={props.found.clone()} failed={props.failed.clone()} can_go={*ready == Some(true)} {ongo} />
        </div>
    }
}

/// Until the editor is there, or where it cannot be loaded.
fn plain(props: &CodeFieldProps, failed: bool) -> Html {
    let ontype = props.ontype.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        ontype.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value());
    });
    html! {
        <>
            <textarea class="textarea code-plain" aria-label={props.label.clone()} aria-describedby={HINT} spellcheck="false" value={props.text.clone()} {oninput} />
            if failed { <p class="mt-1 text-sm text-muted">{ t!("studio.editor_failed") }</p> }
        </>
    }
}

/// CodeMirror's own words.
fn phrases() -> [(&'static str, String); 9] {
    [
        ("Completions", t!("studio.phrase_completions")),
        ("Selection deleted", t!("studio.phrase_deleted")),
        ("Folded lines", t!("studio.phrase_folded")),
        ("Unfolded lines", t!("studio.phrase_unfolded")),
        ("to", t!("studio.phrase_to")),
        ("folded code", t!("studio.phrase_folded_code")),
        ("unfold", t!("studio.phrase_unfold")),
        ("Fold line", t!("studio.phrase_fold_line")),
        ("Unfold line", t!("studio.phrase_unfold_line")),
    ]
    .map(|(key, words)| (key, words.to_string()))
}

#[derive(Properties, PartialEq)]
struct FaultsProps {
    found: Option<Vec<Diagnostic>>,
    failed: Option<AttrValue>,
    can_go: bool,
    ongo: Callback<(u32, u32)>,
}

/// What the check found, as a list that leads to the places.
#[component]
fn Faults(props: &FaultsProps) -> Html {
    if let Some(why) = &props.failed {
        return html! { <p class="mt-2 text-sm text-error" role="status">{ t!("studio.check_failed", why = why) }</p> };
    }
    let Some(faults) = &props.found else {
        return html! { <p class="mt-2 text-sm text-muted" role="status">{ t!("studio.checking") }</p> };
    };
    let summary = if faults.is_empty() { t!("studio.no_faults") } else { tn!("studio.faults", faults.len()) };
    html! {
        <section class="mt-2 text-sm" aria-label={t!("studio.faults_title")}>
            <p class={classes!("flex", "items-center", "gap-1.5", if faults.is_empty() { "text-muted" } else { "font-medium" })} role="status">
                if faults.is_empty() { <Icon name={IconName::Check} class="size-4" /> }
                { summary }
            </p>
            if !faults.is_empty() {
                <ul class="mt-1 space-y-1">
                    { for faults.iter().enumerate().map(|(index, fault)| html! { <li key={index}>{ entry(fault, props) }</li> }) }
                </ul>
            }
        </section>
    }
}

fn entry(fault: &Diagnostic, props: &FaultsProps) -> Html {
    let (tone, name, word) = match fault.severity {
        Severity::Error => (Tone::Bad, IconName::Ban, t!("findings.error")),
        Severity::Warning => (Tone::Warn, IconName::Alert, t!("findings.warning")),
    };
    let mark = html! { <span class={classes!("mark-text", tone.class())}><Icon {name} class="mt-0.5 size-4" /><span class="sr-only">{ word }</span></span> };
    if fault.line == 0 || !props.can_go {
        return html! { <span class="flex items-start gap-2">{ mark }<span>{ fault.message.clone() }</span></span> };
    }
    let place = (fault.line, fault.column.max(1));
    let onclick = props.ongo.reform(move |_: MouseEvent| place);
    html! {
        <button type="button" class="flex cursor-pointer items-start gap-2 text-start hover:underline" {onclick}>
            { mark }
            <span><span class="font-medium">{ t!("studio.line", line = fault.line) }</span>{ " " }{ fault.message.clone() }</span>
        </button>
    }
}
