import { type Fault, type FaultPlan, random } from "@groupless/ec2-fleet/fake";
import type { CallName } from "@groupless/ec2-fleet";

const ways: readonly Fault["kind"][] = ["throttled", "refused", "lost-request", "lost-response", "slow"];

/** The calls that go wrong in a schedule, which are all that it makes, and how each may. */
export const FAULTS: Readonly<Partial<Record<CallName, readonly Fault["kind"][]>>> = {
  CreateFleet: [...ways, "partial"],
  DescribeInstances: ways,
  TerminateInstances: ways,
  CreateTags: ways,
  CreateLaunchTemplate: ways,
  DescribeLaunchTemplates: ways,
  DeleteLaunchTemplate: ways,
  DescribeImages: ways,
  DescribeSubnets: ways,
  DescribeSecurityGroups: ways,
  GetParameter: ways,
  ReceiveMessage: ways,
  DeleteMessage: ways,
  GetInstanceProfile: ways,
  CreateInstanceProfile: ways,
  AddRoleToInstanceProfile: ways,
  ListInstanceProfiles: ways,
  RemoveRoleFromInstanceProfile: ways,
  DeleteInstanceProfile: ways,
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
  /** The node class names a role, and the fleet makes its instance profile; otherwise it names a profile. */
  readonly role: boolean;
  /** In the end the node class goes, with all that was launched and made for it. */
  readonly leaves: boolean;
}

/** The schedule of a seed. Things go wrong while `isStormy`. */
export function schedule(seed: number, isStormy: () => boolean): Schedule {
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
      if (kinds === undefined || !isStormy() || next() >= rate * oftener) return undefined;
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
    role: next() < 0.5,
    leaves: next() < 0.5,
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
