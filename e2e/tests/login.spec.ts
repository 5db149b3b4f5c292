// The first page anybody sees.
import { expectAccessible } from "../support/accessible";
import { expectFits } from "../support/page";
import { picture } from "../support/picture";
import { expect, PASSWORD, test } from "../support/test";

for (const colorScheme of ["light", "dark"] as const) {
  test(`the login page opens and is accessible in ${colorScheme}`, async ({ open }) => {
    const page = await open({ colorScheme });
    await page.goto("/");
    await expect(page).toHaveURL(/\/login/);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page);
    await picture(page, `login-${colorScheme}`);
  });
}

test("the login page fits a phone", async ({ open }) => {
  const page = await open({ phone: true });
  await page.goto("/login");
  await expect(page.getByLabel("Password", { exact: true })).toBeVisible();
  await expectFits(page);
});

test("a wrong password is refused in words, and the right one leads to My work", async ({ visitor: page }) => {
  await page.goto("/login");
  await page.getByRole("textbox", { name: /e-mail|user name/i }).fill("employee");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("not-the-password");
  await password.press("Enter");
  await expect(page.getByRole("alert").first()).toBeVisible();
  await expectAccessible(page);
  await password.fill(PASSWORD);
  await password.press("Enter");
  await expect(page).not.toHaveURL(/\/login/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});
