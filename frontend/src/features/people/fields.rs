//! The fields of a person, the same for a new one and for one who is changed.

use kpi_api::{
    error::FieldError,
    patch::Patch,
    permission::Role,
    user::{LOCALES, UserNew, UserPatch, UserView},
};
use yew::prelude::*;

use crate::{
    core::{error, i18n},
    t,
    ui::{Segmented, Select, TextInput},
    widgets::DepartmentPicker,
};

#[derive(Properties, PartialEq)]
pub struct PersonFieldsProps {
    pub form: UserNew,
    pub onchange: Callback<UserNew>,
    pub errors: Vec<FieldError>,
}

#[component]
pub fn PersonFields(props: &PersonFieldsProps) -> Html {
    let form = &props.form;
    let set = |apply: fn(&mut UserNew, String)| {
        let (form, onchange) = (form.clone(), props.onchange.clone());
        Callback::from(move |text: String| {
            let mut next = form.clone();
            apply(&mut next, text);
            onchange.emit(next);
        })
    };
    let ondepartment = {
        let (form, onchange) = (form.clone(), props.onchange.clone());
        Callback::from(move |department_id| onchange.emit(UserNew { department_id, ..form.clone() }))
    };
    let of = |field: &str| error::of_field(&props.errors, field);
    let roles: Vec<_> = Role::ALL
        .iter()
        .map(|role| (AttrValue::from(role.as_str()), i18n::word("role", role.as_str())))
        .collect();
    let locales: Vec<_> =
        LOCALES.iter().map(|locale| (AttrValue::from(*locale), i18n::word("locale", locale))).collect();
    html! {
        <div class="space-y-4">
            <TextInput id="full_name" label={t!("field.full_name")} value={form.full_name.clone()} error={of("full_name")}
                oninput={set(|form, text| form.full_name = text)} autocomplete="off" />
            <div class="grid items-start gap-4 sm:grid-cols-2">
                <TextInput id="email" kind="email" label={t!("field.email")} value={form.email.clone()} error={of("email")}
                    oninput={set(|form, text| form.email = text)} autocomplete="off" />
                <TextInput id="username" label={t!("field.username")} hint={t!("people.username_hint")} value={form.username.clone()}
                    error={of("username")} oninput={set(|form, text| form.username = text)} autocomplete="off" />
            </div>
            <Segmented name="role" label={t!("field.role")} value={form.role.as_str()} options={roles} hint={role_hint(form.role)}
                onchange={set(|form, text| form.role = text.parse().unwrap_or(form.role))} />
            <div class="grid items-start gap-4 sm:grid-cols-2">
                <DepartmentPicker id="department_id" label={t!("field.department")} none={t!("people.no_department")}
                    value={form.department_id} onchange={ondepartment} error={of("department_id")} />
                <TextInput id="position" label={t!("field.position")} optional=true value={form.position.clone()} error={of("position")}
                    oninput={set(|form, text| form.position = text)} autocomplete="off" />
            </div>
            <Select id="locale" label={t!("field.locale")} value={form.locale.clone()} options={locales} error={of("locale")}
                hint={t!("people.locale_hint")} onchange={set(|form, text| form.locale = text)} />
        </div>
    }
}

fn role_hint(role: Role) -> AttrValue {
    match role {
        Role::Employee => t!("people.role_employee"),
        Role::Manager => t!("people.role_manager"),
        Role::Admin => t!("people.role_admin"),
    }
}

/// For the summary above the form: (field, id, label).
pub fn labels() -> Vec<(AttrValue, AttrValue, AttrValue)> {
    ["full_name", "email", "username", "department_id", "position", "locale"]
        .into_iter()
        .map(|field| (field.into(), field.into(), i18n::field_name(field)))
        .collect()
}

pub fn form_of(person: &UserView) -> UserNew {
    UserNew {
        email: person.email.clone(),
        username: person.username.clone(),
        full_name: person.full_name.clone(),
        role: person.role,
        department_id: person.department_id,
        position: person.position.clone(),
        locale: person.locale.clone(),
        password: None,
    }
}

/// Only what differs from the person as last seen.
pub fn changes(person: &UserView, form: &UserNew) -> UserPatch {
    let text = |old: &str, new: &str| (old != new).then(|| new.to_owned());
    UserPatch {
        email: text(&person.email, form.email.trim()),
        username: text(&person.username, form.username.trim()),
        full_name: text(&person.full_name, &form.full_name),
        role: (person.role != form.role).then_some(form.role),
        department_id: Patch::between(&person.department_id, form.department_id),
        position: text(&person.position, &form.position),
        is_active: None,
        locale: text(&person.locale, &form.locale),
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::{
        id::{DepartmentId, UserId, Version},
        time::Timestamp,
    };

    use super::*;

    #[test]
    fn only_what_differs_is_sent() {
        let person = UserView {
            id: UserId(1),
            email: "a@b.example".into(),
            username: "anna".into(),
            full_name: "Anna".into(),
            role: Role::Employee,
            department_id: Some(DepartmentId(3)),
            department_name: None,
            position: String::new(),
            is_active: true,
            locale: "en".into(),
            must_change_password: false,
            last_login_at: None,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
            version: Version(1),
        };
        assert_eq!(changes(&person, &form_of(&person)), UserPatch::default());
        let form = UserNew { role: Role::Manager, department_id: None, ..form_of(&person) };
        let expected =
            UserPatch { role: Some(Role::Manager), department_id: Patch::Clear, ..UserPatch::default() };
        assert_eq!(changes(&person, &form), expected);
    }
}
