//! A new rule: what it does, for whom, and what it begins from. It applies to nobody before it is published.

use kpi_api::{
    error::FieldError,
    id::{DepartmentId, TemplateId},
    rules::{RuleDetail, RuleNew, RuleView, Tests, reference::Recipe},
    scoring::RuleKind,
};
use yew::prelude::*;

use super::recipes::{Numbers, RecipeFields, begun, body};
use crate::{
    core::{
        api, client::Answer, error::of_field, i18n, navigate::use_navigate, query::Params,
        remote::use_remote, submit::use_submit, toast::use_toaster,
    },
    route::Route,
    t,
    ui::{
        Button, ButtonKind, Card, Crumb, FormError, LinkKind, PageHeader, RouteLink, Segmented, Select,
        TextInput,
    },
    widgets::DepartmentPicker,
};

/// For whom a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Company,
    Department(Option<DepartmentId>),
    Template(Option<TemplateId>),
}

impl Scope {
    const fn key(self) -> &'static str {
        match self {
            Self::Company => "global",
            Self::Department(_) => "department",
            Self::Template(_) => "template",
        }
    }

    fn of(key: &str) -> Self {
        match key {
            "department" => Self::Department(None),
            "template" => Self::Template(None),
            _ => Self::Company,
        }
    }

    /// As it is sent; `None` while nothing is chosen.
    fn sent(self) -> Option<String> {
        match self {
            Self::Company => Some("global".into()),
            Self::Department(id) => Some(format!("department:{}", id?)),
            Self::Template(id) => Some(format!("template:{}", id?)),
        }
    }
}

/// What it begins from.
#[derive(Debug, Clone, PartialEq)]
enum Begin {
    Recipe(Recipe, Numbers),
    Copy(Box<RuleView>),
}

impl Begin {
    fn key(&self) -> String {
        match self {
            Self::Recipe(recipe, _) => format!("recipe:{}", recipe.key),
            Self::Copy(rule) => format!("rule:{}", rule.id),
        }
    }
}

