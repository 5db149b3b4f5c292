//! Says beside a score that the rule which should have made it failed, and another version stood in.

use kpi_api::id::{KpiId, Version};
use yew::prelude::*;

use crate::{
    core::{api, remote::use_remote},
    t,
    ui::{Note, Tone},
};

#[derive(Properties, PartialEq)]
pub struct ScoreTroubleProps {
    pub kpi: KpiId,
    /// The KPI's version: another one may have another score.
    pub version: Version,
}

/// Nothing, for scores that came about as they should. A receipt that cannot be fetched is told where it is opened.
#[component]
pub fn ScoreTrouble(props: &ScoreTroubleProps) -> Html {
    let receipt =
        use_remote((props.kpi, props.version), |(kpi, _)| async move { api::kpis::receipt(kpi, None).await });
    let is_in_trouble = receipt.remote.ready().is_some_and(|told| told.receipt.trouble.is_some());
    html! { if is_in_trouble { <Note tone={Tone::Warn} class="mb-4">{ t!("receipt.trouble") }</Note> } }
}
