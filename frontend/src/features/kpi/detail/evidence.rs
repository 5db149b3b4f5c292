//! The files that prove the KPI: what is asked for, sending more, what is there.

use std::rc::Rc;

use kpi_api::{
    checkin::CheckInView,
    evidence::{EvidenceList, EvidenceView},
    kpi::KpiView,
};
use yew::prelude::*;

use crate::{
    core::{
        api, format,
        live::{About, use_fresh},
        remote::use_remote,
        submit::use_submit,
        toast::use_toaster,
        uploads::use_uploads,
    },
    t,
    ui::{Confirm, EmptyState, FormError, IconName, SkeletonCards, remote},
    widgets::{
        evidence::{EvidenceCard, Need, SendEvidence},
        measure::Measure,
    },
};

#[derive(Properties, PartialEq)]
pub struct EvidenceTabProps {
    pub kpi: Rc<KpiView>,
}

struct Found {
    list: EvidenceList,
    check_ins: Vec<CheckInView>,
}

#[component]
pub fn EvidenceTab(props: &EvidenceTabProps) -> Html {
    let kpi = &props.kpi;
    let arrived = use_uploads().list.arrived(kpi.id);
    let found = use_remote((kpi.id, kpi.version, arrived), |(id, ..)| async move {
        let list = api::evidence::list(id).await?;
        let check_ins = if list.items.iter().any(|file| file.check_in_id.is_some()) {
            api::kpis::check_ins(id).await?.items
        } else {
            Vec::new()
        };
        Ok(Found { list, check_ins })
    });
    use_fresh(&found.refresh, About::Evidence(kpi.id));
    let asked = use_state(|| None::<EvidenceView>);
    let toaster = use_toaster();
    let delete = {
        let (asked, reload) = (asked.clone(), found.reload.clone());
        let name = asked.as_ref().map(|file| file.name.clone()).unwrap_or_default();
        let id = asked.as_ref().map(|file| file.id);
        use_submit(
            move |(), _key| async move {
                match id {
                    Some(id) => api::evidence::delete(id).await,
                    None => Ok(()),
                }
            },
            Callback::from(move |()| {
                toaster.success(t!("evidence.deleted", name = name));
                asked.set(None);
                reload.emit(());
            }),
        )
    };
    let ondelete = {
        let (asked, dismiss) = (asked.clone(), delete.dismiss.clone());
        Callback::from(move |file| {
            dismiss.emit(());
            asked.set(Some(file));
        })
    };
    let onclose = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let name = asked.as_ref().map(|file| file.name.clone()).unwrap_or_default();
    html! {
        <div class="space-y-5">
            { remote::show(&found, html! { <SkeletonCards cards={3} height="h-56" /> }, |found| html! {
                <div class="space-y-5">
                    if let Some(need) = &found.list.need { <Need need={need.clone()} /> }
                    <SendEvidence kpi={kpi.id} may_add={found.list.may_add.clone()} />
                    { files(found, kpi, &ondelete) }
                </div>
            }) }
            <Confirm id="delete-evidence" title={t!("evidence.delete_title")} text={t!("evidence.delete_text", name = name)} act={t!("evidence.delete")}
                open={asked.is_some()} busy={delete.busy} onconfirm={delete.run.clone()} {onclose}>
                <FormError error={delete.error.clone()} />
            </Confirm>
        </div>
    }
}

fn files(found: &Found, kpi: &KpiView, ondelete: &Callback<EvidenceView>) -> Html {
    let items = &found.list.items;
    if items.is_empty() {
        let text =
            if found.list.may_add.allowed { t!("evidence.none_text") } else { t!("evidence.none_to_see") };
        return html! {
            <div class="surface"><EmptyState icon={IconName::File} title={t!("evidence.none")} {text} /></div>
        };
    }
    let measure = Measure::from(kpi);
    let of = |file: &EvidenceView| {
        let id = file.check_in_id?;
        let row = found.check_ins.iter().find(|row| row.id == id)?;
        let (value, day) = (measure.value(Some(row.value)), format::date(row.on));
        Some(t!("evidence.check_in", value = value, day = day))
    };
    html! {
        <ul class="grid gap-4 sm:grid-cols-2 lg:grid-cols-3" aria-label={t!("evidence.list")}>
            { for items.iter().map(|file| html! {
                <li key={file.id.0} class="grid"><EvidenceCard file={file.clone()} check_in={of(file)} ondelete={ondelete.clone()} /></li>
            }) }
        </ul>
    }
}
