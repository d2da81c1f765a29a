import { describe, expect, test } from "vitest";
import { groupless } from "./terminal.ts";

const files = ["walkthrough/v1.yaml", "walkthrough/kube-system.yaml"];
const inflate = (replicas: number, arch = "arm64"): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: inflate }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: inflate } }
  template:
    metadata: { labels: { app: inflate } }
    spec:
      nodeSelector: { node.kubernetes.io/instance-type: r6gd.xlarge, karpenter.sh/capacity-type: on-demand, kubernetes.io/arch: ${arch} }
      containers:
        - { name: inflate, resources: { requests: { cpu: "1" } } }
`;

describe("groupless plan", () => {
  test("shows what would be launched, at what price, and whether the price is an estimate", async () => {
    const { code, out } = await groupless(["plan", "inflate.yaml", "walkthrough/v1.yaml", "--region", "us-west-2"], { "inflate.yaml": inflate(3) });
    expect(out).toContain("r6gd.xlarge");
    expect(out).toMatch(/0\.2304.*estimated/);
    expect(out).toContain("1 node(s) to launch, 0.2304 USD/h");
    expect(code).toBe(0);
  });

  test("takes listed prices for what they are in us-east-1", async () => {
    const { out } = await groupless(["plan", "inflate.yaml", "walkthrough/v1.yaml"], { "inflate.yaml": inflate(3) });
    expect(out).toMatch(/0\.2304.*listed/);
  });

  test("gives the same as JSON, with the requests of the daemons in it", async () => {
    const { code, out } = await groupless(["plan", "--format", "json", "--region", "us-west-2", "inflate.yaml", ...files], { "inflate.yaml": inflate(3) });
    const plan = JSON.parse(out) as { newNodeClaims: { nodePool: string; pods: string[]; requests: Record<string, string>; instanceTypes: string[]; cheapestPrice: number; priceSource: string }[]; podErrors: { pod: string }[] };
    const claim = plan.newNodeClaims.find(({ pods }) => pods.some((pod) => pod.includes("inflate")));
    expect(claim).toMatchObject({ nodePool: "default", requests: { cpu: "3150m", pods: "6" }, instanceTypes: ["r6gd.xlarge"], cheapestPrice: 0.2304, priceSource: "estimated" });
    // CoreDNS is pinned to a node group that is not among the files; Karpenter itself may not run on its own nodes.
    expect(plan.podErrors.length).toBeGreaterThan(0);
    expect(code).toBe(1);
  });

  test("says why a pod has no place, naming the keys in conflict, and exits with 1", async () => {
    const { code, out } = await groupless(["plan", "inflate.yaml", "walkthrough/v1.yaml"], { "inflate.yaml": inflate(1, "amd64") });
    expect(out).toContain("default/inflate-0 has no place");
    expect(out).toContain("kubernetes.io/arch");
    expect(out).toContain("node.kubernetes.io/instance-type");
    expect(code).toBe(1);
  });

  test("--profile exact refuses what only Karpenter's algebra finds a node for", async () => {
    const contradiction = inflate(1).replace("node.kubernetes.io/instance-type: r6gd.xlarge", "team: red").replace("      containers:", "      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: team, operator: In, values: [blue] }] }] } } }\n      containers:");
    const plan = (...flags: readonly string[]) => groupless(["plan", "inflate.yaml", "walkthrough/v1.yaml", ...flags], { "inflate.yaml": contradiction });
    expect((await plan()).code).toBe(0);
    const { code, out } = await plan("--profile", "exact");
    expect(out).toContain("The pod asks for team=red and team=blue at once, which no node has.");
    expect(code).toBe(1);
  });

  test("notes what it assumes on standard error: a node class that is not there", async () => {
    const { err } = await groupless(["plan", "two-architectures/workloads.yaml", "pool.yaml"], {
      "pool.yaml": "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: { name: any }\nspec: { template: { spec: { requirements: [], nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: gone } } } }\n",
    });
    expect(err).toContain("note: NodePool any names the EC2NodeClass gone, which is in none of the files: the defaults of AL2023 apply");
  });
});

describe("groupless diff", () => {
  test("tells price, nodes and pods that move", async () => {
    const { code, out } = await groupless(["diff", "one.yaml,walkthrough/v1.yaml", "two.yaml,walkthrough/v1.yaml"], { "one.yaml": inflate(3), "two.yaml": inflate(4) });
    expect(out).toContain("price  0.2304 -> 0.4608 USD/h  +0.2304");
    expect(out).toContain("nodes  1 -> 2  +1");
    expect(out).toContain("default/inflate-3 has a place now");
    expect(code).toBe(0);
  });

  test("--profile exact compares by Kubernetes' own rules: a pod that only Karpenter's algebra finds a node for has no place on either side", async () => {
    const contradiction = inflate(3).replace("node.kubernetes.io/instance-type: r6gd.xlarge", "team: red").replace("      containers:", "      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: team, operator: In, values: [blue] }] }] } } }\n      containers:");
    const change = async (...flags: readonly string[]) => {
      const { code, out } = await groupless(["diff", "--format", "json", "pods.yaml,walkthrough/v1.yaml", "nothing.yaml,walkthrough/v1.yaml", ...flags], { "pods.yaml": contradiction, "nothing.yaml": inflate(0) });
      expect(code).toBe(0);
      return (JSON.parse(out) as { newNodeClaims: number }).newNodeClaims;
    };
    expect(await change()).toBe(-1);
    expect(await change("--profile", "exact")).toBe(0);
  });

  test("exits with 1 when pods lose their place", async () => {
    const { code, out } = await groupless(["diff", "one.yaml,walkthrough/v1.yaml", "two.yaml,walkthrough/v1.yaml"], { "one.yaml": inflate(3), "two.yaml": inflate(3, "amd64") });
    expect(out).toContain("default/inflate-0 has no place any more");
    expect(code).toBe(1);
  });
});

test("plan --objective cheapest shows both plans, the bound, and what the constraints cost", async () => {
  const pods = inflate(5).replace(/ {6}nodeSelector.*\n/, "      nodeSelector: { kubernetes.io/arch: amd64 }\n");
  const { code, out } = await groupless(["plan", "--objective", "cheapest", "inflate.yaml", "walkthrough/v1.yaml"], { "inflate.yaml": pods });
  const price = (name: string): number => Number(new RegExp(`${name}[^\\n]*?(\\d+\\.\\d{4})`).exec(out)?.[1]);
  expect(price("│ cheapest")).toBeLessThanOrEqual(price("│ first-fit"));
  expect(price("│ bound")).toBeGreaterThan(0);
  expect(price("│ bound")).toBeLessThanOrEqual(price("│ cheapest"));
  expect(out).toContain("pods' node selectors");
  expect(out).toContain("NodePool default: ");
  expect(code).toBe(0);
});
