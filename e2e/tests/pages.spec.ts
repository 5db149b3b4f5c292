// Every page, for somebody who may see it: complete, accessible in both themes, and no wider than a phone.
import { expectAccessible } from "../support/accessible";
import { expectFits, visit } from "../support/page";
import { picture } from "../support/picture";
import { expect, test, type Person } from "../support/test";

const PUBLIC = ["/login", "/forgot-password", "/reset-password?token=x"];

const PAGES: [Person, string][] = [
  ["employee", "/"],
  ["employee", "/dashboard"],
  ["employee", "/kpis"],
  ["employee", "/kpis/new"],
  ["employee", "/profile"],
  ["employee", "/help"],
  ["manager", "/"],
  ["manager", "/dashboard"],
  ["manager", "/approvals"],
  ["admin", "/dashboard"],
  ["admin", "/admin/people"],
  ["admin", "/admin/people/new"],
  ["admin", "/admin/departments"],
  ["admin", "/admin/departments/new"],
  ["admin", "/admin/templates"],
  ["admin", "/admin/templates/new"],
];

function named(person: string, path: string): string {
  const words = path.split("?")[0].split("/").filter(Boolean).join("-");
  return `${person}-${words || "my-work"}`;
}

const LOOKS = [
  { name: "light", look: { colorScheme: "light" } },
  { name: "dark", look: { colorScheme: "dark" } },
  { name: "phone", look: { phone: true } },
] as const;

for (const { name, look } of LOOKS) {
  test(`every page is complete and accessible: ${name}`, async ({ as, open }) => {
    test.slow();
    const visitor = await open(look);
    for (const path of PUBLIC) {
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
      for (const [, path] of PAGES.filter(([other]) => other === person)) {
        await test.step(`${person} at ${path}`, async () => {
          await visit(page, path);
          await expect(page.getByText("There is no such page.")).toHaveCount(0);
          await expectFits(page);
          await expectAccessible(page);
          await picture(page, `${named(person, path)}-${name}`);
        });
      }
    }
  });
}

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

test("the pages of the administration are closed to others", async ({ as }) => {
  const page = await as("employee");
  await page.goto("/admin/people");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("table")).toHaveCount(0);
  await expectAccessible(page);
});
