// A manager's morning: the queue by keys, several at once, a decision taken back, and somebody who stands in.
import { expectAccessible } from "../support/accessible";
import { ask, live } from "../support/api";
import { expectFits, settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { expect, test } from "../support/test";
import type { Page } from "@playwright/test";

interface Row {
  kpi: { id: number; title: string; version: number };
  reason: string;
  decisions: string[];
}

const waiting = async (page: Page): Promise<Row[]> =>
  (await ask<{ items: Row[] }>(page, "/approvals?per_page=100")).items;

const rowsOf = (page: Page) => page.getByRole("list", { name: "Queue" }).getByRole("listitem");
const current = (page: Page) => rowsOf(page).locator('button[aria-current="true"]');

test("the queue is worked through by keys, and the latest decision is taken back", async ({ as }) => {
  const page = await as("manager");
  const rows = await waiting(page);
  const [first, second] = rows;
  await visit(page, "/approvals");
  await expect(rowsOf(page)).toHaveCount(rows.length);
  await expect(current(page)).toContainText(first.kpi.title);
  await expectAccessible(page);
  await picture(page, "approvals-queue");

  await page.keyboard.press("j");
  await expect(current(page)).toContainText(second.kpi.title);
  await expect(current(page)).toBeFocused();
  await page.keyboard.press("k");
  await expect(current(page)).toContainText(first.kpi.title);
  await page.keyboard.press("x");
  await expect(page.getByRole("group", { name: "Decide the chosen ones" })).toContainText("1 chosen");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("group", { name: "Decide the chosen ones" })).toHaveCount(0);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();

  await page.keyboard.press("a");
  await expect(page.getByText(`${first.decisions[0] === "accept" ? "Accepted" : "Approved"}: ${first.kpi.title}`)).toBeVisible();
  await expect(rowsOf(page)).toHaveCount(rows.length - 1);
  await expect(current(page)).toContainText(second.kpi.title);
  await expect(current(page)).toBeFocused();
  await expectAccessible(page);

  await page.keyboard.press("u");
  await expect(page.getByText(`Taken back: ${first.kpi.title}`)).toBeVisible();
  await expect(rowsOf(page)).toHaveCount(rows.length);
  const { items } = await ask<{ items: { act: string }[] }>(page, `/kpis/${first.kpi.id}/history`);
  expect(items.slice(0, 2).map((row) => row.act)).toEqual(["undo", first.decisions[0]]);

  await page.keyboard.press("o");
  await expect(page).toHaveURL(/\/kpis\/\d+$/);
});

test("of several decisions each is told by itself, and all are taken back at once", async ({ as }) => {
  const [page, admin] = [await as("manager"), await as("admin")];
  const rows = await waiting(page);
  await visit(page, "/approvals");
  await expect(rowsOf(page)).toHaveCount(rows.length);
  // Somebody decides about one of them in between.
  const taken = rows[1];
  await ask(admin, `/kpis/${taken.kpi.id}/${taken.decisions[0]}`, { method: "POST", version: taken.kpi.version, data: {} });

  await page.getByLabel("Choose all").check();
  const bar = page.getByRole("group", { name: "Decide the chosen ones" });
  await expect(bar).toContainText(`${rows.length} chosen`);
  await picture(page, "approvals-chosen");
  await bar.getByRole("button", { name: /^(Approve|Accept)/ }).click();

  const outcome = page.getByRole("group", { name: "What became of the decisions" });
  await expect(outcome).toContainText(`1 of ${rows.length} did not go through`);
  await expect(outcome).toBeFocused();
  await expect(outcome.getByRole("link", { name: taken.kpi.title }).first()).toBeVisible();
  await expect(outcome).toContainText(/(approved it|accepted the result), 20 Nov 2026/);
  await expect(outcome).toContainText("There is nothing left to decide here.");
  await expect(page.getByText("All done")).toBeVisible();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "approvals-outcome");

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(`${rows.length - 1} decisions taken back`)).toBeVisible();
  await expect(rowsOf(page)).toHaveCount(rows.length - 1);
  expect((await waiting(page)).map((row) => row.kpi.id)).not.toContain(taken.kpi.id);
});

