//! The four steps from a draft to a published rule, and how far each is.

use kpi_api::rules::cases::{Checked, TestReport};
use kpi_api::scoring::Severity;
use yew::prelude::*;

use super::asked::Asked;
use crate::{
    t, tn,
    ui::{Icon, IconName, Tone},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Draft,
    Tests,
    Impact,
    Publish,
    Versions,
}

impl View {
    pub const STEPS: [Self; 4] = [Self::Draft, Self::Tests, Self::Impact, Self::Publish];

    /// As in the address.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Tests => "tests",
            Self::Impact => "impact",
            Self::Publish => "publish",
            Self::Versions => "versions",
        }
    }

    pub fn of(key: Option<&str>) -> Self {
        let all = [Self::Tests, Self::Impact, Self::Publish, Self::Versions];
        all.into_iter().find(|view| Some(view.key()) == key).unwrap_or(Self::Draft)
    }

    pub fn label(self) -> AttrValue {
        match self {
            Self::Draft => t!("studio.step_draft"),
            Self::Tests => t!("studio.step_tests"),
            Self::Impact => t!("studio.step_impact"),
            Self::Publish => t!("studio.step_publish"),
            Self::Versions => t!("studio.versions"),
        }
    }
}

/// What somebody knows of the impact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    NotYet,
    /// At another text than the present one.
    Earlier,
    At {
        changed: u64,
        failed: u64,
    },
}

/// What the steps are judged by. `None` where the answer is still awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    pub errors: Option<usize>,
    pub warnings: usize,
    /// Cases and properties that do not hold.
    pub failed: Option<usize>,
    pub cases: usize,
    pub looked: Looked,
    /// Whether there is anything that is not published yet.
    pub has_news: bool,
    pub is_saved: bool,
}

impl Facts {
    pub fn of(checked: &Asked<Checked>, report: &Asked<TestReport>) -> Self {
        let count = |severity: Severity| {
            let count = |checked: &Checked| {
                checked.diagnostics.iter().filter(|fault| fault.severity == severity).count()
            };
            checked.current().map(|checked| count(checked))
        };
        let failed = |report: &TestReport| {
            let cases = report.cases.iter().filter(|case| !case.passed).count();
            let properties = report.properties.iter().filter(|property| !property.passed).count();
            let other = usize::from(!report.passed && cases + properties == 0);
            cases + properties + other
        };
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning).unwrap_or(0),
            failed: report.current().map(|report| failed(report)),
            cases: report.current().map_or(0, |report| report.cases.len()),
            looked: Looked::NotYet,
            has_news: false,
            is_saved: true,
        }
    }

    /// Why it cannot be published now.
    pub fn obstacle(&self) -> Option<Obstacle> {
        match *self {
            Self { errors: Some(1..), .. } => Some(Obstacle::Errors),
            Self { failed: Some(1..), .. } => Some(Obstacle::Tests),
            Self { has_news: false, .. } => Some(Obstacle::NothingNew),
            Self { errors: None, .. } | Self { failed: None, .. } => Some(Obstacle::Checking),
            Self { is_saved: false, .. } => Some(Obstacle::Saving),
            _ => None,
        }
    }

    fn stand(&self, view: View) -> Stand {
        match view {
            View::Draft => match self.errors {
                None => Stand::Waiting,
                Some(0) if self.warnings > 0 => Stand::Doubtful,
                Some(0) => Stand::Good,
                Some(_) => Stand::Faulty,
            },
            View::Tests => match (self.errors, self.failed) {
                (Some(1..), _) => Stand::Blocked,
                (_, None) => Stand::Waiting,
                (_, Some(0)) => Stand::Good,
                (_, Some(_)) => Stand::Faulty,
            },
            View::Impact => match self.looked {
                _ if matches!(self.errors, Some(1..)) => Stand::Blocked,
                Looked::NotYet | Looked::Earlier => Stand::Open,
                Looked::At { failed: 0, .. } => Stand::Good,
                Looked::At { .. } => Stand::Doubtful,
            },
            View::Publish => match self.obstacle() {
                None => Stand::Ready,
                Some(Obstacle::Checking | Obstacle::Saving) => Stand::Waiting,
                Some(Obstacle::NothingNew) => Stand::Open,
                Some(Obstacle::Errors | Obstacle::Tests) => Stand::Blocked,
            },
            View::Versions => Stand::Open,
        }
    }

    fn words(&self, view: View) -> AttrValue {
        match view {
            View::Draft => match self.errors {
                None => t!("studio.stand_checking"),
                Some(0) if self.warnings > 0 => tn!("studio.stand_warnings", self.warnings),
                Some(0) => t!("studio.stand_no_faults"),
                Some(errors) => tn!("studio.stand_errors", errors),
            },
            View::Tests => match (self.errors, self.failed) {
                (Some(1..), _) => t!("studio.stand_after_errors"),
                (_, None) => t!("studio.stand_checking"),
                (_, Some(0)) if self.cases == 0 => t!("studio.stand_no_cases"),
                (_, Some(0)) => tn!("studio.stand_passed", self.cases),
                (_, Some(failed)) => tn!("studio.stand_failed", failed),
            },
            View::Impact => match self.looked {
                _ if matches!(self.errors, Some(1..)) => t!("studio.stand_after_errors"),
                Looked::NotYet => t!("studio.stand_not_looked"),
                Looked::Earlier => t!("studio.stand_looked_earlier"),
                Looked::At { changed, failed: 0 } => tn!("studio.stand_changes", changed),
                Looked::At { failed, .. } => tn!("studio.stand_impact_failed", failed),
            },
            View::Publish => match self.obstacle() {
                None => t!("studio.stand_ready"),
                Some(Obstacle::NothingNew) => t!("studio.stand_nothing_new"),
                Some(Obstacle::Checking | Obstacle::Saving) => t!("studio.stand_checking"),
                Some(Obstacle::Errors | Obstacle::Tests) => t!("studio.stand_not_ready"),
            },
            View::Versions => AttrValue::default(),
        }
    }
}

