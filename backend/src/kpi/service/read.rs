//! Looking: one KPI, lists, figures, history, receipts.

use std::sync::Arc;

use kpi_api::{
    checkin::CheckInList,
    history::HistoryList,
    id::{HistoryId, KpiId},
    kpi::{KpiRow, KpiStats, KpiView},
    page::Page,
    permission::Capability,
    receipt_change::{self, ChangedSince, ReceiptView},
    scoring::Receipt,
    time::Timestamp,
};

use super::{Loaded, load, load_with_aligned, view};
use crate::{
    auth::actor::Call,
    kpi::{
        convert, export,
        filter::{KpiQuery, Sight, Sort, SortColumn, Window, within},
        history,
        repo::{self, KeptReceipt, Key},
        rows,
        scoring::Scene,
        totals,
    },
    platform::{
        failure::{Failure, Outcome},
        paging::Paging,
    },
};

/// The most rows an export has.
const EXPORT_ROWS: u64 = 50_000;
const EXPORT_STEP: u32 = 500;

async fn see(call: &Call, id: KpiId) -> Outcome<(Scene, Loaded)> {
    let scene = Scene::now(&call.ctx).await?;
    let loaded = load(call.ctx.db.read(), &call.who, &scene, id).await?;
    Ok((scene, loaded))
}

pub async fn get(call: &Call, id: KpiId) -> Outcome<KpiView> {
    let scene = Scene::now(&call.ctx).await?;
    let db = call.ctx.db.read();
    let (loaded, aligned) = load_with_aligned(db, &call.who, &scene, id).await?;
    view::among(&call.ctx, db, &call.who, &scene, loaded.row, &aligned).await
}

pub async fn list(call: &Call, query: &KpiQuery) -> Outcome<Page<KpiRow>> {
    let (filter, window) = (query.filter(&call.who)?, query.window()?);
    let scene = Scene::now(&call.ctx).await?;
    let total = totals::count(&call.ctx, &call.who, &filter, scene.time()).await?;
    let keys = totals::page(&call.ctx, &call.who, Sight::Visible, &filter, &window, scene.time()).await?;
    let items = shown(call, &scene, &keys).await?;
    Ok(window.paging.page(items, total))
}

async fn shown(call: &Call, scene: &Scene, keys: &[Key]) -> Outcome<Vec<KpiRow>> {
    let rows = rows::of(&call.ctx, keys).await?;
    rows.iter().map(|row| convert::row(row, &scene.directory, scene.time())).collect()
}

/// The filtered list as CSV, at most 50,000 rows.
pub async fn export(call: &Call, query: &KpiQuery) -> Outcome<Vec<u8>> {
    let filter = query.filter(&call.who)?;
    let scene = Scene::now(&call.ctx).await?;
    let sort = match &query.sort {
        Some(_) => query.window()?.sort,
        None => Sort { column: SortColumn::Id, descending: false },
    };
    let mut rows = Vec::new();
    for number in 1.. {
        let window = Window { paging: Paging { page: number, per_page: EXPORT_STEP }, sort };
        let scope = within(Sight::Visible, &call.who, &scene.directory);
        let matching = filter.condition(&scene.directory, scene.time());
        let keys = repo::page(call.ctx.db.read(), scope, matching, &window).await?;
        let step = shown(call, &scene, &keys).await?;
        let is_last = step.len() < EXPORT_STEP as usize;
        rows.extend(step);
        if is_last || rows.len() as u64 >= EXPORT_ROWS {
            break;
        }
    }
    Ok(tokio::task::spawn_blocking(move || export::csv(&rows))
        .await
        .map_err(|panic| anyhow::anyhow!("writing a table: {panic}"))??)
}

pub async fn stats(call: &Call, query: &KpiQuery) -> Outcome<Arc<KpiStats>> {
    let filter = query.filter(&call.who)?;
    let scene = Scene::now(&call.ctx).await?;
    totals::figures(&call.ctx, &call.who, &filter, scene.time()).await
}

pub async fn check_ins(call: &Call, id: KpiId) -> Outcome<CheckInList> {
    let (scene, _) = see(call, id).await?;
    let rows = repo::check_ins(call.ctx.db.read(), id).await?;
    let items = rows.into_iter().map(|row| convert::check_in(row, &scene.directory));
    Ok(CheckInList { items: items.collect::<Outcome<_>>()? })
}

pub async fn history(call: &Call, id: KpiId) -> Outcome<HistoryList> {
    let (scene, loaded) = see(call, id).await?;
    let rows = repo::history(call.ctx.db.read(), id).await?;
    // Who may not see the files is not told their names here either.
    let sees_files = call.who.may(Capability::SeeEvidence, loaded.standing.relation);
    let shown = rows.into_iter().filter(|row| sees_files || !history::is_about_files(row));
    let items = shown.map(|row| history::view(row, &scene.directory));
    Ok(HistoryList { items: items.collect::<Outcome<_>>()? })
}

/// The receipt of the present score, or of the one at an earlier point of the history, and why it is another than the
/// one before it.
pub async fn receipt(call: &Call, id: KpiId, at: Option<HistoryId>) -> Outcome<ReceiptView> {
    see(call, id).await?;
    let db = call.ctx.db.read();
    if let Some(at) = at
        && !repo::has_history(db, id, at.0).await?
    {
        return Err(Failure::not_found());
    }
    let mut kept = repo::receipts(db, id, at.map(|at| at.0)).await?.into_iter();
    let (_, receipt) = read(kept.next())?.ok_or_else(Failure::not_found)?;
    let changed_since = read(kept.next())?.map(|(at, earlier)| ChangedSince {
        at,
        version: earlier.rule.version,
        sentences: receipt_change::between(&earlier, &receipt),
    });
    Ok(ReceiptView { receipt, changed_since })
}

fn read(kept: Option<KeptReceipt>) -> Outcome<Option<(Timestamp, Receipt)>> {
    let Some((at, Some(text))) = kept else { return Ok(None) };
    Ok(Some((Timestamp(at), serde_json::from_str(&text)?)))
}
