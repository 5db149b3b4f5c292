//! From page to page of a list.

use yew::prelude::*;

use super::{
    button::{Button, ButtonSize},
    icon::IconName,
};
use crate::{core::format, t};

#[derive(Properties, PartialEq)]
pub struct PaginationProps {
    /// From 1.
    pub page: u32,
    pub per_page: u32,
    pub total: u64,
    pub onpage: Callback<u32>,
}

#[component]
pub fn Pagination(props: &PaginationProps) -> Html {
    let pages = pages(props.total, props.per_page);
    let first = u64::from(props.page.saturating_sub(1)) * u64::from(props.per_page) + 1;
    let last = (first + u64::from(props.per_page) - 1).min(props.total);
    let go = |page: u32| {
        let onpage = props.onpage.clone();
        Callback::from(move |_: MouseEvent| onpage.emit(page))
    };
    if props.total == 0 {
        return Html::default();
    }
    html! {
        <nav aria-label={t!("ui.pages")} class="mt-3 flex flex-wrap items-center justify-between gap-2 text-sm">
            <span class="text-muted tabular-nums" aria-live="polite">
                { t!("ui.rows", first = format::integer(first as i64), last = format::integer(last as i64), total = format::integer(props.total as i64)) }
            </span>
            if pages > 1 {
                <span class="flex items-center gap-2">
                    <Button label={t!("ui.previous_page")} icon={IconName::ChevronLeft} icon_only=true size={ButtonSize::Small}
                        disabled={(props.page <= 1).then(|| t!("ui.first_page"))} onclick={go(props.page.saturating_sub(1).max(1))} />
                    <span class="tabular-nums">{ t!("ui.page_of", page = props.page, pages = pages) }</span>
                    <Button label={t!("ui.next_page")} icon={IconName::ChevronRight} icon_only=true size={ButtonSize::Small}
                        disabled={(u64::from(props.page) >= pages).then(|| t!("ui.last_page"))} onclick={go(props.page + 1)} />
                </span>
            }
        </nav>
    }
}

/// How many pages a list has; an empty one has one.
fn pages(total: u64, per_page: u32) -> u64 {
    total.div_ceil(u64::from(per_page.max(1))).max(1)
}

#[cfg(test)]
mod tests {
    use super::pages;

    #[test]
    fn the_last_page_may_be_short() {
        assert_eq!([pages(0, 20), pages(20, 20), pages(21, 20)], [1, 1, 2]);
    }
}
