//! Somebody else was faster: who did what, and whether there is still something to decide.

use std::rc::Rc;

use kpi_api::{
    history::HistoryRow,
    id::KpiId,
    kpi::{Act, KpiView},
};
use yew::prelude::*;

use super::{measure::Measure, timeline::sentence};
use crate::{
    core::{
        api, format,
        remote::{Remote, use_remote},
    },
    t,
    ui::{Button, ButtonSize},
};

#[derive(Properties, PartialEq)]
pub struct OvertakenProps {
    pub kpi: KpiId,
    /// What one wanted to do.
    pub act: Act,
    /// Goes on with the KPI as it is now; offered while the act is still possible.
    #[prop_or_default]
    pub onagain: Option<Callback<Rc<KpiView>>>,
}

struct Found {
    kpi: Rc<KpiView>,
    last: Option<HistoryRow>,
}

#[component]
pub fn Overtaken(props: &OvertakenProps) -> Html {
    let found = use_remote(props.kpi, |id| async move {
        let (kpi, history) = futures_util::join!(api::kpis::get(id), api::kpis::history(id));
        Ok(Found { kpi: Rc::new(kpi?), last: history?.items.into_iter().next() })
    });
    match &found.remote {
        Remote::Loading => html! { <p class="text-sm text-muted">{ t!("ui.loading") }</p> },
        Remote::Failed(error) => html! { <p class="text-sm">{ error.sentence() }</p> },
        Remote::Ready(found) => {
            let may = found.kpi.may(props.act);
            let again = props.onagain.clone().filter(|_| may).map(|onagain| {
                let kpi = Rc::clone(&found.kpi);
                onagain.reform(move |_: MouseEvent| Rc::clone(&kpi))
            });
            html! {
                <div class="text-sm">
                    if let Some(row) = &found.last {
                        <p>{ t!("overtaken.who", what = sentence(row, Measure::from(&*found.kpi)), at = format::date_time(row.at)) }</p>
                    }
                    <p class="text-muted">{ if may { t!("overtaken.still_open") } else { t!("overtaken.settled") } }</p>
                    if let Some(onclick) = again {
                        <Button class="mt-2" label={t!("overtaken.again")} size={ButtonSize::Small} {onclick} />
                    }
                </div>
            }
        }
    }
}
