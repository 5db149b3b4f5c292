// Where rules are written: the text with its faults, cases, impact, publishing, versions; and rules made by forms alone.
import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/accessible";
import { ask } from "../support/api";
import { expectFits, settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { expect, test } from "../support/test";

interface Rule {
  id: number;
  name: string;
  version: number;
  has_draft: boolean;
  revision: number;
  source: string;
  draft: { source: string } | null;
}

const STANDARD = "score/standard";

async function standard(page: Page): Promise<Rule> {
  const { items } = await ask<{ items: Rule[] }>(page, "/rules");
  const found = items.find((rule) => rule.name === STANDARD);
  if (!found) throw new Error(`${STANDARD} is not there`);
  return ask<Rule>(page, `/rules/${found.id}`);
}

const text = (page: Page) => page.getByRole("textbox", { name: "Text of the rule" });
const step = (page: Page, name: string) => page.getByRole("navigation", { name: "Steps" }).getByRole("button", { name: new RegExp(name) });

/** Puts the cursor behind the first line that contains `words`, as a person with a keyboard. */
async function behind(page: Page, words: string): Promise<void> {
  await text(page).locator(".cm-line", { hasText: words }).first().click();
  await page.keyboard.press("End");
}

test("a rule is changed, tested, looked at, published, compared and rolled back", async ({ as }) => {
  test.slow();
  const page = await as("admin");
  const { id, version } = await standard(page);
  await visit(page, `/admin/rules/${id}`);
  await expect(text(page)).toBeVisible();
  await expect(page.getByText("No problems found")).toBeVisible();
  await picture(page, "studio");

  // A fault is said under its line, and in the list that leads there.
  await behind(page, "let percent = round");
  await page.keyboard.type(" attainmen(kpi);");
  await expect(text(page).locator(".cm-fault")).toContainText("attainmen");
  await expect(step(page, "Draft")).toContainText("1 error");
  await expect(step(page, "Publish")).toContainText("Not yet");
  await picture(page, "studio-fault");
  await expectAccessible(page);
  for (let count = 0; count < " attainmen(kpi);".length; count += 1) await page.keyboard.press("Backspace");
  await expect(text(page).locator(".cm-fault")).toHaveCount(0);

  // Completion comes from the vocabulary.
  await page.keyboard.press("Enter");
  await page.keyboard.type("kpi.own");
  const offered = page.getByRole("listbox", { name: "Suggestions" });
  await expect(offered.getByRole("option", { name: /owner/ })).toBeVisible();
  await picture(page, "studio-completion");
  for (const key of ["Escape", "Home", "Shift+End", "Backspace", "Backspace"]) await page.keyboard.press(key);

  // Ninety points for what was worth a hundred; the samples follow.
  const samples = page.getByRole("complementary", { name: "Sample KPIs" });
  await behind(page, "let percent = round");
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+End");
  await page.keyboard.type("let percent = round(90 * p, 9);");
  await expect(page.getByText("No problems found")).toBeVisible();
  await expect(page.getByText(/^Draft saved/)).toBeVisible();
  await samples.getByRole("button", { name: /Less is better/ }).click();
  await expect(samples.getByRole("heading", { name: "Less is better" })).toBeVisible();
  await samples.getByRole("button", { name: "Keep this case" }).click();
  await expect(page.getByText(/^Kept as the case/)).toBeVisible();

  // The shipped cases expect what the old text said; the new result is taken over.
  await step(page, "Tests").click();
  await expect(step(page, "Tests")).toContainText(/\d+ fail/);
  await expectAccessible(page);
  await picture(page, "studio-tests");
  const { draft } = await standard(page);
  expect(draft?.source).toContain("90 * p");
  await step(page, "Publish").click();
  const publish = page.getByRole("button", { name: `Publish as version ${version + 1}` });
  await expect(publish).toHaveAttribute("aria-disabled", "true");
  await step(page, "Tests").click();
  await page.getByRole("button", { name: "Accept all new results" }).click();
  await expect(step(page, "Tests")).toContainText(/\d+ pass/);

  await step(page, "Impact").click();
  await expect(page.getByRole("heading", { name: "Scores before and after" })).toBeVisible();
  await expect(step(page, "Impact")).toContainText(/\d+ change/);
  await page.getByRole("button", { name: "Both receipts" }).first().click();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "studio-impact", { fullPage: true });

  await step(page, "Publish").click();
  await publish.click();
  await expect(page.getByRole("alert").getByText("Fill this in.").first()).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Why").fill("Ninety points for reaching the target.");
  await page.getByText("Score open quarters anew").click();
  await picture(page, "studio-publish");
  await publish.click();
  await expect(page.getByText(`version ${version + 1} is published`)).toBeVisible();
  await expect(page.getByText(/^Done: \d+ KPIs scored anew/)).toBeVisible();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "studio-rescored");

  await page.getByRole("button", { name: "Versions" }).click();
  await expect(page.getByRole("row", { name: /Ninety points/ })).toContainText("Applies now");
  await expect(page.getByRole("cell", { name: /round\(90 \* p, 9\)/ })).toBeVisible();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "studio-versions");
  await page.getByRole("button", { name: `Back to version ${version}`, exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `Back to version ${version}` });
  await dialog.getByLabel("Why").fill("A hundred it is.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Publish it again" }).click();
  await expect(page.getByText(`version ${version + 2} is published`)).toBeVisible();
  expect((await standard(page)).source).toContain("round(100 * p, 9)");
});

