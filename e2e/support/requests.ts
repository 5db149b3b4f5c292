// KPIs and files that a flow begins with.
import { expect, type Page } from "@playwright/test";
import { ask } from "./api";
import type { Sample } from "./files";

export interface Kpi {
  id: number;
  title: string;
  version: number;
}

/** A KPI of the first person, approved by the second. */
export async function approvedKpi(owner: Page, decider: Page, definition: object): Promise<Kpi> {
  const fields = { year: 2026, quarter: "Q4", target: 100, baseline: 0, unit: "units", weight: 1, ...definition };
  const draft = await ask<Kpi>(owner, "/kpis", { method: "POST", data: fields });
  const act = (page: Page, name: string, { id, version }: Kpi) =>
    ask<Kpi>(page, `/kpis/${id}/${name}`, { method: "POST", version, data: {} });
  return act(decider, "approve", await act(owner, "submit", draft));
}

export interface Evidence {
  id: number;
  name: string;
  check_in_id: number | null;
}

export async function evidenceOf(page: Page, kpi: number): Promise<Evidence[]> {
  return (await ask<{ items: Evidence[] }>(page, `/kpis/${kpi}/evidence`)).items;
}

export async function attach(page: Page, kpi: number, file: Sample): Promise<Evidence> {
  const csrf = (await page.context().cookies()).find((cookie) => cookie.name === "kpi_csrf")?.value ?? "";
  const answer = await page.context().request.post(`/api/v1/kpis/${kpi}/evidence`, {
    multipart: { description: "", file },
    headers: { "X-CSRF-Token": csrf },
  });
  expect(answer.ok(), `${file.name}: ${answer.status()} ${await answer.text()}`).toBe(true);
  return (await answer.json()) as Evidence;
}
