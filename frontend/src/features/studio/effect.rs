//! The fields that publishing and rolling back share: why, from which quarter on, and what happens to scores.

use kpi_api::{error::FieldError, rules::Rescore, time::Period};
use yew::prelude::*;

use crate::{
    core::{api, error::of_field, format, remote::use_remote, session::use_me},
    t,
    ui::{Segmented, TextArea},
    widgets::PeriodPicker,
};

#[derive(Debug, Clone, PartialEq)]
pub struct EffectForm {
    pub note: String,
    /// The present quarter when absent.
    pub effective_from: Option<Period>,
    pub rescore: Rescore,
}

impl Default for EffectForm {
    fn default() -> Self {
        Self { note: String::new(), effective_from: None, rescore: Rescore::None }
    }
}

#[derive(Properties, PartialEq)]
pub struct EffectFieldsProps {
    /// Prefix of the ids.
    pub id: &'static str,
    pub form: EffectForm,
    /// Whether there are scores to be made anew.
    pub scores: bool,
    pub errors: Vec<FieldError>,
    pub onchange: Callback<EffectForm>,
}

#[component]
pub fn EffectFields(props: &EffectFieldsProps) -> Html {
    let me = use_me();
    let periods = use_remote((), |()| async { api::figures::periods().await });
    let form = &props.form;
    let change = |act: fn(&mut EffectForm, String)| {
        let (form, onchange) = (form.clone(), props.onchange.clone());
        Callback::from(move |text: String| {
            let mut next = form.clone();
            act(&mut next, text);
            onchange.emit(next);
        })
    };
    let now = form.effective_from.unwrap_or(me.period);
    let mut open: Vec<Period> = periods
        .remote
        .ready()
        .map(|list| list.items.iter().filter(|row| !row.is_closed).map(|row| row.period).collect())
        .unwrap_or_default();
    for known in [me.period, now] {
        if !open.contains(&known) {
            open.push(known);
        }
    }
    open.sort_unstable();
    let onnote = change(|form, text| form.note = text);
    let onfrom = {
        let (form, onchange) = (form.clone(), props.onchange.clone());
        Callback::from(move |period| onchange.emit(EffectForm { effective_from: period, ..form.clone() }))
    };
    let onrescore = change(|form, text| form.rescore = text.parse().unwrap_or(Rescore::None));
    let what = match form.rescore {
        Rescore::None => t!("studio.rescore_none_text"),
        Rescore::Open => t!("studio.rescore_open_text", period = format::period(now)),
    };
    html! {
        <>
            <TextArea id={format!("{}-note", props.id)} label={t!("studio.note")} value={form.note.clone()} oninput={onnote} hint={t!("studio.note_hint")} error={of_field(&props.errors, "note")} />
            <PeriodPicker id={format!("{}-from", props.id)} label={t!("studio.effective_from")} value={Some(now)} among={Some(open)} onchange={onfrom} hint={t!("studio.effective_from_hint")} error={of_field(&props.errors, "effective_from")} />
            if props.scores {
                <Segmented name={format!("{}-rescore", props.id)} label={t!("studio.rescore")} value={form.rescore.as_str()}
                    options={vec![("none".into(), t!("studio.rescore_none")), ("open".into(), t!("studio.rescore_open"))]} onchange={onrescore} hint={what} />
            }
        </>
    }
}
