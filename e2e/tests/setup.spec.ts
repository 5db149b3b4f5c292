// The first minute of an installation: nobody is there yet.
import { expectAccessible } from "../support/accessible";
import { Server } from "../support/server";
import { expect, test } from "../support/test";

const onNothing = test.extend({
  server: async ({}, use) => {
    const server = await Server.start();
    await use(server);
    await server.stop();
  },
});

onNothing("the link that the server prints makes the first administrator, once", async ({ visitor: page, server }) => {
  const link = server.log().match(/http:\S+\/setup#token=\S+/)?.[0];
  expect(link, server.log()).toBeTruthy();
  await page.goto(link!);
  await page.getByLabel("Full name").fill("Ada Admin");
  await page.getByLabel("E-mail").fill("ada@firma.example");
  await page.getByLabel("User name").fill("ada");
  await page.getByLabel("Password", { exact: true }).fill("plum-harbour-47");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "My work" })).toBeVisible();
  await expect(page.getByRole("link", { name: "People" })).toBeVisible();
  const state = await page.context().request.get("/api/v1/setup");
  expect(await state.json()).toMatchObject({ needed: false });
});
