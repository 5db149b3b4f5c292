//! Sample KPIs beside the text: what the rule says about each of them, now.

use std::{collections::BTreeMap, rc::Rc};

use futures_util::future::join_all;
use kpi_api::{
    id::RuleId,
    rules::cases::{RunAnswer, RunBody, Sample, SampleList, TestCase},
    scoring::RuleKind,
};
use serde_json::{Map, Value};
use yew::prelude::*;

use super::{
    asked::{Asked, use_asked},
    keeping::{Kept, keep},
    outcome::OutcomeView,
    sample_list::{list, title},
    typed::TypedFacts,
};
use crate::{
    core::{
        api,
        client::Answer,
        error::ApiError,
        remote::{Remote, UseRemote},
        toast::use_toaster,
    },
    t,
    ui::{Button, ButtonSize, ErrorState, IconName, SkeletonRows},
};

const PAUSE_MS: u32 = 60;

/// What came out for each sample that was run.
pub type Outcomes = BTreeMap<String, Result<RunAnswer, ApiError>>;

/// What is run: a sample, maybe with numbers of one's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    pub key: String,
    pub body: RunBody,
}

impl Trial {
    fn of(sample: &Sample, source: &str, changed: Option<&TypedKpi>) -> Self {
        let source = Some(source.to_owned());
        let body = match (changed, sample.kpi_id) {
            (Some(changed), _) => {
                RunBody { source, kpi_id: None, kpi: Some(changed.kpi()), ctx: Some(changed.ctx.clone()) }
            }
            (None, Some(id)) => RunBody { source, kpi_id: Some(id), ..RunBody::default() },
            (None, None) => {
                RunBody { source, kpi_id: None, kpi: Some(sample.kpi.clone()), ctx: Some(sample.ctx.clone()) }
            }
        };
        Self { key: sample.key.clone(), body }
    }
}

/// A sample with numbers of one's own over it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TypedKpi {
    /// Of which sample.
    pub key: String,
    pub base: Map<String, Value>,
    pub ctx: Map<String, Value>,
    pub over: Map<String, Value>,
}

impl TypedKpi {
    pub fn kpi(&self) -> Map<String, Value> {
        let mut kpi = self.base.clone();
        kpi.extend(self.over.clone());
        kpi
    }
}

/// Runs all of them at once.
pub async fn run_all(id: RuleId, trials: Vec<Trial>) -> Answer<Outcomes> {
    let runs =
        trials.into_iter().map(|trial| async move { (trial.key, api::rules::run(id, &trial.body).await) });
    let outcomes: Outcomes = join_all(runs).await.into_iter().collect();
    // Where none was answered it is the server's matter, not the samples'.
    match outcomes.values().find_map(|outcome| outcome.as_ref().err()) {
        Some(error) if outcomes.values().all(Result::is_err) => Err(error.clone()),
        _ => Ok(outcomes),
    }
}

#[derive(Properties, PartialEq)]
pub struct SamplesPanelProps {
    pub id: RuleId,
    pub kind: RuleKind,
    pub source: AttrValue,
    /// Whether the source can be run as it is.
    pub runs: bool,
    /// Whether that is being found out.
    pub checking: bool,
    pub samples: UseRemote<SampleList>,
    /// `None` while their file is not read.
    pub cases: Option<Rc<Vec<TestCase>>>,
    pub oncases: Callback<Vec<TestCase>>,
}

