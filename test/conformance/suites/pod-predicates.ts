import * as api from "@groupless/api";
import type { Suite } from "../suite.ts";

export const podPredicates: Suite = {
  functions: {
    "pod.predicates": ({ now, pod }) => {
      const nowMs = api.timeMs(now);
      return {
        active: api.isActive(pod),
        reschedulable: api.isReschedulable(pod),
        evictable: api.isEvictable(pod, nowMs),
        waitingEviction: api.isWaitingEviction(pod, nowMs),
        drainable: api.isDrainable(pod, nowMs),
        provisionable: api.isProvisionable(pod),
        disruptable: api.isDisruptable(pod, nowMs),
        doNotDisrupt: api.isDoNotDisruptActive(pod, nowMs),
        stuckTerminating: api.isStuckTerminating(pod, nowMs),
        toleratesDisrupted: api.toleratesDisrupted(pod),
        ownedByDaemonSet: api.isOwnedByDaemonSet(pod),
        ownedByNode: api.isOwnedByNode(pod),
        requiredAntiAffinity: api.hasRequiredPodAntiAffinity(pod),
        dra: api.hasResourceClaims(pod),
        scheduled: api.isScheduled(pod),
        preempting: api.isPreempting(pod),
        failedToSchedule: api.hasFailedToSchedule(pod),
        terminal: api.isTerminal(pod),
        terminating: api.isTerminating(pod),
      };
    },
    "pod.eligibleForForcedEviction": ({ deletionTimestamp, nodeTerminationTime }) =>
      api.isEligibleForForcedEviction(
        { apiVersion: "v1", kind: "Pod", metadata: { name: "p", ...(deletionTimestamp === "" ? {} : { deletionTimestamp }) }, spec: { containers: [] } },
        nodeTerminationTime === "" ? undefined : api.timeMs(nodeTerminationTime),
      ),
    "pods.evictionCost": ({ pods }) => ({ each: pods.map(api.evictionCost), sum: api.reschedulingCost(pods) }),
    "nodeClaim.lifetimeRemaining": ({ creationTimestamp, expireAfter, now }) =>
      api.lifetimeRemaining({ apiVersion: "karpenter.sh/v1", kind: "NodeClaim", metadata: { name: "c", creationTimestamp }, spec: { nodeClassRef: { group: "", kind: "", name: "" }, requirements: [], expireAfter } }, api.timeMs(now)),
    "nodeClaim.underConsolidateAfter": ({ consolidateAfter, nodeClaim, now }) => api.isUnderConsolidateAfter(consolidateAfter, nodeClaim, api.timeMs(now)),
  },
};
