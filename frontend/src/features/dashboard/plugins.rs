//! The cards of plugins. What they show is data: it is drawn like the app's own figures, and never read as markup.

use kpi_api::plugin::{Cell, PluginWidget, SeriesData, SeriesKind, StatData, TableData, Tone, WidgetData};
use serde_json::{Value, json};
use yew::prelude::*;

use crate::{
    core::{
        api, browser, format,
        live::{About, use_fresh},
        remote::{Remote, use_remote},
    },
    t,
    ui::{Button, ButtonSize, Card, Chart, Icon, IconName, Note, PathLink},
};

/// Remembers what the cards were, so that as much room is kept while they are fetched.
const SHAPES: &str = "kpi-plugin-cards";

#[component]
pub fn PluginCards() -> Html {
    let widgets = use_remote((), |()| async { api::plugins::widgets().await });
    use_fresh(&widgets.refresh, About::AnyKpi);
    let shapes = use_memo((), |()| browser::stored(SHAPES).unwrap_or_default());
    use_effect_with(widgets.remote.clone(), |remote| {
        if let Remote::Ready(found) = remote {
            browser::store(SHAPES, &found.items.iter().map(shape).collect::<String>());
        }
    });
    let (stats, rest) = match &widgets.remote {
        Remote::Loading => {
            let room = |of: char, height: &'static str| -> Vec<Html> {
                let count = shapes.chars().filter(|shape| *shape == of).count();
                (0..count).map(|_| html! { <div class={classes!("skeleton", height)}></div> }).collect()
            };
            (room('s', "h-28"), room('w', "h-80"))
        }
        // Whoever may not ask has no cards.
        Remote::Failed(error) if !error.is_passing() => (Vec::new(), Vec::new()),
        Remote::Failed(error) => {
            let again = widgets.reload.reform(|_: MouseEvent| ());
            let actions =
                html! { <Button label={t!("ui.retry")} size={ButtonSize::Small} onclick={again} /> };
            let note = html! { <Note {actions}>{ t!("dashboard.plugins_failed") }{ " " }{ error.sentence() }</Note> };
            (vec![note], Vec::new())
        }
        Remote::Ready(found) => {
            let (stats, rest): (Vec<_>, Vec<_>) = found.items.iter().partition(|widget| shape(widget) == 's');
            (stats.into_iter().map(card).collect(), rest.into_iter().map(card).collect())
        }
    };
    if stats.is_empty() && rest.is_empty() {
        return Html::default();
    }
    html! {
        <section class="mt-5 space-y-5" aria-label={t!("dashboard.plugins")} aria-busy={matches!(widgets.remote, Remote::Loading).then_some("true")}>
            if !stats.is_empty() { <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">{ for stats }</div> }
            if !rest.is_empty() { <div class="grid items-start gap-5 xl:grid-cols-2">{ for rest }</div> }
        </section>
    }
}

/// Small or wide.
fn shape(widget: &PluginWidget) -> char {
    if matches!(widget.content, WidgetData::Stat(_)) { 's' } else { 'w' }
}

fn card(widget: &PluginWidget) -> Html {
    let id = format!("{}-{}", widget.plugin_id, widget.function);
    let from = html! { <span class="text-xs text-muted">{ widget.plugin_name.clone() }</span> };
    let title = AttrValue::from(widget.title.clone());
    if let WidgetData::Stat(data) = &widget.content {
        return html! { <div key={id} class="surface p-4">{ stat(data, linked(widget), from) }</div> };
    }
    let way = widget.link.as_ref().map(|to| html! {
        <p class="mt-3 text-sm">
            <PathLink to={to.clone()} class="link link-primary link-hover">{ t!("dashboard.more") }<span class="sr-only">{ ": " }{ widget.title.clone() }</span></PathLink>
        </p>
    });
    let content = match &widget.content {
        WidgetData::Series(data) => series(id.clone(), data),
        WidgetData::Table(data) => table(data, &widget.title),
        WidgetData::Text(data) => {
            let paragraphs = data.text.split("\n\n").filter(|text| !text.trim().is_empty());
            html! { <div class="space-y-2 text-sm">{ for paragraphs.map(|text| html! { <p class="break-words whitespace-pre-line">{ text.to_owned() }</p> }) }</div> }
        }
        WidgetData::Stat(_) => Html::default(),
    };
    html! { <Card key={id} {title} actions={from} class="min-w-0">{ content }{ for way }</Card> }
}

