//! Taking KPIs over into another quarter, with the result of each.

use kpi_api::{id::KpiId, kpi::ItemResults, time::Period};
use yew::prelude::*;

use crate::{
    core::{api, error, format, session::use_me, submit::use_submit, toast::use_toaster},
    route::Route,
    t, tn,
    ui::{Button, ButtonKind, Dialog, FormError, Icon, IconName, RouteLink, Tone},
    widgets::PeriodPicker,
};

#[derive(Properties, PartialEq)]
pub struct CopyDialogProps {
    pub ids: Vec<KpiId>,
    /// What the results call them.
    pub titles: Vec<(KpiId, AttrValue)>,
    pub open: bool,
    pub onclose: Callback<()>,
    /// Something was copied.
    pub ondone: Callback<()>,
}

#[component]
pub fn CopyDialog(props: &CopyDialogProps) -> Html {
    html! {
        <Dialog id="copy" title={t!("kpi.copy.title")} open={props.open} onclose={props.onclose.clone()}>
            <CopyForm ids={props.ids.clone()} titles={props.titles.clone()} onclose={props.onclose.clone()} ondone={props.ondone.clone()} />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct CopyFormProps {
    ids: Vec<KpiId>,
    titles: Vec<(KpiId, AttrValue)>,
    onclose: Callback<()>,
    ondone: Callback<()>,
}

#[component]
fn CopyForm(props: &CopyFormProps) -> Html {
    let me = use_me();
    let toaster = use_toaster();
    // What was asked for stays while the list behind lets go of it.
    let ids = use_state(|| props.ids.clone());
    let titles = use_state(|| props.titles.clone());
    let period = use_state(|| me.period.next());
    let results = use_state(|| None::<ItemResults>);
    let send = {
        let (results, ondone) = (results.clone(), props.ondone.clone());
        use_submit(
            |(ids, period): (Vec<KpiId>, Period), key| async move {
                api::kpis::copy(ids, period.year, period.quarter, &key).await
            },
            Callback::from(move |answer: ItemResults| {
                let good = answer.items.iter().filter(|item| item.ok).count();
                if good > 0 {
                    toaster.success(tn!("kpi.copy.done", good));
                }
                results.set(Some(answer));
                ondone.emit(());
            }),
        )
    };
    let onperiod = {
        let period = period.clone();
        Callback::from(move |chosen: Option<Period>| period.set(chosen.unwrap_or(*period)))
    };
    let close = props.onclose.reform(|_: MouseEvent| ());
    let onsubmit = {
        let (run, ids, period) = (send.run.clone(), ids.clone(), period.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            run.emit(((*ids).clone(), *period));
        })
    };
    if let Some(results) = &*results {
        return html! {
            <>
                <p class="mb-3 text-sm text-muted">{ t!("kpi.copy.results", period = format::period(*period)) }</p>
                <ul class="divide-y divide-base-300 text-sm">
                    { for results.items.iter().map(|item| {
                        let title = titles.iter().find(|(id, _)| *id == item.id).map_or_else(|| format!("#{}", item.id).into(), |(_, title)| title.clone());
                        html! {
                            <li key={item.id.0} class="flex items-start gap-2 py-2">
                                <span class={classes!("mark-text", if item.ok { Tone::Good } else { Tone::Bad }.class())}>
                                    <Icon name={if item.ok { IconName::CheckCircle } else { IconName::Alert }} class="mt-0.5 size-4" />
                                </span>
                                <span class="min-w-0 flex-1 break-words">
                                    { title }
                                    if !item.ok {
                                        <span class="block text-muted">{ item.code.map(error::code_sentence).unwrap_or_default() }</span>
                                    }
                                </span>
                                if let Some(id) = item.new_id {
                                    <RouteLink to={Route::Kpi { id }}>{ t!("kpi.copy.open") }</RouteLink>
                                }
                            </li>
                        }
                    }) }
                </ul>
                <div class="mt-4 flex justify-end"><Button label={t!("ui.close")} onclick={close} /></div>
            </>
        };
    }
    html! {
        <form {onsubmit} class="space-y-4">
            <p class="text-sm">{ tn!("kpi.copy.text", ids.len()) }</p>
            <FormError error={send.error.clone()} />
            <PeriodPicker id="copy-period" label={t!("kpi.copy.to")} value={Some(*period)} onchange={onperiod} />
            <div class="flex flex-wrap justify-end gap-2">
                <Button label={t!("ui.cancel")} onclick={close} />
                <Button label={t!("kpi.copy.submit")} kind={ButtonKind::Primary} submit=true busy={send.busy} />
            </div>
        </form>
    }
}
