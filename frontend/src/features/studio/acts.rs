//! What else can be done with a rule: throw the draft away, retire it, delete what was never published.

use std::rc::Rc;

use kpi_api::rules::{RuleDetail, RuleState};
use yew::prelude::*;

use super::{saving::Loaded, work::Writing};
use crate::{
    core::{api, i18n, navigate::use_navigate, submit::use_submit, toast::use_toaster},
    route::Route,
    t,
    ui::{Button, ButtonKind, Confirm, FormError, IconName, Menu, MenuItem},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    DropDraft,
    Retire,
    Delete,
}

#[derive(Properties, PartialEq)]
pub struct RuleActsProps {
    pub loaded: Rc<Loaded>,
    pub mine: Writing,
    /// What the rule is after the act; with the text that was thrown away, where one was.
    pub onchanged: Callback<(RuleDetail, Option<Writing>)>,
    pub onrecipes: Callback<()>,
    pub onversions: Callback<()>,
    pub versions_open: bool,
}

#[component]
pub fn RuleActs(props: &RuleActsProps) -> Html {
    let navigate = use_navigate();
    let toaster = use_toaster();
    let asking = use_state(|| None::<Act>);
    let rule = &props.loaded.rule.rule;
    let (id, revision) = (rule.id, rule.revision);
    let send = {
        let (onchanged, asking, mine, title) =
            (props.onchanged.clone(), asking.clone(), props.mine.clone(), i18n::of_rule(&rule.title));
        use_submit(
            move |act: Act, _| async move {
                match act {
                    Act::DropDraft => {
                        api::rules::drop_draft(id, revision).await.map(|rule| (act, Some(rule)))
                    }
                    Act::Retire => api::rules::retire(id, revision).await.map(|rule| (act, Some(rule))),
                    Act::Delete => api::rules::delete(id, revision).await.map(|()| (act, None)),
                }
            },
            Callback::from(move |(act, rule): (Act, Option<RuleDetail>)| {
                asking.set(None);
                match rule {
                    Some(rule) => onchanged.emit((rule, (act == Act::DropDraft).then(|| mine.clone()))),
                    None => {
                        toaster.success(t!("studio.deleted", title = title));
                        navigate.push(Route::Rules);
                    }
                }
                if act == Act::Retire {
                    toaster.success(t!("studio.was_retired", title = title));
                }
            }),
        )
    };
    let ask = |act: Act| {
        let (asking, dismiss) = (asking.clone(), send.dismiss.clone());
        Callback::from(move |()| {
            dismiss.emit(());
            asking.set(Some(act));
        })
    };
    let never_published = rule.version.0 == 0;
    let mut items = vec![
        MenuItem::new(t!("studio.drop_draft"), IconName::Undo, ask(Act::DropDraft))
            .blocked((!rule.has_draft || never_published).then(|| t!("studio.drop_draft_none"))),
    ];
    items.push(if never_published {
        MenuItem::new(t!("studio.delete"), IconName::Trash, ask(Act::Delete)).dangerous()
    } else {
        MenuItem::new(t!("studio.retire"), IconName::Ban, ask(Act::Retire))
            .blocked((rule.state == RuleState::Retired).then(|| t!("studio.retired_already")))
            .dangerous()
    });
    let onclose = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(None))
    };
    let confirm = asking.map(|act| {
        let (title, text, label) = match act {
            Act::DropDraft => (t!("studio.drop_draft_ask"), t!("studio.drop_draft_text"), t!("studio.drop_draft")),
            Act::Retire => (t!("studio.retire_ask"), t!("studio.retire_text"), t!("studio.retire")),
            Act::Delete => (t!("studio.delete_ask"), t!("studio.delete_text"), t!("studio.delete")),
        };
        let onconfirm = send.run.reform(move |()| act);
        html! {
            <Confirm id="rule-act" {title} {text} act={label} open=true busy={send.busy} {onconfirm} {onclose}>
                <FormError error={send.error.clone()} />
            </Confirm>
        }
    });
    html! {
        <>
            <Button label={t!("studio.recipes")} icon={IconName::List} onclick={props.onrecipes.reform(|_: MouseEvent| ())} />
            <Button label={t!("studio.versions")} icon={IconName::History} kind={ButtonKind::Secondary} pressed={props.versions_open} onclick={props.onversions.reform(|_: MouseEvent| ())} />
            <Menu id="rule-acts" label={t!("studio.acts")} {items} />
            { for confirm }
        </>
    }
}
