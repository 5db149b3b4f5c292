//! What was decided, and the way back while the server keeps one open.

use kpi_api::{
    approvals::Decision,
    kpi::{Act, KpiView},
};
use yew::prelude::*;

use super::act_dialog::done_sentence;
use crate::{
    core::{api, toast::Toaster},
    t,
};

/// Kept back for the way to the server.
const ON_THE_WAY_MS: i64 = 500;

/// Whole seconds in which the decision can be taken back, counted from its answer on: the difference of two of the
/// server's own times, so that the person's clock does not matter.
pub fn seconds_to_undo(kpi: &KpiView) -> Option<u32> {
    let left = kpi.undo_until?.0 - kpi.updated_at.0 - ON_THE_WAY_MS;
    u32::try_from((left + 999) / 1_000).ok().filter(|_| left >= 1_000)
}

/// Says what was done. A decision can be taken back for some seconds, a submission until somebody decides; `onundone`
/// gets the KPI as it is then.
pub fn tell(toaster: &Toaster, act: Act, kpi: &KpiView, onundone: &Callback<KpiView>) {
    let text = done_sentence(act, &kpi.title);
    let recallable = matches!(act, Act::Submit | Act::SubmitResult) && kpi.may(Act::Recall);
    let seconds = Decision::of(act).and_then(|_| seconds_to_undo(kpi));
    if !recallable && seconds.is_none() {
        toaster.success(text);
        return;
    }
    let (id, version, onundone, again) = (kpi.id, kpi.version, onundone.clone(), toaster.clone());
    let undo = Callback::from(move |()| {
        let (onundone, toaster) = (onundone.clone(), again.clone());
        yew::platform::spawn_local(async move {
            let answer = if recallable {
                api::kpis::act(id, Act::Recall, version, None).await
            } else {
                api::approvals::undo(id, version).await
            };
            match answer {
                Ok(kpi) => {
                    toaster.info(if recallable {
                        done_sentence(Act::Recall, &kpi.title)
                    } else {
                        t!("kpi.done.undo", title = kpi.title)
                    });
                    onundone.emit(kpi);
                }
                Err(error) => toaster.error(&error),
            }
        });
    });
    toaster.with_undo(text, seconds, undo);
}
