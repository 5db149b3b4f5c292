// The keyboard alone is enough.
import { expectAccessible } from "../support/accessible";
import { settled } from "../support/page";
import { expect, PASSWORD, test } from "../support/test";
import type { Page } from "@playwright/test";

/** Presses Tab until something with this name has the focus. */
async function tabTo(page: Page, name: RegExp, most = 60): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      const labels = (element as HTMLInputElement | null)?.labels;
      const label = labels && labels.length > 0 ? labels[0].textContent : "";
      const own = element?.matches("a, button, summary, label") ? element.textContent : "";
      return (element?.getAttribute("aria-label") || label || own || "").trim();
    });
    seen.push(now.slice(0, 40));
    if (name.test(now)) return;
  }
  throw new Error(`Tab never reached ${name}: ${seen.join(" | ")}`);
}

test("log in, check in and log out without a mouse", async ({ visitor: page }) => {
  await page.goto("/login");
  await settled(page);
  await tabTo(page, /e-mail|user name/i);
  await page.keyboard.type("employee");
  await tabTo(page, /^Password$/);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "My work" })).toBeVisible();
  await settled(page);

  await page.keyboard.press("Tab");
  await tabTo(page, /^Check in/);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
  expect(outline, "what has the focus is seen").not.toBe("none");
  await page.keyboard.press("Enter");
  const form = page.getByRole("form", { name: /^Check in:/ });
  await expect(form).toBeVisible();
  await settled(page);
  const value = form.getByLabel("Value", { exact: true });
  if (!(await value.evaluate((input) => input === document.activeElement))) await tabTo(page, /^Value/);
  await page.keyboard.type("5");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^Saved: /)).toBeVisible();
  await settled(page);

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Search pages and KPIs" })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.type("dash");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
});

test("the first Tab skips to the content", async ({ as }) => {
  const page = await as("employee");
  await page.goto("/kpis");
  await settled(page);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
});
