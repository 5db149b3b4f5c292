// What one is told: beside the bell, on a page of its own, and only as much as one wants.
import { expectAccessible } from "../support/accessible";
import { ask, comment, live } from "../support/api";
import { expectFits, settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { expect, test } from "../support/test";

test("a mention reaches the bell, the title and a message, and leads to the comment", async ({ as, kpiIn }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const id = await kpiIn(employee, "approved");
  await visit(employee, "/kpis");
  await live(employee);
  const before = await ask<{ unread_count: number }>(employee, "/notifications?per_page=1");
  await comment(manager, id, "Please look at this, @employee");

  const now = before.unread_count + 1;
  await expect(employee.getByRole("button", { name: `Notifications: ${now} unread` })).toBeVisible({ timeout: 4_000 });
  await expect(employee).toHaveTitle(new RegExp(`^\\(${now}\\) `));
  await expect(employee.getByText(/has mentioned you in/).first()).toBeVisible();
  await expectAccessible(employee);
  await picture(employee, "notifications-toast");

  await employee.getByRole("button", { name: /^Notifications/ }).click();
  const sheet = employee.getByRole("dialog", { name: "Notifications" });
  await expect(sheet.getByText("Please look at this, @employee")).toBeVisible();
  await expectAccessible(employee);
  await picture(employee, "notifications-bell");
  await sheet.getByRole("link", { name: /has mentioned you in/ }).first().click();
  await expect(employee).toHaveURL(new RegExp(`/kpis/${id}\\?tab=comments#comment-\\d+$`));
  await expect(employee.getByRole("article").filter({ hasText: "Please look at this" })).toBeFocused();
  if (before.unread_count === 0) await expect(employee).not.toHaveTitle(/^\(/);
  await settled(employee);
});

test("nobody is told about what they look at, nor about what they did themselves", async ({ as, kpiIn }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const id = await kpiIn(employee, "approved");
  await visit(employee, `/kpis/${id}?tab=comments`);
  await live(employee);
  await comment(employee, id, "My own words");
  await expect(employee.getByText("My own words")).toBeVisible();
  await comment(manager, id, "The manager's words");
  await expect(employee.getByText("The manager's words")).toBeVisible();
  await expect(employee.getByRole("button", { name: /^Notifications: \d+ unread$/ })).toBeVisible();
  await expect(employee.getByText(/has commented on/)).toHaveCount(0);
});

test("the bell works by keyboard and closes without losing the place", async ({ as }) => {
  const page = await as("employee");
  await visit(page, "/");
  const bell = page.getByRole("button", { name: /^Notifications/ });
  await bell.focus();
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog", { name: "Notifications" });
  await expect(sheet).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(bell).toBeFocused();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("notif");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Notifications" })).toBeFocused();
});

test("the page shows all or the unread, marks one and all, and stays in the address", async ({ as, kpiIn }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const id = await kpiIn(employee, "approved");
  await ask(employee, "/notifications/read-all", { method: "POST" });
  await visit(employee, "/notifications?unread=true");
  await expect(employee.getByText("New notifications appear here by themselves.")).toBeVisible();
  await expectAccessible(employee);
  await live(employee);
  await comment(manager, id, "One for @employee");
  await comment(manager, id, "Two for @employee");
  await expect(employee.getByText("Two for @employee")).toBeVisible();
  await expect(employee.getByText("2 unread").first()).toBeVisible();
  await expectAccessible(employee);
  await picture(employee, "notifications-page");

  await employee.getByRole("button", { name: "Mark as read", exact: true }).first().click();
  await expect(employee.getByText("1 unread").first()).toBeVisible();
  await expect(employee.getByText("Two for @employee")).toHaveCount(0);
  await employee.getByRole("button", { name: "Mark all as read" }).click();
  await expect(employee.getByText("Everything is read.").first()).toBeVisible();
  await employee.getByText("All", { exact: true }).click();
  await expect(employee).toHaveURL(/\/notifications$/);
  await expect(employee.getByText("Two for @employee")).toBeVisible();
  await expectAccessible(employee);
});

test("a kind that is switched off is not told", async ({ as, kpiIn }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const id = await kpiIn(employee, "approved");
  await visit(employee, "/profile");
  await employee.getByRole("link", { name: "Choose what you are told in the app and by mail." }).click();
  await expect(employee).toHaveURL(/\/notifications\?tab=settings$/);
  await settled(employee);
  await expectAccessible(employee);
  await picture(employee, "notifications-settings");
  await employee.getByRole("checkbox", { name: "In the app: Comments on my KPIs and in my threads" }).uncheck();
  await employee.getByText("Daily", { exact: true }).click();
  await employee.getByLabel("At this hour").selectOption("7");
  await employee.getByRole("button", { name: "Save" }).click();
  await expect(employee.getByText("Saved.")).toBeVisible();
  await employee.reload();
  await settled(employee);
  await expect(employee.getByRole("checkbox", { name: "In the app: Comments on my KPIs and in my threads" })).not.toBeChecked();
  await expect(employee.getByLabel("At this hour")).toHaveValue("7");

  const before = await ask<{ total: number }>(employee, "/notifications");
  await comment(manager, id, "Nobody is told of this");
  await comment(manager, id, "But of this, @employee");
  await expect.poll(async () => (await ask<{ total: number }>(employee, "/notifications")).total).toBe(before.total + 1);
});

test("the bell and its page fit a phone, in German too", async ({ as, kpiIn }) => {
  const [employee, manager] = [await as("employee", { phone: true }), await as("manager")];
  const id = await kpiIn(employee, "approved");
  await comment(manager, id, "Ein Wort, @employee");
  const { version } = await ask<{ version: number }>(employee, "/auth/me");
  await ask(employee, "/auth/me", { method: "PATCH", version, data: { locale: "de" } });
  for (const path of ["/notifications", "/notifications?tab=settings", `/kpis/${id}?tab=comments`]) {
    await visit(employee, path);
    await expectFits(employee);
    await expectAccessible(employee);
    await picture(employee, `notifications-phone${path.replace(/[^a-z]+/g, "-")}`);
  }
  await employee.getByRole("button", { name: /^Benachrichtigungen/ }).click();
  const word = employee.getByRole("dialog", { name: "Benachrichtigungen" }).getByText("Ein Wort, @employee");
  await expect(word).toBeInViewport();
  await expectFits(employee);
  await expectAccessible(employee);
  await picture(employee, "notifications-phone-bell");
});

test("what one is told leads to where it can be acted upon", async ({ as }) => {
  test.slow();
  for (const person of ["employee", "manager"] as const) {
    const page = await as(person);
    const told = await ask<{ items: { kind: string; link: string }[] }>(page, "/notifications?per_page=100");
    const oneOfEach = new Map(told.items.map(({ kind, link }) => [kind, link]));
    expect(oneOfEach.size).toBeGreaterThan(0);
    for (const [kind, link] of oneOfEach) {
      await test.step(`${person}: ${kind} at ${link}`, async () => {
        await visit(page, link);
        await expect(page.getByText("There is nothing here that you may see.")).toHaveCount(0);
        await expect(page.getByText("There is no such page.")).toHaveCount(0);
        await expect(page.getByText("Your role does not open this page.")).toHaveCount(0);
      });
    }
  }
});
