//! For the hesitant: a few plain questions whose answers fill the form.

use kpi_api::{
    kpi::KpiNew,
    scoring::{Direction, Kind},
};
use yew::prelude::*;

use super::entry::Editor;
use crate::{
    t,
    ui::{Button, ButtonKind, Dialog, NumberInput, Segmented, TextArea, TextInput, number_input::Typed},
};

/// The answers as they come.
#[derive(Debug, Clone, PartialEq, Default)]
struct Answers {
    what: String,
    way: Way,
    from: Option<f64>,
    to: Option<f64>,
    unit: String,
    how: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Way {
    #[default]
    More,
    Less,
    Within,
    Done,
}

impl Way {
    fn read(word: &str) -> Self {
        match word {
            "less" => Self::Less,
            "within" => Self::Within,
            "done" => Self::Done,
            _ => Self::More,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::More => "more",
            Self::Less => "less",
            Self::Within => "within",
            Self::Done => "done",
        }
    }
}

impl Answers {
    /// Puts the answers into the form; what was not answered stays.
    fn fill(&self, kpi: &mut KpiNew) {
        if !self.what.trim().is_empty() {
            kpi.title = self.what.trim().to_owned();
        }
        if !self.how.trim().is_empty() {
            kpi.measurement_method = self.how.trim().to_owned();
        }
        if self.way == Way::Done {
            kpi.kind = Kind::Boolean;
            return;
        }
        let unit = self.unit.trim();
        kpi.kind = if unit == "%" { Kind::Percentage } else { Kind::Number };
        kpi.unit =
            if unit == "%" { String::new() } else { unit.chars().take(kpi_api::check::UNIT_MAX).collect() };
        kpi.decimals = [self.from, self.to].into_iter().flatten().map(places).max().unwrap_or(0);
        match self.way {
            Way::Within => {
                kpi.direction = Direction::InRange;
                (kpi.lower, kpi.upper) = (self.from, self.to);
            }
            Way::Less | Way::More | Way::Done => {
                kpi.direction = if self.way == Way::Less { Direction::Decrease } else { Direction::Increase };
                (kpi.baseline, kpi.target) = (self.from, self.to);
            }
        }
    }
}

/// Decimal places that a typed number has, at most 6.
fn places(value: f64) -> u8 {
    let text = format!("{value:.6}");
    let trimmed = text.trim_end_matches('0');
    trimmed.split_once('.').map_or(0, |(_, places)| places.len() as u8)
}

#[derive(Properties, PartialEq)]
pub struct WizardDialogProps {
    pub open: bool,
    pub onclose: Callback<()>,
    pub editor: Editor,
}

#[component]
pub fn WizardDialog(props: &WizardDialogProps) -> Html {
    html! {
        <Dialog id="wizard" title={t!("kpi.wizard.title")} open={props.open} onclose={props.onclose.clone()}>
            <Questions editor={props.editor.clone()} onclose={props.onclose.clone()} />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct QuestionsProps {
    editor: Editor,
    onclose: Callback<()>,
}

#[component]
fn Questions(props: &QuestionsProps) -> Html {
    let answers = use_state(Answers::default);
    let text = |apply: fn(&mut Answers, String)| {
        let answers = answers.clone();
        Callback::from(move |text: String| {
            let mut next = (*answers).clone();
            apply(&mut next, text);
            answers.set(next);
        })
    };
    let number = |apply: fn(&mut Answers, Option<f64>)| {
        let answers = answers.clone();
        Callback::from(move |typed: Typed| {
            if let Ok(value) = typed {
                let mut next = (*answers).clone();
                apply(&mut next, value);
                answers.set(next);
            }
        })
    };
    let fill = {
        let (answers, editor, onclose) = (answers.clone(), props.editor.clone(), props.onclose.clone());
        Callback::from(move |_: MouseEvent| {
            let answers = (*answers).clone();
            editor.change(move |entry| answers.fill(&mut entry.kpi));
            onclose.emit(());
        })
    };
    let close = props.onclose.reform(|_: MouseEvent| ());
    let (from, to) = match answers.way {
        Way::Within => (t!("kpi.wizard.lowest"), t!("kpi.wizard.highest")),
        Way::More | Way::Less | Way::Done => (t!("kpi.wizard.from"), t!("kpi.wizard.to")),
    };
    html! {
        <div class="space-y-5">
            <TextInput id="wizard-what" label={t!("kpi.wizard.what")} value={answers.what.clone()} placeholder={t!("kpi.wizard.what_example")} oninput={text(|answers, text| answers.what = text)} />
            <Segmented name="wizard-way" label={t!("kpi.wizard.way")} value={answers.way.word()}
                options={vec![("more".into(), t!("kpi.wizard.more")), ("less".into(), t!("kpi.wizard.less")), ("within".into(), t!("kpi.wizard.within")), ("done".into(), t!("kpi.wizard.done"))]}
                onchange={text(|answers, word| answers.way = Way::read(&word))} />
            if answers.way != Way::Done {
                <div class="grid items-start gap-4 sm:grid-cols-3">
                    <NumberInput id="wizard-from" label={from} optional={answers.way != Way::Within} value={answers.from} onchange={number(|answers, value| answers.from = value)} />
                    <NumberInput id="wizard-to" label={to} value={answers.to} onchange={number(|answers, value| answers.to = value)} />
                    <TextInput id="wizard-unit" label={t!("kpi.wizard.unit")} value={answers.unit.clone()} placeholder="€" oninput={text(|answers, text| answers.unit = text)} />
                </div>
            }
            <TextArea id="wizard-how" label={t!("kpi.wizard.how")} rows={2} value={answers.how.clone()} placeholder={t!("kpi.wizard.how_example")} oninput={text(|answers, text| answers.how = text)} />
            <div class="flex flex-wrap justify-end gap-2">
                <Button label={t!("ui.cancel")} onclick={close} />
                <Button label={t!("kpi.wizard.fill")} kind={ButtonKind::Primary} onclick={fill} />
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::time::Quarter;

    use super::*;

    fn filled(answers: &Answers) -> KpiNew {
        let mut kpi = KpiNew::blank(2026, Quarter::Q1);
        answers.fill(&mut kpi);
        kpi
    }

    #[test]
    fn less_of_something_becomes_a_falling_target() {
        let answers = Answers {
            what: " Fewer complaints ".into(),
            way: Way::Less,
            from: Some(12.0),
            to: Some(4.5),
            unit: "a week".into(),
            how: String::new(),
        };
        let kpi = filled(&answers);
        assert_eq!((kpi.title.as_str(), kpi.direction), ("Fewer complaints", Direction::Decrease));
        assert_eq!((kpi.baseline, kpi.target, kpi.decimals), (Some(12.0), Some(4.5), 1));
    }

    #[test]
    fn a_range_gets_bounds_and_percent_is_a_kind() {
        let within = Answers {
            way: Way::Within,
            from: Some(60.0),
            to: Some(80.0),
            unit: "%".into(),
            ..Answers::default()
        };
        let kpi = filled(&within);
        assert_eq!((kpi.kind, kpi.direction, kpi.unit.as_str()), (Kind::Percentage, Direction::InRange, ""));
        assert_eq!((kpi.lower, kpi.upper, kpi.target), (Some(60.0), Some(80.0), None));
    }

    #[test]
    fn done_or_not_needs_no_numbers() {
        let kpi = filled(&Answers { way: Way::Done, to: Some(3.0), ..Answers::default() });
        assert_eq!((kpi.kind, kpi.target), (Kind::Boolean, None));
    }
}
