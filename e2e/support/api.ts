// What a flow needs done or known without clicking through it, as the person whose page it is.
import { expect, type Page } from "@playwright/test";

interface Question {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  data?: unknown;
  /** Of what people edit: the version that was seen. */
  version?: number;
}

/** Asks the server; an answer that is no success fails the test. */
export async function ask<T = unknown>(page: Page, path: string, question: Question = {}): Promise<T> {
  const { method = "GET", data, version } = question;
  const csrf = (await page.context().cookies()).find((cookie) => cookie.name === "kpi_csrf")?.value ?? "";
  const answer = await page.context().request.fetch(`/api/v1${path}`, {
    method,
    data,
    headers: {
      "X-CSRF-Token": csrf,
      ...(version !== undefined && { "If-Match": `"${version}"` }),
    },
  });
  const text = await answer.text();
  expect(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`).toBe(true);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Says something about a KPI. */
export async function comment(page: Page, kpi: number, body: string): Promise<{ id: number }> {
  return ask(page, `/kpis/${kpi}/comments`, { method: "POST", data: { body } });
}

/** Waits until the page hears by itself of what happens. */
export async function live(page: Page): Promise<void> {
  await expect(page.locator('[data-link="live"]')).toBeAttached();
}
