//! Which KPIs a list is about, and in which order: the query of `/kpis`, `/kpis/stats` and the analytics.

use kpi_api::{
    id::{DepartmentId, TemplateId, UserId},
    kpi::{Category, Status},
    scoring::{Band, Pace},
    time::{Period, Quarter},
};
use sea_orm::{
    ColumnTrait, Condition, Order,
    sea_query::{CaseStatement, Expr, ExprTrait, IntoColumnRef, LikeExpr, Query, SimpleExpr},
};
use serde::{Deserialize, Serialize};

use super::convert::Now;
use crate::{
    auth::actor::Actor,
    entity::{kpi, user},
    people::directory::{Directory, Person},
    periods,
    platform::{
        failure::{Failure, Outcome},
        paging::Paging,
    },
};

/// The query string as it comes.
#[derive(Debug, Clone, Default, Deserialize, Serialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct KpiQuery {
    pub year: Option<i32>,
    #[param(inline)]
    pub quarter: Option<Quarter>,
    /// One status or several, separated by commas.
    pub status: Option<String>,
    pub user_id: Option<i64>,
    /// This department and those below it.
    pub department_id: Option<i64>,
    pub template_id: Option<i64>,
    #[param(inline)]
    pub category: Option<Category>,
    #[param(inline)]
    pub band: Option<Band>,
    #[param(inline)]
    pub pace: Option<Pace>,
    /// Only those whose score an older version of its rule made, because the newest one failed; `false` leaves them
    /// out.
    pub flagged: Option<bool>,
    /// Only one's own.
    pub mine: Option<bool>,
    /// Text in title or tags.
    pub q: Option<String>,
    pub page: Option<u32>,
    pub per_page: Option<u32>,
    /// A column of the list, with `-` before it for descending.
    pub sort: Option<String>,
    /// `csv` exports the filtered list.
    pub format: Option<String>,
}

/// The filters, read.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Filter {
    pub year: Option<i32>,
    pub quarter: Option<Quarter>,
    pub statuses: Vec<Status>,
    pub user_id: Option<UserId>,
    pub department_id: Option<DepartmentId>,
    pub template_id: Option<TemplateId>,
    pub category: Option<Category>,
    pub band: Option<Band>,
    pub pace: Option<Pace>,
    pub flagged: Option<bool>,
    pub q: Option<String>,
}

/// A page, and an order in which it is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    pub paging: Paging,
    pub sort: Sort,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sort {
    pub column: SortColumn,
    pub descending: bool,
}

macro_rules! sort_columns {
    ($($variant:ident = $name:literal),* $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum SortColumn { $($variant),* }

        impl SortColumn {
            const NAMES: &'static [(&'static str, Self)] = &[$(($name, Self::$variant)),*];
        }
    };
}

sort_columns! {
    Id = "id", Title = "title", Category = "category", User = "user_name", Department = "department_name",
    Period = "period", Year = "year", Quarter = "quarter", Target = "target", Weight = "weight",
    CurrentValue = "current_value", Progress = "progress_percentage", Score = "score", Band = "band",
    Pace = "pace", Status = "status", DueDate = "due_date", CreatedAt = "created_at", SubmittedAt = "submitted_at",
    UpdatedAt = "updated_at",
}

impl KpiQuery {
    pub fn filter(&self, actor: &Actor) -> Outcome<Filter> {
        let mine = self.mine.unwrap_or(false);
        let user_id = self.user_id.map(UserId);
        if mine && user_id.is_some_and(|id| id != actor.id()) {
            return Err(Failure::field(
                "mine",
                "contradiction",
                "`mine` and another `user_id` exclude each other.",
            ));
        }
        let q = self.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
        if q.is_some_and(|q| q.chars().count() > 100) {
            return Err(Failure::field("q", "too_long", "At most 100 characters."));
        }
        let statuses = match &self.status {
            None => Vec::new(),
            Some(list) => list
                .split(',')
                .map(|status| status.trim().parse::<Status>())
                .collect::<Result<_, _>>()
                .map_err(|allowed| Failure::field("status", "unknown_value", allowed))?,
        };
        Ok(Filter {
            year: self.year,
            quarter: self.quarter,
            statuses,
            user_id: if mine { Some(actor.id()) } else { user_id },
            department_id: self.department_id.map(DepartmentId),
            template_id: self.template_id.map(TemplateId),
            category: self.category,
            band: self.band,
            pace: self.pace,
            flagged: self.flagged,
            q: q.map(str::to_lowercase),
        })
    }

