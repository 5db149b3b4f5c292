//! What stands in the form, and what of it is sent.

use std::{collections::BTreeSet, rc::Rc};

use kpi_api::{
    kpi::{KpiNew, KpiPatch},
    patch::Patch,
    scoring::{Direction, Kind, Rollup},
};
use yew::prelude::*;

use crate::ui::number_input::Typed;

/// The form's state. Fields that do not apply at the moment keep what was typed into them until it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub kpi: KpiNew,
    /// The value that the preview assumes.
    pub what_if: Option<f64>,
    /// Fields in which stands something that is no number.
    pub junk: BTreeSet<String>,
    /// Fields that were typed into.
    pub touched: BTreeSet<String>,
}

impl Entry {
    pub fn new(kpi: KpiNew, what_if: Option<f64>) -> Self {
        Self { kpi, what_if, junk: BTreeSet::new(), touched: BTreeSet::new() }
    }
}

type Change = Box<dyn FnOnce(&mut Entry)>;

impl Reducible for Entry {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = (*self).clone();
        change(&mut next);
        next.into()
    }
}

/// Changes the form. Cheap to clone; stable over renders.
#[derive(Clone, PartialEq)]
pub struct Editor(pub UseReducerDispatcher<Entry>);

impl Editor {
    pub fn change(&self, change: impl FnOnce(&mut Entry) + 'static) {
        self.0.dispatch(Box::new(change));
    }

    /// For a field of text or choice.
    pub fn text(&self, field: &'static str, apply: fn(&mut KpiNew, String)) -> Callback<String> {
        let editor = self.clone();
        Callback::from(move |text: String| {
            editor.change(move |entry| {
                entry.touched.insert(field.to_owned());
                apply(&mut entry.kpi, text);
            });
        })
    }

    /// For a field of numbers. What is no number leaves the old value alone and is remembered as junk.
    pub fn number(&self, field: &'static str, apply: fn(&mut KpiNew, Option<f64>)) -> Callback<Typed> {
        let editor = self.clone();
        Callback::from(move |typed: Typed| {
            editor.change(move |entry| {
                entry.touched.insert(field.to_owned());
                match typed {
                    Ok(value) => {
                        entry.junk.remove(field);
                        apply(&mut entry.kpi, value);
                    }
                    Err(_) => {
                        entry.junk.insert(field.to_owned());
                    }
                }
            });
        })
    }
}

/// Which of the measuring fields a kind and direction have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Unit, decimals, direction, rollup.
    pub numeric: bool,
    /// Baseline, target, stretch.
    pub target: bool,
    /// Lower and upper.
    pub range: bool,
    pub milestones: bool,
}

impl Shape {
    pub fn of(kpi: &KpiNew) -> Self {
        let numeric = matches!(kpi.kind, Kind::Number | Kind::Percentage);
        let range = numeric && kpi.direction == Direction::InRange;
        Self { numeric, target: numeric && !range, range, milestones: kpi.kind == Kind::Milestones }
    }
}

/// The definition as it is sent: texts trimmed, fields that do not apply emptied.
pub fn sent(kpi: &KpiNew) -> KpiNew {
    let shape = Shape::of(kpi);
    let mut kpi = kpi.clone();
    for text in [&mut kpi.title, &mut kpi.description, &mut kpi.measurement_method, &mut kpi.unit] {
        if text.trim().len() != text.len() {
            *text = text.trim().to_owned();
        }
    }
    if !shape.target {
        (kpi.baseline, kpi.target, kpi.stretch) = (None, None, None);
    }
    if !shape.range {
        (kpi.lower, kpi.upper) = (None, None);
    }
    if !shape.milestones {
        kpi.milestones.clear();
    }
    if !shape.numeric {
        kpi.direction = Direction::Increase;
        kpi.rollup = Rollup::Last;
        kpi.unit.clear();
        kpi.decimals = 0;
    }
    kpi
}

/// What turns one definition into the other; nothing where they are alike.
pub fn difference(old: &KpiNew, new: &KpiNew) -> KpiPatch {
    macro_rules! set {
        ($field:ident) => {
            (old.$field != new.$field).then(|| new.$field.clone())
        };
    }
    macro_rules! patch {
        ($field:ident) => {
            Patch::between(&old.$field, new.$field)
        };
    }
    KpiPatch {
        year: set!(year),
        quarter: set!(quarter),
        title: set!(title),
        description: set!(description),
        category: set!(category),
        measurement_method: set!(measurement_method),
        kind: set!(kind),
        unit: set!(unit),
        decimals: set!(decimals),
        direction: set!(direction),
        baseline: patch!(baseline),
        target: patch!(target),
        stretch: patch!(stretch),
        lower: patch!(lower),
        upper: patch!(upper),
        rollup: set!(rollup),
        weight: set!(weight),
        cap: patch!(cap),
        milestones: set!(milestones),
        parent_id: patch!(parent_id),
        due_date: patch!(due_date),
        tags: set!(tags),
        custom_fields: set!(custom_fields),
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::{id::KpiId, scoring::Milestone, time::Quarter};

    use super::*;

    fn full() -> KpiNew {
        KpiNew {
            title: " Sell more ".into(),
            unit: "€".into(),
            decimals: 2,
            direction: Direction::Decrease,
            baseline: Some(10.0),
            target: Some(5.0),
            stretch: Some(4.0),
            lower: Some(1.0),
            upper: Some(2.0),
            rollup: Rollup::Sum,
            milestones: vec![Milestone { title: "Plan".into(), weight: 1.0, done: false }],
            ..KpiNew::blank(2026, Quarter::Q3)
        }
    }

    #[test]
    fn a_target_kpi_sends_no_range_and_no_milestones() {
        let kpi = sent(&full());
        assert_eq!((kpi.title.as_str(), kpi.target, kpi.baseline), ("Sell more", Some(5.0), Some(10.0)));
        assert_eq!((kpi.lower, kpi.upper, kpi.milestones.len()), (None, None, 0));
    }

    #[test]
    fn a_range_sends_its_bounds_and_no_target() {
        let kpi = sent(&KpiNew { direction: Direction::InRange, ..full() });
        assert_eq!((kpi.lower, kpi.upper), (Some(1.0), Some(2.0)));
        assert_eq!((kpi.baseline, kpi.target, kpi.stretch), (None, None, None));
    }

    #[test]
    fn yes_or_no_and_milestones_have_neither_unit_nor_direction() {
        for kind in [Kind::Boolean, Kind::Milestones] {
            let kpi = sent(&KpiNew { kind, ..full() });
            assert_eq!(
                (kpi.unit.as_str(), kpi.direction, kpi.rollup),
                ("", Direction::Increase, Rollup::Last)
            );
            assert_eq!((kpi.target, kpi.lower), (None, None));
            assert_eq!(kpi.milestones.len(), usize::from(kind == Kind::Milestones));
        }
    }

    #[test]
    fn a_difference_turns_the_old_into_the_new() {
        let old = full();
        let mut new = full();
        new.title = "Sell better".into();
        new.target = None;
        new.lower = Some(9.0);
        new.parent_id = Some(KpiId(4));
        new.quarter = Quarter::Q4;
        new.custom_fields.insert("region".into(), "North".into());
        assert_eq!(old.clone().patched(difference(&old, &new)), new);
        assert_eq!(difference(&old, &old), KpiPatch::default());
    }
}
