//! What is being written, and how it gets to the server without anything being lost: source and cases of a draft, what
//! of them is saved, and what happens when somebody else was faster.

use std::rc::Rc;

use kpi_api::{
    error::Code,
    id::Version,
    rules::{DraftBody, Tests, cases::TestCase},
};
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use crate::core::error::ApiError;

/// Cases as the table has them, or as a file that the server has not read yet, or cannot read.
#[derive(Debug, Clone, PartialEq)]
pub enum Cases {
    Listed(Rc<Vec<TestCase>>),
    File(AttrValue),
}

impl Cases {
    /// As they are sent.
    pub fn tests(&self) -> Tests {
        match self {
            Self::Listed(cases) => Tests { cases: Some(cases.to_vec()), text: None },
            Self::File(text) => Tests { cases: None, text: Some(text.to_string()) },
        }
    }

    /// `None` while they are an unread file.
    pub fn listed(&self) -> Option<&Rc<Vec<TestCase>>> {
        match self {
            Self::Listed(cases) => Some(cases),
            Self::File(_) => None,
        }
    }
}

/// A source with its cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Writing {
    pub source: AttrValue,
    pub cases: Cases,
}

/// What is kept in the browser until it is saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    pub source: String,
    pub tests: Tests,
    /// The revision it was begun from.
    pub revision: Version,
}

impl Kept {
    pub fn writing(&self) -> Writing {
        let cases = match (&self.tests.cases, &self.tests.text) {
            (_, Some(text)) => Cases::File(text.clone().into()),
            (cases, None) => Cases::Listed(Rc::new(cases.clone().unwrap_or_default())),
        };
        Writing { source: self.source.clone().into(), cases }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    Quiet,
    Sending(Writing),
    Failed(ApiError),
    /// Somebody else saved in between; `None` until theirs is fetched.
    Overtaken(Option<(Writing, Version)>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    pub mine: Writing,
    /// As the server has it.
    saved: Writing,
    pub revision: Version,
    pub phase: Phase,
    /// Counts what was put in other than by typing, so that the editor knows when to take the text.
    pub brought: u32,
}

pub enum Step {
    Typed(String),
    Cased(Vec<TestCase>),
    /// The file of the cases, as typed.
    Filed(String),
    /// A recipe, what was kept in the browser, an undone change.
    Brought(Writing),
    Sending,
    Saved(Version),
    Refused(ApiError),
    /// What the server has by now.
    Server(Writing, Version),
    KeepMine,
    TakeTheirs,
    /// After a change that was made elsewhere on the page: what the server has replaces everything.
    Replaced(Writing, Version),
}

impl Work {
    pub fn new(saved: Writing, revision: Version) -> Self {
        Self { mine: saved.clone(), saved, revision, phase: Phase::Quiet, brought: 0 }
    }

    pub fn is_dirty(&self) -> bool {
        self.mine != self.saved
    }

    /// Whether it is time to send.
    pub fn wants_saving(&self) -> bool {
        self.is_dirty() && self.phase == Phase::Quiet
    }

    /// What is sent: the cases only where they were changed.
    pub fn body(&self) -> DraftBody {
        let tests = (self.mine.cases != self.saved.cases).then(|| self.mine.cases.tests());
        DraftBody { source: self.mine.source.to_string(), tests }
    }

    pub fn kept(&self) -> Kept {
        Kept { source: self.mine.source.to_string(), tests: self.mine.cases.tests(), revision: self.revision }
    }

    fn changed(mut self, mine: Writing) -> Self {
        self.mine = mine;
        // What was refused may be taken now.
        if matches!(self.phase, Phase::Failed(_)) {
            self.phase = Phase::Quiet;
        }
        self
    }

    fn adopt(mut self, theirs: Writing, revision: Version) -> Self {
        self.brought = self.brought.wrapping_add(1);
        Self { mine: theirs.clone(), saved: theirs, revision, phase: Phase::Quiet, brought: self.brought }
    }

    fn step(self, step: Step) -> Self {
        match step {
            Step::Typed(source) => {
                let cases = self.mine.cases.clone();
                self.changed(Writing { source: source.into(), cases })
            }
            Step::Cased(cases) => {
                let source = self.mine.source.clone();
                self.changed(Writing { source, cases: Cases::Listed(Rc::new(cases)) })
            }
            Step::Filed(text) => {
                let source = self.mine.source.clone();
                self.changed(Writing { source, cases: Cases::File(text.into()) })
            }
            Step::Brought(writing) => {
                let brought = self.brought.wrapping_add(1);
                Self { brought, ..self.changed(writing) }
            }
            Step::Sending => {
                let phase = Phase::Sending(self.mine.clone());
                Self { phase, ..self }
            }
            Step::Saved(revision) => match self.phase {
                Phase::Sending(sent) => Self { saved: sent, revision, phase: Phase::Quiet, ..self },
                _ => self,
            },
            Step::Refused(error) => {
                let phase = if error.code() == Some(Code::StaleVersion) {
                    Phase::Overtaken(None)
                } else {
                    Phase::Failed(error)
                };
                Self { phase, ..self }
            }
            // One's own change may be heard of before its answer comes.
            Step::Server(..) if matches!(self.phase, Phase::Sending(_)) => self,
            Step::Server(theirs, revision) if revision == self.revision => self.read(theirs),
            Step::Server(theirs, revision) if !self.is_dirty() || theirs == self.mine => {
                if theirs == self.mine {
                    // Another part of the rule changed: nothing to put in.
                    return Self { saved: theirs, revision, phase: Phase::Quiet, ..self };
                }
                self.adopt(theirs, revision)
            }
            Step::Server(theirs, revision) => {
                Self { phase: Phase::Overtaken(Some((theirs, revision))), ..self }
            }
            Step::KeepMine => match self.phase {
                Phase::Overtaken(Some((theirs, revision))) => {
                    Self { saved: theirs, revision, phase: Phase::Quiet, ..self }
                }
                _ => self,
            },
            Step::TakeTheirs => match self.phase.clone() {
                Phase::Overtaken(Some((theirs, revision))) => self.adopt(theirs, revision),
                _ => self,
            },
            Step::Replaced(writing, revision) => self.adopt(writing, revision),
        }
    }

    /// The same revision, read anew: the cases of a file that was sent come back as a list, those of another version
    /// with its text.
    fn read(mut self, server: Writing) -> Self {
        if !self.is_dirty() {
            let differs = server.source != self.mine.source || server.cases != self.mine.cases;
            let brought = self.brought.wrapping_add(u32::from(differs));
            return Self { mine: server.clone(), saved: server, brought, ..self };
        }
        if matches!(self.saved.cases, Cases::File(_)) && server.source == self.saved.source {
            if self.mine.cases == self.saved.cases {
                self.mine.cases = server.cases.clone();
            }
            self.saved = server;
        }
        self
    }
}

impl Reducible for Work {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).step(step))
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::error::Problem;

