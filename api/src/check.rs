//! Checks of single fields, shared by the server (which refuses) and the forms (which tell beside the field).

use crate::error::FieldError;

pub const NAME_MAX: usize = 120;
pub const TITLE_MAX: usize = 200;
pub const TEXT_MAX: usize = 4000;
pub const UNIT_MAX: usize = 20;
pub const REASON_MAX: usize = 1000;
pub const TAGS_MAX: usize = 20;
pub const TAG_MAX: usize = 40;
pub const MILESTONES_MAX: usize = 50;
pub const YEAR_MIN: i32 = 2000;
pub const YEAR_MAX: i32 = 2100;
/// Measured values stay where a double still counts in thousandths.
pub const NUMBER_MAX: f64 = 1e12;

/// Collects what is wrong with a request, field by field.
#[derive(Debug, Default)]
pub struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn fail(&mut self, field: &str, code: &str, message: impl Into<String>) {
        self.errors.push(FieldError::new(field, code, message));
    }

    pub fn ensure(&mut self, good: bool, field: &str, code: &str, message: impl Into<String>) {
        if !good {
            self.fail(field, code, message);
        }
    }

    /// A text that must not be blank, at most `max` characters, without control characters.
    pub fn required(&mut self, field: &str, text: &str, max: usize) {
        if text.trim().is_empty() {
            self.fail(field, "required", "Fill this in.");
        } else {
            self.line(field, text, max);
        }
    }

    /// One line: at most `max` characters, no control characters.
    pub fn line(&mut self, field: &str, text: &str, max: usize) {
        self.length(field, text, max);
        if text.chars().any(char::is_control) {
            self.fail(field, "control_characters", "Control characters are not allowed.");
        }
    }

    /// Several lines: at most `max` characters; line breaks and tabs are fine.
    pub fn text(&mut self, field: &str, text: &str, max: usize) {
        self.length(field, text, max);
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.fail(field, "control_characters", "Control characters are not allowed.");
        }
    }

    fn length(&mut self, field: &str, text: &str, max: usize) {
        // The byte length bounds the character count: a megabyte is refused without being counted.
        if text.len() > max && text.chars().nth(max).is_some() {
            self.fail(field, "too_long", format!("At most {max} characters."));
        }
    }

    pub fn number(&mut self, field: &str, value: Option<f64>) {
        self.between(field, value, -NUMBER_MAX, NUMBER_MAX);
    }

    /// Both ends inclusive; NaN and infinity never pass.
    pub fn between(&mut self, field: &str, value: Option<f64>, low: f64, high: f64) {
        if value.is_some_and(|value| !(low..=high).contains(&value)) {
            self.fail(field, "out_of_range", format!("Between {low} and {high}."));
        }
    }

    pub fn year(&mut self, field: &str, year: i32) {
        self.ensure(
            (YEAR_MIN..=YEAR_MAX).contains(&year),
            field,
            "out_of_range",
            format!("Between {YEAR_MIN} and {YEAR_MAX}."),
        );
    }

    /// Something that looks like one mailbox: one `@`, a dot in the domain, no blanks.
    pub fn email(&mut self, field: &str, text: &str) {
        let good = text.len() <= 254
            && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>(),;:\\\"[]".contains(c))
            && text.split_once('@').is_some_and(|(name, domain)| {
                !name.is_empty()
                    && !domain.contains('@')
                    && domain.contains('.')
                    && domain.split('.').all(|label| !label.is_empty())
            });
        self.ensure(good, field, "invalid_email", "This is not an e-mail address.");
    }

    /// 3 to 40 letters, digits, dots, dashes or underscores, so that it is never mistaken for an e-mail address.
    pub fn username(&mut self, field: &str, text: &str) {
        let good = (3..=40).contains(&text.chars().count())
            && text.chars().all(|c| c.is_alphanumeric() || ".-_".contains(c));
        self.ensure(good, field, "invalid_username", "3 to 40 letters, digits, dots, dashes or underscores.");
    }

    pub fn is_good(&self) -> bool {
        self.errors.is_empty()
    }

    pub fn errors(self) -> Vec<FieldError> {
        self.errors
    }

    /// `Err` with everything found, or `Ok`.
    pub fn done(self) -> Result<(), Vec<FieldError>> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(run: impl FnOnce(&mut Check)) -> Vec<String> {
        let mut check = Check::new();
        run(&mut check);
        check.errors().into_iter().map(|e| e.code).collect()
    }

    #[test]
    fn not_a_number_and_infinity_never_pass() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e13] {
            assert_eq!(codes(|c| c.number("target", Some(value))), ["out_of_range"]);
        }
        assert!(codes(|c| c.number("target", Some(-3.5))).is_empty());
    }

    #[test]
    fn a_text_is_counted_in_characters() {
        assert!(codes(|c| c.required("title", &"ж".repeat(200), 200)).is_empty());
        assert_eq!(codes(|c| c.required("title", &"ж".repeat(201), 200)), ["too_long"]);
        assert_eq!(codes(|c| c.required("title", "  ", 200)), ["required"]);
    }

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        for bad in ["", "a", "a@b", "@b.c", "a@b.c\r\nBcc: x@y.z", "a b@c.d", "a@@b.c", "a@b..c"] {
            assert_eq!(codes(|c| c.email("email", bad)), ["invalid_email"], "{bad}");
        }
        assert!(codes(|c| c.email("email", "anna.nguyễn@firma.example")).is_empty());
    }
}
