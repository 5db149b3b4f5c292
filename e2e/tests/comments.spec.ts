// Talking about a KPI where it stands.
import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/accessible";
import { ask, comment, live } from "../support/api";
import { expectFits, settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { expect, test } from "../support/test";

/** A fresh KPI of the person, about which nobody has said anything yet. */
async function quietKpi(page: Page): Promise<number> {
  const data = { title: "Letters answered within two days", year: 2026, quarter: "Q4", target: 100, unit: "letters", weight: 1 };
  return (await ask<{ id: number }>(page, "/kpis", { method: "POST", data })).id;
}

test("a comment names a colleague by keyboard, is answered, edited and deleted with a trace", async ({ as }) => {
  test.slow();
  const [employee, manager] = [await as("employee"), await as("manager")];
  const id = await quietKpi(employee);
  await visit(employee, `/kpis/${id}?tab=comments`);
  await expect(employee.getByText("No comments yet")).toBeVisible();
  await expectAccessible(employee);

  await test.step("a name is completed with the arrow keys", async () => {
    const field = employee.getByLabel("New comment");
    await field.pressSequentially("What do you think, @man");
    const people = employee.getByRole("listbox", { name: "Colleagues who may see this KPI" });
    await expect(people.getByRole("option").first()).toHaveAttribute("aria-selected", "true");
    await expectAccessible(employee);
    await picture(employee, "comments-mention");
    await field.press("ArrowDown");
    await field.press("ArrowUp");
    await field.press("Enter");
    await expect(people).toHaveCount(0);
    await expect(field).toHaveValue("What do you think, @manager ");
    await field.pressSequentially("about https://example.org/report?");
    await field.press("Control+Enter");
    await expect(field).toHaveValue("");
  });

  const first = employee.getByRole("article").filter({ hasText: "What do you think" });
  await expect(first.getByText("@manager")).toHaveClass(/mention/);
  const link = first.getByRole("link", { name: "https://example.org/report" });
  await expect(link).toHaveAttribute("rel", /noopener/);
  await expect(employee.getByRole("tab", { name: /Comments/ })).toContainText("1");

  await test.step("the manager answers, and the employee sees it come", async () => {
    await live(employee);
    await visit(manager, `/kpis/${id}?tab=comments`);
    await employee.getByLabel("New comment").fill("Half a thought");
    await manager.getByRole("button", { name: "Reply" }).click();
    await expect(manager.getByLabel(/^Reply to/)).toBeFocused();
    await manager.getByLabel(/^Reply to/).fill("It is good.");
    await manager.getByRole("button", { name: "Reply", exact: true }).last().click();
    await expect(employee.getByText("It is good.")).toBeVisible({ timeout: 4_000 });
    await expect(employee.getByLabel("New comment")).toHaveValue("Half a thought");
    await settled(manager);
    await expectAccessible(manager);
  });

  await test.step("an edit leaves a trace that can be read", async () => {
    const answer = manager.getByRole("article").filter({ hasText: "It is good." });
    await answer.getByRole("button", { name: "Edit" }).click();
    const field = manager.getByLabel("Edit the comment");
    await expect(field).toHaveValue("It is good.");
    await field.fill("It is very good.");
    await manager.getByRole("button", { name: "Save" }).click();
    await expect(manager.getByText("It is very good.")).toBeVisible();
    await manager.getByRole("button", { name: "edited" }).click();
    await expect(manager.getByRole("dialog", { name: "What it said before" }).getByText("It is good.")).toBeVisible();
    await expectAccessible(manager);
    await picture(manager, "comments-revisions");
    await manager.keyboard.press("Escape");
  });

  await test.step("a deleted one leaves its place", async () => {
    await first.getByRole("button", { name: "Delete" }).click();
    await employee.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect(employee.getByText("This comment was deleted.").first()).toBeVisible();
    await expect(employee.getByText("What do you think")).toHaveCount(0);
    await expect(manager.getByText("This comment was deleted.").first()).toBeVisible({ timeout: 4_000 });
    await expect(employee.getByText("It is very good.")).toBeVisible();
    await expectAccessible(employee);
    await picture(employee, "comments-thread", { fullPage: true });
  });
});

test("what was typed survives a reload until it is sent", async ({ as }) => {
  const page = await as("employee");
  const id = await quietKpi(page);
  await visit(page, `/kpis/${id}?tab=comments`);
  await page.getByLabel("New comment").fill("Not sent yet");
  await page.reload();
  await settled(page);
  await expect(page.getByLabel("New comment")).toHaveValue("Not sent yet");
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await expect(page.getByRole("article").getByText("Not sent yet")).toBeVisible();
  await page.reload();
  await settled(page);
  await expect(page.getByLabel("New comment")).toHaveValue("");
});

test("a comment is text, whatever it says", async ({ as }) => {
  const [employee, manager] = [await as("employee", { phone: true }), await as("manager")];
  const id = await quietKpi(employee);
  const evil = "<img src=x onerror=alert(1)> javascript:alert(1) [x](javascript:alert(1)) @nobody";
  await comment(manager, id, evil);
  await comment(manager, id, "W".repeat(300));
  await visit(employee, `/kpis/${id}?tab=comments`);
  await expect(employee.getByText(evil)).toBeVisible();
  await expect(employee.getByRole("article").first().getByRole("link")).toHaveCount(0);
  await expect(employee.locator(".mention")).toHaveCount(0);
  await expectFits(employee);
  await picture(employee, "comments-phone");
});

test("an empty and an endless comment are refused beside the field", async ({ as }) => {
  const page = await as("employee");
  const id = await quietKpi(page);
  await visit(page, `/kpis/${id}?tab=comments`);
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await expect(page.getByText("Fill this in.")).toBeVisible();
  await expect(page.getByLabel("New comment")).toBeFocused();
  await page.getByLabel("New comment").fill("x".repeat(4001));
  await expect(page.getByText("At most 4000 characters; these are 4001.")).toBeVisible();
  await expectAccessible(page);
});

test("a link to a comment leads to it", async ({ as }) => {
  const [employee, manager] = [await as("employee"), await as("manager")];
  const id = await quietKpi(employee);
  const ids = [];
  for (let number = 1; number <= 12; number += 1) ids.push((await comment(manager, id, `Comment number ${number}`)).id);
  await visit(employee, `/kpis/${id}?tab=comments#comment-${ids[1]}`);
  await expect(employee.locator(`#comment-${ids[1]}`)).toBeFocused();
  await expect(employee.locator(`#comment-${ids[1]}`)).toBeInViewport();
});
