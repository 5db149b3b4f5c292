//! Reading numbers that people type: comma or point, with or without grouped thousands.

use kpi_api::check::NUMBER_MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    NotANumber,
    TooLarge,
}

/// The number in `text`, `None` when it is blank. `decimal` is the decimal sign of the language: it settles what a lone
/// `1.234` means. Blanks, apostrophes and a trailing percent sign are forgiven.
pub fn parse(text: &str, decimal: char) -> Result<Option<f64>, NumberFault> {
    let text = text.trim().trim_end_matches('%');
    let clean: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '\u{2019}' | '\u{a0}' | '\u{202f}'))
        .map(|c| if c == '\u{2212}' { '-' } else { c })
        .collect();
    if clean.is_empty() {
        return Ok(None);
    }
    let (minus, digits) = match clean.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, clean.strip_prefix('+').unwrap_or(&clean)),
    };
    if !digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        || !digits.bytes().any(|b| b.is_ascii_digit())
    {
        return Err(NumberFault::NotANumber);
    }
    let split = decimal_place(digits, decimal)?;
    let (whole, places) = match split {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, ""),
    };
    let whole = ungroup(whole)?;
    let number: f64 = format!("{whole}.{places}0").parse().map_err(|_| NumberFault::NotANumber)?;
    if number > NUMBER_MAX {
        return Err(NumberFault::TooLarge);
    }
    Ok(Some(if minus { -number } else { number }))
}

/// Where the decimal sign stands, if there is one.
fn decimal_place(digits: &str, decimal: char) -> Result<Option<usize>, NumberFault> {
    let last = digits.rfind(['.', ',']);
    let Some(at) = last else { return Ok(None) };
    let sign = digits.as_bytes()[at] as char;
    let other = if sign == '.' { ',' } else { '.' };
    let times = digits.matches(sign).count();
    if digits.contains(other) {
        // Both occur: the last one is the decimal sign, and it may stand only once.
        return if times == 1 { Ok(Some(at)) } else { Err(NumberFault::NotANumber) };
    }
    let groups = digits.len() - at - 1 == 3 && at > 0 && at <= 3 && !digits.starts_with('0');
    match times {
        1 if sign == decimal || !groups => Ok(Some(at)),
        1 => Ok(None),
        _ => Ok(None),
    }
}

/// Takes the grouping out; every group but the first has three digits.
fn ungroup(whole: &str) -> Result<String, NumberFault> {
    let mut groups = whole.split(['.', ',']);
    let mut out = groups.next().unwrap_or_default().to_owned();
    let grouped = whole.contains(['.', ',']);
    if grouped && !(1..=3).contains(&out.len()) {
        return Err(NumberFault::NotANumber);
    }
    for group in groups {
        if group.len() != 3 {
            return Err(NumberFault::NotANumber);
        }
        out.push_str(group);
    }
    Ok(if out.is_empty() { "0".to_owned() } else { out })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_decimal_signs_are_understood() {
        for (text, decimal, value) in [
            ("12,5", ',', 12.5),
            ("12.5", ',', 12.5),
            ("12,5", '.', 12.5),
            ("1.234,5", ',', 1234.5),
            ("1,234.5", '.', 1234.5),
            ("1.234", ',', 1234.0),
            ("1.234", '.', 1.234),
            ("1,234", '.', 1234.0),
            ("0.125", ',', 0.125),
            ("1 234 567", '.', 1_234_567.0),
            ("1.234.567", ',', 1_234_567.0),
            ("-3", '.', -3.0),
            ("\u{2212}0,5", ',', -0.5),
            (".5", '.', 0.5),
            ("5.", '.', 5.0),
            ("85 %", '.', 85.0),
        ] {
            assert_eq!(parse(text, decimal), Ok(Some(value)), "{text} with {decimal}");
        }
    }

    #[test]
    fn junk_is_refused_and_nothing_is_nothing() {
        for text in ["abc", "1e5", "NaN", "Infinity", "1,2,3", "12.34.5", "--1", "-", "1.2,3,4", "."] {
            assert_eq!(parse(text, '.'), Err(NumberFault::NotANumber), "{text}");
        }
        assert_eq!(parse("  ", '.'), Ok(None));
        assert_eq!(parse("9999999999999", '.'), Err(NumberFault::TooLarge));
    }
}
