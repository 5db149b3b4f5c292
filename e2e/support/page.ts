// Waiting for a page as a person does: until its heading stands there and nothing is loading any more.
import { expect, type Page } from "@playwright/test";

/** Opens an address of the app and waits until the page is complete. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await settled(page);
}

/** The page has its one heading and no part of it is loading. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}

/** Fails when the page is wider than the screen: nobody should have to scroll sideways. */
export async function expectFits(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, "pixels beyond the right edge").toBeLessThanOrEqual(0);
}
