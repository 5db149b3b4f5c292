//! Words, permissions and limits.

use kpi::plugins::{
    bundle,
    host::{FailedKind, Limits, Note, Program},
};
use serde_json::{Value, json};

use super::{ALL, Desk, call, call_with, fails, plugin};

#[test]
fn a_plugin_does_what_it_was_granted() {
    let desk = Desk::new(true);
    let done = call_with(
        &desk,
        ALL,
        "let rows = kpis(#{ limit: 3, status: [\"approved\"] });
         notify(5, \"Title\", \"Text\", \"/kpis/1\");
         store_set(\"n\", (store_get(\"n\") ?? 0) + rows.len());
         log(`day ${today()}, ${now()}`);
         log(#{ a: event.data.a });
         #{ n: store_get(\"n\"), first: rows[0].owner.name, people: users().len() }",
    )
    .unwrap();
    assert_eq!(done.value, json!({ "n": 3, "first": "Ada Example", "people": 1 }));
    assert_eq!(done.log, ["day 2026-02-14, 2026-02-14T09:00:00.000Z", "{\"a\":1}"]);
    let note = Note { user: 5, title: "Title".into(), text: "Text".into(), link: "/kpis/1".into() };
    assert_eq!(*desk.notes.lock().unwrap(), [note]);
}

#[test]
fn every_word_is_refused_without_its_permission() {
    for (body, part) in [
        ("http_post(\"http://127.0.0.1/\", (), ())", "`http = "),
        ("kpis()", "`read = [\"kpis\"]`"),
        ("users()", "`read = [\"users\"]`"),
        ("notify(1, \"a\", \"b\")", "`notify = true`"),
        ("store_get(\"a\")", "`store = true`"),
        ("store_set(\"a\", 1)", "`store = true`"),
    ] {
        let desk = Desk::new(true);
        let failed =
            call_with(&desk, "", &format!("try {{ {body} }} catch {{ log(\"caught\") }} log(\"after\")"))
                .unwrap_err();
        assert_eq!(failed.kind, FailedKind::Refused, "{body}");
        assert!(failed.message.contains(part) && failed.log.is_empty(), "{failed}");
        // A manifest may ask for more than an administrator has granted.
        let program = Program::compile(&plugin(ALL, body)).unwrap().granted(bundle::Permissions::default());
        let failed = program.call("f", Value::Null, desk, &Limits::default()).unwrap_err();
        assert_eq!(failed.kind, FailedKind::Refused, "{body}");
    }
    fails(
        "http_post(\"http://example.com/\", (), ())",
        &[FailedKind::Refused],
        "does not name the host example.com",
    );
    fails(
        "http_post(\"http://127.0.0.1.evil.example/\", (), ())",
        &[FailedKind::Refused],
        "does not name the host",
    );
    fails("http_post(\"http://127.0.0.1@evil.example/\", (), ())", &[FailedKind::Threw], "user name");
}

#[test]
fn what_is_asked_for_wrongly_is_said() {
    for (body, part) in [
        ("kpis(#{ statsu: \"approved\" })", "unknown field `statsu`"),
        ("kpis(#{ status: \"done\" })", "kpis"),
        ("kpis(#{ limit: 0 })", "limit is 1 to 500"),
        ("kpis(#{ limit: 501 })", "limit is 1 to 500"),
        ("users(#{ role: 5 })", "users"),
        ("notify(\"Ada\", \"a\", \"b\")", "named by their id"),
        ("notify(1, \"\", \"b\")", "1 to 200 characters"),
        ("notify(1, \"a\", \"b\", \"https://evil.example\")", "a path in the web app"),
        ("notify(1, \"a\", \"b\", \"//evil.example\")", "a path in the web app"),
        ("setting(\"other\")", "no setting `other`"),
        ("store_set(\"\", 1)", "a key has"),
        ("let s = \"x\"; for i in 0..15 { s += s; } store_set(\"a\", s)", "a value may have"),
        ("http_post(\"ftp://127.0.0.1/\", (), ())", "http:// or https://"),
        ("http_post(\"http://127.0.0.1/\", #{ Host: \"x\" }, ())", "`host` cannot be set"),
        ("http_post(\"http://127.0.0.1/\", #{ a: \"x\\r\\nb: y\" }, ())", "one line of text"),
        ("http_post(\"http://127.0.0.1/\", 5, ())", "headers are a map"),
        ("event.nmae", "but `name`"),
        ("throw \"as I like\"", "as I like"),
    ] {
        let failed = fails(body, &[FailedKind::Threw], part);
        assert_eq!(failed.line, Some(1), "{body}");
    }
}

#[test]
fn no_plugin_outlives_its_time() {
    for body in [
        "loop {}",
        "loop { try { throw 1 } catch {} }",
        "fn f(event) { g(0) } fn g(n) { g(n + 1) }",
        "[1].map(|x| { loop {} })",
        "loop { log(\"x\") }",
        "loop { store_set(\"a\", 1) }",
        "loop { kpis() }",
        "let a = []; loop { a.push(kpis()) }",
        "let s = \"x\"; loop { s += s }",
        "let m = #{}; let i = 0; loop { i += 1; m.set(`${i}`, i) }",
        "loop { parse_json(to_json(kpis(#{ limit: 100 }))) }",
        "loop { notify(1, \"a\", \"b\") }",
        "let s = \"a\"; loop { s = replace(s, \"a\", \"aa\") }",
        "[3, 1, 2].sort(|x| { loop {} })",
    ] {
        fails(body, &[FailedKind::Timeout, FailedKind::Limit], "");
    }
}

#[test]
fn a_flooded_log_is_cut_and_holds_no_secret() {
    let done = call("for i in 0..5000 { log(`line ${i}`) }").unwrap();
    assert_eq!(done.log.len(), 201);
    assert!(done.log[200].contains("cut"), "{}", done.log[200]);
    let done = call("log(\"http://127.0.0.1:9/s3cret-path\"); let a = setting(\"address\"); log(`to ${a}`)")
        .unwrap();
    assert_eq!(done.log, ["•••", "to •••"]);
    let failed = fails("throw `no way to ${setting(\"address\")}`", &[FailedKind::Threw], "no way to •••");
    assert!(!failed.to_string().contains("s3cret"));
}

#[test]
fn hands_that_panic_end_the_call_and_nothing_else() {
    let desk = Desk::new(true);
    let failed = call_with(&desk, ALL, "log(\"before\"); notify(1, \"panic\", \"\")").unwrap_err();
    assert_eq!((failed.kind, failed.log), (FailedKind::Panicked, vec!["before".to_owned()]));
    assert!(call_with(&desk, ALL, "notify(1, \"fine\", \"\")").is_ok());
}
