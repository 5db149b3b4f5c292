// Runs once before all tests: seeds the demo company into a folder that each server then gets a copy of.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { binary, environment, root } from "./server";

export default async function seedTemplate(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "kpi-e2e-template-"));
  await promisify(execFile)(binary, ["seed-demo"], {
    cwd: root,
    env: environment({ DATA_DIR: folder, PUBLIC_URL: "http://127.0.0.1" }),
    timeout: 120_000,
  });
  process.env.KPI_TEMPLATE = folder;
  return () => rm(folder, { recursive: true, force: true });
}
