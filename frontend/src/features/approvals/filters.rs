//! Which decisions, in which order; kept in the address.

use kpi_api::{approvals::QueueReason, id::DepartmentId};
use yew::prelude::*;

use crate::{
    core::{i18n, query::Params},
    t,
    ui::{Button, ButtonKind, ButtonSize, IconName, Segmented, Select},
    widgets::{DepartmentPicker, SearchField},
};

/// As the address and the server spell them alike.
const FILTERS: [&str; 3] = ["reason", "department_id", "q"];
const ASKED: [&str; 6] = ["mine", "reason", "department_id", "q", "sort", "page"];

/// What the server is asked for.
pub fn asked(params: &Params) -> Params {
    ASKED
        .iter()
        .fold(Params::new().with("per_page", 50), |asked, name| asked.with_some(name, params.get(name)))
}

/// How many filters narrow the queue.
pub fn active(params: &Params) -> usize {
    FILTERS.iter().filter(|name| params.get(name).is_some()).count()
}

pub fn cleared(params: &Params) -> Params {
    FILTERS.iter().chain(&["page", "kpi"]).fold(params.clone(), |params, name| params.without(name))
}

#[derive(Properties, PartialEq)]
pub struct FiltersProps {
    pub params: Params,
    pub set: Callback<Params>,
}

#[component]
pub fn Filters(props: &FiltersProps) -> Html {
    let open = use_state(|| false);
    let set = |name: &'static str| {
        let (params, set) = (props.params.clone(), props.set.clone());
        Callback::from(move |value: String| {
            set.emit(params.clone().with(name, value).without("page").without("kpi"));
        })
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
    let count = active(&props.params);
    let mut reasons = vec![(AttrValue::default(), t!("approvals.any_reason"))];
    reasons.extend(
        QueueReason::ALL
            .iter()
            .map(|reason| (reason.as_str().into(), i18n::word("queue_reason", reason.as_str()))),
    );
    let orders = vec![("".into(), t!("approvals.oldest")), ("-waiting_since".into(), t!("approvals.newest"))];
    html! {
        <div class="mb-4 space-y-2 lg:flex lg:flex-wrap lg:items-center lg:gap-2 lg:space-y-0">
            <div class="flex flex-wrap items-center gap-2">
                <Segmented name="whose" label={t!("approvals.whose")} compact=true value={value("mine")}
                    options={vec![("".into(), t!("approvals.all")), ("true".into(), t!("approvals.mine"))]} onchange={set("mine")} />
                <Button class="sm:hidden" icon={IconName::Filter} size={ButtonSize::Small} pressed={*open} onclick={toggle}
                    label={if count > 0 { t!("kpi.list.filters_count", count = count) } else { t!("kpi.list.filters") }} />
            </div>
            <div class={classes!("flex-wrap", "items-center", "gap-2", "sm:flex", if *open { "flex" } else { "hidden" })} role="group" aria-label={t!("kpi.list.filters")}>
                <SearchField id="queue-search" label={t!("approvals.search")} value={value("q")} onsearch={set("q")} />
                <Select id="queue-reason" label={t!("approvals.reason")} compact=true value={value("reason")} options={reasons} onchange={set("reason")} />
                <DepartmentPicker id="queue-department" label={i18n::field_name("department_id")} compact=true value={props.params.read("department_id")} none={t!("kpi.list.any_department")}
                    onchange={set("department_id").reform(|id: Option<DepartmentId>| id.map(|id| id.to_string()).unwrap_or_default())} />
                <Select id="queue-order" label={t!("approvals.order")} compact=true value={value("sort")} options={orders} onchange={set("sort")} />
                if count > 0 {
                    <Button label={t!("kpi.list.clear")} icon={IconName::X} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={clear} />
                }
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_asked_for_what_it_knows_and_clearing_keeps_the_rest() {
        let params = Params::parse("mine=true&reason=result&q=x&sort=-waiting_since&page=2&kpi=7&other=1");
        assert_eq!(
            asked(&params).encoded(),
            "per_page=50&mine=true&reason=result&q=x&sort=-waiting_since&page=2"
        );
        assert_eq!(active(&params), 2);
        assert_eq!(cleared(&params).encoded(), "mine=true&sort=-waiting_since&other=1");
    }
}
