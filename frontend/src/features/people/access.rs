//! Whether and how somebody gets in: last log-in, password, deactivation.

use std::rc::Rc;

use kpi_api::{
    id::UserId,
    user::{TemporaryPassword, UserPatch, UserView},
};
use yew::prelude::*;

use super::secret::SecretDialog;
use crate::{
    core::{api, format, session::use_me, submit::use_submit, toast::use_toaster},
    t,
    ui::{Button, ButtonKind, Card, Confirm, IconName},
    widgets::Refusal,
};

#[derive(Properties, PartialEq)]
pub struct AccessCardProps {
    pub person: Rc<UserView>,
    pub onsaved: Callback<UserView>,
    pub onlatest: Callback<()>,
}

#[derive(Clone, Copy, PartialEq)]
enum Asking {
    Nothing,
    Switch,
    Reset,
}

#[component]
pub fn AccessCard(props: &AccessCardProps) -> Html {
    let person = &props.person;
    let is_me = use_me().user.id == person.id;
    let toaster = use_toaster();
    let asking = use_state(|| Asking::Nothing);
    let secret = use_state(|| None::<AttrValue>);
    let switch = {
        let (asking, onsaved, toaster) = (asking.clone(), props.onsaved.clone(), toaster.clone());
        let person = Rc::clone(person);
        use_submit(
            move |is_active: bool, _| {
                let (id, version) = (person.id, person.version);
                async move {
                    let patch = UserPatch { is_active: Some(is_active), ..UserPatch::default() };
                    api::users::update(id, version, &patch).await
                }
            },
            Callback::from(move |saved: UserView| {
                asking.set(Asking::Nothing);
                toaster.success(if saved.is_active {
                    t!("people.reactivated", name = saved.full_name)
                } else {
                    t!("people.deactivated", name = saved.full_name)
                });
                onsaved.emit(saved);
            }),
        )
    };
    let reset = {
        let (asking, secret) = (asking.clone(), secret.clone());
        use_submit(
            |id: UserId, _| async move { api::users::reset_password(id).await },
            Callback::from(move |made: TemporaryPassword| {
                asking.set(Asking::Nothing);
                secret.set(Some(made.temporary_password.into()));
            }),
        )
    };
    let ask = |what: Asking| {
        let asking = asking.clone();
        Callback::from(move |_: MouseEvent| asking.set(what))
    };
    let close = |dismiss: &Callback<()>| {
        let (asking, dismiss) = (asking.clone(), dismiss.clone());
        Callback::from(move |()| {
            asking.set(Asking::Nothing);
            dismiss.emit(());
        })
    };
    let onlatest = {
        let (close, onlatest) = (close(&switch.dismiss), props.onlatest.clone());
        Callback::from(move |()| {
            close.emit(());
            onlatest.emit(());
        })
    };
    let forget = {
        let (secret, onlatest) = (secret.clone(), props.onlatest.clone());
        Callback::from(move |()| {
            secret.set(None);
            onlatest.emit(());
        })
    };
    let active = person.is_active;
    html! {
        <Card title={t!("people.access")}>
            <dl class="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
                <dt class="text-muted">{ t!("people.last_login") }</dt>
                <dd>{ person.last_login_at.map_or_else(|| t!("people.never"), format::date_time) }</dd>
                <dt class="text-muted">{ t!("people.since") }</dt>
                <dd>{ format::date_of(person.created_at) }</dd>
                <dt class="text-muted">{ t!("people.password") }</dt>
                <dd>{ if person.must_change_password { t!("people.password_temporary") } else { t!("people.password_own") } }</dd>
            </dl>
            <div class="mt-5 flex flex-col gap-2">
                <Button label={t!("people.reset")} icon={IconName::Key} onclick={ask(Asking::Reset)}
                    disabled={is_me.then(|| t!("people.reset_own"))} class="w-full" />
                if active {
                    <Button label={t!("people.deactivate")} icon={IconName::Ban} onclick={ask(Asking::Switch)}
                        disabled={is_me.then(|| t!("people.deactivate_own"))} class="w-full" />
                } else {
                    <Button label={t!("people.reactivate")} icon={IconName::Check} onclick={ask(Asking::Switch)} class="w-full" />
                }
            </div>
            <Confirm
                id="person-switch"
                title={if active { t!("people.deactivate_title", name = person.full_name) } else { t!("people.reactivate_title", name = person.full_name) }}
                text={if active { t!("people.deactivate_text") } else { t!("people.reactivate_text") }}
                act={if active { t!("people.deactivate") } else { t!("people.reactivate") }}
                kind={if active { ButtonKind::Danger } else { ButtonKind::Primary }}
                open={*asking == Asking::Switch}
                busy={switch.busy}
                onconfirm={switch.run.reform(move |()| !active)}
                onclose={close(&switch.dismiss)}
            >
                <Refusal error={switch.error.clone()} {onlatest} />
            </Confirm>
            <Confirm
                id="person-reset"
                title={t!("people.reset_title", name = person.full_name)}
                text={t!("people.reset_text")}
                act={t!("people.reset")}
                kind={ButtonKind::Primary}
                open={*asking == Asking::Reset}
                busy={reset.busy}
                onconfirm={{ let id = person.id; reset.run.reform(move |()| id) }}
                onclose={close(&reset.dismiss)}
            >
                <Refusal error={reset.error.clone()} />
            </Confirm>
            <SecretDialog title={t!("people.reset_done")} name={person.full_name.clone()} secret={(*secret).clone()} onclose={forget} />
        </Card>
    }
}
