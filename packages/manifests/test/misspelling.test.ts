import { parse } from "@groupless/manifests";
import { describe, expect, test } from "vitest";
import { isMisspelling } from "../src/misspelling.ts";

const pool = (field: string): string => `apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: { name: a }\nspec:\n  template:\n    spec:\n      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default }\n      ${field}: []\n`;

describe("a misspelt manifest", () => {
  test("is told of the field as it stands, with the one that is missing", () => {
    expect(() => parse({ text: pool("requirments"), file: "pool.yaml" })).toThrow(/pool\.yaml:8:7: spec\.template\.spec\.requirments: unknown field "requirments"; expected requirements/u);
    expect(() => parse(pool("constraints"))).toThrow(/spec\.template\.spec\.requirements/u);
  });

  test("is refused for a kind one letter off one of the same group", () => {
    expect(() => parse({ text: "apiVersion: v1\nkind: Pood\nmetadata: { name: a }\n", file: "pod.yaml" })).toThrow(/pod\.yaml:2:1: kind: unknown kind "Pood" of "v1"; expected Pod/u);
    expect(() => parse("apiVersion: apps/v1\nkind: deployment\nmetadata: { name: a }\n")).toThrow(/expected Deployment/u);
  });

  test("is not seen in kinds that are their own", () => {
    const others = [["v1", "Secret"], ["v1", "Service"], ["batch/v1", "CronJob"], ["eks.amazonaws.com/v1", "NodeClass"], ["rbac.authorization.k8s.io/v1", "Role"], ["storage.k8s.io/v1", "CSIDriver"]];
    const { ignored } = parse(others.map(([apiVersion, kind]) => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\n`).join("---\n"));
    expect(ignored.map(({ kind }) => kind)).toEqual(others.map(([, kind]) => kind));
  });
});

test.each([["requirments", "requirements"], ["reqiurements", "requirements"], ["requirementss", "requirements"], ["pod", "Pod"], ["nodepool", "NodePooI"]])("%s may be a slip for %s", (word, meant) => {
  expect(isMisspelling(word, meant)).toBe(meant !== "NodePooI");
});

test("words are no misspellings of themselves, nor of words further off", () => {
  expect(isMisspelling("taints", "taints")).toBe(false);
  expect(isMisspelling("taints", "startupTaints")).toBe(false);
  expect(isMisspelling("Node", "Role")).toBe(false);
});
