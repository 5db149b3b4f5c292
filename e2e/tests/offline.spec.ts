// A value typed without a network is kept and sent exactly once.
import { expectAccessible } from "../support/accessible";
import { ask } from "../support/api";
import { png } from "../support/files";
import { expectFits, settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { approvedKpi, evidenceOf, type Kpi } from "../support/requests";
import { expect, PASSWORD, test } from "../support/test";
import type { Locator, Page } from "@playwright/test";

const waiting = (page: Page): Locator => page.getByRole("button", { name: /wait.* to be sent|refused/ });

interface CheckIn {
  value: number;
  on: string;
}

async function values(page: Page, kpi: Kpi): Promise<number[]> {
  const { items } = await ask<{ items: CheckIn[] }>(page, `/kpis/${kpi.id}/check-ins`);
  return items.map((item) => item.value);
}

/** Types a value into the row of My work. */
async function type(page: Page, kpi: Kpi, value: string): Promise<void> {
  const row = page.getByRole("listitem").filter({ hasText: kpi.title });
  await row.getByRole("button", { name: "Check in" }).click();
  const form = page.getByRole("form", { name: `Check in: ${kpi.title}` });
  await form.getByLabel("Value", { exact: true }).fill(value);
  await form.getByLabel("Value", { exact: true }).press("Enter");
}

/** My work with the KPI on it, ready to be used without a network. */
async function ready(page: Page, kpi: Kpi): Promise<void> {
  const known = page.waitForResponse((answer) => answer.url().endsWith(`/api/v1/kpis/${kpi.id}`));
  await visit(page, "/");
  await known;
}

test("on a phone without a network: kept, shown, sent once, with its photo", async ({ as }) => {
  const [employee, manager] = [await as("employee", { phone: true }), await as("manager")];
  const kpi = await approvedKpi(employee, manager, { title: "Counted on the road", due_date: "2026-11-20" });
  await ready(employee, kpi);
  await employee.context().setOffline(true);

  const row = employee.getByRole("listitem").filter({ hasText: kpi.title });
  await row.getByRole("button", { name: "Check in" }).click();
  const form = employee.getByRole("form", { name: `Check in: ${kpi.title}` });
  await form.getByLabel("Value", { exact: true }).fill("88");
  await form.locator('input[capture="environment"]').setInputFiles([png("shelf.png", 70)]);
  await expect(form.getByText("shelf.png")).toBeVisible();
  await expectFits(employee);
  await form.getByRole("button", { name: "Save check-in" }).click();
  await expect(employee.getByText(`the value for ${kpi.title} is kept on this device`)).toBeVisible();
  await expect(row.getByText("88 units waits to be sent")).toBeVisible();
  await waiting(employee).click();
  await expect(employee.getByRole("dialog").getByText("1 photo")).toBeVisible();
  await expectAccessible(employee);
  await expectFits(employee);
  await picture(employee, "offline-waiting");
  await employee.keyboard.press("Escape");

  await employee.context().setOffline(false);
  await expect(employee.getByText(`Sent: ${kpi.title}, 88 units`)).toBeVisible();
  await expect(waiting(employee)).toHaveCount(0);
  expect(await values(employee, kpi)).toEqual([88]);
  const files = await evidenceOf(employee, kpi.id);
  expect(files.map(({ name, check_in_id }) => [name, check_in_id !== null])).toEqual([["shelf.png", true]]);
  await settled(employee);
  await expectAccessible(employee);
});

test("an answer that is lost on the way does not record the value twice", async ({ as }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const kpi = await approvedKpi(employee, manager, { title: "Heard once", due_date: "2026-11-20" });
  await ready(employee, kpi);
  let lost = 0;
  await employee.route(`**/api/v1/kpis/${kpi.id}/check-ins`, async (route) => {
    if (route.request().method() !== "POST" || lost === 2) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort();
  });
  await type(employee, kpi, "91");
  await expect(waiting(employee)).toBeVisible();
  expect(await values(employee, kpi)).toEqual([91]);
  await waiting(employee).click();
  const send = employee.getByRole("dialog").getByRole("button", { name: "Send now" });
  await send.click();
  await expect.poll(() => lost).toBe(2);
  await expect(send).not.toHaveAttribute("aria-busy", "true");
  await send.click();
  await expect(waiting(employee)).toHaveCount(0);
  expect(await values(employee, kpi)).toEqual([91]);
});

test("a value that is refused later is kept until it is put right or discarded", async ({ as }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const kpi = await approvedKpi(employee, manager, { title: "Too poor to say nothing", due_date: "2026-11-20" });
  await ready(employee, kpi);
  await employee.context().setOffline(true);
  await type(employee, kpi, "2");
  await expect(waiting(employee)).toBeVisible();
  await employee.context().setOffline(false);
  await expect(employee.getByRole("button", { name: "1 value was refused" })).toBeVisible();
  await employee.getByRole("button", { name: "1 value was refused" }).click();
  const dialog = employee.getByRole("dialog");
  await expect(dialog.getByText("say why in a note")).toBeVisible();
  await expectAccessible(employee);
  await picture(employee, "offline-refused");
  await dialog.getByRole("link", { name: "Correct it" }).click();
  const form = employee.getByRole("form", { name: `Check in: ${kpi.title}` });
  await expect(form.getByLabel("Value", { exact: true })).toHaveValue("2");
  await expectAccessible(employee);
  await form.getByLabel("Note").fill("The shop was closed");
  await form.getByRole("button", { name: "Save check-in" }).click();
  await expect(employee.getByText(`Saved: ${kpi.title}`)).toBeVisible();
  await expect(waiting(employee)).toHaveCount(0);
  expect(await values(employee, kpi)).toEqual([2]);
});

test("what waits is sent by nobody else", async ({ as, server }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const kpi = await approvedKpi(employee, manager, { title: "Mine alone", due_date: "2026-11-20" });
  await ready(employee, kpi);
  const path = `**/api/v1/kpis/${kpi.id}/check-ins`;
  await employee.route(path, (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await type(employee, kpi, "85");
  await expect(waiting(employee)).toBeVisible();
  await employee.unroute(path);

  const logIn = async (login: string) => {
    const answer = await employee.context().request.post("/api/v1/auth/login", {
      data: { login, password: PASSWORD },
      headers: { Origin: server.url },
    });
    expect(answer.status()).toBe(200);
  };
  const sent: string[] = [];
  employee.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("/check-ins")) sent.push(request.url());
  });
  // Another tab has changed who is logged in; this one does not know yet.
  await logIn("outsider");
  const asked = employee.waitForResponse((answer) => answer.url().endsWith("/auth/me"));
  await employee.evaluate(() => window.dispatchEvent(new Event("online")));
  await asked;
  await visit(employee, "/");
  await expect(waiting(employee)).toHaveCount(0);
  expect(sent).toEqual([]);

  await logIn("employee");
  await visit(employee, "/");
  await expect(employee.getByText(`Sent: ${kpi.title}, 85 units`)).toBeVisible();
  expect(await values(employee, kpi)).toEqual([85]);
});

test("a poor value asks for a note before it is sent", async ({ as }) => {
  const [employee, manager] = [await as("employee", { phone: true }), await as("manager")];
  const kpi = await approvedKpi(employee, manager, { title: "Poor start", due_date: "2026-11-20" });
  await visit(employee, "/");
  const row = employee.getByRole("listitem").filter({ hasText: kpi.title });
  await row.getByRole("button", { name: "Check in" }).click();
  const form = employee.getByRole("form", { name: `Check in: ${kpi.title}` });
  await form.getByLabel("Value", { exact: true }).fill("3");
  await expect(form.getByText("say why in a note")).toBeVisible();
  await expectAccessible(employee);
  await expectFits(employee);
  await form.getByLabel("Value", { exact: true }).press("Enter");
  await expect(form.getByLabel("Note")).toBeFocused();
  await picture(employee, "check-in-phone");
  await form.getByLabel("Note").fill("Two weeks ill");
  await form.getByLabel("Note").press("Enter");
  await expect(employee.getByText(`Saved: ${kpi.title}`)).toBeVisible();
  expect(await values(employee, kpi)).toEqual([3]);
});
