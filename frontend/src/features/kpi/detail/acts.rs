//! What may be done now, as buttons; the rest in a menu, each with the reason why not.

use std::rc::Rc;

use kpi_api::kpi::{Act, Action, KpiView};
use yew::prelude::*;

use super::super::copy::CopyDialog;
use crate::{
    core::{api, i18n, navigate::use_navigate, submit::use_submit, toast::use_toaster},
    route::Route,
    t,
    ui::{Button, ButtonKind, Confirm, FormError, IconName, LinkKind, Menu, MenuItem, RouteLink},
    widgets::{ActDialog, act_dialog::done_sentence, decided},
};

/// The act whose dialog is open.
pub type Asked = Option<Act>;

/// In the order in which they matter; the first that is allowed is the page's main act.
const ORDER: [Act; 12] = [
    Act::CheckIn,
    Act::Approve,
    Act::Accept,
    Act::Submit,
    Act::SubmitResult,
    Act::Reject,
    Act::Return,
    Act::Edit,
    Act::Recall,
    Act::Revise,
    Act::Reopen,
    Act::Delete,
];

/// How many stand as buttons.
const SHOWN: usize = 3;

#[derive(Properties, PartialEq)]
pub struct ActsProps {
    pub kpi: Rc<KpiView>,
    pub asked: Asked,
    pub onask: Callback<Asked>,
    pub onchange: Callback<KpiView>,
    pub reload: Callback<()>,
}

#[component]
pub fn Acts(props: &ActsProps) -> Html {
    let kpi = &props.kpi;
    let toaster = use_toaster();
    let navigate = use_navigate();
    let delete = {
        let (id, version, title) = (kpi.id, kpi.version, kpi.title.clone());
        let (toaster, navigate) = (toaster.clone(), navigate.clone());
        use_submit(
            move |(), _key| async move { api::kpis::delete(id, version).await },
            Callback::from(move |()| {
                toaster.success(done_sentence(Act::Delete, &title));
                navigate.push(Route::Kpis);
            }),
        )
    };
    let close = props.onask.reform(|()| None);
    let ondone = {
        let (onask, onchange, toaster) = (props.onask.clone(), props.onchange.clone(), toaster.clone());
        Callback::from(move |(act, kpi): (Act, KpiView)| {
            onask.emit(None);
            decided::tell(&toaster, act, &kpi, &onchange);
            onchange.emit(kpi);
        })
    };
    // An edit has a page of its own, wherever it is asked for.
    use_effect_with((props.asked, kpi.id), move |(asked, id)| {
        if matches!(asked, Some(Act::Edit | Act::Revise)) {
            navigate.replace(Route::KpiEdit { id: *id });
        }
    });
    let (buttons, rest) = sorted(&kpi.actions);
    let spoken = props
        .asked
        .filter(|act| !matches!(act, Act::CheckIn | Act::Edit | Act::Revise | Act::Delete | Act::Copy));
    html! {
        <>
            { for buttons.iter().enumerate().map(|(index, act)| button(*act, index == 0, props)) }
            if !rest.is_empty() {
                <Menu id="kpi-acts" label={t!("kpi.act.more")} items={rest.into_iter().map(|action| item(&action, props)).collect::<Vec<_>>()} />
            }
            <ActDialog kpi={kpi.id} title={kpi.title.clone()} version={kpi.version} act={spoken} onclose={close.clone()} {ondone} onstale={props.reload.clone()} />
            <Confirm id="delete" title={t!("kpi.act.delete_title")} text={t!("kpi.act.delete_text", title = kpi.title)} act={i18n::word("act", "delete")}
                open={props.asked == Some(Act::Delete)} busy={delete.busy} onconfirm={delete.run.clone()} onclose={close.clone()}>
                <FormError error={delete.error.clone()} />
            </Confirm>
            <CopyDialog ids={vec![kpi.id]} titles={vec![(kpi.id, kpi.title.clone().into())]} open={props.asked == Some(Act::Copy)} onclose={close} ondone={Callback::noop()} />
        </>
    }
}