    use super::*;

    fn writing(source: &str) -> Writing {
        Writing { source: source.to_owned().into(), cases: Cases::Listed(Rc::new(Vec::new())) }
    }

    fn case(name: &str) -> TestCase {
        TestCase { name: name.into(), ..TestCase::default() }
    }

    fn work() -> Work {
        Work::new(writing("a"), Version(3))
    }

    fn stale() -> ApiError {
        let problem = Problem::new(Code::StaleVersion, Code::StaleVersion.title(), "");
        ApiError::Refused { problem: Box::new(problem), retry_after: None }
    }

    #[test]
    fn what_is_typed_while_it_is_sent_is_sent_next() {
        let sending = work().step(Step::Typed("ab".into())).step(Step::Sending);
        assert!(!sending.wants_saving());
        let saved = sending.step(Step::Typed("abc".into())).step(Step::Saved(Version(4)));
        assert!(saved.wants_saving());
        assert_eq!((saved.revision, saved.mine.source.as_str()), (Version(4), "abc"));
    }

    #[test]
    fn cases_are_sent_only_when_they_changed() {
        let typed = work().step(Step::Typed("b".into()));
        assert_eq!(typed.body().tests, None);
        let cased = typed.step(Step::Cased(vec![case("one")]));
        assert_eq!(cased.body().tests.unwrap().cases.unwrap().len(), 1);
    }

    #[test]
    fn somebody_elses_change_is_taken_where_nothing_was_typed() {
        let theirs = work().step(Step::Server(writing("x"), Version(4)));
        assert_eq!((theirs.mine.source.as_str(), theirs.brought, theirs.is_dirty()), ("x", 1, false));
    }

