//! Letting somebody decide in one's place for some days, and in whose place one decides.

use kpi_api::{
    delegation::{DelegationNew, DelegationState, DelegationView},
    error::FieldError,
    id::{DelegationId, UserId, Version},
    time::Date,
};
use yew::prelude::*;

use crate::{
    core::{
        api, browser, error, format, i18n, live::About, live::use_fresh, remote::use_remote, session::use_me,
        submit::use_submit, toast::use_toaster,
    },
    t,
    ui::{
        Badge, Button, ButtonKind, ButtonSize, Card, Confirm, DateInput, FormError, Note, Select,
        SkeletonRows, Tone, remote,
    },
};

#[component]
pub fn DelegationCards() -> Html {
    let list = use_remote((), |()| async { api::delegations::list().await });
    use_fresh(&list.refresh, About::Notifications);
    let toaster = use_toaster();
    let doomed = use_state(|| None::<DelegationView>);
    let end = {
        let (reload, toaster, doomed) = (list.reload.clone(), toaster.clone(), doomed.clone());
        use_submit(
            |(id, version): (DelegationId, Version), _key| async move { api::delegations::end(id, version).await },
            Callback::from(move |()| {
                toaster.success(t!("delegation.ended"));
                doomed.set(None);
                reload.emit(());
            }),
        )
    };
    let ask = {
        let (doomed, dismiss) = (doomed.clone(), end.dismiss.clone());
        Callback::from(move |delegation: DelegationView| {
            dismiss.emit(());
            doomed.set(Some(delegation));
        })
    };
    let onclose = {
        let doomed = doomed.clone();
        Callback::from(move |()| doomed.set(None))
    };
    let onconfirm = {
        let (doomed, run) = (doomed.clone(), end.run.clone());
        Callback::from(move |()| {
            if let Some(delegation) = &*doomed {
                run.emit((delegation.id, delegation.version));
            }
        })
    };
    let name = doomed.as_ref().map(|delegation| delegation.delegate.name.clone()).unwrap_or_default();
    html! {
        <div class="grid items-start gap-4 lg:grid-cols-2">
            <Card title={t!("delegation.given")}>
                <p class="mb-4 text-sm text-muted">{ t!("delegation.given_lead") }</p>
                { remote::show(&list, html! { <SkeletonRows rows={2} /> }, |list| rows(&list.given, true, &ask)) }
                <NewDelegation onsaved={list.reload.clone()} />
            </Card>
            <Card title={t!("delegation.received")}>
                { remote::show(&list, html! { <SkeletonRows rows={2} /> }, |list| rows(&list.received, false, &ask)) }
            </Card>
            <Confirm id="end-delegation" title={t!("delegation.end_title")} text={t!("delegation.end_text", name = name)} act={t!("delegation.end")}
                open={doomed.is_some()} busy={end.busy} {onconfirm} {onclose}>
                <FormError error={end.error.clone()} />
            </Confirm>
        </div>
    }
}

/// What runs and what is planned; what is over only on demand.
fn rows(all: &[DelegationView], given: bool, ask: &Callback<DelegationView>) -> Html {
    let (over, open): (Vec<_>, Vec<_>) = all.iter().partition(|row| row.state == DelegationState::Over);
    let list = |rows: Vec<&DelegationView>| {
        html! { <ul class="divide-y divide-base-300">{ for rows.into_iter().map(|row| entry(row, given, ask)) }</ul> }
    };
    let none = if given { t!("delegation.none_given") } else { t!("delegation.none_received") };
    html! {
        <>
            if open.is_empty() { <p class="text-sm">{ none }</p> } else { { list(open) } }
            if !over.is_empty() {
                <details class="mt-3">
                    <summary class="cursor-pointer text-sm text-muted">{ t!("delegation.over") }</summary>
                    { list(over) }
                </details>
            }
        </>
    }
}

