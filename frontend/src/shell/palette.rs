//! The command palette: every page and KPI a few keys away. On phones it is also the list of all pages.

use gloo_timers::callback::Timeout;
use kpi_api::{id::KpiId, permission::Capability};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::navigation;
use crate::{
    core::{
        api, browser,
        navigate::use_navigate,
        query::Params,
        session::{Session, use_session},
        title::HEADING_ID,
    },
    route::Route,
    t,
    ui::{Dialog, Icon, IconName},
};

const SEARCH_DELAY_MS: u32 = 200;
const MOST_KPIS: u32 = 8;

#[derive(Properties, PartialEq)]
pub struct PaletteProps {
    pub open: bool,
    pub onclose: Callback<()>,
}

#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    html! {
        <Dialog id="palette" title={t!("palette.title")} open={props.open} onclose={props.onclose.clone()}>
            <Search onclose={props.onclose.clone()} />
        </Dialog>
    }
}

#[derive(Clone, PartialEq)]
struct Hit {
    route: Route,
    label: AttrValue,
    icon: IconName,
    /// What it is, beside the label.
    kind: AttrValue,
}

#[derive(Properties, PartialEq)]
struct SearchProps {
    onclose: Callback<()>,
}

#[component]
fn Search(props: &SearchProps) -> Html {
    let session = use_session();
    let navigate = use_navigate();
    let typed = use_state(String::new);
    let chosen = use_state(|| 0_usize);
    let kpis = use_kpis(&typed);

    let mut hits: Vec<Hit> = pages(&session).into_iter().filter(|hit| fits(&hit.label, &typed)).collect();
    hits.extend(kpis.into_iter().map(|(id, title, owner)| Hit {
        route: Route::Kpi { id },
        label: title,
        icon: IconName::Target,
        kind: owner,
    }));
    let at = (*chosen).min(hits.len().saturating_sub(1));

    let follow = {
        let onclose = props.onclose.clone();
        Callback::from(move |route: Route| {
            onclose.emit(());
            navigate.push(route);
            // The dialog gives the focus back to where it was opened, on the page one has left.
            browser::focus_soon(HEADING_ID.to_owned());
        })
    };
    let oninput = {
        let (typed, chosen) = (typed.clone(), chosen.clone());
        Callback::from(move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
            chosen.set(0);
        })
    };
    let onkeydown = {
        let (chosen, follow) = (chosen.clone(), follow.clone());
        let routes: Vec<Route> = hits.iter().map(|hit| hit.route).collect();
        Callback::from(move |event: KeyboardEvent| match (event.key().as_str(), routes.len()) {
            (_, 0) => {}
            ("ArrowDown", count) => {
                event.prevent_default();
                chosen.set((at + 1) % count);
            }
            ("ArrowUp", count) => {
                event.prevent_default();
                chosen.set((at + count - 1) % count);
            }
            ("Enter", _) => {
                event.prevent_default();
                follow.emit(routes[at]);
            }
            _ => {}
        })
    };
    use_effect_with((), |()| browser::focus("palette-input"));
    html! {
        <>
            <div class="input w-full">
                <Icon name={IconName::Search} />
                <input
                    id="palette-input"
                    type="search"
                    autofocus=true
                    autocomplete="off"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="palette-hits"
                    aria-activedescendant={(!hits.is_empty()).then(|| format!("palette-hit-{at}"))}
                    aria-label={t!("palette.label")}
                    placeholder={t!("palette.placeholder")}
                    value={(*typed).clone()}
                    {oninput}
                    {onkeydown}
                />
            </div>
            <ul id="palette-hits" role="listbox" aria-label={t!("palette.hits")} class="mt-3 h-80 overflow-y-auto">
                { for hits.iter().enumerate().map(|(index, hit)| {
                    let onclick = {
                        let (follow, route) = (follow.clone(), hit.route);
                        Callback::from(move |_: MouseEvent| follow.emit(route))
                    };
                    html! {
                        <li
                            id={format!("palette-hit-{index}")}
                            role="option"
                            aria-selected={if index == at { "true" } else { "false" }}
                            class="palette-hit"
                            {onclick}
                        >
                            <Icon name={hit.icon} />
                            <span class="min-w-0 flex-1 truncate">{ hit.label.clone() }</span>
                            <span class="text-xs text-muted">{ hit.kind.clone() }</span>
                        </li>
                    }
                }) }
            </ul>
            if hits.is_empty() {
                <p class="-mt-72 mb-64 text-center text-sm text-muted" role="status">{ t!("palette.nothing") }</p>
            }
        </>
    }
}

fn pages(session: &Session) -> Vec<Hit> {
    let kind = t!("palette.page");
    let mut hits: Vec<Hit> = navigation::work(session)
        .into_iter()
        .chain(navigation::admin(session))
        .map(|entry| Hit { route: entry.route, label: entry.label, icon: entry.icon, kind: kind.clone() })
        .collect();
    if session.can(Capability::CreateKpi) {
        let act = t!("palette.act");
        hits.insert(
            0,
            Hit { route: Route::KpiNew, label: t!("nav.new_kpi"), icon: IconName::Plus, kind: act },
        );
    }
    hits.push(Hit {
        route: Route::Notifications,
        label: t!("notice.title"),
        icon: IconName::Bell,
        kind: kind.clone(),
    });
    hits.push(Hit {
        route: Route::Profile,
        label: t!("nav.profile"),
        icon: IconName::User,
        kind: kind.clone(),
    });
    hits.push(Hit { route: Route::Help, label: t!("nav.help"), icon: IconName::Help, kind });
    hits
}

/// Every typed word occurs in the label.
fn fits(label: &str, typed: &str) -> bool {
    let label = label.to_lowercase();
    typed.to_lowercase().split_whitespace().all(|word| label.contains(word))
}

/// KPIs that fit what is typed, a moment after the last key.
#[hook]
fn use_kpis(typed: &str) -> Vec<(KpiId, AttrValue, AttrValue)> {
    let found = use_state(Vec::new);
    let latest = use_mut_ref(|| 0_u32);
    use_effect_with(typed.trim().to_owned(), {
        let found = found.clone();
        move |typed| {
            let run = {
                let mut latest = latest.borrow_mut();
                *latest = latest.wrapping_add(1);
                *latest
            };
            let timeout = if typed.chars().count() < 2 {
                found.set(Vec::new());
                None
            } else {
                let query = Params::new().with("q", typed).with("per_page", MOST_KPIS);
                Some(Timeout::new(SEARCH_DELAY_MS, move || {
                    yew::platform::spawn_local(async move {
                        // Pages are found without the server; a search that fails finds no KPIs.
                        if let Ok(page) = api::kpis::list(&query).await
                            && *latest.borrow() == run
                        {
                            let rows = page.items.into_iter();
                            found.set(
                                rows.map(|kpi| (kpi.id, kpi.title.into(), kpi.user_name.into())).collect(),
                            );
                        }
                    });
                }))
            };
            move || drop(timeout)
        }
    });
    (*found).clone()
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn all_words_have_to_occur_in_any_order() {
        assert!(fits("New KPI", "kpi new"));
        assert!(fits("Genehmigungen", "GENEH"));
        assert!(!fits("My work", "kpi"));
    }
}
