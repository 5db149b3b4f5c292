//! Calling a hook of a plugin by hand, with an example of its event.

use kpi_api::plugin::{PluginHook, PluginTest, PluginTested};
use yew::prelude::*;

use super::{overview::called, preview::place, words};
use crate::{
    core::{api, slug::Slug, submit::use_submit},
    t, tn,
    ui::{Button, ButtonKind, Dialog, FormError, IconName, Note, Select, Tone},
    widgets::receipt::written,
};

#[derive(Properties, PartialEq)]
pub struct TestRunProps {
    pub id: Slug,
    pub hooks: Vec<PluginHook>,
    pub open: bool,
    pub onclose: Callback<()>,
    /// It has run, so its log and health are others now.
    pub ondone: Callback<()>,
}

#[component]
pub fn TestRun(props: &TestRunProps) -> Html {
    html! {
        <Dialog id="plugin-test" title={t!("plugins.test")} open={props.open} wide=true onclose={props.onclose.clone()}>
            <Trial id={props.id} hooks={props.hooks.clone()} ondone={props.ondone.clone()} />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct TrialProps {
    id: Slug,
    hooks: Vec<PluginHook>,
    ondone: Callback<()>,
}

#[component]
fn Trial(props: &TrialProps) -> Html {
    let event = use_state(|| props.hooks.first().map(|hook| hook.event.clone()).unwrap_or_default());
    let tested = use_state(|| None::<PluginTested>);
    let run = {
        let (id, tested, ondone) = (props.id, tested.clone(), props.ondone.clone());
        use_submit(
            move |event: String, _key| async move { api::plugins::test(id.as_str(), &PluginTest { event }).await },
            Callback::from(move |found| {
                tested.set(Some(found));
                ondone.emit(());
            }),
        )
    };
    let onchange = {
        let (event, tested) = (event.clone(), tested.clone());
        Callback::from(move |chosen: String| {
            tested.set(None);
            event.set(chosen);
        })
    };
    let send = {
        let (run, event, tested) = (run.run.clone(), event.clone(), tested.clone());
        Callback::from(move |_: MouseEvent| {
            tested.set(None);
            run.emit((*event).clone());
        })
    };
    let options: Vec<(AttrValue, AttrValue)> =
        props.hooks.iter().map(|hook| (hook.event.clone().into(), words::event(hook))).collect();
    html! {
        <div class="space-y-4">
            <p class="text-sm text-muted">{ t!("plugins.test_text") }</p>
            <FormError error={run.error.clone()} />
            <Select id="plugin-event" label={t!("plugins.test_event")} value={(*event).clone()} {options} {onchange} />
            <Button label={t!("plugins.test_now")} icon={IconName::Send} kind={ButtonKind::Primary} busy={run.busy} onclick={send} />
            <div role="status">{ for tested.as_ref().map(told) }</div>
        </div>
    }
}

/// How it went, what it said, and with what it was called.
fn told(tested: &PluginTested) -> Html {
    let took = t!(
        "plugins.test_took",
        function = called(&tested.function),
        ms = tested.took_ms,
        operations = tested.operations
    );
    html! {
        <div class="space-y-3">
            { match &tested.error {
                None => html! {
                    <Note tone={Tone::Good}><p class="font-medium">{ t!("plugins.test_good") }</p><p>{ took }</p></Note>
                },
                Some(problem) => html! {
                    <Note tone={Tone::Bad}>
                        <p class="font-medium">{ t!("plugins.test_bad", place = place(problem)) }</p>
                        <p class="break-words whitespace-pre-wrap" lang="en">{ problem.message.clone() }</p>
                        <p class="mt-1">{ took }</p>
                    </Note>
                },
            } }
            if !tested.log.is_empty() {
                <section>
                    <h3 class="mb-1 text-sm font-medium">{ tn!("plugins.test_log", tested.log.len()) }</h3>
                    <ul class="list-disc space-y-0.5 ps-5 text-sm">{ for tested.log.iter().map(|line| html! { <li class="break-words">{ line.clone() }</li> }) }</ul>
                </section>
            }
            <details class="text-sm">
                <summary class="cursor-pointer text-muted">{ t!("plugins.test_argument") }</summary>
                <p class="mt-1 break-words">{ written(&tested.argument) }</p>
                if !tested.result.is_null() {
                    <p class="mt-2 font-medium">{ t!("plugins.test_result") }</p>
                    <p class="break-words">{ written(&tested.result) }</p>
                }
            </details>
        </div>
    }
}