/// The buttons, and what stays for the menu: the other allowed ones first, then those that are not possible now.
fn sorted(actions: &[Action]) -> (Vec<Act>, Vec<Action>) {
    let of = |act: Act| actions.iter().find(|action| action.name == act);
    let allowed: Vec<Act> =
        ORDER.into_iter().filter(|act| of(*act).is_some_and(|action| action.allowed)).collect();
    let buttons: Vec<Act> = allowed.iter().copied().filter(|act| *act != Act::Delete).take(SHOWN).collect();
    let mut rest: Vec<Action> =
        allowed.iter().filter(|act| !buttons.contains(act)).filter_map(|act| of(*act).cloned()).collect();
    rest.extend(of(Act::Copy).filter(|copy| copy.allowed).cloned());
    rest.extend(ORDER.into_iter().filter_map(|act| of(act).filter(|action| !action.allowed).cloned()));
    (buttons, rest)
}

const fn icon(act: Act) -> IconName {
    match act {
        Act::CheckIn => IconName::Gauge,
        Act::Approve | Act::Accept => IconName::Check,
        Act::Submit | Act::SubmitResult => IconName::Send,
        Act::Reject | Act::Return | Act::Recall | Act::Reopen => IconName::Undo,
        Act::Edit | Act::Revise => IconName::Pencil,
        Act::Copy => IconName::Copy,
        Act::Delete => IconName::Trash,
    }
}

fn button(act: Act, main: bool, props: &ActsProps) -> Html {
    let label = i18n::word("act", act.as_str());
    if matches!(act, Act::Edit | Act::Revise) {
        let kind = if main { LinkKind::Primary } else { LinkKind::Secondary };
        return html! { <RouteLink key={act.as_str()} to={Route::KpiEdit { id: props.kpi.id }} {kind} icon={icon(act)}>{ label }</RouteLink> };
    }
    let onclick = props.onask.reform(move |_: MouseEvent| Some(act));
    html! { <Button key={act.as_str()} {label} icon={icon(act)} kind={if main { ButtonKind::Primary } else { ButtonKind::Secondary }} {onclick} /> }
}

fn item(action: &Action, props: &ActsProps) -> MenuItem {
    let act = action.name;
    let onclick = props.onask.reform(move |()| Some(act));
    let why = (!action.allowed).then(|| match &action.reason {
        Some(reason) => i18n::word("action_reason", reason),
        None => t!("kpi.act.not_now"),
    });
    let item = MenuItem::new(i18n::word("act", act.as_str()), icon(act), onclick).blocked(why);
    if act == Act::Delete && action.allowed { item.dangerous() } else { item }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_act_comes_first_and_blocked_ones_last() {
        let action =
            |name, allowed| Action { name, allowed, reason: (!allowed).then(|| "wrong_state".to_owned()) };
        let actions: Vec<Action> = Act::ALL
            .iter()
            .map(|act| {
                action(*act, matches!(act, Act::CheckIn | Act::Edit | Act::Recall | Act::Revise | Act::Copy))
            })
            .collect();
        let (buttons, rest) = sorted(&actions);
        assert_eq!(buttons, [Act::CheckIn, Act::Edit, Act::Recall]);
        assert_eq!((rest[0].name, rest[1].name), (Act::Revise, Act::Copy));
        assert!(rest[2..].iter().all(|action| !action.allowed));
        assert_eq!(buttons.len() + rest.len(), Act::ALL.len());
    }

    #[test]
    fn deleting_is_never_a_button() {
        let actions = [Action { name: Act::Delete, allowed: true, reason: None }];
        let (buttons, rest) = sorted(&actions);
        assert!(buttons.is_empty());
        assert_eq!(rest.len(), 1);
    }
}
