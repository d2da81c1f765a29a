import fc from "fast-check";

/**
 * `check` asks the same cases every time, so that a red run is red for everyone; `pnpm laws` asks new ones each time.
 * A law that failed says its seed: `LAWS_SEED=<seed> npx vitest run FILE` asks the same again.
 */
const seed = process.env["LAWS_SEED"] ?? "1";
if (seed !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
