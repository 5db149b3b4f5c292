// What administrators look after: people, departments, templates, settings, the audit log.
import { expectAccessible } from "../support/accessible";
import { settled, visit } from "../support/page";
import { picture } from "../support/picture";
import { expect, PASSWORD, test } from "../support/test";

test("a new person gets a temporary password, logs in and chooses their own", async ({ as, open }) => {
  const admin = await as("admin");
  await visit(admin, "/admin/people");
  await admin.getByRole("link", { name: "Add a person" }).click();
  await settled(admin);
  await admin.getByRole("button", { name: "Add person" }).click();
  await expect(admin.getByRole("alert").first()).toBeVisible();
  await expectAccessible(admin);
  await admin.getByLabel("Full name").fill("Nora Nielsen");
  await admin.getByLabel("E-mail").fill("nora.nielsen@nordlicht.example");
  await admin.getByLabel("User name").fill("nora");
  await admin.getByLabel("Department").selectOption({ label: "Nordlicht › Sales" });
  await admin.getByRole("button", { name: "Add person" }).click();
  const secret = admin.getByRole("dialog").getByLabel("Temporary password");
  const password = (await secret.textContent()) ?? "";
  expect(password.length).toBeGreaterThan(11);
  await expectAccessible(admin);
  await picture(admin, "person-added");
  await admin.getByRole("button", { name: "I have handed it over" }).click();
  await admin.getByRole("searchbox").fill("nora");
  await expect(admin).toHaveURL(/q=nora/);
  await expect(admin.getByRole("link", { name: "Nora Nielsen" })).toBeVisible();

  const nora = await open();
  await nora.goto("/login");
  await nora.getByRole("textbox", { name: /e-mail|user name/i }).fill("nora");
  await nora.getByLabel("Password", { exact: true }).fill(password);
  await nora.getByLabel("Password", { exact: true }).press("Enter");
  await expect(nora.getByText("Your password is temporary.").first()).toBeVisible();
  await expectAccessible(nora);
});

test("the last administrator stays one, and the page says why", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/admin/people/1");
  await page.getByText("Employee", { exact: true }).click();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The last active administrator must stay.")).toBeVisible();
  await expectAccessible(page);
});

test("somebody deactivated is logged out at once and may come back", async ({ as }) => {
  const outsider = await as("outsider");
  await visit(outsider, "/");
  const { id } = await (await outsider.context().request.get("/api/v1/auth/me")).json();
  const admin = await as("admin");
  await visit(admin, `/admin/people/${id}`);
  await admin.getByRole("button", { name: "Deactivate" }).click();
  await expectAccessible(admin);
  await admin.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
  await expect(admin.getByText("Deactivated", { exact: true })).toBeVisible();
  await outsider.goto("/kpis");
  await expect(outsider).toHaveURL(/\/login/);
  await admin.getByRole("button", { name: "Reactivate" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "Reactivate" }).click();
  await expect(admin.getByText("Active", { exact: true })).toBeVisible();
  await outsider.getByRole("textbox", { name: /e-mail|user name/i }).fill("outsider");
  await outsider.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await outsider.getByLabel("Password", { exact: true }).press("Enter");
  await expect(outsider).not.toHaveURL(/\/login/);
});

test("a forgotten password without mail: the administrator hands over the link", async ({ as, open }) => {
  const visitor = await open();
  await visit(visitor, "/forgot-password");
  await visitor.getByRole("textbox").first().fill("outsider");
  await visitor.getByRole("textbox").first().press("Enter");
  await expect(visitor.getByText(/administrator/i).first()).toBeVisible();
  const admin = await as("admin");
  await admin.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await visit(admin, "/admin/people");
  await expect(admin.getByRole("heading", { name: "Forgotten passwords" })).toBeVisible();
  await expectAccessible(admin);
  await admin.getByRole("button", { name: "Copy link" }).click();
  await expect(admin.getByText("Link copied. It works once.")).toBeVisible();
  const link = await admin.evaluate(() => navigator.clipboard.readText());
  await visitor.goto(link);
  await visitor.getByLabel("New password", { exact: true }).fill("a-long-enough-new-one");
  await visitor.getByLabel("New password", { exact: true }).press("Enter");
  await expect(visitor).toHaveURL(/\/login/);
});

