//! Charts: a picture by ECharts for the eye, a sentence for everybody, and the numbers as a table.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use crate::{
    core::chart::{self, Drawn},
    t,
};

#[derive(Properties, PartialEq)]
pub struct ChartProps {
    pub id: AttrValue,
    /// An option of ECharts as JSON. Colours: leave them out, they follow the theme.
    pub option: serde_json::Value,
    /// What the chart says, in a sentence; it stands above the picture.
    pub summary: AttrValue,
    /// Head and rows of the same numbers.
    pub head: Vec<AttrValue>,
    pub rows: Vec<Vec<AttrValue>>,
    #[prop_or("h-64")]
    pub height: &'static str,
}

#[component]
pub fn Chart(props: &ChartProps) -> Html {
    let place = use_node_ref();
    let drawn = use_mut_ref(|| None::<Drawn>);
    let ready = use_state(|| None::<bool>);
    let theme = crate::core::prefs::use_prefs().theme;
    use_effect_with((), {
        let ready = ready.clone();
        move |()| yew::platform::spawn_local(async move { ready.set(Some(chart::load().await)) })
    });
    use_effect_with((*ready, props.option.clone(), place.clone(), theme), {
        let drawn = drawn.clone();
        move |(ready, option, place, _)| {
            if *ready == Some(true)
                && let Some(place) = place.cast::<Element>()
            {
                let mut drawn = drawn.borrow_mut();
                if drawn.is_none() {
                    *drawn = Drawn::new(&place);
                }
                if let Some(chart) = &*drawn {
                    chart.draw(&themed(option, &Colours::of_page(&place)));
                }
            }
        }
    });
    use_effect_with(place.clone(), {
        let drawn = drawn.clone();
        move |place| {
            let place = place.cast::<Element>();
            let seen = drawn.clone();
            let observed = Closure::<dyn Fn()>::new(move || {
                if let Some(chart) = &*seen.borrow() {
                    chart.resize();
                }
            });
            let observer = ResizeObserver::new(observed.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(place)) = (&observer, &place) {
                observer.observe(place);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(observed);
                drawn.borrow_mut().take();
            }
        }
    });
    html! {
        <figure>
            <figcaption class="mb-2 text-sm text-muted">{ props.summary.clone() }</figcaption>
            <div ref={place} class={classes!("w-full", props.height)} aria-hidden="true">
                if ready.is_none() { <div class="skeleton size-full"></div> }
            </div>
            if *ready == Some(false) {
                <p class="text-sm text-muted">{ t!("ui.chart_failed") }</p>
            }
            <details class="mt-2 text-sm" open={*ready == Some(false)}>
                <summary class="cursor-pointer text-muted">{ t!("ui.as_table") }</summary>
                <div class="mt-2 overflow-x-auto">
                    <table class="plain-table" id={format!("{}-table", props.id)}>
                        <caption class="sr-only">{ props.summary.clone() }</caption>
                        <thead><tr>{ for props.head.iter().map(|cell| html! { <th scope="col">{ cell.clone() }</th> }) }</tr></thead>
                        <tbody>
                            { for props.rows.iter().map(|row| html! { <tr>{ for row.iter().map(|cell| html! { <td>{ cell.clone() }</td> }) }</tr> }) }
                        </tbody>
                    </table>
                </div>
            </details>
        </figure>
    }
}

/// The page's colours as the theme has them now.
struct Colours {
    text: String,
    line: String,
    series: Vec<String>,
}

impl Colours {
    fn of_page(place: &Element) -> Self {
        let style =
            crate::core::browser::window().and_then(|window| window.get_computed_style(place).ok().flatten());
        let read = |name: &str, fallback: &str| {
            let value =
                style.as_ref().and_then(|style| style.get_property_value(name).ok()).unwrap_or_default();
            if value.trim().is_empty() { fallback.to_owned() } else { value.trim().to_owned() }
        };
        Self {
            text: read("--chart-text", "#5b6470"),
            line: read("--chart-line", "#e3e6ea"),
            series: (1..=6).map(|n| read(&format!("--chart-{n}"), "#3b5bdb")).collect(),
        }
    }
}

/// The option with the page's colours and type where it names none itself. A string `var:<name>` anywhere in it stands
/// for one of the theme's colours: `var:1`..`var:6`, `var:text`, `var:line`, `var:good`, `var:warn`, `var:bad`.
fn themed(option: &serde_json::Value, colours: &Colours) -> serde_json::Value {
    let mut option = option.clone();
    resolve(&mut option, colours);
    let reduced = crate::core::browser::window()
        .and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok().flatten())
        .is_some_and(|query| query.matches());
    if let Some(map) = option.as_object_mut() {
        map.entry("color").or_insert_with(|| colours.series.clone().into());
        map.entry("backgroundColor").or_insert_with(|| "transparent".into());
        map.entry("animation").or_insert_with(|| (!reduced).into());
        map.entry("textStyle").or_insert_with(
            || serde_json::json!({ "fontFamily": "Inter Variable, system-ui, sans-serif", "color": colours.text }),
        );
        for axis in ["xAxis", "yAxis"] {
            if let Some(axis) = map.get_mut(axis).and_then(serde_json::Value::as_object_mut) {
                axis.entry("axisLabel").or_insert_with(|| serde_json::json!({ "color": colours.text }));
                axis.entry("axisLine")
                    .or_insert_with(|| serde_json::json!({ "lineStyle": { "color": colours.line } }));
                axis.entry("splitLine")
                    .or_insert_with(|| serde_json::json!({ "lineStyle": { "color": colours.line } }));
            }
        }
        if let Some(legend) = map.get_mut("legend").and_then(serde_json::Value::as_object_mut) {
            legend.entry("textStyle").or_insert_with(|| serde_json::json!({ "color": colours.text }));
        }
    }
    option
}

fn resolve(value: &mut serde_json::Value, colours: &Colours) {
    match value {
        serde_json::Value::String(text) => {
            if let Some(name) = text.strip_prefix("var:") {
                *text = match name {
                    "text" => colours.text.clone(),
                    "line" => colours.line.clone(),
                    "good" => colours.series.get(2).cloned().unwrap_or_default(),
                    "warn" => colours.series.get(3).cloned().unwrap_or_default(),
                    "bad" => colours.series.get(4).cloned().unwrap_or_default(),
                    number => {
                        let index = number.parse::<usize>().unwrap_or(1).clamp(1, 6) - 1;
                        colours.series.get(index).cloned().unwrap_or_default()
                    }
                };
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| resolve(item, colours)),
        serde_json::Value::Object(map) => map.values_mut().for_each(|item| resolve(item, colours)),
        _ => {}
    }
}
