import { execFile } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type MotoServer, startMotoServer } from "../../packages/groupless/src/moto/moto-server.ts";

const run = promisify(execFile);
const cache = fileURLToPath(new URL("../../.cache/", import.meta.url));
const environment = `${cache}moto`;
const ready = `${environment}/ready`;

/**
 * Starts moto's server, a stand-in for AWS, on a free port of this machine; its virtual environment is made under `.cache`
 * the first time.
 */
export async function startMoto(): Promise<MotoServer> {
  await install();
  return startMotoServer(`${environment}/bin/moto_server`);
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
