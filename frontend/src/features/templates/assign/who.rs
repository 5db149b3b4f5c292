//! The form: who gets it, for which quarter, and what differs from the template.

use std::rc::Rc;

use kpi_api::{
    id::{DepartmentId, UserId},
    kpi::defaults,
    permission::Role,
    scoring::{Direction, Kind},
    template::{TemplateFields, TemplateView},
    time::Period,
};
use yew::prelude::*;

use super::wanted::{Step, Wanted};
use crate::{
    core::i18n,
    t,
    ui::{Card, Checkbox, NumberInput, Select, number_input::Typed},
    widgets::{DepartmentPicker, PeriodPicker, PersonPicker},
};

#[derive(Properties, PartialEq)]
pub struct WhoCardProps {
    pub template: Rc<TemplateView>,
    pub wanted: Wanted,
    pub onstep: Callback<Step>,
}

#[component]
pub fn WhoCard(props: &WhoCardProps) -> Html {
    let (wanted, fields) = (&props.wanted, &props.template.effective);
    let onperiod = {
        let onstep = props.onstep.clone();
        Callback::from(move |period: Option<Period>| {
            if let Some(period) = period {
                onstep.emit(Step::Period(period));
            }
        })
    };
    let onname = {
        let onstep = props.onstep.clone();
        Callback::from(move |id: Option<UserId>| {
            if let Some(id) = id {
                onstep.emit(Step::Name(id));
            }
        })
    };
    let number = |step: fn(Option<f64>) -> Step| {
        let onstep = props.onstep.clone();
        Callback::from(move |typed: Typed| {
            if let Ok(number) = typed {
                onstep.emit(step(number));
            }
        })
    };
    let mut roles: Vec<(AttrValue, AttrValue)> = vec![(AttrValue::default(), t!("templates.every_role"))];
    roles.extend(Role::ALL.iter().map(|role| (role.as_str().into(), i18n::word("role", role.as_str()))));
    html! {
        <Card title={t!("templates.assign.who")}>
            <div class="grid items-start gap-4 sm:grid-cols-2">
                <DepartmentPicker id="assign-department" label={t!("field.department")} none={t!("templates.assign.no_department")} value={wanted.department_id}
                    onchange={props.onstep.reform(|id: Option<DepartmentId>| Step::Department(id))} />
                <Select id="assign-role" label={t!("field.role")} value={wanted.role.map(|role| role.as_str()).unwrap_or_default()} options={roles}
                    onchange={props.onstep.reform(|word: String| Step::Role(word.parse().ok()))} />
                <div class="sm:col-span-2">
                    <Checkbox id="assign-below" label={t!("templates.assign.with_below")} checked={wanted.with_below} onchange={props.onstep.reform(Step::WithBelow)} />
                </div>
                // The key makes it empty again once somebody was chosen.
                <PersonPicker key={wanted.people.len()} id="assign-person" label={t!("templates.assign.add_person")} none={t!("templates.assign.choose_person")} value={None} onchange={onname} />
                <PeriodPicker id="assign-quarter" label={i18n::field_name("quarter")} value={Some(wanted.period)} onchange={onperiod} />
                if has_target(fields) {
                    <NumberInput id="assign-target" label={t!("templates.assign.target")} optional=true value={wanted.target} onchange={number(Step::Target)}
                        unit={fields.unit.clone().unwrap_or_default()} hint={otherwise(fields.target)} />
                }
                <NumberInput id="assign-weight" label={t!("templates.assign.weight")} optional=true value={wanted.weight} onchange={number(Step::Weight)}
                    unit="%" hint={otherwise(Some(fields.weight.unwrap_or(defaults::weight())))} />
            </div>
        </Card>
    }
}

fn otherwise(value: Option<f64>) -> AttrValue {
    match value {
        Some(value) => t!("templates.assign.otherwise", value = crate::core::format::plain(value)),
        None => t!("templates.assign.left_open"),
    }
}

/// Whether a KPI from it is measured against a target.
pub fn has_target(fields: &TemplateFields) -> bool {
    matches!(fields.kind.unwrap_or(defaults::kind()), Kind::Number | Kind::Percentage)
        && fields.direction != Some(Direction::InRange)
}