fn entry(row: &DelegationView, given: bool, ask: &Callback<DelegationView>) -> Html {
    let other = if given { &row.delegate } else { &row.manager };
    let when = if row.from == row.to {
        t!("delegation.one_day", day = format::date(row.from))
    } else {
        t!("delegation.days", from = format::date(row.from), to = format::date(row.to))
    };
    let tone = match row.state {
        DelegationState::Running => Tone::Good,
        DelegationState::Planned => Tone::Accent,
        DelegationState::Over => Tone::Neutral,
    };
    let end = {
        let (ask, row) = (ask.clone(), row.clone());
        Callback::from(move |_: MouseEvent| ask.emit(row.clone()))
    };
    html! {
        <li key={row.id.0} class="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5">
            <div class="min-w-0 flex-1">
                <p class="font-medium break-words">{ other.name.clone() }</p>
                <p class="text-sm text-muted">{ when }</p>
            </div>
            <Badge label={i18n::word("delegation_state", row.state.as_str())} {tone} />
            if row.may_end && given { <Button label={t!("delegation.end")} size={ButtonSize::Small} onclick={end} /> }
        </li>
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Form {
    delegate: Option<UserId>,
    from: Option<Date>,
    to: Option<Date>,
}

impl Form {
    /// As it is sent, or what is still missing or wrong.
    fn read(&self, today: Date) -> Result<DelegationNew, Vec<FieldError>> {
        let (Some(delegate_id), Some(from), Some(to)) = (self.delegate, self.from, self.to) else {
            let missing = [
                (self.delegate.is_none(), "delegate_id"),
                (self.from.is_none(), "from"),
                (self.to.is_none(), "to"),
            ];
            let named = missing.into_iter().filter(|(missing, _)| *missing);
            return Err(named
                .map(|(_, field)| FieldError::new(field, "required", "Fill this in."))
                .collect());
        };
        let body = DelegationNew { delegate_id, from, to };
        body.check(today).map(|()| body)
    }
}

#[derive(Properties, PartialEq)]
struct NewDelegationProps {
    onsaved: Callback<()>,
}

#[component]
fn NewDelegation(props: &NewDelegationProps) -> Html {
    let today = use_me().today;
    let toaster = use_toaster();
    let candidates = use_remote((), |()| async { api::delegations::candidates().await });
    let blank = Form { delegate: None, from: Some(today), to: None };
    let form = use_state(|| blank.clone());
    let tried = use_state(|| false);
    let save = {
        let (form, tried, onsaved) = (form.clone(), tried.clone(), props.onsaved.clone());
        use_submit(
            |body: DelegationNew, key| async move { api::delegations::create(&body, &key).await },
            Callback::from(move |saved: DelegationView| {
                let (from, to) = (format::date(saved.from), format::date(saved.to));
                toaster.success(t!("delegation.saved", name = saved.delegate.name, from = from, to = to));
                form.set(blank.clone());
                tried.set(false);
                onsaved.emit(());
            }),
        )
    };
    let faults: Vec<FieldError> = match &save.error {
        Some(error) => error.fields().to_vec(),
        None if *tried => form.read(today).err().unwrap_or_default(),
        None => Vec::new(),
    };
    let onsubmit = {
        let (form, tried, run) = (form.clone(), tried.clone(), save.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            match form.read(today) {
                Ok(body) => run.emit(body),
                Err(faults) => {
                    let first = faults.first().map(|fault| input_id(&fault.field));
                    first.into_iter().for_each(browser::focus);
                }
            }
        })
    };
    let change = |apply: fn(&mut Form, Option<Date>)| {
        let (form, dismiss) = (form.clone(), save.dismiss.clone());
        Callback::from(move |day: Option<Date>| {
            let mut next = (*form).clone();
            apply(&mut next, day);
            form.set(next);
            dismiss.emit(());
        })
    };
    let choose = {
        let (form, dismiss) = (form.clone(), save.dismiss.clone());
        Callback::from(move |value: String| {
            form.set(Form { delegate: value.parse().ok(), ..(*form).clone() });
            dismiss.emit(());
        })
    };
    let Some(people) = candidates.remote.ready() else {
        return remote::show(&candidates, html! { <SkeletonRows rows={2} /> }, |_| Html::default());
    };
    if people.items.is_empty() {
        return html! { <Note class="mt-4">{ t!("delegation.no_candidates") }</Note> };
    }
    let mut options = vec![(AttrValue::default(), t!("delegation.nobody"))];
    options
        .extend(people.items.iter().map(|person| (person.id.to_string().into(), person.name.clone().into())));
    let error = |field: &str| fault_sentence(&faults, field);
    html! {
        <form {onsubmit} class="mt-4 space-y-4 border-t border-base-300 pt-4" novalidate=true aria-label={t!("delegation.give")}>
            <FormError error={save.error.clone().filter(|error| error.fields().is_empty())} />
            <Select id={input_id("delegate_id")} label={t!("delegation.delegate")} value={form.delegate.map(|id| id.to_string()).unwrap_or_default()}
                {options} onchange={choose} error={error("delegate_id")} />
            <div class="grid gap-4 sm:grid-cols-2">
                <DateInput id={input_id("from")} label={t!("delegation.from")} value={form.from} min={today} onchange={change(|form, day| form.from = day)} error={error("from")} />
                <DateInput id={input_id("to")} label={t!("delegation.to")} value={form.to} min={form.from.unwrap_or(today)} onchange={change(|form, day| form.to = day)} error={error("to")} />
            </div>
            <Button label={t!("delegation.give")} kind={ButtonKind::Primary} submit=true busy={save.busy} />
        </form>
    }
}

fn input_id(field: &str) -> &'static str {
    match field {
        "from" => "delegation-from",
        "to" => "delegation-to",
        _ => "delegation-delegate",
    }
}

/// Lengths of time are told in days here, not in characters.
fn fault_sentence(faults: &[FieldError], field: &str) -> Option<AttrValue> {
    let too_long = faults.iter().any(|fault| fault.field == field && fault.code == "too_long");
    if too_long { Some(t!("delegation.too_long")) } else { error::of_field(faults, field) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_field_by_field() {
        let day = |ordinal| Date::from_ordinal_date(2026, ordinal).ok();
        let read = |delegate, from, to| match (Form { delegate, from, to }).read(day(100).unwrap()) {
            Ok(_) => Vec::new(),
            Err(faults) => {
                faults.into_iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect()
            }
        };
        assert_eq!(read(None, day(100), None), ["delegate_id required", "to required"]);
        assert_eq!(read(Some(UserId(2)), day(99), day(99)), ["from in_the_past"]);
        assert_eq!(read(Some(UserId(2)), day(110), day(109)), ["to before_start"]);
        assert!(read(Some(UserId(2)), day(100), day(100)).is_empty());
    }
}