    pub fn window(&self) -> Outcome<Window> {
        let paging = Paging::read(self.page, self.per_page)?;
        Ok(Window { paging, sort: Sort::read(self.sort.as_deref().unwrap_or("-updated_at"))? })
    }
}

impl Sort {
    fn read(text: &str) -> Outcome<Self> {
        let name = text.strip_prefix('-').unwrap_or(text);
        let column = SortColumn::NAMES.iter().find(|(known, _)| *known == name).map(|(_, column)| *column);
        column.map(|column| Self { column, descending: text.starts_with('-') }).ok_or_else(|| {
            let names: Vec<_> = SortColumn::NAMES.iter().map(|(name, _)| *name).collect();
            Failure::field("sort", "unknown_value", format!("One of {}.", names.join(", ")))
        })
    }

    pub fn order(self) -> Order {
        if self.descending { Order::Desc } else { Order::Asc }
    }

    pub fn expression(self) -> SimpleExpr {
        use kpi::Column as C;
        let name_of = |table: &'static str, column, id, key: C| {
            let mut select = Query::select();
            select
                .column(column)
                .from(table)
                .and_where(Expr::col((table, id)).equals((kpi::Entity, key).into_column_ref()));
            SimpleExpr::SubQuery(None, Box::new(select.into()))
        };
        let column = match self.column {
            SortColumn::User => return name_of("users", "full_name", "id", C::UserId),
            SortColumn::Department => return name_of("departments", "name", "id", C::DepartmentId),
            SortColumn::Quarter => {
                return Expr::col((kpi::Entity, C::Period)).modulo(4);
            }
            SortColumn::Id => C::Id,
            SortColumn::Title => C::SearchText,
            SortColumn::Category => C::Category,
            SortColumn::Period | SortColumn::Year => C::Period,
            SortColumn::Target => C::Target,
            SortColumn::Weight => C::Weight,
            SortColumn::CurrentValue => C::CurrentValue,
            SortColumn::Progress => C::Progress,
            SortColumn::Score => C::Score,
            SortColumn::Band => C::Band,
            SortColumn::Pace => C::Attainment,
            SortColumn::Status => C::Status,
            SortColumn::DueDate => C::DueDate,
            SortColumn::CreatedAt => C::CreatedAt,
            SortColumn::SubmittedAt => C::SubmittedAt,
            SortColumn::UpdatedAt => C::UpdatedAt,
        };
        Expr::col((kpi::Entity, column))
    }
}

impl Filter {
    /// For one period only.
    pub fn of_period(period: Period) -> Self {
        Self { year: Some(period.year), quarter: Some(period.quarter), ..Self::default() }
    }

    pub fn condition(&self, directory: &Directory, now: Now) -> Condition {
        use kpi::Column as C;
        let mut all = Condition::all();
        match (self.year, self.quarter) {
            (Some(year), Some(quarter)) => {
                all = all.add(C::Period.eq(periods::number(Period::new(year, quarter))))
            }
            (Some(year), None) => {
                let first = periods::number(Period::new(year, Quarter::Q1));
                all = all.add(C::Period.between(first, first + 3));
            }
            (None, Some(quarter)) => {
                let rest = Expr::col((kpi::Entity, C::Period)).modulo(4);
                all = all.add(rest.eq(i64::from(quarter.number()) - 1));
            }
            (None, None) => {}
        }
        if !self.statuses.is_empty() {
            all = all.add(C::Status.is_in(self.statuses.iter().map(|status| status.as_str())));
        }
        if let Some(user) = self.user_id {
            all = all.add(C::UserId.eq(user.0));
        }
        if let Some(department) = self.department_id {
            all = all.add(C::DepartmentId.is_in(directory.subtree(department).into_iter().map(|id| id.0)));
        }
        if let Some(template) = self.template_id {
            all = all.add(C::TemplateId.eq(template.0));
        }
        if let Some(category) = self.category {
            all = all.add(C::Category.eq(category.as_str()));
        }
        if let Some(band) = self.band {
            all = all.add(C::Band.eq(band.as_str()));
        }
        if let Some(pace) = self.pace {
            all = all.add(pace_expression(now).eq(pace.as_str()));
        }
        if let Some(flagged) = self.flagged {
            all = all.add(C::IsFlagged.eq(flagged));
        }
        if let Some(q) = &self.q {
            let pattern = format!("%{}%", q.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
            all = all.add(C::SearchText.like(LikeExpr::new(pattern).escape('\\')));
        }
        all
    }
}

/// [`Pace::of`] as the database computes it, for filters and counts.
pub fn pace_expression(now: Now) -> SimpleExpr {
    use kpi::Column as C;
    let current = now.period();
    let number = periods::number(current);
    let elapsed = now.elapsed(current);
    let by_ratio = |share: f64| {
        let ratio = || Expr::col((kpi::Entity, C::Attainment)).div(Expr::value(share));
        SimpleExpr::Case(Box::new(
            CaseStatement::new()
                .case(ratio().gte(1.10), Pace::Ahead.as_str())
                .case(ratio().gte(0.95), Pace::OnTrack.as_str())
                .case(ratio().gte(0.75), Pace::Behind.as_str())
                .finally(Pace::OffTrack.as_str()),
        ))
    };
    let none = Condition::any().add(C::Attainment.is_null()).add(C::Period.gt(number));
    SimpleExpr::Case(Box::new(
        CaseStatement::new()
            .case(none, Pace::None.as_str())
            .case(C::Period.eq(number), by_ratio(elapsed))
            .finally(by_ratio(1.0)),
    ))
}

/// Which KPIs a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Those somebody may see: their own, those of their team, what their own are aligned to.
    Visible,
    /// Those somebody answers for: their own and those of their team. Reports and analytics are about these.
    AnsweredFor,
}

