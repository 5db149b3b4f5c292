//! A table that sorts; on narrow screens every row becomes a card, with the columns' names beside the values.

use yew::prelude::*;

use super::icon::{Icon, IconName};
use crate::t;

#[derive(Clone, PartialEq)]
pub struct Column {
    pub label: AttrValue,
    /// Key for `sort`, when the list sorts by it.
    pub sort: Option<&'static str>,
    /// Numbers stand on the right.
    pub numeric: bool,
}

impl Column {
    pub fn new(label: impl Into<AttrValue>) -> Self {
        Self { label: label.into(), sort: None, numeric: false }
    }

    #[must_use]
    pub fn sorted_by(mut self, key: &'static str) -> Self {
        self.sort = Some(key);
        self
    }

    #[must_use]
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }
}

#[derive(Properties, PartialEq)]
pub struct SortableTableProps {
    /// What the table holds, for screen readers.
    pub caption: AttrValue,
    pub columns: Vec<Column>,
    /// Key and cells of each row, cells in the order of the columns. The first cell names the row.
    pub rows: Vec<(String, Vec<Html>)>,
    /// As in the address: `title`, or `-updated_at` for descending.
    #[prop_or_default]
    pub sort: AttrValue,
    #[prop_or_default]
    pub onsort: Callback<String>,
}

#[component]
pub fn SortableTable(props: &SortableTableProps) -> Html {
    html! {
        <div class="surface overflow-x-auto">
            <table class="data-table">
                <caption class="sr-only">{ props.caption.clone() }</caption>
                <thead>
                    <tr>{ for props.columns.iter().map(|column| header(column, props)) }</tr>
                </thead>
                <tbody>
                    { for props.rows.iter().map(|(key, cells)| html! {
                        <tr key={key.clone()}>
                            { for cells.iter().zip(&props.columns).enumerate().map(|(index, (cell, column))| {
                                let class = classes!(column.numeric.then_some("is-numeric"));
                                if index == 0 {
                                    html! { <th scope="row" {class}>{ cell.clone() }</th> }
                                } else {
                                    html! { <td {class} data-label={column.label.clone()}>{ cell.clone() }</td> }
                                }
                            }) }
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn header(column: &Column, props: &SortableTableProps) -> Html {
    let class = classes!(column.numeric.then_some("is-numeric"));
    let Some(key) = column.sort else {
        return html! { <th scope="col" {class}>{ column.label.clone() }</th> };
    };
    let (now, next) = order(&props.sort, key);
    let onclick = {
        let onsort = props.onsort.clone();
        Callback::from(move |_: MouseEvent| onsort.emit(next.clone()))
    };
    let (said, icon) = match now {
        Some(true) => ("ascending", Some(IconName::ArrowUp)),
        Some(false) => ("descending", Some(IconName::ArrowDown)),
        None => ("none", None),
    };
    html! {
        <th scope="col" {class} aria-sort={said}>
            <button type="button" class="sort-button" {onclick} title={t!("ui.sort_by", column = column.label)}>
                { column.label.clone() }
                if let Some(name) = icon { <Icon {name} class="size-3.5" /> }
            </button>
        </th>
    }
}

/// Whether the list is sorted by `key` now (ascending?), and what a click sorts by.
fn order(sort: &str, key: &str) -> (Option<bool>, String) {
    match sort.strip_prefix('-') {
        Some(known) if known == key => (Some(false), key.to_owned()),
        None if sort == key => (Some(true), format!("-{key}")),
        _ => (None, key.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn a_click_turns_the_order_round() {
        assert_eq!(order("title", "title"), (Some(true), "-title".into()));
        assert_eq!(order("-title", "title"), (Some(false), "title".into()));
        assert_eq!(order("-title", "score"), (None, "score".into()));
    }
}
