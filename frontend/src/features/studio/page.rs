//! The studio: one rule from its draft to its publishing.

use std::rc::Rc;

use kpi_api::{
    id::{RescoreId, RuleId},
    rules::{
        RuleDetail, RuleState,
        cases::{Checked, TestRunBody},
        reference::{RecipeSource, RecipeUse},
    },
    scoring::Severity,
};
use yew::prelude::*;

use super::{
    acts::RuleActs,
    asked::use_asked,
    cases::CasesStep,
    draft::DraftStep,
    impact::{ImpactPanel, ImpactState, ImpactStep},
    notes::{Notes, NotesProps, saved},
    publish::PublishStep,
    recipes::RecipeDialog,
    saving::{Loaded, use_work},
    steps::{Facts, Stepper, View},
    versions::VersionsPanel,
    work::{Cases, Step, Writing},
};
use crate::{
    core::{
        api, browser, i18n,
        keys::use_shortcut,
        live::{About, use_fresh},
        query::use_query_params,
        remote::{UseRemote, use_remote},
        toast::use_toaster,
    },
    route::Route,
    t,
    ui::{Badge, Crumb, PageHeader, SkeletonLines, Tone, remote},
};

const CHECK_PAUSE_MS: u32 = 250;
const TESTS_PAUSE_MS: u32 = 700;

#[derive(Properties, PartialEq)]
pub struct RulePageProps {
    pub id: RuleId,
}

#[component]
pub fn RulePage(props: &RulePageProps) -> Html {
    let rule = use_remote(props.id, |id| async move { Loaded::load(id).await });
    use_fresh(&rule.refresh, About::Rules);
    match rule.remote.ready() {
        Some(loaded) => html! { <Studio loaded={Rc::clone(loaded)} rows={rule.clone()} /> },
        None => html! {
            <>
                <PageHeader title={t!("studio.rule")} crumbs={vec![Crumb::new(t!("studio.rules"), Route::Rules)]} />
                { remote::show(&rule, html! { <SkeletonLines lines={10} /> }, |_| Html::default()) }
            </>
        },
    }
}

#[derive(Properties, PartialEq)]
struct StudioProps {
    loaded: Rc<Loaded>,
    rows: UseRemote<Loaded>,
}

