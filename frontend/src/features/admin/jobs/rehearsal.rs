//! What the reminders would be: who gets which about what on which day, if nothing happened until then.

use std::collections::BTreeMap;

use kpi_api::{
    id::UserId,
    job::{Rehearsal, RehearsedReminder},
    time::Date,
};
use yew::prelude::*;

use crate::{
    core::{
        api, format, i18n,
        query::{Params, use_query_params},
        remote::use_remote,
        session::use_me,
    },
    route::Route,
    t, tn,
    ui::{
        Avatar, Button, Card, EmptyState, IconName, LinkKind, Note, RouteLink, Segmented, Select,
        SkeletonRows, Tone, remote,
    },
};

const SPANS_DAYS: [u16; 3] = [7, 30, 92];
/// Rows drawn at first, and further ones at a time.
const SHOWN: usize = 100;

#[component]
pub fn RehearsalTab() -> Html {
    let (params, set) = use_query_params();
    let days = params.read::<u16>("days").filter(|days| SPANS_DAYS.contains(days)).unwrap_or(30);
    let person = params.read::<UserId>("user_id");
    let shown = use_state(|| SHOWN);
    let found =
        use_remote(days, |days| async move { api::jobs::rehearsal(&Params::new().with("days", days)).await });
    let change = |key: &'static str| {
        let (params, set, shown) = (params.clone(), set.clone(), shown.clone());
        Callback::from(move |value: String| {
            shown.set(SHOWN);
            set.emit(params.clone().with(key, value));
        })
    };
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + SHOWN))
    };
    let spans =
        SPANS_DAYS.iter().map(|days| (days.to_string().into(), tn!("jobs.days", *days))).collect::<Vec<_>>();
    html! {
        <div class="space-y-4">
            <p class="max-w-3xl text-sm text-muted">{ t!("jobs.rehearsal_lead") }</p>
            <div class="flex flex-wrap items-center gap-3">
                <Segmented name="rehearsal-days" label={t!("jobs.span")} compact=true value={days.to_string()} options={spans} onchange={change("days")} />
                if let Some(rehearsal) = found.remote.ready() {
                    <Select id="rehearsal-person" label={t!("jobs.person")} compact=true value={person.map(|id| id.to_string()).unwrap_or_default()}
                        options={people(&rehearsal.items, person)} onchange={change("user_id")} />
                }
            </div>
            { remote::show(&found, html! { <SkeletonRows rows={6} /> }, |rehearsal| drawn(rehearsal, person, *shown, &more)) }
        </div>
    }
}

/// Everybody who would get something, by name; the chosen one also where they would get nothing.
fn people(items: &[RehearsedReminder], chosen: Option<UserId>) -> Vec<(AttrValue, AttrValue)> {
    let names: BTreeMap<&str, UserId> =
        items.iter().map(|reminder| (reminder.user.full_name.as_str(), reminder.user.id)).collect();
    let mut options = vec![(AttrValue::default(), t!("jobs.everybody"))];
    if let Some(id) = chosen.filter(|id| !names.values().any(|known| known == id)) {
        options.push((id.to_string().into(), t!("jobs.person_number", id = id)));
    }
    options.extend(
        names.into_iter().map(|(name, id)| (id.to_string().into(), AttrValue::from(name.to_owned()))),
    );
    options
}

fn drawn(rehearsal: &Rehearsal, person: Option<UserId>, shown: usize, more: &Callback<MouseEvent>) -> Html {
    let fitting: Vec<&RehearsedReminder> =
        rehearsal.items.iter().filter(|reminder| person.is_none_or(|id| reminder.user.id == id)).collect();
    let all = if person.is_none() { rehearsal.total } else { fitting.len() as u64 };
    html! {
        <div class="space-y-4">
            if !rehearsal.troubles.is_empty() {
                <Note tone={Tone::Bad}>
                    <p class="font-medium">{ t!("jobs.troubles") }</p>
                    <ul class="mt-1 list-disc ps-4">{ for rehearsal.troubles.iter().map(|trouble| html! { <li class="break-words">{ trouble.clone() }</li> }) }</ul>
                </Note>
            }
            if fitting.is_empty() {
                <div class="surface"><EmptyState icon={IconName::CheckCircle} title={t!("jobs.nobody")} text={t!("jobs.nobody_text")} /></div>
            } else {
                <p class="text-sm text-muted" role="status">
                    { tn!("jobs.reminders", all, until = format::date(rehearsal.until)) }
                </p>
                { for by_day(&fitting[..fitting.len().min(shown)]).into_iter().map(|(day, reminders)| html! { <Day key={day.to_string()} {day} {reminders} /> }) }
                if fitting.len() > shown {
                    <Button label={t!("jobs.more")} icon={IconName::ChevronDown} onclick={more.clone()} />
                } else if person.is_none() && rehearsal.total > rehearsal.items.len() as u64 {
                    <p class="text-sm text-muted">{ t!("jobs.cut_off", count = rehearsal.items.len()) }</p>
                }
            }
        </div>
    }
}

/// The server sends them by day already.
fn by_day(reminders: &[&RehearsedReminder]) -> Vec<(Date, Vec<RehearsedReminder>)> {
    let mut days: Vec<(Date, Vec<RehearsedReminder>)> = Vec::new();
    for reminder in reminders {
        match days.last_mut() {
            Some((day, of_day)) if *day == reminder.on => of_day.push((*reminder).clone()),
            _ => days.push((reminder.on, vec![(*reminder).clone()])),
        }
    }
    days
}

#[derive(Properties, PartialEq)]
struct DayProps {
    day: Date,
    reminders: Vec<RehearsedReminder>,
}

#[component]
fn Day(props: &DayProps) -> Html {
    let today = use_me().today;
    let title =
        t!("jobs.day", date = format::date(props.day), distance = format::from_today(props.day, today));
    html! {
        <Card {title}>
            <ul class="-my-2 divide-y divide-base-300">
                { for props.reminders.iter().map(|reminder| html! {
                    <li class="flex flex-wrap items-start gap-x-3 gap-y-1 py-2.5 sm:flex-nowrap">
                        <Avatar name={reminder.user.full_name.clone()} />
                        <div class="min-w-0 flex-1 text-sm">
                            <p><span class="font-medium">{ reminder.user.full_name.clone() }</span><span class="text-muted">{ " · " }{ i18n::word("remind_reason", &reminder.reason) }</span></p>
                            <p class="break-words">{ i18n::said(&reminder.title) }</p>
                            <p class="text-muted break-words">{ i18n::said(&reminder.text) }</p>
                        </div>
                        <RouteLink to={Route::Kpi { id: reminder.kpi.id }} kind={LinkKind::Text} class="basis-full ps-11 text-sm break-words sm:max-w-[40%] sm:basis-auto sm:ps-0 sm:text-end">{ reminder.kpi.title.clone() }</RouteLink>
                    </li>
                }) }
            </ul>
        </Card>
    }
}
