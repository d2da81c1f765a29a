import type { EC2NodeClass } from "@groupless/api";
import { describeType, knownFactsOf } from "@groupless/ec2-catalog";
import { type Bootstrap, bootstrapOf, mountsByDefault, nodeLabels, userData, UserDataError } from "@groupless/ec2-fleet";
import type { Suite } from "../suite.ts";

/** Suite `ec2/user-data`. */
export const ec2UserData: Suite = {
  functions: {
    userData: ({ amiFamily: family, amiSelectorTerms = [], amis, userData: custom, kubelet = {}, ...settings }) => {
      const nodeClass = { spec: { amiFamily: family, amiSelectorTerms }, status: { amis } } as unknown as EC2NodeClass;
      return rendered(present<Bootstrap>({ ...settings, family, kubelet, custom, defaultMountPaths: mountsByDefault(nodeClass) }));
    },
    launchUserData: ({ nodeClass, nodeClaim, type, ...cluster }) => {
      const facts = knownFactsOf(type);
      if (facts === undefined) throw new Error(`no facts of ${type}`);
      const { capacity } = describeType({ region: "us-east-1", zones: [] }, { facts, zones: [] }, nodeClass);
      return rendered(bootstrapOf(nodeClass, nodeClaim, undefined, present({ region: "us-east-1", clusterName: "test-cluster", ...cluster }), Number(capacity["pods"])));
    },
    nodeLabels: ({ amiFamily, labels }) => nodeLabels(amiFamily, labels),
  },
};

function rendered(bootstrap: Bootstrap): unknown {
  try {
    return { userData: userData(bootstrap) };
  } catch (error) {
    if (error instanceof UserDataError) return { error: { class: error.code === "cluster-cidr" ? "NodeClassNotReady" : "Error" } };
    throw error;
  }
}

/** Without fields that are null in the vector's JSON, or undefined. */
function present<T>(record: Readonly<Record<string, unknown>>): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null)) as T;
}
