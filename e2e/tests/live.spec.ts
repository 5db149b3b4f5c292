// What one person does appears at the others', without a reload and without taking anything away.
import { expectAccessible } from "../support/accessible";
import { ask, comment, live } from "../support/api";
import { settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { expect, test } from "../support/test";

/** In a second or so; the limit leaves room for a busy machine. */
const SOON = { timeout: 4_000 };

test("a KPI that is submitted appears in the manager's queue, list and My work", async ({ as, kpiIn }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const id = await kpiIn(employee, "draft");
  const title = "Letters answered within a day";
  const before = await ask<{ version: number }>(employee, `/kpis/${id}`);
  const kpi = await ask<{ version: number }>(employee, `/kpis/${id}`, { method: "PATCH", version: before.version, data: { title } });
  const [queue, work, list] = [manager, await manager.context().newPage(), await manager.context().newPage()];
  await visit(queue, "/approvals");
  await visit(work, "/");
  await visit(list, "/kpis?status=submitted");
  await live(queue);
  await live(work);
  await live(list);
  await expect(queue.getByText(title)).toHaveCount(0);

  await ask(employee, `/kpis/${id}/submit`, { method: "POST", version: kpi.version, data: {} });
  await queue.bringToFront();
  await expect(queue.getByText(title).first()).toBeVisible(SOON);
  await work.bringToFront();
  await expect(work.getByText(title).first()).toBeVisible(SOON);
  await list.bringToFront();
  await expect(list.getByText(title).first()).toBeVisible(SOON);
});

test("one stream serves all tabs of a browser, and the next tab takes over", async ({ as, kpiIn }) => {
  const page = await as("employee");
  const id = await kpiIn(page, "approved");
  const opened: string[] = [];
  page.context().on("request", (request) => {
    if (new URL(request.url()).pathname === "/api/v1/events") opened.push(request.url());
  });
  await visit(page, `/kpis/${id}?tab=comments`);
  await live(page);
  const second = await page.context().newPage();
  await visit(second, `/kpis/${id}?tab=comments`);
  await live(second);
  expect(opened).toHaveLength(1);

  const manager = await as("manager");
  await comment(manager, id, "Both tabs hear this");
  await expect(page.getByText("Both tabs hear this")).toBeVisible(SOON);
  await expect(second.getByText("Both tabs hear this")).toBeVisible(SOON);

  await page.close();
  await expect.poll(() => opened.length).toBe(2);
  await comment(manager, id, "And the one that is left hears this");
  await expect(second.getByText("And the one that is left hears this")).toBeVisible(SOON);
});

test("what is being typed stays, and the page says that somebody was faster", async ({ as }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const { items } = await ask<{ items: { id: number; kind: string }[] }>(employee, "/kpis?mine=true&status=approved");
  const id = items.find((kpi) => kpi.kind === "number")?.id ?? 0;
  await visit(employee, `/kpis/${id}?act=check_in`);
  await live(employee);
  const note = employee.getByLabel("Note", { exact: false }).first();
  await note.fill("Half a sentence");
  await ask(manager, `/kpis/${id}/check-ins`, { method: "POST", data: { value: 1, on: "2026-11-20", note: "From the manager" } });
  await expect(employee.getByText("Somebody has changed something here meanwhile.")).toBeVisible(SOON);
  await expect(note).toHaveValue("Half a sentence");
  await expectAccessible(employee);
  await employee.getByRole("button", { name: "Cancel" }).first().click();
  await expect(employee.getByText("From the manager").first()).toBeVisible(SOON);
});

test("an edited definition says that somebody changed it, before it is saved", async ({ as, kpiIn }) => {
  const employee = await as("employee");
  const id = await kpiIn(employee, "draft");
  await visit(employee, `/kpis/${id}/edit`);
  await live(employee);
  await employee.getByLabel("Title", { exact: true }).fill("My own words");
  const { version } = await ask<{ version: number }>(employee, `/kpis/${id}`);
  await ask(employee, `/kpis/${id}`, { method: "PATCH", version, data: { description: "From another device" } });
  await expect(employee.getByText("Somebody changed this KPI while you were typing.")).toBeVisible(SOON);
  await expect(employee.getByLabel("Title", { exact: true })).toHaveValue("My own words");
  await employee.getByRole("button", { name: "Load the latest and keep my changes" }).click();
  await expect(employee.getByLabel("Description")).toHaveValue("From another device");
  await expect(employee.getByLabel("Title", { exact: true })).toHaveValue("My own words");
});

test("without a connection a calm banner says so, and says when it is back", async ({ as, kpiIn }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const id = await kpiIn(employee, "approved");
  await visit(employee, `/kpis/${id}?tab=comments`);
  await live(employee);
  await employee.context().setOffline(true);
  await expect(employee.getByText("The server cannot be reached.", { exact: false })).toBeVisible();
  await expectAccessible(employee);
  await picture(employee, "live-offline");
  await comment(manager, id, "Said while you were away");
  await employee.context().setOffline(false);
  await expect(employee.getByText("The connection is back.", { exact: false })).toBeVisible();
  await expect(employee.getByText("Said while you were away")).toBeVisible(SOON);
  await expect(employee.getByText("The connection is back.", { exact: false })).toHaveCount(0);
  await settled(employee);
});

test("where no stream can be held, the page asks every half minute", async ({ as, kpiIn }) => {
  test.slow();
  const [employee, manager] = [await as("employee"), await as("manager")];
  const id = await kpiIn(employee, "approved");
  await employee.route("**/api/v1/events*", (route) => route.abort());
  await visit(employee, `/kpis/${id}?tab=comments`);
  await expect(employee.locator('[data-link="polling"]')).toBeAttached();
  await expect(employee.getByText("The server cannot be reached.", { exact: false })).toHaveCount(0);
  await comment(manager, id, "Found by asking");
  await expect(employee.getByText("Found by asking")).toBeVisible({ timeout: 40_000 });
});
