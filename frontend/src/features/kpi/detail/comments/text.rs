//! A comment's text as it is shown: always text, never markup. Addresses of the web become links, named colleagues
//! stand out.

use kpi_api::user::Colleague;
use yew::prelude::*;

#[derive(Debug, Clone, PartialEq)]
enum Piece<'a> {
    Plain(&'a str),
    Address(&'a str),
    Mention(&'a str),
}

/// Splits a text. Only what begins with `http://` or `https://` is an address, only `@` and the user name of somebody
/// in `mentions` is a mention.
fn pieces<'a>(text: &'a str, mentions: &[Colleague]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut plain_from = 0;
    let mut at = 0;
    while let Some(step) = text[at..].chars().next() {
        let begins =
            !text[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_');
        let found = if begins { special(&text[at..], mentions) } else { None };
        match found {
            Some((piece, length)) => {
                if plain_from < at {
                    pieces.push(Piece::Plain(&text[plain_from..at]));
                }
                pieces.push(piece);
                at += length;
                plain_from = at;
            }
            None => at += step.len_utf8(),
        }
    }
    if plain_from < text.len() {
        pieces.push(Piece::Plain(&text[plain_from..]));
    }
    pieces
}

fn special<'a>(rest: &'a str, mentions: &[Colleague]) -> Option<(Piece<'a>, usize)> {
    if rest.starts_with('@') {
        // The longest name first: `@anna.b` is not `@anna` with something behind it.
        let length = mentions
            .iter()
            .map(|colleague| colleague.username.len() + 1)
            .filter(|length| rest.is_char_boundary(*length) && rest.len() >= *length)
            .filter(|length| {
                mentions.iter().any(|colleague| rest[1..*length].eq_ignore_ascii_case(&colleague.username))
            })
            .filter(|length| {
                !rest[*length..].starts_with(|after: char| after.is_alphanumeric() || after == '_')
            })
            .max()?;
        return Some((Piece::Mention(&rest[..length]), length));
    }
    let scheme = ["https://", "http://"].into_iter().find(|scheme| rest.starts_with(scheme))?;
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '“' | '”' | '„'))
        .unwrap_or(rest.len());
    // What ends a sentence does not belong to the address.
    let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ')', ']']);
    (address.len() > scheme.len()).then_some((Piece::Address(address), address.len()))
}

#[derive(Properties, PartialEq)]
pub struct CommentTextProps {
    pub text: AttrValue,
    pub mentions: Vec<Colleague>,
}

#[component]
pub fn CommentText(props: &CommentTextProps) -> Html {
    let named = |mention: &str| {
        let username = mention.trim_start_matches('@');
        props.mentions.iter().find(|colleague| colleague.username.eq_ignore_ascii_case(username))
    };
    html! {
        <div class="text-sm break-words whitespace-pre-wrap">
            { for pieces(&props.text, &props.mentions).into_iter().map(|piece| match piece {
                Piece::Plain(text) => html! { text.to_owned() },
                Piece::Address(address) => html! {
                    <a class="link link-primary break-words" href={address.to_owned()} target="_blank" rel="noopener noreferrer nofollow">{ address.to_owned() }</a>
                },
                Piece::Mention(mention) => html! {
                    <span class="mention" title={named(mention).map(|colleague| colleague.name.clone())}>{ mention.to_owned() }</span>
                },
            }) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::id::UserId;

    use super::*;

    fn colleague(username: &str) -> Colleague {
        Colleague { id: UserId(1), name: username.to_uppercase(), username: username.into() }
    }

    #[test]
    fn only_colleagues_who_are_named_stand_out() {
        let mentions = [colleague("anna"), colleague("anna.b")];
        assert_eq!(
            pieces("ask @anna.b, @bob or a@anna", &mentions),
            [Piece::Plain("ask "), Piece::Mention("@anna.b"), Piece::Plain(", @bob or a@anna")]
        );
        assert_eq!(pieces("@Anna!", &mentions), [Piece::Mention("@Anna"), Piece::Plain("!")]);
        assert_eq!(pieces("@annabel", &mentions), [Piece::Plain("@annabel")]);
    }

    #[test]
    fn only_addresses_of_the_web_become_links() {
        assert_eq!(
            pieces("see https://example.org/a?b=1.", &[]),
            [Piece::Plain("see "), Piece::Address("https://example.org/a?b=1"), Piece::Plain(".")]
        );
        for text in
            ["javascript:alert(1)", "<a href=x>", "ftp://example.org", "https://", "xhttp://example.org"]
        {
            assert_eq!(pieces(text, &[]), [Piece::Plain(text)], "{text}");
        }
    }

    #[test]
    fn letters_of_every_alphabet_stay_whole() {
        let text = "Größe – 数 @ü";
        assert_eq!(pieces(text, &[colleague("u")]), [Piece::Plain(text)]);
    }
}
