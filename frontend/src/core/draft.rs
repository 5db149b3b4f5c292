//! What was typed into a form survives a reload: kept in the browser until it is saved or thrown away.

use serde::{Serialize, de::DeserializeOwned};
use yew::prelude::*;

use crate::core::browser;

/// What [`use_draft`] gives.
pub struct Draft<T> {
    /// What was left from last time, to be offered back; `None` once restored, cleared or replaced.
    pub found: Option<T>,
    /// Keeps the present state of the form.
    pub keep: Callback<T>,
    /// After saving, or when the person throws it away.
    pub clear: Callback<()>,
}

/// `name` tells one form from another, e.g. `kpi-new` or `kpi-17`. It is kept per person.
#[hook]
pub fn use_draft<T>(name: AttrValue) -> Draft<T>
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + 'static,
{
    let me = crate::core::session::use_me();
    let key = format!("kpi.draft.{}.{name}", me.user.id);
    let found = use_state({
        let key = key.clone();
        move || browser::stored(&key).and_then(|text| serde_json::from_str::<T>(&text).ok())
    });
    let keep = {
        let key = key.clone();
        Callback::from(move |form: T| {
            if let Ok(text) = serde_json::to_string(&form) {
                browser::store(&key, &text);
            }
        })
    };
    let clear = {
        let found = found.clone();
        Callback::from(move |()| {
            browser::forget(&key);
            found.set(None);
        })
    };
    Draft { found: (*found).clone(), keep, clear }
}
