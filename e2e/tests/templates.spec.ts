// What becomes of templates: their own fields in the form, their changes offered to drafts, and giving one to many people.
import { expectAccessible } from "../support/accessible";
import { ask } from "../support/api";
import { expectFits, settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { expect, test } from "../support/test";

interface Template {
  id: number;
  version: number;
}

const FIELDS = {
  title: "Customer talks",
  unit: "talks",
  target: 10,
  weight: 5,
  custom_fields: [
    { key: "region", label: "Region", kind: "choice", required: true, choices: ["North", "South"] },
    { key: "start", label: "First talk", kind: "date" },
    { key: "heads", label: "People involved", kind: "number" },
    { key: "note", label: "Note", kind: "text" },
  ],
};

test("a form asks for the template's own fields, and the draft is offered what changes later", async ({ as }) => {
  const admin = await as("admin");
  const body = { name: "Customer talks", fields: FIELDS };
  const template = await ask<Template>(admin, "/templates", { method: "POST", data: body });

  const owner = await as("employee");
  await visit(owner, `/kpis/new?template=${template.id}`);
  await owner.getByLabel("People involved").fill("4");
  await owner.getByLabel("First talk").fill("2026-05-04");
  await owner.getByRole("button", { name: "Save and submit" }).click();
  // What is required is asked for before anything is sent.
  await expect(owner.getByLabel("Region")).toBeFocused();
  await expectAccessible(owner);
  await owner.getByLabel("Region").selectOption("South");
  await picture(owner, "custom-fields-form", { fullPage: true });
  await owner.getByRole("button", { name: "Save draft" }).click();
  await expect(owner).toHaveURL(/\/kpis\/\d+$/);
  await settled(owner);
  await owner.getByRole("tab", { name: "Details" }).click();
  await expect(owner.getByText("South")).toBeVisible();
  await expect(owner.getByText("4 May 2026")).toBeVisible();
  await picture(owner, "custom-fields-page", { fullPage: true });

  const changed = { fields: { ...FIELDS, target: 20, unit: "calls", check_in_days: 7, evidence: { count: 1, kinds: ["pdf"] } } };
  await ask(admin, `/templates/${template.id}`, { method: "PATCH", data: changed, version: template.version });
  await owner.reload();
  await settled(owner);
  const offer = owner.getByText("has changed since this draft was made");
  await expect(offer).toBeVisible();
  await expectAccessible(owner);
  await expectFits(owner);
  await picture(owner, "template-offer", { fullPage: true });
  await owner.getByRole("checkbox", { name: "Unit" }).uncheck();
  await owner.getByRole("button", { name: "Take over the chosen ones" }).click();
  await expect(offer).toHaveCount(0);
  await expect(owner.getByText("20 talks").first()).toBeVisible();

  await visit(admin, `/admin/templates/${template.id}?tab=versions`);
  await expect(admin.getByRole("heading", { name: "Version 2" })).toBeVisible();
  await expectAccessible(admin);
  await picture(admin, "template-versions", { fullPage: true });
});

test("a field is reset to what is inherited, and the real form shows what comes of it", async ({ as }) => {
  const admin = await as("admin");
  const base = await ask<Template>(admin, "/templates", { method: "POST", data: { name: "Talks", fields: FIELDS } });
  const own = { name: "Talks of the team", extends_id: base.id, fields: { target: 33 } };
  const team = await ask<Template>(admin, "/templates", { method: "POST", data: own });
  await visit(admin, `/admin/templates/${team.id}`);
  await expect(admin.getByLabel("Target, set here")).toHaveValue("33");
  await admin.getByRole("button", { name: "Target: inherit again" }).click();
  await expect(admin.getByText("Uses the inherited value").first()).toBeVisible();
  await admin.getByRole("button", { name: "Look at the form" }).click();
  const form = admin.getByRole("dialog");
  await expect(form.getByLabel("Title", { exact: true })).toHaveValue("Customer talks");
  await expect(form.getByLabel("Target", { exact: true })).toHaveValue("10");
  await expect(form.getByLabel("Region").getByRole("option", { name: "South" })).toHaveCount(1);
  await settled(admin);
  await expectAccessible(admin);
  await picture(admin, "template-form");
  await admin.getByRole("button", { name: "Close" }).click();
  await admin.getByRole("button", { name: "Save changes" }).click();
  await expect(admin.getByText("Talks of the team was saved.")).toBeVisible();
});

test("a template is assigned to a department, and taken back again", async ({ as }) => {
  const admin = await as("admin");
  const data = { name: "Customer talks", fields: FIELDS };
  const template = await ask<Template>(admin, "/templates", { method: "POST", data });
  await visit(admin, `/admin/templates/${template.id}`);
  await admin.getByRole("link", { name: "Assign", exact: true }).click();
  await settled(admin);
  await expect(admin.getByRole("button", { name: /^Assign to 0/ })).toHaveAttribute("aria-disabled", "true");
  await admin.getByLabel("Department", { exact: true }).selectOption({ label: "Nordlicht › Sales" });
  await admin.getByRole("checkbox", { name: "With the departments below" }).uncheck();
  const eva = admin.getByRole("listitem").filter({ hasText: "Eva Brandt" });
  await expect(eva.getByText("Gets a draft")).toBeVisible();
  await admin.getByLabel("Somebody else").selectOption({ label: "Birgit Köhler" });
  await expect(admin.getByRole("checkbox", { name: "Birgit Köhler" })).toBeChecked();
  await admin.getByRole("checkbox", { name: "Birgit Köhler" }).uncheck();
  await expect(admin.getByText("Left out by you.")).toBeVisible();
  await admin.getByLabel("Target of Eva Brandt").fill("12");
  await expect(admin.locator(".is-refreshing")).toHaveCount(0);
  await expectAccessible(admin);
  await expectFits(admin);
  await picture(admin, "template-assign", { fullPage: true });
  await admin.getByRole("button", { name: /^Assign to \d+ people/ }).click();
  await expect(admin).toHaveURL(/tab=assigned/);
  await expect(admin.getByText(/people have a draft from Customer talks/)).toBeVisible();
  await expectAccessible(admin);
  await picture(admin, "template-assigned");

  const owner = await as("employee");
  await visit(owner, "/kpis?q=Customer+talks&status=draft");
  await owner.getByRole("link", { name: "Customer talks" }).first().click();
  await settled(owner);
  await expect(owner.getByText("12 talks").first()).toBeVisible();
  await ask(owner, `/kpis/${owner.url().split("/").pop()}/comments`, { method: "POST", data: { body: "Since when?" } });

  await admin.getByRole("button", { name: /^Take back/ }).click();
  await expect(admin.getByText(/1 draft stays/).first()).toBeVisible();
  await expect(admin.getByText("commented on")).toBeVisible();
  await picture(admin, "template-taken-back");
});

for (const look of [{ phone: true }, { colorScheme: "dark" as const }]) {
  test(`assigning, as seen with ${JSON.stringify(look)}`, async ({ as }) => {
    const admin = await as("admin", look);
    await visit(admin, "/admin/templates/2/assign");
    await admin.getByLabel("Department", { exact: true }).selectOption({ label: "Nordlicht › Sales" });
    await expect(admin.getByRole("list", { name: "Who gets what" }).getByText("Eva Brandt")).toBeVisible();
    await expectFits(admin);
    await expectAccessible(admin);
    await picture(admin, `template-assign-${look.phone ? "phone" : "dark"}`, { fullPage: true });
  });
}
