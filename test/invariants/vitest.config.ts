import base from "../../vitest.config.ts";

// What mutants of the packer and of disruption meet: nothing but the invariants, on the first of the generated clusters.
export default { ...base, test: { include: ["test/soak/soak.test.ts"], env: { SOAK_RUNS: "300" }, testTimeout: 120_000 } };
