// What the server does by itself, by hand; the reminders before they are sent; and whether mail works.
import { expectAccessible } from "../support/accessible";
import { ask, live } from "../support/api";
import { expectFits, settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { expect, test } from "../support/test";

test("a job is run by hand, and its page follows how it goes", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/admin/jobs");
  await live(page);
  const row = page.getByRole("row", { name: /^Clean up/ });
  await expect(row).toContainText(/Every day at \d\d:\d\d/);
  await expectAccessible(page);
  await row.getByRole("button", { name: "Run now" }).click();
  await expect(page.getByText("Started: Clean up")).toBeVisible();
  await expect(row).toContainText("Done");
  await picture(page, "jobs");
  await row.getByRole("button", { name: "Runs: Clean up" }).click();
  const runs = page.getByRole("dialog", { name: "Runs: Clean up" });
  await expect(runs.getByText(/^By hand, by /)).toBeVisible();
  await settled(page);
  await expectAccessible(page);
});

test("what reaches people is asked about first", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/admin/jobs");
  await live(page);
  const row = page.getByRole("row", { name: /^Reminders/ });
  await row.getByRole("button", { name: "Run now" }).click();
  const dialog = page.getByRole("dialog", { name: "Run “Reminders” now?" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  const { items } = await ask<{ items: unknown[] }>(page, "/jobs/reminders/runs");
  expect(items).toEqual([]);
  await row.getByRole("button", { name: "Run now" }).click();
  await dialog.getByRole("button", { name: "Run now" }).click();
  await expect(row).toContainText("Done");
});

test("the rehearsal tells who would be reminded of what on which day", async ({ as }) => {
  const page = await as("admin");
  const { items, total } = await ask<{ items: { user: { id: number; full_name: string } }[]; total: number }>(
    page,
    "/jobs/reminders/rehearsal?days=7",
  );
  expect(total).toBeGreaterThan(0);
  await visit(page, "/admin/jobs?tab=rehearsal");
  await page.getByText("7 days", { exact: true }).click();
  await expect(page).toHaveURL(/days=7/);
  await expect(page.getByText(new RegExp(`^${total} reminders? until `))).toBeVisible();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "jobs-rehearsal");

  const [{ user }] = items;
  const theirs = items.filter((reminder) => reminder.user.id === user.id).length;
  await page.getByLabel("Person").selectOption(String(user.id));
  await expect(page).toHaveURL(new RegExp(`user_id=${user.id}`));
  await expect(page.getByText(new RegExp(`^${theirs} reminders? until `))).toBeVisible();
  await expect(page.locator("main").getByRole("listitem")).toHaveCount(theirs);
});

test("the rehearsal fits a phone", async ({ as }) => {
  const page = await as("admin", { phone: true });
  for (const path of ["/admin/jobs", "/admin/jobs?tab=rehearsal", "/admin/settings"]) {
    await visit(page, path);
    await expectFits(page);
    await expectAccessible(page);
  }
});

test("a test mail says how far it came", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/admin/settings");
  await page.getByRole("button", { name: "Send a test mail" }).click();
  await expect(page.getByText("No mail server is set up.", { exact: true })).toBeVisible();
  await page.getByLabel(/^To/).fill("not an address");
  await page.getByRole("button", { name: "Send a test mail" }).click();
  await expect(page.getByText("This is not an e-mail address.")).toBeVisible();
  await expectAccessible(page);
});
