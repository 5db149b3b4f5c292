// The life of a KPI through the browser: from a template to an accepted, explained result.
import { expectAccessible } from "../support/accessible";
import { settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { expect, test } from "../support/test";

test("a KPI lives from a template to an accepted result", async ({ as }) => {
  test.slow();
  const title = "Visits to customers on the coast";
  const employee = await as("employee");

  await test.step("the employee starts from a template and submits", async () => {
    await visit(employee, "/");
    await employee.getByRole("link", { name: "New KPI" }).first().click();
    await settled(employee);
    await employee.getByLabel("Search templates").fill("Customer visits");
    await employee.getByRole("button", { name: "Use template" }).first().click();
    await expect(employee.getByLabel("Title", { exact: true })).toHaveValue("Customer visits");
    await employee.getByLabel("Title", { exact: true }).fill(title);
    await employee.getByLabel("Target", { exact: true }).fill("20");
    await employee.getByLabel("Weight", { exact: true }).fill("5");
    await settled(employee);
    await expectAccessible(employee);
    await picture(employee, "quarter-1-new");
    await employee.getByRole("button", { name: "Save and submit" }).click();
    await expect(employee).toHaveURL(/\/kpis\/\d+$/);
    await expect(employee.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(employee.getByText("Submitted", { exact: true }).first()).toBeVisible();
  });
  const address = new URL(employee.url()).pathname;

  const manager = await as("manager");
  await test.step("the manager approves it from the queue", async () => {
    await visit(manager, "/approvals");
    await manager.getByRole("list", { name: "Queue" }).getByRole("button", { name: title }).click();
    await expect(manager.getByRole("heading", { level: 2, name: title })).toBeVisible();
    await settled(manager);
    await expectAccessible(manager);
    await picture(manager, "quarter-2-approve");
    await manager.getByRole("button", { name: "Approve", exact: true }).click();
    await expect(manager.getByText(`Approved: ${title}`)).toBeVisible();
    await expect(manager.getByRole("list", { name: "Queue" }).getByRole("button", { name: title })).toHaveCount(0);
  });

  await test.step("the employee checks in from My work, without leaving it", async () => {
    await visit(employee, "/");
    const row = employee.getByRole("listitem").filter({ hasText: title });
    await row.getByRole("button", { name: "Check in" }).click();
    const form = employee.getByRole("form", { name: `Check in: ${title}` });
    await form.getByLabel("Value", { exact: true }).fill("9");
    await expect(form.getByText(/On target|Close|Off target/)).toBeVisible();
    await expectAccessible(employee);
    await picture(employee, "quarter-3-check-in");
    await form.getByLabel("Value", { exact: true }).press("Enter");
    await expect(employee.getByText(`Saved: ${title}`)).toBeVisible();
    await expect(employee).toHaveURL(/\/$/);
  });

  await test.step("a second value, and the result, from the KPI's own page", async () => {
    await visit(employee, address);
    await employee.getByRole("button", { name: "Check in", exact: true }).click();
    const form = employee.getByRole("form", { name: `Check in: ${title}` });
    await form.getByLabel("Value", { exact: true }).fill("10");
    await form.getByLabel("Note").fill("Two days on the islands");
    await form.getByRole("button", { name: "Save check-in" }).click();
    await expect(employee.getByText("Two days on the islands").first()).toBeVisible();
    await settled(employee);
    await expectAccessible(employee);
    await picture(employee, "quarter-4-course");
    await employee.getByRole("button", { name: "Submit result" }).click();
    const dialog = employee.getByRole("dialog");
    await expectAccessible(employee);
    await dialog.getByRole("button", { name: "Submit result" }).click();
    await expect(employee.getByText("In review", { exact: true }).first()).toBeVisible();
  });

  await test.step("the manager accepts the result", async () => {
    await visit(manager, address);
    await manager.getByRole("button", { name: "Accept", exact: true }).click();
    await manager.getByRole("dialog").getByRole("button", { name: "Accept" }).click();
    await expect(manager.getByText("Closed", { exact: true }).first()).toBeVisible();
  });

  await test.step("the receipt explains the final score", async () => {
    await visit(employee, `${address}?tab=receipt`);
    const panel = employee.getByRole("tabpanel");
    await expect(panel.getByText("Standard scoring")).toBeVisible();
    await expect(panel.getByRole("heading", { name: "What went in" })).toBeVisible();
    await expect(panel.getByRole("heading", { name: "Step by step" })).toBeVisible();
    // 9 and 10 of 20 visits, added up.
    await expect(panel.getByText("95", { exact: false }).first()).toBeVisible();
    await expectAccessible(employee);
    await picture(employee, "quarter-5-receipt", { fullPage: true });
    await visit(employee, `${address}?tab=history`);
    await expect(employee.getByText(/accepted the result/)).toBeVisible();
  });
});

test("somebody of another team sees nothing of it", async ({ as, kpiIn }) => {
  const employee = await as("employee");
  const id = await kpiIn(employee, "approved");
  const outsider = await as("outsider");
  await outsider.goto(`/kpis/${id}`);
  await expect(outsider.getByText("There is nothing here that you may see.")).toBeVisible();
  await expectAccessible(outsider);
});
