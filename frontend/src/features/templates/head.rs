//! The template itself: what it is called, for whom it is, what it extends.

use kpi_api::{error::FieldError, id::DepartmentId, permission::Role, template::TemplateView};
use yew::prelude::*;

use super::form::TemplateForm;
use crate::{
    core::{error, i18n},
    t,
    ui::{Card, Checkbox, Select, TextArea, TextInput},
    widgets::DepartmentPicker,
};

#[derive(Properties, PartialEq)]
pub struct HeadCardProps {
    pub form: TemplateForm,
    /// Those that this one may extend.
    pub bases: Vec<TemplateView>,
    pub errors: Vec<FieldError>,
    /// A new one is active by itself.
    pub is_new: bool,
    pub onchange: Callback<TemplateForm>,
}

#[component]
pub fn HeadCard(props: &HeadCardProps) -> Html {
    let form = &props.form;
    let set = |apply: fn(&mut TemplateForm, String)| {
        let (form, onchange) = (form.clone(), props.onchange.clone());
        Callback::from(move |text: String| {
            let mut next = form.clone();
            apply(&mut next, text);
            onchange.emit(next);
        })
    };
    let ondepartment = {
        let (form, onchange) = (form.clone(), props.onchange.clone());
        Callback::from(move |department_id: Option<DepartmentId>| {
            onchange.emit(TemplateForm { department_id, ..form.clone() })
        })
    };
    let onactive = {
        let (form, onchange) = (form.clone(), props.onchange.clone());
        Callback::from(move |is_active| onchange.emit(TemplateForm { is_active, ..form.clone() }))
    };
    let mut roles: Vec<(AttrValue, AttrValue)> = vec![(AttrValue::default(), t!("templates.every_role"))];
    roles.extend(Role::ALL.iter().map(|role| (role.as_str().into(), i18n::word("role", role.as_str()))));
    let mut bases: Vec<(AttrValue, AttrValue)> =
        vec![(AttrValue::default(), t!("templates.extends_nothing"))];
    bases.extend(props.bases.iter().map(|base| {
        let words = match &base.department_name {
            Some(department) => format!("{} ({department})", base.name).into(),
            None => base.name.clone().into(),
        };
        (AttrValue::from(base.id.to_string()), words)
    }));
    let of = |field: &str| error::of_field(&props.errors, field);
    html! {
        <Card title={t!("templates.group_head")}>
            <div class="space-y-4">
                <TextInput id="template-name" label={t!("field.name")} value={form.name.clone()} error={of("name")}
                    oninput={set(|form, text| form.name = text)} autocomplete="off" />
                <TextArea id="template-description" label={t!("templates.what_for")} optional=true rows={2} value={form.description.clone()} error={of("description")}
                    oninput={set(|form, text| form.description = text)} />
                <div class="grid items-start gap-4 sm:grid-cols-2">
                    <DepartmentPicker id="template-department" label={t!("field.department")} none={t!("templates.every_department")} value={form.department_id}
                        hint={t!("templates.department_hint")} error={of("department_id")} onchange={ondepartment} />
                    <Select id="template-role" label={t!("field.role")} value={form.role.map(|role| role.as_str()).unwrap_or_default()} options={roles}
                        error={of("role")} onchange={set(|form, text| form.role = text.parse().ok())} />
                </div>
                <Select id="template-extends" label={t!("field.extends_id")} options={bases} hint={t!("templates.extends_hint")} error={of("extends_id")}
                    value={form.extends_id.map(|id| id.to_string()).unwrap_or_default()} onchange={set(|form, text| form.extends_id = text.parse().ok())} />
                if !props.is_new {
                    <Checkbox id="template-active" label={t!("templates.active")} hint={t!("templates.active_hint")} checked={form.is_active} onchange={onactive} />
                }
            </div>
        </Card>
    }
}
