//! A new person. Without mail the temporary password is handed over by the administrator.

use kpi_api::{
    permission::Role,
    user::{LOCALES, UserCreated, UserNew},
};
use yew::prelude::*;

use super::{
    fields::{PersonFields, labels},
    secret::SecretDialog,
};
use crate::{
    core::{
        api, draft::use_draft, error::ApiError, navigate::use_navigate, submit::use_submit,
        toast::use_toaster,
    },
    route::Route,
    t,
    ui::{Button, ButtonKind, ButtonSize, Card, Crumb, LinkKind, Note, PageHeader, RouteLink, Tone},
    widgets::Refusal,
};

fn blank() -> UserNew {
    UserNew {
        email: String::new(),
        username: String::new(),
        full_name: String::new(),
        role: Role::Employee,
        department_id: None,
        position: String::new(),
        locale: LOCALES[0].into(),
        password: None,
    }
}

#[component]
pub fn PersonNewPage() -> Html {
    let navigate = use_navigate();
    let toaster = use_toaster();
    let draft = use_draft::<UserNew>("person-new".into());
    let form = use_state(blank);
    let made = use_state(|| None::<UserCreated>);
    let leave = Callback::from(move |()| navigate.push(Route::People));
    let save = {
        let (made, clear, leave) = (made.clone(), draft.clear.clone(), leave.clone());
        use_submit(
            |body: UserNew, key| async move {
                body.check().map_err(ApiError::invalid)?;
                api::users::create(&body, &key).await
            },
            Callback::from(move |created: UserCreated| {
                clear.emit(());
                toaster.success(t!("people.added", name = created.user.full_name));
                if created.temporary_password.is_some() {
                    made.set(Some(created));
                } else {
                    leave.emit(());
                }
            }),
        )
    };
    let onchange = {
        let (form, keep) = (form.clone(), draft.keep.clone());
        Callback::from(move |next: UserNew| {
            keep.emit(next.clone());
            form.set(next);
        })
    };
    let onsubmit = {
        let (form, run) = (form.clone(), save.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let trim = |text: &str| text.trim().to_owned();
            run.emit(UserNew { email: trim(&form.email), username: trim(&form.username), ..(*form).clone() });
        })
    };
    let errors = save.error.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    html! {
        <>
            <PageHeader title={t!("people.add")} lead={t!("people.add_lead")} crumbs={vec![Crumb::new(t!("people.title"), Route::People)]} />
            <div class="max-w-2xl space-y-4">
                if let Some(found) = draft.found.clone().filter(|found| *found != blank() && *form == blank()) {
                    <Note tone={Tone::Accent} actions={restore(found, &onchange, &draft.clear)}>{ t!("people.draft_found") }</Note>
                }
                <form {onsubmit} novalidate=true>
                    <Card>
                        <div class="space-y-4">
                            <Refusal error={save.error.clone()} fields={labels()} />
                            <PersonFields form={(*form).clone()} {onchange} {errors} />
                        </div>
                        <div class="mt-6 flex flex-wrap justify-end gap-2">
                            <RouteLink to={Route::People} kind={LinkKind::Ghost}>{ t!("ui.cancel") }</RouteLink>
                            <Button label={t!("people.create")} kind={ButtonKind::Primary} submit=true busy={save.busy} />
                        </div>
                    </Card>
                </form>
            </div>
            <SecretDialog
                title={t!("people.created_title")}
                name={made.as_ref().map(|created| created.user.full_name.clone()).unwrap_or_default()}
                secret={made.as_ref().and_then(|created| created.temporary_password.clone()).map(AttrValue::from)}
                onclose={leave}
            />
        </>
    }
}

fn restore(found: UserNew, onchange: &Callback<UserNew>, clear: &Callback<()>) -> Html {
    let bring = onchange.reform(move |_: MouseEvent| found.clone());
    let drop = clear.reform(|_: MouseEvent| ());
    html! {
        <span class="flex flex-wrap gap-2">
            <Button label={t!("people.draft_restore")} size={ButtonSize::Small} onclick={bring} />
            <Button label={t!("people.draft_drop")} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={drop} />
        </span>
    }
}
