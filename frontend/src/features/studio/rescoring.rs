//! How far a re-score is, and what it came to for each person.

use gloo_timers::callback::Timeout;
use kpi_api::{
    id::RescoreId,
    rule_effects::{PersonRescored, RescoreDetail, RescoreState},
};
use yew::prelude::*;

use crate::{
    core::{api, format, remote::use_remote},
    t, tn,
    ui::{Card, Note, ProgressBar, SkeletonLines, Tone, remote},
};

/// Between two looks at one that is running.
const LOOK_MS: u32 = 600;
/// More people than these are told as a number.
const SHOWN: usize = 12;

#[derive(Properties, PartialEq)]
pub struct RescoreProgressProps {
    pub id: RescoreId,
}

#[component]
pub fn RescoreProgress(props: &RescoreProgressProps) -> Html {
    let rescore = use_remote(props.id, |id| async move { api::rules::rescore(id).await });
    use_effect_with(rescore.remote.clone(), {
        let refresh = rescore.refresh.clone();
        move |remote| {
            let running = remote.ready().is_some_and(|detail| detail.rescore.state == RescoreState::Running);
            let timeout = running.then(|| Timeout::new(LOOK_MS, move || refresh.emit(())));
            move || drop(timeout)
        }
    });
    html! {
        <Card title={t!("studio.rescoring")}>
            { remote::show(&rescore, html! { <SkeletonLines lines={3} /> }, |detail| shown(detail)) }
        </Card>
    }
}

fn shown(detail: &RescoreDetail) -> Html {
    let rescore = &detail.rescore;
    let number = |value: u64| format::integer(value as i64);
    let percent = match rescore.total {
        0 => 100.0,
        total => 100.0 * rescore.done as f64 / total as f64,
    };
    let words = match rescore.state {
        RescoreState::Running => {
            t!("studio.rescore_running", done = number(rescore.done), total = number(rescore.total))
        }
        RescoreState::Done => {
            t!("studio.rescore_done", rescored = number(rescore.rescored), changed = number(rescore.changed))
        }
        RescoreState::Failed => t!("studio.rescore_failed"),
    };
    let people: Vec<&PersonRescored> = detail.by_person.iter().filter(|person| person.changed > 0).collect();
    html! {
        <div class="space-y-3 text-sm">
            <p role="status" class="tabular-nums">{ words }</p>
            if rescore.state == RescoreState::Running { <ProgressBar value={Some(percent)} tone={Tone::Accent} label={t!("studio.rescoring")} /> }
            if rescore.state == RescoreState::Failed { <Note tone={Tone::Warn}>{ t!("studio.rescore_failed_text") }</Note> }
            if !people.is_empty() {
                <div class="overflow-x-auto" tabindex="0" role="region" aria-label={t!("studio.rescore_people")}>
                    <table class="plain-table">
                        <caption class="sr-only">{ t!("studio.rescore_people") }</caption>
                        <thead><tr>
                            <th scope="col">{ t!("studio.person") }</th>
                            <th scope="col" class="is-numeric">{ t!("studio.before") }</th>
                            <th scope="col" class="is-numeric">{ t!("studio.after") }</th>
                            <th scope="col" class="is-numeric">{ t!("studio.difference") }</th>
                        </tr></thead>
                        <tbody>
                            { for people.iter().take(SHOWN).map(|person| html! {
                                <tr key={person.user.id.0}>
                                    <th scope="row">{ person.user.full_name.clone() }</th>
                                    <td class="is-numeric">{ format::points(person.before) }</td>
                                    <td class="is-numeric">{ format::points(person.after) }</td>
                                    <td class="is-numeric">{ format::difference(person.before, person.after) }</td>
                                </tr>
                            }) }
                        </tbody>
                    </table>
                </div>
            }
            if people.len() > SHOWN { <p class="text-muted">{ tn!("studio.rescore_more", people.len() - SHOWN) }</p> }
        </div>
    }
}
