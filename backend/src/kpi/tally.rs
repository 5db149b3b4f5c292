//! Figures of everybody's quarters, in memory. After a KPI has changed, only its owner's quarter is counted again, so that
//! a dashboard costs the same however many KPIs there are and however often others record values.

use std::{
    collections::{HashMap, HashSet},
    ops::RangeInclusive,
    sync::{Mutex, MutexGuard, PoisonError},
};

use kpi_api::{
    id::{DepartmentId, UserId},
    kpi::Status,
    time::Date,
};
use sea_orm::{ColumnTrait, Condition};

use super::{
    convert::Now,
    filter::answered_for,
    stats::{self, Group, Sums},
};
use crate::{
    app::Ctx,
    auth::actor::Actor,
    entity::kpi,
    people::directory::Directory,
    platform::{failure::Outcome, shares::Since},
};

/// The quarters that were asked for, by number.
#[derive(Default)]
pub struct Tallies(Mutex<HashMap<i64, Quarter>>);

/// A quarter as of a generation of its KPIs and of a day, on which the pace depends.
struct Quarter {
    generation: u64,
    today: Date,
    people: HashMap<i64, Box<[Group]>>,
    /// Everybody's figures by department and status, once somebody has asked for all of them.
    everybody: Option<Everybody>,
}

struct Everybody {
    owners: u64,
    groups: Vec<Group>,
}

/// Whose KPIs a question is about, and of which departments.
pub struct Question {
    /// `None` is everybody.
    owners: Option<Vec<i64>>,
    departments: Option<HashSet<DepartmentId>>,
}

impl Question {
    /// The KPIs that the actor answers for, of one owner or of a department and those below it where these are given.
    pub fn new(
        actor: &Actor,
        directory: &Directory,
        owner: Option<UserId>,
        department: Option<DepartmentId>,
    ) -> Self {
        let mut owners = answered_for(actor, directory);
        if let Some(UserId(id)) = owner {
            owners = Some(match owners {
                Some(all) if !all.contains(&id) => Vec::new(),
                _ => vec![id],
            });
        }
        Self { owners, departments: department.map(|id| directory.subtree(id)) }
    }

    fn is_about(&self, group: &Group) -> bool {
        match (&self.departments, group.department) {
            (None, _) => true,
            (Some(wanted), Some(id)) => wanted.contains(&DepartmentId(id)),
            (Some(_), None) => false,
        }
    }
}

/// What a question comes to in one quarter.
pub struct Answer {
    /// How many people own the KPIs counted.
    pub owners: u64,
    pub groups: Vec<Group>,
}

impl Answer {
    /// The sums of some of the groups, and how many of their KPIs are closed.
    pub fn total(&self, which: impl Fn(&Group) -> bool) -> (Sums, u64) {
        let (mut sums, mut closed) = (Sums::default(), 0);
        for group in self.groups.iter().filter(|group| which(group)) {
            sums.add(group.sums);
            if group.status == Status::Closed {
                closed += group.sums.total as u64;
            }
        }
        (sums, closed)
    }
}

/// The answers for some quarters, in their order.
pub async fn answers(
    ctx: &Ctx,
    question: &Question,
    quarters: RangeInclusive<i64>,
    now: Now,
) -> Outcome<Vec<Answer>> {
    for number in quarters.clone() {
        refresh(ctx, number, now).await?;
    }
    let mut tallies = ctx.tallies.lock();
    Ok(quarters
        .map(|number| tallies.get_mut(&number).map_or_else(Answer::none, |q| q.answer(question)))
        .collect())
}

impl Tallies {
    fn lock(&self) -> MutexGuard<'_, HashMap<i64, Quarter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answer {
    fn none() -> Self {
        Self { owners: 0, groups: Vec::new() }
    }
}

impl Quarter {
    fn answer(&mut self, question: &Question) -> Answer {
        match (&question.owners, &question.departments) {
            (None, None) => {
                let people = &self.people;
                let all = self.everybody.get_or_insert_with(|| Everybody {
                    owners: people.len() as u64,
                    groups: merged(people.values().flatten()),
                });
                Answer { owners: all.owners, groups: all.groups.clone() }
            }
            (None, Some(_)) => count(question, self.people.values()),
            (Some(owners), _) => count(question, owners.iter().filter_map(|id| self.people.get(id))),
        }
    }
}

fn count<'a>(question: &Question, people: impl Iterator<Item = &'a Box<[Group]>>) -> Answer {
    let mut owners = 0;
    let groups = people.flat_map(|groups| {
        let is_counted = groups.iter().any(|group| question.is_about(group));
        owners += u64::from(is_counted);
        groups.iter().filter(|group| question.is_about(group))
    });
    let groups = merged(groups);
    Answer { owners, groups }
}

/// One group for each department, status, band and pace, whoever the owner.
fn merged<'a>(groups: impl Iterator<Item = &'a Group>) -> Vec<Group> {
    let mut all: HashMap<_, Group> = HashMap::new();
    for group in groups {
        let key = (group.department, group.status, group.band, group.pace);
        all.entry(key).and_modify(|known| known.sums.add(group.sums)).or_insert(*group);
    }
    all.into_values().collect()
}

/// Brings a quarter up to the last commit that was answered.
async fn refresh(ctx: &Ctx, number: i64, now: Now) -> Outcome<()> {
    let seen = {
        let tallies = ctx.tallies.lock();
        tallies.get(&number).filter(|quarter| quarter.today == now.today).map(|quarter| quarter.generation)
    };
    // Asked before the rows are read: a change in between is read twice rather than missed.
    let (generation, owners) = match ctx.signals.shares_since(number, seen) {
        Since::Nothing => return Ok(()),
        Since::These { generation, owners } => (generation, Some(owners)),
        Since::Everything { generation } => (generation, None),
    };
    let mut matching = Condition::all().add(kpi::Column::Period.eq(number));
    if let Some(owners) = &owners {
        matching = matching.add(kpi::Column::UserId.is_in(owners.iter().copied()));
    }
    let mut counted: HashMap<i64, Vec<Group>> = HashMap::new();
    for (owner, group) in stats::groups_by_owner(ctx.db.read(), matching, now).await? {
        counted.entry(owner).or_default().push(group);
    }
    let mut counted = counted.into_iter().map(|(owner, groups)| (owner, groups.into_boxed_slice()));
    let mut tallies = ctx.tallies.lock();
    let known = tallies.get_mut(&number).filter(|quarter| quarter.today == now.today);
    match (known, owners) {
        // Somebody else has read what is newer.
        (Some(quarter), _) if quarter.generation >= generation => {}
        (Some(quarter), Some(owners)) => {
            owners.iter().for_each(|owner| {
                quarter.people.remove(owner);
            });
            quarter.people.extend(counted);
            quarter.everybody = None;
            quarter.generation = generation;
        }
        // It was thrown away meanwhile; the next question counts it all.
        (None, Some(_)) => {}
        (_, None) => {
            let people = counted.by_ref().collect();
            tallies.insert(number, Quarter { generation, today: now.today, people, everybody: None });
        }
    }
    Ok(())
}
