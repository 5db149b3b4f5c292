// What was typed is never lost: by a reload, by somebody who was faster, by a refusal.
import { expectAccessible } from "../support/accessible";
import { settled, visit } from "../support/page";
import { expect, test } from "../support/test";

test("a KPI that was not saved survives a reload", async ({ as }) => {
  const page = await as("employee");
  await visit(page, "/kpis/new?start=blank");
  await page.getByLabel("Title", { exact: true }).fill("Half a thought");
  await page.getByLabel("Target", { exact: true }).fill("42");
  await page.reload();
  await settled(page);
  await expect(page.getByText("“Half a thought” from last time was not saved.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Take up" }).click();
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("Half a thought");
  await expect(page.getByLabel("Target", { exact: true })).toHaveValue("42");
});

test("two windows: the slower one is told, and loses nothing", async ({ as, kpiIn }) => {
  const first = await as("employee");
  const id = await kpiIn(first, "draft");
  const second = await first.context().newPage();
  await visit(first, `/kpis/${id}/edit`);
  await visit(second, `/kpis/${id}/edit`);

  await first.getByLabel("Description").fill("Written in the first window");
  await first.getByRole("button", { name: "Save draft" }).click();
  await expect(first).toHaveURL(new RegExp(`/kpis/${id}$`));

  await second.getByLabel("Title", { exact: true }).fill("Renamed in the second window");
  await second.getByRole("button", { name: "Save draft" }).click();
  await expect(second.getByText("Somebody changed this KPI while you were typing.")).toBeVisible();
  await expectAccessible(second);
  await expect(second.getByLabel("Title", { exact: true })).toHaveValue("Renamed in the second window");
  await second.getByRole("button", { name: "Load the latest and keep my changes" }).click();
  await expect(second.getByLabel("Description")).toHaveValue("Written in the first window");
  await second.getByRole("button", { name: "Save draft" }).click();
  await expect(second.getByRole("heading", { level: 1, name: "Renamed in the second window" })).toBeVisible();
});

test("two managers at one KPI: one decides, the other is told", async ({ as, kpiIn }) => {
  const manager = await as("manager");
  const id = await kpiIn(manager, "submitted");
  await visit(manager, `/approvals?kpi=${id}`);
  const other = await manager.context().newPage();
  await visit(other, `/approvals?kpi=${id}`);
  const title = await other.getByRole("heading", { level: 2 }).first().textContent();
  await manager.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(manager.getByText(`Approved: ${title}`)).toBeVisible();
  await other.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(other.getByText("was not decided: somebody else was faster.")).toBeVisible();
  await expectAccessible(other);
});

test("a form that is refused keeps its words and leads to the fault", async ({ as }) => {
  const page = await as("employee");
  await visit(page, "/kpis/new?start=blank");
  await page.getByLabel("Target", { exact: true }).fill("many");
  await page.getByRole("button", { name: "Save and submit" }).click();
  await expect(page.getByText("This is not a number.")).toBeVisible();
  await expect(page.getByLabel("Title", { exact: true })).toBeFocused();
  await expect(page.getByLabel("Target", { exact: true })).toHaveValue("many");
  await expectAccessible(page);
});
