//! What the template has changed since the draft was made, and what of it is taken over.

use std::rc::Rc;

use kpi_api::{
    kpi::KpiView,
    template::change::{OfferedChange, TemplateOffer},
};
use yew::prelude::*;

use crate::{
    core::{api, i18n, submit::use_submit, toast::use_toaster},
    t,
    ui::{Button, ButtonKind, ButtonSize, Checkbox, Note, Tone},
    widgets::{Refusal, changes::in_words},
};

#[derive(Properties, PartialEq)]
pub struct OfferNoteProps {
    pub kpi: Rc<KpiView>,
    pub onchange: Callback<KpiView>,
    pub reload: Callback<()>,
}

#[component]
pub fn OfferNote(props: &OfferNoteProps) -> Html {
    let kpi = &props.kpi;
    let toaster = use_toaster();
    let apply = {
        let (id, version) = (kpi.id, kpi.version);
        let (onchange, name) = (props.onchange.clone(), kpi.template_name.clone().unwrap_or_default());
        use_submit(
            move |fields: Vec<String>, _| async move { api::kpis::apply_template(id, version, fields).await },
            Callback::from(move |kpi: KpiView| {
                toaster.success(t!("kpi.offer.done", template = name));
                onchange.emit(kpi);
            }),
        )
    };
    // What was chosen otherwise than proposed; a newer offer is proposed afresh.
    let turned = use_state(Vec::<String>::new);
    let Some(offer) = &kpi.template_offer else { return Html::default() };
    let chosen = chosen(offer, &turned);
    let onturn = |field: &str| {
        let (turned, field) = (turned.clone(), field.to_owned());
        Callback::from(move |_: bool| {
            let mut next = (*turned).clone();
            match next.iter().position(|other| *other == field) {
                Some(place) => drop(next.remove(place)),
                None => next.push(field.clone()),
            }
            turned.set(next);
        })
    };
    let take = {
        let (run, chosen) = (apply.run.clone(), chosen.clone());
        Callback::from(move |_: MouseEvent| run.emit(chosen.clone()))
    };
    let keep = apply.run.reform(|_: MouseEvent| Vec::new());
    let none = chosen.is_empty().then(|| t!("kpi.offer.choose_first"));
    html! {
        <Note tone={Tone::Accent} class="mb-4">
            <p class="font-semibold">{ t!("kpi.offer.title", template = kpi.template_name.clone().unwrap_or_default()) }</p>
            <p class="text-sm">{ t!("kpi.offer.text", from = offer.from_version, to = offer.to_version) }</p>
            <ul class="my-3 divide-y divide-base-300">
                { for differing(offer).map(|change| html! {
                    <li key={change.field.clone()} class="grid gap-x-4 gap-y-1 py-2 sm:grid-cols-[12rem_minmax(0,1fr)]">
                        <Checkbox id={format!("offer-{}", change.field)} label={i18n::field_name(&change.field)} checked={chosen.contains(&change.field)} onchange={onturn(&change.field)} />
                        <div class="min-w-0 text-sm break-words">
                            <p>{ t!("kpi.offer.now", value = in_words(&change.field, &change.template_now)) }</p>
                            <p class="text-muted">{ mine(change) }</p>
                        </div>
                    </li>
                }) }
            </ul>
            <Refusal error={apply.error.clone()} onlatest={props.reload.clone()} />
            <div class="flex flex-wrap gap-2">
                <Button label={t!("kpi.offer.take")} kind={ButtonKind::Primary} size={ButtonSize::Small} busy={apply.busy} disabled={none} onclick={take} />
                <Button label={t!("kpi.offer.keep")} kind={ButtonKind::Ghost} size={ButtonSize::Small} busy={apply.busy} onclick={keep} />
            </div>
        </Note>
    }
}

fn mine(change: &OfferedChange) -> AttrValue {
    let value = in_words(&change.field, &change.mine);
    if change.edited { t!("kpi.offer.own", value = value) } else { t!("kpi.offer.mine", value = value) }
}

fn differing(offer: &TemplateOffer) -> impl Iterator<Item = &OfferedChange> {
    offer.changes.iter().filter(|change| change.differs_from_mine)
}

/// What the person left as the template had it is proposed; what they set themselves is not.
fn chosen(offer: &TemplateOffer, turned: &[String]) -> Vec<String> {
    differing(offer)
        .filter(|change| change.edited == turned.contains(&change.field))
        .map(|change| change.field.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_was_set_by_hand_is_only_taken_over_when_chosen() {
        let change = |field: &str, differs: bool, edited: bool| OfferedChange {
            field: field.into(),
            mine: Value::Null,
            template_then: Value::Null,
            template_now: Value::Null,
            differs_from_mine: differs,
            edited,
        };
        let changes =
            vec![change("unit", true, false), change("target", true, true), change("cap", false, false)];
        let offer = TemplateOffer { from_version: 1, to_version: 2, changes };
        assert_eq!(chosen(&offer, &[]), ["unit"]);
        assert_eq!(chosen(&offer, &["target".into()]), ["unit", "target"]);
        assert_eq!(chosen(&offer, &["unit".into()]), Vec::<String>::new());
    }
}
