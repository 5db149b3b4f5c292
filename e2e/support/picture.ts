// Pictures of pages, for looking at and for the documents.
import { test, type Page } from "@playwright/test";
import { join } from "node:path";

/** Keeps a picture with the test's results, or in the folder that KPI_PICTURES names. */
export async function picture(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const folder = process.env.KPI_PICTURES;
  const path = folder ? join(folder, `${name}.png`) : test.info().outputPath(`${name}.png`);
  await page.screenshot({ path, animations: "disabled", fullPage: options.fullPage ?? false });
}
