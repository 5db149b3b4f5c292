//! Why a change was refused, and the way on: bring in what somebody else saved, or see what still holds a thing.

use kpi_api::error::{Code, HolderKind};
use yew::prelude::*;

use crate::{
    core::error::ApiError,
    t, tn,
    ui::{Button, ButtonSize, FormError, IconName, Note, Tone},
};

#[derive(Properties, PartialEq)]
pub struct RefusalProps {
    pub error: Option<ApiError>,
    /// (field, id, label), as for [`FormError`].
    #[prop_or_default]
    pub fields: Vec<(AttrValue, AttrValue, AttrValue)>,
    /// Fetches the latest state while what was typed stays.
    #[prop_or_default]
    pub onlatest: Option<Callback<()>>,
    #[prop_or_default]
    pub busy: bool,
}

#[component]
pub fn Refusal(props: &RefusalProps) -> Html {
    let Some(error) = &props.error else { return Html::default() };
    match (error.code(), &props.onlatest) {
        (Some(Code::StaleVersion), Some(onlatest)) => {
            let onclick = onlatest.reform(|_: MouseEvent| ());
            let actions = html! {
                <Button label={t!("refusal.latest")} icon={IconName::Refresh} size={ButtonSize::Small} busy={props.busy} {onclick} />
            };
            html! {
                <div role="alert">
                    <Note tone={Tone::Warn} {actions}>
                        <p class="font-medium">{ t!("refusal.stale") }</p>
                        <p class="text-sm">{ t!("refusal.stale_text") }</p>
                    </Note>
                </div>
            }
        }
        (Some(Code::InUse), _) => html! {
            <div role="alert">
                <Note tone={Tone::Bad}>
                    <p class="font-medium">{ error.sentence() }</p>
                    <ul class="mt-1 list-disc ps-4 text-sm">
                        { for holders(error).into_iter().map(|holder| html! { <li>{ holder }</li> }) }
                    </ul>
                </Note>
            </div>
        },
        (Some(Code::LastAdmin), _) => html! {
            <div role="alert">
                <Note tone={Tone::Bad}>
                    <p class="font-medium">{ error.sentence() }</p>
                    <p class="text-sm">{ t!("refusal.last_admin_text") }</p>
                </Note>
            </div>
        },
        _ => html! { <FormError error={error.clone()} fields={props.fields.clone()} /> },
    }
}

/// What holds a thing that cannot be deleted.
fn holders(error: &ApiError) -> Vec<AttrValue> {
    let ApiError::Refused { problem, .. } = error else { return Vec::new() };
    problem
        .holders
        .iter()
        .map(|held| match held.what {
            HolderKind::Departments => tn!("refusal.departments", held.count),
            HolderKind::People => tn!("refusal.people", held.count),
            HolderKind::Kpis => tn!("refusal.kpis", held.count),
            HolderKind::Templates => tn!("refusal.templates", held.count),
            HolderKind::Rules => tn!("refusal.rules", held.count),
        })
        .collect()
}