#[component]
fn Studio(props: &StudioProps) -> Html {
    let loaded = &props.loaded;
    let rule = &loaded.rule.rule;
    let (id, kind) = (rule.id, rule.kind);
    let using = use_work(loaded, props.rows.set.clone(), props.rows.refresh.clone());
    let work = using.work.clone();
    let (params, set_params) = use_query_params();
    let view = View::of(params.get("step"));
    let onopen = {
        let (params, set) = (params.clone(), set_params);
        Callback::from(move |view: View| {
            set.emit(params.clone().with("step", if view == View::Draft { "" } else { view.key() }))
        })
    };
    use_shortcut("mod+s", true, using.save.clone());

    let source = work.mine.source.clone();
    let checked = use_asked(Some((id, source.clone())), CHECK_PAUSE_MS, |(id, source)| async move {
        api::rules::check(id, source.to_string()).await
    });
    let runs = checked.current().is_some_and(|checked| is_clean(checked));
    let report =
        use_asked(runs.then(|| (id, work.mine.clone())), TESTS_PAUSE_MS, |(id, writing)| async move {
            let body =
                TestRunBody { source: Some(writing.source.to_string()), tests: Some(writing.cases.tests()) };
            api::rules::run_tests(id, &body).await
        });
    let samples = use_remote((id, kind), |(id, kind)| async move { api::rules::samples(id, kind).await });
    let vocabulary = use_remote((), |()| async { api::rules::vocabulary().await });
    let recipes = use_remote((), |()| async { api::rules::recipes().await });
    let impact = use_reducer(ImpactState::default);
    let rescore = use_state(|| None::<RescoreId>);
    let recipes_open = use_state(|| false);

    // Which recipe made the text: as the server says, until one is used or the text is typed into here.
    let used = use_state(|| loaded.rule.recipe.clone());
    use_effect_with((loaded.rule.recipe.clone(), work.is_dirty()), {
        let used = used.setter();
        move |(recipe, dirty)| {
            if !dirty {
                used.set(recipe.clone());
            }
        }
    });
    let ontype = {
        let (dispatch, used) = (work.dispatcher(), used.clone());
        Callback::from(move |text: String| {
            if used.is_some() {
                used.set(None);
            }
            dispatch.dispatch(Step::Typed(text));
        })
    };
    let onuse = {
        let (dispatch, used) = (work.dispatcher(), used.clone());
        Callback::from(move |(made, recipe): (RecipeSource, RecipeUse)| {
            used.set(Some(recipe));
            let cases = Cases::File(made.tests.into());
            dispatch.dispatch(Step::Brought(Writing { source: made.source.into(), cases }));
        })
    };
    let onchanged = use_changed(props, work.dispatcher());
    let onpublished = {
        let (refresh, rescore, dispatch, set) =
            (props.rows.refresh.clone(), rescore.clone(), work.dispatcher(), props.rows.set.clone());
        let (cases, impact) = (loaded.cases.clone(), impact.dispatcher());
        Callback::from(move |(rule, started): (RuleDetail, Option<RescoreId>)| {
            rescore.set(started);
            impact.dispatch(ImpactStep::Forgotten);
            let loaded = Loaded { rule, cases: cases.clone(), fault: None };
            dispatch.dispatch(Step::Replaced(loaded.writing(), loaded.revision()));
            set.emit(loaded);
            // The cases of an older version come back with its text.
            refresh.emit(());
        })
    };
    let oncases = {
        let dispatch = work.dispatcher();
        Callback::from(move |cases| dispatch.dispatch(Step::Cased(cases)))
    };
    let onfile = {
        let dispatch = work.dispatcher();
        Callback::from(move |text| dispatch.dispatch(Step::Filed(text)))
    };

    let mut facts = Facts::of(&checked, &report);
    facts.looked = impact.looked(&source);
    facts.has_news = rule.has_draft || work.is_dirty();
    facts.is_saved = !work.is_dirty();
    let checking = checked.busy;
    let step = match view {
        View::Draft => html! {
            <DraftStep {id} {kind} work={work.clone()} {ontype} checked={checked.clone()} {runs} samples={samples.clone()} vocabulary={vocabulary.clone()}
                recipes={recipes.clone()} used={(*used).clone()} onuse={onuse.clone()} />
        },
        View::Tests => html! {
            <CasesStep cases={work.mine.cases.clone()} brought={work.brought} fault={loaded.fault.clone()} report={report.clone()} {runs} {checking} {oncases} {onfile}
                ondraft={onopen.reform(|()| View::Draft)} />
        },
        View::Impact => {
            html! { <ImpactPanel {id} source={source.clone()} {runs} {checking} state={impact.clone()} /> }
        }
        View::Publish => html! {
            <PublishStep {id} {kind} published={rule.version} revision={work.revision} {facts} rescore={*rescore} onpublished={onpublished.clone()} onopen={onopen.clone()} />
        },
        View::Versions => html! {
            <>
                <VersionsPanel {id} {kind} revision={work.revision} has_draft={rule.has_draft} onpublished={onpublished.clone()} />
                if let Some(id) = *rescore { <div class="mt-6"><super::rescoring::RescoreProgress key={id.0} {id} /></div> }
            </>
        },
    };
    let recipes_toggle = |open: bool| {
        let recipes_open = recipes_open.clone();
        Callback::from(move |()| recipes_open.set(open))
    };
    let actions = html! {
        <RuleActs loaded={Rc::clone(loaded)} mine={work.mine.clone()} {onchanged} onrecipes={recipes_toggle(true)}
            onversions={onopen.reform(move |()| if view == View::Versions { View::Draft } else { View::Versions })} versions_open={view == View::Versions} />
    };
    html! {
        <>
            <PageHeader title={i18n::of_rule(&rule.title)} lead={i18n::of_rule(&rule.description)} mark={marks(loaded)} {actions} crumbs={vec![Crumb::new(t!("studio.rules"), Route::Rules)]} />
            <div class="space-y-4">
                <Notes ..NotesProps::of(loaded, &using, onopen.clone()) />
                <Stepper {facts} open={view} {onopen} />
                <p class="text-sm text-muted" role="status">{ saved(&work, loaded) }</p>
                { step }
            </div>
            if *recipes_open { <RecipeDialog {kind} recipes={recipes} {onuse} onclose={recipes_toggle(false)} /> }
        </>
    }
}

fn is_clean(checked: &Checked) -> bool {
    checked.diagnostics.iter().all(|fault| fault.severity != Severity::Error)
}

/// After an act that changes the rule: what the server has replaces what is here, and a text that was thrown away can be
/// had back.
#[hook]
fn use_changed(
    props: &StudioProps,
    dispatch: UseReducerDispatcher<super::work::Work>,
) -> Callback<(RuleDetail, Option<Writing>)> {
    let toaster = use_toaster();
    let (set, refresh) = (props.rows.set.clone(), props.rows.refresh.clone());
    let (cases, fault) = (props.loaded.cases.clone(), props.loaded.fault.clone());
    Callback::from(move |(rule, thrown_away): (RuleDetail, Option<Writing>)| {
        let loaded = Loaded { rule, cases: cases.clone(), fault: fault.clone() };
        dispatch.dispatch(Step::Replaced(loaded.writing(), loaded.revision()));
        set.emit(loaded);
        refresh.emit(());
        if let Some(writing) = thrown_away {
            let dispatch = dispatch.clone();
            let undo = Callback::from(move |()| dispatch.dispatch(Step::Brought(writing.clone())));
            toaster.with_undo(t!("studio.draft_dropped"), None, undo);
        }
        browser::focus("rule-acts");
    })
}

fn marks(loaded: &Loaded) -> Html {
    let rule = &loaded.rule.rule;
    let state = match rule.state {
        RuleState::Draft => (t!("studio.never_published"), Tone::Neutral),
        RuleState::Published => (t!("studio.version_number", version = rule.version), Tone::Good),
        RuleState::Retired => (t!("studio.retired_mark"), Tone::Warn),
    };
    let scope = match (&rule.scope_name, rule.scope.split_once(':')) {
        (Some(name), _) => AttrValue::from(name.clone()),
        (None, None) => t!("studio.whole_company"),
        (None, Some(_)) => AttrValue::from(rule.scope.clone()),
    };
    html! {
        <>
            <Badge label={i18n::word("rule_kind", rule.kind.as_str())} />
            <Badge label={scope} />
            <Badge label={state.0} tone={state.1} />
        </>
    }
}
