import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium as playwright } from "playwright-core";
import { expect, test } from "vitest";
import { chromium } from "./chromium.ts";
import { answers } from "./page.ts";

const executablePath = chromium();
const built = existsSync(fileURLToPath(new URL("../../packages/disruption/dist/index.js", import.meta.url)));

// On a machine without Chromium and without apt, or before the first build, there is nothing to ask: the title of the skipped test says so.
test.skipIf(executablePath === undefined || !built)("the core answers in Chromium what it answers in Node (needs Chromium and a build)", { timeout: 120_000 }, async () => {
  const { outputFiles } = await build({ entryPoints: [fileURLToPath(new URL("./page.ts", import.meta.url))], bundle: true, format: "iife", platform: "browser", write: false, logLevel: "error" });
  const script = outputFiles[0]?.text ?? "";
  const server = createServer((request, response) => {
    response.setHeader("content-type", request.url === "/page.js" ? "text/javascript" : "text/html");
    response.end(request.url === "/page.js" ? script : "<!doctype html><title>groupless</title><script src=/page.js></script>");
  }).listen(0, "127.0.0.1");
  const browser = await playwright.launch({ executablePath: executablePath as string, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const there = await page.evaluate(() => (globalThis as unknown as { answers: () => unknown }).answers());
    expect(there).toEqual(JSON.parse(JSON.stringify(answers())));
    expect(there).toMatchObject({ quantity: "2", zone: true, law: true });
  } finally {
    await browser.close();
    server.close();
  }
});
