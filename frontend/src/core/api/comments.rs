//! What people say about a KPI.

use kpi_api::{
    comment::{CommentList, CommentNew, CommentPatch, CommentRevisions, CommentView, MentionableList},
    id::{CommentId, KpiId, Version},
};

use crate::core::{
    client::{Answer, Call},
    query::Params,
};

pub async fn list(kpi: KpiId) -> Answer<CommentList> {
    Call::get(format!("/kpis/{kpi}/comments")).send().await
}

pub async fn create(kpi: KpiId, body: &CommentNew, key: &str) -> Answer<CommentView> {
    Call::post(format!("/kpis/{kpi}/comments")).key(key).json(body).send().await
}

pub async fn update(id: CommentId, version: Version, body: String) -> Answer<CommentView> {
    Call::patch(format!("/comments/{id}")).version(version).json(&CommentPatch { body }).send().await
}

pub async fn delete(id: CommentId, version: Version) -> Answer<()> {
    Call::delete(format!("/comments/{id}")).version(version).done().await
}

pub async fn revisions(id: CommentId) -> Answer<CommentRevisions> {
    Call::get(format!("/comments/{id}/revisions")).send().await
}

/// People who may see the KPI and whose name fits what was typed after the `@`.
pub async fn mentionable(kpi: KpiId, typed: &str) -> Answer<MentionableList> {
    Call::get(format!("/kpis/{kpi}/mentionable")).query(&Params::new().with("q", typed)).send().await
}