/// The title as the way to what the card is about.
fn linked(widget: &PluginWidget) -> Html {
    match &widget.link {
        Some(to) => {
            html! { <PathLink to={to.clone()} class="link link-primary link-hover">{ widget.title.clone() }</PathLink> }
        }
        None => html! { widget.title.clone() },
    }
}

fn stat(data: &StatData, title: Html, from: Html) -> Html {
    let value = data.value.as_ref().map_or_else(
        || AttrValue::from("–"),
        |value| match value {
            Cell::Number(number) if !data.unit.is_empty() => {
                format::value(Some(*number), places(*number), &data.unit).into()
            }
            value => written(Some(value)),
        },
    );
    let (tone, icon) = match data.tone {
        Tone::Neutral => ("tone-neutral", None),
        Tone::Good => ("tone-good", Some(IconName::CheckCircle)),
        Tone::Warn => ("tone-warn", Some(IconName::Alert)),
        Tone::Bad => ("tone-bad", Some(IconName::Ban)),
    };
    html! {
        <>
            <div class="flex items-start justify-between gap-2 text-sm">
                <h3 class="min-w-0 break-words text-muted">{ title }</h3>
                if let Some(name) = icon { <span class={classes!("mark-text", tone)}><Icon {name} /></span> }
            </div>
            <div class="mt-1 text-2xl font-semibold break-words tabular-nums">{ value }</div>
            <div class="mt-0.5 flex min-h-5 flex-wrap items-baseline justify-between gap-x-2 text-sm text-muted"><span class="min-w-0 break-words">{ data.hint.clone() }</span>{ from }</div>
        </>
    }
}

/// As many decimal places as the number has, at most two.
fn places(number: f64) -> u8 {
    if number.fract() == 0.0 {
        0
    } else if (number * 10.0).fract().abs() < 1e-9 {
        1
    } else {
        2
    }
}

fn written(cell: Option<&Cell>) -> AttrValue {
    match cell {
        Some(Cell::Number(number)) => format::number(*number, places(*number)).into(),
        Some(Cell::Text(text)) => text.clone().into(),
        None => "–".into(),
    }
}

fn series(id: String, data: &SeriesData) -> Html {
    let kind = match data.chart {
        SeriesKind::Line => "line",
        SeriesKind::Bar => "bar",
    };
    let lines: Vec<Value> = data
        .series
        .iter()
        .map(|line| {
            json!({
                "name": line.name, "type": kind, "data": line.values,
                "symbol": "circle", "symbolSize": 6, "barMaxWidth": 28, "lineStyle": { "width": 2.5 },
            })
        })
        .collect();
    let several = data.series.len() > 1;
    let mut option = json!({
        "grid": { "left": 8, "right": 12, "top": 16, "bottom": if several { 36 } else { 8 }, "containLabel": true },
        "tooltip": { "trigger": "axis", "renderMode": "richText" },
        "xAxis": { "type": "category", "data": data.labels, "axisTick": { "show": false } },
        "yAxis": { "type": "value" },
        "series": lines,
    });
    if several {
        option["legend"] = json!({ "bottom": 0, "itemHeight": 8, "itemWidth": 16 });
    }
    let mut head = vec![AttrValue::from("")];
    head.extend(data.series.iter().map(|line| AttrValue::from(line.name.clone())));
    let rows: Vec<Vec<AttrValue>> = data
        .labels
        .iter()
        .enumerate()
        .map(|(at, label)| {
            let mut row = vec![AttrValue::from(label.clone())];
            row.extend(
                data.series.iter().map(|line| amount(line.values.get(at).copied().flatten(), &data.unit)),
            );
            row
        })
        .collect();
    html! { <Chart {id} {option} summary={summary(data)} {head} {rows} /> }
}

