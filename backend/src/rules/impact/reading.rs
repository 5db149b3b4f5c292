//! KPIs with what rules look at, many at a time, out of one snapshot of the database.

use std::collections::HashMap;

use kpi_api::{
    id::{DepartmentId, KpiId, UserId},
    kpi::Status,
    rule_effects::KpiBrief,
    scoring::RuleKind,
    user::PersonRef,
};
use kpi_engine::Event;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::Candidate;
use crate::{
    app::Ctx,
    entity::{check_in, kpi},
    kpi::{
        around::Around,
        convert::word,
        repo,
        scoring::{Occasion, Scene, Subject},
    },
    people::directory::Directory,
    periods,
    platform::failure::Outcome,
    rules::shelf::{Looks, Scope},
};

/// KPIs read at a time.
pub const BATCH: u64 = 1000;

/// A KPI with what it is asked about.
pub struct Asking {
    pub row: kpi::Model,
    pub subject: Subject,
    pub occasion: Occasion,
}

/// Which KPIs are read and what of them.
pub struct Reader<'c> {
    ctx: &'c Ctx,
    kind: RuleKind,
    /// What the rules of the kind look at, as they are and as they would be.
    looks: Looks,
    matching: Condition,
    scene: Scene,
    /// Weights of everybody's quarters, where validation rules look at them.
    weights: HashMap<(i64, i64), f64>,
}

impl<'c> Reader<'c> {
    /// Those that may be in the candidate's scope, of some quarters where these are given.
    pub async fn new(
        ctx: &'c Ctx,
        db: &impl ConnectionTrait,
        candidate: &Candidate,
        scene: Scene,
        periods: Option<&[i64]>,
    ) -> Outcome<Self> {
        let mut matching = Condition::all();
        if let Some(periods) = periods {
            matching = matching.add(kpi::Column::Period.is_in(periods.iter().copied()));
        }
        matching = match candidate.scope {
            Scope::Global => matching,
            Scope::Template(id) => matching.add(kpi::Column::TemplateId.eq(id.0)),
            Scope::Department(id) => {
                let below = scene.directory.subtree(id);
                matching.add(kpi::Column::DepartmentId.is_in(below.into_iter().map(|id| id.0)))
            }
        };
        if candidate.kind == RuleKind::Remind {
            matching = matching.add(kpi::Column::Status.ne(Status::Closed.as_str()));
        }
        let weights = match candidate.kind {
            RuleKind::Validate => weights(db).await?,
            RuleKind::Score | RuleKind::Remind => HashMap::new(),
        };
        let looks = candidate.before.looks(candidate.kind).and(candidate.after.looks(candidate.kind));
        Ok(Self { ctx, kind: candidate.kind, looks, matching, scene, weights })
    }

    pub async fn count(&self, db: &impl ConnectionTrait) -> Outcome<u64> {
        Ok(kpi::Entity::find().filter(self.matching.clone()).count(db).await?)
    }

    /// The next ones behind an id, in the order of their ids.
    pub async fn read(&self, db: &impl ConnectionTrait, after: i64) -> Outcome<Vec<Asking>> {
        let rows = kpi::Entity::find()
            .filter(self.matching.clone())
            .filter(kpi::Column::Id.gt(after))
            .order_by_asc(kpi::Column::Id)
            .limit(BATCH)
            .all(db)
            .await?;
        self.completed(db, rows).await
    }

    /// Rows with their check-ins and what else rules of the kind are told.
    pub async fn completed(&self, db: &impl ConnectionTrait, rows: Vec<kpi::Model>) -> Outcome<Vec<Asking>> {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut check_ins: HashMap<i64, Vec<check_in::Model>> = HashMap::new();
        for row in repo::valid_check_ins_of(db, &ids).await? {
            check_ins.entry(row.kpi_id).or_default().push(row);
        }
        let mut around = Around::of(self.ctx, db, &rows, self.looks).await?;
        rows.into_iter()
            .map(|row| {
                let check_ins = check_ins.remove(&row.id).unwrap_or_default();
                let mut subject = Subject::stored(&row, &check_ins, &self.scene.zone)?;
                around.tell(&mut subject);
                Ok(Asking { occasion: self.occasion(&row)?, row, subject })
            })
            .collect()
    }

    /// Scores are asked for as always, reminders as by today's round, validation as if the KPI were handed in now.
    fn occasion(&self, row: &kpi::Model) -> Outcome<Occasion> {
        let status: Status = word(&row.status)?;
        let event = match (self.kind, status) {
            (RuleKind::Score, _) => Event::Preview,
            (RuleKind::Remind, _) => Event::Schedule,
            (RuleKind::Validate, Status::Draft | Status::Submitted | Status::Rejected) => Event::Submit,
            (RuleKind::Validate, Status::Approved | Status::InReview | Status::Closed) => Event::SubmitResult,
        };
        let validating = self.kind == RuleKind::Validate;
        let others = || self.weights.get(&(row.user_id, row.period)).copied().unwrap_or(0.0);
        // Rejected ones do not count in their quarter, but are handed in again with it.
        let own = if status == Status::Rejected { row.weight } else { 0.0 };
        Ok(Occasion {
            event,
            actor: validating.then_some(UserId(row.user_id)),
            period_weight: validating.then(|| others() + own),
        })
    }
}

/// Sum of the weights of everybody's quarters, by person and number of the quarter; rejected ones do not count.
async fn weights(db: &impl ConnectionTrait) -> Outcome<HashMap<(i64, i64), f64>> {
    use kpi::Column as C;
    let sums: Vec<(i64, i64, f64)> = kpi::Entity::find()
        .select_only()
        .columns([C::UserId, C::Period])
        .column_as(C::Weight.sum(), "weight")
        .filter(C::Status.ne(Status::Rejected.as_str()))
        .group_by(C::UserId)
        .group_by(C::Period)
        .into_tuple()
        .all(db)
        .await?;
    Ok(sums.into_iter().map(|(owner, period, weight)| ((owner, period), weight)).collect())
}

/// A KPI as lists of effects name it.
pub fn brief(row: &kpi::Model, directory: &Directory) -> Outcome<KpiBrief> {
    let period = periods::from_number(row.period);
    let owner = UserId(row.user_id);
    Ok(KpiBrief {
        id: KpiId(row.id),
        title: row.title.clone(),
        owner: PersonRef { id: owner, full_name: directory.name(owner) },
        department_name: row.department_id.and_then(|id| directory.department_name(DepartmentId(id))),
        year: period.year,
        quarter: period.quarter,
        status: word(&row.status)?,
    })
}
