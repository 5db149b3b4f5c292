//! How many notifications are unread: beside the bell, in the window's title.

use yew::prelude::*;

use crate::core::{
    api,
    live::{News, use_news},
    query::Params,
};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Notices {
    pub unread: u64,
    /// After some were marked as read here.
    pub counted: Callback<u64>,
}

#[derive(Properties, PartialEq)]
pub struct NoticesProviderProps {
    pub children: Html,
}

#[component]
pub fn NoticesProvider(props: &NoticesProviderProps) -> Html {
    let unread = use_state_eq(|| 0_u64);
    let count_again = use_callback((), {
        let unread = unread.setter();
        move |(), ()| {
            let unread = unread.clone();
            yew::platform::spawn_local(async move {
                // Without an answer the count stays as it was; the next news brings it.
                if let Ok(page) = api::notifications::list(&Params::new().with("per_page", 1)).await {
                    unread.set(page.unread_count);
                }
            });
        }
    });
    use_effect_with((), {
        let count_again = count_again.clone();
        move |()| count_again.emit(())
    });
    use_news({
        let (unread, count_again) = (unread.setter(), count_again.clone());
        Callback::from(move |news: News| match news {
            News::Notification(news) => unread.set(news.unread_count),
            News::Unread(count) => unread.set(count),
            News::Everything => count_again.emit(()),
            News::Kpi(_) | News::Rule(_) | News::Job(_) => {}
        })
    });
    let counted = use_callback((), {
        let unread = unread.setter();
        move |count: u64, ()| unread.set(count)
    });
    let notices = Notices { unread: *unread, counted };
    html! { <ContextProvider<Notices> context={notices}>{ props.children.clone() }</ContextProvider<Notices>> }
}

/// Nothing unread where nobody is logged in.
#[hook]
pub fn use_notices() -> Notices {
    use_context::<Notices>().unwrap_or_default()
}
