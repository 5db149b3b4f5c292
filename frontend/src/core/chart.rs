//! The chart library: fetched from our own server the first time a chart is shown.

use std::cell::RefCell;

use futures_util::{
    FutureExt,
    future::{LocalBoxFuture, Shared},
};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlScriptElement;

use crate::core::browser;

const SOURCE: &str = "/vendor/echarts/echarts.min.js";

type Loading = Shared<LocalBoxFuture<'static, bool>>;

thread_local! {
    static LOADING: RefCell<Option<Loading>> = const { RefCell::new(None) };
}

fn library() -> Option<JsValue> {
    let found = Reflect::get(&browser::window()?.into(), &"echarts".into()).ok()?;
    (!found.is_undefined()).then_some(found)
}

/// Loads the library once; the answer is whether it is there.
pub async fn load() -> bool {
    if library().is_some() {
        return true;
    }
    let loading =
        LOADING.with_borrow_mut(|slot| slot.get_or_insert_with(|| fetch().boxed_local().shared()).clone());
    let good = loading.await;
    if !good {
        // The next chart may try again.
        LOADING.with_borrow_mut(|slot| *slot = None);
    }
    good
}

async fn fetch() -> bool {
    let loaded = Promise::new(&mut |resolve, reject| {
        if add_script(&resolve, &reject).is_none() {
            reject.call0(&JsValue::NULL).ok();
        }
    });
    JsFuture::from(loaded).await.is_ok() && library().is_some()
}

fn add_script(resolve: &Function, reject: &Function) -> Option<()> {
    let document = browser::document()?;
    let script: HtmlScriptElement = document.create_element("script").ok()?.dyn_into().ok()?;
    script.set_src(SOURCE);
    script.set_onload(Some(resolve));
    script.set_onerror(Some(reject));
    document.head()?.append_child(&script).ok()?;
    Some(())
}

/// A chart drawn into an element.
pub struct Drawn {
    chart: JsValue,
}

impl Drawn {
    /// `None` when the library is not loaded.
    pub fn new(place: &web_sys::Element) -> Option<Self> {
        let options = js_sys::Object::new();
        Reflect::set(&options, &"renderer".into(), &"svg".into()).ok()?;
        let library = library()?;
        let init: Function = Reflect::get(&library, &"init".into()).ok()?.dyn_into().ok()?;
        let chart = init.call3(&library, place, &JsValue::NULL, &options).ok()?;
        Some(Self { chart })
    }

    /// Draws an option of ECharts, given as JSON.
    pub fn draw(&self, option: &serde_json::Value) {
        if let Ok(option) = js_sys::JSON::parse(&option.to_string()) {
            self.call("setOption", &[option, JsValue::TRUE]);
        }
    }

    pub fn resize(&self) {
        self.call("resize", &[]);
    }

    fn call(&self, name: &str, arguments: &[JsValue]) {
        let method =
            Reflect::get(&self.chart, &name.into()).ok().and_then(|found| found.dyn_into::<Function>().ok());
        if let Some(method) = method {
            method.apply(&self.chart, &arguments.iter().cloned().collect()).ok();
        }
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        self.call("dispose", &[]);
    }
}
