//! One file: what it shows, whose it is, what it belongs to, and what may be done with it.

use kpi_api::{
    evidence::{EvidenceView, PreviewKind},
    id::EvidenceId,
};
use yew::prelude::*;

use super::{reason, size};
use crate::{
    core::{api, format},
    route::Route,
    t, tn,
    ui::{Button, ButtonKind, ButtonSize, Icon, IconName, LinkKind, RouteLink, Tone},
};

#[derive(Properties, PartialEq)]
pub struct EvidenceCardProps {
    pub file: EvidenceView,
    /// The check-in it hangs on, in words.
    #[prop_or_default]
    pub check_in: Option<AttrValue>,
    /// Asks to delete it; without it there is no such button.
    #[prop_or_default]
    pub ondelete: Option<Callback<EvidenceView>>,
}

#[component]
pub fn EvidenceCard(props: &EvidenceCardProps) -> Html {
    let file = &props.file;
    let shown = file.preview != PreviewKind::None;
    let picture = html! {
        <span class="evidence-picture">
            if file.has_thumbnail {
                <img src={api::evidence::thumbnail_url(file.id)} alt="" loading="lazy" decoding="async" />
            } else {
                <span class="grid justify-items-center gap-1 text-muted">
                    <Icon name={IconName::File} class="size-7" />
                    <span class="text-xs font-semibold uppercase">{ file.extension.clone() }</span>
                </span>
            }
        </span>
    };
    html! {
        <article class="surface flex flex-col overflow-hidden" aria-label={file.name.clone()}>
            if shown {
                // Beside the link of its name, this one is for the mouse.
                <a href={api::evidence::viewer_url(file.id)} target="_blank" rel="noopener" tabindex="-1" aria-hidden="true">{ picture }</a>
            } else { { picture } }
            <div class="flex flex-1 flex-col gap-1 p-3">
                <h3 class="font-medium break-words">{ title(file, shown) }</h3>
                <p class="text-sm text-muted">
                    { size(file.size as f64) }{ " · " }{ file.uploaded_by.name.clone() }{ " · " }{ format::date_time(file.created_at) }
                </p>
                if let Some(check_in) = &props.check_in {
                    <p class="flex items-start gap-1 text-sm"><Icon name={IconName::Gauge} class="mt-0.5 size-4" /><span>{ t!("evidence.of_check_in", value = check_in) }</span></p>
                }
                if !file.description.is_empty() { <p class="text-sm break-words whitespace-pre-line">{ file.description.clone() }</p> }
                { also_used(file) }
                <div class="mt-auto flex flex-wrap items-center gap-1 pt-2">
                    { download(file.id, &file.name) }
                    if let Some(ondelete) = &props.ondelete {
                        { delete(file, ondelete) }
                    }
                </div>
            </div>
        </article>
    }
}

fn title(file: &EvidenceView, shown: bool) -> Html {
    if shown {
        html! {
            <a class="hover:underline" href={api::evidence::viewer_url(file.id)} target="_blank" rel="noopener">
                { file.name.clone() }<span class="sr-only">{ t!("evidence.opens_viewer") }</span>
            </a>
        }
    } else {
        html! { file.name.clone() }
    }
}

fn download(id: EvidenceId, name: &str) -> Html {
    html! {
        <a class="btn btn-ghost btn-sm" href={api::evidence::content_url(id)} download={name.to_owned()}>
            <Icon name={IconName::Download} />{ t!("evidence.download") }<span class="sr-only">{ " " }{ name.to_owned() }</span>
        </a>
    }
}

fn delete(file: &EvidenceView, ondelete: &Callback<EvidenceView>) -> Html {
    let onclick = {
        let file = file.clone();
        ondelete.reform(move |_: MouseEvent| file.clone())
    };
    let disabled = (!file.may_delete.allowed).then(|| reason(file.may_delete.reason.as_deref()));
    html! {
        <Button label={t!("evidence.delete")} icon={IconName::Trash} size={ButtonSize::Small} kind={ButtonKind::Ghost} {disabled} {onclick} />
    }
}

/// The same content elsewhere, for those who decide.
fn also_used(file: &EvidenceView) -> Html {
    let count = file.also_used_count.unwrap_or(0);
    if count == 0 {
        return Html::default();
    }
    let unseen = count.saturating_sub(file.also_used_on.len() as u64);
    html! {
        <div class={classes!("note", Tone::Warn.class())}>
            <Icon name={IconName::Alert} class="mt-0.5 size-4" />
            <div class="min-w-0">
                <p>{ tn!("evidence.also_used", count) }</p>
                <ul>
                    { for file.also_used_on.iter().map(|other| html! {
                        <li key={other.kpi_id.0}>
                            <RouteLink to={Route::Kpi { id: other.kpi_id }} kind={LinkKind::Bare} class="underline">{ other.title.clone() }</RouteLink>{ " · " }{ other.user_name.clone() }
                        </li>
                    }) }
                    if unseen > 0 { <li>{ tn!("evidence.also_unseen", unseen) }</li> }
                </ul>
            </div>
        </div>
    }
}
