// The `test` that every flow imports: a server of its own, people who are logged in, and a page that fails the test when
// the browser complains.
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";
import { NOW } from "./clock";
import { Server } from "./server";

/** Log-ins of the demo company; the last one leads Finance. */
export type Person = "admin" | "manager" | "employee" | "outsider" | "tomasz.zielinski";
export const PASSWORD = "kpi-demo-2026";

interface Fixtures {
  /** A server with a fresh copy of the demo company. */
  server: Server;
  /** A page of somebody who is not logged in. */
  visitor: Page;
  /** A page of a person who is logged in; each call is another browser. */
  as: (person: Person, options?: Look) => Promise<Page>;
  /** A KPI of this quarter in a state, the latest that the person of the page may see; one's own where there is one. */
  kpiIn: (page: Page, status: string) => Promise<number>;
}

/** How a person looks at the pages. */
export interface Look {
  colorScheme?: "light" | "dark";
  phone?: boolean;
}

export const test = base.extend<Fixtures & { open: (look?: Look) => Promise<Page> }>({
  server: async ({}, use, testInfo) => {
    const template = process.env.KPI_TEMPLATE;
    if (!template) throw new Error("the template was not seeded");
    const server = await Server.start(template);
    await use(server);
    await testInfo.attach("server.log", { body: server.log(), contentType: "text/plain" });
    await server.stop();
  },

  open: async ({ browser, server }, use) => {
    const contexts: BrowserContext[] = [];
    const complaints: string[] = [];
    await use(async (look = {}) => {
      const context = await browser.newContext({
        baseURL: server.url,
        colorScheme: look.colorScheme ?? "light",
        reducedMotion: "reduce",
        ...(look.phone && { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }),
      });
      contexts.push(context);
      const page = await context.newPage();
      await page.clock.setFixedTime(NOW);
      listen(page, server.url, complaints);
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
    expect(complaints, "what the browser complained about").toEqual([]);
  },

  visitor: async ({ open }, use) => use(await open()),

  kpiIn: async ({}, use) => {
    await use(async (page, status) => {
      for (const whose of ["mine=true&", ""]) {
        const answer = await page.context().request.get(`/api/v1/kpis?${whose}status=${status}&sort=-id&per_page=1`);
        const { items } = (await answer.json()) as { items: { id: number }[] };
        if (items[0]) return items[0].id;
      }
      throw new Error(`the demo company has no KPI that is ${status}`);
    });
  },

  as: async ({ open, server }, use) => {
    await use(async (person, look) => {
      const page = await open(look);
      const answer = await page.context().request.post("/api/v1/auth/login", {
        data: { login: person, password: PASSWORD },
        headers: { Origin: server.url },
      });
      expect(answer.status(), await answer.text()).toBe(200);
      return page;
    });
  },
});

/** Collects what must not happen on any page. */
function listen(page: Page, origin: string, complaints: string[]): void {
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // The browser reports each 4xx answer; whether one was right is the flow's matter.
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isAnswer) complaints.push(`console: ${message.text()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    const isOwn = url.origin === origin || url.protocol === "data:" || url.protocol === "blob:";
    if (!isOwn) complaints.push(`asked another host: ${request.url()}`);
  });
}

export { expect };
