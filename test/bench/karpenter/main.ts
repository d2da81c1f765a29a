// `pnpm bench:karpenter [scheduling|disruption|growth|bad-input] [ROW…]`: our speed beside Karpenter's, in one run.
import { runBundled } from "../bundled.ts";

const [what = "scheduling", ...rest] = process.argv.slice(2);
const known = ["scheduling", "disruption", "growth", "bad-input"];
const isKnown = known.includes(what);
await runBundled(new URL(`./${isKnown ? what : "scheduling"}.ts`, import.meta.url), isKnown ? rest : [what, ...rest]);
