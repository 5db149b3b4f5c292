//! The editor: the template, its fields in groups, the preview beside them.

use std::{collections::BTreeSet, rc::Rc};

use kpi_api::{
    error::FieldError,
    id::TemplateId,
    template::{TemplatePatch, TemplateView},
};
use serde_json::{Map, Value};
use yew::prelude::*;

use super::{
    fields::{Spec, applies, groups},
    form::{TemplateForm, by_name},
    head::HeadCard,
    look::Look,
    preview::Preview,
    row::{Change, FieldRow},
    tree::descends,
    value::input_id,
};
use crate::{
    core::{api, draft::use_draft, error::ApiError, i18n, merge, submit::use_submit},
    route::Route,
    t, tn,
    ui::{Button, ButtonKind, ButtonSize, Card, Dialog, IconName, LinkKind, Note, RouteLink, Tone},
    widgets::Refusal,
};

#[derive(Properties, PartialEq)]
pub struct EditorProps {
    /// The one that is changed; `None` for a new one.
    #[prop_or_default]
    pub template: Option<Rc<TemplateView>>,
    pub all: Rc<Vec<TemplateView>>,
    /// What a new one extends from the start.
    #[prop_or_default]
    pub extends: Option<TemplateId>,
    pub onsaved: Callback<TemplateView>,
    #[prop_or_default]
    pub onlatest: Callback<()>,
    #[prop_or_default]
    pub busy: bool,
}

#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let begin = props
        .template
        .as_ref()
        .map_or_else(|| TemplateForm::blank(props.extends), |template| TemplateForm::of(template));
    let draft_name = props
        .template
        .as_ref()
        .map_or_else(|| "template-new".to_owned(), |template| format!("template-{}", template.id));
    let draft = use_draft::<TemplateForm>(draft_name.into());
    let base = use_state(|| begin.clone());
    let seen = use_state(|| props.template.clone());
    let form = use_state(|| begin.clone());
    let looking = use_state(|| false);
    let junk = use_state(BTreeSet::<&'static str>::new);
    let save = {
        let (onsaved, clear, seen, junk) =
            (props.onsaved.clone(), draft.clear.clone(), seen.clone(), junk.clone());
        use_submit(
            move |form: TemplateForm, key| {
                let (seen, junk) = (seen.clone(), junk.clone());
                async move {
                    if !junk.is_empty() {
                        return Err(ApiError::invalid(junk.iter().map(|name| no_number(name)).collect()));
                    }
                    match &*seen {
                        None => {
                            api::templates::create(&form.create().map_err(ApiError::invalid)?, &key).await
                        }
                        Some(old) => {
                            let patch: TemplatePatch = form.patch(old).map_err(ApiError::invalid)?;
                            api::templates::update(old.id, old.version, &patch).await
                        }
                    }
                }
            },
            Callback::from(move |saved| {
                clear.emit(());
                onsaved.emit(saved);
            }),
        )
    };
    // A newer state: from saving, or fetched after somebody else was faster.
    use_effect_with(props.template.clone(), {
        let (base, form, seen, dismiss) = (base.clone(), form.clone(), seen.clone(), save.dismiss.clone());
        move |template: &Option<Rc<TemplateView>>| {
            let version =
                |template: &Option<Rc<TemplateView>>| template.as_ref().map(|template| template.version);
            if let Some(newer) = template
                && version(template) != version(&seen)
            {
                let latest = TemplateForm::of(newer);
                form.set(merge::rebase(&*base, &*form, &latest));
                base.set(latest);
                seen.set(template.clone());
                dismiss.emit(());
            }
        }
    });
    let onform = {
        let (form, keep) = (form.clone(), draft.keep.clone());
        Callback::from(move |next: TemplateForm| {
            keep.emit(next.clone());
            form.set(next);
        })
    };
    let onchange = {
        let (form, junk, onform) = (form.clone(), junk.clone(), onform.clone());
        Callback::from(move |change: Change| {
            let mut faulty = (*junk).clone();
            let mut next = (*form).clone();
            match change {
                Change::Junk(name) => {
                    faulty.insert(name);
                }
                Change::Set(name, value) => {
                    faulty.remove(name);
                    next.fields.insert(name.to_owned(), value);
                }
                Change::Unset(name) => {
                    faulty.remove(name);
                    next.fields.remove(name);
                }
            }
            junk.set(faulty);
            onform.emit(next);
        })
    };
    let onsubmit = {
        let (form, run) = (form.clone(), save.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            run.emit((*form).clone());
        })
    };
    let own_id = props.template.as_ref().map(|template| template.id);
    let forbidden = own_id.map(|id| descends(&props.all, id)).unwrap_or_default();
    let bases: Vec<TemplateView> =
        props.all.iter().filter(|other| !forbidden.contains(&other.id)).cloned().collect();
    let extended = form
        .extends_id
        .and_then(|id| props.all.iter().find(|other| other.id == id))
        .map(|base| by_name(&base.effective));
    let effective = form.effective(extended.as_ref().unwrap_or(&Map::new()));
    let department = form.department_id.map(|id| {
        let named =
            props.all.iter().chain(props.template.as_deref()).find(|other| other.department_id == Some(id));
        named
            .and_then(|other| other.department_name.clone())
            .map_or_else(|| t!("templates.the_department"), AttrValue::from)
    });
    let errors = save.error.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let dirty = *form != *base || !junk.is_empty();
    let row = |spec: &'static Spec| {
        let own = form.fields.get(spec.name).cloned();
        let known = own.is_some() || extended.as_ref().is_some_and(|base| base.contains_key(spec.name));
        (known || applies(spec.name, &effective)).then(|| html! {
            <FieldRow key={spec.name} {spec} {own} base={extended.clone()} effective={effective.clone()} errors={errors.clone()} onchange={onchange.clone()} />
        })
    };
    let look = {
        let looking = looking.clone();
        Callback::from(move |_: MouseEvent| looking.set(true))
    };
    let onclose = {
        let looking = looking.clone();
        Callback::from(move |()| looking.set(false))
    };
    html! {
        <>
        <form {onsubmit} novalidate=true class="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
            <div class="min-w-0 space-y-4">
                if let Some(found) = draft.found.clone().filter(|found| !dirty && *found != *form) {
                    <Note tone={Tone::Accent} actions={restore(found, &onform, &draft.clear)}>{ t!("templates.draft_found") }</Note>
                }
                <Refusal error={save.error.clone()} fields={labels(&errors)} onlatest={props.onlatest.clone()} busy={props.busy} />
                <HeadCard form={(*form).clone()} {bases} errors={errors.clone()} is_new={own_id.is_none()} onchange={onform.clone()} />
                <p class="text-sm text-muted">{ t!("templates.fields_lead") }</p>
                { for groups().into_iter().map(|(title, specs)| html! {
                    <Card {title}><div class="-my-3 divide-y divide-base-300">{ for specs.iter().filter_map(row) }</div></Card>
                }) }
                <div class="surface flex flex-wrap items-center justify-between gap-2 p-3 lg:sticky lg:bottom-3 lg:z-10 lg:shadow-lg">
                    <span class="text-sm text-muted" aria-live="polite">{ state(&form.fields, dirty) }</span>
                    <span class="flex gap-2">
                        <RouteLink to={Route::Templates} kind={LinkKind::Ghost}>{ t!("ui.cancel") }</RouteLink>
                        <Button label={if own_id.is_some() { t!("templates.save") } else { t!("templates.create") }} kind={ButtonKind::Primary} submit=true
                            busy={save.busy} disabled={(!dirty && own_id.is_some()).then(|| t!("templates.unchanged"))} />
                    </span>
                </div>
            </div>
            <div class="space-y-3 xl:sticky xl:top-20">
                <Preview form={(*form).clone()} {department} effective={effective.clone()} />
                <Button label={t!("templates.look")} icon={IconName::Eye} onclick={look} />
            </div>
        </form>
        // Outside of the form, so that nothing typed there is sent with it.
        <Dialog id="template-look" title={t!("templates.preview")} wide=true open={*looking} {onclose}>
            <Look name={form.name.clone()} {effective} />
        </Dialog>
        </>
    }
}

