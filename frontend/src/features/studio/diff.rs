//! Two texts side by side, changed places with the lines around them.

use kpi_api::rules::{DiffLine, LineChange, RuleDiff};
use yew::prelude::*;

use crate::t;

/// What stands on one row: a line of the older text, of the newer one, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row<'a> {
    old: Option<&'a DiffLine>,
    new: Option<&'a DiffLine>,
}

/// Removed lines stand beside the added ones that follow them.
fn rows(lines: &[DiffLine]) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut waiting = 0;
    for line in lines {
        match line.change {
            LineChange::Same => {
                rows.push(Row { old: Some(line), new: Some(line) });
                waiting = 0;
            }
            LineChange::Removed => {
                rows.push(Row { old: Some(line), new: None });
                waiting += 1;
            }
            LineChange::Added => {
                let at = rows.len() - waiting;
                match rows.get_mut(at).filter(|_| waiting > 0) {
                    Some(row) => {
                        row.new = Some(line);
                        waiting -= 1;
                    }
                    None => rows.push(Row { old: None, new: Some(line) }),
                }
            }
        }
    }
    rows
}

#[derive(Properties, PartialEq)]
pub struct DiffViewProps {
    pub diff: RuleDiff,
}

#[component]
pub fn DiffView(props: &DiffViewProps) -> Html {
    let diff = &props.diff;
    if diff.hunks.is_empty() {
        return html! { <p class="surface p-4 text-sm text-muted">{ t!("studio.diff_none") }</p> };
    }
    let name = |which: &str| {
        if which == "draft" { t!("studio.the_draft") } else { t!("studio.version_number", version = which) }
    };
    html! {
        <div class="surface overflow-x-auto" tabindex="0" role="region" aria-label={t!("studio.compare")}>
            <table class="diff-table">
                <caption class="diff-caption">{ t!("studio.diff_summary", removed = diff.removed, added = diff.added) }</caption>
                <colgroup><col class="diff-numbers" /><col /><col class="diff-numbers" /><col /></colgroup>
                <thead>
                    <tr>
                        <th scope="col" colspan="2">{ name(&diff.from) }</th>
                        <th scope="col" colspan="2">{ name(&diff.to) }</th>
                    </tr>
                </thead>
                { for diff.hunks.iter().enumerate().map(|(index, hunk)| html! {
                    <tbody key={index}>{ for rows(&hunk.lines).into_iter().map(|row| html! { <tr>{ side(row.old, true) }{ side(row.new, false) }</tr> }) }</tbody>
                }) }
            </table>
        </div>
    }
}

fn side(line: Option<&DiffLine>, is_old: bool) -> Html {
    let Some(line) = line else {
        return html! { <><td class="diff-number is-empty"></td><td class="diff-line is-empty"></td></> };
    };
    let (class, sign, word) = match line.change {
        LineChange::Same => (None, " ", None),
        LineChange::Removed => (Some("is-removed"), "−", Some(t!("studio.diff_removed"))),
        LineChange::Added => (Some("is-added"), "+", Some(t!("studio.diff_added"))),
    };
    let number = if is_old { line.old } else { line.new };
    html! {
        <>
            <td class={classes!("diff-number", class)}>{ number.map(|number| number.to_string()).unwrap_or_default() }</td>
            <td class={classes!("diff-line", class)}>
                <span class="diff-sign" aria-hidden="true">{ sign }</span>
                if let Some(word) = word { <span class="sr-only">{ word }{ ": " }</span> }
                <code>{ line.text.clone() }</code>
            </td>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(change: LineChange, text: &str) -> DiffLine {
        DiffLine { change, old: None, new: None, text: text.into() }
    }

    #[test]
    fn a_changed_line_stands_beside_its_successor() {
        use LineChange::{Added, Removed, Same};
        let lines = [
            line(Same, "a"),
            line(Removed, "b"),
            line(Removed, "c"),
            line(Added, "B"),
            line(Same, "d"),
            line(Added, "e"),
        ];
        let texts: Vec<(Option<&str>, Option<&str>)> = rows(&lines)
            .iter()
            .map(|row| (row.old.map(|line| line.text.as_str()), row.new.map(|line| line.text.as_str())))
            .collect();
        let expected = [
            (Some("a"), Some("a")),
            (Some("b"), Some("B")),
            (Some("c"), None),
            (Some("d"), Some("d")),
            (None, Some("e")),
        ];
        assert_eq!(texts, expected);
    }
}
