//! What a KPI as typed would score, and what the rules say to it. Nothing is stored.

use kpi_api::{
    id::KpiId,
    kpi::{Preview, PreviewBody},
    scoring::{Pace, RuleKind},
    time::Period,
};
use kpi_engine::{CheckInFacts, Event};

use super::{create::usable_template, custom, load, period_weight};
use crate::{
    auth::actor::Call,
    entity::kpi,
    kpi::{
        around::Around,
        convert, repo,
        scoring::{self, Occasion, Scene, Subject},
    },
    platform::failure::{Failure, Outcome},
};

pub async fn preview(call: &Call, body: PreviewBody) -> Outcome<Preview> {
    let db = call.ctx.db.read();
    let scene = Scene::now(&call.ctx).await?;
    let current = body.current_value;
    let typed = body.check_in_note.clone();
    let mut owner = body.user_id.unwrap_or(call.who.id());
    let (mut subject, mut stored_fields) = (None, None);
    let mut row = kpi::Model::default();
    if let Some(id) = body.id {
        let loaded = load(db, &call.who, &scene, id).await?;
        owner = kpi_api::id::UserId(loaded.row.user_id);
        let check_ins = repo::valid_check_ins(db, KpiId(loaded.row.id)).await?;
        let stored = Subject::stored(&loaded.row, &check_ins, &scene.zone)?;
        stored_fields = Some(convert::custom_definitions(&loaded.row)?);
        row = loaded.row;
        subject = Some(stored);
    } else if scene.directory.person(owner).is_none()
        || !call
            .who
            .may(kpi_api::permission::Capability::CreateKpi, scene.directory.relation(call.who.id(), owner))
    {
        return Err(Failure::field("user_id", "unknown", "There is no such person."));
    }
    let template = match (&subject, body.template_id) {
        (None, Some(id)) => Some(usable_template(db, &scene, owner, id).await?),
        _ => None,
    };
    let definition = body.definition(template.as_ref().map(|template| &template.fields));
    check_loosely(&definition)?;
    let missing = match &typed {
        None => {
            let fields = match (&stored_fields, &template) {
                (Some(fields), _) => fields.clone(),
                (None, Some(template)) => template.fields.custom_fields.clone().unwrap_or_default(),
                (None, None) => Vec::new(),
            };
            custom::findings(&fields, &definition.custom_fields)
        }
        // A value being recorded asks for no fields.
        Some(_) => Vec::new(),
    };
    let department = scene.directory.person(owner).and_then(|person| person.department_id);
    let period = Period::new(definition.year, definition.quarter);
    let mut subject = match subject {
        Some(stored) => Subject { definition, current, ..stored },
        None => Subject {
            id: None,
            template: definition.template_id,
            template_name: String::new(),
            evidence: template.and_then(|t| t.fields.evidence).unwrap_or_default(),
            attached: kpi_engine::EvidenceFacts::default(),
            definition,
            owner,
            department,
            status: kpi_api::kpi::Status::Draft.to_string(),
            current,
            check_ins: Vec::new(),
            check_in: None,
            earlier: Vec::new(),
            check_in_days: None,
            created: None,
            updated: None,
            submitted: None,
            approved: None,
            returned: None,
        },
    };
    // What is typed decides which earlier KPIs are of the same measure.
    convert::define(&mut row, &subject.definition)?;
    (row.user_id, row.template_id) = (owner.0, subject.template.map(|id| id.0));
    let rules = call.ctx.rules().await?;
    let looks = rules.looks(RuleKind::Score).and(rules.looks(RuleKind::Validate));
    Around::one(&call.ctx, db, &row, looks).await?.tell(&mut subject);
    let weight = period_weight(db, &subject).await?;
    let mut occasion = Occasion { event: Event::Preview, actor: Some(call.who.id()), period_weight: weight };
    let subject = match typed {
        None => subject,
        Some(note) => {
            occasion = Occasion { event: Event::CheckIn, period_weight: None, ..occasion };
            let value = subject.current.unwrap_or_default();
            let typed = CheckInFacts { on: scene.today, value, note, confidence: None };
            Subject { check_in: Some(typed), ..subject }
        }
    };
    let elapsed = period.elapsed(scene.today, scene.first_month);
    scoring::run_rules(&call.ctx, move |engine, shelf| {
        let copy = subject.clone();
        let mut findings = scoring::validate(engine, shelf, &scene, copy, &occasion)?;
        findings.extend(missing);
        let standing = scoring::score_subject(engine, shelf, &scene, subject)?;
        Ok(Preview {
            score: standing.score,
            band: standing.band,
            pace: Pace::of(standing.attainment, elapsed),
            progress_percentage: standing.progress,
            receipt: standing.receipt,
            findings,
        })
    })
    .await
}

/// A form is previewed while it is being filled in: what is still missing is for the findings, not for a refusal.
fn check_loosely(definition: &kpi_api::kpi::KpiNew) -> Outcome<()> {
    let errors = definition.check().err().unwrap_or_default();
    let errors: Vec<_> = errors.into_iter().filter(|error| error.code != "required").collect();
    if errors.is_empty() { Ok(()) } else { Err(Failure::invalid(errors)) }
}
