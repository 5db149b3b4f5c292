//! Rules that need only their numbers: a recipe is chosen, its numbers are filled in, the text is made from them.

use std::{collections::BTreeMap, rc::Rc};

use kpi_api::{
    rules::reference::{Recipe, RecipeBody, RecipeList, RecipeNumber, RecipeSource, RecipeUse},
    scoring::RuleKind,
};
use yew::prelude::*;

use super::asked::use_asked;
use crate::{
    core::{api, format, i18n, remote::UseRemote, submit::use_submit},
    t,
    ui::{
        Button, ButtonKind, Dialog, EmptyState, FormError, IconName, NumberInput, SkeletonRows,
        number_input::Typed, remote,
    },
};

/// A number as it is typed; `None` while it is none.
pub type Numbers = BTreeMap<String, Option<f64>>;

/// The numbers of a use, defaults where it names none.
pub fn begun(recipe: &Recipe, used: Option<&RecipeUse>) -> Numbers {
    let value = |number: &RecipeNumber| {
        used.and_then(|used| used.numbers.get(&number.key)).copied().unwrap_or(number.default)
    };
    recipe.numbers.iter().map(|number| (number.key.clone(), Some(value(number)))).collect()
}

/// What is wrong with the numbers, by their keys.
pub fn faults(recipe: &Recipe, numbers: &Numbers) -> BTreeMap<String, AttrValue> {
    let value = |key: &str| numbers.get(key).copied().flatten();
    let fault = |number: &RecipeNumber| {
        let Some(typed) = value(&number.key) else { return Some(t!("studio.recipe_missing")) };
        if typed < number.min || typed > number.max {
            return Some(t!(
                "studio.recipe_range",
                min = format::plain(number.min),
                max = format::plain(number.max)
            ));
        }
        if number.whole && typed.fract() != 0.0 {
            return Some(t!("studio.recipe_whole"));
        }
        let other = number.at_least.as_deref()?;
        let least = value(other)?;
        let label = recipe
            .numbers
            .iter()
            .find(|number| number.key == other)
            .map(|number| i18n::of_rule(&number.label));
        (typed < least).then(|| {
            t!("studio.recipe_at_least", other = label.unwrap_or_default(), least = format::plain(least))
        })
    };
    recipe.numbers.iter().filter_map(|number| Some((number.key.clone(), fault(number)?))).collect()
}

/// As it is sent; `None` while a number is missing or wrong.
pub fn body(recipe: &Recipe, numbers: &Numbers) -> Option<RecipeBody> {
    if !faults(recipe, numbers).is_empty() {
        return None;
    }
    let numbers = numbers.iter().filter_map(|(key, value)| Some((key.clone(), (*value)?)));
    Some(RecipeBody { numbers: numbers.collect() })
}

#[derive(Properties, PartialEq)]
pub struct RecipeFieldsProps {
    pub recipe: Recipe,
    pub numbers: Numbers,
    pub onchange: Callback<Numbers>,
}

#[component]
pub fn RecipeFields(props: &RecipeFieldsProps) -> Html {
    let faults = faults(&props.recipe, &props.numbers);
    html! {
        <div class="grid gap-4 sm:grid-cols-2">
            { for props.recipe.numbers.iter().map(|number| {
                let onchange = {
                    let (numbers, onchange, key) = (props.numbers.clone(), props.onchange.clone(), number.key.clone());
                    Callback::from(move |typed: Typed| {
                        let mut next = numbers.clone();
                        next.insert(key.clone(), typed.unwrap_or(None));
                        onchange.emit(next);
                    })
                };
                let hint = t!("studio.recipe_range", min = format::plain(number.min), max = format::plain(number.max));
                html! {
                    <NumberInput key={number.key.clone()} id={format!("recipe-{}", number.key)} label={i18n::of_rule(&number.label)} value={props.numbers.get(&number.key).copied().flatten()}
                        unit={i18n::word("recipe_unit", &number.unit)} {hint} error={faults.get(&number.key).cloned()} {onchange} />
                }
            }) }
        </div>
    }
}

