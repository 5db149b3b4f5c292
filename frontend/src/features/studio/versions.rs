//! The versions of a rule: who published what and why, what differs, and the way back.

use kpi_api::{
    error::FieldError,
    id::{RescoreId, RuleId, Version},
    rules::{PublishedRule, RollbackBody, RuleDetail, VersionList, VersionView},
    scoring::RuleKind,
};
use yew::prelude::*;

use super::{
    diff::DiffView,
    effect::{EffectFields, EffectForm},
    publish::applies_from,
};
use crate::{
    core::{api, error::ApiError, format, i18n, remote::use_remote, submit::use_submit, toast::use_toaster},
    t,
    ui::{
        Badge, Button, ButtonKind, ButtonSize, Column, Dialog, EmptyState, FormError, IconName, Select,
        SkeletonRows, SortableTable, Tone, remote,
    },
};

#[derive(Properties, PartialEq)]
pub struct VersionsPanelProps {
    pub id: RuleId,
    pub kind: RuleKind,
    pub revision: Version,
    pub has_draft: bool,
    pub onpublished: Callback<(RuleDetail, Option<RescoreId>)>,
}

#[component]
pub fn VersionsPanel(props: &VersionsPanelProps) -> Html {
    let versions =
        use_remote((props.id, props.revision), |(id, _)| async move { api::rules::versions(id).await });
    let back_to = use_state(|| None::<Version>);
    let onclose = {
        let back_to = back_to.clone();
        Callback::from(move |()| back_to.set(None))
    };
    html! {
        <div class="space-y-6">
            { remote::show(&versions, html! { <SkeletonRows rows={3} /> }, |list| {
                if list.items.is_empty() {
                    return html! { <div class="surface"><EmptyState icon={IconName::History} title={t!("studio.no_versions")} text={t!("studio.no_versions_text")} /></div> };
                }
                html! {
                    <div class="space-y-6">
                        { table(list, &back_to) }
                        <Compare key={props.revision.0} id={props.id} list={(**list).clone()} has_draft={props.has_draft} />
                    </div>
                }
            }) }
            if let Some(version) = *back_to {
                <RollBackDialog id={props.id} kind={props.kind} revision={props.revision} {version} {onclose} onpublished={props.onpublished.clone()} />
            }
        </div>
    }
}

fn table(list: &VersionList, back_to: &UseStateHandle<Option<Version>>) -> Html {
    let columns = vec![
        Column::new(t!("studio.version")),
        Column::new(t!("studio.note")),
        Column::new(t!("studio.author")),
        Column::new(t!("studio.published_at")),
        Column::new(t!("studio.effective_from")),
        Column::new(t!("studio.case_acts")),
    ];
    let row = |version: &VersionView| {
        let onclick = {
            let (back_to, number) = (back_to.clone(), version.version);
            Callback::from(move |_: MouseEvent| back_to.set(Some(number)))
        };
        let cells = vec![
            html! {
                <span class="inline-flex items-center gap-2 whitespace-nowrap">
                    { t!("studio.version_number", version = version.version) }
                    if version.is_published { <Badge label={t!("studio.version_now")} tone={Tone::Good} icon={IconName::Check} /> }
                </span>
            },
            html! { <span class="block min-w-0 break-words">{ version.note.clone() }</span> },
            html! { version.author.as_ref().map_or_else(|| t!("studio.shipped"), |author| author.full_name.clone().into()) },
            html! { <time datetime={version.published_at.to_string()} class="whitespace-nowrap">{ format::date_time(version.published_at) }</time> },
            html! { applies_from(version.effective_from) },
            if version.is_published {
                html! { <span class="text-muted">{ "–" }</span> }
            } else {
                html! { <Button label={t!("studio.roll_back_to", version = version.version)} icon={IconName::Undo} size={ButtonSize::Small} {onclick} /> }
            },
        ];
        (version.version.to_string(), cells)
    };
    html! { <SortableTable caption={t!("studio.versions")} {columns} rows={list.items.iter().map(row).collect::<Vec<_>>()} /> }
}

#[derive(Properties, PartialEq)]
struct CompareProps {
    id: RuleId,
    list: VersionList,
    has_draft: bool,
}

/// What is compared where nobody has chosen: what is published with the draft, else with the version before.
fn first_pair(list: &VersionList, has_draft: bool) -> (String, String) {
    let number = |index: usize| list.items.get(index).map(|version| version.version.to_string());
    let newest = number(0).unwrap_or_default();
    if has_draft {
        return (newest, "draft".to_owned());
    }
    (number(1).unwrap_or_else(|| newest.clone()), newest)
}

