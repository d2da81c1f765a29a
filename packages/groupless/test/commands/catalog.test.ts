import { readWhere } from "../../src/catalog/where.ts";
import { run } from "../../src/cli/program.ts";
import { snapshotText } from "@groupless/ec2-catalog";
import meSouth1 from "@groupless/ec2-catalog/me-south-1";
import { describe, expect, test, vi } from "vitest";

async function groupless(args: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const readFile = (path: string): string => {
    if (files[path] === undefined) throw new Error(`ENOENT: ${path}`);
    return files[path];
  };
  const code = await run(args, { readFile, writeFile: () => {}, out: (text) => (out += text), err: (text) => (err += text), colors: false, interactive: false, nowMs: () => 0 });
  return { code, out, err };
}

const json = async (args: readonly string[]): Promise<any> => JSON.parse((await groupless([...args, "-f", "json"])).out);

describe("groupless catalog list", () => {
  test("filters by requirements on labels of types and offerings, and sorts by price per vCPU", async () => {
    const { instanceTypes } = await json(["catalog", "list", "-r", "us-west-2", "--where", "karpenter.k8s.aws/instance-cpu Gte 8", "--where", "instance-memory <= 16384", "-w", "arch = arm64", "-w", "capacity-type In spot", "--sort", "price-per-vcpu"]);
    expect(instanceTypes.length).toBeGreaterThan(10);
    for (const row of instanceTypes) {
      expect(row).toMatchObject({ arch: "arm64", spot: { source: "estimated" } });
      expect(row.vcpus).toBeGreaterThanOrEqual(8);
      expect(row.memoryGiB).toBeLessThanOrEqual(16);
      expect(row.onDemand).toBeUndefined();
      expect(row.perVcpu).toBeCloseTo(row.spot.usdPerHour / row.vcpus, 12);
    }
    expect(instanceTypes.map((row: any) => row.perVcpu)).toEqual(instanceTypes.map((row: any) => row.perVcpu).toSorted((a: number, b: number) => a - b));
  });

  test("prints a table that tells estimates from listed prices", async () => {
    const west = await groupless(["catalog", "list", "-r", "us-west-2", "-w", "instance-type In m5.large,c5.large"]);
    expect(west.out).toMatch(/m5\.large\s*│ amd64 │ 2\s*│ 8\s*│\s*│ 29\s*│ ~0\.09600/u);
    expect(west.out).toContain("~ estimated: another region's price");
    const east = await groupless(["catalog", "list", "-r", "us-east-1", "-w", "instance-type = m5.large"]);
    expect(east.out).toMatch(/│ 0\.09600\s*│ ~0\.0/u);
  });

  test("describes nodes of a node class", async () => {
    const nodeClass = "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: small}\nspec:\n  role: nodes\n  amiSelectorTerms: [{alias: al2@latest}]\n  subnetSelectorTerms: [{id: subnet-0123456789abcdef0}]\n  securityGroupSelectorTerms: [{id: sg-0123456789abcdef0}]\n  kubelet: {maxPods: 7}\n";
    const { out, err } = await groupless(["catalog", "list", "-f", "json", "-w", "instance-type = m5.large", "--node-class", "class.yaml"], { "class.yaml": nodeClass });
    expect(err).toBe("");
    expect(JSON.parse(out).instanceTypes[0].allocatable.pods).toBe("7");
  });
});

describe("groupless catalog show", () => {
  test("shows what a node of the type holds and leaves to pods, its labels and where its prices come from", async () => {
    const { out } = await groupless(["catalog", "show", "r6gd.xlarge", "-r", "us-west-2"]);
    expect(out).toMatch(/memory\s*│ 30251Mi\s*│ 29258Mi/u);
    expect(out).toMatch(/instance-local-nvme\s*│ 237/u);
    expect(out).toMatch(/us-west-2a\s*│ on-demand\s*│ 0\.2304\s*│ estimated\s*│ yes/u);
  });

  test("reads a snapshot file, and says where it is broken", async () => {
    const text = snapshotText(meSouth1);
    const { out } = await groupless(["catalog", "show", "m5.large", "--snapshot", "me.json", "-f", "json"], { "me.json": text });
    expect(JSON.parse(out)).toMatchObject({ name: "m5.large", capacity: { pods: "29" } });
    const cut = await groupless(["catalog", "show", "m5.large", "--snapshot", "me.json"], { "me.json": text.slice(0, 5000) });
    expect([cut.code, cut.out]).toEqual([2, ""]);
    expect(cut.err).toMatch(/^me\.json: .*no whole JSON/u);
  });
});

