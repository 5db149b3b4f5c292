//! Taking turns between the tabs of one browser (the Web Locks API).

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

use crate::core::browser;

/// A turn that is one's own until this is dropped, or the tab closes.
pub struct Turn(Function);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.call0(&JsValue::NULL).ok();
    }
}

/// Runs `work` while no other tab runs something under the same name. A browser that knows no locks runs it at once.
pub async fn exclusively<T>(name: &str, work: impl Future<Output = T>) -> T {
    let turn = take(name).await;
    let done = work.await;
    drop(turn);
    done
}

/// Waits for the turn. `None` at once where the browser knows no locks: it hands them out over HTTPS only.
pub async fn take(name: &str) -> Option<Turn> {
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
    Some(Turn(end))
}

/// A promise, and the function that fulfils it.
fn deferred() -> Option<(Promise, Function)> {
    let mut fulfil = None;
    let promise = Promise::new(&mut |good: Function, _| fulfil = Some(good));
    Some((promise, fulfil?))
}
