//! The files that prove a result, small enough to look at in passing; each opens in the viewer.

use std::rc::Rc;

use kpi_api::evidence::{EvidenceList, EvidenceView};
use yew::prelude::*;

use crate::{
    core::{api, format},
    route::Route,
    t, tn,
    ui::{Badge, Card, Icon, IconName, LinkKind, Note, RouteLink, Tone},
};

#[derive(Properties, PartialEq)]
pub struct EvidenceCardProps {
    pub evidence: Rc<EvidenceList>,
    /// Whether what the template demands has to be there by now.
    pub is_due: bool,
}

#[component]
pub fn EvidenceCard(props: &EvidenceCardProps) -> Html {
    let EvidenceList { items, need, .. } = &*props.evidence;
    let lacking = need.as_ref().filter(|need| props.is_due && !need.is_met);
    if items.is_empty() && lacking.is_none() {
        return Html::default();
    }
    html! {
        <Card title={t!("approvals.evidence")}>
            if let Some(need) = lacking {
                <Note tone={Tone::Warn} class="mb-3">
                    { t!("approvals.evidence_lacks", counted = need.counted, wanted = need.contract.count) }
                    if !need.missing_kinds.is_empty() { { " " }{ t!("approvals.evidence_kinds", kinds = need.missing_kinds.join(", ")) } }
                </Note>
            }
            <ul class="grid gap-3 sm:grid-cols-2">
                { for items.iter().map(|file| html! { <File key={file.id.0} file={file.clone()} /> }) }
            </ul>
        </Card>
    }
}

#[derive(Properties, PartialEq)]
struct FileProps {
    file: EvidenceView,
}

#[component]
fn File(props: &FileProps) -> Html {
    let file = &props.file;
    let elsewhere = file.also_used_count.unwrap_or_default();
    html! {
        <li class="flex min-w-0 items-start gap-3">
            <a class="evidence-thumb" href={api::evidence::viewer_url(file.id)} target="_blank" rel="noopener" aria-label={t!("approvals.look_at", name = file.name)}>
                if file.has_thumbnail {
                    <img src={api::evidence::thumbnail_url(file.id)} alt="" loading="lazy" />
                } else {
                    <span class="flex flex-col items-center gap-0.5 text-xs text-muted uppercase"><Icon name={IconName::File} class="size-5" />{ file.extension.clone() }</span>
                }
            </a>
            <div class="min-w-0 text-sm">
                <p class="truncate font-medium" title={file.name.clone()}>{ file.name.clone() }</p>
                if !file.description.is_empty() { <p class="line-clamp-2 break-words">{ file.description.clone() }</p> }
                <p class="text-xs text-muted">{ file.uploaded_by.name.clone() }{ " · " }{ format::date_of(file.created_at) }</p>
                if elsewhere > 0 {
                    <details class="mt-1">
                        <summary class="cursor-pointer"><Badge label={tn!("approvals.also_on", elsewhere)} tone={Tone::Warn} icon={IconName::Copy} /></summary>
                        <ul class="mt-1 list-disc ps-5">
                            { for file.also_used_on.iter().map(|other| html! {
                                <li key={other.kpi_id.0}><RouteLink to={Route::Kpi { id: other.kpi_id }} kind={LinkKind::Bare} class="underline">{ other.title.clone() }</RouteLink>{ " · " }{ other.user_name.clone() }</li>
                            }) }
                            if elsewhere as usize > file.also_used_on.len() { <li>{ tn!("approvals.also_hidden", elsewhere as usize - file.also_used_on.len()) }</li> }
                        </ul>
                    </details>
                }
            </div>
        </li>
    }
}
