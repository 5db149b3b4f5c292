//! The page: what is installed and how it stands, what is there to be installed, and the way in for an archive.

use kpi_api::plugin::{PluginList, PluginView};
use yew::prelude::*;

use super::{
    card::PluginCard,
    changes::{Ask, Changes},
    install::{InstallDialog, Source},
    words::is_installed,
};
use crate::{
    core::{
        api,
        live::{About, use_fresh},
        remote::use_remote,
    },
    t,
    ui::{Button, ButtonKind, EmptyState, IconName, Note, PageHeader, SkeletonCards, Tone, remote},
};

#[component]
pub fn PluginsPage() -> Html {
    let plugins = use_remote((), |()| async { api::plugins::list().await });
    use_fresh(&plugins.refresh, About::Plugins);
    let source = use_state(|| None::<Source>);
    let asked = use_state(|| None::<Ask>);
    let choose = {
        let source = source.clone();
        Callback::from(move |chosen: Option<Source>| source.set(chosen))
    };
    let ask = {
        let asked = asked.clone();
        Callback::from(move |ask: Option<Ask>| asked.set(ask))
    };
    let from_file = choose.reform(|_: MouseEvent| Some(Source::Archive));
    let actions = html! { <Button label={t!("plugins.from_file")} icon={IconName::Upload} kind={ButtonKind::Primary} onclick={from_file.clone()} /> };
    html! {
        <>
            <PageHeader title={t!("plugins.title")} lead={t!("plugins.lead")} {actions} />
            { remote::show(&plugins, html! { <SkeletonCards cards={4} height="h-44 sm:col-span-2" /> }, |list| html! {
                <div class="space-y-6">
                    if list.safe_mode { <SafeMode /> }
                    if list.items.is_empty() {
                        <div class="surface">
                            <EmptyState icon={IconName::Plug} title={t!("plugins.none")} text={t!("plugins.none_text")}>
                                <Button label={t!("plugins.from_file")} icon={IconName::Upload} onclick={from_file.clone()} />
                            </EmptyState>
                        </div>
                    }
                    { section("installed", t!("plugins.installed"), list, is_installed, &ask, &choose) }
                    { section("available", t!("plugins.available"), list, |plugin| !is_installed(plugin), &ask, &choose) }
                </div>
            }) }
            <InstallDialog source={(*source).clone()} onclose={choose.reform(|()| None)} ondone={plugins.reload.clone()} />
            <Changes asked={(*asked).clone()} onclose={ask.reform(|()| None)} ondone={plugins.reload.clone()} />
        </>
    }
}

/// Why nothing runs, whatever is enabled below.
#[component]
pub fn SafeMode() -> Html {
    html! {
        <Note tone={Tone::Warn}>
            <p class="font-medium">{ t!("plugins.safe_mode") }</p>
            <p>{ t!("plugins.safe_mode_text") }</p>
        </Note>
    }
}

fn section(
    id: &'static str,
    title: AttrValue,
    list: &PluginList,
    belongs: impl Fn(&PluginView) -> bool,
    ask: &Callback<Option<Ask>>,
    choose: &Callback<Option<Source>>,
) -> Html {
    let plugins: Vec<&PluginView> = list.items.iter().filter(|plugin| belongs(plugin)).collect();
    if plugins.is_empty() {
        return Html::default();
    }
    html! {
        <section aria-labelledby={format!("plugins-{id}")}>
            <h2 id={format!("plugins-{id}")} class="mb-2 flex items-center gap-2 font-semibold">
                { title }<span class="count">{ plugins.len() }</span>
            </h2>
            <ul class="grid gap-4 xl:grid-cols-2">
                { for plugins.into_iter().map(|plugin| html! {
                    <li key={plugin.id.clone()} class="min-w-0">
                        <PluginCard plugin={plugin.clone()} safe_mode={list.safe_mode} onask={ask.reform(Some)} onchoose={choose.reform(Some)} />
                    </li>
                }) }
            </ul>
        </section>
    }
}
