// Language and appearance: chosen once, kept, and whole.
import { expectAccessible } from "../support/accessible";
import { expectFits, settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { expect, test } from "../support/test";

test("German is chosen in the profile, holds everywhere and stays", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/profile");
  await page.getByText("Deutsch", { exact: true }).click();
  await expect(page.getByRole("link", { name: "Meine Arbeit" }).first()).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  for (const path of ["/", "/kpis", "/dashboard", "/admin/people", "/admin/templates/2", "/admin/audit", "/approvals", "/profile?tab=delegation", "/admin/jobs", "/admin/settings", "/help", "/notifications", "/notifications?tab=settings"]) {
    await visit(page, path);
    // A key that the catalogue lacks would stand there as it is written in the sources.
    await expect(page.getByText(/^[a-z_]+(\.[a-z_]+)+$/)).toHaveCount(0);
    await expectAccessible(page);
  }
  await page.reload();
  await settled(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
});

test("German fits a phone", async ({ as }) => {
  const page = await as("admin", { phone: true });
  const me = await (await page.context().request.get("/api/v1/auth/me")).json();
  const csrf = (await page.context().cookies()).find((cookie) => cookie.name === "kpi_csrf")?.value ?? "";
  const answer = await page.context().request.patch("/api/v1/auth/me", {
    data: { locale: "de" },
    headers: { "If-Match": `"${me.version}"`, "X-CSRF-Token": csrf },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  const paths = ["/", "/kpis", "/kpis/new", "/dashboard", "/approvals", "/profile", "/help", "/admin/people", "/admin/people/2"];
  const rules = ["/admin/rules", "/admin/rules/1", "/admin/rules/1/shadow", "/admin/rules/new", "/admin/rules/reference", "/help/scoring"];
  const rest = ["/admin/departments", "/admin/templates", "/admin/templates/2", "/admin/templates/2/assign", "/admin/audit", "/admin/settings", "/admin/jobs"];
  for (const path of [...paths, ...rules, ...rest]) {
    await visit(page, path);
    await expectFits(page);
  }
});

test("dark is chosen by hand and outlives a reload", async ({ as }) => {
  const page = await as("employee", { colorScheme: "light" });
  await visit(page, "/");
  const ground = () => page.evaluate(() => getComputedStyle(document.querySelector("header") as Element).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: "Appearance" }).click();
  await page.getByRole("menuitem", { name: "Dark" }).click();
  await expect.poll(ground).not.toBe(light);
  const dark = await ground();
  await expectAccessible(page);
  await picture(page, "dark-by-hand");
  await page.reload();
  await settled(page);
  expect(await ground()).toBe(dark);
});
