//! Choosing a person, a department, a period.

use kpi_api::{
    id::{DepartmentId, UserId},
    time::{Period, Quarter},
};
use yew::prelude::*;

use crate::{
    core::{
        api, format,
        query::Params,
        remote::{Remote, use_remote},
        session::use_me,
    },
    t,
    ui::Select,
};

/// One of all active people; for administrators.
#[derive(Properties, PartialEq)]
pub struct PersonPickerProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: Option<UserId>,
    pub onchange: Callback<Option<UserId>>,
    /// What no choice means, e.g. "Everybody".
    pub none: AttrValue,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub compact: bool,
}

#[component]
pub fn PersonPicker(props: &PersonPickerProps) -> Html {
    let people = use_remote((), |()| async {
        let mut all = Vec::new();
        let mut page = 1_u32;
        loop {
            let query = Params::new().with("page", page).with("per_page", 100).with("sort", "full_name");
            let found = api::users::list(&query).await?;
            let total = found.total;
            let empty = found.items.is_empty();
            all.extend(
                found
                    .items
                    .into_iter()
                    .filter(|person| person.is_active)
                    .map(|person| (person.id, person.full_name)),
            );
            if empty || u64::from(page) * 100 >= total {
                return Ok(all);
            }
            page += 1;
        }
    });
    let mut options = vec![(AttrValue::default(), props.none.clone())];
    options.extend(
        people
            .remote
            .ready()
            .into_iter()
            .flat_map(|people| people.iter())
            .map(|(id, name)| (AttrValue::from(id.to_string()), AttrValue::from(name.clone()))),
    );
    let onchange = props.onchange.reform(|value: String| value.parse().ok());
    html! {
        <Select
            id={props.id.clone()}
            label={props.label.clone()}
            value={props.value.map(|id| id.to_string()).unwrap_or_default()}
            {options}
            {onchange}
            hint={hint(&people.remote, &props.hint)}
            error={props.error.clone()}
            compact={props.compact}
        />
    }
}

/// One of all departments, by their path.
#[derive(Properties, PartialEq)]
pub struct DepartmentPickerProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: Option<DepartmentId>,
    pub onchange: Callback<Option<DepartmentId>>,
    /// What no choice means.
    pub none: AttrValue,
    /// Left out with everything below, e.g. the department that is being moved.
    #[prop_or_default]
    pub except: Option<DepartmentId>,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub compact: bool,
}

#[component]
pub fn DepartmentPicker(props: &DepartmentPickerProps) -> Html {
    let departments = use_remote((), |()| async {
        let mut all = Vec::new();
        let mut page = 1_u32;
        loop {
            let found =
                api::departments::list(&Params::new().with("page", page).with("per_page", 100)).await?;
            let (total, empty) = (found.total, found.items.is_empty());
            all.extend(found.items);
            if empty || u64::from(page) * 100 >= total {
                all.sort_by(|one, two| one.path.cmp(&two.path));
                return Ok(all);
            }
            page += 1;
        }
    });
    let mut options = vec![(AttrValue::default(), props.none.clone())];
    if let Some(all) = departments.remote.ready() {
        let hidden = all
            .iter()
            .find(|department| Some(department.id) == props.except)
            .map(|department| &department.path);
        options.extend(
            all.iter()
                .filter(|department| hidden.is_none_or(|path| !department.path.starts_with(path)))
                .map(|department| (department.id.to_string().into(), department.path.join(" › ").into())),
        );
    }
    let onchange = props.onchange.reform(|value: String| value.parse().ok());
    html! {
        <Select
            id={props.id.clone()}
            label={props.label.clone()}
            value={props.value.map(|id| id.to_string()).unwrap_or_default()}
            {options}
            {onchange}
            hint={hint(&departments.remote, &props.hint)}
            error={props.error.clone()}
            compact={props.compact}
        />
    }
}

fn hint<T>(remote: &Remote<T>, own: &Option<AttrValue>) -> Option<AttrValue> {
    match remote {
        Remote::Failed(error) => Some(error.sentence()),
        Remote::Loading | Remote::Ready(_) => own.clone(),
    }
}

/// A quarter, from three years back to the next year where nothing else is said.
#[derive(Properties, PartialEq)]
pub struct PeriodPickerProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: Option<Period>,
    pub onchange: Callback<Option<Period>>,
    /// Offers "all quarters" in these words.
    #[prop_or_default]
    pub none: Option<AttrValue>,
    /// Which ones to choose from.
    #[prop_or_default]
    pub among: Option<Vec<Period>>,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub compact: bool,
}

#[component]
pub fn PeriodPicker(props: &PeriodPickerProps) -> Html {
    let me = use_me();
    let mut options: Vec<(AttrValue, AttrValue)> = Vec::new();
    if let Some(none) = &props.none {
        options.push((AttrValue::default(), none.clone()));
    }
    let mut periods = props.among.clone().unwrap_or_else(|| around(me.period));
    if let Some(value) = props.value.filter(|value| !periods.contains(value)) {
        periods.push(value);
    }
    options.extend(periods.into_iter().map(|period| {
        let words = if period == me.period {
            t!("period.current", period = format::period(period))
        } else {
            format::period(period)
        };
        (written(period).into(), words)
    }));
    let onchange = props.onchange.reform(|value: String| read(&value));
    html! {
        <Select
            id={props.id.clone()}
            label={props.label.clone()}
            value={props.value.map(written).unwrap_or_default()}
            {options}
            {onchange}
            hint={props.hint.clone()}
            error={props.error.clone()}
            compact={props.compact}
        />
    }
}

/// Newest first.
fn around(now: Period) -> Vec<Period> {
    (now.year - 3..=now.year + 1)
        .rev()
        .flat_map(|year| Quarter::ALL.into_iter().rev().map(move |quarter| Period::new(year, quarter)))
        .collect()
}

/// `2026-Q2`.
fn written(period: Period) -> String {
    format!("{}-{}", period.year, period.quarter)
}

fn read(text: &str) -> Option<Period> {
    let (year, quarter) = text.split_once('-')?;
    Some(Period::new(year.parse().ok()?, quarter.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_read_as_it_is_written() {
        let period = Period::new(2026, Quarter::Q2);
        assert_eq!(read(&written(period)), Some(period));
        assert_eq!(read("2026-Q5"), None);
        assert!(around(period).contains(&period));
    }
}