fn amount(value: Option<f64>, unit: &str) -> AttrValue {
    value.map_or_else(|| "–".into(), |value| format::value(Some(value), places(value), unit).into())
}

/// Where each line begins and where it stands.
fn summary(data: &SeriesData) -> AttrValue {
    let said: Vec<String> = data
        .series
        .iter()
        .filter_map(|line| {
            let mut known = data
                .labels
                .iter()
                .zip(&line.values)
                .filter_map(|(label, value)| value.map(|value| (label, value)));
            let (first, from) = known.next()?;
            let sentence = match known.next_back() {
                Some((last, to)) => t!(
                    "dashboard.line_from_to",
                    name = line.name,
                    from = amount(Some(from), &data.unit),
                    first = first,
                    to = amount(Some(to), &data.unit),
                    last = last
                ),
                None => t!(
                    "dashboard.line_one",
                    name = line.name,
                    value = amount(Some(from), &data.unit),
                    label = first
                ),
            };
            Some(sentence.to_string())
        })
        .collect();
    if said.is_empty() { t!("dashboard.no_values") } else { said.join(" ").into() }
}

fn table(data: &TableData, title: &str) -> Html {
    if data.rows.is_empty() {
        return html! { <p class="text-sm text-muted">{ t!("dashboard.no_rows") }</p> };
    }
    // A column is one of figures when nothing else stands in it.
    let figures = |column: usize| {
        let mut cells =
            data.rows.iter().filter_map(|row| row.get(column).and_then(Option::as_ref)).peekable();
        cells.peek().is_some() && cells.all(|cell| matches!(cell, Cell::Number(_)))
    };
    let numeric: Vec<bool> = (0..data.columns.len()).map(figures).collect();
    let class =
        |column: usize| classes!(numeric.get(column).copied().unwrap_or_default().then_some("is-numeric"));
    html! {
        <div class="max-h-80 overflow-auto" tabindex="0" role="region" aria-label={title.to_owned()}>
            <table class="plain-table">
                <caption class="sr-only">{ title.to_owned() }</caption>
                <thead><tr>{ for data.columns.iter().enumerate().map(|(at, name)| html! { <th scope="col" class={class(at)}>{ name.clone() }</th> }) }</tr></thead>
                <tbody>
                    { for data.rows.iter().map(|row| html! {
                        <tr>{ for row.iter().enumerate().map(|(at, cell)| html! { <td class={class(at)}>{ written(cell.as_ref()) }</td> }) }</tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::plugin::SeriesLine;

    use super::*;

    fn data(values: Vec<Option<f64>>) -> SeriesData {
        let labels = (1..=values.len()).map(|week| format!("week {week}")).collect();
        let series = vec![SeriesLine { name: "Confidence".into(), values }];
        SeriesData { chart: SeriesKind::Line, labels, series, unit: "%".into() }
    }

    #[test]
    fn a_line_is_told_by_its_first_and_last_value_and_gaps_are_left_out() {
        let said = summary(&data(vec![None, Some(40.0), Some(55.0), None]));
        assert!(said.contains("40") && said.contains("week 2") && said.contains("week 3"), "{said}");
        let one = summary(&data(vec![Some(40.0)]));
        assert!(one.contains("week 1"), "{one}");
        assert!(!summary(&data(vec![None, None])).contains("Confidence"));
    }

    #[test]
    fn figures_keep_the_places_they_have() {
        assert_eq!(written(Some(&Cell::Number(12.0))), "12");
        assert_eq!(written(Some(&Cell::Number(12.5))), "12.5");
        assert_eq!(written(Some(&Cell::Number(12.345))), "12.35");
        assert_eq!(written(None), "–");
        assert_eq!(written(Some(&Cell::Text("<b>12</b>".into()))), "<b>12</b>");
    }
}
