// Evidence: attached, looked at, proved with, taken off again.
import { expectAccessible } from "../support/accessible";
import { ask } from "../support/api";
import { pdf, png, xlsx } from "../support/files";
import { expectFits, settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { approvedKpi, attach, evidenceOf } from "../support/requests";
import { expect, test } from "../support/test";
import type { Locator, Page } from "@playwright/test";

const chooser = (page: Page): Locator => page.locator('input[type="file"][multiple]');
const row = (page: Page, name: string): Locator =>
  page.getByRole("list", { name: "On their way" }).getByRole("listitem").filter({ hasText: name });
const file = (page: Page, name: string): Locator => page.getByRole("article", { name });

test("several files at once: the good ones are attached, each bad one says why", async ({ as }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const kpi = await approvedKpi(employee, manager, { title: "Proved sales" });
  await visit(employee, `/kpis/${kpi.id}?tab=evidence`);
  await expect(employee.getByText("There is no evidence yet.")).toBeVisible();
  await expectAccessible(employee);
  await picture(employee, "evidence-none");

  await employee.getByLabel("Description").fill("From the cash desk");
  const lying = { name: "lying.pdf", mimeType: "application/pdf", buffer: png("x.png", 9).buffer };
  const program = { name: "run.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") };
  const empty = { name: "empty.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(0) };
  await chooser(employee).setInputFiles([pdf("report.pdf", 2), png("desk.png", 40), lying, program, empty]);

  await expect(file(employee, "report.pdf")).toBeVisible();
  await expect(file(employee, "desk.png")).toContainText("From the cash desk");
  await expect(row(employee, "lying.pdf")).toContainText("is not what its name says");
  await expect(row(employee, "run.exe")).toContainText("Files of this type are not taken.");
  await expect(row(employee, "empty.pdf")).toContainText("This file is empty.");
  await expect(file(employee, "desk.png").locator("img")).toBeVisible();
  await settled(employee);
  await expectAccessible(employee);
  await picture(employee, "evidence-list", { fullPage: true });

  await file(employee, "report.pdf").getByRole("button", { name: "Delete" }).click();
  const dialog = employee.getByRole("dialog");
  await expect(dialog).toContainText("report.pdf is taken off this KPI.");
  await expectAccessible(employee);
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(employee.getByText("Deleted: report.pdf")).toBeVisible();
  await expect(file(employee, "report.pdf")).toHaveCount(0);

  await test.step("the manager sees it, and cannot change it", async () => {
    await visit(manager, `/kpis/${kpi.id}?tab=evidence`);
    await expect(file(manager, "desk.png")).toBeVisible();
    await expect(manager.getByText("Nothing can be added here:")).toBeVisible();
    await expect(file(manager, "desk.png").getByRole("button", { name: "Delete" })).toHaveAttribute("aria-disabled", "true");
    await expectAccessible(manager);
  });
});

test("an upload is stopped, fails, is sent again, and is there once", async ({ as }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const kpi = await approvedKpi(employee, manager, { title: "Sent again" });
  await visit(employee, `/kpis/${kpi.id}?tab=evidence`);
  const keys: (string | undefined)[] = [];
  let attempt = 0;
  let release = (): void => undefined;
  await employee.route(`**/api/v1/kpis/${kpi.id}/evidence`, async (route) => {
    const request = route.request();
    if (request.method() !== "POST") return route.continue();
    keys.push(request.headers()["idempotency-key"]);
    attempt += 1;
    if (attempt === 1) {
      await new Promise<void>((resolve) => (release = resolve));
      return route.abort();
    }
    // It arrives, but the answer is lost on the way back.
    if (attempt === 2) {
      await route.fetch();
      return route.abort();
    }
    return route.continue();
  });
  await chooser(employee).setInputFiles([pdf("once.pdf", 1)]);
  await row(employee, "once.pdf").getByRole("button", { name: "Stop sending once.pdf" }).click();
  await expect(row(employee, "once.pdf")).toContainText("Stopped; nothing of it was kept.");
  release();
  await expectAccessible(employee);
  const again = row(employee, "once.pdf").getByRole("button", { name: "Send once.pdf again" });
  await again.click();
  await expect(row(employee, "once.pdf")).toContainText("The server cannot be reached.");
  await expectAccessible(employee);
  await again.click();
  await expect(file(employee, "once.pdf")).toHaveCount(1);
  await expect(employee.getByText("1 file is attached.")).toBeVisible();
  expect(new Set(keys).size, "one key for all attempts").toBe(1);
  expect((await evidenceOf(employee, kpi.id)).map(({ name }) => name)).toEqual(["once.pdf"]);
});

test("at most three files travel at a time", async ({ as }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const kpi = await approvedKpi(employee, manager, { title: "In turns" });
  await visit(employee, `/kpis/${kpi.id}?tab=evidence`);
  const waiting: (() => void)[] = [];
  await employee.route(`**/api/v1/kpis/${kpi.id}/evidence`, async (route) => {
    if (route.request().method() === "POST") await new Promise<void>((resolve) => waiting.push(resolve));
    await route.continue();
  });
  const names = ["a", "b", "c", "d", "e"].map((letter) => `${letter}.png`);
  await chooser(employee).setInputFiles(names.map((name, index) => png(name, 10 * index)));
  await expect(row(employee, "d.png")).toContainText("Waits for its turn");
  await expect.poll(() => waiting.length).toBe(3);
  // On another page they go on.
  await employee.getByRole("link", { name: "KPIs", exact: true }).first().click();
  await settled(employee);
  waiting.splice(0).forEach((go) => go());
  await expect.poll(() => waiting.length).toBe(2);
  waiting.splice(0).forEach((go) => go());
  await expect(employee.getByText("5 files are attached.")).toBeVisible();
});

test("a PDF, a picture and a spreadsheet are looked at in a page of their own", async ({ as }) => {
  test.slow();
  const [employee, manager] = [await as("employee"), await as("manager")];
  const kpi = await approvedKpi(employee, manager, { title: "Looked at" });
  const report = await attach(employee, kpi.id, pdf("report.pdf", 3));
  const photo = await attach(employee, kpi.id, png("desk.png", 80));
  const list = await attach(employee, kpi.id, xlsx("list.xlsx", [["Month", "Visits"], ["October", "17"]]));

  await visit(employee, `/kpis/${kpi.id}?tab=evidence`);
  const opened = employee.context().waitForEvent("page");
  await file(employee, "report.pdf").getByRole("link", { name: /^report.pdf/ }).click();
  const viewer = await opened;
  await settled(viewer);
  await expect(viewer.getByText("report.pdf sheet 1")).toBeAttached();
  await expectAccessible(viewer);
  await viewer.keyboard.press("ArrowRight");
  await expect(viewer.getByText("report.pdf sheet 2")).toBeAttached();
  await expect(viewer.getByRole("status").filter({ hasText: "Page" })).toHaveText("Page 2 of 3");
  await viewer.getByRole("button", { name: "Next page" }).click();
  await expect(viewer.getByText("report.pdf sheet 3")).toBeAttached();
  await expect(viewer.getByRole("button", { name: "Next page" })).toHaveAttribute("aria-disabled", "true");
  const width = () => viewer.locator("main canvas").evaluate((canvas) => canvas.clientWidth);
  const before = await width();
  await viewer.keyboard.press("-");
  await expect.poll(width).toBeLessThan(before);
  await picture(viewer, "viewer-pdf");

  await visit(viewer, `/viewer/?evidence=${photo.id}`);
  await expect(viewer.getByRole("img", { name: "desk.png" })).toBeVisible();
  await expectAccessible(viewer);
  await visit(viewer, `/viewer/?evidence=${list.id}`);
  await expect(viewer.getByRole("cell", { name: "October" })).toBeVisible();
  await expectAccessible(viewer);
  await picture(viewer, "viewer-table");

  for (const look of [{ phone: true, colorScheme: "dark" }, { colorScheme: "dark" }] as const) {
    const page = await as("employee", look);
    for (const { id, name } of [report, photo, list]) {
      await visit(page, `/viewer/?evidence=${id}`);
      await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
      await expectFits(page);
      await expectAccessible(page);
    }
  }

  const outsider = await as("outsider");
  await visit(outsider, `/viewer/?evidence=${report.id}`);
  await expect(outsider.getByText("There is no such file, or you may not see it.")).toBeVisible();
  await expectAccessible(outsider);
});

test("the result waits for the evidence that its template asks for", async ({ as }) => {
  const [employee, manager, admin] = [await as("employee"), await as("manager"), await as("admin")];
  const evidence = { count: 2, kinds: ["pdf"] };
  const data = { name: "Audited", fields: { title: "Audited", evidence } };
  const template = await ask<{ id: number }>(admin, "/templates", { method: "POST", data });
  const kpi = await approvedKpi(employee, manager, { title: "Audited sales", template_id: template.id });
  await ask(employee, `/kpis/${kpi.id}/check-ins`, { method: "POST", data: { value: 90 } });

  await visit(employee, `/kpis/${kpi.id}`);
  await employee.getByRole("button", { name: "Submit result" }).click();
  const dialog = employee.getByRole("dialog");
  await expect(dialog.getByText("Files: 0 of 2")).toBeVisible();
  await expect(dialog.getByText("A PDF file is missing.")).toBeVisible();
  await expectAccessible(employee);
  await picture(employee, "evidence-contract");
  await dialog.getByRole("link", { name: "Attach it now" }).click();
  await expect(employee.getByText("The template asks for evidence that is still missing.")).toBeVisible();
  await chooser(employee).setInputFiles([pdf("audit.pdf", 1), png("stamp.png", 3)]);
  await expect(employee.getByText("The evidence that the template asks for is complete.")).toBeVisible();
  await settled(employee);
  await expectAccessible(employee);
  await employee.getByRole("button", { name: "Submit result" }).click();
  await expect(dialog.getByText("The evidence that the template asks for is complete.")).toBeVisible();
  await dialog.getByRole("button", { name: "Submit result" }).click();
  await expect(employee.getByText("In review", { exact: true }).first()).toBeVisible();
});
