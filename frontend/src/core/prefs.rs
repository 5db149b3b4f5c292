//! Language and theme: kept in the browser, applied to `<html>`, followed by everything that is drawn.

use kpi_api::user::LOCALES;
use yew::prelude::*;

use crate::core::{browser, i18n};

const THEME_KEY: &str = "kpi.theme";
const LOCALE_KEY: &str = "kpi.locale";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text).unwrap_or(Self::System)
    }

    /// Name of the daisyUI theme; none when the system decides.
    const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("kpi-light"),
            Self::Dark => Some("kpi-dark"),
        }
    }
}

#[derive(Clone, PartialEq)]
pub struct Prefs {
    pub theme: Theme,
    pub locale: AttrValue,
    pub set_theme: Callback<Theme>,
    /// Unknown languages are ignored.
    pub set_locale: Callback<String>,
}

#[derive(Properties, PartialEq)]
pub struct PrefsProviderProps {
    pub children: Html,
}

#[component]
pub fn PrefsProvider(props: &PrefsProviderProps) -> Html {
    let theme = use_state(|| Theme::parse(&browser::stored(THEME_KEY).unwrap_or_default()));
    let locale = use_state(|| {
        let first = first_locale(browser::stored(LOCALE_KEY), &browser::languages());
        apply_locale(first);
        AttrValue::from(first)
    });
    use_effect_with(*theme, |theme| apply_theme(*theme));
    let set_theme = {
        let theme = theme.clone();
        Callback::from(move |chosen: Theme| {
            browser::store(THEME_KEY, chosen.as_str());
            theme.set(chosen);
        })
    };
    let set_locale = {
        let locale = locale.clone();
        Callback::from(move |chosen: String| {
            if let Some(known) = LOCALES.into_iter().find(|known| *known == chosen)
                && i18n::locale() != known
            {
                browser::store(LOCALE_KEY, known);
                apply_locale(known);
                locale.set(AttrValue::from(known));
            }
        })
    };
    let prefs = Prefs { theme: *theme, locale: (*locale).clone(), set_theme, set_locale };
    html! { <ContextProvider<Prefs> context={prefs}>{ props.children.clone() }</ContextProvider<Prefs>> }
}

#[hook]
pub fn use_prefs() -> Prefs {
    use_context::<Prefs>().unwrap_or(Prefs {
        theme: Theme::System,
        locale: AttrValue::from(LOCALES[0]),
        set_theme: Callback::noop(),
        set_locale: Callback::noop(),
    })
}

/// The language chosen before, else the best the browser asks for that we have, else the first one.
fn first_locale(stored: Option<String>, wanted: &[String]) -> &'static str {
    let base = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    stored
        .iter()
        .chain(wanted)
        .find_map(|tag| LOCALES.into_iter().find(|known| *known == base(tag)))
        .unwrap_or(LOCALES[0])
}

fn apply_locale(locale: &str) {
    i18n::set_locale(locale);
    if let Some(root) = browser::root() {
        root.set_attribute("lang", locale).ok();
    }
}

fn apply_theme(theme: Theme) {
    if let Some(root) = browser::root() {
        match theme.attribute() {
            Some(name) => root.set_attribute("data-theme", name).ok(),
            None => root.remove_attribute("data-theme").ok(),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_follows_choice_then_browser_then_english() {
        let wanted = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        assert_eq!(first_locale(Some("de".into()), &wanted(&["en-GB"])), "de");
        assert_eq!(first_locale(None, &wanted(&["fr", "de-AT", "en"])), "de");
        assert_eq!(first_locale(Some("xx".into()), &wanted(&["fr"])), "en");
    }
}