/// The form in place of the text, for a rule that a recipe made.
#[derive(Properties, PartialEq)]
pub struct RecipeCardProps {
    pub recipe: Recipe,
    pub used: RecipeUse,
    pub onuse: Callback<(RecipeSource, RecipeUse)>,
    pub ontext: Callback<MouseEvent>,
    pub text_is_shown: bool,
}

const PAUSE_MS: u32 = 350;

#[component]
pub fn RecipeCard(props: &RecipeCardProps) -> Html {
    let numbers = use_state(|| begun(&props.recipe, Some(&props.used)));
    let touched = use_state(|| false);
    let asked =
        body(&props.recipe, &numbers).filter(|_| *touched).map(|body| (props.recipe.key.clone(), body));
    let made = use_asked(asked.clone(), PAUSE_MS, |(key, body)| async move {
        let source = api::rules::recipe_source(&key, &body).await?;
        Ok((source, RecipeUse { key, numbers: body.numbers }))
    });
    use_effect_with(made.current().cloned(), {
        let onuse = props.onuse.clone();
        move |made: &Option<Rc<(RecipeSource, RecipeUse)>>| {
            if let Some(made) = made {
                onuse.emit((**made).clone());
            }
        }
    });
    let onchange = {
        let numbers = numbers.clone();
        Callback::from(move |next: Numbers| {
            numbers.set(next);
            touched.set(true);
        })
    };
    html! {
        <section class="surface p-4 sm:p-5" aria-labelledby="recipe-title">
            <div class="mb-1 flex flex-wrap items-start justify-between gap-2">
                <h2 id="recipe-title" class="text-base font-semibold">{ i18n::of_rule(&props.recipe.title) }</h2>
                <Button label={if props.text_is_shown { t!("studio.recipe_hide_text") } else { t!("studio.recipe_show_text") }} kind={ButtonKind::Ghost} size={crate::ui::ButtonSize::Small} icon={IconName::File} pressed={props.text_is_shown} onclick={props.ontext.clone()} />
            </div>
            <p class="mb-4 text-sm text-muted">{ i18n::of_rule(&props.recipe.description) }</p>
            <RecipeFields recipe={props.recipe.clone()} numbers={(*numbers).clone()} {onchange} />
            if let Some(error) = &made.failed { <p class="mt-3 text-sm text-error" role="alert">{ error.sentence() }</p> }
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub struct RecipeDialogProps {
    pub kind: RuleKind,
    pub recipes: UseRemote<RecipeList>,
    pub onuse: Callback<(RecipeSource, RecipeUse)>,
    pub onclose: Callback<()>,
}

/// Chooses a recipe and its numbers; what it makes replaces the text.
#[component]
pub fn RecipeDialog(props: &RecipeDialogProps) -> Html {
    let chosen = use_state(|| None::<(Recipe, Numbers)>);
    let send = {
        let (onuse, onclose) = (props.onuse.clone(), props.onclose.clone());
        use_submit(
            move |(key, body): (String, RecipeBody), _| async move {
                let source = api::rules::recipe_source(&key, &body).await?;
                Ok((source, RecipeUse { key, numbers: body.numbers }))
            },
            Callback::from(move |made| {
                onuse.emit(made);
                onclose.emit(());
            }),
        )
    };
    let ready =
        chosen.as_ref().and_then(|(recipe, numbers)| Some((recipe.key.clone(), body(recipe, numbers)?)));
    let missing = match (&*chosen, &ready) {
        (None, _) => Some(t!("studio.recipe_choose")),
        (Some(_), None) => Some(t!("studio.recipe_fix")),
        _ => None,
    };
    let onclick = {
        let run = send.run.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(ready) = ready.clone() {
                run.emit(ready);
            }
        })
    };
    let cancel = props.onclose.reform(|_: MouseEvent| ());
    let footer = html! {
        <>
            <Button label={t!("ui.cancel")} onclick={cancel} />
            <Button label={t!("studio.recipe_use")} kind={ButtonKind::Primary} busy={send.busy} disabled={missing} {onclick} />
        </>
    };
    html! {
        <Dialog id="recipes" title={t!("studio.recipes")} wide=true open=true onclose={props.onclose.clone()} {footer}>
            <p class="mb-3 text-sm text-muted">{ t!("studio.recipes_lead") }</p>
            <FormError error={send.error.clone()} />
            { remote::show(&props.recipes, html! { <SkeletonRows rows={3} /> }, |list| {
                let fitting: Vec<&Recipe> = list.items.iter().filter(|recipe| recipe.kind == props.kind).collect();
                if fitting.is_empty() {
                    return html! { <EmptyState icon={IconName::List} title={t!("studio.recipes_none")} /> };
                }
                html! { <fieldset class="space-y-2"><legend class="sr-only">{ t!("studio.recipes") }</legend>{ for fitting.into_iter().map(|recipe| choice(recipe, &chosen)) }</fieldset> }
            }) }
        </Dialog>
    }
}

