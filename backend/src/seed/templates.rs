//! Templates for the patterns, all extending one for the whole company; two teams override a field.

use std::collections::HashMap;

use kpi_api::{
    id::TemplateId,
    kpi::{Category, KpiNew},
    permission::Role,
    scoring::Kind,
    template::{CustomField, CustomKind, TemplateFields},
    time::Quarter,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
};

use super::{
    catalogue::{Draw, PATTERNS, Pattern, at},
    company::{Area, Company},
    definition::{REGIONS, measured, rounded},
    evidence,
};
use crate::{
    entity::template,
    platform::{db::work::Work, failure::Outcome},
    templates::versions,
};

pub struct Templates {
    pub rows: Vec<template::Model>,
    /// Id of the template by pattern.
    pub by_pattern: HashMap<usize, i64>,
}

const STANDARD: i64 = 1;

/// Templates of the company, made at an instant.
pub fn make(company: &Company, made_at: i64) -> Outcome<Templates> {
    let mut all = Templates { rows: Vec::new(), by_pattern: HashMap::new() };
    let standard = TemplateFields {
        category: Some(Category::Goal),
        weight: Some(20.0),
        check_in_days: Some(14),
        ..TemplateFields::default()
    };
    let row = |name: &str, description: &str| template::Model {
        id: 0,
        name: name.to_owned(),
        description: description.to_owned(),
        role: None,
        department_id: None,
        extends_id: Some(STANDARD),
        is_active: true,
        fields: String::new(),
        created_at: made_at,
        updated_at: made_at,
        version: 1,
    };
    let whole = template::Model { extends_id: None, ..row("Company standard", "What all KPIs start from.") };
    all.push(whole, &standard)?;
    for (index, pattern) in PATTERNS.iter().enumerate() {
        let is_board = pattern.area == Some(Area::Board);
        let entry = template::Model {
            department_id: pattern.area.filter(|_| !is_board).and_then(|area| company.home_of(area)),
            role: is_board.then(|| Role::Manager.as_str().to_owned()),
            ..row(pattern.title, pattern.method)
        };
        let id = all.push(entry, &fields(index, pattern))?;
        all.by_pattern.insert(index, id);
    }
    for (team, pattern, own) in overrides() {
        let base = all.by_pattern.get(&pattern).copied();
        let department_id = company.departments.iter().find(|d| d.name == team).map(|d| d.id);
        if department_id.is_some() {
            let name = format!("{}, {team}", PATTERNS[pattern].title);
            all.push(
                template::Model { department_id, extends_id: base, ..row(&name, "As the team agreed.") },
                &own,
            )?;
        }
    }
    let old = template::Model { is_active: false, ..row("Paper saved", "No longer used.") };
    all.push(
        old,
        &TemplateFields {
            title: Some("Paper saved".into()),
            unit: Some("kg".into()),
            ..TemplateFields::default()
        },
    )?;
    Ok(all)
}

/// Changes one template after its KPIs were made, so that drafts from it are offered the difference.
pub async fn change(work: &Work, templates: &Templates) -> Outcome<()> {
    let known =
        templates.by_pattern.get(&at::PROJECT).and_then(|id| templates.rows.iter().find(|t| t.id == *id));
    let Some(row) = known else { return Ok(()) };
    let fields = TemplateFields {
        measurement_method: Some(
            "Milestones of the project plan, each accepted by whoever asked for it.".into(),
        ),
        check_in_days: Some(7),
        ..serde_json::from_str(&row.fields)?
    };
    let changed = template::ActiveModel {
        id: Unchanged(row.id),
        fields: Set(serde_json::to_string(&fields)?),
        updated_at: Set(work.at().0),
        version: Set(row.version + 1),
        ..Default::default()
    };
    changed.update(work.tx()).await?;
    versions::record(work, Some(TemplateId(row.id))).await
}

impl Templates {
    fn push(&mut self, row: template::Model, fields: &TemplateFields) -> Outcome<i64> {
        let id = self.rows.len() as i64 + 1;
        self.rows.push(template::Model { id, fields: serde_json::to_string(fields)?, ..row });
        Ok(id)
    }
}

/// What a team sets differently from its department.
fn overrides() -> [(&'static str, usize, TemplateFields); 2] {
    [
        ("Sales North", at::REVENUE, TemplateFields { target: Some(140_000.0), ..TemplateFields::default() }),
        ("Key Accounts", at::VISITS, TemplateFields { check_in_days: Some(28), ..TemplateFields::default() }),
    ]
}

/// The field that the revenue template adds.
fn region() -> CustomField {
    CustomField {
        key: "region".into(),
        label: "Region".into(),
        kind: CustomKind::Choice,
        required: false,
        choices: REGIONS.map(String::from).into(),
    }
}

/// The template's fields that a definition has values for: nothing but the region.
pub fn filled_in(kpi: &KpiNew) -> Vec<CustomField> {
    if kpi.custom_fields.is_empty() { Vec::new() } else { vec![region()] }
}

fn fields(index: usize, pattern: &Pattern) -> TemplateFields {
    let middle = |(low, high): Draw| rounded((low + high) / 2.0, pattern.step);
    let kpi = measured(pattern, KpiNew::blank(2000, Quarter::Q1), middle);
    let is_measured = matches!(kpi.kind, Kind::Number | Kind::Percentage);
    TemplateFields {
        title: Some(kpi.title),
        measurement_method: Some(kpi.measurement_method),
        category: Some(kpi.category).filter(|category| *category != Category::Goal),
        kind: Some(kpi.kind),
        unit: Some(kpi.unit).filter(|_| is_measured),
        decimals: Some(kpi.decimals).filter(|_| is_measured),
        direction: Some(kpi.direction).filter(|_| is_measured),
        baseline: kpi.baseline,
        target: kpi.target,
        lower: kpi.lower,
        upper: kpi.upper,
        rollup: Some(kpi.rollup).filter(|_| is_measured),
        milestones: Some(kpi.milestones).filter(|milestones| !milestones.is_empty()),
        tags: Some(kpi.tags),
        custom_fields: (index == at::REVENUE).then(|| vec![region()]),
        evidence: (index == at::PARTNERS).then(evidence::contract),
        check_in_days: Some(pattern.every).filter(|every| *every != 14),
        ..TemplateFields::default()
    }
}