/// The KPIs within somebody's sight; `None` is all of them, for administrators.
pub fn within(sight: Sight, actor: &Actor, directory: &Directory) -> Option<Condition> {
    within_of(sight, &actor.person, directory)
}

/// As [`within`], of a person.
pub fn within_of(sight: Sight, person: &Person, directory: &Directory) -> Option<Condition> {
    use kpi::Column as C;
    use kpi_api::permission::Role;
    if person.role == Role::Admin {
        return None;
    }
    let own = person.id.0;
    let mut any = Condition::any().add(C::UserId.eq(own));
    if sight == Sight::Visible {
        let mut aligned = Query::select();
        aligned
            .column(C::ParentId)
            .from(kpi::Entity)
            .and_where(C::UserId.eq(own))
            .and_where(C::ParentId.is_not_null());
        any = any.add(C::Id.in_subquery(aligned));
    }
    if person.role == Role::Manager {
        any = any.add_option(team_of(directory, person.id));
    }
    if sight == Sight::Visible {
        any = any.add_option(delegated_to(directory, person.id));
    }
    Some(any)
}

/// The KPIs of the team that somebody leads, and those of their own; `None` when they lead nobody.
pub fn team_of(directory: &Directory, leader: UserId) -> Option<Condition> {
    let led = directory.led_by(leader)?;
    let mut led: Vec<i64> = led.iter().map(|id| id.0).collect();
    led.sort_unstable();
    let mut team = Query::select();
    team.column(user::Column::Id).from(user::Entity).and_where(user::Column::DepartmentId.is_in(led));
    Some(Condition::all().add(kpi::Column::UserId.in_subquery(team)))
}

/// The KPIs of the teams of those in whose place somebody decides today, their leaders' own left out; `None` when
/// there are none.
pub fn delegated_to(directory: &Directory, delegate: UserId) -> Option<Condition> {
    let teams = directory
        .stands_in_for(delegate)
        .iter()
        .filter_map(|manager| Some(team_of(directory, *manager)?.add(kpi::Column::UserId.ne(manager.0))));
    teams.fold(None, |any: Option<Condition>, team| Some(any.unwrap_or_else(Condition::any).add(team)))
}

/// Whose KPIs somebody answers for; `None` is everybody's, for administrators.
pub fn answered_for(actor: &Actor, directory: &Directory) -> Option<Vec<i64>> {
    use kpi_api::permission::Role;
    let mut owners = vec![actor.id().0];
    match actor.role() {
        Role::Admin => return None,
        Role::Manager => owners.extend(directory.team(actor.id()).into_iter().map(|id| id.0)),
        Role::Employee => {}
    }
    Some(owners)
}

/// A name for what is [`within`] sight, under which totals may be kept.
pub fn sight_name(sight: Sight, actor: &Actor) -> String {
    match actor.role() {
        kpi_api::permission::Role::Admin => "all".into(),
        _ => format!("{sight:?} {}", actor.id()),
    }
}
