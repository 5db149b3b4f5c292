//! The editor for rules (`frontend/editor`), loaded the first time a page shows it.

use js_sys::Reflect;
use kpi_api::rules::{cases::Diagnostic, reference::Vocabulary};
use serde_json::json;
use wasm_bindgen::{JsValue, closure::Closure};

use crate::core::script::{self, Script};

const EDITOR: Script = Script { source: "/vendor/editor/editor.js", global: "kpiEditor" };

/// Loads the editor once; the answer is whether it is there.
pub async fn load() -> bool {
    EDITOR.load().await
}

/// What is written in an editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Rhai,
    Plain,
}

/// What an editor is made with.
pub struct Options<'a> {
    pub text: &'a str,
    /// What it is for, to screen readers.
    pub label: &'a str,
    /// Id of the element that says how the keyboard leaves it.
    pub described_by: &'a str,
    pub language: Language,
    /// The library's own words with ours: (English, translated).
    pub phrases: &'a [(&'a str, String)],
}

/// An editor inside an element; gone when dropped.
pub struct CodeEditor {
    handle: JsValue,
    _ontype: Closure<dyn Fn(String)>,
}

impl CodeEditor {
    /// `None` when the library is not loaded. `ontype` hears of each change by typing, with the whole text.
    pub fn new(
        place: &web_sys::Element,
        options: &Options<'_>,
        ontype: impl Fn(String) + 'static,
    ) -> Option<Self> {
        let phrases: serde_json::Map<_, _> =
            options.phrases.iter().map(|(key, words)| ((*key).to_owned(), json!(words))).collect();
        let given = json!({
            "text": options.text,
            "label": options.label,
            "describedBy": options.described_by,
            "isRhai": options.language == Language::Rhai,
            "phrases": phrases,
        });
        let given = js_sys::JSON::parse(&given.to_string()).ok()?;
        let ontype = Closure::<dyn Fn(String)>::new(ontype);
        Reflect::set(&given, &"onChange".into(), ontype.as_ref()).ok()?;
        let handle = script::call(&EDITOR.library()?, "create", &[place.into(), given])?;
        Some(Self { handle, _ontype: ontype })
    }

    /// Puts in another text, which undo takes back. The same text changes nothing.
    pub fn set_text(&self, text: &str) {
        self.call("setText", &[text.into()]);
    }

    /// Shows these, each under its line, and no others.
    pub fn set_faults(&self, faults: &[Diagnostic]) {
        self.call_json("setFaults", &json!(faults));
    }

    /// What completion offers and the pointer explains.
    pub fn set_vocabulary(&self, vocabulary: &Vocabulary, kind: kpi_api::scoring::RuleKind) {
        let fields = vocabulary
            .fields
            .iter()
            .map(|field| json!({ "path": field.path, "type": field.ty, "about": field.description }));
        let functions = vocabulary.functions.iter().map(|function| {
            json!({
                "name": function.name,
                "signature": function.signature,
                "about": function.description,
                "example": function.example,
            })
        });
        let snippets = vocabulary.snippets.iter().filter(|snippet| snippet.kinds.contains(&kind)).map(
            |snippet| json!({ "label": snippet.label, "insert": snippet.body, "about": snippet.description }),
        );
        self.call_json(
            "setVocabulary",
            &json!({
                "fields": fields.collect::<Vec<_>>(),
                "functions": functions.collect::<Vec<_>>(),
                "snippets": snippets.collect::<Vec<_>>(),
            }),
        );
    }

    /// Moves the cursor there and takes the focus; both from 1.
    pub fn go_to(&self, line: u32, column: u32) {
        self.call("goTo", &[line.into(), column.into()]);
    }

    fn call_json(&self, name: &str, value: &serde_json::Value) {
        if let Ok(value) = js_sys::JSON::parse(&value.to_string()) {
            self.call(name, &[value]);
        }
    }

    fn call(&self, name: &str, arguments: &[JsValue]) {
        script::call(&self.handle, name, arguments);
    }
}

impl Drop for CodeEditor {
    fn drop(&mut self) {
        self.call("destroy", &[]);
    }
}
