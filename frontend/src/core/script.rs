//! Scripts that only some pages need: fetched from our own server the first time one of them is shown.

use std::{cell::RefCell, collections::HashMap};

use futures_util::{
    FutureExt,
    future::{LocalBoxFuture, Shared},
};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlScriptElement;

use crate::core::browser;

/// A script and the name under which it makes itself known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Script {
    pub source: &'static str,
    pub global: &'static str,
}

type Loading = Shared<LocalBoxFuture<'static, bool>>;

thread_local! {
    static LOADING: RefCell<HashMap<Script, Loading>> = RefCell::new(HashMap::new());
}

impl Script {
    /// What it has made known; `None` until it is loaded.
    pub fn library(self) -> Option<JsValue> {
        let found = Reflect::get(&browser::window()?.into(), &self.global.into()).ok()?;
        (!found.is_undefined()).then_some(found)
    }

    /// Loads it once; the answer is whether it is there.
    pub async fn load(self) -> bool {
        if self.library().is_some() {
            return true;
        }
        let loading = LOADING.with_borrow_mut(|all| {
            all.entry(self).or_insert_with(|| self.fetch().boxed_local().shared()).clone()
        });
        let good = loading.await;
        if !good {
            // The next one who needs it may try again.
            LOADING.with_borrow_mut(|all| all.remove(&self));
        }
        good
    }

    async fn fetch(self) -> bool {
        let loaded = Promise::new(&mut |resolve, reject| {
            if self.add(&resolve, &reject).is_none() {
                reject.call0(&JsValue::NULL).ok();
            }
        });
        JsFuture::from(loaded).await.is_ok() && self.library().is_some()
    }

    fn add(self, resolve: &Function, reject: &Function) -> Option<()> {
        let document = browser::document()?;
        let script: HtmlScriptElement = document.create_element("script").ok()?.dyn_into().ok()?;
        script.set_src(self.source);
        script.set_onload(Some(resolve));
        script.set_onerror(Some(reject));
        document.head()?.append_child(&script).ok()?;
        Some(())
    }
}

/// Calls a method of a library's object; a method that is not there or fails gives nothing.
pub fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method: Function = Reflect::get(object, &name.into()).ok()?.dyn_into().ok()?;
    method.apply(object, &arguments.iter().cloned().collect()).ok()
}
