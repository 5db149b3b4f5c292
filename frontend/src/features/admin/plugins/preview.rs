//! A bundle before it is installed: what is wrong with it and where, or what it would bring and do.

use kpi_api::plugin::{PluginCheck, PluginProblem, PluginRuleEffect, PluginView};
use yew::prelude::*;

use super::{overview::Brings, words};
use crate::{
    core::format,
    t, tn,
    ui::{Icon, IconName, Note, Tone},
    widgets::evidence::size,
};

#[derive(Properties, PartialEq)]
pub struct PreviewProps {
    pub check: PluginCheck,
}

#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let check = &props.check;
    html! {
        <div class="space-y-4">
            if let Some(plugin) = &check.plugin { { head(plugin, check) } }
            if !check.problems.is_empty() { <Problems problems={check.problems.clone()} /> }
            if let Some(plugin) = &check.plugin {
                <section>
                    <h3 class="mb-1 text-sm font-medium">{ t!("plugins.may") }</h3>
                    { words::permissions(&plugin.permissions, check.replaces.as_ref().map_or(&[][..], |_| check.more_permissions.as_slice()), &[]) }
                    if check.replaces.is_some() && !check.more_permissions.is_empty() { <Note tone={Tone::Warn} class="mt-2">{ t!("plugins.more") }</Note> }
                </section>
                <Brings adds={plugin.adds.clone()} />
                if !check.rule_effects.is_empty() { <Effects effects={check.rule_effects.clone()} /> }
            }
        </div>
    }
}

fn head(plugin: &PluginView, check: &PluginCheck) -> Html {
    let held = tn!("plugins.holds", check.files, size = size(check.size as f64));
    html! {
        <div>
            <p>
                <span class="font-semibold">{ plugin.name.clone() }</span>
                <span class="text-muted">{ " · " }{ t!("plugins.version", version = plugin.version) }{ " · " }{ held }</span>
            </p>
            <p class="text-sm break-words text-muted">{ plugin.description.clone() }</p>
            if let Some(version) = &check.replaces {
                <Note tone={Tone::Accent} class="mt-2">{ t!("plugins.replaces", old = version, new = plugin.version) }</Note>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ProblemsProps {
    problems: Vec<PluginProblem>,
}

/// Every fault with its place, for whoever wrote the bundle.
#[component]
fn Problems(props: &ProblemsProps) -> Html {
    html! {
        <section role="alert" class="space-y-2">
            <Note tone={Tone::Bad}><p class="font-medium">{ tn!("plugins.problems", props.problems.len()) }</p></Note>
            <ul class="divide-y divide-base-300 text-sm">
                { for props.problems.iter().map(|problem| html! {
                    <li class="flex items-start gap-2 py-2">
                        <Icon name={IconName::Alert} class="mt-0.5 size-4 text-error" />
                        <div class="min-w-0 flex-1">
                            <p class="font-medium break-words">{ place(problem) }</p>
                            <p class="break-words whitespace-pre-wrap" lang="en">{ problem.message.clone() }</p>
                        </div>
                    </li>
                }) }
            </ul>
        </section>
    }
}

/// The file, and line and column as far as they are known.
pub fn place(problem: &PluginProblem) -> AttrValue {
    let file = if problem.file.is_empty() { t!("plugins.whole") } else { problem.file.clone().into() };
    match (problem.line, problem.column) {
        (Some(line), Some(column)) => t!("plugins.at_column", file = file, line = line, column = column),
        (Some(line), None) => t!("plugins.at_line", file = file, line = line),
        _ => file,
    }
}

#[derive(Properties, PartialEq)]
struct EffectsProps {
    effects: Vec<PluginRuleEffect>,
}

/// What its rules would change about the KPIs there are.
#[component]
fn Effects(props: &EffectsProps) -> Html {
    let number = |count: u64| html! { <td class="is-numeric">{ format::integer(count as i64) }</td> };
    html! {
        <section>
            <h3 class="mb-1 text-sm font-medium">{ t!("plugins.effects") }</h3>
            <p class="mb-2 text-sm text-muted">{ t!("plugins.effects_text") }</p>
            <div class="overflow-x-auto" tabindex="0" role="region" aria-label={t!("plugins.effects")}>
                <table class="plain-table">
                    <caption class="sr-only">{ t!("plugins.effects") }</caption>
                    <thead><tr>
                        <th scope="col">{ t!("plugins.rule") }</th>
                        <th scope="col" class="is-numeric">{ t!("plugins.tried") }</th>
                        <th scope="col" class="is-numeric">{ t!("plugins.changed") }</th>
                        <th scope="col" class="is-numeric">{ t!("plugins.band_changed") }</th>
                        <th scope="col" class="is-numeric">{ t!("plugins.fails") }</th>
                    </tr></thead>
                    <tbody>
                        { for props.effects.iter().map(|effect| html! {
                            <tr key={effect.name.clone()}>
                                <th scope="row" class="font-normal">{ effect.name.clone() }</th>
                                { number(effect.evaluated) }{ number(effect.changed) }{ number(effect.band_changed) }{ number(effect.errors) }
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_file_line_and_column_as_far_as_they_are_known() {
        let fault = |file: &str, line, column| PluginProblem {
            file: file.into(),
            line,
            column,
            code: "bad_toml".into(),
            message: String::new(),
        };
        assert_eq!(place(&fault("plugin.toml", Some(3), Some(5))), "plugin.toml, line 3, column 5");
        assert_eq!(place(&fault("plugin.toml", Some(3), None)), "plugin.toml, line 3");
        assert_eq!(place(&fault("plugin.toml", None, None)), "plugin.toml");
        assert_eq!(place(&fault("", None, None)), "The archive as a whole");
    }
}
