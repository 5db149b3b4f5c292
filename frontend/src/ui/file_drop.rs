//! Where files are put: dropped, chosen, or taken with the camera.

use gloo_events::{EventListener, EventListenerOptions};
use web_sys::{DragEvent, File, FileList, HtmlInputElement};
use yew::prelude::*;

use super::{
    button::{Button, ButtonSize},
    icon::{Icon, IconName},
};
use crate::{core::browser, t};

#[derive(Properties, PartialEq)]
pub struct FileDropProps {
    pub id: AttrValue,
    /// What the files are for.
    pub label: AttrValue,
    /// What may be put here, in a sentence.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// For the browser's dialog: endings with their dots, separated by commas.
    #[prop_or_default]
    pub accept: AttrValue,
    /// Buttons only, for inside a form.
    #[prop_or_default]
    pub compact: bool,
    /// One file, and none that a camera makes.
    #[prop_or_default]
    pub single: bool,
    pub onfiles: Callback<Vec<File>>,
}

#[component]
pub fn FileDrop(props: &FileDropProps) -> Html {
    let over = use_state(|| false);
    let chooser = use_node_ref();
    let camera = use_node_ref();
    // A file dropped beside the zone would replace the app.
    use_effect_with((), |()| {
        let listeners: Vec<_> = ["dragover", "drop"]
            .into_iter()
            .filter_map(|name| {
                let options = EventListenerOptions::enable_prevent_default();
                let window = browser::window()?;
                Some(EventListener::new_with_options(&window, name, options, |event| event.prevent_default()))
            })
            .collect();
        move || drop(listeners)
    });
    let ondragover = {
        let over = over.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(true);
        })
    };
    let ondragleave = {
        let over = over.clone();
        Callback::from(move |_: DragEvent| over.set(false))
    };
    let ondrop = {
        let (over, onfiles) = (over.clone(), props.onfiles.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            give(event.data_transfer().and_then(|data| data.files()), &onfiles);
        })
    };
    let onchange = {
        let onfiles = props.onfiles.clone();
        Callback::from(move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            give(input.files(), &onfiles);
            // The same file may be chosen again.
            input.set_value("");
        })
    };
    let open = |node: &NodeRef| {
        let node = node.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let size = if props.compact { ButtonSize::Small } else { ButtonSize::Normal };
    let buttons = html! {
        <div class="flex flex-wrap items-center justify-center gap-2">
            <Button id={props.id.clone()} label={if props.single { t!("files.choose_one") } else { t!("files.choose") }} icon={IconName::Clip} {size} onclick={open(&chooser)} />
            if !props.single {
                <span class="touch-only"><Button label={t!("files.camera")} icon={IconName::Camera} {size} onclick={open(&camera)} /></span>
            }
        </div>
    };
    html! {
        <div role="group" aria-label={props.label.clone()}>
            <input ref={chooser} type="file" class="hidden" multiple={!props.single} accept={props.accept.clone()} onchange={onchange.clone()} aria-label={props.label.clone()} />
            if !props.single {
                <input ref={camera} type="file" class="hidden" accept="image/*" capture="environment" {onchange} aria-label={t!("files.camera")} />
            }
            if props.compact {
                <div class="flex">{ buttons }</div>
            } else {
                <div class={classes!("drop-zone", over.then_some("is-over"))} {ondragover} {ondragleave} {ondrop}>
                    <Icon name={IconName::Upload} class="size-6" />
                    <p class="mouse-only text-sm">{ if props.single { t!("files.drop_one") } else { t!("files.drop") } }</p>
                    { buttons }
                    if let Some(hint) = &props.hint { <p class="text-sm text-muted">{ hint.clone() }</p> }
                </div>
            }
        </div>
    }
}

fn give(list: Option<FileList>, onfiles: &Callback<Vec<File>>) {
    let Some(list) = list else { return };
    let files: Vec<File> = (0..list.length()).filter_map(|index| list.get(index)).collect();
    if !files.is_empty() {
        onfiles.emit(files);
    }
}