/// A name that the server takes, from what a thing is called.
fn name_of(begin: &Begin) -> String {
    let words = match begin {
        Begin::Recipe(recipe, _) => recipe.key.clone(),
        Begin::Copy(rule) => rule.name.split('/').next_back().unwrap_or_default().to_owned() + "-copy",
    };
    words.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

type Change = Box<dyn FnOnce(&mut Form)>;

#[derive(Debug, Clone, PartialEq)]
struct Form {
    kind: RuleKind,
    scope: Scope,
    begin: Option<Begin>,
    /// As typed; what it begins from names it until then.
    name: Option<String>,
}

impl Form {
    fn name(&self) -> String {
        self.name.clone().or_else(|| self.begin.as_ref().map(name_of)).unwrap_or_default()
    }

    fn check(&self) -> Result<(String, Begin), Vec<FieldError>> {
        let required = |field: &str| FieldError::new(field, "required", "Fill this in.");
        let mut errors = Vec::new();
        let scope = self.scope.sent();
        if scope.is_none() {
            errors.push(required("scope"));
        }
        if self.name().trim().is_empty() {
            errors.push(required("name"));
        }
        let begin = match &self.begin {
            Some(Begin::Recipe(recipe, numbers)) if body(recipe, numbers).is_none() => None,
            other => other.clone(),
        };
        if begin.is_none() {
            errors.push(required("source"));
        }
        match (scope, begin) {
            (Some(scope), Some(begin)) if errors.is_empty() => Ok((scope, begin)),
            _ => Err(errors),
        }
    }
}

/// The text and the cases that the rule begins with.
async fn texts(begin: Begin) -> Answer<(String, Option<Tests>)> {
    match begin {
        Begin::Recipe(recipe, numbers) => {
            let body = body(&recipe, &numbers).unwrap_or_default();
            let made = api::rules::recipe_source(&recipe.key, &body).await?;
            Ok((made.source, Some(Tests { cases: None, text: Some(made.tests) })))
        }
        Begin::Copy(rule) => {
            let detail = api::rules::get(rule.id).await?;
            let tests = (!detail.tests.trim().is_empty())
                .then(|| Tests { cases: None, text: Some(detail.tests.clone()) });
            Ok((detail.source, tests))
        }
    }
}

#[component]
pub fn RuleNewPage() -> Html {
    let navigate = use_navigate();
    let toaster = use_toaster();
    let form =
        use_state(|| Form { kind: RuleKind::Score, scope: Scope::Department(None), begin: None, name: None });
    let recipes = use_remote((), |()| async { api::rules::recipes().await });
    let rules = use_remote((), |()| async { api::admin::rules().await });
    let templates =
        use_remote((), |()| async { api::templates::list(&Params::new().with("per_page", 100)).await });
    let send = use_submit(
        |form: Form, key| async move {
            let (scope, begin) = form.check().map_err(crate::core::error::ApiError::invalid)?;
            let (source, tests) = texts(begin).await?;
            let body = RuleNew { name: form.name(), kind: form.kind, scope, source, tests };
            api::rules::create(&body, &key).await
        },
        Callback::from(move |rule: RuleDetail| {
            toaster.success(t!("studio.created", title = i18n::of_rule(&rule.rule.title)));
            navigate.push(Route::Rule { id: rule.rule.id });
        }),
    );
    let change = |act: fn(&mut Form, String)| {
        let form = form.clone();
        Callback::from(move |text: String| {
            let mut next = (*form).clone();
            act(&mut next, text);
            form.set(next);
        })
    };
    let put = {
        let form = form.clone();
        Callback::from(move |act: Change| {
            let mut next = (*form).clone();
            act(&mut next);
            form.set(next);
        })
    };
    let errors = send.error.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let onsubmit = {
        let (form, run) = (form.clone(), send.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            run.emit((*form).clone());
        })
    };
    let recipes: Vec<Recipe> = recipes.remote.ready().map(|list| list.items.clone()).unwrap_or_default();
    let published: Vec<RuleView> = rules.remote.ready().map(|list| list.items.clone()).unwrap_or_default();
    let company_is_taken = is_taken(&published, form.kind);
    let begins: Vec<Begin> = recipes
        .into_iter()
        .filter(|recipe| recipe.kind == form.kind)
        .map(|recipe| {
            let numbers = begun(&recipe, None);
            Begin::Recipe(recipe, numbers)
        })
        .chain(
            published
                .into_iter()
                .filter(|rule| rule.kind == form.kind && rule.version.0 > 0)
                .map(|rule| Begin::Copy(Box::new(rule))),
        )
        .collect();
    let kinds = RuleKind::ALL
        .iter()
        .map(|kind| (kind.as_str().into(), i18n::word("rule_kind", kind.as_str())))
        .collect::<Vec<_>>();
    let mut scopes: Vec<(AttrValue, AttrValue)> = vec![
        ("department".into(), t!("studio.scope_department")),
        ("template".into(), t!("studio.scope_template")),
    ];
    if !company_is_taken {
        scopes.insert(0, ("global".into(), t!("studio.whole_company")));
    }
    let scope_error = of_field(&errors, "scope");
    let whom = match form.scope {
        Scope::Company => Html::default(),
        Scope::Department(id) => {
            let onchange = put.reform(|id: Option<DepartmentId>| {
                Box::new(move |form: &mut Form| form.scope = Scope::Department(id)) as Change
            });
            html! { <DepartmentPicker id="rule-department" label={t!("studio.department")} value={id} none={t!("studio.choose")} error={scope_error} {onchange} /> }
        }
        Scope::Template(id) => {
            let options = std::iter::once((AttrValue::default(), t!("studio.choose")))
                .chain(
                    templates
                        .remote
                        .ready()
                        .into_iter()
                        .flat_map(|page| page.items.clone())
                        .map(|template| (template.id.to_string().into(), template.name.into())),
                )
                .collect::<Vec<_>>();
            html! { <Select id="rule-template" label={t!("studio.template")} value={id.map(|id| id.to_string()).unwrap_or_default()} {options} error={scope_error}
            onchange={change(|form, text| form.scope = Scope::Template(text.parse().ok()))} /> }
        }
    };
    let fields = vec![
        (
            "scope".into(),
            if form.scope.key() == "template" { "rule-template".into() } else { "rule-department".into() },
            t!("studio.scope"),
        ),
        ("name".into(), "rule-name".into(), t!("studio.name")),
        ("source".into(), "begin".into(), t!("studio.begin")),
    ];
    html! {
        <>
            <PageHeader title={t!("studio.new")} lead={t!("studio.new_lead")} crumbs={vec![Crumb::new(t!("studio.rules"), Route::Rules)]} />
            <form {onsubmit} novalidate=true class="max-w-3xl space-y-4">
                <FormError error={send.error.clone()} {fields} />
                <Card>
                    <div class="space-y-4">
                        <Segmented name="rule-kind" label={t!("studio.kind")} value={form.kind.as_str()} options={kinds}
                            onchange={change(|form, text| {
                                form.kind = text.parse().unwrap_or(form.kind);
                                form.begin = None;
                                if form.scope == Scope::Company { form.scope = Scope::Department(None); }
                            })} />
                        <Segmented name="rule-scope" label={t!("studio.scope")} value={form.scope.key()} options={scopes} onchange={change(|form, text| form.scope = Scope::of(&text))} />
                        { whom }
                    </div>
                </Card>
                <Card title={t!("studio.begin")}>
                    <fieldset id="begin" tabindex="-1" class="space-y-2 outline-none" aria-describedby="begin-hint">
                        <legend class="sr-only">{ t!("studio.begin") }</legend>
                        <p id="begin-hint" class="mb-3 text-sm text-muted">{ t!("studio.begin_lead") }</p>
                        { for begins.into_iter().map(|begin| choice(begin, &form, &put)) }
                    </fieldset>
                </Card>
                <Card>
                    <TextInput id="rule-name" label={t!("studio.name")} value={form.name()} hint={t!("studio.name_hint")} error={of_field(&errors, "name")} maxlength={60}
                        oninput={change(|form, text| form.name = Some(text))} />
                </Card>
                <div class="flex flex-wrap justify-end gap-2">
                    <RouteLink to={Route::Rules} kind={LinkKind::Ghost}>{ t!("ui.cancel") }</RouteLink>
                    <Button label={t!("studio.create")} kind={ButtonKind::Primary} submit=true busy={send.busy} />
                </div>
            </form>
        </>
    }
}

