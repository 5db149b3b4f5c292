//! People as plugins see them: without addresses, as nobody is reached but through `notify`.

use kpi_api::{id::DepartmentId, id::UserId, permission::Role};

use crate::{
    app::Ctx,
    people::directory::{Directory, Person},
    platform::failure::Outcome,
    plugins::{
        calling::Occasion,
        host::facts::{self, MOST_ROWS, UserFilter},
    },
};

/// Active people, in the order of their ids. In a card: the viewer and those they lead.
pub async fn find(ctx: &Ctx, occasion: &Occasion, filter: &UserFilter) -> Outcome<Vec<facts::Person>> {
    let directory = ctx.directory().await?;
    let below = filter.department_id.map(|id| directory.subtree(DepartmentId(id)));
    let mut found: Vec<_> = directory
        .people()
        .filter(|person| person.is_active && is_in_sight(occasion, &directory, person.id))
        .filter(|person| filter.id.as_ref().is_none_or(|ids| ids.contains(&person.id.0)))
        .filter(|person| filter.role.as_ref().is_none_or(|roles| roles.contains(&person.role)))
        .filter(|person| {
            below.as_ref().is_none_or(|below| person.department_id.is_some_and(|id| below.contains(&id)))
        })
        .filter(|person| {
            filter.manager_id.is_none_or(|manager| directory.approver_of(person.id) == Some(UserId(manager)))
        })
        .filter(|person| filter.after.is_none_or(|after| person.id.0 > after))
        .collect();
    found.sort_unstable_by_key(|person| person.id);
    found.truncate(filter.limit.unwrap_or(MOST_ROWS).min(MOST_ROWS));
    Ok(found.into_iter().map(|person| person_facts(&directory, person)).collect())
}

fn is_in_sight(occasion: &Occasion, directory: &Directory, id: UserId) -> bool {
    match occasion {
        Occasion::Card(viewer) if viewer.role != Role::Admin => {
            use kpi_api::permission::Relation as R;
            match directory.relation(viewer.id, id) {
                R::Own => true,
                R::Team | R::Delegated => viewer.role == Role::Manager,
                R::Aligned | R::Stranger => false,
            }
        }
        _ => true,
    }
}

pub fn person_facts(directory: &Directory, person: &Person) -> facts::Person {
    facts::Person {
        id: person.id.0,
        name: person.full_name.clone(),
        role: person.role,
        department_id: person.department_id.map(|id| id.0),
        department: person.department_id.and_then(|id| directory.department_name(id)),
        position: person.position.clone(),
        manager_id: directory.approver_of(person.id).map(|id| id.0),
        locale: person.locale.clone(),
    }
}

/// Somebody of whom no more is told than who they are: to a plugin that may not read people.
pub fn stranger(person: &Person) -> facts::Person {
    facts::Person {
        id: person.id.0,
        name: person.full_name.clone(),
        role: person.role,
        department_id: None,
        department: None,
        position: String::new(),
        manager_id: None,
        locale: person.locale.clone(),
    }
}
