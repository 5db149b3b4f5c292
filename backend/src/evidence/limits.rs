//! How much may be put in: the size of one file, how many on one KPI, and what one person may keep.

use kpi_api::{
    error::Code,
    evidence::EvidenceLimits,
    id::{KpiId, UserId},
};
use sea_orm::ConnectionTrait;

use super::repo;
use crate::{
    app::Ctx,
    auth::actor::Call,
    platform::failure::{Failure, Outcome},
};

/// Files on one KPI and its check-ins.
const MOST: u64 = 500;

const MEGABYTE: f64 = 1024.0 * 1024.0;

pub async fn view(call: &Call) -> Outcome<EvidenceLimits> {
    let config = &call.ctx.config;
    Ok(EvidenceLimits {
        max_size: config.max_upload_size,
        extensions: config.allowed_extensions.clone(),
        quota: call.ctx.settings().await?.evidence_quota,
        used: repo::used_by(call.ctx.db.read(), call.who.id().0).await?,
    })
}

/// What one person keeps, and may keep, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    pub used: u64,
    pub quota: u64,
}

impl Room {
    pub async fn of(ctx: &Ctx, db: &impl ConnectionTrait, person: UserId) -> Outcome<Self> {
        let quota = ctx.settings().await?.evidence_quota;
        Ok(Self { used: repo::used_by(db, person.0).await?, quota })
    }

    pub fn fits(self, more: u64) -> bool {
        self.used.saturating_add(more) <= self.quota
    }

    /// Refuses what does not fit.
    pub fn ensure(self, more: u64) -> Outcome<()> {
        if self.fits(more) {
            return Ok(());
        }
        let megabytes = |bytes: u64| bytes as f64 / MEGABYTE;
        Err(Failure::new(
            Code::QuotaFull,
            format!(
                "Your files take {:.1} of {:.0} MB; this one does not fit.",
                megabytes(self.used),
                megabytes(self.quota)
            ),
        ))
    }
}

/// Refuses one more file on a KPI that has very many: its list is shown as a whole.
pub async fn ensure_few(db: &impl ConnectionTrait, kpi: KpiId) -> Outcome<()> {
    if repo::count(db, kpi.0).await? < MOST {
        return Ok(());
    }
    Err(Failure::field("file", "too_many", format!("At most {MOST} files on one KPI.")))
}

pub fn too_large(most: u64) -> Failure {
    Failure::new(Code::TooLarge, format!("A file may have up to {most} bytes."))
}
