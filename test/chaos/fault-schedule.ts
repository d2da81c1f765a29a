import { type Fault, type FaultPlan, random } from "@groupless/ec2-fleet/fake";
import type { CallName } from "@groupless/ec2-fleet";

/** The calls that go wrong in a schedule, and how each may. */
export const FAULTS: Readonly<Partial<Record<CallName, readonly Fault["kind"][]>>> = {
  CreateFleet: ["throttled", "refused", "lost-request", "lost-response", "slow", "partial"],
  DescribeInstances: ["throttled", "refused", "lost-request", "lost-response", "slow"],
  TerminateInstances: ["throttled", "refused", "lost-request", "lost-response", "slow"],
  CreateTags: ["throttled", "refused", "lost-request", "lost-response", "slow"],
  CreateLaunchTemplate: ["throttled", "refused", "lost-request", "lost-response", "slow"],
  DescribeLaunchTemplates: ["throttled", "lost-request", "lost-response", "slow"],
  DescribeImages: ["throttled", "refused", "lost-response"],
  DescribeSubnets: ["throttled", "refused", "lost-response"],
  DescribeSecurityGroups: ["throttled", "refused", "lost-response"],
  GetParameter: ["throttled", "lost-response"],
  ReceiveMessage: ["throttled", "refused", "lost-response"],
  DeleteMessage: ["throttled", "refused", "lost-request", "lost-response"],
};

/** What goes wrong in one run: everything follows from the seed. */
export interface Schedule {
  readonly seed: number;
  readonly faults: FaultPlan;
  /** Counts what fired, by call and kind. */
  readonly fired: Map<string, number>;
  /** The process dies at these calls (counted over all kinds), before or after they take effect. */
  readonly crashes: readonly { readonly atCall: number; readonly after: boolean }[];
  readonly consistencyMs: number;
  /** Pools without stock, as `type/zone`. */
  readonly emptyPools: readonly string[];
  readonly claims: number;
  /** Every nth claim is like the first: they are launched together. */
  readonly alike: number;
  readonly spot: boolean;
  readonly reclaims: number;
  readonly deletions: number;
  readonly startMs: number;
}

/** The schedule of a seed. `faultsUntilMs`: from then on nothing goes wrong any more. */
export function schedule(seed: number, clock: { readonly nowMs: () => number }, faultsUntilMs: number): Schedule {
  const next = random(seed);
  const pick = (n: number): number => Math.floor(next() * n);
  const rate = [0, 0.05, 0.15, 0.35][pick(4)] ?? 0;
  const fired = new Map<string, number>();
  const types = ["m5.large", "c5.large", "r5.large"];
  return {
    seed,
    fired,
    faults: (call) => {
      const kinds = FAULTS[call];
      // What is called often need not fail as often.
      const oftener = call === "DescribeInstances" ? 0.5 : 1.5;
      if (kinds === undefined || clock.nowMs() >= faultsUntilMs || next() >= rate * oftener) return undefined;
      const kind = kinds[pick(kinds.length)] ?? "throttled";
      fired.set(`${call} ${kind}`, (fired.get(`${call} ${kind}`) ?? 0) + 1);
      return fault(kind, pick);
    },
    crashes: Array.from({ length: pick(4) }, () => ({ atCall: 3 + pick(40), after: next() < 0.6 })).sort((a, b) => a.atCall - b.atCall),
    consistencyMs: [0, 500, 2000, 4500][pick(4)] ?? 0,
    emptyPools: types.flatMap((type) => ["us-west-2a", "us-west-2b"].flatMap((zone) => (next() < 0.3 ? [`${type}/${zone}`] : []))),
    claims: 1 + pick(6),
    alike: 1 + pick(3),
    spot: next() < 0.5,
    reclaims: pick(2),
    deletions: pick(3),
    startMs: 5000 + pick(30_000),
  };
}

function fault(kind: Fault["kind"], pick: (n: number) => number): Fault {
  switch (kind) {
    case "refused":
      return { kind, code: ["InternalError", "Unavailable"][pick(2)] ?? "InternalError", message: "An internal error has occurred", fault: "server" };
    case "slow":
      return { kind, ms: 50 + pick(3000) };
    case "partial":
      return { kind, atMost: pick(3), silent: pick(3) === 0 };
    default:
      return { kind };
  }
}
