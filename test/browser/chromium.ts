import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const places = [process.env["CHROMIUM_PATH"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** Where Chromium is; on a Debian machine where we may, it is installed first. Undefined where there is none to be had. */
export function chromium(): string | undefined {
  const found = (): string | undefined => places.find((path): path is string => path !== undefined && existsSync(path));
  if (found() !== undefined) return found();
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return undefined;
  try {
    execFileSync("apt-get", ["update", "-qq"], { stdio: "ignore", timeout: 180_000 });
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { stdio: "ignore", timeout: 420_000, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  } catch {
    return undefined; // no archive within reach
  }
  return found();
}
