//! The milestones: title and weight of each, in an order of one's own.

use kpi_api::{check::MILESTONES_MAX, scoring::Milestone};
use yew::prelude::*;

use super::fields::FieldsProps;
use crate::{
    core::{browser, format, i18n},
    t,
    ui::{Button, ButtonKind, ButtonSize, IconName, NumberInput, TextInput, number_input::Typed},
};

#[component]
pub fn MilestonesEditor(props: &FieldsProps) -> Html {
    let milestones = &props.entry.kpi.milestones;
    let whole: f64 = milestones.iter().map(|milestone| milestone.weight.max(0.0)).sum();
    let add = {
        let (editor, next) = (props.editor.clone(), milestones.len());
        Callback::from(move |_: MouseEvent| {
            editor.change(|entry| {
                entry.touched.insert("milestones".to_owned());
                entry.kpi.milestones.push(Milestone { title: String::new(), weight: 1.0, done: false });
            });
            // The row appears with the next drawing.
            yew::platform::spawn_local(async move {
                gloo_timers::future::TimeoutFuture::new(30).await;
                browser::focus(&format!("kpi-milestones-{next}-title"));
            });
        })
    };
    let full = milestones.len() >= MILESTONES_MAX;
    html! {
        <fieldset class="space-y-3">
            <legend id="kpi-milestones" tabindex="-1" class="text-sm font-medium">{ i18n::field_name("milestones") }</legend>
            if let Some(error) = props.error("milestones") { <p class="text-sm text-error" role="alert">{ error }</p> }
            { for milestones.iter().enumerate().map(|(index, milestone)| row(props, index, milestone, whole)) }
            <Button label={t!("kpi.form.add_milestone")} icon={IconName::Plus} size={ButtonSize::Small} onclick={add}
                disabled={full.then(|| t!("kpi.form.milestones_full", count = MILESTONES_MAX))} />
        </fieldset>
    }
}

fn row(props: &FieldsProps, index: usize, milestone: &Milestone, whole: f64) -> Html {
    let title = {
        let editor = props.editor.clone();
        Callback::from(move |text: String| {
            editor.change(move |entry| {
                if let Some(milestone) = entry.kpi.milestones.get_mut(index) {
                    milestone.title = text;
                }
            });
        })
    };
    let weight = {
        let editor = props.editor.clone();
        Callback::from(move |typed: Typed| {
            editor.change(move |entry| {
                let name = format!("milestones.{index}.weight");
                match typed {
                    Ok(value) => {
                        entry.junk.remove(&name);
                        if let Some(milestone) = entry.kpi.milestones.get_mut(index) {
                            milestone.weight = value.unwrap_or(0.0);
                        }
                    }
                    Err(_) => {
                        entry.junk.insert(name);
                    }
                }
            });
        })
    };
    let up = {
        let editor = props.editor.clone();
        Callback::from(move |_: MouseEvent| {
            editor.change(move |entry| entry.kpi.milestones.swap(index - 1, index))
        })
    };
    let remove = {
        let editor = props.editor.clone();
        Callback::from(move |_: MouseEvent| {
            editor.change(move |entry| {
                entry.junk.retain(|name| !name.starts_with("milestones."));
                if index < entry.kpi.milestones.len() {
                    entry.kpi.milestones.remove(index);
                }
            });
        })
    };
    let share = (whole > 0.0).then(|| milestone.weight.max(0.0) / whole * 100.0);
    let name = if milestone.title.trim().is_empty() {
        t!("kpi.form.milestone_nr", number = index + 1)
    } else {
        milestone.title.clone().into()
    };
    html! {
        <div key={index} class="grid grid-cols-[1fr_auto] items-start gap-2 sm:grid-cols-[1fr_9rem_auto]">
            <TextInput class="col-span-2 sm:col-span-1" id={format!("kpi-milestones-{index}-title")} label={t!("kpi.form.milestone_nr", number = index + 1)} value={milestone.title.clone()} oninput={title}
                maxlength={kpi_api::check::TITLE_MAX} error={props.error(&format!("milestones.{index}.title"))} />
            <NumberInput id={format!("kpi-milestones-{index}-weight")} label={i18n::field_name("weight")} value={Some(milestone.weight)} onchange={weight}
                hint={t!("kpi.form.share", share = format::percent(share))} error={props.error(&format!("milestones.{index}.weight"))} />
            <div class="flex gap-1 pt-7">
                if index > 0 {
                    <Button label={t!("kpi.form.milestone_up", title = name)} icon={IconName::ArrowUp} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={up} />
                }
                <Button label={t!("kpi.form.milestone_remove", title = name)} icon={IconName::X} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={remove} />
            </div>
        </div>
    }
}
