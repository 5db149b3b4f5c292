//! What rules may look at beside a KPI and its values: its files, and what the same measure came to before. Each costs
//! a query, so it is read where a rule looks at it.

use std::{collections::HashMap, sync::Arc};

use kpi_engine::EvidenceFacts;
use sea_orm::ConnectionTrait;

use super::{
    earlier::{self, Earlier},
    scoring::Subject,
};
use crate::{app::Ctx, entity::kpi, evidence, platform::failure::Outcome, rules::shelf::Looks};

/// What is around some KPIs, by their ids.
pub struct Around {
    attached: HashMap<i64, EvidenceFacts>,
    earlier: HashMap<i64, Vec<Earlier>>,
    template_names: Arc<HashMap<i64, String>>,
}

impl Around {
    /// Around many KPIs.
    pub async fn of(
        ctx: &Ctx,
        db: &impl ConnectionTrait,
        rows: &[kpi::Model],
        looks: Looks,
    ) -> Outcome<Self> {
        let attached = match looks.at_evidence {
            true => {
                let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
                evidence::facts::of(ctx, db, &ids).await?
            }
            false => HashMap::new(),
        };
        let earlier = match looks.at_earlier {
            true => earlier::of(db, rows).await?,
            false => HashMap::new(),
        };
        Ok(Self { attached, earlier, template_names: ctx.template_names().await? })
    }

    /// Around one KPI.
    pub async fn one(ctx: &Ctx, db: &impl ConnectionTrait, row: &kpi::Model, looks: Looks) -> Outcome<Self> {
        Self::of(ctx, db, std::slice::from_ref(row), looks).await
    }

    /// Tells a stored KPI what is around it.
    pub fn tell(&mut self, subject: &mut Subject) {
        let id = subject.id.unwrap_or_default();
        subject.attached = self.attached.remove(&id).unwrap_or_default();
        subject.earlier = self.earlier.remove(&id).unwrap_or_default();
        let name = subject.template.and_then(|id| self.template_names.get(&id.0));
        subject.template_name = name.cloned().unwrap_or_default();
    }
}