fn choice(recipe: &Recipe, chosen: &UseStateHandle<Option<(Recipe, Numbers)>>) -> Html {
    let picked = chosen.as_ref().filter(|(picked, _)| picked.key == recipe.key);
    let onchange = {
        let (chosen, recipe) = (chosen.clone(), recipe.clone());
        Callback::from(move |_: Event| chosen.set(Some((recipe.clone(), begun(&recipe, None)))))
    };
    let onnumbers = {
        let (chosen, recipe) = (chosen.clone(), recipe.clone());
        Callback::from(move |numbers: Numbers| chosen.set(Some((recipe.clone(), numbers))))
    };
    html! {
        <div key={recipe.key.clone()} class={classes!("recipe-choice", picked.is_some().then_some("is-selected"))}>
            <label class="flex cursor-pointer items-start gap-3">
                <input type="radio" name="recipe" class="radio radio-sm radio-primary mt-0.5" value={recipe.key.clone()} checked={picked.is_some()} {onchange} />
                <span><span class="block font-medium">{ i18n::of_rule(&recipe.title) }</span><span class="block text-sm text-muted">{ i18n::of_rule(&recipe.description) }</span></span>
            </label>
            if let Some((_, numbers)) = picked {
                <div class="mt-4"><RecipeFields recipe={recipe.clone()} numbers={numbers.clone()} onchange={onnumbers} /></div>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(key: &str, default: f64, at_least: Option<&str>) -> RecipeNumber {
        RecipeNumber {
            key: key.into(),
            label: key.into(),
            default,
            min: 0.0,
            max: 100.0,
            unit: "points".into(),
            whole: true,
            at_least: at_least.map(Into::into),
        }
    }

    fn recipe() -> Recipe {
        Recipe {
            key: "steps".into(),
            kind: RuleKind::Score,
            title: String::new(),
            description: String::new(),
            numbers: vec![number("low", 50.0, None), number("high", 80.0, Some("low"))],
        }
    }

    fn numbers(low: Option<f64>, high: Option<f64>) -> Numbers {
        [("low".to_owned(), low), ("high".to_owned(), high)].into()
    }

    #[test]
    fn the_defaults_of_a_recipe_can_be_used_as_they_are() {
        let begun = begun(&recipe(), None);
        assert_eq!(body(&recipe(), &begun).unwrap().numbers["high"], 80.0);
        let used = RecipeUse { key: "steps".into(), numbers: [("low".to_owned(), 10.0)].into() };
        assert_eq!(super::begun(&recipe(), Some(&used))["low"], Some(10.0));
    }

    #[test]
    fn each_number_has_its_limits() {
        let wrong = |low, high| faults(&recipe(), &numbers(low, high)).into_keys().collect::<Vec<_>>();
        assert_eq!(wrong(Some(50.0), Some(40.0)), ["high"]);
        assert_eq!(wrong(Some(150.0), None), ["high", "low"]);
        assert_eq!(wrong(Some(1.5), Some(2.0)), ["low"]);
        assert_eq!(wrong(Some(50.0), Some(50.0)), [""; 0]);
        assert!(body(&recipe(), &numbers(None, Some(1.0))).is_none());
    }
}
