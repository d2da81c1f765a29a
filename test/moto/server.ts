import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const cache = fileURLToPath(new URL("../../.cache/", import.meta.url));
const environment = `${cache}moto`;
const ready = `${environment}/ready`;

export interface Moto {
  /** Where the AWS SDK finds every service. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts moto's server, a stand-in for AWS, on a free port of this machine; its virtual environment is made under `.cache`
 * the first time.
 */
export async function startMoto(): Promise<Moto> {
  await install();
  const port = await freePort();
  const server = spawn(`${environment}/bin/moto_server`, ["-H", "127.0.0.1", "-p", String(port)], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: "false" } });
  let complaints = "";
  server.stderr.on("data", (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4000)));
  const url = `http://127.0.0.1:${port}`;
  // So that no server outlives a test run that is cut short.
  const kill = (): void => void server.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async (): Promise<void> => {
    process.removeListener("exit", kill);
    await ended(server);
  };
  const until = Date.now() + 60_000;
  while (!(await answers(url))) {
    if (server.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`moto_server did not start: ${complaints}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, stop };
}

/** Makes the virtual environment once, also when several test files ask at the same time. */
async function install(): Promise<void> {
  if (existsSync(ready)) return;
  mkdirSync(cache, { recursive: true });
  const lock = `${cache}moto.lock`;
  const until = Date.now() + 600_000;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      if (existsSync(ready)) return;
      if (Date.now() > until) throw new Error(`${lock} has been held for ten minutes; remove it if no installation is running`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
  try {
    if (existsSync(ready)) return;
    await run("python3", ["-m", "venv", environment]);
    await run(`${environment}/bin/pip`, ["install", "--quiet", "--disable-pip-version-check", "moto[server]>=5.2,<6"], { maxBuffer: 1 << 26 });
    writeFileSync(ready, "");
  } finally {
    rmdirSync(lock);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/moto-api/data.json`)).ok;
  } catch {
    return false;
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
