//! The score to come, while a value is typed.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use kpi_api::{
    kpi::{KpiView, Preview},
    scoring::Rollup,
};
use yew::prelude::*;

use super::entry::Entry;
use crate::{
    core::{api, format, remote::use_remote},
    t,
    widgets::{
        findings::FindingsList,
        marks::{BandMark, PaceMark},
    },
};

const PREVIEW_DELAY_MS: u32 = 300;

pub fn preview_view(preview: Option<&Preview>) -> Html {
    // What is said to the note stands beside the note.
    let others: Vec<_> = preview
        .into_iter()
        .flat_map(|preview| &preview.findings)
        .filter(|finding| finding.field != "note")
        .cloned()
        .collect();
    match preview {
        None => html! { <div class="min-h-6 text-muted">{ t!("check_in.type_a_value") }</div> },
        Some(preview) => html! {
            <div class="space-y-2">
                <div class="flex min-h-6 flex-wrap items-center gap-2">
                    <BandMark band={preview.band} score={preview.score} />
                    <PaceMark pace={preview.pace} />
                    <span class="text-muted tabular-nums">{ format::percent(preview.progress_percentage) }</span>
                </div>
                if !others.is_empty() { <FindingsList findings={others.clone()} /> }
            </div>
        },
    }
}

/// Asks for the score to come a moment after the last key.
#[hook]
pub fn use_preview(kpi: &Rc<KpiView>, entry: &UseStateHandle<Entry>) -> Option<Preview> {
    let preview = use_state(|| None::<Preview>);
    let latest = use_mut_ref(|| 0_u32);
    let earlier = use_earlier(kpi);
    use_effect_with(entry.preview(kpi, earlier.as_ref().map(|earlier| earlier.as_slice())), {
        let preview = preview.clone();
        move |body| {
            let run = {
                let mut latest = latest.borrow_mut();
                *latest = latest.wrapping_add(1);
                *latest
            };
            let timeout = match body.clone() {
                None => {
                    preview.set(None);
                    None
                }
                Some(body) => Some(Timeout::new(PREVIEW_DELAY_MS, move || {
                    yew::platform::spawn_local(async move {
                        // No preview is better than a wrong one: a refusal or an overtaken answer shows nothing new.
                        if let Ok(answer) = api::kpis::preview(&body).await
                            && *latest.borrow() == run
                        {
                            preview.set(Some(answer));
                        }
                    });
                })),
            };
            move || drop(timeout)
        }
    });
    (*preview).clone()
}

/// The values that count already, where the new one alone does not tell what becomes of the whole.
#[hook]
fn use_earlier(kpi: &Rc<KpiView>) -> Option<Rc<Vec<f64>>> {
    let wanted = (kpi.rollup == Rollup::Mean).then_some(kpi.id);
    let values = use_remote(wanted, |wanted| async move {
        let Some(id) = wanted else { return Ok(Vec::new()) };
        let list = api::kpis::check_ins(id).await?;
        let counted = list.items.into_iter().filter(|check_in| check_in.corrected_by_id.is_none());
        Ok(counted.map(|check_in| check_in.value).collect())
    });
    values.remote.ready().filter(|_| wanted.is_some()).map(Rc::clone)
}
