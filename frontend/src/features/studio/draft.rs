//! The first step: the text or the form of a recipe, and beside it what comes out for sample KPIs.

use kpi_api::{
    id::RuleId,
    rules::{
        cases::{Checked, SampleList},
        reference::{RecipeList, RecipeSource, RecipeUse, Vocabulary},
    },
    scoring::RuleKind,
};
use yew::prelude::*;

use super::{
    asked::Asked,
    editor::RuleEditor,
    recipes::RecipeCard,
    samples::SamplesPanel,
    work::{Step, Work},
};
use crate::core::remote::UseRemote;

#[derive(Properties, PartialEq)]
pub struct DraftStepProps {
    pub id: RuleId,
    pub kind: RuleKind,
    pub work: UseReducerHandle<Work>,
    pub ontype: Callback<String>,
    pub checked: Asked<Checked>,
    /// Whether the source can be run as it is.
    pub runs: bool,
    pub samples: UseRemote<SampleList>,
    pub vocabulary: UseRemote<Vocabulary>,
    pub recipes: UseRemote<RecipeList>,
    /// Which recipe made the text, word for word.
    pub used: Option<RecipeUse>,
    pub onuse: Callback<(RecipeSource, RecipeUse)>,
}

#[component]
pub fn DraftStep(props: &DraftStepProps) -> Html {
    let text_is_wanted = use_state(|| false);
    let recipe = props.used.as_ref().and_then(|used| {
        let list = props.recipes.remote.ready()?;
        list.items.iter().find(|recipe| recipe.key == used.key).cloned().map(|recipe| (recipe, used.clone()))
    });
    let ontext = {
        let wanted = text_is_wanted.clone();
        Callback::from(move |_: MouseEvent| wanted.set(!*wanted))
    };
    let oncases = {
        let dispatch = props.work.dispatcher();
        Callback::from(move |cases| dispatch.dispatch(Step::Cased(cases)))
    };
    let cases = props.work.mine.cases.listed().cloned();
    let shows_text = recipe.is_none() || *text_is_wanted;
    html! {
        <div class="grid items-start gap-4 md:grid-cols-[minmax(0,1fr)_18rem] xl:grid-cols-[minmax(0,1fr)_23rem]">
            <div class="draft-text min-w-0 space-y-4">
                if let Some((recipe, used)) = recipe {
                    <RecipeCard key={recipe.key.clone()} recipe={recipe.clone()} {used} onuse={props.onuse.clone()} {ontext} text_is_shown={*text_is_wanted} />
                }
                if shows_text {
                    <RuleEditor kind={props.kind} text={props.work.mine.source.clone()} brought={props.work.brought} ontype={props.ontype.clone()}
                        checked={props.checked.clone()} vocabulary={props.vocabulary.remote.ready().cloned()} />
                }
            </div>
            <SamplesPanel id={props.id} kind={props.kind} source={props.work.mine.source.clone()} runs={props.runs} checking={props.checked.busy} samples={props.samples.clone()} {cases} {oncases} />
        </div>
    }
}
