//! What can be seen of a file without its program: made once in a process of its own, kept beside the content, and given
//! again. What cannot be made is said so, and not tried again for a while.

use std::fs::File;

use kpi_api::{
    error::Code,
    evidence::{EvidencePreview, NoPreview, PreviewKind},
    id::EvidenceId,
};

use super::{
    inside::{Refusal, Task},
    kinds::FileKind,
    service::see,
};
use crate::{
    app::Ctx,
    auth::actor::Call,
    entity::evidence,
    kpi::scoring::Scene,
    platform::{
        failure::{Failure, Outcome},
        http::file::Download,
    },
};

/// The file as it was put in.
pub async fn content(call: &Call, id: EvidenceId) -> Outcome<Download> {
    let row = visible(call, id).await?;
    let (file, length) = call.ctx.files.open(&row.sha256).await?;
    let content_type = FileKind::of(&row.extension).media_type();
    Ok(Download { file, length, tag: row.sha256, content_type, name: row.name })
}

/// A small JPEG of a picture or of the first page of a PDF.
pub async fn thumbnail(call: &Call, id: EvidenceId) -> Outcome<Vec<u8>> {
    let row = visible(call, id).await?;
    made(&call.ctx, &row, Task::Thumbnail).await?.map_err(|_| no_preview())
}

/// A picture made anew. It may be large and its reader slow, so that it is sent from the disk where it lies there.
pub enum Picture {
    /// With its length in bytes.
    Kept(File, u64),
    Made(Vec<u8>),
}

/// A picture in its own size, made anew, with its media type.
pub async fn image(call: &Call, id: EvidenceId) -> Outcome<(&'static str, Picture)> {
    let row = visible(call, id).await?;
    let kind = if FileKind::of(&row.extension) == FileKind::Jpeg { "image/jpeg" } else { "image/png" };
    let kept = || call.ctx.files.open_derived(&row.sha256, Task::Image.as_str());
    if let Some((file, length)) = kept().await? {
        return Ok((kind, Picture::Kept(file, length)));
    }
    let bytes = made(&call.ctx, &row, Task::Image).await?.map_err(|_| no_preview())?;
    Ok(match kept().await? {
        Some((file, length)) => (kind, Picture::Kept(file, length)),
        None => (kind, Picture::Made(bytes)),
    })
}

/// Tables and texts as data; of the others, where to find what there is to see.
pub async fn preview(call: &Call, id: EvidenceId) -> Outcome<EvidencePreview> {
    let row = visible(call, id).await?;
    Ok(match FileKind::of(&row.extension).preview() {
        PreviewKind::Image => EvidencePreview::Image,
        PreviewKind::Pdf => EvidencePreview::Pdf,
        PreviewKind::None => EvidencePreview::None { reason: NoPreview::NotSupported },
        PreviewKind::Table | PreviewKind::Text => match made(&call.ctx, &row, Task::Preview).await? {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(refusal) => EvidencePreview::None { reason: reason(refusal) },
        },
    })
}

async fn visible(call: &Call, id: EvidenceId) -> Outcome<evidence::Model> {
    let scene = Scene::now(&call.ctx).await?;
    Ok(see(call, call.ctx.db.read(), &scene, id).await?.0)
}

/// What a task makes of a content: from before, or now.
async fn made(ctx: &Ctx, row: &evidence::Model, task: Task) -> Outcome<Result<Vec<u8>, Refusal>> {
    if let Some(refusal) = ctx.looker.failed(&row.sha256, task) {
        return Ok(Err(refusal));
    }
    if let Some(bytes) = ctx.files.derived(&row.sha256, task.as_str()).await? {
        return Ok(Ok(bytes));
    }
    let (file, _) = ctx.files.open(&row.sha256).await?;
    let made = ctx.looker.look(task, &row.extension, file).await?;
    match &made {
        Err(refusal) => ctx.looker.remember(&row.sha256, task, *refusal),
        Ok(bytes) => {
            // Where it cannot be kept, it is made again the next time.
            if let Err(fault) = ctx.files.keep_derived(&row.sha256, task.as_str(), bytes.clone()).await {
                tracing::warn!(?fault, "a preview could not be kept");
            }
        }
    }
    Ok(made)
}

fn no_preview() -> Failure {
    Failure::new(Code::NoPreview, Code::NoPreview.title())
}

fn reason(refusal: Refusal) -> NoPreview {
    match refusal {
        Refusal::NotSupported => NoPreview::NotSupported,
        Refusal::TookTooLong => NoPreview::TookTooLong,
        Refusal::TooLarge | Refusal::TooDense | Refusal::TooManyPixels => NoPreview::TooLarge,
        Refusal::Mismatch | Refusal::Macros | Refusal::Truncated | Refusal::Damaged => NoPreview::Damaged,
    }
}
