// Rules as they are looked after: the list, the reference, a draft in the shadow; what they do, for everybody; and why a
// score has changed.
import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/accessible";
import { ask } from "../support/api";
import { settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { approvedKpi } from "../support/requests";
import { expect, test } from "../support/test";

interface Rule {
  id: number;
  name: string;
  revision: number;
  source: string;
}

async function rule(page: Page, name: string): Promise<Rule> {
  const { items } = await ask<{ items: Rule[] }>(page, "/rules");
  const found = items.find((rule) => rule.name === name);
  if (!found) throw new Error(`${name} is not there`);
  return ask<Rule>(page, `/rules/${found.id}`);
}

test("the list says what applies, is narrowed by the address, and a rule is retired", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/admin/rules");
  const table = page.getByRole("table", { name: "Rules" });
  await expect(table.getByRole("row")).toHaveCount(4);
  await page.getByLabel("Kind").selectOption({ label: "Reminds" });
  await expect(page).toHaveURL(/kind=remind/);
  await expect(table.getByRole("row")).toHaveCount(2);
  await page.getByRole("searchbox").fill("nothing is called so");
  await expect(page.getByText("No rule fits")).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(table.getByRole("row")).toHaveCount(4);

  await page.getByRole("button", { name: /^Acts for Standard reminders/ }).click();
  await page.getByRole("menuitem", { name: "Retire" }).click();
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Retire" }).click();
  await expect(page.getByText("Standard reminders is retired.")).toBeVisible();
  await expect(table.getByRole("row")).toHaveCount(3);
  await page.getByLabel("State").selectOption({ label: "Retired" });
  await expect(table.getByRole("link", { name: "Standard reminders" })).toBeVisible();
});

test("authors find fields with their units and functions with their examples", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/admin/rules");
  await page.getByRole("link", { name: "Reference" }).click();
  await settled(page);
  await expect(page.getByRole("heading", { name: "Functions" })).toBeVisible();
  await picture(page, "rules-reference", { fullPage: true });
  await page.getByRole("searchbox").fill("days_since");
  await expect(page).toHaveURL(/q=days_since/);
  await expect(page.getByRole("status").getByText(/fits?\./)).toBeVisible();
  await expect(page.getByRole("region", { name: /Example: days_since/ })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Limits" })).toHaveCount(0);
  await expectAccessible(page);
});

test("everybody reads what the rules do, department by department", async ({ as }) => {
  const page = await as("employee");
  await visit(page, "/help");
  await page.getByRole("link", { name: /What the rules do/ }).click();
  await settled(page);
  await expect(page.getByRole("heading", { level: 1, name: "How scores come about" })).toBeVisible();
  await expect(page.getByText("Sales, your department")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Standard reminders" })).toBeVisible();
  await picture(page, "scoring-policy", { fullPage: true });
});

test("a receipt says why the score is another one than before", async ({ as }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const { id } = await approvedKpi(employee, manager, { title: "Visits counted twice" });
  for (const value of [40, 55]) {
    await ask(employee, `/kpis/${id}/check-ins`, { method: "POST", data: { value, note: "Counted again." } });
  }
  await visit(employee, `/kpis/${id}?tab=receipt`);
  await expect(employee.getByRole("heading", { name: "Why it changed" })).toBeVisible();
  await expect(employee.getByText(/Since the score of/)).toBeVisible();
  await expectAccessible(employee);
});

test("a score that an older version had to make is marked in every list, and can be filtered", async ({ as }) => {
  const [admin, employee, manager] = [await as("admin"), await as("employee"), await as("manager")];
  const title = "Visits the rule stumbles over";
  const { id, revision, source } = await rule(admin, "score/standard");
  const entry = "fn score(kpi, ctx) {";
  const stumbling = source.replace(entry, `${entry}\n    if kpi.title == "${title}" { throw "no" }`);
  expect(stumbling).not.toBe(source);
  const draft = { method: "PUT", version: revision, data: { source: stumbling } } as const;
  const saved = await ask<Rule>(admin, `/rules/${id}/draft`, draft);
  await ask(admin, `/rules/${id}/publish`, { method: "POST", version: saved.revision, data: { note: "Stumbles", rescore: "none" } });
  const kpi = await approvedKpi(employee, manager, { title });
  await ask(employee, `/kpis/${kpi.id}/check-ins`, { method: "POST", data: { value: 40, note: "Counted." } });

  await visit(employee, `/kpis/${kpi.id}`);
  await expect(employee.getByText("Its last good version stood in", { exact: false })).toBeVisible();
  await visit(employee, "/kpis?mine=true");
  await employee.getByRole("button", { name: /^Older rule version 1$/ }).click();
  await expect(employee).toHaveURL(/flagged=true/);
  await expect(employee.getByRole("row")).toHaveCount(2);
  const row = employee.getByRole("row", { name: new RegExp(title) });
  await expect(row).toContainText("The newest version of the rule failed");
  await expect(row).toContainText(/\d+ · /);
  await settled(employee);
  await expectAccessible(employee);
  await picture(employee, "kpis-flagged");
});

test("a draft runs in the shadow, and one sees where it differs", async ({ as }) => {
  const page = await as("admin");
  const { id, revision, source } = await rule(page, "score/standard");
  await visit(page, `/admin/rules/${id}/shadow`);
  await expect(page.getByText("There is no draft.", { exact: false })).toBeVisible();
  const changed = source.replace("round(100 * p", "round(80 * p");
  expect(changed).not.toBe(source);
  await ask(page, `/rules/${id}/draft`, { method: "PUT", version: revision, data: { source: changed } });
  await visit(page, `/admin/rules/${id}/shadow`);
  await page.getByRole("button", { name: "Run it in the shadow" }).click();
  await expect(page.getByText("The draft runs in the shadow from now on.")).toBeVisible();
  await settled(page);
  await page.getByRole("button", { name: "Both receipts" }).first().click();
  await expect(page.getByRole("heading", { name: "Step by step" })).toHaveCount(2);
  await expectAccessible(page);
  await picture(page, "rules-shadow", { fullPage: true });
  await page.getByRole("button", { name: "End the shadow" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End the shadow" }).click();
  await expect(page.getByText("The draft no longer runs in the shadow.")).toBeVisible();
});
