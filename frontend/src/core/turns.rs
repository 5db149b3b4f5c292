//! Taking turns between the tabs of one browser (the Web Locks API).

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

use crate::core::browser;

/// Runs `work` while no other tab runs something under the same name. A browser that knows no locks runs it at once.
pub async fn exclusively<T>(name: &str, work: impl Future<Output = T>) -> T {
    let Some(end) = begin(name).await else { return work.await };
    let done = work.await;
    end.call0(&JsValue::NULL).ok();
    done
}

/// Waits for the turn; calling what comes back ends it. So does closing the tab.
async fn begin(name: &str) -> Option<Function> {
    let navigator = browser::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let (granted, grant) = deferred()?;
    let (ended, end) = deferred()?;
    // The browser holds the lock until the promise that the callback returns is fulfilled.
    let on_grant = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
        grant.call0(&JsValue::NULL).ok();
        ended.into()
    });
    request.call2(&locks, &name.into(), &on_grant).ok()?;
    JsFuture::from(granted).await.ok()?;
    Some(end)
}

/// A promise, and the function that fulfils it.
fn deferred() -> Option<(Promise, Function)> {
    let mut fulfil = None;
    let promise = Promise::new(&mut |good: Function, _| fulfil = Some(good));
    Some((promise, fulfil?))
}
