//! Help: getting started by role, how scoring works, questions and answers, keys.

use kpi_api::permission::Role;
use yew::prelude::*;

use crate::{
    core::session::use_me,
    route::Route,
    t,
    ui::{Card, Note, PageHeader, RouteLink, Tone},
};

#[component]
pub fn HelpPage() -> Html {
    html! {
        <>
            <PageHeader title={t!("help.title")} lead={t!("help.lead")} />
            <div class="grid items-start gap-4 lg:grid-cols-2">
                <Start />
                <Scoring />
                <Extending />
                <Questions />
                <Keys />
            </div>
        </>
    }
}

/// First steps of one's own role first, each role building on the one before.
#[component]
fn Start() -> Html {
    let role = use_me().user.role;
    let employee = [
        t!("help.start_employee_1"),
        t!("help.start_employee_2"),
        t!("help.start_employee_3"),
        t!("help.start_employee_4"),
    ];
    let manager = [t!("help.start_manager_1"), t!("help.start_manager_2"), t!("help.start_manager_3")];
    let admin = [t!("help.start_admin_1"), t!("help.start_admin_2"), t!("help.start_admin_3")];
    let steps = |title: AttrValue, steps: &[AttrValue]| {
        html! {
            <div>
                <h3 class="mb-1 text-sm font-semibold">{ title }</h3>
                <ol class="list-decimal space-y-1 ps-5 text-sm">{ for steps.iter().map(|step| html! { <li>{ step.clone() }</li> }) }</ol>
            </div>
        }
    };
    html! {
        <Card title={t!("help.start")}>
            <div class="space-y-4">
                if role == Role::Admin { { steps(t!("help.for_admins"), &admin) } }
                if role != Role::Employee { { steps(t!("help.for_managers"), &manager) } }
                { steps(t!("help.for_everybody"), &employee) }
            </div>
        </Card>
    }
}

#[component]
fn Scoring() -> Html {
    let rows = [
        (t!("help.scoring_more"), t!("help.scoring_more_text")),
        (t!("help.scoring_less"), t!("help.scoring_less_text")),
        (t!("help.scoring_range"), t!("help.scoring_range_text")),
        (t!("help.scoring_done"), t!("help.scoring_done_text")),
        (t!("help.scoring_missing"), t!("help.scoring_missing_text")),
        (t!("help.scoring_bands"), t!("help.scoring_bands_text")),
        (t!("help.scoring_pace"), t!("help.scoring_pace_text")),
    ];
    html! {
        <Card title={t!("help.scoring")}>
            <dl class="space-y-2 text-sm">
                { for rows.into_iter().map(|(term, text)| html! {
                    <div><dt class="font-medium">{ term }</dt><dd class="text-muted">{ text }</dd></div>
                }) }
            </dl>
            <Note tone={Tone::Accent} class="mt-4">{ t!("help.scoring_receipt") }</Note>
            <p class="mt-4 text-sm"><RouteLink to={Route::ScoringPolicy}>{ t!("help.scoring_policy") }</RouteLink></p>
        </Card>
    }
}

/// What administrators may change about the system itself.
#[component]
fn Extending() -> Html {
    if use_me().user.role != Role::Admin {
        return Html::default();
    }
    let rows = [
        (t!("help.extend_studio"), t!("help.extend_studio_text")),
        (t!("help.extend_publish"), t!("help.extend_publish_text")),
        (t!("help.extend_rule_fails"), t!("help.extend_rule_fails_text")),
        (t!("help.extend_plugins"), t!("help.extend_plugins_text")),
        (t!("help.extend_plugin_fails"), t!("help.extend_plugin_fails_text")),
        (t!("help.extend_templates"), t!("help.extend_templates_text")),
        (t!("help.extend_write"), t!("help.extend_write_text")),
    ];
    html! {
        <Card title={t!("help.extend")}>
            <dl class="space-y-2 text-sm">
                { for rows.into_iter().map(|(term, text)| html! {
                    <div><dt class="font-medium">{ term }</dt><dd class="text-muted">{ text }</dd></div>
                }) }
            </dl>
        </Card>
    }
}

#[component]
fn Questions() -> Html {
    let rows = [
        (t!("help.faq_edit"), t!("help.faq_edit_text")),
        (t!("help.faq_wrong"), t!("help.faq_wrong_text")),
        (t!("help.faq_away"), t!("help.faq_away_text")),
        (t!("help.faq_own"), t!("help.faq_own_text")),
        (t!("help.faq_holiday"), t!("help.faq_holiday_text")),
        (t!("help.faq_lost"), t!("help.faq_lost_text")),
        (t!("help.faq_template"), t!("help.faq_template_text")),
        (t!("help.faq_told"), t!("help.faq_told_text")),
        (t!("help.faq_offline"), t!("help.faq_offline_text")),
    ];
    html! {
        <Card title={t!("help.faq")}>
            <div class="divide-y divide-base-300 text-sm">
                { for rows.into_iter().map(|(question, answer)| html! {
                    <details class="py-2">
                        <summary class="cursor-pointer font-medium">{ question }</summary>
                        <p class="mt-1 text-muted">{ answer }</p>
                    </details>
                }) }
            </div>
        </Card>
    }
}

#[component]
fn Keys() -> Html {
    let rows = [
        (t!("palette.keys"), t!("help.key_palette")),
        ("Enter".into(), t!("help.key_enter")),
        (t!("help.keys_send"), t!("help.key_send")),
        ("Esc".into(), t!("help.key_escape")),
        ("j k".into(), t!("help.key_rows")),
        ("a".into(), t!("help.key_approve")),
        ("r".into(), t!("help.key_reject")),
        ("x".into(), t!("help.key_choose")),
        ("u".into(), t!("help.key_undo")),
        ("?".into(), t!("help.key_keys")),
    ];
    html! {
        <Card title={t!("help.keys")}>
            <table class="plain-table">
                <caption class="sr-only">{ t!("help.keys") }</caption>
                <thead><tr><th scope="col">{ t!("help.key") }</th><th scope="col">{ t!("help.key_does") }</th></tr></thead>
                <tbody>
                    { for rows.into_iter().map(|(key, text): (AttrValue, AttrValue)| html! {
                        <tr><td><kbd class="kbd kbd-sm">{ key }</kbd></td><td>{ text }</td></tr>
                    }) }
                </tbody>
            </table>
        </Card>
    }
}
