// `pnpm pkg`: what would be published, as its users would meet it: linted, packed, installed in an empty folder, imported.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = (name: string): string => join(root, "node_modules/.bin", name);
const packages = readdirSync(join(root, "packages")).sort();
const tarballs = join(root, ".cache/tarballs");
rmSync(tarballs, { recursive: true, force: true });
mkdirSync(tarballs, { recursive: true });

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

const manifests = packages.map((name) => JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")) as Manifest);

for (const name of packages) {
  const cwd = join(root, "packages", name);
  execFileSync("pnpm", ["pack", "--pack-destination", tarballs], { cwd, stdio: "pipe" });
}
for (const file of readdirSync(tarballs).sort()) {
  const tarball = join(tarballs, file);
  report(file, () => execFileSync(bin("publint"), ["run", tarball, "--strict"], { stdio: "pipe" }));
  report(file, () => execFileSync(bin("attw"), [tarball, "--profile", "esm-only"], { stdio: "pipe" }));
}

const consumer = mkdtempSync(join(tmpdir(), "groupless-consumer-"));
try {
  const dependencies = Object.fromEntries(readdirSync(tarballs).map((file) => [nameOf(file), `file:${join(tarballs, file)}`]));
  // Overrides: the packages depend on one another by version, which no registry has yet.
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ private: true, type: "module", dependencies: { ...dependencies, "fast-check": "4.10.2" }, overrides: dependencies }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--silent"], { cwd: consumer, stdio: "pipe" });
  for (const { name, exports } of manifests) {
    for (const path of Object.keys(exports)) {
      if (path.includes("*") || path.endsWith("package.json")) continue;
      const specifier = name + path.slice(1);
      const count = execFileSync("node", ["--input-type=module", "-e", `process.stdout.write(String(Object.keys(await import(${JSON.stringify(specifier)})).length))`], { cwd: consumer, encoding: "utf8" });
      console.log(`${specifier}: ${count} exports`);
    }
  }
  const help = execFileSync(join(consumer, "node_modules/.bin/groupless"), ["--help"], { encoding: "utf8" });
  if (!help.includes("Usage: groupless")) throw new Error(`groupless --help printed:\n${help}`);
  console.log("groupless --help works from the installed package");
} finally {
  rmSync(consumer, { recursive: true, force: true });
}

function nameOf(file: string): string {
  const found = manifests.find(({ name }) => file.startsWith(`${name.replace("@", "").replace("/", "-")}-0`));
  if (found === undefined) throw new Error(`no package for ${file}`);
  return found.name;
}

function report(file: string, lint: () => unknown): void {
  try {
    lint();
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    console.error(`${file}:\n${stdout?.toString() ?? ""}${stderr?.toString() ?? ""}`);
    throw error;
  }
}
