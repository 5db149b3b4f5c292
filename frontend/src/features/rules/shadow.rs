//! A draft in the shadow: it runs beside the published version for some quarters, without effect. Here one sees where the
//! two differ, as things stand and at the time when values came in.

use std::rc::Rc;

use kpi_api::{
    id::RuleId,
    rule_effects::{SHADOW_QUARTERS_MAX, ShadowBody, ShadowNote, ShadowReport},
    rules::RuleDetail,
    time::Period,
};
use yew::prelude::*;

use super::words::quarters;
use crate::{
    core::{
        api, format, i18n,
        live::{About, use_fresh},
        remote::use_remote,
        session::use_me,
        submit::use_submit,
        toast::use_toaster,
    },
    route::Route,
    t, tn,
    ui::{
        Button, ButtonKind, Card, Checkbox, Confirm, Crumb, EmptyState, FormError, IconName, LinkKind, Note,
        PageHeader, RouteLink, SkeletonLines, StatCard, Tone, remote,
    },
    widgets::{Ago, Refusal, receipt_pair::ReceiptPair},
};

/// How many quarters back are offered, beside the present one.
const QUARTERS_BACK: usize = 3;

#[derive(Properties, PartialEq)]
pub struct RuleShadowPageProps {
    pub id: RuleId,
}