/// What stands in the way of publishing, the first thing to do first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    Errors,
    Tests,
    NothingNew,
    Checking,
    Saving,
}

impl Obstacle {
    pub fn words(self) -> AttrValue {
        match self {
            Self::Errors => t!("studio.obstacle_errors"),
            Self::Tests => t!("studio.obstacle_tests"),
            Self::NothingNew => t!("studio.obstacle_nothing_new"),
            Self::Checking => t!("studio.obstacle_checking"),
            Self::Saving => t!("studio.obstacle_saving"),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    Waiting,
    Blocked,
    Open,
    Good,
    Doubtful,
    Faulty,
    Ready,
}

impl Stand {
    const fn look(self) -> (Tone, IconName) {
        match self {
            Self::Waiting => (Tone::Neutral, IconName::Clock),
            Self::Blocked => (Tone::Neutral, IconName::Minus),
            Self::Open => (Tone::Neutral, IconName::Circle),
            Self::Good => (Tone::Good, IconName::Check),
            Self::Doubtful => (Tone::Warn, IconName::Alert),
            Self::Faulty => (Tone::Bad, IconName::Ban),
            Self::Ready => (Tone::Accent, IconName::ArrowRight),
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct StepperProps {
    pub facts: Facts,
    pub open: View,
    pub onopen: Callback<View>,
}

#[component]
pub fn Stepper(props: &StepperProps) -> Html {
    html! {
        <nav aria-label={t!("studio.steps")}>
            <ol class="step-row">
                { for View::STEPS.into_iter().enumerate().map(|(index, view)| {
                    let (tone, name) = props.facts.stand(view).look();
                    let onclick = props.onopen.reform(move |_: MouseEvent| view);
                    html! {
                        <li key={view.key()}>
                            <button type="button" class="step-knob" aria-current={(props.open == view).then_some("step")} {onclick}>
                                <span class="step-number" aria-hidden="true">{ index + 1 }</span>
                                <span class="min-w-0 text-start">
                                    <span class="block font-medium">{ view.label() }</span>
                                    <span class={classes!("step-stand", tone.class())}><Icon {name} class="size-3.5" /><span>{ props.facts.words(view) }</span></span>
                                </span>
                            </button>
                        </li>
                    }
                }) }
            </ol>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> Facts {
        Facts {
            errors: Some(0),
            warnings: 0,
            failed: Some(0),
            cases: 3,
            looked: Looked::NotYet,
            has_news: true,
            is_saved: true,
        }
    }

    #[test]
    fn what_is_checked_tested_saved_and_new_can_be_published() {
        assert_eq!(ready().obstacle(), None);
        assert_eq!(ready().stand(View::Publish), Stand::Ready);
    }

    #[test]
    fn the_first_thing_to_do_is_named_first() {
        let broken = Facts { errors: Some(2), failed: Some(1), has_news: false, ..ready() };
        assert_eq!(broken.obstacle(), Some(Obstacle::Errors));
        assert_eq!(broken.stand(View::Tests), Stand::Blocked);
        let failing = Facts { failed: Some(1), is_saved: false, ..ready() };
        assert_eq!(failing.obstacle(), Some(Obstacle::Tests));
        assert_eq!(Facts { has_news: false, ..ready() }.obstacle(), Some(Obstacle::NothingNew));
        assert_eq!(Facts { failed: None, ..ready() }.obstacle(), Some(Obstacle::Checking));
        assert_eq!(Facts { is_saved: false, ..ready() }.obstacle(), Some(Obstacle::Saving));
    }

    #[test]
    fn an_impact_of_another_text_is_no_answer() {
        assert_eq!(Facts { looked: Looked::Earlier, ..ready() }.stand(View::Impact), Stand::Open);
        let seen = Facts { looked: Looked::At { changed: 4, failed: 0 }, ..ready() };
        assert_eq!(seen.stand(View::Impact), Stand::Good);
        let failing = Facts { looked: Looked::At { changed: 4, failed: 1 }, ..ready() };
        assert_eq!(failing.stand(View::Impact), Stand::Doubtful);
    }

    #[test]
    fn an_unknown_view_is_the_draft() {
        assert_eq!(View::of(Some("nowhere")), View::Draft);
        for view in View::STEPS {
            assert_eq!(View::of(Some(view.key())), view);
        }
    }
}