test("a department is added, led, moved, kept while in use, and deleted", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/admin/departments");
  const acts = async (name: string, act: RegExp) => {
    await page.getByRole("button", { name: `Acts for ${name}`, exact: true }).click();
    await page.getByRole("menuitem", { name: act }).click();
  };
  await acts("Sales", /^Add one below/);
  await page.getByRole("dialog").getByLabel("Name").fill("Sales West");
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Add department" }).click();
  await expect(page.getByText("Sales West was added.")).toBeVisible();

  await acts("Sales West", /^Name and manager/);
  await page.getByRole("dialog").getByLabel("Manager").selectOption({ label: "Anna Hansen" });
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Sales West was saved.")).toBeVisible();

  await acts("Sales West", /^Move to/);
  const under = page.getByRole("dialog").getByLabel("Stands below");
  await expect(under.getByRole("option", { name: /Sales West/ })).toHaveCount(0);
  await under.selectOption({ label: "Nordlicht › Marketing" });
  await page.getByRole("dialog").getByRole("button", { name: "Move", exact: true }).click();
  await expect(page.getByText("Now at Nordlicht › Marketing › Sales West.")).toBeVisible();
  await settled(page);

  await page.getByRole("button", { name: "Acts for Sales", exact: true }).click();
  const blocked = page.getByRole("menuitem", { name: /^Delete/ });
  await expect(blocked).toHaveAttribute("aria-disabled", "true");
  await expect(blocked).toContainText("Other departments stand below it.");
  await page.keyboard.press("Escape");

  await acts("Sales West", /^Delete/);
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Sales West was deleted.")).toBeVisible();
});

test("a template extends another, changes what differs, and employees get it", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/admin/templates");
  await page.getByRole("link", { name: "Customer visits" }).click();
  await settled(page);
  await page.getByRole("link", { name: "Make one that extends it" }).click();
  await settled(page);
  await page.getByLabel("Name", { exact: true }).fill("Visits by the northern team");
  await page.getByLabel("Department").selectOption({ label: "Nordlicht › Sales" });
  await page.getByRole("checkbox", { name: "Target", exact: true }).check();
  await page.getByLabel("Target, set here").fill("none");
  await page.getByRole("button", { name: "Add template" }).click();
  await expect(page.getByRole("alert").getByText("This is not a number.")).toBeVisible();
  await page.getByLabel("Target, set here").fill("33");
  await page.getByRole("checkbox", { name: "Custom fields" }).check();
  await page.getByLabel("Label", { exact: true }).fill("Coast or inland?");
  await expect(page.getByLabel("Key", { exact: true })).toHaveValue("coast_or_inland");
  await expect(page.getByText(/To be raised .*33/)).toBeVisible();
  await expectAccessible(page);
  await picture(page, "template-editor", { fullPage: true });
  await page.getByRole("button", { name: "Add template" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Visits by the northern team" })).toBeVisible();

  const employee = await as("employee");
  await visit(employee, "/kpis/new");
  await employee.getByLabel("Search templates").fill("northern");
  await employee.getByRole("button", { name: "Use template" }).click();
  await expect(employee.getByLabel("Title", { exact: true })).toHaveValue("Customer visits");
  await expect(employee.getByLabel("Target", { exact: true })).toHaveValue("33");
  await expect(employee.getByLabel(/Coast or inland/)).toBeVisible();
});

test("two administrators at one template: both changes stay", async ({ as }) => {
  const first = await as("admin");
  const second = await first.context().newPage();
  await visit(first, "/admin/templates/2");
  await visit(second, "/admin/templates/2");
  await first.getByLabel("What it is for").fill("Counted in the order book.");
  await first.getByRole("button", { name: "Save changes" }).click();
  await expect(first.getByText(/was saved/)).toBeVisible();
  await second.getByLabel("Name", { exact: true }).fill("Revenue, new contracts");
  await second.getByRole("button", { name: "Save changes" }).click();
  await expect(second.getByText("Somebody else saved changes in the meantime.")).toBeVisible();
  await expectAccessible(second);
  await second.getByRole("button", { name: "Bring in their changes" }).click();
  await expect(second.getByLabel("What it is for")).toHaveValue("Counted in the order book.");
  await second.getByRole("button", { name: "Save changes" }).click();
  await expect(second.getByRole("heading", { level: 1, name: "Revenue, new contracts" })).toBeVisible();
});

test("settings are checked, saved, and stand in the audit log, whose chain is whole", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/admin/settings");
  await page.getByLabel("Green from").fill("60");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Amber has to begin below green.").first()).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Green from").fill("95");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The settings were saved.")).toBeVisible();
  await visit(page, "/admin/audit?entity=settings");
  await page.getByText("Details").first().click();
  await expect(page.getByRole("cell", { name: "95" })).toBeVisible();
  await page.getByRole("button", { name: "Verify the chain" }).click();
  await expect(page.getByText(/The chain is whole/)).toBeVisible();
  await expectAccessible(page);
});
