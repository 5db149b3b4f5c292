//! The rules of plugins: what they would do, when they apply, and that they are retired with their plugin.

use serde_json::json;

use super::Plugin;
use crate::support::{TestApp, kpis::defined};

fn with_rules(id: &'static str) -> Plugin {
    let manifest = "[[templates]]\nfile = \"templates.toml\"\n\
        [[rules]]\nkind = \"validate\"\nfile = \"rules/no-round-numbers.rhai\"\nscope = \"global\"\n\
        [[rules]]\nkind = \"score\"\nfile = \"rules/all-or-nothing.rhai\"\nscope = \"template:deal\"\n";
    Plugin::new(id, manifest, "")
        .file(
            "templates.toml",
            "[[template]]\nkey = \"deal\"\nname = \"Deal\"\n[template.fields]\nkind = \"number\"\ndirection = \"increase\"\n",
        )
        .file(
            "rules/no-round-numbers.rhai",
            "//! No round numbers\n//! A target that ends in two zeros was not thought about.\n\
             fn validate(kpi, ctx) {\n    if kpi.target != () && kpi.target % 100 == 0 { return [warn(\"target\", \"A round number.\")]; }\n    []\n}\n",
        )
        .file("rules/no-round-numbers.test.toml", "[[case]]\nname = \"odd\"\nkpi = { target = 7 }\nexpect = { findings = [] }\n")
        .file(
            "rules/all-or-nothing.rhai",
            "//! All or nothing\n//! 100 when the target is reached, else 0.\n\
             fn score(kpi, ctx) {\n    if kpi.current == () { return #{ score: () }; }\n    let all = min(100.0, kpi.cap ?? ctx.settings.cap);\n    let s = if kpi.target != () && kpi.current >= kpi.target { all } else { 0.0 };\n    #{ score: s, progress: s, band: band(s) }\n}\n",
        )
        .file("rules/all-or-nothing.test.toml", "[[case]]\nname = \"none\"\nkpi = { target = 7 }\nexpect = { score = \"none\", band = \"none\" }\n")
}

#[tokio::test]
async fn rules_come_with_the_plugin_and_are_retired_with_it() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let owner = app.employee().await;
    owner.draft("Round").await;
    let check = admin.sends_bundle("/plugins/check", &with_rules("deals").archive()).await.expect(200).json();
    assert_eq!(check["problems"], json!([]));
    let effects = &check["rule_effects"];
    assert_eq!(
        (&effects[0]["name"], &effects[0]["changed"]),
        (&json!("validate/deals-no-round-numbers"), &json!(1))
    );
    assert_eq!((&effects[1]["evaluated"], &effects[1]["changed"]), (&json!(0), &json!(0)));

    let rules = async || {
        let all = admin.get("/rules").await.expect(200).items();
        all.into_iter()
            .filter(|rule| rule["origin"] == "plugin:deals")
            .map(|rule| {
                (
                    rule["kind"].as_str().unwrap().to_owned(),
                    rule["state"].as_str().unwrap().to_owned(),
                    rule["version"].as_i64().unwrap(),
                )
            })
            .collect::<Vec<_>>()
    };
    let warned = async || {
        let preview = owner.post("/kpis/preview", defined("Round", json!({}))).await.expect(200).json();
        preview["findings"].to_string().contains("A round number.")
    };
    admin.installs(&with_rules("deals")).await.expect(201);
    assert_eq!((rules().await.len(), warned().await), (0, false));
    let enabled = admin.enables("deals").await.expect(200).json();
    let of = |state: &str, version: i64| {
        ["validate", "score"].map(|kind| (kind.to_owned(), state.to_owned(), version)).to_vec()
    };
    assert_eq!((rules().await, warned().await), (of("published", 1), true));
    assert!(enabled["adds"]["rules"][1]["rule_id"].is_i64(), "{enabled}");

    admin.disables("deals").await.expect(200);
    assert_eq!((rules().await, warned().await), (of("retired", 1), false));
    admin.enables("deals").await.expect(200);
    assert_eq!((rules().await, warned().await), (of("published", 1), true));

    let mut newer = with_rules("deals").version("1.1.0");
    newer.files[1].1 = newer.files[1].1.replace("A round number.", "A very round number.");
    admin.installs(&newer).await.expect(201);
    let versions: Vec<i64> = rules().await.into_iter().map(|(_, _, version)| version).collect();
    assert_eq!((versions, warned().await), (vec![2, 1], false));

    let revision = admin.plugin("deals").await["revision"].as_i64().unwrap();
    let gone = admin.delete("/plugins/deals", revision).await.expect(200).json();
    assert_eq!(gone, json!({ "templates_deleted": 1, "templates_kept": 0, "rules_retired": 2 }));
    assert!(rules().await.iter().all(|(_, state, _)| state == "retired"));
    // Installed again, the rules go on where they ended.
    admin.runs_plugin(&with_rules("deals")).await;
    assert_eq!(rules().await[0], ("validate".into(), "published".into(), 3));
    assert!(warned().await);
}

