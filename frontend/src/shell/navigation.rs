//! Where one can go: beside the page on wide screens, below it on phones. Entries ask the same table of permissions
//! as the server.

use kpi_api::permission::Capability;
use yew::prelude::*;

use crate::{
    core::session::{Session, use_session},
    route::Route,
    t,
    ui::{Icon, IconName, LinkKind, RouteLink},
};

#[derive(Clone, PartialEq)]
pub struct Entry {
    pub route: Route,
    pub label: AttrValue,
    pub icon: IconName,
    needs: Capability,
}

/// The pages for everyday work.
pub fn work(session: &Session) -> Vec<Entry> {
    let all = vec![
        Entry {
            route: Route::MyWork,
            label: t!("nav.my_work"),
            icon: IconName::Home,
            needs: Capability::SeeKpi,
        },
        Entry {
            route: Route::Kpis,
            label: t!("nav.kpis"),
            icon: IconName::Target,
            needs: Capability::SeeKpi,
        },
        Entry {
            route: Route::Approvals,
            label: t!("nav.approvals"),
            icon: IconName::CheckCircle,
            needs: Capability::SeeQueue,
        },
        Entry {
            route: Route::Dashboard,
            label: t!("nav.dashboard"),
            icon: IconName::Chart,
            needs: Capability::SeeKpi,
        },
    ];
    all.into_iter().filter(|entry| session.can(entry.needs)).collect()
}

/// The pages of administrators.
pub fn admin(session: &Session) -> Vec<Entry> {
    let all = vec![
        Entry {
            route: Route::People,
            label: t!("nav.people"),
            icon: IconName::Users,
            needs: Capability::ManagePeople,
        },
        Entry {
            route: Route::Departments,
            label: t!("nav.departments"),
            icon: IconName::Building,
            needs: Capability::ManageDepartments,
        },
        Entry {
            route: Route::Templates,
            label: t!("nav.templates"),
            icon: IconName::Layers,
            needs: Capability::ManageTemplates,
        },
        Entry {
            route: Route::Rules,
            label: t!("rules.title"),
            icon: IconName::File,
            needs: Capability::ManageRules,
        },
        Entry {
            route: Route::Plugins,
            label: t!("plugins.title"),
            icon: IconName::Plug,
            needs: Capability::ManagePlugins,
        },
        Entry {
            route: Route::Settings,
            label: t!("admin.settings"),
            icon: IconName::Sliders,
            needs: Capability::ManageSettings,
        },
        Entry {
            route: Route::Audit,
            label: t!("admin.audit"),
            icon: IconName::History,
            needs: Capability::SeeAudit,
        },
        Entry {
            route: Route::Jobs,
            label: t!("jobs.title"),
            icon: IconName::Clock,
            needs: Capability::SeeJobs,
        },
    ];
    all.into_iter().filter(|entry| session.can(entry.needs)).collect()
}

/// Whether an entry leads to the page one is on, or to one above it.
pub fn leads_to(entry: Route, now: Route) -> bool {
    entry == now
        || matches!(
            (entry, now),
            (Route::Kpis, Route::KpiNew | Route::Kpi { .. } | Route::KpiEdit { .. })
                | (Route::People, Route::PersonNew | Route::Person { .. })
                | (
                    Route::Rules,
                    Route::RuleNew | Route::RuleReference | Route::Rule { .. } | Route::RuleShadow { .. }
                )
                | (Route::Help, Route::ScoringPolicy)
                | (Route::Plugins, Route::Plugin { .. })
                | (
                    Route::Templates,
                    Route::TemplateNew | Route::Template { .. } | Route::TemplateAssign { .. }
                )
        )
}

#[derive(Properties, PartialEq)]
pub struct NavigationProps {
    pub route: Route,
}

/// Beside the page, from 1024 px on.
#[component]
pub fn Sidebar(props: &NavigationProps) -> Html {
    let session = use_session();
    let app = session.me().map(|me| me.app_name.clone()).unwrap_or_default();
    let link = |entry: &Entry| {
        html! {
            <li>
                <RouteLink to={entry.route} kind={LinkKind::Bare} icon={entry.icon} class="nav-entry" current={leads_to(entry.route, props.route)}>
                    <span>{ entry.label.clone() }</span>
                </RouteLink>
            </li>
        }
    };
    let admin = admin(&session);
    html! {
        <aside class="sidebar print:hidden">
            <RouteLink to={Route::MyWork} kind={LinkKind::Bare} class="mb-4 flex items-center gap-2 px-2 font-semibold">
                <span class="brand-mark"><Icon name={IconName::Target} class="size-4" /></span>
                <span class="line-clamp-2 leading-tight">{ app }</span>
            </RouteLink>
            <nav aria-label={t!("nav.main")} class="flex flex-1 flex-col gap-6">
                <ul class="space-y-0.5">{ for work(&session).iter().map(link) }</ul>
                if !admin.is_empty() {
                    <div>
                        <h2 class="mb-1 px-2 text-xs font-medium text-muted">{ t!("nav.administration") }</h2>
                        <ul class="space-y-0.5">{ for admin.iter().map(link) }</ul>
                    </div>
                }
                <ul class="mt-auto space-y-0.5">
                    <li>
                        <RouteLink to={Route::Help} kind={LinkKind::Bare} icon={IconName::Help} class="nav-entry" current={leads_to(Route::Help, props.route)}>
                            <span>{ t!("nav.help") }</span>
                        </RouteLink>
                    </li>
                </ul>
            </nav>
        </aside>
    }
}

#[derive(Properties, PartialEq)]
pub struct BottomBarProps {
    pub route: Route,
    /// Opens the list of all pages.
    pub onmore: Callback<()>,
}

/// Below the page on phones: four places and the rest behind "More".
#[component]
pub fn BottomBar(props: &BottomBarProps) -> Html {
    let session = use_session();
    let onclick = props.onmore.reform(|_: MouseEvent| ());
    html! {
        <nav aria-label={t!("nav.main")} class="bottom-bar print:hidden">
            { for work(&session).iter().map(|entry| html! {
                <RouteLink to={entry.route} kind={LinkKind::Bare} icon={entry.icon} class="bottom-entry" current={leads_to(entry.route, props.route)}>
                    <span>{ entry.label.clone() }</span>
                </RouteLink>
            }) }
            <button type="button" class="bottom-entry" {onclick}>
                <Icon name={IconName::Menu} />
                <span>{ t!("nav.more") }</span>
            </button>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::id::KpiId;

    use super::*;

    #[test]
    fn a_page_below_lights_the_entry_above() {
        assert!(leads_to(Route::Kpis, Route::KpiEdit { id: KpiId(1) }));
        assert!(!leads_to(Route::MyWork, Route::Kpis));
    }
}
