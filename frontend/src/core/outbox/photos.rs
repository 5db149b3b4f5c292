//! The bytes of photos that wait: in the browser's database, and in memory as well, for browsers that withhold it.

use std::{cell::RefCell, collections::HashMap};

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

use crate::core::browser;

const DATABASE: &str = "kpi-outbox";
const STORE: &str = "photos";

thread_local! {
    static HERE: RefCell<HashMap<String, Blob>> = RefCell::default();
}

/// Keeps a photo; false where it will not outlive this tab.
pub async fn put(key: &str, photo: &Blob) -> bool {
    HERE.with_borrow_mut(|here| here.insert(key.to_owned(), photo.clone()));
    store(key, photo).await.is_ok()
}

async fn store(key: &str, photo: &Blob) -> Result<(), JsValue> {
    let change = transaction(IdbTransactionMode::Readwrite).await?;
    objects(&change)?.put_with_key(photo, &key.into())?;
    // Written is what the whole change has been, not what was asked for.
    let done = Promise::new(&mut |good: Function, bad: Function| {
        change.set_oncomplete(Some(&good));
        change.set_onabort(Some(&bad));
        change.set_onerror(Some(&bad));
    });
    JsFuture::from(done).await.map(drop)
}

/// `None` when it is gone, e.g. because the browser was told to forget.
pub async fn get(key: &str) -> Option<Blob> {
    if let Some(photo) = HERE.with_borrow(|here| here.get(key).cloned()) {
        return Some(photo);
    }
    let look = transaction(IdbTransactionMode::Readonly).await.ok()?;
    let found = answer(&objects(&look).ok()?.get(&key.into()).ok()?).await.ok()?;
    found.dyn_into().ok()
}

pub async fn remove(key: &str) {
    HERE.with_borrow_mut(|here| here.remove(key));
    if let Ok(change) = transaction(IdbTransactionMode::Readwrite).await
        && let Ok(objects) = objects(&change)
    {
        objects.delete(&key.into()).ok();
    }
}

fn objects(transaction: &IdbTransaction) -> Result<IdbObjectStore, JsValue> {
    transaction.object_store(STORE)
}

async fn transaction(mode: IdbTransactionMode) -> Result<IdbTransaction, JsValue> {
    let factory = browser::window().and_then(|window| window.indexed_db().ok().flatten());
    let request = factory.ok_or(JsValue::NULL)?.open_with_u32(DATABASE, 1)?;
    let opening = request.clone();
    let make = wasm_bindgen::closure::Closure::once_into_js(move || {
        if let Ok(database) = opening.result().and_then(JsCast::dyn_into::<IdbDatabase>) {
            database.create_object_store(STORE).ok();
        }
    });
    request.set_onupgradeneeded(Some(make.unchecked_ref()));
    let database: IdbDatabase = answer(&request).await?.dyn_into()?;
    database.transaction_with_str_and_mode(STORE, mode)
}

async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let done = Promise::new(&mut |good: Function, bad: Function| {
        request.set_onsuccess(Some(&good));
        request.set_onerror(Some(&bad));
    });
    JsFuture::from(done).await?;
    request.result()
}
