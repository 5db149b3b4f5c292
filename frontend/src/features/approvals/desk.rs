//! What somebody has done at the queue: rows chosen to be decided together, and rows that are decided but still stand in
//! the list that was fetched before.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use kpi_api::{
    approvals::{ApprovalRow, Decision, DecisionItem},
    id::{KpiId, Version},
    kpi::Act,
};
use yew::prelude::*;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Desk {
    chosen: BTreeSet<KpiId>,
    /// The version at which each was decided.
    gone: BTreeMap<KpiId, Version>,
    /// How many have been decided since the page was opened.
    pub decided: usize,
}

pub enum Step {
    Choose(KpiId, bool),
    Toggle(KpiId),
    ChooseAll(Vec<KpiId>),
    ChooseNone,
    /// Decided at this version.
    Decided(KpiId, Version),
    /// The decision was taken back.
    Returned(KpiId),
}

impl Reducible for Desk {
    type Action = Vec<Step>;

    fn reduce(self: Rc<Self>, steps: Vec<Step>) -> Rc<Self> {
        let mut desk = (*self).clone();
        steps.into_iter().for_each(|step| desk.step(step));
        Rc::new(desk)
    }
}

impl Desk {
    fn step(&mut self, step: Step) {
        match step {
            Step::Choose(id, true) => {
                self.chosen.insert(id);
            }
            Step::Choose(id, false) => {
                self.chosen.remove(&id);
            }
            Step::Toggle(id) => self.step(Step::Choose(id, !self.chosen.contains(&id))),
            Step::ChooseAll(ids) => self.chosen = ids.into_iter().collect(),
            Step::ChooseNone => self.chosen.clear(),
            Step::Decided(id, version) => {
                self.chosen.remove(&id);
                self.gone.insert(id, version);
                self.decided += 1;
            }
            Step::Returned(id) => {
                self.gone.remove(&id);
                self.decided = self.decided.saturating_sub(1);
            }
        }
    }

    /// The rows that still wait: a decided one comes back only at a later version.
    pub fn waiting(&self, rows: &[ApprovalRow]) -> Vec<ApprovalRow> {
        let is_gone =
            |row: &ApprovalRow| self.gone.get(&row.kpi.id).is_some_and(|version| row.kpi.version <= *version);
        rows.iter().filter(|row| !is_gone(row)).cloned().collect()
    }

    pub fn has_chosen(&self, id: KpiId) -> bool {
        self.chosen.contains(&id)
    }

    /// Those of the rows that are chosen; what is no longer there does not count.
    pub fn chosen(&self, rows: &[ApprovalRow]) -> Vec<ApprovalRow> {
        rows.iter().filter(|row| self.has_chosen(row.kpi.id)).cloned().collect()
    }
}

/// The act that says yes to a row (`good`), or no.
pub fn act_of(row: &ApprovalRow, good: bool) -> Option<Act> {
    row.decisions.iter().copied().find(|act| act.needs_reason() != good)
}

/// The same decision about each of the rows, as it is sent.
pub fn items(rows: &[ApprovalRow], good: bool, reason: Option<&str>) -> Vec<DecisionItem> {
    rows.iter()
        .filter_map(|row| {
            Some(DecisionItem {
                kpi_id: row.kpi.id,
                version: row.kpi.version,
                action: Decision::of(act_of(row, good)?)?,
                reason: reason.map(str::to_owned),
            })
        })
        .collect()
}

/// The row after (or before) the selected one; stays at the ends.
pub fn neighbour(rows: &[ApprovalRow], selected: Option<KpiId>, forward: bool) -> Option<KpiId> {
    let now = rows.iter().position(|row| Some(row.kpi.id) == selected);
    let index = match (now, forward) {
        (None, _) => 0,
        (Some(index), true) => (index + 1).min(rows.len().saturating_sub(1)),
        (Some(index), false) => index.saturating_sub(1),
    };
    rows.get(index).map(|row| row.kpi.id)
}

/// Where to go on once the selected row is decided: the next one, at the end the one before.
pub fn after(rows: &[ApprovalRow], decided: KpiId) -> Option<KpiId> {
    let index = rows.iter().position(|row| row.kpi.id == decided)?;
    rows.get(index + 1).or_else(|| rows.get(index.checked_sub(1)?)).map(|row| row.kpi.id)
}

