//! The filters of the list. Every one of them lives in the address.

use gloo_timers::callback::Timeout;
use kpi_api::{
    kpi::{Category, Status},
    permission::Capability,
    scoring::{Band, Pace},
    time::Quarter,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    core::{
        api::kpis::FILTERS,
        i18n,
        query::Params,
        session::{use_me, use_session},
    },
    t,
    ui::{Button, ButtonKind, ButtonSize, Icon, IconName, Segmented, Select},
    widgets::{DepartmentPicker, PersonPicker},
};

const TYPING_MS: u32 = 300;

/// How many filters are set.
pub fn active(params: &Params) -> usize {
    FILTERS.iter().filter(|name| params.get(name).is_some()).count()
}

/// The address without any filter; the order stays.
pub fn cleared(params: &Params) -> Params {
    FILTERS.iter().fold(params.clone().without("page"), |params, name| params.without(name))
}

#[derive(Properties, PartialEq)]
pub struct FiltersProps {
    pub params: Params,
    pub set: Callback<Params>,
}

#[component]
pub fn Filters(props: &FiltersProps) -> Html {
    let me = use_me();
    let session = use_session();
    let leads = session.can(Capability::SeeTeam);
    let manages = session.can(Capability::ManagePeople);
    let open = use_state(|| false);
    let set = |name: &'static str| {
        let (params, set) = (props.params.clone(), props.set.clone());
        Callback::from(move |value: String| set.emit(params.clone().with(name, value).without("page")))
    };
    let value = |name: &str| AttrValue::from(props.params.get(name).unwrap_or_default().to_owned());
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let clear = {
        let (params, set) = (props.params.clone(), props.set.clone());
        Callback::from(move |_: MouseEvent| set.emit(cleared(&params)))
    };
    let years: Vec<String> =
        (me.period.year - 3..=me.period.year + 1).rev().map(|year| year.to_string()).collect();
    let count = active(&props.params);
    let mine = if props.params.get("mine") == Some("true") { "true" } else { "" };
    html! {
        <div class="mb-4 space-y-2">
            <div class="flex flex-wrap items-center gap-2">
                <SearchBox value={value("q")} onchange={set("q")} />
                if leads {
                    <Segmented
                        name="whose"
                        label={t!("kpi.list.whose")}
                        compact=true
                        value={mine}
                        options={vec![("".into(), t!("kpi.list.everybody")), ("true".into(), t!("kpi.list.mine"))]}
                        onchange={{
                            let (params, set) = (props.params.clone(), props.set.clone());
                            Callback::from(move |value: String| {
                                let params = params.clone().with("mine", &value).without("page");
                                set.emit(if value.is_empty() { params } else { params.without("user_id") });
                            })
                        }}
                    />
                }
                <Button
                    class="sm:hidden"
                    label={if count > 0 { t!("kpi.list.filters_count", count = count) } else { t!("kpi.list.filters") }}
                    icon={IconName::Filter}
                    size={ButtonSize::Small}
                    pressed={*open}
                    onclick={toggle}
                />
            </div>
            <div class={classes!("flex-wrap", "items-center", "gap-2", "sm:flex", if *open { "flex" } else { "hidden" })} role="group" aria-label={t!("kpi.list.filters")}>
                <Select id="filter-year" label={i18n::field_name("year")} compact=true value={value("year")} options={choices(t!("kpi.list.any_year"), years.iter().map(|year| (year.clone(), year.clone().into())))} onchange={set("year")} />
                <Select id="filter-quarter" label={i18n::field_name("quarter")} compact=true value={value("quarter")} options={choices(t!("kpi.list.any_quarter"), Quarter::ALL.into_iter().map(|quarter| (quarter.to_string(), quarter.to_string().into())))} onchange={set("quarter")} />
                <Select id="filter-status" label={i18n::field_name("status")} compact=true value={value("status")} options={words(t!("kpi.list.any_status"), "status", Status::ALL.iter().map(|word| word.as_str()))} onchange={set("status")} />
                <Select id="filter-band" label={i18n::field_name("band")} compact=true value={value("band")} options={words(t!("kpi.list.any_band"), "band", Band::ALL.iter().map(|word| word.as_str()))} onchange={set("band")} />
                <Select id="filter-pace" label={t!("kpi.pace")} compact=true value={value("pace")} options={words(t!("kpi.list.any_pace"), "pace", Pace::ALL.iter().map(|word| word.as_str()))} onchange={set("pace")} />
                <Select id="filter-category" label={i18n::field_name("category")} compact=true value={value("category")} options={words(t!("kpi.list.any_category"), "category", Category::ALL.iter().map(|word| word.as_str()))} onchange={set("category")} />
                if leads {
                    <DepartmentPicker id="filter-department" label={i18n::field_name("department_id")} compact=true value={props.params.read("department_id")} none={t!("kpi.list.any_department")}
                        onchange={set("department_id").reform(|id: Option<kpi_api::id::DepartmentId>| id.map(|id| id.to_string()).unwrap_or_default())} />
                }
                if manages && mine.is_empty() {
                    <PersonPicker id="filter-owner" label={i18n::field_name("user_id")} compact=true value={props.params.read("user_id")} none={t!("kpi.list.any_owner")}
                        onchange={set("user_id").reform(|id: Option<kpi_api::id::UserId>| id.map(|id| id.to_string()).unwrap_or_default())} />
                }
                if count > 0 {
                    <Button label={t!("kpi.list.clear")} icon={IconName::X} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={clear} />
                }
            </div>
        </div>
    }
}

