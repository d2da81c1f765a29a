import fc from "fast-check";

/**
 * `check` asks the same cases every time, so that a red run is red for everyone; `pnpm laws` asks new ones each time.
 * A law that failed says its seed: `LAWS_SEED=<seed> npx vitest run FILE` asks the same again.
 */
const seed = process.env["LAWS_SEED"] ?? "1";
if (seed !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });

// A long run says of each law how many cases it held in, and with which seed. A bad case is made smaller only when its seed is asked for: it can take hours.
if (process.env["LAWS_RUNS"] !== undefined) {
  fc.configureGlobal({
    ...fc.readConfigureGlobal(),
    endOnFailure: seed === "random",
    reporter: (details) => {
      console.log(`${details.failed ? "broken after" : "held in"} ${details.numRuns} cases, seed ${details.seed}`);
      const message = fc.defaultReportMessage(details);
      if (message !== undefined) throw new Error(message, { cause: details.errorInstance });
    },
  });
}