#[component]
pub fn SamplesPanel(props: &SamplesPanelProps) -> Html {
    let toaster = use_toaster();
    let chosen = use_state(|| None::<String>);
    let typed = use_state(|| None::<TypedKpi>);
    let search = use_state(AttrValue::default);
    let all = props.samples.remote.ready().map(|list| list.items.clone()).unwrap_or_default();
    let selected = chosen
        .as_ref()
        .and_then(|key| all.iter().find(|sample| sample.key == *key))
        .or_else(|| all.first())
        .cloned();
    let changed =
        (*typed).clone().filter(|typed| selected.as_ref().is_some_and(|sample| sample.key == typed.key));
    let trials: Vec<Trial> = all
        .iter()
        .filter(|sample| sample.is_pinned || selected.as_ref().is_some_and(|chosen| chosen.key == sample.key))
        .map(|sample| {
            Trial::of(sample, &props.source, changed.as_ref().filter(|typed| typed.key == sample.key))
        })
        .collect();
    let id = props.id;
    let ready = props.runs && !trials.is_empty();
    let outcomes = use_asked(ready.then_some(trials), PAUSE_MS, move |trials| run_all(id, trials));
    let outcome = selected.as_ref().and_then(|sample| outcomes.shown.as_ref()?.get(&sample.key).cloned());
    let onkeep = {
        let (oncases, cases, name) = (
            props.oncases.clone(),
            props.cases.clone().unwrap_or_default(),
            selected.as_ref().map(title).unwrap_or_default(),
        );
        Callback::from(move |answer: RunAnswer| {
            let (list, kept) = keep(&cases, &name, &answer);
            oncases.emit(list);
            toaster.success(match kept {
                Kept::New(name) => t!("studio.case_kept", name = name),
                Kept::Renewed(name) => t!("studio.case_renewed", name = name),
                Kept::Known(name) => t!("studio.case_known", name = name),
            });
        })
    };
    let ontyped = {
        let typed = typed.clone();
        Callback::from(move |next: Option<TypedKpi>| typed.set(next))
    };
    let busy = props.checking || (ready && outcomes.busy);
    let body = match &props.samples.remote {
        Remote::Loading => html! { <SkeletonRows rows={6} /> },
        Remote::Failed(error) => {
            html! { <ErrorState error={error.clone()} onretry={props.samples.reload.clone()} /> }
        }
        Remote::Ready(_) => html! {
            <>
                { list(&all, selected.as_ref(), &outcomes, outcomes.busy && props.runs, &chosen, &search) }
                if let Some(sample) = &selected {
                    <section class="mt-4 border-t border-base-300 pt-4" aria-labelledby="sample-title">
                        <div class="mb-3 flex flex-wrap items-center justify-between gap-2">
                            <h3 id="sample-title" class="font-semibold">{ title(sample) }</h3>
                            { keep_button(props, outcome.as_ref(), outcomes.busy, &onkeep) }
                        </div>
                        if let Some(Ok(answer)) = &outcome {
                            <TypedFacts key={sample.key.clone()} sample={sample.key.clone()} kpi={answer.kpi.clone()} ctx={answer.ctx.clone()} typed={changed.clone()} onchange={ontyped} />
                        }
                        { detail(props, outcome.as_ref(), &outcomes) }
                    </section>
                }
            </>
        },
    };
    html! {
        <aside class="surface min-w-0 p-4" aria-labelledby="samples-title" aria-busy={busy.then_some("true")}>
            <h2 id="samples-title" class="text-base font-semibold">{ t!("studio.samples") }</h2>
            <p class="mt-0.5 mb-3 text-sm text-muted">{ t!("studio.samples_lead") }</p>
            { body }
        </aside>
    }
}

fn keep_button(
    props: &SamplesPanelProps,
    outcome: Option<&Result<RunAnswer, ApiError>>,
    busy: bool,
    onkeep: &Callback<RunAnswer>,
) -> Html {
    let Some(Ok(answer)) = outcome.cloned() else { return Html::default() };
    let blocked = match props.cases {
        None => Some(t!("studio.cases_unread")),
        Some(_) => (!props.runs || busy).then(|| t!("studio.not_run")),
    };
    let onclick = onkeep.reform(move |_: MouseEvent| answer.clone());
    html! { <Button label={t!("studio.keep_case")} icon={IconName::Plus} size={ButtonSize::Small} disabled={blocked} {onclick} /> }
}

fn detail(
    props: &SamplesPanelProps,
    outcome: Option<&Result<RunAnswer, ApiError>>,
    outcomes: &Asked<Outcomes>,
) -> Html {
    let stale = (outcomes.busy && props.runs).then_some("is-refreshing");
    let failed = outcomes.failed.as_ref().or_else(|| outcome.and_then(|outcome| outcome.as_ref().err()));
    html! {
        <div class={classes!("mt-4", stale)} aria-live="polite">
            if !props.runs { <p class="mb-3 text-sm text-muted">{ t!("studio.not_run") }</p> }
            if let Some(error) = failed { <p class="mb-3 text-sm text-error">{ error.sentence() }</p> }
            if let Some(Ok(answer)) = outcome { <OutcomeView answer={answer.clone()} kind={props.kind} /> }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::id::KpiId;
    use serde_json::json;

    use super::*;

    fn sample(key: &str, kpi_id: Option<KpiId>) -> Sample {
        let kpi = json!({ "target": 10.0 }).as_object().cloned().unwrap_or_default();
        Sample {
            key: key.into(),
            title: key.into(),
            is_pinned: kpi_id.is_none(),
            kpi_id,
            owner: None,
            kpi,
            ctx: Map::new(),
        }
    }

    #[test]
    fn a_stored_kpi_is_run_by_its_id_until_a_number_is_changed() {
        let stored = sample("kpi:7", Some(KpiId(7)));
        let plain = Trial::of(&stored, "fn", None);
        assert_eq!((plain.body.kpi_id, plain.body.kpi), (Some(KpiId(7)), None));
        let over = json!({ "current": 4.0 }).as_object().cloned().unwrap();
        let typed =
            TypedKpi { key: stored.key.clone(), base: stored.kpi.clone(), over, ..TypedKpi::default() };
        let changed = Trial::of(&stored, "fn", Some(&typed));
        assert_eq!(changed.body.kpi_id, None);
        assert_eq!(Value::from(changed.body.kpi.unwrap()), json!({ "target": 10.0, "current": 4.0 }));
    }

    #[test]
    fn an_edge_case_is_run_by_its_facts() {
        let trial = Trial::of(&sample("no_value", None), "fn", None);
        assert_eq!(Value::from(trial.body.kpi.unwrap()), json!({ "target": 10.0 }));
        assert_eq!(trial.body.source.as_deref(), Some("fn"));
    }
}
