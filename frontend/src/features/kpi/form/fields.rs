//! The fields, section by section. A field shows what is wrong with it: the limits at once after an attempt to save,
//! the rules as soon as it was typed into.

use std::rc::Rc;

use kpi_api::{
    error::FieldError,
    kpi::{Category, KpiNew, KpiView},
    permission::Capability,
    scoring::{Finding, Severity},
    time::Period,
};
use yew::prelude::*;

use super::{
    custom::{Custom, CustomFields},
    entry::{Editor, Entry},
    parent::ParentPicker,
    tags::TagsInput,
    values::Values,
};
use crate::{
    core::{error, i18n, session::use_session},
    t,
    ui::{Card, DateInput, NumberInput, Select, TextArea, TextInput},
    widgets::{PeriodPicker, PersonPicker, findings},
};

#[derive(Clone, PartialEq, Properties)]
pub struct FieldsProps {
    pub entry: Entry,
    pub editor: Editor,
    pub errors: Vec<FieldError>,
    pub findings: Vec<Finding>,
    /// Whether somebody tried to save already.
    pub tried: bool,
    pub custom: Custom,
    pub stored: Option<Rc<KpiView>>,
    pub revises: bool,
    /// Shows what the owner sees, whoever looks at it.
    #[prop_or_default]
    pub sample: bool,
}

impl FieldsProps {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<AttrValue> {
        error::of_field(&self.errors, field).or_else(|| {
            let asked = self.tried || self.entry.touched.contains(field);
            findings::about(&self.findings, field, Severity::Error).filter(|_| asked)
        })
    }

    /// The rules' second thoughts about a field, else the given hint.
    pub fn hint(&self, field: &str, otherwise: Option<AttrValue>) -> Option<AttrValue> {
        findings::about(&self.findings, field, Severity::Warning).or(otherwise)
    }
}

#[component]
pub fn Fields(props: &FieldsProps) -> Html {
    let session = use_session();
    let kpi = &props.entry.kpi;
    let editor = &props.editor;
    html! {
        <>
            <Card title={t!("kpi.form.what")}>
                <div class="grid items-start gap-4 sm:grid-cols-2">
                    <TextInput class="sm:col-span-2" id="kpi-title" label={i18n::field_name("title")} value={kpi.title.clone()} maxlength={kpi_api::check::TITLE_MAX}
                        placeholder={t!("kpi.form.title_example")} oninput={editor.text("title", |kpi, text| kpi.title = text)} error={props.error("title")} />
                    <TextArea class="sm:col-span-2" id="kpi-description" label={i18n::field_name("description")} optional=true value={kpi.description.clone()}
                        oninput={editor.text("description", |kpi, text| kpi.description = text)} error={props.error("description")} />
                    { period(props) }
                    <Select id="kpi-category" label={i18n::field_name("category")} value={kpi.category.as_str()} options={words("category", Category::ALL.iter().map(|word| word.as_str()))}
                        onchange={editor.text("category", |kpi, text| if let Ok(category) = text.parse() { kpi.category = category })} error={props.error("category")} />
                    if session.can(Capability::ManagePeople) && props.stored.is_none() && !props.sample {
                        { owner(props) }
                    }
                </div>
            </Card>
            <Values ..props.clone() />
            if !props.custom.fields.is_empty() {
                <CustomFields ..props.clone() />
            }
            <Card title={t!("kpi.form.place")}>
                <div class="grid items-start gap-4 sm:grid-cols-2">
                    <NumberInput id="kpi-weight" label={i18n::field_name("weight")} value={Some(kpi.weight)} unit="%"
                        onchange={editor.number("weight", |kpi: &mut KpiNew, value| if let Some(value) = value { kpi.weight = value })}
                        hint={props.hint("weight", Some(t!("kpi.form.weight_hint")))} error={props.error("weight")} />
                    <DateInput id="kpi-due-date" label={i18n::field_name("due_date")} optional=true value={kpi.due_date} hint={props.hint("due_date", None)} error={props.error("due_date")}
                        onchange={{ let editor = editor.clone(); Callback::from(move |date| editor.change(move |entry| entry.kpi.due_date = date)) }} />
                    <ParentPicker class="sm:col-span-2" value={kpi.parent_id} known={props.stored.as_ref().and_then(|kpi| kpi.parent.clone())} except={props.stored.as_ref().map(|kpi| kpi.id)} error={props.error("parent_id")}
                        onchange={{ let editor = editor.clone(); Callback::from(move |parent| editor.change(move |entry| entry.kpi.parent_id = parent)) }} />
                    <TagsInput class="sm:col-span-2" tags={kpi.tags.clone()} error={props.error("tags")}
                        onchange={{ let editor = editor.clone(); Callback::from(move |tags| editor.change(move |entry| entry.kpi.tags = tags)) }} />
                </div>
                <details class="mt-4" open={kpi.cap.is_some() || props.error("cap").is_some()}>
                    <summary class="cursor-pointer text-sm text-muted">{ t!("kpi.form.advanced") }</summary>
                    <div class="mt-3 grid items-start gap-4 sm:grid-cols-2">
                        <NumberInput id="kpi-cap" label={i18n::field_name("cap")} optional=true value={kpi.cap} hint={t!("kpi.form.cap_hint")} error={props.error("cap")}
                            onchange={editor.number("cap", |kpi, value| kpi.cap = value)} />
                    </div>
                </details>
            </Card>
        </>
    }
}

pub fn words(group: &str, values: impl Iterator<Item = &'static str>) -> Vec<(AttrValue, AttrValue)> {
    values.map(|value| (value.into(), i18n::word(group, value))).collect()
}

fn period(props: &FieldsProps) -> Html {
    let kpi = &props.entry.kpi;
    let onchange = {
        let editor = props.editor.clone();
        Callback::from(move |period: Option<Period>| {
            if let Some(period) = period {
                editor
                    .change(move |entry| (entry.kpi.year, entry.kpi.quarter) = (period.year, period.quarter));
            }
        })
    };
    let error = props.error("year").or_else(|| props.error("quarter"));
    html! {
        <div class="field">
            <PeriodPicker id="kpi-quarter" label={i18n::field_name("quarter")} value={Some(Period::new(kpi.year, kpi.quarter))} {onchange} />
            if let Some(error) = error { <p class="text-sm text-error">{ error }</p> }
        </div>
    }
}

fn owner(props: &FieldsProps) -> Html {
    let onchange = {
        let editor = props.editor.clone();
        Callback::from(move |person| editor.change(move |entry| entry.kpi.user_id = person))
    };
    html! {
        <PersonPicker id="kpi-user-id" label={i18n::field_name("user_id")} none={t!("kpi.form.myself")} value={props.entry.kpi.user_id} error={props.error("user_id")} {onchange} />
    }
}
