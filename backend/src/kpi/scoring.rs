//! What the rules are told about a KPI, and what becomes of their answer.

use std::{collections::HashSet, sync::Arc};

use jiff::tz::TimeZone;
use kpi_api::{
    id::{DepartmentId, TemplateId, UserId},
    kpi::KpiNew,
    scoring::{Band, Finding, Receipt},
    template::EvidenceContract,
    time::{Date, Period, Timestamp},
};
use kpi_engine::{
    CheckInFacts, ContextFacts, DepartmentFacts, Engine, Event, KpiFacts, PersonFacts, QuarterFacts,
    SettingsFacts, TemplateFacts,
};

use super::{
    convert::{self, Now},
    earlier::Earlier,
};
use crate::{
    admin::settings::Settings,
    app::Ctx,
    entity::{check_in, kpi},
    people::directory::Directory,
    periods,
    platform::{
        clock::date_in,
        failure::{Failure, Outcome},
    },
    rules::{
        run::{self, Place},
        shelf::Shelf,
    },
};

/// Everything around a KPI that its rules may look at. The same scene gives the same scores.
#[derive(Clone)]
pub struct Scene {
    pub directory: Arc<Directory>,
    pub settings: Arc<Settings>,
    /// Quarters that take no values any more.
    pub closed: Arc<HashSet<i64>>,
    pub today: Date,
    /// First month of the fiscal year, 1 to 12.
    pub first_month: u8,
    /// The company's, in which days are counted.
    pub zone: TimeZone,
}

impl Scene {
    pub async fn now(ctx: &Ctx) -> Outcome<Self> {
        Ok(Self {
            directory: ctx.directory().await?,
            settings: ctx.settings().await?,
            closed: ctx.closed_periods().await?,
            today: ctx.today(),
            first_month: ctx.config.fiscal_year_start,
            zone: ctx.clock.zone().clone(),
        })
    }

    pub fn time(&self) -> Now {
        Now { today: self.today, first_month: self.first_month }
    }
}

/// What is looked at: a stored KPI, or one as typed.
#[derive(Clone)]
pub struct Subject {
    pub id: Option<i64>,
    pub definition: KpiNew,
    pub owner: UserId,
    pub department: Option<DepartmentId>,
    pub template: Option<TemplateId>,
    pub template_name: String,
    pub evidence: EvidenceContract,
    /// The files that are there; only told where a rule looks at them.
    pub attached: kpi_engine::EvidenceFacts,
    pub status: String,
    /// Stands in for the check-ins.
    pub current: Option<f64>,
    pub check_ins: Vec<CheckInFacts>,
    /// The one being recorded just now.
    pub check_in: Option<CheckInFacts>,
    /// What the same measure came to before, newest first; only told where a rule looks at it.
    pub earlier: Vec<Earlier>,
    /// Days between two check-ins, where the template says so.
    pub check_in_days: Option<i64>,
    pub created: Option<Date>,
    pub updated: Option<Date>,
    pub submitted: Option<Date>,
    pub approved: Option<Date>,
    /// Why it was rejected or returned, until it is handed in again.
    pub returned: Option<String>,
}

impl Subject {
    /// A stored KPI with its check-ins; corrected ones are left out. What was done when is told by its day in the
    /// company's zone. What is around it, [`super::around::Around`] tells.
    pub fn stored(kpi: &kpi::Model, check_ins: &[check_in::Model], zone: &TimeZone) -> Outcome<Self> {
        let date = |at: Option<i64>| at.map(|at| date_in(zone, Timestamp(at)));
        Ok(Self {
            id: Some(kpi.id),
            definition: convert::definition(kpi)?,
            owner: UserId(kpi.user_id),
            department: kpi.department_id.map(DepartmentId),
            template: kpi.template_id.map(TemplateId),
            template_name: String::new(),
            evidence: serde_json::from_str(&kpi.evidence)?,
            attached: kpi_engine::EvidenceFacts::default(),
            status: kpi.status.clone(),
            current: None,
            check_ins: check_ins
                .iter()
                .filter(|row| row.replaced_by_id.is_none())
                .map(fact)
                .collect::<Outcome<_>>()?,
            check_in: None,
            earlier: Vec::new(),
            check_in_days: kpi.check_in_days,
            created: date(Some(kpi.created_at)),
            updated: date(Some(kpi.updated_at)),
            submitted: date(kpi.submitted_at),
            approved: date(kpi.approved_at),
            returned: kpi.returned_reason.clone(),
        })
    }
}

