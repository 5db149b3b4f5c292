//! The last step: what stands in the way, the note, from which quarter on, and what happens to scores.

use kpi_api::{
    error::Code,
    id::{RescoreId, RuleId, Version},
    rules::{PublishBody, PublishedRule, RuleDetail},
    scoring::RuleKind,
    time::Period,
};
use yew::prelude::*;

use super::{
    effect::{EffectFields, EffectForm},
    rescoring::RescoreProgress,
    steps::{Facts, Looked, Obstacle, View},
};
use crate::{
    core::{api, error::ApiError, format, i18n, submit::use_submit, toast::use_toaster},
    t, tn,
    ui::{Button, ButtonKind, ButtonSize, Card, FormError, Icon, IconName, Note, Tone},
};

#[derive(Properties, PartialEq)]
pub struct PublishStepProps {
    pub id: RuleId,
    pub kind: RuleKind,
    pub published: Version,
    pub revision: Version,
    pub facts: Facts,
    /// The re-score that the last publishing began.
    pub rescore: Option<RescoreId>,
    pub onpublished: Callback<(RuleDetail, Option<RescoreId>)>,
    pub onopen: Callback<View>,
}

#[component]
pub fn PublishStep(props: &PublishStepProps) -> Html {
    let toaster = use_toaster();
    let form = use_state(EffectForm::default);
    let publish = {
        let (id, revision) = (props.id, props.revision);
        let (onpublished, form) = (props.onpublished.clone(), form.clone());
        use_submit(
            move |body: PublishBody, key| async move {
                body.check().map_err(ApiError::invalid)?;
                api::rules::publish(id, revision, &body, &key).await
            },
            Callback::from(move |published: PublishedRule| {
                let PublishedRule { rule, rescore_id } = published;
                toaster.success(t!(
                    "studio.published",
                    title = i18n::of_rule(&rule.rule.title),
                    version = rule.rule.version
                ));
                form.set(EffectForm::default());
                onpublished.emit((rule, rescore_id.map(RescoreId)));
            }),
        )
    };
    let onsubmit = {
        let (form, run) = (form.clone(), publish.run.clone());
        let blocked = props.facts.obstacle().is_some();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !blocked {
                run.emit(PublishBody {
                    note: form.note.trim().to_owned(),
                    effective_from: form.effective_from,
                    rescore: form.rescore,
                });
            }
        })
    };
    let onchange = {
        let form = form.clone();
        Callback::from(move |next: EffectForm| form.set(next))
    };
    let errors = publish.error.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let act = if props.published.0 == 0 {
        t!("studio.publish_first")
    } else {
        t!("studio.publish_next", version = props.published.0 + 1)
    };
    html! {
        <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
            <form class="surface space-y-4 p-4 sm:p-5" {onsubmit} novalidate=true aria-labelledby="publish-title">
                <h2 id="publish-title" class="text-base font-semibold">{ t!("studio.publish") }</h2>
                { refused(publish.error.as_ref(), &props.onopen) }
                <EffectFields id="publish" form={(*form).clone()} scores={props.kind == RuleKind::Score} {errors} {onchange} />
                <div class="flex flex-wrap items-center justify-end gap-3">
                    <Button label={act} kind={ButtonKind::Primary} submit=true busy={publish.busy} disabled={props.facts.obstacle().map(Obstacle::words)} />
                </div>
            </form>
            <Gates facts={props.facts} onopen={props.onopen.clone()} />
            if let Some(id) = props.rescore { <div class="min-w-0 lg:col-span-2"><RescoreProgress key={id.0} {id} /></div> }
        </div>
    }
}

/// A refusal that a step of the page can heal leads there.
fn refused(error: Option<&ApiError>, onopen: &Callback<View>) -> Html {
    let Some(error) = error else { return Html::default() };
    let heal = match error.code().map(Code::as_str) {
        Some("tests_failed") => Some((View::Tests, t!("studio.to_failed_case"))),
        Some("check_failed") => Some((View::Draft, t!("studio.to_draft"))),
        _ => None,
    };
    let Some((view, label)) = heal else {
        let fields = vec![
            ("note".into(), "publish-note".into(), t!("studio.note")),
            ("effective_from".into(), "publish-from".into(), t!("studio.effective_from")),
        ];
        return html! { <FormError error={Some(error.clone())} {fields} /> };
    };
    let onclick = onopen.reform(move |_: MouseEvent| view);
    let actions = html! { <Button {label} size={ButtonSize::Small} {onclick} /> };
    html! {
        <div role="alert">
            <Note tone={Tone::Bad} {actions}>
                <p class="font-medium">{ error.sentence() }</p>
                <ul class="mt-1 list-disc ps-4 text-sm">
                    { for error.fields().iter().map(|fault| html! {
                        <li>
                            if fault.code == "property_failed" { { i18n::word("property", &fault.field) }{ ": " } }
                            { fault.message.clone() }
                        </li>
                    }) }
                </ul>
            </Note>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct GatesProps {
    facts: Facts,
    onopen: Callback<View>,
}

/// What has to hold before, and whether it does.
#[component]
fn Gates(props: &GatesProps) -> Html {
    let facts = &props.facts;
    let check = match facts.errors {
        None => (None, t!("studio.stand_checking")),
        Some(0) => (Some(true), t!("studio.gate_checked")),
        Some(errors) => (Some(false), tn!("studio.stand_errors", errors)),
    };
    let tests = match facts.failed {
        None => (None, t!("studio.stand_checking")),
        Some(0) => (Some(true), t!("studio.gate_tested")),
        Some(failed) => (Some(false), tn!("studio.stand_failed", failed)),
    };
    let impact = match facts.looked {
        Looked::NotYet => (None, t!("studio.gate_not_looked")),
        Looked::Earlier => (None, t!("studio.stand_looked_earlier")),
        Looked::At { changed, .. } => (Some(true), tn!("studio.stand_changes", changed)),
    };
    let rows = [(View::Draft, check), (View::Tests, tests), (View::Impact, impact)];
    html! {
        <Card title={t!("studio.gates")}>
            <ul class="space-y-2 text-sm">
                { for rows.into_iter().map(|(view, (holds, words))| {
                    let (tone, name) = match holds {
                        Some(true) => (Tone::Good, IconName::CheckCircle),
                        Some(false) => (Tone::Bad, IconName::Ban),
                        None => (Tone::Neutral, IconName::Circle),
                    };
                    let onclick = props.onopen.reform(move |_: MouseEvent| view);
                    html! {
                        <li class="flex items-start gap-2">
                            <span class={classes!("mark-text", tone.class())}><Icon {name} class="mt-0.5 size-4" /></span>
                            <span class="flex-1">{ words }</span>
                            <button type="button" class="link cursor-pointer" {onclick}>{ view.label() }</button>
                        </li>
                    }
                }) }
            </ul>
        </Card>
    }
}

/// From which quarter on a version applies, in words.
pub fn applies_from(from: Option<Period>) -> AttrValue {
    from.map_or_else(|| t!("studio.from_ever"), format::period)
}

#[cfg(test)]
mod tests {
    use kpi_api::time::Quarter;

    use super::*;

    #[test]
    fn a_version_without_a_quarter_applies_from_ever() {
        assert_ne!(applies_from(None), applies_from(Some(Period::new(2026, Quarter::Q1))));
    }
}
