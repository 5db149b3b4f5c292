//! The few things asked of the browser itself. Everything answers "nothing" rather than fail where the browser
//! withholds it (private windows without storage, tests without a window).

use kpi_api::time::Timestamp;
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlDocument, HtmlElement, Storage, Window};

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

/// The `<html>` element.
pub fn root() -> Option<HtmlElement> {
    document()?.document_element()?.dyn_into().ok()
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

pub fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// A full or forbidden storage is no reason to stop anybody: what could not be remembered is simply forgotten.
pub fn store(key: &str, value: &str) {
    keep(key, value);
}

/// The same for what must not be forgotten: whether it is there now.
pub fn keep(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// The keys that begin with `prefix`, in no particular order.
pub fn stored_keys(prefix: &str) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let count = storage.length().unwrap_or(0);
    let keys = (0..count).filter_map(|index| storage.key(index).ok().flatten());
    keys.filter(|key| key.starts_with(prefix)).collect()
}

pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        storage.remove_item(key).ok();
    }
}

fn tab_storage() -> Option<Storage> {
    window()?.session_storage().ok()?
}

/// Keeps a text for the next page in this tab.
pub fn store_for_tab(key: &str, value: &str) {
    if let Some(storage) = tab_storage() {
        storage.set_item(key, value).ok();
    }
}

/// What the page before kept for this tab, once.
pub fn take_of_tab(key: &str) -> Option<String> {
    let storage = tab_storage()?;
    let text = storage.get_item(key).ok()??;
    storage.remove_item(key).ok();
    Some(text)
}

/// A cookie that scripts may read.
pub fn cookie(name: &str) -> Option<String> {
    let all = document()?.dyn_into::<HtmlDocument>().ok()?.cookie().ok()?;
    find_cookie(&all, name)
}

fn find_cookie(all: &str, name: &str) -> Option<String> {
    all.split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Moves the focus to the element with this id, if it is there.
pub fn focus(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.focus().ok();
    }
}

/// The same for an element that the present change is about to draw.
pub fn focus_soon(id: String) {
    wasm_bindgen_futures::spawn_local(async move {
        gloo_timers::future::TimeoutFuture::new(0).await;
        focus(&id);
    });
}

/// Scrolls the row that an element stands in sideways until it is seen.
pub fn reveal(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else { return };
    if let Some(row) = element.parent_element() {
        let (from, to) = (element.offset_left(), element.offset_left() + element.offset_width());
        if from < row.scroll_left() || to > row.scroll_left() + row.client_width() {
            row.set_scroll_left(from);
        }
    }
}

/// Minutes to add to UTC for the browser's clock at an instant (milliseconds since 1970).
pub fn zone_minutes(at: i64) -> i32 {
    if cfg!(target_arch = "wasm32") {
        -(js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at as f64)).get_timezone_offset() as i32)
    } else {
        0
    }
}

/// The browser's clock.
pub fn now() -> Timestamp {
    if cfg!(target_arch = "wasm32") { Timestamp(js_sys::Date::now() as i64) } else { Timestamp(0) }
}

/// The day by the browser's own calendar, to tell one from another.
pub fn today() -> String {
    String::from(js_sys::Date::new_0().to_date_string())
}

/// Loads a page of the app, as following a link does.
pub fn load(path: &str) {
    if let Some(window) = window() {
        window.location().assign(path).ok();
    }
}

/// The same without a way back to the present page.
pub fn load_instead(path: &str) {
    if let Some(window) = window() {
        window.location().replace(path).ok();
    }
}

/// Languages the browser asks for, best first.
pub fn languages() -> Vec<String> {
    window().map_or_else(Vec::new, |window| {
        window.navigator().languages().iter().filter_map(|language| language.as_string()).collect()
    })
}

/// 32 random hex digits, fit for an idempotency key.
pub fn random_key() -> String {
    let mut bytes = [0_u8; 16];
    if let Some(crypto) = window().and_then(|window| window.crypto().ok()) {
        crypto.get_random_values_with_u8_array(&mut bytes).ok();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Lets the browser save a text as a file.
pub fn save_file(name: &str, content_type: &str, text: &str) -> Option<()> {
    let parts = js_sys::Array::of1(&text.into());
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(content_type);
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let link: web_sys::HtmlAnchorElement = document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url).ok()
}

/// Puts a text on the clipboard; the answer of the browser is not awaited.
pub fn copy(text: &str) {
    if let Some(window) = window() {
        let written = window.navigator().clipboard().write_text(text);
        wasm_bindgen_futures::spawn_local(async move {
            wasm_bindgen_futures::JsFuture::from(written).await.ok();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::find_cookie;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let all = "kpi_csrf_old=a; kpi_csrf=b=c; other=d";
        assert_eq!(find_cookie(all, "kpi_csrf").as_deref(), Some("b=c"));
        assert_eq!(find_cookie(all, "csrf"), None);
    }
}
