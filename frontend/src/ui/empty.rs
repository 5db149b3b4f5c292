//! What is shown when there is nothing, or when something failed.

use yew::prelude::*;

use super::{
    badge::Tone,
    button::Button,
    card::Note,
    icon::{Icon, IconName},
    link::{LinkKind, RouteLink},
};
use crate::{core::error::ApiError, route::Route, t};

/// Nothing here: says what it would be and what to do next.
#[derive(Properties, PartialEq)]
pub struct EmptyStateProps {
    pub icon: IconName,
    pub title: AttrValue,
    #[prop_or_default]
    pub text: AttrValue,
    /// The next step, usually a button or link.
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn EmptyState(props: &EmptyStateProps) -> Html {
    html! {
        <div class="flex flex-col items-center px-4 py-12 text-center">
            <span class="mb-3 grid size-12 place-items-center rounded-full bg-base-200 text-muted">
                <Icon name={props.icon} class="size-6" />
            </span>
            <p class="font-semibold">{ props.title.clone() }</p>
            if !props.text.is_empty() {
                <p class="mt-1 max-w-md text-sm text-muted">{ props.text.clone() }</p>
            }
            <div class="mt-4 flex flex-wrap justify-center gap-2">{ props.children.clone() }</div>
        </div>
    }
}

/// A fetch failed: says why, offers another try, shows the number to quote.
#[derive(Properties, PartialEq)]
pub struct ErrorStateProps {
    pub error: ApiError,
    #[prop_or_default]
    pub onretry: Option<Callback<()>>,
}

#[component]
pub fn ErrorState(props: &ErrorStateProps) -> Html {
    // What is absent or not allowed stays so, however often one asks.
    let retry = props
        .onretry
        .clone()
        .filter(|_| props.error.is_passing())
        .map(|onretry| Callback::from(move |_: MouseEvent| onretry.emit(())));
    html! {
        <div role="alert" class="flex flex-col items-center px-4 py-12 text-center">
            <span class="mb-3 grid size-12 place-items-center rounded-full bg-base-200 text-error">
                <Icon name={IconName::Alert} class="size-6" />
            </span>
            <p class="font-semibold">{ props.error.sentence() }</p>
            if let Some(id) = props.error.request_id() {
                <p class="mt-1 text-sm text-muted">{ t!("ui.request_id") }{ " " }<code class="select-all">{ id.to_owned() }</code></p>
            }
            if let Some(onclick) = retry {
                <div class="mt-4"><Button label={t!("ui.retry")} icon={IconName::Refresh} {onclick} /></div>
            } else {
                <div class="mt-4"><RouteLink to={Route::MyWork} kind={LinkKind::Secondary}>{ t!("problem.to_my_work") }</RouteLink></div>
            }
        </div>
    }
}

/// Above a form: why it was refused. Takes the focus when it appears, so that it is read out.
#[derive(Properties, PartialEq)]
pub struct FormErrorProps {
    pub error: Option<ApiError>,
    /// Labels of the form's fields by their names in the API, so that the summary can link to them: (field, id, label).
    #[prop_or_default]
    pub fields: Vec<(AttrValue, AttrValue, AttrValue)>,
}

#[component]
pub fn FormError(props: &FormErrorProps) -> Html {
    let node = use_node_ref();
    use_effect_with((props.error.clone(), node.clone()), |(error, node)| {
        if error.is_some()
            && let Some(element) = node.cast::<web_sys::HtmlElement>()
        {
            element.focus().ok();
        }
    });
    let Some(error) = &props.error else { return Html::default() };
    let known = |field: &str| props.fields.iter().find(|(name, ..)| *name == field);
    html! {
        <div ref={node} tabindex="-1" role="alert" class="outline-none">
            <Note tone={Tone::Bad}>
                <p class="font-medium">{ error.sentence() }</p>
                if !error.fields().is_empty() {
                    <ul class="mt-1 list-disc ps-4 text-sm">
                        { for error.fields().iter().map(|fault| {
                            let sentence = crate::core::error::field_sentence(fault);
                            match known(&fault.field) {
                                Some((_, id, label)) => html! { <li><a class="link" href={format!("#{id}")}>{ label.clone() }</a>{ ": " }{ sentence }</li> },
                                None if fault.field.is_empty() => html! { <li>{ sentence }</li> },
                                None => html! { <li>{ crate::core::i18n::field_name(&fault.field) }{ ": " }{ sentence }</li> },
                            }
                        }) }
                    </ul>
                }
                if error.code().is_some_and(|code| code.status() >= 500) {
                    if let Some(id) = error.request_id() {
                        <p class="mt-1 text-sm">{ t!("ui.request_id") }{ " " }<code class="select-all">{ id.to_owned() }</code></p>
                    }
                }
            </Note>
        </div>
    }
}
