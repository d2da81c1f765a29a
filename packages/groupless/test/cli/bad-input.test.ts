import { describe, expect, test } from "vitest";
import { groupless } from "./terminal.ts";

const pool = (requirement: string, more = ""): string => `apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: default
spec:
  template:
    spec:
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default }
      requirements:
        - ${requirement}
${more}`;
const pod = (cpu: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      resources:
        requests:
          cpu: ${cpu}
`;

describe.each(["plan", "simulate"])("%s answers bad input with one clear error, exit code 2 and nothing else", (command) => {
  test.each([
    ["an unknown operator", pool("{ key: kubernetes.io/arch, operator: Contains, values: [amd64] }"), /^bad\.yaml:10(:\d+)?: spec\.template\.spec\.requirements\[0\]\.operator: .*Contains.*; expected .*In/],
    ["a negative quantity", pod("-1"), /^bad\.yaml:10(:\d+)?: spec\.containers\[0\]\.resources\.requests\.cpu: .*-1.*; expected /],
    ["a missing nodeClassRef", "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata:\n  name: default\nspec:\n  template:\n    spec:\n      requirements: []\n", /^bad\.yaml:\d+(:\d+)?: spec\.template\.spec\.nodeClassRef: .*; expected /],
    ["YAML that does not parse", "apiVersion: v1\nkind: [Pod\n", /^bad\.yaml:\d+/],
    ["a NodePool that contradicts itself", pool("{ key: kubernetes.io/arch, operator: In, values: [amd64] }\n        - { key: kubernetes.io/arch, operator: In, values: [arm64] }"), /^bad\.yaml:\d+(:\d+)?: spec\.template\.spec\.requirements.*kubernetes\.io\/arch/],
    ["a file that cannot be read", undefined, /^missing\.yaml: .*; expected a file that can be read/],
  ])("%s", async (_, text, expected) => {
    const ran = text === undefined ? await groupless([command, "missing.yaml"]) : await groupless([command, "bad.yaml"], { "bad.yaml": text });
    expect(ran.err).toMatch(expected);
    expect(ran.err.trimEnd().split("\n")).toHaveLength(1);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: "" });
  });
});

describe("a bad story is told with file, line and path", () => {
  const story = (steps: string): string => `name: x\nstart: "2024-01-01T00:00:00Z"\ncluster: { name: x, region: us-west-2, kubernetesVersion: "1.33" }\nscenes:\n  main:\n${steps}`;
  test.each([
    ["an unknown step", story("    - dance: 1\n"), /^story\.yaml:6: scenes\.main\[0\]\.dance: unknown field "dance"; expected one of say, apply, /],
    ["an unknown field", story("    - scale: { deployment: x, replicas: 1, faster: true }\n"), /^story\.yaml:6: scenes\.main\[0\]\.scale\.faster: unknown field "faster"; expected /],
    ["a duration that is none", story("    - advance: soon\n"), /^story\.yaml:6: scenes\.main\[0\]\.advance: "soon" is no duration; expected a duration such as 90s/],
    ["a version without quotes", story("    - upgrade: 1.30\n"), /^story\.yaml:6: scenes\.main\[0\]\.upgrade: 1\.3; expected a version in quotes/],
    ["a manifest that is not there", story("    - apply: nowhere.yaml\n"), /^story\.yaml:6: scenes\.main\[0\]\.apply: cannot read nowhere\.yaml/],
    ["an object that does not exist at that point", story("    - delete: { pod: nobody }\n"), /there is no Pod default\/nobody at this point of the story/],
    ["a scene it does not have", story("    - say: hello\n"), /the story has no scene "other"; expected one of main/],
  ])("%s", async (name, text, expected) => {
    const scene = name.startsWith("a scene") ? ["--scene", "other"] : [];
    const ran = await groupless(["simulate", "story.yaml", ...scene], { "story.yaml": text });
    expect(ran.err).toMatch(expected);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: "" });
  });
});

test("bad usage is told apart from a result: exit code 2", async () => {
  expect(await groupless(["plan"])).toMatchObject({ code: 2, out: "", err: expect.stringContaining("missing required argument 'files'") });
  expect(await groupless(["plan", "--format", "xml", "x.yaml"])).toMatchObject({ code: 2, out: "" });
  expect(await groupless(["pln"])).toMatchObject({ code: 2, out: "" });
  expect(await groupless(["plan", "walkthrough/v1.yaml", "--region", "mars-1"])).toMatchObject({ code: 2, out: "", err: expect.stringContaining('no facts of region "mars-1"') });
});

test("help names every command, its options and the exit codes", async () => {
  const { code, out } = await groupless(["--help"]);
  expect(code).toBe(0);
  for (const word of ["plan", "diff", "simulate", "Exit codes", "bad input"]) expect(out).toContain(word);
  expect((await groupless(["plan", "--help"])).out).toContain("--objective <objective>");
});
