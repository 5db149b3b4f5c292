// Browser flows against the real server binary. `cargo xtask test` sets KPI_BINARY and KPI_CHROMIUM; every test gets a
// server of its own, on a free port, with a copy of the once-seeded demo company and a clock that stands still.
import { defineConfig } from "@playwright/test";
import { NOW } from "./support/clock";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  globalSetup: "./support/template.ts",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  metadata: { clock: NOW },
  use: {
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 860 },
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.KPI_CHROMIUM ?? "/usr/bin/chromium",
      // The browser neither needs a sandbox around our own pages nor anything from outside this machine.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