/// A recorded value as rules see it.
pub fn fact(row: &check_in::Model) -> Outcome<CheckInFacts> {
    Ok(CheckInFacts {
        on: convert::date_of(&row.on_date)?,
        value: row.value,
        note: row.note.clone(),
        confidence: row.confidence.map(|confidence| confidence as u8),
    })
}

/// Where a KPI stands: what is stored beside its definition after every value.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub current_value: Option<f64>,
    /// 1 is "target met"; not clamped.
    pub attainment: Option<f64>,
    /// 0 to 100.
    pub progress: Option<f64>,
    pub score: Option<f64>,
    pub band: Band,
    pub receipt: Receipt,
}

impl Standing {
    pub fn store(&self, row: &mut kpi::Model) -> Outcome<()> {
        row.current_value = self.current_value;
        row.attainment = self.attainment;
        row.progress = self.progress;
        row.score = self.score;
        row.band = self.band.to_string();
        // Without a score nothing stands there that an older version could have made.
        row.is_flagged = self.score.is_some() && self.receipt.trouble.is_some();
        row.receipt = Some(serde_json::to_string(&self.receipt)?);
        Ok(())
    }
}

/// Scores a stored KPI. Pure CPU: keep it off the async threads for more than a few.
pub fn score(
    engine: &Engine,
    shelf: &Shelf,
    scene: &Scene,
    kpi: &kpi::Model,
    check_ins: &[check_in::Model],
) -> Outcome<Standing> {
    score_subject(engine, shelf, scene, Subject::stored(kpi, check_ins, &scene.zone)?)
}

pub fn score_subject(engine: &Engine, shelf: &Shelf, scene: &Scene, subject: Subject) -> Outcome<Standing> {
    let (place, facts, ctx) = told(scene, subject, Event::Preview, None, None)?;
    let scoring = run::score(engine, shelf, &scene.directory, place, &facts, &ctx)?;
    Ok(Standing {
        current_value: scoring.current_value,
        attainment: scoring.receipt.attainment,
        progress: scoring.receipt.progress_percentage,
        score: scoring.receipt.score,
        band: scoring.receipt.band,
        receipt: scoring.receipt,
    })
}

/// What a validation is about, besides the KPI.
pub struct Occasion {
    pub event: Event,
    pub actor: Option<UserId>,
    /// Sum of the weights of the person's quarter with this KPI in it, in percent.
    pub period_weight: Option<f64>,
}

pub fn validate(
    engine: &Engine,
    shelf: &Shelf,
    scene: &Scene,
    subject: Subject,
    occasion: &Occasion,
) -> Outcome<Vec<Finding>> {
    let (place, facts, ctx) = told(scene, subject, occasion.event, occasion.actor, occasion.period_weight)?;
    run::validate(engine, shelf, &scene.directory, place, &facts, &ctx)
}

/// Runs rules. Away from the async threads, where a bad one may take its whole time limit; in place as long as these
/// rules have shown to be quick, because moving there and back costs more than they do.
pub async fn run_rules<T: Send + 'static>(
    ctx: &Ctx,
    work: impl FnOnce(&Engine, &Shelf) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let shelf = ctx.rules().await?;
    if shelf.is_quick() {
        return shelf.timed(|| work(&ctx.engine, &shelf));
    }
    let engine = Arc::clone(&ctx.engine);
    let done = tokio::task::spawn_blocking(move || shelf.timed(|| work(&engine, &shelf))).await;
    done.map_err(|panic| anyhow::anyhow!("running a rule: {panic}"))?
}

