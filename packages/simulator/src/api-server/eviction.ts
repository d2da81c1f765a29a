import type { Pod, PodDisruptionBudget } from "@groupless/api";
import type { ApiServer } from "./api-server.ts";
import { covers } from "./budget-match.ts";

/** A POST to a pod's `eviction` subresource. */
export interface EvictionRequest {
  /** `namespace/name`. */
  readonly pod: string;
  /** Precondition. */
  readonly uid?: string;
  readonly gracePeriodSeconds?: number;
}

/** What the API server answers: an HTTP status, and the budget that stood in the way. */
export interface EvictionAnswer {
  /** 200 evicted, 404 no such pod, 409 another pod of that name, 429 a budget refuses, 500 more than one budget. */
  readonly status: 200 | 404 | 409 | 429 | 500;
  readonly budget?: string;
}

/** Evict as the API server does (registry/core/pod/storage/eviction.go): through the one budget that covers the pod. */
export function evict(server: ApiServer, request: EvictionRequest): EvictionAnswer {
  const pod = server.get("Pod", request.pod);
  if (pod === undefined) return { status: 404 };
  if (request.uid !== undefined && request.uid !== pod.metadata.uid) return { status: 409 };
  const options = request.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: request.gracePeriodSeconds };
  const remove = (): EvictionAnswer => {
    server.remove("Pod", request.pod, options);
    return { status: 200 };
  };
  if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed" || pod.status?.phase === "Pending" || pod.metadata.deletionTimestamp !== undefined) return remove();

  const budgets = server.list("PodDisruptionBudget").filter((each) => covers(each, pod));
  const budget = budgets[0];
  if (budget === undefined) return remove();
  if (budgets.length > 1) return { status: 500, budget: budget.metadata.name };
  if (!isReady(pod) && unhealthyMayGo(budget)) return remove();
  const allowed = budget.status?.disruptionsAllowed ?? 0;
  if (allowed <= 0) return { status: 429, budget: budget.metadata.name };
  server.update({ ...budget, status: { ...budget.status, disruptionsAllowed: allowed - 1 } });
  return remove();
}

/** Is the pod's Ready condition true? */
export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

function unhealthyMayGo(budget: PodDisruptionBudget): boolean {
  const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
  return budget.spec.unhealthyPodEvictionPolicy === "AlwaysAllow" || (currentHealthy >= desiredHealthy && desiredHealthy > 0);
}
