// `pnpm bench:karpenter [scheduling|disruption] [ROW…]`: our speed beside Karpenter's, in one run.
const [what = "scheduling", ...rest] = process.argv.slice(2);
const isKnown = what === "scheduling" || what === "disruption";
process.argv.splice(2, process.argv.length, ...(isKnown ? rest : [what, ...rest]));
await (what === "disruption" ? import("./disruption.ts") : import("./scheduling.ts"));
