//! Figures of everybody's quarters, in memory. After a KPI has changed, only its owner's quarter is counted again, so that
//! a dashboard costs the same however many KPIs there are and however often others record values.

use std::{
    collections::HashMap,
    ops::RangeInclusive,
    sync::{Mutex, MutexGuard, PoisonError},
};

use kpi_api::{
    id::{DepartmentId, UserId},
    kpi::Status,
    time::{Date, Period, Quarter as PeriodQuarter},
};
use sea_orm::{ColumnTrait, Condition};

use super::{
    convert::Now,
    filter::{Filter, answered_for},
    stats::{self, Group, Sums},
};
use crate::{
    app::Ctx,
    auth::actor::Actor,
    entity::kpi,
    people::directory::Directory,
    periods,
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
    /// What was asked about many people, until somebody's figures change.
    answers: HashMap<Question, Answer>,
}

/// Questions about so few people are answered anew each time.
const FEW: usize = 16;

/// Answers kept for a quarter.
const KEPT: usize = 128;

/// A question about more quarters is the database's.
const MOST_QUARTERS: i64 = 40;

/// Whose KPIs a question is about, and of which departments.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// Sorted; `None` is everybody.
    owners: Option<Vec<i64>>,
    /// Sorted; `None` is the whole company.
    departments: Option<Vec<i64>>,
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
        owners.as_mut().into_iter().for_each(|owners| owners.sort_unstable());
        Self { owners, departments: departments(directory, department) }
    }

    fn is_about(&self, group: &Group) -> bool {
        match (&self.departments, group.department) {
            (None, _) => true,
            (Some(wanted), Some(id)) => wanted.binary_search(&id).is_ok(),
            (Some(_), None) => false,
        }
    }

    fn is_about_few(&self) -> bool {
        self.owners.as_ref().is_some_and(|owners| owners.len() <= FEW)
    }
}

/// A department and those below it.
fn departments(directory: &Directory, department: Option<DepartmentId>) -> Option<Vec<i64>> {
    let mut ids: Vec<i64> = directory.subtree(department?).into_iter().map(|id| id.0).collect();
    ids.sort_unstable();
    Some(ids)
}

/// What a question comes to in one quarter.
#[derive(Clone)]
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

/// The groups of all KPIs that a filter lets through, whoever owns them; `None` when it asks for what is not counted
/// here.
pub async fn filtered(ctx: &Ctx, filter: &Filter, now: Now) -> Outcome<Option<Vec<Group>>> {
    let is_beyond = filter.template_id.is_some()
        || filter.category.is_some()
        || filter.flagged.is_some()
        || filter.q.is_some();
    if is_beyond {
        return Ok(None);
    }
    let quarters = match (filter.year, filter.quarter) {
        (Some(year), Some(quarter)) => {
            let number = periods::number(Period::new(year, quarter));
            number..=number
        }
        (Some(year), None) => {
            let first = periods::number(Period::new(year, PeriodQuarter::Q1));
            first..=first + 3
        }
        (None, Some(_)) => return Ok(None),
        (None, None) => match stats::quarters(ctx.db.read()).await? {
            Some(all) => all,
            None => return Ok(Some(Vec::new())),
        },
    };
    if quarters.end() - quarters.start() >= MOST_QUARTERS {
        return Ok(None);
    }
    let question = Question {
        owners: filter.user_id.map(|id| vec![id.0]),
        departments: departments(&*ctx.directory().await?, filter.department_id),
    };
    let lets_through = |group: &Group| {
        (filter.statuses.is_empty() || filter.statuses.contains(&group.status))
            && filter.band.is_none_or(|band| band == group.band)
            && filter.pace.is_none_or(|pace| pace == group.pace)
    };
    let answers = answers(ctx, &question, quarters, now).await?;
    Ok(Some(answers.into_iter().flat_map(|answer| answer.groups).filter(lets_through).collect()))
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
        if question.is_about_few() {
            return self.count(question);
        }
        if let Some(known) = self.answers.get(question) {
            return known.clone();
        }
        let answer = self.count(question);
        if self.answers.len() >= KEPT {
            self.answers.clear();
        }
        self.answers.insert(question.clone(), answer.clone());
        answer
    }

    fn count(&self, question: &Question) -> Answer {
        match &question.owners {
            None => count(question, self.people.values()),
            Some(owners) => count(question, owners.iter().filter_map(|id| self.people.get(id))),
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
            quarter.answers.clear();
            quarter.generation = generation;
        }
        // It was thrown away meanwhile; the next question counts it all.
        (None, Some(_)) => {}
        (_, None) => {
            let people = counted.by_ref().collect();
            let answers = HashMap::new();
            tallies.insert(number, Quarter { generation, today: now.today, people, answers });
        }
    }
    Ok(())
}