test("a reason for several is asked once and outlives what happens meanwhile", async ({ as, kpiIn }) => {
  const [page, employee] = [await as("manager"), await as("employee")];
  await visit(page, "/approvals?reason=new_kpi");
  await live(page);
  const two = (await waiting(page)).filter((row) => row.reason === "new_kpi").slice(0, 2);
  for (const row of two) await page.locator(`#choose-${row.kpi.id}`).check();
  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog", { name: /^Reject: 2 KPIs/ });
  await dialog.getByRole("button", { name: "Reject" }).click();
  await expect(dialog.getByText("Fill this in.")).toBeVisible();
  await dialog.getByLabel("Reason").fill("Please agree the target with me first.");
  await expectAccessible(page);

  const draft = await kpiIn(employee, "draft");
  const kpi = await ask<{ title: string; version: number }>(employee, `/kpis/${draft}`);
  await ask(employee, `/kpis/${draft}/submit`, { method: "POST", version: kpi.version, data: {} });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(rowsOf(page).filter({ hasText: kpi.title }).first()).toBeVisible();
  for (const row of two) await expect(page.locator(`#choose-${row.kpi.id}`)).toBeChecked();

  await page.keyboard.press("r");
  await expect(dialog.getByLabel("Reason")).toHaveValue("Please agree the target with me first.");
  await dialog.getByRole("button", { name: "Reject" }).click();
  await expect(page.getByText("2 decisions went through")).toBeVisible();
  for (const row of two) {
    const { items } = await ask<{ items: { act: string; reason: string }[] }>(page, `/kpis/${row.kpi.id}/history`);
    expect(items[0]).toMatchObject({ act: "reject", reason: "Please agree the target with me first." });
  }
});

test("whoever is slower is told calmly who decided", async ({ as }) => {
  const [page, admin] = [await as("manager"), await as("admin")];
  const [row] = (await waiting(page)).filter((one) => one.decisions[0] === "approve");
  await visit(page, `/approvals?kpi=${row.kpi.id}`);
  await ask(admin, `/kpis/${row.kpi.id}/approve`, { method: "POST", version: row.kpi.version, data: {} });
  await page.getByRole("group", { name: "Decide", exact: true }).getByRole("button", { name: "Approve" }).click();
  const note = page.getByRole("alert");
  await expect(note).toContainText(`“${row.kpi.title}” was not decided: somebody else was faster.`);
  await expect(note).toContainText("approved it, 20 Nov 2026");
  await expect(rowsOf(page).filter({ hasText: row.kpi.title })).toHaveCount(0);
  await settled(page);
  await expectAccessible(page);
});