test("a case file that cannot be read is mended as text", async ({ as }) => {
  const page = await as("admin");
  const { id, revision, source } = await standard(page);
  const { text: good } = await ask<{ text: string }>(page, `/rules/${id}/tests`);
  const broken = good.replace("[[case]]", "[[case");
  await ask(page, `/rules/${id}/draft`, { method: "PUT", version: revision, data: { source, tests: { text: broken } } });
  await visit(page, `/admin/rules/${id}?step=tests`);
  const file = page.getByRole("textbox", { name: "File of the cases" });
  await expect(file.locator(".cm-fault")).toBeVisible();
  await expect(step(page, "Tests")).toContainText("fails");
  await expectAccessible(page);
  await picture(page, "studio-case-file");
  // The fault leads to its line.
  await page.getByRole("button", { name: /Line \d+/ }).click();
  await expect(file).toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.type("]]");
  await expect(page.getByRole("table", { name: "Cases" })).toBeVisible();
  await expect(step(page, "Tests")).toContainText(/\d+ pass/);
  await expect(file).toHaveCount(0);
});

test("the keyboard walks past the text, writes in it and gets out again", async ({ as }) => {
  const page = await as("admin");
  const { id } = await standard(page);
  await visit(page, `/admin/rules/${id}`);
  await text(page).focus();
  await page.keyboard.press("Tab");
  await expect(text(page)).not.toBeFocused();
  await behind(page, "let p = attainment");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(text(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(text(page)).not.toBeFocused();
});

test("two windows: who is second is told, and loses nothing", async ({ as }) => {
  const first = await as("admin");
  const { id } = await standard(first);
  await visit(first, `/admin/rules/${id}`);
  await behind(first, "let p = attainment");
  const other = await standard(first);
  await ask(first, `/rules/${id}/draft`, {
    method: "PUT",
    version: other.revision,
    data: { source: `${other.source}\n// from elsewhere\n` },
  });
  await first.keyboard.type(" // mine");
  await expect(first.getByText(/changed this rule in the meantime/)).toBeVisible();
  await expectAccessible(first);
  await expect(text(first)).toContainText("// mine");
  await first.getByRole("button", { name: "Put mine over theirs" }).click();
  await expect(first.getByText(/^Draft saved/)).toBeVisible();
  expect((await standard(first)).draft?.source).toContain("// mine");
});

test("a rule for a department is made by a form alone", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/admin/rules/new");
  await page.getByText("A department", { exact: true }).click();
  await page.getByLabel("Department", { exact: true }).selectOption({ label: "Nordlicht › Sales" });
  await page.getByRole("radio", { name: /Three-step target/ }).check();
  await expectAccessible(page);
  await picture(page, "rule-new", { fullPage: true });
  await page.getByRole("button", { name: "Create the draft" }).click();
  await expect(page.getByText(/is a draft now/)).toBeVisible();
  await settled(page);
  await expect(page.getByRole("button", { name: "Show the text" })).toBeVisible();
  await expect(step(page, "Tests")).toContainText(/\d+ pass/);
  await picture(page, "recipe");
  await expectAccessible(page);
  const number = page.getByLabel("Points of the first step");
  await number.fill("61");
  await expect(page.getByText(/^Draft saved/)).toBeVisible();
  await step(page, "Publish").click();
  await page.getByLabel("Why").fill("Sales counts in three steps.");
  await page.getByRole("button", { name: "Publish the rule" }).click();
  await expect(page.getByText("version 1 is published")).toBeVisible();
});

for (const [name, look, size] of [
  ["light", { colorScheme: "light" }, { width: 820, height: 1180 }],
  ["dark", { colorScheme: "dark" }, { width: 820, height: 1180 }],
  ["phone", { phone: true }, null],
] as const) {
  test(`every step can be read on a tablet and a phone: ${name}`, async ({ as }) => {
    test.slow();
    const page = await as("admin", look);
    if (size) await page.setViewportSize(size);
    const { id } = await standard(page);
    for (const view of ["draft", "tests", "impact", "publish", "versions"]) {
      await visit(page, `/admin/rules/${id}?step=${view}`);
      if (view === "draft") await expect(text(page)).toBeVisible();
      if (view === "impact") await expect(page.getByRole("heading", { name: "By department" })).toBeVisible();
      await expectFits(page);
      await expectAccessible(page);
      await picture(page, `studio-${name}-${view}`);
    }
  });
}
