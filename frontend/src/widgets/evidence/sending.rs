//! Choosing files for a KPI, and each file's way to the server: progress, stop, try again, why it was refused.

use kpi_api::{evidence::Permitted, id::KpiId};
use web_sys::File;
use yew::prelude::*;

use super::{fault, reason, size, use_limits};
use crate::{
    core::{
        error::{self, ApiError},
        format,
        uploads::{Upload, UploadState, Uploads, use_uploads},
    },
    t,
    ui::{Button, ButtonKind, ButtonSize, FileDrop, Icon, IconName, Note, ProgressBar, TextInput, Tone},
};

#[derive(Properties, PartialEq)]
pub struct SendEvidenceProps {
    pub kpi: KpiId,
    pub may_add: Permitted,
}

/// A file that was not even sent.
#[derive(Clone, PartialEq)]
struct Kept {
    name: String,
    size: f64,
    fault: AttrValue,
}

#[component]
pub fn SendEvidence(props: &SendEvidenceProps) -> Html {
    let uploads = use_uploads();
    let limits = use_limits(uploads.list.arrived(props.kpi));
    let description = use_state(String::new);
    let kept = use_state(Vec::<Kept>::new);
    let onfiles = {
        let (kpi, uploads, limits) = (props.kpi, uploads.clone(), limits.clone());
        let (description, kept) = (description.clone(), kept.clone());
        Callback::from(move |files: Vec<File>| {
            let mut coming = uploads.list.coming();
            let (mut good, mut bad) = (Vec::new(), Vec::new());
            for file in files {
                match fault(&file, limits.as_deref(), coming) {
                    Some(fault) => bad.push(Kept { name: file.name(), size: file.size(), fault }),
                    None => {
                        coming += file.size();
                        good.push(file);
                    }
                }
            }
            if !good.is_empty() {
                uploads.add(kpi, good, &description);
                description.set(String::new());
            }
            kept.set(bad);
        })
    };
    let oninput = {
        let description = description.clone();
        Callback::from(move |text: String| description.set(text))
    };
    let forget = {
        let kept = kept.clone();
        Callback::from(move |_: MouseEvent| kept.set(Vec::new()))
    };
    let hint = limits.as_ref().map(|limits| {
        t!(
            "evidence.limits",
            types = limits.extensions.join(", "),
            most = size(limits.max_size as f64),
            room = size((limits.quota as f64 - limits.used as f64).max(0.0))
        )
    });
    let accept = limits.as_ref().map(|limits| {
        limits.extensions.iter().map(|extension| format!(".{extension}")).collect::<Vec<_>>().join(",")
    });
    let rows: Vec<Html> = uploads
        .list
        .of(props.kpi)
        .filter(|upload| !matches!(upload.state, UploadState::Done(_)))
        .map(|upload| row(upload, &uploads))
        .chain(kept.iter().map(refused))
        .collect();
    html! {
        <section class="space-y-3" aria-label={t!("evidence.add")}>
            if props.may_add.allowed {
                <FileDrop id="evidence-choose" label={t!("evidence.add")} {hint} accept={accept.unwrap_or_default()} {onfiles} />
                <TextInput
                    id="evidence-description"
                    label={t!("evidence.description")}
                    hint={t!("evidence.description_hint")}
                    optional=true
                    maxlength={kpi_api::evidence::DESCRIPTION_MAX}
                    value={(*description).clone()}
                    {oninput}
                />
            } else {
                <Note tone={Tone::Neutral}>{ t!("evidence.none_to_add", reason = reason(props.may_add.reason.as_deref())) }</Note>
            }
            if !rows.is_empty() {
                <ul class="surface divide-y divide-base-300" aria-label={t!("evidence.under_way")}>{ rows }</ul>
            }
            if !kept.is_empty() {
                <Button label={t!("evidence.forget")} size={ButtonSize::Small} kind={ButtonKind::Ghost} onclick={forget} />
            }
        </section>
    }
}

fn row(upload: &Upload, uploads: &Uploads) -> Html {
    let id = upload.id;
    let name = AttrValue::from(upload.parcel.name.clone());
    let act = |label: AttrValue, icon: IconName, act: fn(&Uploads, u32)| {
        let uploads = uploads.clone();
        let onclick = Callback::from(move |_: MouseEvent| act(&uploads, id));
        html! { <Button {label} {icon} icon_only=true size={ButtonSize::Small} kind={ButtonKind::Ghost} {onclick} /> }
    };
    let stop = || act(t!("evidence.stop", name = name), IconName::X, Uploads::stop);
    let dismiss = || act(t!("evidence.dismiss", name = name), IconName::X, Uploads::dismiss);
    let again = || act(t!("evidence.again", name = name), IconName::Refresh, Uploads::again);
    let (what, acts) = match &upload.state {
        UploadState::Queued => {
            (html! { <p class="text-sm text-muted">{ t!("evidence.queued") }</p> }, stop())
        }
        UploadState::Sending(share) if *share < 1.0 => (sending(&name, *share), stop()),
        UploadState::Sending(_) => {
            (html! { <p class="text-sm text-muted" role="status">{ t!("evidence.checking") }</p> }, stop())
        }
        UploadState::Stopped => (
            html! { <p class="text-sm text-muted" role="status">{ t!("evidence.stopped") }</p> },
            html! { <>{ again() }{ dismiss() }</> },
        ),
        UploadState::Failed(error) => {
            let acts = if error.is_passing() {
                html! { <>{ again() }{ dismiss() }</> }
            } else {
                dismiss()
            };
            (fault_line(sentence(error)), acts)
        }
        UploadState::Done(_) => (Html::default(), Html::default()),
    };
    line(id.to_string(), &upload.parcel.name, upload.size, what, acts)
}

fn sending(name: &AttrValue, share: f64) -> Html {
    let percent = (share * 100.0).floor();
    html! {
        <div class="flex items-center gap-3">
            <ProgressBar value={Some(percent)} tone={Tone::Accent} label={t!("evidence.progress", name = name)} />
            <span class="w-12 flex-none text-end text-sm text-muted tabular-nums">{ format::percent(Some(percent)) }</span>
        </div>
    }
}

/// What is wrong with the file itself says more than that something is wrong.
fn sentence(error: &ApiError) -> AttrValue {
    error.fields().first().map_or_else(|| error.sentence(), error::field_sentence)
}

fn fault_line(sentence: AttrValue) -> Html {
    html! {
        <p class="flex items-start gap-1 text-sm text-error" role="alert">
            <Icon name={IconName::Alert} class="mt-0.5 size-4" /><span>{ sentence }</span>
        </p>
    }
}

fn refused(kept: &Kept) -> Html {
    line(
        format!("kept-{}", kept.name),
        &kept.name,
        kept.size,
        fault_line(kept.fault.clone()),
        Html::default(),
    )
}

fn line(key: String, name: &str, bytes: f64, what: Html, acts: Html) -> Html {
    html! {
        <li {key} class="flex items-center gap-3 px-4 py-2.5">
            <Icon name={IconName::File} class="size-5 text-muted" />
            <div class="min-w-0 flex-1">
                <div class="flex items-baseline gap-2">
                    <span class="truncate font-medium">{ name.to_owned() }</span>
                    <span class="flex-none text-sm text-muted">{ size(bytes) }</span>
                </div>
                { what }
            </div>
            <div class="flex flex-none items-center gap-1">{ acts }</div>
        </li>
    }
}