test("a decision on the KPI's own page can be taken back there, with the reason kept until it is given", async ({ as }) => {
  const page = await as("manager");
  const [row] = (await waiting(page)).filter((one) => one.decisions[0] === "approve");
  await visit(page, `/kpis/${row.kpi.id}?act=reject`);
  const dialog = page.getByRole("dialog", { name: `Reject: ${row.kpi.title}` });
  await expect(dialog.getByLabel("Reason")).toBeFocused();
  await page.keyboard.type("Too easy to reach.");
  await page.keyboard.press("Escape");
  await visit(page, `/kpis/${row.kpi.id}?act=reject`);
  await expect(dialog.getByLabel("Reason")).toHaveValue("Too easy to reach.");
  await dialog.getByRole("button", { name: "Reject" }).click();
  await expect(page.getByText("This KPI was rejected")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(`Taken back: ${row.kpi.title}`)).toBeVisible();
  await expect(page.getByText("This KPI was rejected")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
});

test("filters stand in the address, and what they leave out says so", async ({ as }) => {
  const page = await as("manager");
  const results = (await waiting(page)).filter((row) => row.reason === "result");
  await visit(page, "/approvals");
  await page.getByLabel("Reason in the queue").selectOption("result");
  await expect(page).toHaveURL(/reason=result/);
  await expect(rowsOf(page)).toHaveCount(results.length);
  await page.getByLabel("Search title or person").fill("nobody-is-called-so");
  await expect(page.getByText("Nothing that waits fits these filters.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clear filters" }).last().click();
  await expect(page).not.toHaveURL(/reason=/);
});

test("a delegate decides in somebody's place, and the history names both", async ({ as }) => {
  const [manager, delegate] = [await as("manager"), await as("tomasz.zielinski")];
  const before = await waiting(delegate);
  await visit(manager, "/profile?tab=delegation");
  const form = manager.getByRole("form", { name: "Let them decide" });
  await form.getByRole("button", { name: "Let them decide" }).click();
  await expect(form.getByText("Fill this in.").first()).toBeVisible();
  await expectAccessible(manager);
  await form.getByLabel("Who decides").selectOption({ label: "Tomasz Zieliński" });
  await form.getByLabel("Last day").fill("2026-11-24");
  await form.getByRole("button", { name: "Let them decide" }).click();
  await expect(manager.getByText("Tomasz Zieliński decides in your place from 20 Nov 2026 to 24 Nov 2026.")).toBeVisible();
  await settled(manager);
  await picture(manager, "delegation");

  await visit(delegate, "/approvals");
  await expect(delegate.getByText("You decide for Marek Sommer until 24 Nov 2026.").first()).toBeVisible();
  await expect(delegate.getByRole("banner").getByRole("link", { name: /You decide for Marek Sommer/ })).toBeVisible();
  const given = (await waiting(delegate)).filter((row) => !before.some((old) => old.kpi.id === row.kpi.id));
  expect(given.length).toBeGreaterThan(0);
  const row = rowsOf(delegate).filter({ hasText: given[0].kpi.title }).filter({ hasText: "for Marek Sommer" }).first();
  await row.getByRole("button").click();
  await expect(delegate.getByText("You would decide in the place of Marek Sommer.")).toBeVisible();
  await expectAccessible(delegate);
  await picture(delegate, "approvals-delegate");
  await delegate.keyboard.press("a");
  await expect(delegate.getByText(/^(Approved|Accepted): /)).toBeVisible();

  const decided = (await waiting(delegate)).map(({ kpi }) => kpi.id);
  const kpi = given.find((one) => !decided.includes(one.kpi.id));
  expect(kpi).toBeDefined();
  await visit(manager, `/kpis/${kpi?.kpi.id}?tab=history`);
  await expect(manager.getByText(/Tomasz Zieliński \(for Marek Sommer\) (approved|accepted)/)).toBeVisible();

  await visit(manager, "/profile?tab=delegation");
  await manager.getByRole("button", { name: "End now" }).click();
  await manager.getByRole("dialog").getByRole("button", { name: "End now" }).click();
  await expect(manager.getByText("The delegation was ended.")).toBeVisible();
  await visit(delegate, "/approvals");
  await expect(delegate.getByText("You decide for Marek Sommer", { exact: false })).toHaveCount(0);
});

test("on a phone one KPI fills the page, with the decision within reach", async ({ as }) => {
  const page = await as("manager", { phone: true });
  await visit(page, "/approvals");
  await rowsOf(page).first().getByRole("button").click();
  await settled(page);
  const bar = page.getByRole("group", { name: "Decide", exact: true });
  await expect(bar.getByRole("button").first()).toBeInViewport();
  await expectFits(page);
  await expectAccessible(page);
  await picture(page, "approvals-phone");
  await page.goBack();
  await expect(rowsOf(page).first()).toBeVisible();
  await expect(page).toHaveURL(/\/approvals$/);
});