fn state(fields: &Map<String, Value>, dirty: bool) -> AttrValue {
    let set = tn!("templates.set_count", fields.len());
    if dirty { t!("templates.unsaved", set = set) } else { set }
}

fn no_number(name: &str) -> FieldError {
    FieldError::new(format!("fields.{name}"), "not_a_number", t!("ui.not_a_number").to_string())
}

fn restore(found: TemplateForm, onform: &Callback<TemplateForm>, clear: &Callback<()>) -> Html {
    let bring = onform.reform(move |_: MouseEvent| found.clone());
    let drop = clear.reform(|_: MouseEvent| ());
    html! {
        <span class="flex flex-wrap gap-2">
            <Button label={t!("templates.draft_restore")} size={ButtonSize::Small} onclick={bring} />
            <Button label={t!("templates.draft_drop")} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={drop} />
        </span>
    }
}

/// Where the summary of what is wrong leads to.
fn labels(errors: &[FieldError]) -> Vec<(AttrValue, AttrValue, AttrValue)> {
    let head = [
        ("name", "template-name"),
        ("description", "template-description"),
        ("extends_id", "template-extends"),
        ("department_id", "template-department"),
    ];
    let mut labels: Vec<(AttrValue, AttrValue, AttrValue)> =
        head.into_iter().map(|(field, id)| (field.into(), id.into(), i18n::field_name(field))).collect();
    for error in errors {
        if let Some((id, label)) = error.field.strip_prefix("fields.").and_then(inside) {
            labels.push((error.field.clone().into(), id, label));
        }
    }
    labels
}

/// The input of a field, or of a part of one (`milestones.0.weight`), with its name.
fn inside(path: &str) -> Option<(AttrValue, AttrValue)> {
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        [name] => Some((input_id(name), i18n::field_name(name))),
        [list, index, part] => {
            let row = match *list {
                "milestones" => "milestone",
                "custom_fields" => "custom",
                _ => return None,
            };
            let number = index.parse::<usize>().ok()? + 1;
            let label = t!(
                "templates.part",
                list = i18n::field_name(list),
                number = number,
                part = i18n::field_name(part)
            );
            Some((format!("{row}-{index}-{part}").into(), label))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn a_fault_leads_to_its_input() {
        assert_eq!(inside("target").unwrap().0, "own-target");
        assert_eq!(inside("milestones.0.weight").unwrap().0, "milestone-0-weight");
        assert!(inside("custom_fields.1.key").unwrap().1.contains('2'));
        assert_eq!(inside("evidence.count.x.y"), None);
    }
}
