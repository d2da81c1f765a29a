import { spawnSync } from "node:child_process";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Runs a bench as its users run the packages: in one file, without a loader that compiles on the way and names every function.
 * Started afresh in a process of its own, at the same depth below the workspace as its source.
 */
export async function runBundled(source: URL, args: readonly string[]): Promise<void> {
  const file = fileURLToPath(source);
  const outfile = join(root, ".cache/bench", basename(dirname(file)), basename(file).replace(/ts$/, "mjs"));
  await build({ entryPoints: [file], outfile, bundle: true, platform: "node", format: "esm", target: "node20", tsconfig: join(root, "tsconfig.sources.json"), logLevel: "warning", absWorkingDir: root });
  const { status } = spawnSync(process.execPath, ["--expose-gc", "--max-old-space-size=6000", outfile, ...args], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
