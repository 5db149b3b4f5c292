//! Somebody else saved first: what was typed stays, and the rest takes their changes.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// What was typed (`mine`, begun from `base`) over the `latest` state: a field that was not touched takes the latest
/// value. Fields inside fields are compared one by one, lists as a whole.
pub fn rebase<T: Serialize + DeserializeOwned + Clone>(base: &T, mine: &T, latest: &T) -> T {
    let json = |form: &T| serde_json::to_value(form).ok();
    merged(json(base).as_ref(), json(mine).as_ref(), json(latest).as_ref())
        .and_then(|value| serde_json::from_value(value).ok())
        .unwrap_or_else(|| mine.clone())
}

fn merged(base: Option<&Value>, mine: Option<&Value>, latest: Option<&Value>) -> Option<Value> {
    if base == mine {
        return latest.cloned();
    }
    match (mine, latest) {
        (Some(Value::Object(typed)), Some(Value::Object(newest))) => {
            let begun = base.and_then(Value::as_object);
            let mut names: Vec<&String> = typed.keys().chain(newest.keys()).collect();
            names.extend(begun.into_iter().flat_map(Map::keys));
            names.sort_unstable();
            names.dedup();
            let fields = names.into_iter().filter_map(|name| {
                let value =
                    merged(begun.and_then(|begun| begun.get(name)), typed.get(name), newest.get(name))?;
                Some((name.clone(), value))
            });
            Some(Value::Object(fields.collect()))
        }
        _ => mine.cloned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_was_typed_stands_over_the_latest_state() {
        let base = json!({ "name": "a", "role": "x", "fields": { "unit": "h", "target": 1 } });
        let mine = json!({ "name": "b", "role": "x", "fields": { "target": 1, "title": "t" } });
        let latest = json!({ "name": "c", "role": "y", "fields": { "unit": "d", "target": 2 } });
        let expected = json!({ "name": "b", "role": "y", "fields": { "target": 2, "title": "t" } });
        assert_eq!(rebase(&base, &mine, &latest), expected);
    }

    #[test]
    fn an_untouched_form_is_the_latest_state() {
        let (base, latest) = (json!({ "a": [1] }), json!({ "a": [2] }));
        assert_eq!(rebase(&base, &base, &latest), latest);
    }
}
