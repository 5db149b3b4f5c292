// The real binary: started on a free port with its own data folder, stopped the polite way.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { NOW } from "./clock";

export const root = resolve(__dirname, "../..");
export const binary = process.env.KPI_BINARY ?? join(root, "target/debug/kpi");

/** Nothing of the surrounding environment reaches the server except what a program needs to run at all. */
export function environment(own: Record<string, string>): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    LANG: "C.UTF-8",
    RUST_BACKTRACE: "1",
    ENVIRONMENT: "test",
    KPI_CLOCK: NOW,
    LOG_LEVEL: "info",
    ...own,
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

export class Server {
  private constructor(
    readonly url: string,
    readonly dataDir: string,
    private readonly process: ChildProcess,
    private readonly output: string[],
  ) {}

  /** Starts a server on a copy of `template`, or on an empty folder, and returns once it says that it is ready. */
  static async start(template?: string): Promise<Server> {
    const dataDir = await mkdtemp(join(tmpdir(), "kpi-e2e-"));
    if (template) await cp(template, dataDir, { recursive: true });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = spawn(binary, ["serve", "--listen", `127.0.0.1:${port}`, "--data-dir", dataDir], {
      cwd: root,
      env: environment({ PUBLIC_URL: url }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: string[] = [];
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    const server = new Server(url, dataDir, child, output);
    await server.ready();
    return server;
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline) {
      if (this.process.exitCode !== null) {
        throw new Error(`the server ended with ${this.process.exitCode}:\n${this.log()}`);
      }
      const health = await fetch(`${this.url}/health`).catch(() => undefined);
      if (health?.ok) return;
      await pause(20);
    }
    throw new Error(`the server was not ready within 30 s:\n${this.log()}`);
  }

  /** What the server has printed. */
  log(): string {
    return this.output.join("");
  }

  /** Asks the server to stop and removes its data. A server that does not stop in time, or stops with an error, throws. */
  async stop(): Promise<void> {
    const child = this.process;
    if (child.exitCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(late);
    }
    await rm(this.dataDir, { recursive: true, force: true });
    if (child.exitCode !== 0) {
      throw new Error(`the server stopped with ${child.exitCode ?? child.signalCode}:\n${this.log()}`);
    }
  }
}