#[component]
pub fn RuleShadowPage(props: &RuleShadowPageProps) -> Html {
    let id = props.id;
    let rule = use_remote(id, |id| async move { api::rules::get(id).await });
    use_fresh(&rule.refresh, About::Rules);
    let title = rule.remote.ready().map(|detail| i18n::of_rule(&detail.rule.title));
    let mut crumbs = vec![Crumb::new(t!("rules.title"), Route::Rules)];
    crumbs.extend(title.map(|title| Crumb::new(title, Route::Rule { id })));
    html! {
        <>
            <PageHeader title={t!("rules.shadow_title")} lead={t!("rules.shadow_lead")} {crumbs} />
            { remote::show(&rule, html! { <SkeletonLines lines={8} /> }, |detail| match &detail.rule.shadow {
                Some(_) => html! { <Report {id} onended={rule.reload.clone()} /> },
                None => html! { <Start detail={Rc::clone(detail)} onstarted={rule.reload.clone()} /> },
            }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct StartProps {
    detail: Rc<RuleDetail>,
    onstarted: Callback<()>,
}

/// Which quarters the draft should run in.
#[component]
fn Start(props: &StartProps) -> Html {
    let rule = &props.detail.rule;
    let present = use_me().period;
    let chosen = use_state(|| vec![present]);
    let toaster = use_toaster();
    let start = {
        let (id, onstarted) = (rule.id, props.onstarted.clone());
        use_submit(
            move |quarters: Vec<Period>, _| async move {
                api::rules::start_shadow(id, &ShadowBody { quarters }).await
            },
            Callback::from(move |_| {
                toaster.success(t!("rules.shadow_started"));
                onstarted.emit(());
            }),
        )
    };
    if !rule.has_draft || rule.version.0 == 0 {
        let text = if rule.has_draft { t!("rules.shadow_unpublished") } else { t!("rules.shadow_no_draft") };
        return html! {
            <div class="surface"><EmptyState icon={IconName::Eye} title={t!("rules.shadow_impossible")} {text}>
                <RouteLink to={Route::Rule { id: rule.id }} kind={LinkKind::Primary}>{ t!("rules.to_studio") }</RouteLink>
            </EmptyState></div>
        };
    }
    let offered: Vec<Period> = std::iter::successors(Some(present), |period| Some(period.previous()))
        .take(QUARTERS_BACK + 1)
        .collect();
    let onsubmit = {
        let (run, chosen) = (start.run.clone(), chosen.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            run.emit((*chosen).clone());
        })
    };
    html! {
        <Card title={t!("rules.shadow_start")} class="max-w-2xl">
            <form {onsubmit} class="space-y-4" novalidate=true>
                <FormError error={start.error.clone()} fields={vec![("quarters".into(), "shadow-0".into(), t!("rules.quarters"))]} />
                <fieldset class="space-y-2">
                    <legend class="mb-1 text-sm font-medium">{ t!("rules.quarters") }</legend>
                    { for offered.into_iter().enumerate().map(|(index, period)| {
                        let onchange = {
                            let chosen = chosen.clone();
                            Callback::from(move |on: bool| chosen.set(toggled(&chosen, period, on)))
                        };
                        html! { <Checkbox id={format!("shadow-{index}")} label={format::period(period)} checked={chosen.contains(&period)} {onchange} /> }
                    }) }
                </fieldset>
                <Button label={t!("rules.shadow_run")} kind={ButtonKind::Primary} submit=true busy={start.busy}
                    disabled={chosen.is_empty().then(|| t!("rules.shadow_choose"))} />
            </form>
        </Card>
    }
}

fn toggled(chosen: &[Period], period: Period, on: bool) -> Vec<Period> {
    let mut next: Vec<Period> = chosen.iter().copied().filter(|known| *known != period).collect();
    if on && next.len() < SHADOW_QUARTERS_MAX {
        next.push(period);
        next.sort_unstable();
    }
    next
}

#[derive(Properties, PartialEq)]
struct ReportProps {
    id: RuleId,
    onended: Callback<()>,
}

#[component]
fn Report(props: &ReportProps) -> Html {
    let id = props.id;
    let report = use_remote(id, |id| async move { api::rules::shadow(id).await });
    let ending = use_state(|| false);
    let toaster = use_toaster();
    let end = {
        let onended = props.onended.clone();
        use_submit(
            move |(), _| async move { api::rules::end_shadow(id).await },
            Callback::from(move |()| {
                toaster.success(t!("rules.shadow_ended"));
                onended.emit(());
            }),
        )
    };
    let ask = |on: bool| {
        let ending = ending.clone();
        Callback::from(move |()| ending.set(on))
    };
    let again = report.reload.reform(|_: MouseEvent| ());
    html! {
        <>
            <div class="mb-4 flex flex-wrap gap-2">
                <RouteLink to={Route::Rule { id }} kind={LinkKind::Secondary}>{ t!("rules.to_studio") }</RouteLink>
                <Button label={t!("rules.shadow_again")} icon={IconName::Refresh} busy={report.busy} onclick={again} />
                <Button label={t!("rules.shadow_end")} kind={ButtonKind::Danger} onclick={ask(true).reform(|_: MouseEvent| ())} />
            </div>
            { remote::show(&report, html! { <SkeletonLines lines={10} /> }, |report| shown(report)) }
            <Confirm id="shadow-end" title={t!("rules.shadow_end_title")} text={t!("rules.shadow_end_text")} act={t!("rules.shadow_end")}
                open={*ending} busy={end.busy} onconfirm={end.run.clone()} onclose={ask(false)}>
                <Refusal error={end.error.clone()} onlatest={props.onended.clone()} />
            </Confirm>
        </>
    }
}

fn shown(report: &ShadowReport) -> Html {
    let count = |value: u64| AttrValue::from(format::integer(value as i64));
    let since = match &report.shadow.by {
        Some(by) => {
            t!("rules.shadow_since_by", at = format::date_time(report.shadow.since), who = by.full_name)
        }
        None => t!("rules.shadow_since", at = format::date_time(report.shadow.since)),
    };
    html! {
        <div class="space-y-6">
            <p class="text-sm text-muted">{ t!("rules.shadow_of", quarters = quarters(&report.shadow.quarters)) }{ " " }{ since }</p>
            <div class="grid gap-4 sm:grid-cols-3">
                <StatCard label={t!("rules.shadow_differs_now")} value={count(report.now.changed)} hint={tn!("rules.of_kpis", report.now.evaluated)} />
                <StatCard label={t!("rules.shadow_differed")} value={count(report.differed)} hint={tn!("rules.of_runs", report.ran)} />
                <StatCard label={t!("rules.shadow_failed")} value={count(report.failed)} hint={tn!("rules.of_runs", report.ran)} />
            </div>
            <Card title={t!("rules.shadow_now")}>
                if report.now.failed > 0 { <Note tone={Tone::Warn} class="mb-3">{ tn!("rules.shadow_fails_now", report.now.failed) }</Note> }
                if report.now.movers.is_empty() {
                    <p class="text-sm text-muted">{ t!("rules.shadow_same") }</p>
                } else {
                    <ul class="-mx-4 divide-y divide-base-300 sm:-mx-5">
                        { for report.now.movers.iter().map(|mover| html! {
                            <li key={mover.kpi.id.0}>
                                <ReceiptPair kpi={mover.kpi.clone()} before={mover.before} after={mover.after} receipts={mover.receipts.clone()} names={names()} sentences={mover.sentences.clone()} />
                            </li>
                        }) }
                    </ul>
                }
            </Card>
            <Card title={t!("rules.shadow_noted")}>
                <p class="mb-3 text-sm text-muted">{ t!("rules.shadow_noted_text") }</p>
                if report.noted.is_empty() {
                    <p class="text-sm text-muted">{ t!("rules.shadow_none_noted") }</p>
                } else {
                    <ul class="-mx-4 divide-y divide-base-300 sm:-mx-5">
                        { for report.noted.iter().map(|note| html! {
                            <li key={format!("{}-{}", note.at.0, note.kpi.id)}>
                                <ReceiptPair kpi={note.kpi.clone()} before={note.before} after={note.after} receipts={note.receipts.clone()} names={names()} aside={aside(note)} />
                            </li>
                        }) }
                    </ul>
                }
            </Card>
        </div>
    }
}

fn names() -> (AttrValue, AttrValue) {
    (t!("rules.published"), t!("rules.draft"))
}

/// When it was, and why the draft gave no score.
fn aside(note: &ShadowNote) -> Html {
    html! {
        <>
            <p class="text-sm text-muted"><Ago at={note.at} /></p>
            if let Some(error) = &note.error {
                <p class="text-sm break-words tone-bad" lang="en">
                    { error.line.map_or_else(|| error.message.clone().into(), |line| t!("rules.failed_at_line", line = line, message = error.message)) }
                </p>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::time::Quarter;

    use super::*;

    #[test]
    fn quarters_are_chosen_once_and_in_order() {
        let (third, fourth) = (Period::new(2026, Quarter::Q3), Period::new(2026, Quarter::Q4));
        let both = toggled(&[fourth], third, true);
        assert_eq!(both, [third, fourth]);
        assert_eq!(toggled(&both, third, true), both);
        assert_eq!(toggled(&both, fourth, false), [third]);
    }
}
