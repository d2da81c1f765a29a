#!/usr/bin/env node
import { readFileSync, writeFileSync } from "node:fs";
import pico from "picocolors";
import { run } from "./cli/program.ts";

// Whoever reads along may stop, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2), {
  readFile: (path) => readFileSync(path === "-" ? 0 : path, "utf8"),
  writeFile: (path, text) => writeFileSync(path, text),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  colors: pico.isColorSupported && process.stdout.isTTY === true,
  interactive: process.stderr.isTTY === true,
  nowMs: () => Date.now(),
});
