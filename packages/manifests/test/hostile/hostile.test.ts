import { ManifestError, parse } from "@groupless/manifests";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { corpus } from "./corpus.ts";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 200);

/** An answer, or a ManifestError: anything else escapes. */
function outcome(text: string): "answer" | ManifestError {
  try {
    parse({ text, file: "hostile.yaml" });
    return "answer";
  } catch (error) {
    if (error instanceof ManifestError) return error;
    throw error;
  }
}

describe("hostile input", () => {
  test.each(Object.entries(corpus()))("%s ends in an answer or in a ManifestError", (_, text) => {
    const result = outcome(text);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    if (result === "answer") return;
    expect(result.message.length).toBeLessThan(1000);
    expect(result.code).toMatch(/^[a-z-]+$/);
    expect(result.location.file).toBe("hostile.yaml");
  });

  test.each([
    ["alias bomb", "alias-bomb"],
    ["merge bomb", "alias-bomb"],
    ["alias cycle", "alias-cycle"],
    ["alias cycle through a map", "alias-cycle"],
    ["a List of itself", "alias-cycle"],
    ["deep flow list", "too-deep"],
    ["deep JSON", "too-deep"],
    ["deep indented maps", "too-deep"],
    ["__proto__ in JSON", "bad-key"],
    ["__proto__ in labels", "bad-key"],
    ["lone surrogate in YAML", "bad-text"],
    ["lone surrogate in JSON", "bad-text"],
    ["1 MB label value", "too-long"],
    ["1 MB quantity", "too-long"],
    ["cpu NaN", "invalid-value"],
    ["cpu -1", "invalid-value"],
    ["cpu 1e1.5", "invalid-value"],
    ["minValues 1e400", "wrong-type"],
    ["weight 2^63", "wrong-type"],
    ["boolean label value", "wrong-type"],
    ["null containers", "wrong-type"],
  ])("%s is refused as %s", (name, code) => {
    expect((outcome(corpus()[name] as string) as ManifestError).code).toBe(code);
  });

  test.each([
    ["cpu 2^63-1", "9223372036854775807"],
    ["cpu 2^63", "9223372036854775808"],
    ["cpu 1e400", "1e400"],
    ["cpu 0x10", "16"],
    ["cpu negative zero", "0"],
  ])("%s keeps its digits: %s", (name, cpu) => {
    const [pod] = parse(corpus()[name] as string).objects;
    expect(pod).toMatchObject({ spec: { containers: [{ resources: { requests: { cpu } } }] } });
  });

  test("an ordinary field may be called constructor", () => {
    expect(outcome(corpus()["constructor as a label"] as string)).toBe("answer");
    expect(outcome(corpus()["toString as a kind"] as string)).toBe("answer");
  });

  test("texts cut off or mixed up anywhere end in an answer or in a ManifestError", () => {
    const seeds = Object.values(corpus()).filter((text) => text.length < 2000);
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.constantFrom(...seeds), fc.nat(2000), fc.nat(2000), (a, b, i, j) => {
        outcome(a.slice(0, i) + b.slice(j));
      }),
      { numRuns },
    );
  });

  test("any JSON where an object's parts should be ends in an answer or in a ManifestError", () => {
    const kinds = ["v1 Pod", "v1 Node", "apps/v1 Deployment", "policy/v1 PodDisruptionBudget", "karpenter.sh/v1 NodePool", "karpenter.sh/v1beta1 NodePool", "karpenter.sh/v1beta1 NodeClaim", "karpenter.k8s.aws/v1 EC2NodeClass", "karpenter.k8s.aws/v1beta1 EC2NodeClass", "storage.k8s.io/v1 StorageClass"];
    const names = ["name", "namespace", "labels", "containers", "template", "spec", "requirements", "disruption", "limits", "kubelet", "nodeClassRef", "metadataOptions", "amiSelectorTerms", "budgets", "resources", "requests", "selector", "volumes"];
    const json = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 5 }, fc.constantFrom(null, true, 0, -1, 1.5, 1e21, "", "x", "1", "-1Gi"), fc.array(tie("value"), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 4 })),
    })).value;
    fc.assert(
      fc.property(fc.constantFrom(...kinds), json, json, json, (kind, metadata, spec, status) => {
        const [apiVersion, name] = kind.split(" ");
        outcome(JSON.stringify({ apiVersion, kind: name, metadata, spec, status }));
        outcome(JSON.stringify({ apiVersion, kind: name, metadata: { name: "a" }, spec, status }));
      }),
      { numRuns },
    );
  });
});
