// Every page, for somebody who may see it: complete, accessible in both themes, and no wider than a phone.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expectAccessible } from "../support/accessible";
import { expectFits, visit } from "../support/page";
import { picture } from "../support/picture";
import { root } from "../support/server";
import { expect, test, type Person } from "../support/test";

/** Routes of the app as `route.rs` writes them, `:id` included, and addresses that open them. */
const PUBLIC: [string, string][] = [
  ["/login", "/login"],
  ["/forgot-password", "/forgot-password"],
  ["/reset-password", "/reset-password#token=x"],
  ["/setup", "/setup"],
];

const PAGES: [Person, string, string][] = [
  ["employee", "/", "/"],
  ["employee", "/dashboard", "/dashboard"],
  ["employee", "/kpis", "/kpis"],
  ["employee", "/kpis/new", "/kpis/new"],
  ["employee", "/kpis/new", "/kpis/new?start=blank"],
  ["employee", "/kpis/:id", "/kpis/{approved}"],
  ["employee", "/kpis/:id", "/kpis/{approved}?tab=comments"],
  ["employee", "/kpis/:id", "/kpis/{approved}?tab=evidence"],
  ["employee", "/kpis/:id", "/kpis/{approved}?tab=history"],
  ["employee", "/kpis/:id", "/kpis/{approved}?tab=receipt"],
  ["employee", "/kpis/:id", "/kpis/{approved}?tab=details"],
  ["employee", "/kpis/:id", "/kpis/{approved}?act=check_in"],
  ["employee", "/kpis/:id", "/kpis/{closed}"],
  ["employee", "/kpis/:id/edit", "/kpis/{draft}/edit"],
  ["employee", "/kpis/:id/edit", "/kpis/{approved}/edit"],
  ["employee", "/notifications", "/notifications"],
  ["employee", "/notifications", "/notifications?unread=true"],
  ["employee", "/notifications", "/notifications?tab=settings"],
  ["employee", "/profile", "/profile"],
  ["employee", "/help", "/help"],
  ["employee", "/help/scoring", "/help/scoring"],
  ["manager", "/", "/"],
  ["manager", "/dashboard", "/dashboard"],
  ["manager", "/kpis", "/kpis"],
  ["manager", "/approvals", "/approvals"],
  ["manager", "/approvals", "/approvals?reason=result"],
  ["manager", "/approvals", "/approvals?kpi={submitted}"],
  ["manager", "/profile", "/profile?tab=delegation"],
  ["manager", "/kpis/:id", "/kpis/{submitted}"],
  ["admin", "/dashboard", "/dashboard"],
  ["admin", "/admin/people", "/admin/people"],
  ["admin", "/admin/people", "/admin/people?q=nobody-is-called-so"],
  ["admin", "/admin/people/new", "/admin/people/new"],
  ["admin", "/admin/people/:id", "/admin/people/2"],
  ["admin", "/admin/departments", "/admin/departments"],
  ["admin", "/admin/templates", "/admin/templates"],
  ["admin", "/admin/templates/new", "/admin/templates/new"],
  ["admin", "/admin/templates/:id", "/admin/templates/2"],
  ["admin", "/admin/templates/:id", "/admin/templates/2?tab=versions"],
  ["admin", "/admin/templates/:id", "/admin/templates/2?tab=assigned"],
  ["admin", "/admin/templates/:id/assign", "/admin/templates/2/assign"],
  ["admin", "/admin/rules", "/admin/rules"],
  ["admin", "/admin/rules/new", "/admin/rules/new"],
  ["admin", "/admin/rules", "/admin/rules?state=retired"],
  ["admin", "/admin/rules/reference", "/admin/rules/reference"],
  ["admin", "/admin/rules/:id/shadow", "/admin/rules/1/shadow"],
  ["admin", "/admin/rules/:id", "/admin/rules/1"],
  ["admin", "/admin/rules/:id", "/admin/rules/1?step=tests"],
  ["admin", "/admin/rules/:id", "/admin/rules/1?step=impact"],
  ["admin", "/admin/rules/:id", "/admin/rules/1?step=publish"],
  ["admin", "/admin/rules/:id", "/admin/rules/1?step=versions"],
  ["admin", "/admin/plugins", "/admin/plugins"],
  ["admin", "/admin/plugins/:id", "/admin/plugins/webhook"],
  ["admin", "/admin/settings", "/admin/settings"],
  ["admin", "/admin/audit", "/admin/audit"],
  ["admin", "/admin/jobs", "/admin/jobs"],
  ["admin", "/admin/jobs", "/admin/jobs?job=reminders"],
  ["admin", "/admin/jobs", "/admin/jobs?tab=rehearsal&days=7"],
];

function named(person: string, path: string): string {
  const words = path.split(/[^a-z0-9_]+/).filter(Boolean).join("-");
  return `${person}-${words || "my-work"}`;
}

const LOOKS = [
  { name: "light", look: { colorScheme: "light" } },
  { name: "dark", look: { colorScheme: "dark" } },
  { name: "phone", look: { phone: true } },
] as const;

for (const { name, look } of LOOKS) {
  test(`every page is complete and accessible: ${name}`, async ({ as, open, kpiIn }) => {
    test.slow();
    const visitor = await open(look);
    for (const [, path] of PUBLIC) {
      await test.step(`somebody at ${path}`, async () => {
        await visit(visitor, path);
        await expectFits(visitor);
        await expectAccessible(visitor);
        await picture(visitor, `${named("visitor", path)}-${name}`);
      });
    }
    const people = new Set(PAGES.map(([person]) => person));
    for (const person of people) {
      const page = await as(person, look);
      for (const [, , path] of PAGES.filter(([other]) => other === person)) {
        await test.step(`${person} at ${path}`, async () => {
          const status = /\{(\w+)\}/.exec(path)?.[1];
          const address = status ? path.replace(`{${status}}`, String(await kpiIn(page, status))) : path;
          await visit(page, address);
          await expect(page.getByText("There is no such page.")).toHaveCount(0);
          await expect(page.getByText("Your role does not open this page.")).toHaveCount(0);
          await expectFits(page);
          await expectAccessible(page);
          await picture(page, `${named(person, path)}-${name}`);
        });
      }
    }
  });
}

test("no page of the app is left out above", async () => {
  const source = await readFile(join(root, "frontend/src/route.rs"), "utf8");
  const routes = [...source.matchAll(/#\[at\("([^"]+)"\)\]/g)].map((found) => found[1]);
  const opened = new Set([...PUBLIC.map(([route]) => route), ...PAGES.map(([, route]) => route), "/404"]);
  expect(routes.length).toBeGreaterThan(10);
  expect(routes.filter((route) => !opened.has(route))).toEqual([]);
  expect([...opened].filter((route) => !routes.includes(route))).toEqual([]);
});

test("an address inside the app survives the log-in", async ({ visitor: page }) => {
  await page.goto("/kpis?status=approved");
  await expect(page).toHaveURL(/\/login\?/);
});

test("an unknown address says so and leads back", async ({ as }) => {
  const page = await as("employee");
  await visit(page, "/no-such-page");
  await expect(page.getByText("There is no such page.")).toBeVisible();
  await expectAccessible(page);
});

test("pages of another role say so and lead back", async ({ as }) => {
  const page = await as("employee");
  for (const path of ["/admin/people", "/admin/templates/2", "/admin/settings", "/admin/audit", "/approvals"]) {
    await visit(page, path);
    await expect(page.getByText("Your role does not open this page.")).toBeVisible();
    await expect(page.getByRole("table")).toHaveCount(0);
  }
  await expectAccessible(page);
});
