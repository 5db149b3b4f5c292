//! One person: their data, and beside it their access.

use std::rc::Rc;

use kpi_api::{
    id::{UserId, Version},
    user::{UserPatch, UserView},
};
use yew::prelude::*;

use super::{
    access::AccessCard,
    fields::{PersonFields, changes, form_of, labels},
    list::state_mark,
};
use crate::{
    core::{api, merge, remote::use_remote, session::use_session, submit::use_submit, toast::use_toaster},
    route::Route,
    t,
    ui::{Button, ButtonKind, Card, Crumb, PageHeader, SkeletonLines, remote},
    widgets::Refusal,
};

#[derive(Properties, PartialEq)]
pub struct PersonPageProps {
    pub id: UserId,
}

#[component]
pub fn PersonPage(props: &PersonPageProps) -> Html {
    let session = use_session();
    let person = use_remote(props.id, |id| async move { api::users::get(id).await });
    let known = person.remote.ready();
    let title = known.map_or_else(|| t!("people.person"), |person| person.full_name.clone().into());
    let mark = known.map(|person| state_mark(person)).unwrap_or_default();
    let onsaved = {
        let set = person.set.clone();
        Callback::from(move |saved: UserView| {
            // One's own name, role and language are shown all around.
            if session.me().is_some_and(|me| me.user.id == saved.id) {
                session.check();
            }
            set.emit(saved);
        })
    };
    html! {
        <>
            <PageHeader {title} {mark} crumbs={vec![Crumb::new(t!("people.title"), Route::People)]} />
            { remote::show(&person, html! { <SkeletonLines lines={6} /> }, |data| html! {
                <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
                    <PersonForm person={Rc::clone(data)} onsaved={onsaved.clone()} onlatest={person.reload.clone()} busy={person.busy} />
                    <AccessCard person={Rc::clone(data)} onsaved={onsaved.clone()} onlatest={person.reload.clone()} />
                </div>
            }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct PersonFormProps {
    person: Rc<UserView>,
    onsaved: Callback<UserView>,
    onlatest: Callback<()>,
    busy: bool,
}

#[component]
fn PersonForm(props: &PersonFormProps) -> Html {
    let toaster = use_toaster();
    let base = use_state(|| Rc::clone(&props.person));
    let form = use_state(|| form_of(&props.person));
    let save = {
        let (id, onsaved) = (props.person.id, props.onsaved.clone());
        use_submit(
            move |(version, patch): (Version, UserPatch), _| async move {
                api::users::update(id, version, &patch).await
            },
            Callback::from(move |saved: UserView| {
                toaster.success(t!("people.saved", name = saved.full_name));
                onsaved.emit(saved);
            }),
        )
    };
    // A newer state: from saving, from an act beside the form, or fetched after somebody else was faster.
    use_effect_with(Rc::clone(&props.person), {
        let (base, form, dismiss) = (base.clone(), form.clone(), save.dismiss.clone());
        move |person: &Rc<UserView>| {
            if person.version != base.version {
                form.set(merge::rebase(&form_of(&base), &form, &form_of(person)));
                base.set(Rc::clone(person));
                dismiss.emit(());
            }
        }
    });
    let patch = changes(&base, &form);
    let unchanged = (patch == UserPatch::default()).then(|| t!("people.unchanged"));
    let onchange = {
        let form = form.clone();
        Callback::from(move |next| form.set(next))
    };
    let onsubmit = {
        let (version, run, blocked) = (base.version, save.run.clone(), unchanged.is_some());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !blocked {
                run.emit((version, patch.clone()));
            }
        })
    };
    let errors = save.error.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    html! {
        <form {onsubmit} novalidate=true>
            <Card title={t!("people.data")}>
                <div class="space-y-4">
                    <Refusal error={save.error.clone()} fields={labels()} onlatest={props.onlatest.clone()} busy={props.busy} />
                    <PersonFields form={(*form).clone()} {onchange} {errors} />
                </div>
                <div class="mt-6 flex justify-end">
                    <Button label={t!("people.save")} kind={ButtonKind::Primary} submit=true busy={save.busy} disabled={unchanged} />
                </div>
            </Card>
        </form>
    }
}
