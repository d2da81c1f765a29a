import type { FluidShare } from "./fluid-lp.ts";
import type { Model } from "./model.ts";

/** A model of fewer classes, each of which stands for several that are nearly alike and may go to the same bins. */
export interface Gathered {
  readonly model: Model;
  /** Classes of the whole model by class of this one. */
  readonly members: readonly (readonly number[])[];
}

/** Up to so many classes a programme takes them as they are; beyond, it is asked about so many at most where bins allow. */
const MANY_CLASSES = 600;
const FEW_CLASSES = 500;
/** How finely requests are told apart, in steps from one power of two to the next: as finely as leaves few classes. */
const STEPS = [8, 4, 2, 1] as const;

/** Thousands of classes gathered to hundreds, of their average request; undefined where there are not so many. */
export function gathered(model: Model): Gathered | undefined {
  const { classCount, binCount, resourceCount: R, requests, counts } = model;
  if (classCount <= MANY_CLASSES) return undefined;
  const open: number[][] = Array.from({ length: classCount }, () => []);
  model.allowed.forEach((classes, bin) => classes.forEach((i) => (open[i] as number[]).push(bin)));
  const known = new Map<string, number>();
  const places = open.map((bins) => {
    const text = bins.join();
    if (!known.has(text)) known.set(text, known.size);
    return known.get(text) as number;
  });
  let members: number[][] = [];
  for (const steps of STEPS) {
    const groups = new Map<string, number[]>();
    for (let i = 0; i < classCount; i++) {
      let key = `${places[i]}`;
      for (let r = 0; r < R; r++) key += `;${rank(requests[i * R + r] as number, steps)}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [i]);
      else group.push(i);
    }
    members = [...groups.values()];
    if (members.length <= FEW_CLASSES) break;
  }
  const count = members.length;
  const total = Float64Array.from(members, (group) => group.reduce((sum, i) => sum + (counts[i] as number), 0));
  const average = new Float64Array(count * R);
  const most = new Float64Array(binCount * count);
  const allowed: number[][] = Array.from({ length: binCount }, () => []);
  members.forEach((group, k) => {
    for (const i of group) for (let r = 0; r < R; r++) average[k * R + r] = (average[k * R + r] as number) + ((requests[i * R + r] as number) * (counts[i] as number)) / (total[k] as number);
    for (const bin of open[group[0] as number] as number[]) {
      (allowed[bin] as number[]).push(k);
      most[bin * count + k] = total[k] as number;
    }
  });
  return { members, model: { ...model, classCount: count, requests: average, counts: total, allowed: allowed.map((classes) => Int32Array.from(classes)), limits: new Float64Array(count).fill(Infinity), most } };
}

/** What a gathered class has on its bins, dealt out to its members one after the other, so that few are cut in two. */
export function dealt({ members }: Gathered, { counts }: Model, shares: readonly FluidShare[]): FluidShare[] {
  const rest = members.map((group) => ({ at: 0, pods: counts[group[0] as number] as number }));
  return shares.flatMap(({ bin, podClass, pods }) => {
    const group = members[podClass] as readonly number[];
    const next = rest[podClass] as { at: number; pods: number };
    const dealtOut: FluidShare[] = [];
    for (let left = pods; left > 1e-6 && next.at < group.length; ) {
      const taken = Math.min(left, next.pods);
      if (taken > 1e-6) dealtOut.push({ bin, podClass: group[next.at] as number, pods: taken });
      left -= taken;
      next.pods -= taken;
      if (next.pods <= 1e-6 && ++next.at < group.length) next.pods = counts[group[next.at] as number] as number;
    }
    return dealtOut;
  });
}

/** Amounts of one rank differ by less than a step; by multiplication alone, which is the same on every engine. */
function rank(amount: number, steps: number): number {
  if (!(amount > 1e-9)) return -1;
  let octave = 0;
  let rest = amount;
  for (; rest >= 2; rest /= 2) octave++;
  for (; rest < 1; rest *= 2) octave--;
  return (octave + 64) * steps + Math.floor((rest - 1) * steps);
}
