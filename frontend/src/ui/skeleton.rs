//! Placeholders of the size of what will stand there, so that nothing jumps.

use yew::prelude::*;

/// Rows of a list.
#[derive(Properties, PartialEq)]
pub struct SkeletonRowsProps {
    #[prop_or(5)]
    pub rows: usize,
}

#[component]
pub fn SkeletonRows(props: &SkeletonRowsProps) -> Html {
    html! {
        <div class="surface divide-y divide-base-300" aria-hidden="true">
            { for (0..props.rows).map(|_| html! {
                <div class="flex h-16 items-center gap-4 px-4">
                    <div class="skeleton h-4 w-2/5"></div>
                    <div class="skeleton ms-auto h-4 w-1/6"></div>
                    <div class="skeleton h-4 w-1/12"></div>
                </div>
            }) }
        </div>
    }
}

/// Cards side by side.
#[derive(Properties, PartialEq)]
pub struct SkeletonCardsProps {
    #[prop_or(4)]
    pub cards: usize,
    #[prop_or("h-28")]
    pub height: &'static str,
}

#[component]
pub fn SkeletonCards(props: &SkeletonCardsProps) -> Html {
    html! {
        <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-4" aria-hidden="true">
            { for (0..props.cards).map(|_| html! { <div class={classes!("skeleton", props.height)}></div> }) }
        </div>
    }
}

/// Lines of a text or form.
#[derive(Properties, PartialEq)]
pub struct SkeletonLinesProps {
    #[prop_or(4)]
    pub lines: usize,
}

#[component]
pub fn SkeletonLines(props: &SkeletonLinesProps) -> Html {
    html! {
        <div class="space-y-4" aria-hidden="true">
            { for (0..props.lines).map(|_| html! {
                <div class="space-y-2">
                    <div class="skeleton h-4 w-1/4"></div>
                    <div class="skeleton h-10 w-full"></div>
                </div>
            }) }
        </div>
    }
}
