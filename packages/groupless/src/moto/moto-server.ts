import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { InputError } from "@groupless/api";

/** A moto server that runs as long as it is needed. */
export interface MotoServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const PATIENCE_MS = 60_000;

/**
 * Starts `moto_server` on a free port of this machine.
 *
 * @param command where it is; default: on the PATH
 *
 * @throws {InputError} `no-moto` if it is not there or does not start
 */
export async function startMotoServer(command = "moto_server"): Promise<MotoServer> {
  const port = await freePort();
  const server = spawn(command, ["-H", "127.0.0.1", "-p", String(port)], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: "false" } });
  let complaints = "";
  server.stderr.on("data", (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-1000)));
  server.on("error", (error) => (complaints = error.message));
  const kill = (): void => void server.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async (): Promise<void> => {
    process.removeListener("exit", kill);
    await ended(server);
  };
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + PATIENCE_MS;
  while (!(await answers(url))) {
    if (server.pid === undefined || server.exitCode !== null || Date.now() > until) {
      await stop();
      throw new InputError("no-moto", `moto_server did not start${complaints === "" ? "" : `: ${complaints.trim().split("\n").at(-1)}`}`, { path: "--ec2", expected: "moto_server on the PATH (pip install 'moto[server]'), or moto= and the URL of one that runs" });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, stop };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { readonly port: number };
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
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