/// A KPI and its surroundings as a rule is told of them, and where it stands among the rules.
pub fn told(
    scene: &Scene,
    subject: Subject,
    event: Event,
    actor: Option<UserId>,
    period_weight: Option<f64>,
) -> Outcome<(Place, KpiFacts, ContextFacts)> {
    let kpi = subject.definition;
    let period = Period::new(kpi.year, kpi.quarter);
    let (start, end) = period
        .bounds(scene.first_month)
        .ok_or_else(|| Failure::field("year", "out_of_range", "There is no such year."))?;
    let place =
        Place { template: subject.template, department: subject.department, period: periods::number(period) };
    let evidence = kpi_engine::EvidenceContract {
        count: subject.evidence.count,
        kinds: subject.evidence.kinds,
        max_age_days: subject.evidence.max_age_days,
    };
    let facts = KpiFacts {
        id: subject.id,
        title: kpi.title,
        description: kpi.description,
        category: kpi.category.to_string(),
        year: kpi.year,
        quarter: kpi.quarter,
        status: subject.status,
        kind: kpi.kind,
        unit: kpi.unit,
        decimals: kpi.decimals,
        direction: kpi.direction,
        baseline: kpi.baseline,
        target: kpi.target,
        stretch: kpi.stretch,
        lower: kpi.lower,
        upper: kpi.upper,
        rollup: kpi.rollup,
        weight: kpi.weight,
        cap: kpi.cap,
        current: subject.current,
        milestones: kpi.milestones,
        tags: kpi.tags,
        custom: kpi.custom_fields,
        owner: person(&scene.directory, subject.owner),
        template: subject.template.map(|id| TemplateFacts {
            id: id.0,
            name: subject.template_name,
            evidence,
        }),
        parent_id: kpi.parent_id.map(|id| id.0),
        start,
        end,
        due: kpi.due_date,
        evidence: subject.attached,
        check_ins: subject.check_ins,
        check_in_days: subject
            .check_in_days
            .and_then(|days| u16::try_from(days).ok())
            .unwrap_or(scene.settings.check_in_days),
        created: subject.created,
        updated: subject.updated,
        submitted: subject.submitted,
        approved: subject.approved,
        returned: subject.returned,
    };
    let ctx = ContextFacts {
        today: scene.today,
        event,
        actor: actor.map(|id| person(&scene.directory, id)),
        previous: subject
            .earlier
            .iter()
            .find(|earlier| earlier.period == period.previous())
            .map(Earlier::fact),
        earlier: subject.earlier.iter().map(Earlier::fact).collect(),
        quarter: QuarterFacts {
            start,
            end,
            elapsed: period.elapsed(scene.today, scene.first_month),
            days_left: (end - scene.today).whole_days(),
            closed: scene.closed.contains(&place.period),
        },
        settings: SettingsFacts { bands: scene.settings.bands, cap: scene.settings.cap },
        department: subject.department.and_then(|id| {
            Some(DepartmentFacts {
                id: id.0,
                name: scene.directory.department_name(id)?,
                path: scene.directory.path(id).join(" / "),
            })
        }),
        period_weight,
        check_in: subject.check_in,
    };
    Ok((place, facts, ctx))
}

fn person(directory: &Directory, id: UserId) -> PersonFacts {
    let Some(person) = directory.person(id) else {
        return PersonFacts { id: id.0, ..PersonFacts::default() };
    };
    PersonFacts {
        id: id.0,
        name: person.full_name.clone(),
        role: person.role.to_string(),
        department: person.department_id.and_then(|id| directory.department_name(id)),
        position: Some(person.position.clone()).filter(|position| !position.is_empty()),
    }
}
