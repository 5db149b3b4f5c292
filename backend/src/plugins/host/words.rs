//! What a script can ask the host for.

use kpi_engine::script::Word;

/// The words, with their permissions in the description.
pub const WORDS: &[Word] = &[
    Word {
        name: "log",
        least: 1,
        most: 1,
        signature: "log(text)",
        about: "Writes a line into the plugin's log, which administrators read. Secrets are blotted out.",
    },
    Word {
        name: "http_post",
        least: 3,
        most: 3,
        signature: "http_post(url, headers, body) -> #{status, ok, body}",
        about: "Posts to a host of the permission `http`. `headers` is a map of texts, `body` a text, or a map or array that is \
                sent as JSON. `ok` says whether the status is 200 to 299. Throws when the host cannot be reached; redirects are \
                not followed.",
    },
    Word {
        name: "kpis",
        least: 0,
        most: 1,
        signature: "kpis(#{...}) -> [kpi]",
        about: "The KPIs that a filter lets through, all of the current quarter without one. Permission `read = [\"kpis\"]`.",
    },
    Word {
        name: "users",
        least: 0,
        most: 1,
        signature: "users(#{...}) -> [person]",
        about: "The active people that a filter lets through. Permission `read = [\"users\"]`.",
    },
    Word {
        name: "notify",
        least: 3,
        most: 4,
        signature: "notify(user, title, text, link)",
        about: "Tells a person something: their id, a title of at most 200 characters, a text of at most 2000, and a path in the \
                web app such as `/kpis/5`, which may be left out. Permission `notify`.",
    },
    Word {
        name: "setting",
        least: 1,
        most: 1,
        signature: "setting(key) -> any",
        about: "The value of a setting of the manifest, its default where none was given; absent where there is neither.",
    },
    Word {
        name: "store_get",
        least: 1,
        most: 1,
        signature: "store_get(key) -> any",
        about: "What was kept under a key; absent where nothing was. Permission `store`.",
    },
    Word {
        name: "store_set",
        least: 2,
        most: 2,
        signature: "store_set(key, value)",
        about: "Keeps a value under a key, from one call to the next; `()` forgets it. Permission `store`.",
    },
    Word {
        name: "now",
        least: 0,
        most: 0,
        signature: "now() -> text",
        about: "The time it is, such as `2026-02-14T09:00:00.000Z`. The day in the company's zone is `today()`.",
    },
];
