//! Which rows of the queue are asked for, and in which order.

use kpi_api::{
    approvals::QueueReason,
    id::{DepartmentId, UserId},
    kpi::Status,
    permission::Role,
};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{CaseStatement, Expr, ExprTrait, Func, IntoColumnRef, Query, SimpleExpr},
};
use serde::Deserialize;

use crate::{
    auth::actor::Actor,
    entity::{kpi, kpi_history},
    kpi::{
        convert::Now,
        filter::{Filter, Sort, SortColumn, Window, delegated_to, team_of},
    },
    people::directory::Directory,
    platform::{
        failure::{Failure, Outcome},
        paging::{Paging, Way, sort},
    },
};

/// The longest text to search for.
const LONGEST: usize = 100;

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// Only what waits for the caller first, or for somebody in whose place they decide; otherwise all they may decide.
    pub mine: Option<bool>,
    #[param(inline)]
    pub reason: Option<QueueReason>,
    /// This department and those below it.
    pub department_id: Option<i64>,
    /// Text in title, tags or the owner's name.
    pub q: Option<String>,
    /// `waiting_since` (the default: who has waited longest comes first) or `score`; `-` in front for downwards.
    pub sort: Option<String>,
    pub page: Option<u32>,
    pub per_page: Option<u32>,
}

impl QueueQuery {
    pub fn window(&self) -> Outcome<Window> {
        let paging = Paging::read(self.page, self.per_page)?;
        let offered = [("waiting_since", SortColumn::SubmittedAt), ("score", SortColumn::Score)];
        let (column, way) = sort(self.sort.as_deref(), &offered, (SortColumn::SubmittedAt, Way::Up))?;
        Ok(Window { paging, sort: Sort { column, descending: way == Way::Down } })
    }

    /// What waits for a decision that the actor may take, as far as it is asked for.
    pub fn condition(&self, actor: &Actor, directory: &Directory, now: Now) -> Outcome<Condition> {
        let q = self.q.as_deref().map(str::trim).filter(|q| !q.is_empty()).map(str::to_lowercase);
        if q.as_ref().is_some_and(|q| q.chars().count() > LONGEST) {
            return Err(Failure::field("q", "too_long", format!("At most {LONGEST} characters.")));
        }
        let waiting = [Status::Submitted.as_str(), Status::InReview.as_str()];
        let mut all = Condition::all().add(kpi::Column::Status.is_in(waiting)).add(decidable(
            actor,
            directory,
            self.mine.unwrap_or(false),
        ));
        if let Some(id) = self.department_id {
            let within = Filter { department_id: Some(DepartmentId(id)), ..Filter::default() };
            all = all.add(within.condition(directory, now));
        }
        if let Some(reason) = self.reason {
            all = all.add(because(reason));
        }
        if let Some(q) = q {
            let owners: Vec<i64> = directory
                .people()
                .filter(|person| person.full_name.to_lowercase().contains(&q))
                .map(|person| person.id.0)
                .collect();
            let text = Filter { q: Some(q), ..Filter::default() }.condition(directory, now);
            all = all.add(Condition::any().add(text).add(kpi::Column::UserId.is_in(owners)));
        }
        Ok(all)
    }
}

/// Whose KPIs somebody may decide: their team's, that of those in whose place they decide, administrators everybody's;
/// never their own.
fn decidable(actor: &Actor, directory: &Directory, mine: bool) -> Condition {
    let all = Condition::all().add(kpi::Column::UserId.ne(actor.id().0));
    if mine {
        let owners: Vec<UserId> = directory.decides_for(&actor.person);
        return all.add(kpi::Column::UserId.is_in(owners.into_iter().map(|id| id.0)));
    }
    if actor.role() == Role::Admin {
        return all;
    }
    let teams = [team_of(directory, actor.id()), delegated_to(directory, actor.id())];
    // Nobody's KPIs where there is no team: an empty condition would be everybody's.
    let nobody = Condition::any().add(kpi::Column::Id.is_null());
    all.add(teams.into_iter().flatten().fold(nobody, Condition::add))
}

/// [`super::changes::reason`] as the database sees it.
fn because(reason: QueueReason) -> Condition {
    use kpi::Column as C;
    let submitted = Condition::all().add(C::Status.eq(Status::Submitted.as_str()));
    match reason {
        QueueReason::Result => Condition::all().add(C::Status.eq(Status::InReview.as_str())),
        QueueReason::Revised => submitted.add(C::IsRevision.eq(true)),
        QueueReason::Resubmitted => submitted.add(C::IsRevision.eq(false)).add(rejections().gt(0)),
        QueueReason::NewKpi => submitted.add(C::IsRevision.eq(false)).add(rejections().lte(0)),
    }
}

/// How often a KPI was rejected, rejections taken back left out.
fn rejections() -> SimpleExpr {
    use kpi_history::Column as H;
    let taken_back = Condition::all().add(H::Act.eq("undo")).add(H::FromStatus.eq(Status::Rejected.as_str()));
    let counted = CaseStatement::new().case(H::Act.eq("reject"), 1).case(taken_back, -1).finally(0);
    let sum = Func::coalesce([Func::sum(SimpleExpr::Case(Box::new(counted))).into(), Expr::value(0)]);
    let mut select = Query::select();
    select.expr(sum).from(kpi_history::Entity).and_where(
        Expr::col((kpi_history::Entity, H::KpiId)).equals((kpi::Entity, kpi::Column::Id).into_column_ref()),
    );
    SimpleExpr::SubQuery(None, Box::new(select.into()))
}
