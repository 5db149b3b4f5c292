//! Numbers as people read them.

/// Decimals that are shown at most.
const DECIMALS: usize = 4;

/// A number without trailing zeros and with at most four decimals, very large and very small ones as powers of ten.
pub(crate) fn text(value: f64) -> String {
    if !value.is_finite() {
        return "no number".into();
    }
    let size = value.abs();
    if size >= 1e15 || (size > 0.0 && size < 0.000_05) {
        return format!("{value:e}");
    }
    let mut text = format!("{value:.DECIMALS$}");
    let kept = text.trim_end_matches('0').trim_end_matches('.').len();
    text.truncate(kept);
    if text == "-0" { "0".into() } else { text }
}

/// A number with its unit: `75 %`, `200 units`, `12` without a unit.
pub(crate) fn with_unit(value: f64, unit: &str) -> String {
    match unit.trim() {
        "" => text(value),
        unit => format!("{} {unit}", text(value)),
    }
}

/// Half away from zero, to `decimals` places (0 to 12).
pub(crate) fn round(value: f64, decimals: i64) -> f64 {
    let factor = 10f64.powi(decimals.clamp(0, 12) as i32);
    let scaled = value * factor;
    if scaled.is_finite() { scaled.round() / factor } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_without_noise() {
        for (value, expected) in [
            (75.0, "75"),
            (33.333_333_3, "33.3333"),
            (0.1 + 0.2, "0.3"),
            (-0.000_000_01, "-1e-8"),
            (-0.0, "0"),
            (1_250_000.0, "1250000"),
            (1e20, "1e20"),
            (0.5, "0.5"),
        ] {
            assert_eq!(text(value), expected);
        }
        assert_eq!(with_unit(75.0, "%"), "75 %");
        assert_eq!(with_unit(12.5, " "), "12.5");
    }

    #[test]
    fn rounding_keeps_numbers_numbers() {
        assert_eq!(round(2.345, 2), 2.35);
        assert_eq!(round(-0.5, 0), -1.0);
        assert_eq!(round(1e300, 12), 1e300);
    }
}
