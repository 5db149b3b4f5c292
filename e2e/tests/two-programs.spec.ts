// Everybody's work and administration are two programs: each loads its own page, and going from one to the other is as
// going anywhere else.
import { settled, visit } from "../support/page";
import { expect, PASSWORD, test } from "../support/test";
import type { Page } from "@playwright/test";

/** Which program the page loads. */
async function program(page: Page): Promise<string | undefined> {
  const code = await page.locator('link[rel="modulepreload"]').getAttribute("href");
  return /kpi-(web|admin)-/.exec(code ?? "")?.[1];
}

test("administrators go from their work to administration and back, and each loads what it needs", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/kpis?status=approved");
  expect(await program(page)).toBe("web");

  await page.getByRole("navigation").getByRole("link", { name: "People" }).click();
  await expect(page).toHaveURL(/\/admin\/people$/);
  await settled(page);
  await expect(page.getByRole("heading", { level: 1, name: "People" })).toBeVisible();
  expect(await program(page)).toBe("admin");

  // Within a program no page is loaded again.
  await page.evaluate(() => Object.assign(window, { isTheSame: true }));
  await page.getByRole("navigation").getByRole("link", { name: "Audit log" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  expect(await page.evaluate(() => "isTheSame" in window)).toBe(true);

  await page.reload();
  await settled(page);
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();

  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "People" })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/kpis\?status=approved$/);
  await settled(page);
  await expect(page.getByRole("heading", { level: 1, name: "KPIs" })).toBeVisible();
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1, name: "People" })).toBeVisible();
});

test("the command palette reaches the pages of both", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/");
  const go = async (words: string, title: string) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill(words);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: title, exact: true })).toBeVisible();
    await settled(page);
  };
  await go("departments", "Departments");
  await go("settings", "Settings");
  await go("dashboard", "Dashboard");
});

test("the log-in leads back into administration, and what was said is still said", async ({ visitor: page }) => {
  await page.goto("/admin/audit?entity=kpi");
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByRole("textbox", { name: /e-mail|user name/i }).fill("admin");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Password", { exact: true }).press("Enter");
  await expect(page).toHaveURL(/\/admin\/audit\?entity=kpi$/);
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  await expect(page.getByRole("status").getByText(/^Welcome/)).toBeVisible();
});

test("an unknown address inside administration says so", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/admin/nowhere");
  await expect(page.getByText("There is no such page.")).toBeVisible();
  await page.getByRole("link", { name: "KPIs" }).first().click();
  await expect(page).toHaveURL(/\/kpis$/);
});
