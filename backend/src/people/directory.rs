//! Everybody and the tree of departments, in memory: who somebody is, whom they lead, who decides for whom, and in
//! whose place on one day. Loaded anew after every change of people, departments or delegations, and on another day.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use anyhow::anyhow;
use kpi_api::{
    id::{DepartmentId, UserId},
    permission::{Relation, Role},
    time::Date,
    user::Colleague,
};
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::{
    delegations,
    entity::{department, user},
    platform::failure::Outcome,
};

/// A person as the rest of the application needs to know them. Nothing secret is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub id: UserId,
    pub full_name: String,
    pub email: String,
    pub username: String,
    pub role: Role,
    pub department_id: Option<DepartmentId>,
    pub position: String,
    pub is_active: bool,
    pub must_change_password: bool,
    pub locale: String,
}

impl Person {
    /// Whether they lead, or could: what a delegation needs of both of its people.
    pub fn can_decide(&self) -> bool {
        self.is_active && self.role != Role::Employee
    }

    pub fn colleague(&self) -> Colleague {
        Colleague { id: self.id, name: self.full_name.clone(), username: self.username.clone() }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Department {
    pub id: DepartmentId,
    pub name: String,
    pub parent_id: Option<DepartmentId>,
    pub manager_id: Option<UserId>,
}

#[derive(Debug, Default)]
pub struct Directory {
    people: HashMap<UserId, Arc<Person>>,
    departments: HashMap<DepartmentId, Department>,
    children: HashMap<DepartmentId, Vec<DepartmentId>>,
    members: HashMap<DepartmentId, Vec<UserId>>,
    led: HashMap<UserId, HashSet<DepartmentId>>,
    /// In whose place somebody decides.
    stands_in_for: HashMap<UserId, Vec<UserId>>,
    /// By who decides about them first.
    decided_by: HashMap<Option<UserId>, Vec<UserId>>,
}

impl Directory {
    /// `today` in the company's zone: the day whose delegations count.
    pub async fn load(db: &impl ConnectionTrait, today: Date) -> Outcome<Self> {
        let departments = department::Entity::find().all(db).await?.into_iter().map(|row| Department {
            id: DepartmentId(row.id),
            name: row.name,
            parent_id: row.parent_id.map(DepartmentId),
            manager_id: row.manager_id.map(UserId),
        });
        let people = user::Entity::find().all(db).await?.into_iter().map(|row| {
            Ok(Person {
                id: UserId(row.id),
                full_name: row.full_name,
                email: row.email,
                username: row.username,
                role: row.role.parse().map_err(|e| anyhow!("role of user {}: {e}", row.id))?,
                department_id: row.department_id.map(DepartmentId),
                position: row.position,
                is_active: row.is_active,
                must_change_password: row.must_change_password,
                locale: row.locale,
            })
        });
        let directory = Self::new(people.collect::<anyhow::Result<Vec<_>>>()?, departments.collect());
        Ok(directory.with_delegations(delegations::repo::running(db, today).await?))
    }

    pub fn new(people: Vec<Person>, departments: Vec<Department>) -> Self {
        let mut directory = Self::default();
        for department in departments {
            if let Some(parent) = department.parent_id {
                directory.children.entry(parent).or_default().push(department.id);
            }
            directory.departments.insert(department.id, department);
        }
        for person in people {
            if let Some(department) = person.department_id {
                directory.members.entry(department).or_default().push(person.id);
            }
            directory.people.insert(person.id, Arc::new(person));
        }
        let leaders: Vec<(UserId, DepartmentId)> =
            directory.departments.values().filter_map(|d| Some((d.manager_id?, d.id))).collect();
        for (leader, department) in leaders {
            let below = directory.subtree(department);
            directory.led.entry(leader).or_default().extend(below);
        }
        for owner in directory.people.keys().copied() {
            directory.decided_by.entry(directory.approver_of(owner)).or_default().push(owner);
        }
        directory
    }

    /// With the delegations of the day, each from a manager to their delegate. They count between people who could
    /// decide themselves, and do not pass on: a delegate's delegate inherits nothing.
    pub fn with_delegations(mut self, running: impl IntoIterator<Item = (UserId, UserId)>) -> Self {
        for (manager, delegate) in running {
            let counts = |id| self.people.get(&id).is_some_and(|person| person.can_decide());
            if manager != delegate && counts(manager) && counts(delegate) {
                let managers = self.stands_in_for.entry(delegate).or_default();
                if !managers.contains(&manager) {
                    managers.push(manager);
                }
            }
        }
        self
    }

    pub fn person(&self, id: UserId) -> Option<&Arc<Person>> {
        self.people.get(&id)
    }

    /// The person's name; empty for somebody who is not there.
    pub fn name(&self, id: UserId) -> String {
        self.people.get(&id).map(|person| person.full_name.clone()).unwrap_or_default()
    }

    /// The person as colleagues see them; without names for somebody who is not there.
    pub fn colleague(&self, id: UserId) -> Colleague {
        let nobody = || Colleague { id, name: String::new(), username: String::new() };
        self.people.get(&id).map_or_else(nobody, |person| person.colleague())
    }

    pub fn people(&self) -> impl Iterator<Item = &Arc<Person>> {
        self.people.values()
    }

    pub fn department(&self, id: DepartmentId) -> Option<&Department> {
        self.departments.get(&id)
    }

    pub fn departments(&self) -> impl Iterator<Item = &Department> {
        self.departments.values()
    }

    pub fn department_name(&self, id: DepartmentId) -> Option<String> {
        self.departments.get(&id).map(|department| department.name.clone())
    }

    /// From the department itself up to the root.
    pub fn ancestry(&self, id: DepartmentId) -> impl Iterator<Item = &Department> {
        std::iter::successors(self.departments.get(&id), |department| {
            department.parent_id.and_then(|parent| self.departments.get(&parent))
        })
        // A tree as deep as there are departments: more would mean a cycle, which the service refuses.
        .take(self.departments.len())
    }

    /// Names from the root down.
    pub fn path(&self, id: DepartmentId) -> Vec<String> {
        let mut names: Vec<String> = self.ancestry(id).map(|department| department.name.clone()).collect();
        names.reverse();
        names
    }

    /// The department and everything below it.
    pub fn subtree(&self, id: DepartmentId) -> HashSet<DepartmentId> {
        let mut found = HashSet::new();
        let mut open = vec![id];
        while let Some(next) = open.pop() {
            if found.insert(next) {
                open.extend(self.children.get(&next).into_iter().flatten());
            }
        }
        found
    }

    /// Active people directly in the department.
    pub fn headcount(&self, id: DepartmentId) -> u64 {
        let members = self.members.get(&id).into_iter().flatten();
        members.filter(|member| self.people.get(member).is_some_and(|person| person.is_active)).count() as u64
    }

    /// The departments somebody leads, those below included.
    pub fn led_by(&self, id: UserId) -> Option<&HashSet<DepartmentId>> {
        self.led.get(&id)
    }

    /// Everybody in the departments somebody leads, except themselves.
    pub fn team(&self, leader: UserId) -> Vec<UserId> {
        let led = self.led.get(&leader).into_iter().flatten();
        let members = led.filter_map(|department| self.members.get(department)).flatten();
        members.copied().filter(|member| *member != leader).collect()
    }

    /// How `who` stands to the KPIs of `owner`, alignment left aside.
    pub fn relation(&self, who: UserId, owner: UserId) -> Relation {
        if who == owner {
            Relation::Own
        } else if self.leads(who, owner) {
            Relation::Team
        } else if self.stands_in_for(who).iter().any(|manager| self.leads(*manager, owner)) {
            Relation::Delegated
        } else {
            Relation::Stranger
        }
    }

    /// Whether somebody else is in the team of `who`.
    fn leads(&self, who: UserId, owner: UserId) -> bool {
        let department = self.people.get(&owner).and_then(|person| person.department_id);
        let led = self.led.get(&who);
        who != owner && department.zip(led).is_some_and(|(department, led)| led.contains(&department))
    }

    /// In whose place somebody decides today.
    pub fn stands_in_for(&self, who: UserId) -> &[UserId] {
        self.stands_in_for.get(&who).map_or(&[], Vec::as_slice)
    }

    /// In whose place `who` decides about a KPI of `owner`; `None` where they do so in their own right. Of several
    /// it is the one whose turn it would be.
    pub fn on_behalf_of(&self, who: UserId, owner: UserId) -> Option<UserId> {
        if self.relation(who, owner) != Relation::Delegated {
            return None;
        }
        let approver = self.approver_of(owner);
        let leading: Vec<UserId> =
            self.stands_in_for(who).iter().copied().filter(|manager| self.leads(*manager, owner)).collect();
        approver.filter(|approver| leading.contains(approver)).or(leading.first().copied())
    }

    /// Who decides about somebody's KPIs first: the manager of their department, else of the nearest one above. A
    /// manager does not decide for themselves. `None` leaves it to the administrators.
    pub fn approver_of(&self, owner: UserId) -> Option<UserId> {
        let department = self.people.get(&owner)?.department_id?;
        self.ancestry(department).filter_map(|department| department.manager_id).find(|manager| {
            *manager != owner
                && self
                    .people
                    .get(manager)
                    .is_some_and(|person| person.is_active && person.role != Role::Employee)
        })
    }

    /// Those for whom somebody is the first to decide, or stands in for who is. Administrators also decide where there
    /// is no manager.
    pub fn decides_for(&self, who: &Person) -> Vec<UserId> {
        let nobody = (who.role == Role::Admin).then_some(None);
        let deciders = std::iter::once(&who.id).chain(self.stands_in_for(who.id)).copied().map(Some);
        let mut owners: Vec<UserId> = deciders
            .chain(nobody)
            .filter_map(|decider| self.decided_by.get(&decider))
            .flatten()
            .copied()
            .filter(|owner| *owner != who.id)
            .collect();
        owners.sort_unstable();
        owners
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: i64, role: Role, department: Option<i64>) -> Person {
        Person {
            id: UserId(id),
            full_name: format!("Person {id}"),
            email: format!("{id}@firma.example"),
            username: format!("person{id}"),
            role,
            department_id: department.map(DepartmentId),
            position: String::new(),
            is_active: true,
            must_change_password: false,
            locale: "en".into(),
        }
    }

    fn department(id: i64, parent: Option<i64>, manager: Option<i64>) -> Department {
        Department {
            id: DepartmentId(id),
            name: format!("Department {id}"),
            parent_id: parent.map(DepartmentId),
            manager_id: manager.map(UserId),
        }
    }

    /// 1 (led by 10) has 2 (led by 20) below it; 3 stands alone without a manager.
    fn company() -> Directory {
        Directory::new(
            vec![
                person(10, Role::Manager, Some(1)),
                person(20, Role::Manager, Some(2)),
                person(21, Role::Employee, Some(2)),
                person(30, Role::Employee, Some(3)),
                person(40, Role::Admin, None),
            ],
            vec![department(1, None, Some(10)), department(2, Some(1), Some(20)), department(3, None, None)],
        )
    }

    #[test]
    fn a_team_reaches_into_the_departments_below() {
        let company = company();
        let mut team = company.team(UserId(10));
        team.sort();
        assert_eq!(team, [UserId(20), UserId(21)]);
        assert_eq!(company.relation(UserId(10), UserId(21)), Relation::Team);
        assert_eq!(company.relation(UserId(20), UserId(10)), Relation::Stranger);
        assert_eq!(company.relation(UserId(20), UserId(20)), Relation::Own);
        assert_eq!(company.relation(UserId(20), UserId(30)), Relation::Stranger);
    }

    #[test]
    fn a_manager_is_decided_by_the_manager_above_else_by_an_admin() {
        let company = company();
        assert_eq!(company.approver_of(UserId(21)), Some(UserId(20)));
        assert_eq!(company.approver_of(UserId(20)), Some(UserId(10)));
        assert_eq!(company.approver_of(UserId(10)), None);
        assert_eq!(company.approver_of(UserId(30)), None);
        let admin = company.person(UserId(40)).unwrap();
        assert_eq!(company.decides_for(admin), [UserId(10), UserId(30)]);
    }

    #[test]
    fn a_delegate_decides_for_the_team_but_never_for_themselves_or_the_manager() {
        // 20 leads 2; 40, an administrator without a team, stands in; so does 10, who leads 20 anyway.
        let company = company().with_delegations([
            (UserId(20), UserId(40)),
            (UserId(20), UserId(10)),
            (UserId(10), UserId(20)),
            (UserId(20), UserId(21)),
        ]);
        assert_eq!(company.relation(UserId(40), UserId(21)), Relation::Delegated);
        assert_eq!(company.relation(UserId(40), UserId(20)), Relation::Stranger);
        assert_eq!(company.on_behalf_of(UserId(40), UserId(21)), Some(UserId(20)));
        // Their own team stays their own.
        assert_eq!(company.relation(UserId(10), UserId(21)), Relation::Team);
        assert_eq!(company.on_behalf_of(UserId(10), UserId(21)), None);
        // 20 stands in for 10, whose team has 20 in it, and 10 is not in it.
        assert_eq!(company.relation(UserId(20), UserId(20)), Relation::Own);
        assert_eq!(company.relation(UserId(20), UserId(10)), Relation::Stranger);
        // An employee cannot stand in.
        assert_eq!(company.relation(UserId(21), UserId(20)), Relation::Stranger);
        let decides_for = |id| company.decides_for(company.person(UserId(id)).unwrap());
        assert_eq!(decides_for(40), [UserId(10), UserId(21), UserId(30)]);
        assert_eq!(decides_for(20), [UserId(21)]);
        assert_eq!(decides_for(10), [UserId(20), UserId(21)]);
    }

    #[test]
    fn a_delegation_does_not_pass_on() {
        // 40 stands in for 20, and 30, made a manager, for 40.
        let mut people: Vec<Person> = company().people().map(|person| (**person).clone()).collect();
        people.iter_mut().filter(|person| person.id == UserId(30)).for_each(|p| p.role = Role::Manager);
        let departments =
            vec![department(1, None, Some(10)), department(2, Some(1), Some(20)), department(3, None, None)];
        let company = Directory::new(people, departments)
            .with_delegations([(UserId(20), UserId(40)), (UserId(40), UserId(30))]);
        assert_eq!(company.relation(UserId(40), UserId(21)), Relation::Delegated);
        assert_eq!(company.relation(UserId(30), UserId(21)), Relation::Stranger);
        assert!(company.decides_for(company.person(UserId(30)).unwrap()).is_empty());
    }

    #[test]
    fn of_several_managers_the_one_whose_turn_it_is_is_named() {
        let company = company().with_delegations([(UserId(10), UserId(40)), (UserId(20), UserId(40))]);
        assert_eq!(company.on_behalf_of(UserId(40), UserId(21)), Some(UserId(20)));
        assert_eq!(company.on_behalf_of(UserId(40), UserId(20)), Some(UserId(10)));
    }

    #[test]
    fn a_path_reads_from_the_root() {
        assert_eq!(company().path(DepartmentId(2)), ["Department 1", "Department 2"]);
    }
}
