//! Plugins: those that are there, what becomes of them, and the cards they put on the dashboard.

use kpi_api::{
    id::Version,
    page::Page,
    plugin::{
        PluginCheck, PluginChosen, PluginDetail, PluginGrant, PluginList, PluginLogRow, PluginSettings,
        PluginSettingsPut, PluginTest, PluginTested, PluginUninstalled, PluginView, PluginWidgets,
    },
};
use web_sys::{File, FormData};

use crate::core::{
    client::{Answer, Call},
    error::ApiError,
    query::Params,
};

pub async fn list() -> Answer<PluginList> {
    Call::get("/plugins").send().await
}

pub async fn get(id: &str) -> Answer<PluginDetail> {
    Call::get(format!("/plugins/{id}")).send().await
}

/// What an archive holds, and whether it could be installed. Nothing is kept.
pub async fn check(archive: &File) -> Answer<PluginCheck> {
    Call::post("/plugins/check").form(form(archive)?).send().await
}

/// The same of a bundle that is there already.
pub async fn check_available(id: String) -> Answer<PluginCheck> {
    Call::post("/plugins/check").json(&PluginChosen { id }).send().await
}

pub async fn install(archive: &File, key: &str) -> Answer<PluginView> {
    Call::post("/plugins/install").key(key).form(form(archive)?).send().await
}

pub async fn install_available(id: String, key: &str) -> Answer<PluginView> {
    Call::post("/plugins/install").key(key).json(&PluginChosen { id }).send().await
}

/// Lets it run with these permissions, which are all that it asks for.
pub async fn enable(id: &str, version: Version, grant: &PluginGrant) -> Answer<PluginView> {
    Call::post(format!("/plugins/{id}/enable")).version(version).json(grant).send().await
}

pub async fn disable(id: &str, version: Version) -> Answer<PluginView> {
    Call::post(format!("/plugins/{id}/disable")).version(version).send().await
}

pub async fn uninstall(id: &str, version: Version) -> Answer<PluginUninstalled> {
    Call::delete(format!("/plugins/{id}")).version(version).send().await
}

pub async fn update_settings(
    id: &str,
    version: Version,
    settings: &PluginSettingsPut,
) -> Answer<PluginSettings> {
    Call::put(format!("/plugins/{id}/settings")).version(version).json(settings).send().await
}

/// Newest first.
pub async fn log(id: &str, query: &Params) -> Answer<Page<PluginLogRow>> {
    Call::get(format!("/plugins/{id}/log")).query(query).send().await
}

/// Calls a hook with an example; what it does, it really does.
pub async fn test(id: &str, body: &PluginTest) -> Answer<PluginTested> {
    Call::post(format!("/plugins/{id}/test")).json(body).send().await
}

/// The cards of plugins for the dashboard of whoever asks.
pub async fn widgets() -> Answer<PluginWidgets> {
    Call::get("/dashboard/widgets").send().await
}

fn form(archive: &File) -> Answer<FormData> {
    let form = FormData::new().map_err(|_| ApiError::Unreachable)?;
    form.append_with_blob_and_filename("file", archive, &archive.name())
        .map_err(|_| ApiError::Unreachable)?;
    Ok(form)
}
