//! What rules are written with: every field with its type and unit, every function with an example that is executed as a
//! test of the server. All of it comes from the vocabulary that the engine itself uses.

use kpi_api::rules::reference::{FieldDoc, FunctionDoc, KindDoc, LimitsDoc, Snippet, Vocabulary};
use yew::prelude::*;

use crate::{
    core::{
        api, format, i18n,
        query::{Params, use_query_params},
        remote::use_remote,
    },
    route::Route,
    t, tn,
    ui::{Card, Column, Crumb, EmptyState, IconName, PageHeader, SkeletonLines, SortableTable, remote},
    widgets::SearchField,
};

#[component]
pub fn RuleReferencePage() -> Html {
    let (params, set) = use_query_params();
    let vocabulary = use_remote((), |()| async { api::rules::vocabulary().await });
    let sought = params.get("q").unwrap_or_default().to_owned();
    let onsearch = set.reform(|text: String| Params::new().with("q", text));
    html! {
        <>
            <PageHeader title={t!("rules.reference")} lead={t!("rules.reference_lead")} crumbs={vec![Crumb::new(t!("rules.title"), Route::Rules)]} />
            <div class="mb-4"><SearchField id="reference-search" label={t!("rules.reference_search")} value={sought.clone()} {onsearch} /></div>
            { remote::show(&vocabulary, html! { <SkeletonLines lines={12} /> }, |vocabulary| found(vocabulary, &sought)) }
        </>
    }
}

/// Whether all words that are sought occur in what is known of something.
fn fits(sought: &str, known: &[&str]) -> bool {
    let known = known.join(" ").to_lowercase();
    sought.to_lowercase().split_whitespace().all(|word| known.contains(word))
}

fn found(vocabulary: &Vocabulary, sought: &str) -> Html {
    let fields: Vec<&FieldDoc> = vocabulary
        .fields
        .iter()
        .filter(|field| fits(sought, &[&field.path, &field.description, &field.ty]))
        .collect();
    let functions: Vec<&FunctionDoc> = vocabulary
        .functions
        .iter()
        .filter(|function| fits(sought, &[&function.signature, &function.description, &function.group]))
        .collect();
    let snippets: Vec<&Snippet> = vocabulary
        .snippets
        .iter()
        .filter(|snippet| fits(sought, &[&snippet.label, &snippet.description, &snippet.body]))
        .collect();
    if fields.is_empty() && functions.is_empty() && snippets.is_empty() {
        return html! { <div class="surface"><EmptyState icon={IconName::Search} title={t!("rules.reference_none")} text={t!("rules.reference_none_text")} /></div> };
    }
    let is_whole = sought.trim().is_empty();
    html! {
        <div class="space-y-6">
            if !is_whole {
                <p class="text-sm text-muted" role="status">{ tn!("rules.reference_found", fields.len() + functions.len() + snippets.len()) }</p>
            }
            { for is_whole.then(|| kinds(&vocabulary.kinds)) }
            { for (!fields.is_empty()).then(|| records(&fields)) }
            { for (!functions.is_empty()).then(|| groups(&functions)) }
            { for (!snippets.is_empty()).then(|| pieces(&snippets)) }
            { for is_whole.then(|| limits(&vocabulary.limits)) }
        </div>
    }
}

fn code(text: &str) -> Html {
    html! { <code class="text-sm break-words">{ text.to_owned() }</code> }
}

/// Words of the vocabulary, which are English; what stands between backticks is code.
fn words(text: &str) -> Html {
    html! {
        <span lang="en">
            { for text.split('`').enumerate().map(|(index, part)| if index % 2 == 1 { code(part) } else { html! { part.to_owned() } }) }
        </span>
    }
}

fn block(text: &str, label: AttrValue) -> Html {
    html! {
        <pre class="mt-2 overflow-x-auto rounded-field bg-base-200 p-3 text-sm" tabindex="0" role="region" aria-label={label}><code>{ text.to_owned() }</code></pre>
    }
}

fn kinds(kinds: &[KindDoc]) -> Html {
    html! {
        <section>
            <h2 class="mb-3 text-lg font-semibold">{ t!("rules.kinds") }</h2>
            <div class="grid gap-4 lg:grid-cols-3">
                { for kinds.iter().map(|kind| html! {
                    <Card>
                        <h3 class="font-medium">{ i18n::word("rule_kind", kind.kind.as_str()) }</h3>
                        <p class="mt-1">{ code(&kind.entry) }</p>
                        <div class="mt-2 space-y-1 text-sm">
                            <p>{ words(&kind.returns) }</p>
                            <p class="text-muted">{ words(&kind.applies) }</p>
                        </div>
                    </Card>
                }) }
            </div>
        </section>
    }
}

