//! KPIs as plugins see them.

use std::collections::HashMap;

use kpi_api::{
    id::{DepartmentId, UserId},
    scoring::Pace,
    time::{Period, Quarter},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::LikeExpr,
};

use super::people::{person_facts, stranger};
use crate::{
    app::Ctx,
    entity::kpi,
    kpi::{
        convert::{self, Now, word},
        filter::{self, Sight},
        repo,
    },
    people::directory::Directory,
    periods,
    platform::failure::Outcome,
    plugins::{
        calling::Occasion,
        host::facts::{Kpi, KpiFilter, MOST_ROWS, OneOrMore, Person},
    },
};

/// In the order of their ids. In a card: those that the viewer may see. `knows_people` as for [`kpi_facts`].
pub async fn find(
    ctx: &Ctx,
    occasion: &Occasion,
    filter: &KpiFilter,
    knows_people: bool,
) -> Outcome<Vec<Kpi>> {
    use kpi::Column as C;
    let directory = ctx.directory().await?;
    let names = ctx.template_names().await?;
    let mut matching = condition(ctx, &directory, filter);
    if let Some(name) = &filter.template {
        let ids = names.iter().filter(|(_, known)| *known == name).map(|(id, _)| *id);
        matching = matching.add(C::TemplateId.is_in(ids));
    }
    if let Occasion::Card(viewer) = occasion {
        matching = matching.add_option(filter::within_of(Sight::Visible, viewer, &directory));
    }
    let wanted = filter.limit.unwrap_or(MOST_ROWS).clamp(1, MOST_ROWS);
    let mut found: Vec<kpi::Model> = Vec::new();
    let mut after = filter.after;
    while found.len() < wanted {
        let rows = kpi::Entity::find()
            .filter(matching.clone())
            .apply_if(after, |query, after| query.filter(C::Id.gt(after)))
            .order_by_asc(C::Id)
            .limit(MOST_ROWS as u64)
            .all(ctx.db.read())
            .await?;
        let is_last = rows.len() < MOST_ROWS;
        after = rows.last().map(|row| row.id).or(after);
        // The database compares texts as it likes; which tags a KPI has is decided here.
        found.extend(rows.into_iter().filter(|row| has_tag(row, filter)));
        if is_last {
            break;
        }
    }
    found.truncate(wanted);
    kpi_facts(ctx, &directory, found, knows_people).await
}

fn condition(ctx: &Ctx, directory: &Directory, filter: &KpiFilter) -> Condition {
    use kpi::Column as C;
    fn words<T: ToString + PartialEq>(wanted: &OneOrMore<T>) -> Vec<String> {
        wanted.as_slice().iter().map(ToString::to_string).collect()
    }
    let mut all = Condition::all();
    let now = ctx.period_now();
    all = match (filter.year, filter.quarter) {
        (None, None) => all.add(C::Period.eq(periods::number(now))),
        (year, Some(quarter)) => {
            all.add(C::Period.eq(periods::number(Period::new(year.unwrap_or(now.year), quarter))))
        }
        (Some(year), None) => {
            let first = periods::number(Period::new(year, Quarter::Q1));
            all.add(C::Period.between(first, first + 3))
        }
    };
    if let Some(statuses) = &filter.status {
        all = all.add(C::Status.is_in(words(statuses)));
    }
    if let Some(bands) = &filter.band {
        all = all.add(C::Band.is_in(words(bands)));
    }
    if let Some(owners) = &filter.owner {
        all = all.add(C::UserId.is_in(owners.as_slice().iter().copied()));
    }
    if let Some(department) = filter.department_id {
        let below = directory.subtree(DepartmentId(department));
        all = all.add(C::DepartmentId.is_in(below.into_iter().map(|id| id.0)));
    }
    if let Some(parent) = filter.parent_id {
        all = all.add(C::ParentId.eq(parent));
    }
    for tag in filter.tag.iter().chain(&filter.tag_prefix) {
        // Tags stand in lower case in the text that is searched.
        let pattern = tag.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        all = all.add(C::SearchText.like(LikeExpr::new(format!("%{pattern}%")).escape('\\')));
    }
    all
}

fn has_tag(row: &kpi::Model, filter: &KpiFilter) -> bool {
    if filter.tag.is_none() && filter.tag_prefix.is_none() {
        return true;
    }
    let tags: Vec<String> = serde_json::from_str(&row.tags).unwrap_or_default();
    filter.tag.as_ref().is_none_or(|tag| tags.contains(tag))
        && filter.tag_prefix.as_ref().is_none_or(|prefix| tags.iter().any(|tag| tag.starts_with(prefix)))
}

/// What plugins are told of these KPIs. `knows_people`: whether more is told of an owner than who they are.
pub async fn kpi_facts(
    ctx: &Ctx,
    directory: &Directory,
    rows: Vec<kpi::Model>,
    knows_people: bool,
) -> Outcome<Vec<Kpi>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut confidence: HashMap<i64, u8> = HashMap::new();
    for check_in in repo::valid_check_ins_of(ctx.db.read(), &ids).await? {
        // In the order of their days: the last one stays.
        match check_in.confidence.and_then(|number| u8::try_from(number).ok()) {
            Some(number) => confidence.insert(check_in.kpi_id, number),
            None => confidence.remove(&check_in.kpi_id),
        };
    }
    let names = ctx.template_names().await?;
    let now = Now { today: ctx.today(), first_month: ctx.config.fiscal_year_start };
    let facts = rows.into_iter().map(|row| {
        let period = periods::from_number(row.period);
        let owner = directory.person(UserId(row.user_id)).map_or_else(Person::default, |person| {
            if knows_people { person_facts(directory, person) } else { stranger(person) }
        });
        Ok(Kpi {
            id: row.id,
            category: row.category,
            year: period.year,
            quarter: period.quarter,
            status: word(&row.status)?,
            kind: word(&row.kind)?,
            unit: row.unit,
            direction: word(&row.direction)?,
            baseline: row.baseline,
            target: row.target,
            lower: row.lower,
            upper: row.upper,
            weight: row.weight,
            current: row.current_value,
            score: row.score,
            progress: row.progress,
            band: word(&row.band)?,
            pace: Pace::of(row.attainment, now.elapsed(period)),
            confidence: confidence.get(&row.id).copied(),
            last_check_in: convert::date_or_none(row.last_check_in_on.as_deref())?,
            due: convert::date_or_none(row.due_date.as_deref())?,
            tags: serde_json::from_str(&row.tags)?,
            custom: serde_json::from_str(&row.custom_fields)?,
            owner,
            template: row.template_id.and_then(|id| names.get(&id).cloned()),
            parent_id: row.parent_id,
            link: format!("{}/kpis/{}", ctx.config.public_url, row.id),
            title: row.title,
        })
    });
    facts.collect()
}
