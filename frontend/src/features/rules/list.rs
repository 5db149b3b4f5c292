//! The rules: what applies to whom, how it fares while it runs, what waits for a decision.

use kpi_api::{
    rules::{RuleState, RuleView},
    scoring::RuleKind,
};
use yew::prelude::*;

use super::{
    arranged::{FILTERS, arranged},
    cells::{Acts, cells},
    retire::RetireDialog,
};
use crate::{
    core::{
        api, i18n,
        live::{About, use_fresh},
        navigate::use_navigate,
        query::{Params, use_query_params},
        remote::use_remote,
    },
    route::Route,
    t,
    ui::{
        Button, ButtonKind, Column, EmptyState, IconName, LinkKind, PageHeader, RouteLink, Select,
        SkeletonRows, SortableTable, remote,
    },
    widgets::SearchField,
};

#[component]
pub fn RulesPage() -> Html {
    let (params, set) = use_query_params();
    let rules = use_remote((), |()| async { api::admin::rules().await });
    use_fresh(&rules.refresh, About::Rules);
    let retiring = use_state(|| None::<RuleView>);
    let columns = vec![
        Column::new(t!("rules.rule")).sorted_by("title"),
        Column::new(t!("rules.kind")).sorted_by("kind"),
        Column::new(t!("rules.scope")).sorted_by("scope"),
        Column::new(t!("rules.state")).sorted_by("version"),
        Column::new(t!("rules.cost")).sorted_by("time"),
        Column::new(t!("rules.trouble")).sorted_by("trouble"),
        Column::new(t!("rules.acts")),
    ];
    let onsort = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |sort: String| set.emit(params.clone().with("sort", sort)))
    };
    let clear = {
        let (params, set) = (params.clone(), set.clone());
        let bare = FILTERS.into_iter().fold(params, Params::without);
        Callback::from(move |_: MouseEvent| set.emit(bare.clone()))
    };
    let navigate = use_navigate();
    let acts = Acts {
        retire: {
            let retiring = retiring.clone();
            Callback::from(move |rule: RuleView| retiring.set(Some(rule)))
        },
        shadow: Callback::from(move |id| navigate.push(Route::RuleShadow { id })),
    };
    let onclose = {
        let retiring = retiring.clone();
        Callback::from(move |()| retiring.set(None))
    };
    let actions = html! {
        <>
            <RouteLink to={Route::RuleReference} kind={LinkKind::Secondary} icon={IconName::Help}>{ t!("rules.reference") }</RouteLink>
            <RouteLink to={Route::RuleNew} kind={LinkKind::Primary} icon={IconName::Plus}>{ t!("rules.add") }</RouteLink>
        </>
    };
    html! {
        <>
            <PageHeader title={t!("rules.title")} lead={t!("rules.lead")} {actions} />
            <Filters params={params.clone()} {set} />
            { remote::show(&rules, html! { <SkeletonRows rows={4} /> }, |list| {
                let found = arranged(&list.items, &params);
                if list.items.is_empty() {
                    html! { <div class="surface"><EmptyState icon={IconName::File} title={t!("rules.none")} text={t!("rules.none_text")}>
                        <RouteLink to={Route::RuleNew} kind={LinkKind::Primary} icon={IconName::Plus}>{ t!("rules.add") }</RouteLink>
                    </EmptyState></div> }
                } else if found.is_empty() {
                    html! { <div class="surface"><EmptyState icon={IconName::Filter} title={t!("rules.none_fits")} text={t!("rules.none_fits_text")}>
                        <Button label={t!("rules.show_all")} kind={ButtonKind::Secondary} onclick={clear.clone()} />
                    </EmptyState></div> }
                } else {
                    html! {
                        <SortableTable caption={t!("rules.title")} columns={columns.clone()}
                            rows={found.into_iter().map(|rule| (rule.id.to_string(), cells(rule, &acts))).collect::<Vec<_>>()}
                            sort={params.get("sort").unwrap_or("kind").to_owned()} onsort={onsort.clone()} />
                    }
                }
            }) }
            <RetireDialog rule={(*retiring).clone()} {onclose} onchanged={rules.reload.clone()} />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct FiltersProps {
    params: Params,
    set: Callback<Params>,
}

#[component]
fn Filters(props: &FiltersProps) -> Html {
    let choose = |key: &'static str| {
        let params = props.params.clone();
        props.set.reform(move |value: String| params.clone().with(key, value))
    };
    let value = |key: &str| AttrValue::from(props.params.get(key).unwrap_or_default().to_owned());
    let any = |label: AttrValue| vec![(AttrValue::default(), label)];
    let mut kinds = any(t!("rules.any_kind"));
    kinds.extend(
        RuleKind::ALL.iter().map(|kind| (kind.as_str().into(), i18n::word("rule_kind", kind.as_str()))),
    );
    let mut states = any(t!("rules.in_use"));
    states.extend([("trouble".into(), t!("rules.with_trouble")), ("waiting".into(), t!("rules.with_draft"))]);
    states.extend(
        RuleState::ALL.iter().map(|state| (state.as_str().into(), i18n::word("rule_state", state.as_str()))),
    );
    html! {
        <div class="mb-4 flex flex-wrap items-center gap-2">
            <SearchField id="rules-search" label={t!("rules.search")} value={value("q")} onsearch={choose("q")} />
            <Select id="rules-kind" label={t!("rules.kind")} compact=true value={value("kind")} options={kinds} onchange={choose("kind")} />
            <Select id="rules-state" label={t!("rules.state")} compact=true value={value("state")} options={states} onchange={choose("state")} />
        </div>
    }
}