#[component]
fn Compare(props: &CompareProps) -> Html {
    let pair = use_state(|| first_pair(&props.list, props.has_draft));
    let asked = (props.id, pair.0.clone(), pair.1.clone());
    let diff = use_remote(asked, |(id, from, to)| async move { api::rules::diff(id, &from, &to).await });
    if props.list.items.len() + usize::from(props.has_draft) < 2 {
        return Html::default();
    }
    let mut options: Vec<(AttrValue, AttrValue)> = props
        .list
        .items
        .iter()
        .map(|version| {
            (version.version.to_string().into(), t!("studio.version_number", version = version.version))
        })
        .collect();
    if props.has_draft {
        options.insert(0, ("draft".into(), t!("studio.the_draft")));
    }
    let onfrom = {
        let pair = pair.clone();
        Callback::from(move |from: String| pair.set((from, pair.1.clone())))
    };
    let onto = {
        let pair = pair.clone();
        Callback::from(move |to: String| pair.set((pair.0.clone(), to)))
    };
    html! {
        <section aria-labelledby="compare-title">
            <div class="mb-3 flex flex-wrap items-center gap-3">
                <h2 id="compare-title" class="text-base font-semibold">{ t!("studio.compare") }</h2>
                <Select id="compare-from" label={t!("studio.compare_from")} value={pair.0.clone()} options={options.clone()} onchange={onfrom} compact=true />
                <span aria-hidden="true">{ "→" }</span>
                <Select id="compare-to" label={t!("studio.compare_to")} value={pair.1.clone()} {options} onchange={onto} compact=true />
            </div>
            { remote::show(&diff, html! { <SkeletonRows rows={6} /> }, |diff| html! { <DiffView diff={(**diff).clone()} /> }) }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct RollBackDialogProps {
    id: RuleId,
    kind: RuleKind,
    revision: Version,
    /// Whose text is published again.
    version: Version,
    onclose: Callback<()>,
    onpublished: Callback<(RuleDetail, Option<RescoreId>)>,
}

#[component]
fn RollBackDialog(props: &RollBackDialogProps) -> Html {
    let toaster = use_toaster();
    let form = use_state(EffectForm::default);
    let (id, revision, version) = (props.id, props.revision, props.version);
    let send = {
        let (onpublished, onclose) = (props.onpublished.clone(), props.onclose.clone());
        use_submit(
            move |body: RollbackBody, key| async move {
                body.check().map_err(ApiError::invalid)?;
                api::rules::roll_back(id, revision, &body, &key).await
            },
            Callback::from(move |published: PublishedRule| {
                let PublishedRule { rule, rescore_id } = published;
                toaster.success(t!(
                    "studio.published",
                    title = i18n::of_rule(&rule.rule.title),
                    version = rule.rule.version
                ));
                onclose.emit(());
                onpublished.emit((rule, rescore_id.map(RescoreId)));
            }),
        )
    };
    let onclick = {
        let (form, run) = (form.clone(), send.run.clone());
        Callback::from(move |_: MouseEvent| {
            run.emit(RollbackBody {
                version,
                note: form.note.trim().to_owned(),
                effective_from: form.effective_from,
                rescore: form.rescore,
            });
        })
    };
    let onchange = {
        let form = form.clone();
        Callback::from(move |next: EffectForm| form.set(next))
    };
    let errors: Vec<FieldError> =
        send.error.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let cancel = props.onclose.reform(|_: MouseEvent| ());
    let footer = html! {
        <>
            <Button label={t!("ui.cancel")} onclick={cancel} />
            <Button label={t!("studio.roll_back")} kind={ButtonKind::Primary} busy={send.busy} {onclick} />
        </>
    };
    html! {
        <Dialog id="roll-back" title={t!("studio.roll_back_to", version = version)} open=true onclose={props.onclose.clone()} {footer}>
            <div class="space-y-4">
                <p class="text-sm">{ t!("studio.roll_back_text", version = version) }</p>
                <FormError error={send.error.clone()} fields={vec![("note".into(), "roll-back-note".into(), t!("studio.note"))]} />
                <EffectFields id="roll-back" form={(*form).clone()} scores={props.kind == RuleKind::Score} {errors} {onchange} />
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::time::Timestamp;

    use super::*;

    fn list(numbers: &[i64]) -> VersionList {
        let version = |number: &i64| VersionView {
            version: Version(*number),
            title: String::new(),
            note: String::new(),
            author: None,
            published_at: Timestamp(0),
            effective_from: None,
            checksum: String::new(),
            engine: String::new(),
            is_published: false,
        };
        VersionList { items: numbers.iter().map(version).collect() }
    }

    #[test]
    fn the_draft_is_compared_first() {
        assert_eq!(first_pair(&list(&[2, 1]), true), ("2".into(), "draft".into()));
        assert_eq!(first_pair(&list(&[2, 1]), false), ("1".into(), "2".into()));
        assert_eq!(first_pair(&list(&[1]), false), ("1".into(), "1".into()));
    }
}
