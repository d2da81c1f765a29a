import { defineConfig, type Options } from "tsup";

/** JavaScript only: declarations come from `tsc -b` (TypeScript 7 has no compiler API for tsup's dts). */
const options: Options = {
  entry: ["src/index.ts"],
  format: ["esm"],
  target: "node20",
  platform: "neutral",
  sourcemap: true,
  splitting: true,
  dts: false,
  clean: false,
  silent: true,
};

export default defineConfig(options) as Options;
