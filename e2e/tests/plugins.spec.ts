// Plugins: an archive is looked at, installed, granted, filled in and removed again; a damaged one says where; others see
// only its card.
import { type Page } from "@playwright/test";
import { expectAccessible } from "../support/accessible";
import { ask } from "../support/api";
import { zipped, type Sample } from "../support/files";
import { expectFits, settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { expect, test } from "../support/test";

const MANIFEST = `id = "postcard"
name = "Postcard"
version = "1.0.0"
description = "Greets whoever looks at the dashboard, and says so in its log when a KPI is approved."
requires = ">=0.1"
script = "plugin.rhai"

[permissions]
http = ["setting:address"]
read = ["kpis"]
store = true

[[hooks]]
event = "kpi.approved"
function = "on_approved"

[[jobs]]
cron = "0 8 * * Mon"
function = "weekly_greeting"

[[widgets]]
slot = "dashboard"
function = "greeting"
title = "A greeting"

[[settings]]
key = "address"
type = "url"
label = "Address for copies"

[[settings]]
key = "greeting"
type = "text"
label = "Greeting"
help = "Stands before the name."
default = "Hello"

[[settings]]
key = "token"
type = "secret"
label = "Token"
`;

const SCRIPT = `fn on_approved(event) {
    log(setting("greeting") + ", " + event.name);
}

fn weekly_greeting() {
    log(setting("greeting"));
}

fn greeting(viewer) {
    #{ kind: "text", data: #{ text: setting("greeting") + ", " + viewer.name + "! <b>Not markup</b>" } }
}
`;

function archive(files: Record<string, string>): Sample {
  return { name: "postcard.zip", mimeType: "application/zip", buffer: zipped(files) };
}

const postcard = archive({ "plugin.toml": MANIFEST, "plugin.rhai": SCRIPT });

/** Opens the dialog and puts an archive into it. */
async function look(page: Page, file: Sample) {
  await visit(page, "/admin/plugins");
  await page.getByRole("button", { name: "Install from a file" }).first().click();
  const dialog = page.getByRole("dialog", { name: /Install/ });
  await dialog.locator("input[type=file]").setInputFiles(file);
  return dialog;
}

test("a plugin is installed from a file, set up, tried, and removed", async ({ as }) => {
  test.slow();
  const page = await as("admin");
  const dialog = await look(page, postcard);
  await expect(dialog.getByRole("heading", { name: "Install “Postcard”?" })).toBeVisible();
  await expect(dialog.getByText("Send to the address in its setting “address”")).toBeVisible();
  await expect(dialog.getByText("Read KPIs")).toBeVisible();
  await expect(dialog.getByText("Keep a small store of its own")).toBeVisible();
  await expect(dialog.getByText("A KPI is approved", { exact: true })).toBeVisible();
  await expect(dialog.getByText(/Every Monday at 08:00/)).toBeVisible();
  await expectAccessible(page);
  await picture(page, "plugin-install");
  await dialog.getByRole("button", { name: "Install only" }).click();
  await expect(page.getByText("“Postcard” is installed.")).toBeVisible();

  const card = page.getByRole("article").filter({ hasText: "Postcard" });
  await expect(card.getByText("Disabled", { exact: true })).toBeVisible();
  await card.getByRole("button", { name: "Enable" }).click();
  const grant = page.getByRole("dialog", { name: "Enable “Postcard”?" });
  await expect(grant.getByText("Send to the address in its setting “Address for copies”")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "plugin-enable");
  await grant.getByRole("button", { name: "Grant and enable" }).click();
  await expect(card.getByText("Enabled", { exact: true })).toBeVisible();
  await picture(page, "plugins", { fullPage: true });

  await card.getByRole("link", { name: "Postcard" }).click();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "plugin-overview", { fullPage: true });
  await page.getByRole("tab", { name: /Settings/ }).click();
  await page.getByLabel("Greeting").fill("Good morning");
  await page.getByLabel("Token").fill("a secret of the plugin");
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByText("The settings are saved.")).toBeVisible();
  await expect(page.getByText("Set", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await picture(page, "plugin-settings");
  const told = JSON.stringify(await ask(page, "/plugins/postcard"));
  expect(told).toContain("Good morning");
  expect(told).not.toContain("a secret of the plugin");
  await page.getByRole("button", { name: "Replace" }).click();
  await page.getByRole("button", { name: "Keep the present one" }).click();
  await expect(page.getByRole("button", { name: "Replace" })).toBeVisible();

  await page.getByRole("button", { name: "Send a test" }).click();
  const trial = page.getByRole("dialog", { name: "Send a test" });
  await trial.getByRole("button", { name: "Send now" }).click();
  await expect(trial.getByText("It ran.")).toBeVisible();
  await expect(trial.getByText("Good morning, kpi.approved")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "plugin-test");
  await page.keyboard.press("Escape");
  await page.getByRole("tab", { name: "Log" }).click();
  await expect(page.getByText("Good morning, kpi.approved")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "plugin-log");
  await page.getByText("Error", { exact: true }).click();
  await expect(page.getByText("No such entries")).toBeVisible();
  await page.getByRole("tab", { name: "Health" }).click();
  await expect(page.getByText("Calls", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await picture(page, "plugin-health");

  await visit(page, "/admin/jobs");
  await expect(page.getByRole("row", { name: /^Plugin postcard: weekly greeting/ })).toContainText("Every Monday at 08:00");

  const employee = await as("employee");
  await visit(employee, "/dashboard");
  await expect(employee.getByText(/^Good morning, .*! <b>Not markup<\/b>$/)).toBeVisible();
  await expectAccessible(employee);
  await picture(employee, "plugin-card", { fullPage: true });
  await visit(employee, "/admin/plugins");
  await expect(employee.getByText("Your role does not open this page.")).toBeVisible();
  await expect(employee.getByText("Postcard")).toHaveCount(0);

  await visit(page, "/admin/plugins/postcard");
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("dialog", { name: "Disable “Postcard”?" }).getByRole("button", { name: "Disable" }).click();
  await expect(page.getByText("Disabled", { exact: true })).toBeVisible();
  await visit(employee, "/dashboard");
  await expect(employee.getByText(/Good morning/)).toHaveCount(0);
  await page.getByRole("button", { name: "What to do with Postcard" }).click();
  await page.getByRole("menuitem", { name: /Uninstall/ }).click();
  const away = page.getByRole("dialog", { name: "Uninstall “Postcard”?" });
  await expect(away.getByText("All KPIs and their history")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "plugin-uninstall");
  await away.getByRole("button", { name: "Uninstall" }).click();
  await expect(page.getByText("“Postcard” is uninstalled.")).toBeVisible();
  await expect(page).toHaveURL(/\/admin\/plugins$/);
  await settled(page);
  await expect(page.getByRole("article").filter({ hasText: "Postcard" })).toHaveCount(0);
});

test("a damaged archive tells each fault with its place and cannot be installed", async ({ as }) => {
  const page = await as("admin");
  const wrong = MANIFEST.replace('event = "kpi.approved"', 'event = "kpi.exploded"').replace(
    'cron = "0 8 * * Mon"',
    'cron = "every now and then"',
  );
  const dialog = await look(page, archive({ "plugin.toml": wrong, "plugin.rhai": SCRIPT }));
  await expect(dialog.getByText("It cannot be installed: 2 faults.")).toBeVisible();
  const event = wrong.split("\n").findIndex((line) => line.includes("kpi.exploded")) + 1;
  const cron = wrong.split("\n").findIndex((line) => line.includes("every now")) + 1;
  await expect(dialog.getByText(`plugin.toml, line ${event}, column 9`)).toBeVisible();
  await expect(dialog.getByText(`plugin.toml, line ${cron}, column 8`)).toBeVisible();
  await expect(dialog.getByRole("button", { name: /Install/ })).toHaveCount(0);
  await expectAccessible(page);
  await picture(page, "plugin-faults");
  // The next one may be better.
  await dialog.locator("input[type=file]").setInputFiles(postcard);
  await expect(dialog.getByRole("button", { name: "Install only" })).toBeVisible();
  await dialog.locator("input[type=file]").setInputFiles({ ...postcard, buffer: Buffer.from("no archive") });
  await expect(dialog.getByText("The archive as a whole")).toBeVisible();
});

test("the plugins fit a phone, dark too", async ({ as }) => {
  const page = await as("admin", { phone: true, colorScheme: "dark" });
  const dialog = await look(page, postcard);
  await dialog.getByRole("button", { name: "Install, grant and enable" }).click();
  await expect(page.getByText("“Postcard” is enabled.")).toBeVisible();
  for (const path of ["", "/postcard", "/postcard?tab=settings", "/postcard?tab=log", "/postcard?tab=health"]) {
    await visit(page, `/admin/plugins${path}`);
    await expectFits(page);
    await expectAccessible(page);
    await picture(page, `phone-plugins${path.replace(/\W+/g, "-")}`, { fullPage: true });
  }
});
