//! What happened, newest first.

use std::rc::Rc;

use kpi_api::{id::HistoryId, kpi::KpiView};
use yew::prelude::*;

use crate::{
    core::{api, remote::use_remote},
    ui::{SkeletonRows, remote},
    widgets::{ReceiptDialog, Timeline},
};

#[derive(Properties, PartialEq)]
pub struct HistoryTabProps {
    pub kpi: Rc<KpiView>,
}

#[component]
pub fn HistoryTab(props: &HistoryTabProps) -> Html {
    let kpi = &props.kpi;
    let rows = use_remote((kpi.id, kpi.version), |(id, _)| async move { api::kpis::history(id).await });
    let receipt = use_state(|| None::<HistoryId>);
    let onreceipt = {
        let receipt = receipt.clone();
        Callback::from(move |id| receipt.set(Some(id)))
    };
    let close = {
        let receipt = receipt.clone();
        Callback::from(move |()| receipt.set(None))
    };
    html! {
        <>
            <div class="surface p-4 sm:p-5">
                { remote::show(&rows, html! { <SkeletonRows rows={5} /> }, |list| html! {
                    <Timeline kpi={Rc::clone(kpi)} rows={list.items.clone()} {onreceipt} />
                }) }
            </div>
            <ReceiptDialog kpi={kpi.id} at={*receipt} open={receipt.is_some()} onclose={close} />
        </>
    }
}
