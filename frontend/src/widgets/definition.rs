//! What a KPI is, as a list of names and values.

use kpi_api::{
    kpi::KpiNew,
    scoring::{Direction, Kind},
};
use yew::prelude::*;

use super::measure::Measure;
use crate::{
    core::{format, i18n},
    t,
    ui::{Icon, IconName},
};

/// Which way is better, as an arrow and in words.
#[derive(Properties, PartialEq)]
pub struct DirectionMarkProps {
    pub kind: Kind,
    pub direction: Direction,
    /// Leaves the words to screen readers.
    #[prop_or_default]
    pub bare: bool,
}

#[component]
pub fn DirectionMark(props: &DirectionMarkProps) -> Html {
    // Done or not done and milestones have one way only, and need no arrow.
    if matches!(props.kind, Kind::Boolean | Kind::Milestones) {
        return Html::default();
    }
    let word = i18n::word("direction", props.direction.as_str());
    let name = match props.direction {
        Direction::Increase => IconName::ArrowUp,
        Direction::Decrease => IconName::ArrowDown,
        Direction::InRange => IconName::ArrowLeftRight,
    };
    html! {
        <span class="inline-flex items-center gap-1 text-muted" title={props.bare.then(|| word.clone())}>
            <Icon {name} class="size-3.5" />
            <span class={classes!(props.bare.then_some("sr-only"))}>{ word }</span>
        </span>
    }
}

impl<'a> From<&'a KpiNew> for Measure<'a> {
    fn from(kpi: &'a KpiNew) -> Self {
        let KpiNew { kind, direction, decimals, target, lower, upper, .. } = *kpi;
        Self { kind, direction, unit: &kpi.unit, decimals, target, lower, upper }
    }
}

/// What matters for measuring, name by name; what is not set is left out.
pub fn facts(kpi: &KpiNew) -> Vec<(AttrValue, Html)> {
    let measure = Measure::from(kpi);
    let numeric = matches!(kpi.kind, Kind::Number | Kind::Percentage);
    let ranged = numeric && kpi.direction == Direction::InRange;
    let mut rows: Vec<(AttrValue, Html)> = Vec::new();
    let mut say = |field: &str, value: Html| rows.push((i18n::field_name(field), value));
    say("category", html! { i18n::word("category", kpi.category.as_str()) });
    say("kind", html! { i18n::word("kind", kpi.kind.as_str()) });
    if numeric {
        say("direction", html! { <DirectionMark kind={kpi.kind} direction={kpi.direction} /> });
    }
    if numeric && !ranged && kpi.baseline.is_some() {
        say("baseline", html! { measure.value(kpi.baseline) });
    }
    if numeric {
        let name = if ranged { t!("kpi.definition.range") } else { i18n::field_name("target") };
        let missing = measure.target() == "–";
        let value = if missing { t!("kpi.definition.no_target") } else { measure.target() };
        rows.push((name, html! { value }));
    }
    let mut say = |field: &str, value: Html| rows.push((i18n::field_name(field), value));
    if numeric && !ranged && kpi.stretch.is_some() {
        say("stretch", html! { measure.value(kpi.stretch) });
    }
    if kpi.kind == Kind::Milestones && !kpi.milestones.is_empty() {
        let whole: f64 = kpi.milestones.iter().map(|milestone| milestone.weight).sum();
        let list = html! {
            <ul class="space-y-0.5">
                { for kpi.milestones.iter().map(|milestone| {
                    let share = (whole > 0.0).then(|| milestone.weight / whole * 100.0);
                    html! {
                        <li class="flex items-start gap-1.5">
                            <Icon name={if milestone.done { IconName::CheckCircle } else { IconName::Circle }} class="mt-0.5 size-4" />
                            <span class="sr-only">{ if milestone.done { t!("kpi.definition.done") } else { t!("kpi.definition.open") } }</span>
                            <span>{ milestone.title.clone() }<span class="text-muted">{ " · " }{ format::percent(share) }</span></span>
                        </li>
                    }
                }) }
            </ul>
        };
        say("milestones", list);
    }
    if numeric {
        say("rollup", html! { i18n::word("rollup", kpi.rollup.as_str()) });
    }
    say("weight", html! { format::percent(Some(kpi.weight)) });
    if let Some(cap) = kpi.cap {
        say("cap", html! { format::plain(cap) });
    }
    if let Some(due) = kpi.due_date {
        say("due_date", html! { format::date(due) });
    }
    rows
}

#[derive(Properties, PartialEq)]
pub struct DefinitionListProps {
    pub rows: Vec<(AttrValue, Html)>,
}

#[component]
pub fn DefinitionList(props: &DefinitionListProps) -> Html {
    html! {
        <dl class="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-4 gap-y-2 text-sm">
            { for props.rows.iter().map(|(name, value)| html! {
                <>
                    <dt class="text-muted">{ name.clone() }</dt>
                    <dd class="min-w-0 break-words tabular-nums">{ value.clone() }</dd>
                </>
            }) }
        </dl>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::time::Quarter;

    use super::*;

    fn names(kpi: &KpiNew) -> Vec<String> {
        facts(kpi).into_iter().map(|(name, _)| name.to_string()).collect()
    }

    #[test]
    fn a_range_shows_its_bounds_and_no_target_or_baseline() {
        let mut kpi = KpiNew::blank(2026, Quarter::Q1);
        (kpi.baseline, kpi.target, kpi.stretch) = (Some(1.0), Some(2.0), Some(3.0));
        assert!(names(&kpi).contains(&"Baseline".to_owned()));
        kpi.direction = Direction::InRange;
        let shown = names(&kpi);
        for hidden in ["Baseline", "Target", "Stretch goal"] {
            assert!(!shown.contains(&hidden.to_owned()), "{hidden}");
        }
        kpi.kind = Kind::Boolean;
        assert!(!names(&kpi).contains(&"Better".to_owned()));
    }
}
