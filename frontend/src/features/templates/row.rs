//! One field: whether it is set here, what it inherits, and what it is here.

use kpi_api::error::FieldError;
use serde_json::{Map, Value};
use yew::prelude::*;

use super::{
    fields::{Spec, first_value},
    value::ValueEditor,
    words::said,
};
use crate::{
    core::i18n,
    t,
    ui::{Button, ButtonKind, ButtonSize, Checkbox, IconName},
};

/// A change of one field.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Set(&'static str, Value),
    /// Inherited again.
    Unset(&'static str),
    /// What stands in the field is no number.
    Junk(&'static str),
}

#[derive(Properties, PartialEq)]
pub struct FieldRowProps {
    pub spec: &'static Spec,
    pub own: Option<Value>,
    /// The fields of the template that this one extends; `None` when it extends nothing.
    pub base: Option<Map<String, Value>>,
    /// What a KPI would start with as typed.
    pub effective: Map<String, Value>,
    pub errors: Vec<FieldError>,
    pub onchange: Callback<Change>,
}

#[component]
pub fn FieldRow(props: &FieldRowProps) -> Html {
    let spec = props.spec;
    let inherited = props.base.as_ref().and_then(|base| base.get(spec.name));
    let is_set = props.own.is_some();
    let onswitch = {
        let (onchange, first) =
            (props.onchange.clone(), inherited.cloned().unwrap_or_else(|| first_value(spec)));
        Callback::from(move |set: bool| {
            onchange.emit(if set { Change::Set(spec.name, first.clone()) } else { Change::Unset(spec.name) });
        })
    };
    let reset = props.onchange.reform(move |_: MouseEvent| Change::Unset(spec.name));
    let name = i18n::field_name(spec.name);
    html! {
        <div class="grid gap-x-6 gap-y-2 py-3 sm:grid-cols-[12rem_minmax(0,1fr)]">
            <div class="min-w-0">
                <Checkbox id={format!("set-{}", spec.name)} label={name.clone()} checked={is_set} onchange={onswitch} />
                if props.base.is_some() {
                    <p class="ms-7 mt-0.5 text-sm break-words text-muted">
                        { inherited.map_or_else(
                            || t!("templates.inherits_nothing"),
                            |value| t!("templates.inherits", value = shortened(&said(spec, value, &props.effective))),
                        ) }
                    </p>
                }
            </div>
            if let Some(own) = &props.own {
                <div class="min-w-0">
                    <ValueEditor {spec} value={own.clone()} effective={props.effective.clone()} errors={props.errors.clone()} onchange={props.onchange.clone()} />
                    if inherited.is_some() {
                        <Button label={t!("templates.reset", field = name)} kind={ButtonKind::Ghost} size={ButtonSize::Small} icon={IconName::Undo}
                            onclick={reset} class="mt-1 -ms-2" />
                    }
                </div>
            } else {
                <p class="self-center text-sm text-muted">
                    { if inherited.is_some() { t!("templates.uses_inherited") } else { t!("templates.left_open") } }
                </p>
            }
        </div>
    }
}

/// Long texts are cut: the whole stands in the preview.
fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(shortened("kurz"), "kurz");
        assert_eq!(shortened(&"ä".repeat(100)).chars().count(), 81);
    }
}
