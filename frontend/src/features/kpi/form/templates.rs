//! What a new KPI starts from: the templates of one's role and department, or nothing.

use std::{collections::BTreeMap, rc::Rc};

use kpi_api::{
    id::TemplateId,
    kpi::KpiNew,
    scoring::Kind,
    template::{TemplateFields, TemplateView},
    time::Quarter,
};
use yew::prelude::*;

use crate::{
    core::{api, i18n, query::Params, remote::use_remote, session::use_me},
    t, tn,
    ui::{
        Button, ButtonKind, ButtonSize, Dialog, EmptyState, Icon, IconName, SkeletonCards, TextInput, remote,
    },
    widgets::{DefinitionList, DirectionMark, definition::facts, measure::Measure},
};

#[derive(Properties, PartialEq)]
pub struct TemplateChoiceProps {
    /// A template, or none for a blank start.
    pub onchoose: Callback<Option<TemplateId>>,
}

#[component]
pub fn TemplateChoice(props: &TemplateChoiceProps) -> Html {
    let query = use_state(String::new);
    let looked_at = use_state(|| None::<Rc<TemplateView>>);
    let templates = use_remote((), |()| async {
        let mut all: Vec<Rc<TemplateView>> = Vec::new();
        let mut page = 1_u32;
        loop {
            let asked = Params::new().with("is_active", "true").with("per_page", 100).with("page", page);
            let found = api::templates::list(&asked).await?;
            let (total, empty) = (found.total, found.items.is_empty());
            all.extend(found.items.into_iter().map(Rc::new));
            if empty || u64::from(page) * 100 >= total {
                return Ok(all);
            }
            page += 1;
        }
    });
    let oninput = {
        let query = query.clone();
        Callback::from(move |text: String| query.set(text))
    };
    let blank = props.onchoose.reform(|_: MouseEvent| None);
    let look = {
        let looked_at = looked_at.clone();
        Callback::from(move |template: Rc<TemplateView>| looked_at.set(Some(template)))
    };
    let close = {
        let looked_at = looked_at.clone();
        Callback::from(move |()| looked_at.set(None))
    };
    html! {
        <>
            <div class="mb-5 flex flex-wrap items-end justify-between gap-3">
                <TextInput class="w-full sm:w-80" id="template-search" kind="search" label={t!("kpi.template.search")} value={(*query).clone()} {oninput} autocomplete="off" />
                <Button label={t!("kpi.template.blank")} icon={IconName::File} onclick={blank.clone()} />
            </div>
            { remote::show(&templates, html! { <SkeletonCards cards={6} height="h-40" /> }, |all| {
                let groups = grouped(all, &query);
                if groups.is_empty() {
                    let title = if all.is_empty() { t!("kpi.template.none") } else { t!("kpi.template.no_match") };
                    return html! {
                        <div class="surface">
                            <EmptyState icon={IconName::File} {title} text={t!("kpi.template.none_text")}>
                                <Button label={t!("kpi.template.blank")} kind={ButtonKind::Primary} onclick={blank} />
                            </EmptyState>
                        </div>
                    };
                }
                html! {
                    <div class="space-y-6">
                        { for groups.into_iter().map(|(department, templates)| html! {
                            <section key={department.clone().unwrap_or_default()}>
                                <h2 class="mb-2 font-semibold">{ department.map_or_else(|| t!("kpi.template.general"), AttrValue::from) }</h2>
                                <ul class="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
                                    { for templates.into_iter().map(|template| card(&template, &props.onchoose, &look)) }
                                </ul>
                            </section>
                        }) }
                    </div>
                }
            }) }
            <Dialog id="template" title={looked_at.as_ref().map(|template| AttrValue::from(template.name.clone())).unwrap_or_default()} open={looked_at.is_some()} onclose={close}
                footer={looked_at.as_ref().map(|template| {
                    let use_it = { let id = template.id; props.onchoose.reform(move |_: MouseEvent| Some(id)) };
                    html! { <Button label={t!("kpi.template.use_it")} kind={ButtonKind::Primary} onclick={use_it} /> }
                }).unwrap_or_default()}>
                if let Some(template) = &*looked_at { <WhatItSets template={Rc::clone(template)} /> }
            </Dialog>
        </>
    }
}