fn choices(any: AttrValue, rest: impl Iterator<Item = (String, AttrValue)>) -> Vec<(AttrValue, AttrValue)> {
    std::iter::once((AttrValue::default(), any))
        .chain(rest.map(|(value, words)| (value.into(), words)))
        .collect()
}

fn words(
    any: AttrValue,
    group: &str,
    values: impl Iterator<Item = &'static str>,
) -> Vec<(AttrValue, AttrValue)> {
    choices(any, values.map(|value| (value.to_owned(), i18n::word(group, value))))
}

#[derive(Properties, PartialEq)]
struct SearchBoxProps {
    value: AttrValue,
    onchange: Callback<String>,
}

/// Searches a moment after the last key.
#[component]
fn SearchBox(props: &SearchBoxProps) -> Html {
    let text = use_state(|| props.value.to_string());
    let told = use_mut_ref(|| props.value.to_string());
    // An address changed from elsewhere (filters cleared, a link followed) replaces what stands here.
    use_effect_with(props.value.clone(), {
        let (text, told) = (text.clone(), told.clone());
        move |value| {
            if *told.borrow() != value.as_str() {
                *told.borrow_mut() = value.to_string();
                text.set(value.to_string());
            }
        }
    });
    let latest = use_mut_ref(Callback::noop);
    *latest.borrow_mut() = props.onchange.clone();
    use_effect_with((*text).clone(), move |text| {
        let query = text.trim().to_owned();
        let differs = *told.borrow() != query;
        let timeout = differs.then(|| {
            Timeout::new(TYPING_MS, move || {
                *told.borrow_mut() = query.clone();
                let onchange: Callback<String> = latest.borrow().clone();
                onchange.emit(query);
            })
        });
        move || drop(timeout)
    });
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value())
        })
    };
    html! {
        <label class="input input-sm w-full sm:w-64">
            <Icon name={IconName::Search} class="size-4 shrink-0 opacity-60" />
            <input type="search" name="q" value={(*text).clone()} {oninput} maxlength="100" placeholder={t!("kpi.list.search")} aria-label={t!("kpi.list.search")} />
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clearing_keeps_the_order_and_nothing_else() {
        let params = Params::parse("status=draft&q=x&sort=-score&page=3&mine=true");
        assert_eq!(active(&params), 3);
        let params = cleared(&params);
        assert_eq!((params.encoded().as_str(), active(&params)), ("sort=-score", 0));
    }
}