/// The fields of one record after the other: `kpi`, `kpi.owner`, `ctx` ...
fn records(fields: &[&FieldDoc]) -> Html {
    let columns = vec![
        Column::new(t!("rules.field")),
        Column::new(t!("rules.field_type")),
        Column::new(t!("rules.field_unit")),
        Column::new(t!("rules.field_meaning")),
    ];
    let unit = |field: &FieldDoc| {
        field.unit.as_deref().map(|unit| i18n::word("rule_unit", unit)).unwrap_or_else(|| "–".into())
    };
    html! {
        <section>
            <h2 class="mb-3 text-lg font-semibold">{ t!("rules.fields") }</h2>
            <div class="space-y-5">
                { for by_record(fields).into_iter().map(|(record, fields)| html! {
                    <div>
                        <h3 class="mb-2 font-medium">{ code(record) }</h3>
                        <SortableTable caption={t!("rules.fields_of", record = record)} columns={columns.clone()}
                            rows={fields.into_iter().map(|field| (field.path.clone(), vec![
                                code(&field.path),
                                code(&field.ty),
                                html! { unit(field) },
                                html! { <span class="text-sm">{ words(&field.description) }</span> },
                            ])).collect::<Vec<_>>()} />
                    </div>
                }) }
            </div>
        </section>
    }
}

/// Fields by the record that they are part of, both in the order of the vocabulary.
fn by_record<'fields>(fields: &[&'fields FieldDoc]) -> Vec<(&'fields str, Vec<&'fields FieldDoc>)> {
    let mut records: Vec<(&str, Vec<&FieldDoc>)> = Vec::new();
    for field in fields {
        let record = field.path.rsplit_once('.').map_or(field.path.as_str(), |(record, _)| record);
        match records.iter_mut().find(|(known, _)| *known == record) {
            Some((_, fields)) => fields.push(field),
            None => records.push((record, vec![field])),
        }
    }
    records
}

fn groups(functions: &[&FunctionDoc]) -> Html {
    let mut names: Vec<&str> = Vec::new();
    for function in functions {
        if !names.contains(&function.group.as_str()) {
            names.push(&function.group);
        }
    }
    html! {
        <section>
            <h2 class="mb-3 text-lg font-semibold">{ t!("rules.functions") }</h2>
            <p class="mb-3 text-sm text-muted">{ t!("rules.examples_hold") }</p>
            <div class="space-y-5">
                { for names.into_iter().map(|name| html! {
                    <div>
                        <h3 class="mb-2 font-medium">{ i18n::word("function_group", &name.to_lowercase()) }</h3>
                        <ul class="surface divide-y divide-base-300">
                            { for functions.iter().filter(|function| function.group == name).map(|function| html! {
                                <li class="p-4">
                                    <p class="font-medium">{ code(&function.signature) }</p>
                                    <p class="mt-1 text-sm">{ words(&function.description) }</p>
                                    { block(&function.example, t!("rules.example_of", name = function.name)) }
                                </li>
                            }) }
                        </ul>
                    </div>
                }) }
            </div>
        </section>
    }
}

fn pieces(snippets: &[&Snippet]) -> Html {
    html! {
        <section>
            <h2 class="mb-3 text-lg font-semibold">{ t!("rules.snippets") }</h2>
            <ul class="surface divide-y divide-base-300">
                { for snippets.iter().map(|snippet| html! {
                    <li class="p-4">
                        <p class="font-medium" lang="en">{ snippet.label.clone() }</p>
                        <p class="mt-1 text-sm">{ words(&snippet.description) }</p>
                        { block(&snippet.body, t!("rules.example_of", name = snippet.label)) }
                    </li>
                }) }
            </ul>
        </section>
    }
}

fn limits(limits: &LimitsDoc) -> Html {
    let count = |value: u64| format::integer(value as i64);
    let rows = [
        (t!("rules.limit_operations"), count(limits.operations)),
        (t!("rules.limit_time"), t!("rules.ms", ms = count(limits.wall_ms)).to_string()),
        (t!("rules.limit_depth"), count(limits.call_depth)),
        (t!("rules.limit_text"), t!("rules.bytes", count = count(limits.text_bytes)).to_string()),
        (t!("rules.limit_list"), count(limits.array_elements)),
        (t!("rules.limit_map"), count(limits.map_entries)),
        (t!("rules.limit_memory"), t!("rules.bytes", count = count(limits.memory_bytes)).to_string()),
        (t!("rules.limit_source"), t!("rules.bytes", count = count(limits.source_bytes)).to_string()),
    ];
    html! {
        <Card title={t!("rules.limits")}>
            <p class="mb-3 text-sm text-muted">{ t!("rules.limits_text") }</p>
            <dl class="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
                { for rows.into_iter().map(|(name, value)| html! { <><dt class="text-muted">{ name }</dt><dd class="tabular-nums">{ value }</dd></> }) }
            </dl>
        </Card>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(path: &str) -> FieldDoc {
        FieldDoc { path: path.into(), ty: "number".into(), unit: None, description: "A figure.".into() }
    }

    #[test]
    fn fields_stand_by_the_record_they_are_part_of() {
        let fields = ["kpi.title", "kpi.owner.name", "kpi.target", "ctx.today"].map(field);
        let fields: Vec<&FieldDoc> = fields.iter().collect();
        let found: Vec<(&str, usize)> =
            by_record(&fields).into_iter().map(|(record, fields)| (record, fields.len())).collect();
        assert_eq!(found, [("kpi", 2), ("kpi.owner", 1), ("ctx", 1)]);
    }

    #[test]
    fn all_sought_words_have_to_occur() {
        assert!(fits("OWNER name", &["kpi.owner.name", "Whose it is."]));
        assert!(!fits("owner target", &["kpi.owner.name", "Whose it is."]));
        assert!(fits("", &["anything"]));
    }
}
