//! What a new password must be, checked while it is typed.

use kpi_api::auth::{PASSWORD_MAX, PASSWORD_MIN};
use yew::AttrValue;

use crate::t;

/// What stands below a field for a new password.
pub fn hint() -> AttrValue {
    t!("password.hint", min = PASSWORD_MIN)
}

/// What is wrong with a new password as far as the browser can tell.
pub fn fault(password: &str) -> Option<AttrValue> {
    match password.chars().count() {
        length if length < PASSWORD_MIN => Some(t!("password.too_short", min = PASSWORD_MIN)),
        length if length > PASSWORD_MAX => Some(t!("password.too_long", max = PASSWORD_MAX)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn length_is_counted_in_characters() {
        assert!(fault("äöüß123").is_some());
        assert!(fault("äöüß1234").is_none());
        assert!(fault(&"x".repeat(129)).is_some());
    }
}
