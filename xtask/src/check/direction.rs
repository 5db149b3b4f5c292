//! Who may know whom: `api <- engine <- platform, entity <- features <- router, app, cli` in the server, and
//! `api <- core <- ui <- widgets <- features <- shell <- app` in the web app.

use super::Source;

/// In files below `folder` (and, where names are given, of these names), none of `words` may appear in code.
struct Ban {
    folder: &'static str,
    names: &'static [&'static str],
    words: &'static [&'static str],
    advice: &'static str,
}

const BANS: [Ban; 4] = [
    Ban {
        folder: "backend/src/",
        names: &["routes.rs", "handlers.rs"],
        words: &["sea_orm", "sea_query"],
        advice: "routes and handlers know no database: let the feature's service answer, and put the query into its repo.rs",
    },
    Ban {
        folder: "backend/src/",
        names: &["service.rs", "policy.rs", "repo.rs"],
        words: &["warp"],
        advice: "service, policy and repo know no HTTP: take values and return the feature's error; handlers.rs turns them into answers",
    },
    Ban {
        folder: "backend/engine/src/",
        names: &[],
        words: &["sea_orm", "warp", "tokio", "std::fs", "std::net", "SystemTime", "now_utc"],
        advice: "the engine is pure: no database, HTTP, files or clock; hand it values",
    },
    Ban {
        folder: "api/src/",
        names: &[],
        words: &["sea_orm", "warp", "tokio", "yew", "now_utc"],
        advice: "api is what travels over the wire, for server and web app alike: serde and time only",
    },
];

/// The server's rooms that are no features.
const FOUNDATION: [&str; 2] = ["platform", "entity"];
/// What stands above the features.
const ABOVE: [&str; 2] = ["router", "cli"];

/// The web app's rooms, from the ground up: each may use those before it.
const FLOORS: [&str; 5] = ["core", "ui", "widgets", "features", "shell"];

pub fn findings(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    let features = features(sources);
    for source in sources.iter().filter(|source| source.path.ends_with(".rs")) {
        for ban in BANS.iter().filter(|ban| ban.covers(source)) {
            for (line, code) in source.code() {
                if let Some(word) = ban.words.iter().find(|word| mentions(code, word)) {
                    found.push(source.at(line, &format!("`{word}` does not belong here: {}", ban.advice)));
                }
            }
        }
        server_floors(source, &features, &mut found);
        web_floors(source, &mut found);
    }
    found
}

impl Ban {
    fn covers(&self, source: &Source) -> bool {
        // The platform is where HTTP and the database are tamed; names of files mean roles only inside features.
        let is_role =
            !source.path.starts_with("backend/src/platform/") && self.names.contains(&source.name());
        source.path.starts_with(self.folder) && (self.names.is_empty() || is_role)
    }
}

/// The folders of `backend/src` that are features.
fn features(sources: &[Source]) -> Vec<String> {
    let mut rooms: Vec<String> = sources
        .iter()
        .filter_map(|source| source.path.strip_prefix("backend/src/")?.split_once('/'))
        .map(|(room, _)| room.to_owned())
        .filter(|room| !FOUNDATION.contains(&room.as_str()) && !ABOVE.contains(&room.as_str()))
        .collect();
    rooms.dedup();
    rooms
}

fn server_floors(source: &Source, features: &[String], found: &mut Vec<String>) {
    let Some((room, _)) = source.path.strip_prefix("backend/src/").and_then(|rest| rest.split_once('/'))
    else {
        return;
    };
    let is_foundation = FOUNDATION.contains(&room);
    let is_feature = features.iter().any(|feature| feature == room);
    for (line, code) in source.code() {
        for other in crate_modules(code) {
            if is_foundation && features.iter().any(|feature| feature == other) {
                let advice = format!(
                    "{room} knows no feature: pass what it needs from `{other}` as a value or a trait"
                );
                found.push(source.at(line, &advice));
            }
            if (is_foundation || is_feature) && ABOVE.contains(&other) {
                let advice = format!("`{other}` joins the features and is known by none of them");
                found.push(source.at(line, &advice));
            }
        }
    }
}

fn web_floors(source: &Source, found: &mut Vec<String>) {
    let Some((room, _)) = source.path.strip_prefix("frontend/src/").and_then(|rest| rest.split_once('/'))
    else {
        return;
    };
    let Some(own) = floor(room) else { return };
    for (line, code) in source.code() {
        for other in crate_modules(code) {
            if floor(other).is_some_and(|other| other > own) {
                let advice = format!("{room} may not use {other}: the order is {}", FLOORS.join(" <- "));
                found.push(source.at(line, &advice));
            }
        }
    }
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| *floor == room)
}

/// The modules named right after `crate::` in a line.
fn crate_modules(code: &str) -> impl Iterator<Item = &str> {
    code.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

/// Whether `word` stands in `code` as a path or identifier of its own.
fn mentions(code: &str, word: &str) -> bool {
    let inside = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(inside) && !code[at + word.len()..].starts_with(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into() }
    }

    #[test]
    fn a_handler_that_queries_is_found_and_a_comment_about_it_is_not() {
        let bad = source("backend/src/kpi/handlers.rs", "// sea_orm stays away\nuse sea_orm::EntityTrait;\n");
        let found = findings(&[bad]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("backend/src/kpi/handlers.rs:2:"), "{}", found[0]);
    }

    #[test]
    fn words_are_matched_whole() {
        assert!(mentions("use warp::Filter;", "warp"));
        assert!(!mentions("let warped = 1;", "warp"));
    }

    #[test]
    fn the_foundation_knows_no_feature_and_features_may_know_each_other() {
        let feature = source("backend/src/kpi/service.rs", "use crate::people::service;\n");
        let low = source("backend/src/platform/clock.rs", "use crate::kpi::service;\n");
        let other = source("backend/src/people/mod.rs", "//! People.\n");
        let found = findings(&[feature, other, low]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("backend/src/platform/clock.rs:1:"));
    }

    #[test]
    fn a_lower_floor_of_the_web_app_may_not_use_a_higher_one() {
        let bad = source("frontend/src/ui/button.rs", "use crate::features::kpi::Page;\n");
        let good = source("frontend/src/features/kpi.rs", "use crate::ui::Button;\n");
        assert_eq!(findings(&[bad, good]).len(), 1);
    }
}