#[cfg(test)]
mod tests {
    use kpi_api::{
        approvals::QueueReason,
        evidence::EvidenceSummary,
        id::UserId,
        kpi::{Category, KpiRow, Status},
        scoring::{Band, Direction, Kind, Pace},
        time::{Quarter, Timestamp},
    };

    use super::*;

    fn row(id: i64) -> ApprovalRow {
        ApprovalRow {
            kpi: KpiRow {
                id: KpiId(id),
                title: "T".into(),
                category: Category::Goal,
                user_id: UserId(1),
                user_name: "Ada".into(),
                department_id: None,
                department_name: None,
                template_id: None,
                year: 2026,
                quarter: Quarter::Q1,
                kind: Kind::Number,
                unit: String::new(),
                decimals: 0,
                direction: Direction::Increase,
                baseline: None,
                target: None,
                lower: None,
                upper: None,
                weight: 1.0,
                current_value: None,
                progress_percentage: None,
                score: None,
                band: Band::None,
                is_flagged: false,
                pace: Pace::None,
                status: Status::Submitted,
                due_date: None,
                updated_at: Timestamp(0),
                version: Version(1),
            },
            reason: QueueReason::NewKpi,
            waiting_since: Timestamp(0),
            waiting_days: 0,
            comment: None,
            flags: Vec::new(),
            changes: Vec::new(),
            result: None,
            evidence: EvidenceSummary::default(),
            on_behalf_of: None,
            decisions: vec![Act::Approve, Act::Reject],
        }
    }

    fn ids(rows: &[ApprovalRow]) -> Vec<i64> {
        rows.iter().map(|row| row.kpi.id.0).collect()
    }

    #[test]
    fn keys_walk_the_queue_and_stop_at_its_ends() {
        let rows = [row(1), row(2), row(3)];
        let from = |id, forward| neighbour(&rows, id, forward).map(|id| id.0);
        assert_eq!(from(None, true), Some(1));
        assert_eq!((from(Some(KpiId(1)), true), from(Some(KpiId(3)), true)), (Some(2), Some(3)));
        assert_eq!((from(Some(KpiId(2)), false), from(Some(KpiId(1)), false)), (Some(1), Some(1)));
        assert_eq!(neighbour(&[], None, true), None);
    }

    #[test]
    fn after_a_decision_the_next_row_is_up() {
        let rows = [row(1), row(2), row(3)];
        assert_eq!(after(&rows, KpiId(2)), Some(KpiId(3)));
        assert_eq!(after(&rows, KpiId(3)), Some(KpiId(2)));
        assert_eq!(after(&rows[..1], KpiId(1)), None);
        assert_eq!(after(&rows, KpiId(9)), None);
    }

    #[test]
    fn a_decided_row_is_gone_until_it_comes_back_changed_or_taken_back() {
        let rows = [row(1), row(2)];
        let mut desk = Desk::default();
        desk.step(Step::Choose(KpiId(1), true));
        desk.step(Step::Decided(KpiId(1), Version(1)));
        assert_eq!((ids(&desk.waiting(&rows)), desk.decided), (vec![2], 1));
        let mut again = row(1);
        again.kpi.version = Version(3);
        assert_eq!(ids(&desk.waiting(&[again])), [1]);
        desk.step(Step::Returned(KpiId(1)));
        assert_eq!((ids(&desk.waiting(&rows)), desk.decided), (vec![1, 2], 0));
        assert!(!desk.has_chosen(KpiId(1)));
    }

    #[test]
    fn only_rows_that_are_there_are_decided_together() {
        let mut desk = Desk::default();
        desk.step(Step::ChooseAll(vec![KpiId(1), KpiId(2), KpiId(9)]));
        desk.step(Step::Toggle(KpiId(2)));
        desk.step(Step::Toggle(KpiId(3)));
        let mut result = row(3);
        result.decisions = vec![Act::Accept, Act::Return];
        let chosen = desk.chosen(&[row(1), row(2), result]);
        assert_eq!(ids(&chosen), [1, 3]);
        let actions = |good, reason| {
            items(&chosen, good, reason)
                .into_iter()
                .map(|item| (item.action, item.reason))
                .collect::<Vec<_>>()
        };
        assert_eq!(actions(true, None), [(Decision::Approve, None), (Decision::Accept, None)]);
        let why = || Some("why".to_owned());
        assert_eq!(actions(false, Some("why")), [(Decision::Reject, why()), (Decision::Return, why())]);
    }
}
