//! A person's initials; the name stands beside it in words.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct AvatarProps {
    pub name: AttrValue,
    #[prop_or("size-8 text-xs")]
    pub size: &'static str,
}

#[component]
pub fn Avatar(props: &AvatarProps) -> Html {
    html! {
        <span class={classes!("avatar-initials", props.size)} aria-hidden="true">{ initials(&props.name) }</span>
    }
}

/// First letters of the first and the last name.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_come_from_the_first_and_the_last_name() {
        assert_eq!(initials("Anna Maria von Berg"), "AB");
        assert_eq!(initials("élodie"), "É");
        assert_eq!(initials(" "), "");
    }
}
