//! The chart library, loaded the first time a chart is shown.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::core::script::{self, Script};

const ECHARTS: Script = Script { source: "/vendor/echarts/echarts.min.js", global: "echarts" };

/// Loads the library once; the answer is whether it is there.
pub async fn load() -> bool {
    ECHARTS.load().await
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
        let chart =
            script::call(&ECHARTS.library()?, "init", &[place.into(), JsValue::NULL, options.into()])?;
        Some(Self { chart })
    }

    /// Draws an option of ECharts, given as JSON.
    pub fn draw(&self, option: &serde_json::Value) {
        if let Ok(option) = js_sys::JSON::parse(&option.to_string()) {
            script::call(&self.chart, "setOption", &[option, JsValue::TRUE]);
        }
    }

    pub fn resize(&self) {
        script::call(&self.chart, "resize", &[]);
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        script::call(&self.chart, "dispose", &[]);
    }
}
