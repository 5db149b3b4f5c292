//! Who hears a reminder. Pure.

use kpi_api::{id::UserId, permission::Role};
use kpi_engine::ReminderTo;

use crate::{kpi::audience::Audience, people::directory::Directory};

/// The people a reminder about a KPI goes to on the day of the directory: active, and allowed to see it.
///
/// The approver is who decides that day: the delegates in whose hands it is, the manager otherwise, and the
/// administrators where there is no manager.
pub fn receivers(directory: &Directory, audience: &Audience, to: ReminderTo) -> Vec<UserId> {
    let owner = audience.owner;
    let mut found = match to {
        ReminderTo::Owner => vec![owner],
        ReminderTo::Manager => directory.approver_of(owner).into_iter().collect(),
        ReminderTo::Approver => deciders(directory, owner),
        ReminderTo::User(id) => vec![UserId(id)],
    };
    found.retain(|id| directory.person(*id).is_some_and(|person| audience.sees(directory, person)));
    found.sort_unstable();
    found
}

fn deciders(directory: &Directory, owner: UserId) -> Vec<UserId> {
    let Some(approver) = directory.approver_of(owner) else {
        let admins = directory.people().filter(|person| person.role == Role::Admin && person.id != owner);
        return admins.map(|person| person.id).collect();
    };
    let stands_in = |id: UserId| directory.stands_in_for(id).contains(&approver);
    let delegates: Vec<UserId> =
        directory.people().map(|person| person.id).filter(|id| *id != owner && stands_in(*id)).collect();
    if delegates.is_empty() { vec![approver] } else { delegates }
}

#[cfg(test)]
mod tests {
    use kpi_api::id::DepartmentId;

    use super::*;
    use crate::people::directory::{Department, Person};

    const OWNER: UserId = UserId(3);
    const MANAGER: UserId = UserId(2);
    const CONTROLLER: UserId = UserId(5);
    const ADMIN: UserId = UserId(9);

    fn person(id: UserId, role: Role, department: Option<i64>, is_active: bool) -> Person {
        Person {
            id,
            full_name: format!("Person {id}"),
            email: String::new(),
            username: format!("person{id}"),
            role,
            department_id: department.map(DepartmentId),
            position: String::new(),
            is_active,
            must_change_password: false,
            locale: "en".into(),
        }
    }

    /// Sales (1) is led by the manager, Finance (2) by the controller; an administrator stands alone.
    fn company() -> Directory {
        let department = |id, manager: UserId| Department {
            id: DepartmentId(id),
            name: format!("Department {id}"),
            parent_id: None,
            manager_id: Some(manager),
        };
        Directory::new(
            vec![
                person(OWNER, Role::Employee, Some(1), true),
                person(UserId(4), Role::Employee, Some(1), true),
                person(MANAGER, Role::Manager, Some(1), true),
                person(CONTROLLER, Role::Manager, Some(2), true),
                person(UserId(6), Role::Employee, Some(2), false),
                person(UserId(8), Role::Admin, None, false),
                person(ADMIN, Role::Admin, None, true),
            ],
            vec![department(1, MANAGER), department(2, CONTROLLER)],
        )
    }

    fn to(directory: &Directory, owner: UserId, to: ReminderTo) -> Vec<UserId> {
        receivers(directory, &Audience { owner, aligned: Vec::new() }, to)
    }

    #[test]
    fn roles_are_looked_up_in_the_directory() {
        let company = company();
        assert_eq!(to(&company, OWNER, ReminderTo::Owner), [OWNER]);
        assert_eq!(to(&company, OWNER, ReminderTo::Approver), [MANAGER]);
        assert_eq!(to(&company, OWNER, ReminderTo::Manager), [MANAGER]);
        // Nobody is above the manager: administrators decide, and nobody is their manager.
        assert_eq!(to(&company, MANAGER, ReminderTo::Approver), [ADMIN]);
        assert_eq!(to(&company, MANAGER, ReminderTo::Manager), []);
        assert_eq!(to(&company, ADMIN, ReminderTo::Approver), []);
    }

    #[test]
    fn a_delegate_hears_it_in_the_managers_place() {
        let company = company().with_delegations([(MANAGER, CONTROLLER)]);
        assert_eq!(to(&company, OWNER, ReminderTo::Approver), [CONTROLLER]);
        assert_eq!(to(&company, OWNER, ReminderTo::Manager), [MANAGER]);
        // Nobody decides about their own.
        assert_eq!(to(&company, CONTROLLER, ReminderTo::Approver), [ADMIN]);
    }

    #[test]
    fn who_is_gone_or_may_not_see_it_hears_nothing() {
        let company = company();
        for id in [4, 5, 6, 8, 77] {
            assert_eq!(to(&company, OWNER, ReminderTo::User(id)), [], "{id}");
        }
        let audience = Audience { owner: OWNER, aligned: vec![UserId(4)] };
        assert_eq!(receivers(&company, &audience, ReminderTo::User(4)), [UserId(4)]);
        assert_eq!(to(&company, OWNER, ReminderTo::User(9)), [ADMIN]);
        assert_eq!(to(&company, UserId(6), ReminderTo::Owner), []);
    }
}