#[tokio::test]
async fn a_newer_version_of_one_that_was_switched_off_brings_its_rules_to_rest() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let failing = || {
        let mut plugin = with_rules("deals");
        plugin.manifest.push_str("[[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n");
        plugin.script = "fn heard(event) { throw \"no\" }".to_owned();
        plugin
    };
    admin.runs_plugin(&failing()).await;
    for _ in 0..10 {
        admin.post("/plugins/deals/test", json!({ "event": "kpi.created" })).await.expect(200);
    }
    let states = async || {
        let all = admin.get("/rules").await.expect(200).items();
        let own = all.iter().filter(|rule| rule["origin"] == "plugin:deals");
        own.map(|rule| rule["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // What it has added is not what failed.
    assert_eq!(admin.plugin("deals").await["state"], "switched_off");
    assert_eq!(states().await, ["published", "published"]);
    let updated = admin.installs(&failing().version("1.1.0")).await.expect(201).json();
    assert_eq!(updated["state"], "disabled");
    assert_eq!(states().await, ["retired", "retired"]);
}

#[tokio::test]
async fn what_a_newer_version_does_is_compared_with_the_installed_one() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let owner = app.employee().await;
    admin.runs_plugin(&with_rules("deals")).await;
    let template = admin.plugin("deals").await["adds"]["templates"][0]["template_id"].as_i64().unwrap();
    let deal = json!({ "template_id": template, "target": 7.0, "kind": "number", "unit": "deals" });
    owner.post("/kpis", defined("Odd", deal.clone())).await.expect(201);
    let mut round = deal;
    round["target"] = json!(100.0);
    owner.post("/kpis", defined("Round", round)).await.expect(201);
    let effects = async |plugin: &Plugin| {
        let check = admin.sends_bundle("/plugins/check", &plugin.archive()).await.expect(200).json();
        assert_eq!(check["problems"], json!([]));
        ["changed", "evaluated"]
            .map(|count| [0_usize, 1].map(|rule| check["rule_effects"][rule][count].as_i64().unwrap()))
    };
    // The same again changes nothing, and is not taken for a second rule beside the installed one.
    let same = with_rules("deals").version("1.1.0");
    assert_eq!(effects(&same).await[0], [0, 0]);
    let mut newer = with_rules("deals").version("1.2.0");
    newer.files[1].1 = newer.files[1].1.replace("A round number.", "Too round.");
    newer.files[3].1 =
        newer.files[3].1.replace("#{ score: () }", "#{ score: 0, progress: 0, band: band(0) }");
    newer.files[4].1 = newer.files[4].1.replace("\"none\", band = \"none\"", "0, band = \"red\"");
    let [changed, evaluated] = effects(&newer).await;
    assert_eq!((changed, evaluated[1]), ([1, 2], 2));
}

#[tokio::test]
async fn rules_that_do_not_hold_are_neither_installed_nor_enabled() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let mut wrong = with_rules("deals");
    wrong.files[4].1 = wrong.files[4].1.replace("expect = { score = \"none\"", "expect = { score = 50");
    let check = admin.sends_bundle("/plugins/check", &wrong.archive()).await.expect(200).json();
    let problem = &check["problems"][0];
    assert_eq!(
        (&problem["file"], &problem["code"]),
        (&json!("rules/all-or-nothing.test.toml"), &json!("tests_failed"))
    );
    assert!(problem["message"].as_str().unwrap().starts_with("none: "), "{problem}");
    let refused = admin.installs(&wrong).await;
    refused.refused(409, "tests_failed");
    assert!(refused.text().contains("rules/all-or-nothing.test.toml"), "{}", refused.text());
    admin.get("/plugins/deals").await.refused(404, "not_found");

    // Its cases pass, but more gives less.
    let mut upside_down = with_rules("deals");
    upside_down.files[3].1 =
        upside_down.files[3].1.replace("kpi.current >= kpi.target", "kpi.current < kpi.target");
    let refused = admin.installs(&upside_down).await;
    refused.refused(409, "tests_failed");
    assert!(refused.text().contains("rules/all-or-nothing.rhai"), "{}", refused.text());
    assert!(refused.text().contains("better_is_not_less"), "{}", refused.text());

    // What is installed goes on as it is.
    admin.runs_plugin(&with_rules("deals")).await;
    admin.installs(&upside_down.version("1.1.0")).await.refused(409, "tests_failed");
    let installed = admin.plugin("deals").await;
    assert_eq!((&installed["version"], &installed["state"]), (&json!("1.0.0"), &json!("enabled")));
}

#[tokio::test]
async fn a_rule_of_somebody_else_is_not_taken_over() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let own = json!({
        "kind": "validate",
        "name": "deals-no-round-numbers",
        "scope": "global",
        "source": "//! Ours\nfn validate(kpi, ctx) { [] }",
    });
    let rule = admin.post("/rules", own).await.expect(201).json();
    admin.installs(&with_rules("deals")).await.expect(201);
    admin.enables("deals").await.refused(409, "plugin_state");
    let id = rule["id"].as_i64().unwrap();
    let seen = admin.get(&format!("/rules/{id}")).await.expect(200).json();
    assert_eq!((&seen["origin"], &seen["state"]), (&rule["origin"], &rule["state"]));
    assert_eq!(admin.plugin("deals").await["state"], "disabled");
}