/// By department, general ones first, narrowed by the search.
fn grouped(all: &[Rc<TemplateView>], query: &str) -> Vec<(Option<String>, Vec<Rc<TemplateView>>)> {
    let query = query.trim().to_lowercase();
    let mut groups: BTreeMap<Option<String>, Vec<Rc<TemplateView>>> = BTreeMap::new();
    for template in all {
        let title = template.effective.title.as_deref().unwrap_or_default();
        let hit = [template.name.as_str(), &template.description, title]
            .iter()
            .any(|text| text.to_lowercase().contains(&query));
        if hit {
            groups.entry(template.department_name.clone()).or_default().push(Rc::clone(template));
        }
    }
    groups.into_iter().collect()
}

/// What a KPI from it would be, for the eye.
fn sample(fields: &TemplateFields, year: i32, quarter: Quarter) -> KpiNew {
    let mut kpi = KpiNew::blank(year, quarter);
    fields.fill(&mut kpi);
    kpi
}

fn card(
    template: &Rc<TemplateView>,
    onchoose: &Callback<Option<TemplateId>>,
    look: &Callback<Rc<TemplateView>>,
) -> Html {
    let kpi = sample(&template.effective, 2000, Quarter::Q1);
    let measure = Measure::from(&kpi);
    // Yes or no and milestones say with their kind what is wanted.
    let has_target = matches!(kpi.kind, Kind::Number | Kind::Percentage);
    let choose = {
        let id = template.id;
        onchoose.reform(move |_: MouseEvent| Some(id))
    };
    let look = {
        let template = Rc::clone(template);
        look.reform(move |_: MouseEvent| Rc::clone(&template))
    };
    let evidence = template.effective.evidence.as_ref().map_or(0, |contract| contract.count);
    html! {
        <li key={template.id.0} class="surface flex flex-col gap-2 p-4">
            <h3 class="font-medium break-words">{ template.name.clone() }</h3>
            if !template.description.is_empty() { <p class="line-clamp-2 text-sm text-muted">{ template.description.clone() }</p> }
            <p class="mt-auto flex flex-wrap items-center gap-x-3 gap-y-1 pt-1 text-sm text-muted">
                <span>{ i18n::word("kind", kpi.kind.as_str()) }</span>
                <DirectionMark kind={kpi.kind} direction={kpi.direction} />
                if has_target && measure.target() != "–" { <span class="tabular-nums">{ measure.target() }</span> }
                if evidence > 0 { <span class="inline-flex items-center gap-1"><Icon name={IconName::File} class="size-3.5" />{ tn!("kpi.template.evidence", evidence) }</span> }
            </p>
            <div class="flex flex-wrap gap-2">
                <Button label={t!("kpi.template.use_it")} size={ButtonSize::Small} onclick={choose} />
                <Button label={t!("kpi.template.look")} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={look} />
            </div>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct WhatItSetsProps {
    template: Rc<TemplateView>,
}

#[component]
fn WhatItSets(props: &WhatItSetsProps) -> Html {
    let me = use_me();
    let fields = &props.template.effective;
    let kpi = sample(fields, me.period.year, me.period.quarter);
    let mut rows = Vec::new();
    if !kpi.title.is_empty() {
        rows.push((i18n::field_name("title"), html! { kpi.title.clone() }));
    }
    rows.extend(facts(&kpi));
    if !kpi.measurement_method.is_empty() {
        rows.push((i18n::field_name("measurement_method"), html! { kpi.measurement_method.clone() }));
    }
    if let Some(days) = fields.check_in_days {
        rows.push((i18n::field_name("check_in_days"), html! { days }));
    }
    let custom: Vec<String> =
        fields.custom_fields.iter().flatten().map(|field| field.label.clone()).collect();
    if !custom.is_empty() {
        rows.push((i18n::field_name("custom_fields"), html! { custom.join(", ") }));
    }
    if let Some(contract) = fields.evidence.as_ref().filter(|contract| contract.count > 0) {
        let kinds = contract.kinds.join(", ");
        let text = tn!("kpi.template.evidence", contract.count);
        rows.push((
            i18n::field_name("evidence"),
            if kinds.is_empty() {
                html! { text }
            } else {
                html! { <>{ text }{ " (" }{ kinds }{ ")" }</> }
            },
        ));
    }
    html! {
        <>
            if !props.template.description.is_empty() { <p class="mb-4 text-sm">{ props.template.description.clone() }</p> }
            <DefinitionList {rows} />
        </>
    }
}