describe("bad input to groupless catalog", () => {
  test.each([
    [["catalog", "list", "-r", "mars-north-1"], "mars-north-1"],
    [["catalog", "show", "m99.large"], "m99.large"],
    [["catalog", "list", "-w", "instance-cpu Around 8"], "Around"],
    [["catalog", "list", "-w", "instance-cpu Gte eight"], "whole number"],
    [["catalog", "list", "-w", "instance-colour = red"], "instance-colour"],
    [["catalog", "show", "m5.large", "--snapshot", "none.json"], "none.json"],
    [["catalog", "refresh", "-r", "mars", "-o", "x.json"], "mars"],
  ])("%j is named, with exit code 2 and nothing printed", async (args, named) => {
    const { code, out, err } = await groupless(args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(named);
  });
});

describe("a filter", () => {
  test("takes the label's whole name or the end of it, operators as words or signs", () => {
    expect(readWhere("karpenter.k8s.aws/instance-cpu Gte 8")).toEqual({ key: "karpenter.k8s.aws/instance-cpu", operator: "Gte", values: ["8"] });
    expect(readWhere("family NotIn t3, t4g")).toEqual({ key: "karpenter.k8s.aws/instance-family", operator: "NotIn", values: ["t3", "t4g"] });
    expect(readWhere("instance-gpu-count DoesNotExist")).toEqual({ key: "karpenter.k8s.aws/instance-gpu-count", operator: "DoesNotExist" });
    expect(readWhere("topology.ebs.csi.aws.com/zone = us-west-2a")).toEqual({ key: "topology.kubernetes.io/zone", operator: "In", values: ["us-west-2a"] });
  });
});

describe("a slip of the keyboard", () => {
  test.each([
    [["show", "m5.larg"], /no instance type m5\.larg; expected m5\.large or /u],
    [["show", "quantum.large"], /expected a type that groupless catalog list shows/u],
    [["list", "-r", "us-wst-2"], /no facts of region "us-wst-2" are embedded; expected us-west-2 or /u],
    [["list", "-r", "us-gov-west-1"], /no facts of region "us-gov-west-1" are embedded; expected us-/u],
    [["list", "-r", "mars-1"], /expected one of af-south-1, .*; others by groupless catalog refresh/u],
    [["list", "-w", "karpenter.k8s.aws/instance-cpus Gte 8"], /no label "karpenter\.k8s\.aws\/instance-cpus"; expected karpenter\.k8s\.aws\/instance-cpu or /u],
    [["list", "-w", "instance-memroy Gte 8"], /no label "instance-memroy"; expected instance-memory/u],
    [["list", "-w", "colour = red"], /no label "colour"; expected a label, an operator and values/u],
  ])("%j is answered with what may have been meant", async (args, expected) => {
    const ran = await groupless(["catalog", ...args]);
    expect(ran.err).toMatch(expected);
    expect({ code: ran.code, out: ran.out, lines: ran.err.trimEnd().split("\n").length }).toEqual({ code: 2, out: "", lines: 1 });
  });
});

test("a refresh that AWS does not answer says why in a line, and writes nothing", async () => {
  for (const key of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"]) vi.stubEnv(key, undefined);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere");
  vi.stubEnv("AWS_CONFIG_FILE", "/nowhere");
  const ran = await groupless(["catalog", "refresh", "-r", "us-west-2", "-o", "x.json"]);
  vi.unstubAllEnvs();
  expect(ran).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/^no AWS credentials: .*; expected credentials where the AWS SDK looks for them[^\n]*\n$/u) });
});

test("a table has a line a type", async () => {
  const { out } = await groupless(["catalog", "list", "-w", "instance-family In m5,c5"]);
  const rows = out.split("\n").filter((line) => /│ [cm]5\./u.test(line));
  expect(out.split("\n").length - rows.length).toBeLessThan(9);
});
