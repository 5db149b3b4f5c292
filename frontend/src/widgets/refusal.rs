//! Why a change was refused, and the way on: bring in what somebody else saved, or see what still holds a thing.

use kpi_api::error::Code;
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

/// What holds a thing that cannot be deleted. The server says "It still has 3 people, 1 templates."
fn holders(error: &ApiError) -> Vec<AttrValue> {
    let ApiError::Refused { problem, .. } = error else { return Vec::new() };
    counts(&problem.detail)
        .into_iter()
        .filter_map(|(count, what)| match what {
            "sub-departments" => Some(tn!("refusal.departments", count)),
            "people" => Some(tn!("refusal.people", count)),
            "KPIs" => Some(tn!("refusal.kpis", count)),
            "templates" => Some(tn!("refusal.templates", count)),
            "rules" => Some(tn!("refusal.rules", count)),
            _ => None,
        })
        .collect()
}

fn counts(sentence: &str) -> Vec<(i64, &str)> {
    let Some(start) = sentence.find(|c: char| c.is_ascii_digit()) else { return Vec::new() };
    sentence[start..]
        .trim_end_matches('.')
        .split(", ")
        .filter_map(|part| {
            let (count, what) = part.split_once(' ')?;
            Some((count.parse().ok()?, what))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::counts;

    #[test]
    fn what_holds_a_thing_is_read_from_the_servers_sentence() {
        assert_eq!(
            counts("It still has 2 sub-departments, 14 people."),
            [(2, "sub-departments"), (14, "people")]
        );
        assert_eq!(counts("It is still in use."), []);
    }
}
