import { POD_DELETION_COST_ANNOTATION } from "./labels.ts";
import type { Pod } from "./pod.ts";

const MOST = 10;

/**
 * What evicting a pod costs, from -10 to 10: 1, more or less by its `controller.kubernetes.io/pod-deletion-cost` (2^27 counts as one pod)
 * and its priority (2^25 counts as one pod). Karpenter pkg/utils/disruption.
 */
export function evictionCost(pod: Pod): number {
  let cost = 1;
  const { annotations } = pod.metadata;
  if (annotations !== undefined && Object.hasOwn(annotations, POD_DELETION_COST_ANNOTATION)) {
    const deletionCost = goFloat(annotations[POD_DELETION_COST_ANNOTATION] as string);
    if (deletionCost !== undefined) cost += deletionCost / 2 ** 27;
  }
  if (pod.spec.priority !== undefined) cost += pod.spec.priority / 2 ** 25;
  if (cost < -MOST) return -MOST;
  return cost > MOST ? MOST : cost;
}

/** The sum of the pods' eviction costs. */
export function reschedulingCost(pods: readonly Pod[]): number {
  return pods.reduce((sum, pod) => sum + evictionCost(pod), 0);
}

/** A number as Go's strconv.ParseFloat takes it, or undefined: also hexadecimal with a binary exponent, `inf` and `nan`; no spaces, nothing out of range. */
function goFloat(written: string): number | undefined {
  const digit = /^[-+]?0x/i.test(written) ? "[\\da-f]" : "\\d";
  // Underscores may separate digits, and nothing else.
  if (new RegExp(`(?<!${digit}|^[-+]?0x)_|_(?!${digit})`, "i").test(written)) return undefined;
  const text = written.replaceAll("_", "");
  if (/^[-+]?inf(?:inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  const hex = /^([-+]?)0x([\da-f]*)\.?([\da-f]*)p([-+]?\d+)$/i.exec(text);
  if (hex !== null && `${hex[2]}${hex[3]}` !== "") {
    const [, sign, whole = "", fraction = "", exponent] = hex;
    const value = Number(BigInt(`0x0${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
    return Number.isFinite(value) ? (sign === "-" ? -value : value) : undefined;
  }
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
