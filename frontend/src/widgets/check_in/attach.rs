//! Photos and files that go with a value: chosen before it is saved, attached to it after.

use web_sys::File;
use yew::prelude::*;

use crate::{
    t,
    ui::{Button, ButtonKind, ButtonSize, FileDrop, Icon, IconName},
    widgets::evidence::{fault, size, use_limits},
};

#[derive(Properties, PartialEq)]
pub struct AttachProps {
    pub id: AttrValue,
    pub files: Vec<File>,
    pub onchange: Callback<Vec<File>>,
}

#[component]
pub fn Attach(props: &AttachProps) -> Html {
    let limits = use_limits(0);
    let refused = use_state(Vec::<(String, AttrValue)>::new);
    let onfiles = {
        let (files, onchange, limits, refused) =
            (props.files.clone(), props.onchange.clone(), limits.clone(), refused.clone());
        Callback::from(move |chosen: Vec<File>| {
            let (mut all, mut bad) = (files.clone(), Vec::new());
            for file in chosen {
                let coming = all.iter().map(|file| file.size()).sum();
                match fault(&file, limits.as_deref(), coming) {
                    Some(fault) => bad.push((file.name(), fault)),
                    None => all.push(file),
                }
            }
            refused.set(bad);
            onchange.emit(all);
        })
    };
    let accept = limits.as_ref().map(|limits| {
        limits.extensions.iter().map(|extension| format!(".{extension}")).collect::<Vec<_>>().join(",")
    });
    html! {
        <div class="space-y-2">
            <FileDrop id={props.id.clone()} label={t!("evidence.attach")} compact=true accept={accept.unwrap_or_default()} {onfiles} />
            if !props.files.is_empty() {
                <ul class="space-y-1" aria-label={t!("evidence.attach")}>
                    { for props.files.iter().enumerate().map(|(index, file)| {
                        let onclick = {
                            let (mut left, onchange) = (props.files.clone(), props.onchange.clone());
                            left.remove(index);
                            Callback::from(move |_: MouseEvent| onchange.emit(left.clone()))
                        };
                        html! {
                            <li key={index} class="flex items-center gap-2 text-sm">
                                <Icon name={IconName::File} class="size-4 text-muted" />
                                <span class="min-w-0 truncate">{ file.name() }</span>
                                <span class="flex-none text-muted">{ size(file.size()) }</span>
                                <Button label={t!("evidence.dismiss", name = file.name())} icon={IconName::X} icon_only=true size={ButtonSize::Small} kind={ButtonKind::Ghost} {onclick} />
                            </li>
                        }
                    }) }
                </ul>
            }
            { for refused.iter().map(|(name, fault)| html! {
                <p class="flex items-start gap-1 text-sm text-error" role="alert">
                    <Icon name={IconName::Alert} class="mt-0.5 size-4" />
                    <span>{ name.clone() }{ ": " }{ fault.clone() }</span>
                </p>
            }) }
        </div>
    }
}