/// Of two score rules for everybody nobody could say which one counts.
fn is_taken(rules: &[RuleView], kind: RuleKind) -> bool {
    kind == RuleKind::Score && rules.iter().any(|rule| rule.kind == kind && rule.scope == "global")
}

fn choice(begin: Begin, form: &Form, put: &Callback<Change>) -> Html {
    let key = begin.key();
    let picked = form.begin.as_ref().filter(|picked| picked.key() == key);
    let (name, about) = match &begin {
        Begin::Recipe(recipe, _) => (i18n::of_rule(&recipe.title), i18n::of_rule(&recipe.description)),
        Begin::Copy(rule) => {
            (t!("studio.begin_copy", title = i18n::of_rule(&rule.title)), i18n::of_rule(&rule.description))
        }
    };
    let onchange = {
        let begin = begin.clone();
        put.reform(move |_: Event| {
            let begin = begin.clone();
            Box::new(move |form: &mut Form| form.begin = Some(begin)) as Change
        })
    };
    let numbers = picked.and_then(|picked| match picked {
        Begin::Recipe(recipe, numbers) => {
            let onchange = {
                let recipe = recipe.clone();
                put.reform(move |numbers: Numbers| {
                    let recipe = recipe.clone();
                    Box::new(move |form: &mut Form| form.begin = Some(Begin::Recipe(recipe, numbers))) as Change
                })
            };
            Some(html! { <div class="mt-4"><RecipeFields recipe={recipe.clone()} numbers={numbers.clone()} {onchange} /></div> })
        }
        Begin::Copy(_) => None,
    });
    html! {
        <div key={key.clone()} class={classes!("recipe-choice", picked.is_some().then_some("is-selected"))}>
            <label class="flex cursor-pointer items-start gap-3">
                <input type="radio" name="begin" class="radio radio-sm radio-primary mt-0.5" value={key} checked={picked.is_some()} {onchange} />
                <span><span class="block font-medium">{ name }</span><span class="block text-sm text-muted">{ about }</span></span>
            </label>
            { for numbers }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe() -> Recipe {
        Recipe {
            key: "three_step_target".into(),
            kind: RuleKind::Score,
            title: String::new(),
            description: String::new(),
            numbers: Vec::new(),
        }
    }

    #[test]
    fn what_it_begins_from_names_it_until_somebody_does() {
        let begin = Some(Begin::Recipe(recipe(), Numbers::new()));
        let mut form = Form { kind: RuleKind::Score, scope: Scope::Company, begin, name: None };
        assert_eq!(form.name(), "three-step-target");
        form.name = Some("mine".into());
        assert_eq!(form.name(), "mine");
        assert_eq!(form.check().unwrap().0, "global");
    }

    #[test]
    fn a_department_has_to_be_chosen() {
        let form = Form { kind: RuleKind::Score, scope: Scope::of("department"), begin: None, name: None };
        let missing: Vec<String> = form.check().unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(missing, ["scope", "name", "source"]);
        assert_eq!(Scope::Department(Some(DepartmentId(4))).sent().as_deref(), Some("department:4"));
    }
}
