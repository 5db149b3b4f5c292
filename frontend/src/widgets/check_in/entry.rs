//! What is typed into the form, and what becomes of it.

use kpi_api::{
    checkin::CheckInNew,
    kpi::{KpiView, PreviewBody},
    scoring::Kind,
    time::Date,
};

use crate::widgets::measure::after_check_in;

/// What is typed so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub value: Option<f64>,
    /// Whether what stands in the field is no number.
    pub junk: bool,
    pub milestones: Vec<bool>,
    pub on: Option<Date>,
    pub note: String,
    pub confidence: Option<u8>,
}

impl Entry {
    pub fn of(kpi: &KpiView) -> Self {
        Self {
            value: None,
            junk: false,
            milestones: kpi.milestones.iter().map(|milestone| milestone.done).collect(),
            on: None,
            note: String::new(),
            confidence: None,
        }
    }

    /// What was typed before, to be put right.
    pub fn again(kpi: &KpiView, body: &CheckInNew) -> Self {
        let fresh = Self::of(kpi);
        Self {
            value: body.value,
            junk: false,
            milestones: body
                .milestones
                .clone()
                .filter(|done| done.len() == fresh.milestones.len())
                .unwrap_or(fresh.milestones),
            on: body.on,
            note: body.note.clone(),
            confidence: body.confidence,
        }
    }

    /// The request, once there is something to record.
    pub fn body(&self, kind: Kind) -> Option<CheckInNew> {
        let is_list = kind == Kind::Milestones;
        if self.junk || (!is_list && self.value.is_none()) {
            return None;
        }
        Some(CheckInNew {
            value: self.value.filter(|_| !is_list),
            on: self.on,
            note: self.note.trim().to_owned(),
            confidence: self.confidence,
            milestones: is_list.then(|| self.milestones.clone()),
        })
    }

    /// What to ask the server for the score to come; none where it cannot be told yet.
    pub fn preview(&self, kpi: &KpiView, earlier: Option<&[f64]>) -> Option<PreviewBody> {
        let body = self.body(kpi.kind)?;
        let mut definition = kpi.definition();
        let current_value = match body.value {
            Some(value) => Some(after_check_in(kpi.rollup, kpi.current_value, earlier, value)?),
            None => {
                for (milestone, done) in definition.milestones.iter_mut().zip(&self.milestones) {
                    milestone.done = *done;
                }
                None
            }
        };
        // Always without a note: what is said to that tells whether one is needed.
        let check_in_note = Some(String::new());
        Some(PreviewBody { check_in_note, ..PreviewBody::of(definition, Some(kpi.id), current_value) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blank() -> Entry {
        Entry {
            value: None,
            junk: false,
            milestones: vec![true, false],
            on: None,
            note: " a ".into(),
            confidence: None,
        }
    }

    #[test]
    fn nothing_is_sent_before_there_is_a_value() {
        assert_eq!(blank().body(Kind::Number), None);
        assert_eq!(Entry { value: Some(1.0), junk: true, ..blank() }.body(Kind::Number), None);
    }

    #[test]
    fn milestones_are_sent_without_a_value() {
        let body = Entry { value: Some(1.0), ..blank() }.body(Kind::Milestones).unwrap();
        assert_eq!((body.value, body.milestones, body.note.as_str()), (None, Some(vec![true, false]), "a"));
    }
}
