//! Files on KPIs: what is taken, what is refused and how, what is shown, what is kept and what is asked for.

use std::{fs, path::Path};

use crate::support::{Actor, Response, TestApp, kpis::kpi_in};

mod adding;
mod asking;
mod keeping;
mod refusing;
mod showing;

/// Files below the folder of uploads that hold contents or are being received.
pub fn stored(app: &TestApp) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.ends_with("derived") {
                continue;
            }
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push(entry.file_name().into_string().unwrap());
            }
        }
    }
    let mut found = Vec::new();
    walk(&app.ctx.config.upload_dir, &mut found);
    found
}

pub struct Scene {
    pub app: TestApp,
    pub owner: Actor,
    pub manager: Actor,
    pub kpi: Response,
}

impl Scene {
    pub async fn new() -> Self {
        Self::configured(&[]).await
    }

    pub async fn configured(variables: &[(&str, &str)]) -> Self {
        let app = TestApp::configured(variables).await;
        let (owner, manager) = (app.employee().await, app.manager().await);
        let kpi = kpi_in("approved", &owner, &manager).await;
        Self { app, owner, manager, kpi }
    }

    pub fn path(&self) -> String {
        format!("/kpis/{}/evidence", self.kpi.id())
    }

    pub async fn sends(&self, parts: &[Vec<u8>]) -> Response {
        self.owner.request("POST", &self.path()).form(parts).send().await
    }

    pub async fn attaches(&self, name: &str, content: &[u8]) -> Response {
        self.owner.attaches(&self.kpi, name, content).await
    }
}
