//! What the template asks for, as a list of what is there and what is missing.

use kpi_api::{evidence::EvidenceNeed, id::KpiId};
use yew::prelude::*;

use crate::{
    core::{api, query::Params, remote::use_remote},
    route::Route,
    t, tn,
    ui::{Icon, IconName, LinkKind, RouteLink, SkeletonLines, Tone, remote},
};

#[derive(Properties, PartialEq)]
pub struct NeedProps {
    pub need: EvidenceNeed,
}

#[component]
pub fn Need(props: &NeedProps) -> Html {
    let need = &props.need;
    let contract = &need.contract;
    let title = if need.is_met { t!("evidence.need.met") } else { t!("evidence.need.open") };
    html! {
        <div class={classes!("note", if need.is_met { Tone::Good.class() } else { Tone::Warn.class() })}>
            <Icon name={if need.is_met { IconName::CheckCircle } else { IconName::Alert }} class="mt-0.5 size-4" />
            <div class="min-w-0 flex-1">
                <p class="font-medium">{ title }</p>
                <ul class="mt-1 space-y-0.5">
                    if contract.count > 0 {
                        { point(need.counted >= contract.count, t!("evidence.need.files", there = need.counted, wanted = contract.count)) }
                    }
                    { for contract.kinds.iter().map(|kind| {
                        let there = !need.missing_kinds.contains(kind);
                        let kind = kind.to_uppercase();
                        let text = if there { t!("evidence.need.kind_there", kind = kind) } else { t!("evidence.need.kind_missing", kind = kind) };
                        point(there, text)
                    }) }
                </ul>
                if let Some(days) = contract.max_age_days {
                    <p class="mt-1 text-muted">{ tn!("evidence.need.fresh", days) }</p>
                }
            </div>
        </div>
    }
}

fn point(met: bool, text: AttrValue) -> Html {
    let (name, tone) = if met { (IconName::Check, Tone::Good) } else { (IconName::X, Tone::Bad) };
    html! {
        <li class="flex items-start gap-2">
            <span class={classes!("mark-text", tone.class())}><Icon {name} class="mt-0.5 size-4" /></span>
            <span>{ text }</span>
        </li>
    }
}

/// The same for a dialog that asks for the result: fetched, with the way to the files.
#[derive(Properties, PartialEq)]
pub struct NeedOfProps {
    pub kpi: KpiId,
    /// Called when somebody goes to the files.
    #[prop_or_default]
    pub onfollow: Callback<()>,
}

#[component]
pub fn NeedOf(props: &NeedOfProps) -> Html {
    let list = use_remote(props.kpi, |kpi| async move { api::evidence::list(kpi).await });
    remote::show(&list, html! { <SkeletonLines lines={2} /> }, |list| match &list.need {
        None if list.items.is_empty() => {
            html! { <p class="text-sm text-muted">{ t!("evidence.need.nothing") }</p> }
        }
        None => {
            html! { <p class="text-sm text-muted">{ tn!("evidence.need.attached", list.items.len()) }</p> }
        }
        Some(need) => html! {
            <div class="space-y-2">
                <Need need={need.clone()} />
                if !need.is_met {
                    <p class="text-sm">
                        <RouteLink to={Route::Kpi { id: props.kpi }} query={Params::new().with("tab", "evidence")} kind={LinkKind::Text} onfollow={props.onfollow.clone()}>
                            { t!("evidence.need.attach") }
                        </RouteLink>
                    </p>
                }
            </div>
        },
    })
}