    #[test]
    fn two_windows_lose_nothing() {
        let refused =
            work().step(Step::Typed("mine".into())).step(Step::Sending).step(Step::Refused(stale()));
        assert_eq!(refused.phase, Phase::Overtaken(None));
        assert!(!refused.wants_saving());
        let known = refused.step(Step::Server(writing("theirs"), Version(4)));
        assert_eq!(known.mine.source, "mine");
        let kept = known.clone().step(Step::KeepMine);
        assert_eq!((kept.mine.source.as_str(), kept.revision), ("mine", Version(4)));
        assert!(kept.wants_saving());
        let taken = known.step(Step::TakeTheirs);
        assert_eq!(taken.mine.source, "theirs");
        assert!(!taken.is_dirty());
    }

    #[test]
    fn news_of_ones_own_change_disturb_nothing() {
        let sending = work().step(Step::Typed("ab".into())).step(Step::Sending);
        let heard = sending.step(Step::Server(writing("ab"), Version(4)));
        assert!(matches!(heard.phase, Phase::Sending(_)));
        let saved = heard.step(Step::Saved(Version(4))).step(Step::Server(writing("ab"), Version(4)));
        assert_eq!((saved.phase, saved.brought), (Phase::Quiet, 0));
    }

    #[test]
    fn a_refused_draft_is_tried_again_with_the_next_change() {
        let failed = work()
            .step(Step::Typed("b".into()))
            .step(Step::Sending)
            .step(Step::Refused(ApiError::Unreachable));
        assert!(!failed.wants_saving());
        assert!(failed.step(Step::Typed("bc".into())).wants_saving());
    }

    #[test]
    fn the_cases_of_a_recipe_come_back_as_a_list() {
        let recipe = Writing { source: "r".into(), cases: Cases::File("[[case]]".into()) };
        let sent = work().step(Step::Brought(recipe)).step(Step::Sending).step(Step::Saved(Version(4)));
        let listed = Writing { source: "r".into(), cases: Cases::Listed(Rc::new(vec![case("one")])) };
        let read = sent.step(Step::Server(listed, Version(4)));
        assert_eq!(read.mine.cases.listed().map(|cases| cases.len()), Some(1));
        assert!(!read.is_dirty());
    }

    #[test]
    fn a_file_that_cannot_be_read_is_repaired_as_text() {
        let broken = Writing { source: "a".into(), cases: Cases::File("[[case".into()) };
        let typed = Work::new(broken, Version(3)).step(Step::Filed("[[case]]".into()));
        assert_eq!(typed.body().tests.unwrap().text.as_deref(), Some("[[case]]"));
        let sent =
            typed.step(Step::Sending).step(Step::Filed("[[case]] ".into())).step(Step::Saved(Version(4)));
        let listed = Writing { source: "a".into(), cases: Cases::Listed(Rc::new(vec![case("one")])) };
        // What was typed meanwhile is not thrown away.
        let read = sent.clone().step(Step::Server(listed.clone(), Version(4)));
        assert_eq!(read.mine.cases, Cases::File("[[case]] ".into()));
        let caught_up = sent.step(Step::Filed("[[case]]".into())).step(Step::Server(listed, Version(4)));
        assert_eq!(caught_up.mine.cases.listed().map(|cases| cases.len()), Some(1));
    }

    #[test]
    fn the_cases_of_another_version_come_with_its_text() {
        let rolled_back = work().step(Step::Replaced(writing("old"), Version(4)));
        let listed = Writing { source: "old".into(), cases: Cases::Listed(Rc::new(vec![case("one")])) };
        let read = rolled_back.step(Step::Server(listed.clone(), Version(4)));
        let cases = read.mine.cases.listed().map(|cases| cases.len());
        assert_eq!((cases, read.is_dirty(), read.brought), (Some(1), false, 2));
        let typed = work().step(Step::Typed("mine".into())).step(Step::Server(listed, Version(3)));
        assert_eq!(typed.mine.source, "mine");
    }

    #[test]
    fn what_is_kept_in_the_browser_is_what_was_written() {
        let typed = work().step(Step::Typed("b".into())).step(Step::Cased(vec![case("one")]));
        assert_eq!(typed.kept().writing(), typed.mine);
    }
}
