//! What is asked for: people, quarter, and what their drafts begin with besides the template.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use kpi_api::{
    id::{DepartmentId, UserId},
    kpi::KpiPatch,
    patch::Patch,
    permission::Role,
    template::assign::{AssignBody, PersonOverride},
    time::Period,
};
use yew::prelude::*;

#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    pub department_id: Option<DepartmentId>,
    pub with_below: bool,
    pub role: Option<Role>,
    /// People named besides those of the department.
    pub people: Vec<UserId>,
    pub period: Period,
    pub target: Option<f64>,
    pub weight: Option<f64>,
    pub left_out: BTreeSet<UserId>,
    /// Targets of single people.
    pub targets: BTreeMap<UserId, f64>,
}

/// A step towards what is wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Department(Option<DepartmentId>),
    WithBelow(bool),
    Role(Option<Role>),
    Name(UserId),
    Period(Period),
    Target(Option<f64>),
    Weight(Option<f64>),
    /// Whether somebody gets one after all.
    Include(UserId, bool),
    TargetOf(UserId, Option<f64>),
}

impl Wanted {
    pub fn new(department_id: Option<DepartmentId>, role: Option<Role>, period: Period) -> Self {
        Self {
            department_id,
            with_below: true,
            role,
            people: Vec::new(),
            period,
            target: None,
            weight: None,
            left_out: BTreeSet::new(),
            targets: BTreeMap::new(),
        }
    }

    fn step(&self, step: Step) -> Self {
        let mut next = self.clone();
        match step {
            Step::Department(id) => next.department_id = id,
            Step::WithBelow(with) => next.with_below = with,
            Step::Role(role) => next.role = role,
            Step::Name(id) => {
                next.left_out.remove(&id);
                if !next.people.contains(&id) {
                    next.people.push(id);
                }
            }
            Step::Period(period) => next.period = period,
            Step::Target(target) => next.target = target,
            Step::Weight(weight) => next.weight = weight,
            Step::Include(id, true) => drop(next.left_out.remove(&id)),
            Step::Include(id, false) => drop(next.left_out.insert(id)),
            Step::TargetOf(id, target) => {
                match target {
                    Some(target) => next.targets.insert(id, target),
                    None => next.targets.remove(&id),
                };
            }
        }
        next
    }

    /// The request; `None` while nobody is asked for.
    pub fn body(&self) -> Option<AssignBody> {
        if self.department_id.is_none() && self.people.is_empty() {
            return None;
        }
        let target = |target: Option<f64>| target.map_or(Patch::Keep, Patch::Set);
        let single: BTreeSet<UserId> = self.left_out.iter().chain(self.targets.keys()).copied().collect();
        let people = single.into_iter().map(|user_id| PersonOverride {
            user_id,
            leave_out: self.left_out.contains(&user_id),
            overrides: KpiPatch {
                target: target(self.targets.get(&user_id).copied()),
                ..KpiPatch::default()
            },
        });
        Some(AssignBody {
            user_ids: self.people.clone(),
            department_id: self.department_id,
            with_below: self.with_below,
            role: self.role,
            year: self.period.year,
            quarter: self.period.quarter,
            overrides: KpiPatch { target: target(self.target), weight: self.weight, ..KpiPatch::default() },
            people: people.collect(),
        })
    }
}

impl Reducible for Wanted {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        Rc::new(self.step(step))
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::time::Quarter;

    use super::*;

    const ANNA: UserId = UserId(4);

    fn after(steps: impl IntoIterator<Item = Step>) -> Wanted {
        let begin = Wanted::new(None, None, Period::new(2026, Quarter::Q3));
        steps.into_iter().fold(begin, |wanted, step| wanted.step(step))
    }

    #[test]
    fn nothing_is_asked_while_nobody_is_named() {
        assert_eq!(after([Step::Target(Some(3.0))]).body(), None);
        let body = after([Step::Name(ANNA), Step::Name(ANNA)]).body().unwrap();
        assert_eq!((body.user_ids, body.people.len()), (vec![ANNA], 0));
    }

    #[test]
    fn single_people_are_left_out_or_get_another_target() {
        let steps = [
            Step::Department(Some(DepartmentId(2))),
            Step::TargetOf(ANNA, Some(9.0)),
            Step::Include(ANNA, false),
        ];
        let body = after(steps.clone()).body().unwrap();
        assert_eq!((body.people[0].user_id, body.people[0].leave_out), (ANNA, true));
        assert_eq!(body.people[0].overrides.target, Patch::Set(9.0));
        assert!(body.check().is_ok());
        let again = after(steps.into_iter().chain([Step::Include(ANNA, true), Step::TargetOf(ANNA, None)]));
        assert!(again.body().unwrap().people.is_empty());
    }

    #[test]
    fn naming_somebody_who_was_left_out_takes_them_in_again() {
        let body = after([Step::Name(ANNA), Step::Include(ANNA, false), Step::Name(ANNA)]).body().unwrap();
        assert!(body.people.is_empty());
    }
}
