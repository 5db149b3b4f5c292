//! What the KPI is aligned to: a search among the KPIs one may see.

use gloo_timers::callback::Timeout;
use kpi_api::{id::KpiId, kpi::KpiRef};
use yew::prelude::*;

use crate::{
    core::{
        api, i18n,
        query::Params,
        remote::{Remote, use_remote},
    },
    t,
    ui::{Button, ButtonKind, ButtonSize, Icon, IconName, TextInput},
};

const TYPING_MS: u32 = 300;

#[derive(Properties, PartialEq)]
pub struct ParentPickerProps {
    pub value: Option<KpiId>,
    pub onchange: Callback<Option<KpiId>>,
    /// The one it had, so that its title is at hand.
    pub known: Option<KpiRef>,
    /// Never offered: the KPI itself.
    pub except: Option<KpiId>,
    pub error: Option<AttrValue>,
    pub class: Classes,
}

#[component]
pub fn ParentPicker(props: &ParentPickerProps) -> Html {
    let text = use_state(String::new);
    let query = use_state(String::new);
    let picked = use_state(|| None::<(KpiId, AttrValue)>);
    use_effect_with((*text).clone(), {
        let query = query.clone();
        move |text| {
            let text = text.trim().to_owned();
            let timeout = Timeout::new(TYPING_MS, move || query.set(text));
            move || drop(timeout)
        }
    });
    let found = use_remote((*query).clone(), |query| async move {
        if query.chars().count() < 2 {
            return Ok(Vec::new());
        }
        Ok(api::kpis::list(&Params::new().with("q", query).with("per_page", 8)).await?.items)
    });
    let known = props.value.and_then(|id| {
        let remembered = (*picked).clone().filter(|(known, _)| *known == id).map(|(_, title)| title);
        remembered.or_else(|| {
            props.known.as_ref().filter(|known| known.id == id).map(|known| known.title.clone().into())
        })
    });
    let unnamed = props.value.filter(|_| known.is_none());
    let fetched = use_remote(unnamed, |id| async move {
        match id {
            Some(id) => api::kpis::get(id).await.map(|kpi| Some(AttrValue::from(kpi.title))),
            None => Ok(None),
        }
    });
    if let Some(id) = props.value {
        let title = known
            .or_else(|| fetched.remote.ready().and_then(|title| (**title).clone()))
            .unwrap_or_else(|| format!("#{id}").into());
        let clear = props.onchange.reform(|_: MouseEvent| None);
        return html! {
            <div class={classes!("field", props.class.clone())} role="group" aria-label={i18n::field_name("parent_id")}>
                <span class="text-sm font-medium">{ i18n::field_name("parent_id") }</span>
                <div class="flex items-center justify-between gap-2 rounded-field border border-base-300 px-3 py-1.5 text-sm">
                    <span class="min-w-0 break-words">{ title }</span>
                    <Button label={t!("kpi.parent.remove")} icon={IconName::X} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={clear} />
                </div>
                if let Some(error) = &props.error { <p class="text-sm text-error" role="alert">{ error.clone() }</p> }
            </div>
        };
    }
    let oninput = {
        let text = text.clone();
        Callback::from(move |value: String| text.set(value))
    };
    html! {
        <div class={props.class.clone()}>
            <TextInput id="kpi-parent-id" kind="search" label={i18n::field_name("parent_id")} optional=true value={(*text).clone()} {oninput} hint={t!("kpi.parent.hint")} placeholder={t!("kpi.parent.search")} error={props.error.clone()} autocomplete="off" />
            <div aria-live="polite">
                { match &found.remote {
                    _ if query.chars().count() < 2 => Html::default(),
                    Remote::Loading => html! { <p class="mt-1 text-sm text-muted">{ t!("ui.loading") }</p> },
                    Remote::Failed(error) => html! { <p class="mt-1 text-sm text-error">{ error.sentence() }</p> },
                    Remote::Ready(rows) if rows.iter().all(|row| Some(row.id) == props.except) => html! { <p class="mt-1 text-sm text-muted">{ t!("kpi.parent.nothing") }</p> },
                    Remote::Ready(rows) => html! {
                        <ul class="surface mt-1 divide-y divide-base-300">
                            { for rows.iter().filter(|row| Some(row.id) != props.except).map(|row| {
                                let choose = {
                                    let (picked, text, onchange) = (picked.clone(), text.clone(), props.onchange.clone());
                                    let (id, title) = (row.id, AttrValue::from(row.title.clone()));
                                    Callback::from(move |_: MouseEvent| {
                                        picked.set(Some((id, title.clone())));
                                        text.set(String::new());
                                        onchange.emit(Some(id));
                                    })
                                };
                                html! {
                                    <li key={row.id.0}>
                                        <button type="button" class="flex w-full items-center gap-2 px-3 py-2 text-start text-sm hover:bg-base-200" onclick={choose}>
                                            <Icon name={IconName::Layers} class="size-4" />
                                            <span class="min-w-0 flex-1 break-words">{ row.title.clone() }</span>
                                            <span class="text-muted">{ row.user_name.clone() }{ " · " }{ t!("kpi.period", quarter = row.quarter, year = row.year) }</span>
                                        </button>
                                    </li>
                                }
                            }) }
                        </ul>
                    },
                } }
            </div>
        </div>
    }
}
