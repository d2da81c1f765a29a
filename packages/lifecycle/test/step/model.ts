import { isDoNotDisruptActive, isWaitingEviction, type KubeObject, nameOf, type Node, type NodeClaim, type Pod, timeMs, timeText, uidOf } from "@groupless/api";
import { type Action, type ClaimState, claimState, type LifecycleEvent, objectNamed, type Observed, observe, step, withObject, withoutObject, written } from "../../src/index.ts";
import { classes } from "../../src/terminate/drain.ts";
import { at, node, nodeClaim, nodePool, NOW_MS, pod } from "../objects.ts";

/** What a schedule may do; numbers choose among what there is. */
export type Move =
  | { readonly do: "tick"; readonly seconds: number }
  | { readonly do: "deliver" | "repeat" | "lose"; readonly which: number }
  | { readonly do: "join" | "ready" | "delete" | "interrupt" | "list" | "forget" }
  | { readonly do: "pod"; readonly kind: number; readonly grace: number }
  | { readonly do: "finish"; readonly which: number }
  | { readonly do: "budget"; readonly allowed: number };

const OWNERS = ["ReplicaSet", "DaemonSet", "StatefulSet"];

/** What a step knew when it decided: the objects after its event, and the pods it had queued before. */
interface Known {
  readonly observed: Observed;
  readonly queued: ClaimState["evictions"];
}

interface Instance {
  status: "running" | "terminating" | "gone";
}

/**
 * An API server, a cloud and a clock around one claim. The cloud is as unhelpful as a cloud may be: it launches as often as it is told to, and its answers may come
 * late, twice or never. Broken laws are noted in `broken`.
 */
export class Model {
  nowMs = NOW_MS;
  state: ClaimState;
  api: Observed;
  readonly instances = new Map<string, Instance>();
  readonly broken: string[] = [];
  readonly seen = new Set<string>();
  /** Answers on their way. */
  readonly answers: LifecycleEvent[] = [];
  /** Objects that changed since they were last shown to the step. */
  readonly changed = new Map<string, { readonly kind: KubeObject["kind"]; readonly name: string }>();
  failures: readonly boolean[];
  launches = 0;
  excused = 1;
  allowed = 1;
  pods = 0;

  constructor(spec: Partial<NodeClaim["spec"]>, failures: readonly boolean[]) {
    const claim = nodeClaim(spec, { creationTimestamp: at(0), finalizers: [] });
    this.api = observe([claim, nodePool()]);
    this.state = claimState(claim, this.api);
    this.failures = failures;
  }

  get claim(): NodeClaim | undefined {
    return this.api.nodeClaims[0];
  }

  /** Instances that nobody has asked to terminate. */
  get running(): readonly string[] {
    return [...this.instances].filter(([, { status }]) => status === "running").map(([providerID]) => providerID);
  }

  move(move: Move): void {
    switch (move.do) {
      case "tick":
        this.nowMs += move.seconds * 1000;
        this.#removePods();
        return this.send({ type: "tick" });
      case "deliver":
      case "repeat":
      case "lose":
        return this.#answer(move.do, move.which);
      case "join":
        return this.#join();
      case "ready":
        return this.#changeNode((joined) => ({ ...joined, status: { ...joined.status, conditions: [{ type: "Ready", status: "True" }] } }));
      case "delete":
        return this.#delete("NodeClaim", "nc");
      case "interrupt":
        return this.send({ type: "interrupted", nodeClaim: "nc", providerID: this.claim?.status?.providerID ?? "", kind: "spot-interruption" });
      case "list":
        return this.send({ type: "instances", instances: this.#listed() });
      case "forget":
        // The process starts anew with what the API server holds.
        if (this.claim === undefined) return undefined;
        if (this.answers.some(({ type }) => type === "launched" || type === "launch-failed")) this.excused += 1;
        this.state = claimState(this.claim, this.api);
        return undefined;
      case "pod":
        return this.#pod(move.kind, move.grace);
      case "finish":
        return this.#finish(move.which);
      case "budget":
        this.allowed = move.allowed;
    }
  }

  /** Lets time run with a willing world until the claim is gone; false if that takes too long. */
  settle(): boolean {
    this.allowed = 1_000;
    if (this.claim !== undefined && this.claim.metadata.deletionTimestamp === undefined) this.#delete("NodeClaim", "nc");
    for (let round = 0; round < 400; round += 1) {
      for (let answers = 0; this.answers.length > 0 && answers < 50; answers += 1) this.#answer("deliver", 0);
      this.move({ do: "tick", seconds: 15 });
      if (round % 8 === 7) this.move({ do: "list" });
      if (this.claim === undefined && this.answers.length === 0 && this.running.length === 0) return true;
    }
    return false;
  }

  send(event: LifecycleEvent): void {
    const events: LifecycleEvent[] = [...this.changed.values()].map(({ kind, name }) => {
      const object = objectNamed(this.api, kind, name);
      return object === undefined ? { type: "removed", kind, name } : { type: "observed", object };
    });
    this.changed.clear();
    for (const next of [...events, event]) this.#step(next);
  }

  #step(event: LifecycleEvent): void {
    const before = JSON.stringify(this.state);
    const { state, actions } = step(this.state, event, { nowMs: this.nowMs });
    const again = step(JSON.parse(before) as ClaimState, event, { nowMs: this.nowMs });
    this.#law(JSON.stringify(again) === JSON.stringify({ state, actions, reasons: again.reasons }), "a step depends on nothing but its arguments, and its state survives JSON");
    const { quiet, ...unquiet } = this.state;
    if (quiet !== undefined) {
      // What does not know how long all is quiet looks at everything.
      const whole = step(unquiet, event, { nowMs: this.nowMs });
      const writes = (list: readonly Action[]): string => JSON.stringify(list.filter(({ type }) => type !== "requeue"));
      const wait = (list: readonly Action[]): number => list.reduce((least, action) => (action.type === "requeue" ? Math.min(least, action.afterMs) : least), Infinity);
      this.#law(writes(whole.actions) === writes(actions) && JSON.stringify(whole.state.observed) === JSON.stringify(state.observed), "a quiet step writes what a whole one does");
      this.#law(wait(actions) <= wait(whole.actions), "a quiet step is looked at again no later than a whole one");
    }
    for (const action of actions) this.#do(action, { observed: state.observed, queued: this.state.evictions });
    this.state = state;
  }

  #law(holds: boolean, law: string): void {
    if (!holds && !this.broken.includes(law)) this.broken.push(law);
  }

  #do(action: Action, known: Known): void {
    this.seen.add(action.type);
    switch (action.type) {
      case "launch":
        return this.#launch(action.attempt);
      case "terminate":
        return this.#terminate(action.providerID);
      case "get-instance":
        this.answers.push(this.#isThere(action.providerID) ? { type: "instance", nodeClaim: "nc", instance: { providerID: action.providerID, labels: {} } } : { type: "instance-gone", nodeClaim: "nc", providerID: action.providerID });
        return;
      case "list-instances":
        this.answers.push({ type: "instances", instances: this.#listed() });
        return;
      case "evict":
        return this.#evict(action.pod, action.uid, known);
      case "delete":
        if (action.kind === "Pod") this.#law(this.#mayForce(action.name), "a pod is only deleted past its budget when its grace period would outlast the deadline");
        return this.#delete(action.kind, action.name, action.gracePeriodSeconds);
      case "update":
        return this.#update(action.object);
    }
  }

  #launch(attempt: number | undefined): void {
    this.launches += 1;
    this.#law(this.launches <= this.excused, "a claim is launched once");
    this.#law(this.claim?.metadata.finalizers?.includes("karpenter.sh/termination") === true, "a claim has its finalizer before it is launched");
    const [fails = false, ...rest] = this.failures;
    this.failures = rest;
    if (fails) {
      this.excused += 1;
      this.answers.push({ type: "launch-failed", nodeClaim: "nc", kind: "create", reason: { code: "x", canResolve: true }, message: "no", ...(attempt === undefined ? {} : { attempt }) });
      return;
    }
    const providerID = `i-${this.launches}`;
    this.instances.set(providerID, { status: "running" });
    this.answers.push({ type: "launched", nodeClaim: "nc", instance: { providerID, labels: {}, nodeClaim: "nc" } });
  }

  #terminate(providerID: string): void {
    const instance = this.instances.get(providerID);
    const isOwn = providerID === this.claim?.status?.providerID;
    this.#law(!isOwn || this.claim?.metadata.deletionTimestamp !== undefined, "an instance is only terminated when its claim is being deleted");
    // Nodes that never registered are not drained: their pods were never meant to be there.
    const isRegistered = this.claim?.status?.conditions?.some(({ type, status }) => type === "Registered" && status === "True") === true;
    const waiting = isOwn && isRegistered ? this.api.pods.filter((other) => isWaitingEviction(other, this.nowMs) && this.api.nodes.some(({ metadata }) => metadata.name === other.spec.nodeName)) : [];
    this.#law(waiting.every((other) => !this.#isShown(other)), "an instance is only terminated when its pods are gone");
    if (instance === undefined || instance.status === "gone") {
      this.answers.push({ type: "instance-gone", nodeClaim: "nc", providerID });
      return;
    }
    instance.status = instance.status === "running" ? "terminating" : "gone";
    this.answers.push(instance.status === "gone" ? { type: "instance-gone", nodeClaim: "nc", providerID } : { type: "terminating", nodeClaim: "nc", providerID });
  }

  #evict(name: string, uid: string, known: Known): void {
    const victim = known.observed.pods.find((other) => uidOf(other) === uid);
    if (victim !== undefined) {
      const waiting = known.observed.pods.filter((other) => isWaitingEviction(other, this.nowMs));
      const order = classes(waiting).findIndex((pods) => pods.length > 0);
      const own = classes([victim]).findIndex((pods) => pods.length > 0);
      // A pod that was queued may be overtaken by one of an earlier class that came later.
      this.#law(own <= order || known.queued[uid] !== undefined, "pods leave class by class");
      this.#law(!isDoNotDisruptActive(victim, this.nowMs), "a pod under do-not-disrupt is not evicted");
    }
    const target = this.api.pods.find((other) => nameOf(other) === name);
    if (target === undefined || uidOf(target) !== uid) {
      this.answers.push({ type: "evicted", pod: name, uid, code: 404 });
      return;
    }
    const isGranted = target.metadata.deletionTimestamp !== undefined || this.allowed > 0;
    if (isGranted && target.metadata.deletionTimestamp === undefined) {
      this.allowed -= 1;
      this.#delete("Pod", name);
    }
    this.answers.push({ type: "evicted", pod: name, uid, code: isGranted ? 200 : 429 });
  }

  #mayForce(name: string): boolean {
    const target = this.api.pods.find((other) => nameOf(other) === name);
    const deadline = this.claim?.metadata.annotations?.["karpenter.sh/nodeclaim-termination-timestamp"] ?? this.state.observed.nodeClaims[0]?.metadata.annotations?.["karpenter.sh/nodeclaim-termination-timestamp"];
    if (target === undefined) return true;
    return deadline !== undefined && this.nowMs > timeMs(deadline) - (target.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  #update(object: KubeObject): void {
    // The API server refuses writes to what is gone.
    if (objectNamed(this.api, object.kind, nameOf(object)) === undefined) return;
    const isReleased = (object.metadata.finalizers ?? []).length === 0 && object.metadata.deletionTimestamp !== undefined;
    if (isReleased && (object.kind === "NodeClaim" || object.kind === "Node")) {
      const providerID = object.kind === "NodeClaim" ? object.status?.providerID : object.spec?.providerID;
      this.#law(providerID === undefined || this.instances.get(providerID)?.status === "gone", "finalizers stay until the instance is gone");
    }
    this.#write({ type: "update", object });
  }

  #delete(kind: KubeObject["kind"], name: string, gracePeriodSeconds?: number): void {
    this.#write({ type: "delete", kind, name, ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }) });
  }

  #write(action: Extract<Action, { type: "update" | "delete" }>): void {
    this.api = written(this.api, action, { nowMs: this.nowMs });
    const [kind, name] = action.type === "update" ? [action.object.kind, nameOf(action.object)] : [action.kind, action.name];
    this.changed.set(`${kind}/${name}`, { kind, name });
  }

  #answer(how: "deliver" | "repeat" | "lose", which: number): void {
    const index = this.answers.length === 0 ? 0 : which % this.answers.length;
    const answer = this.answers[index];
    if (answer === undefined) return;
    if (how !== "repeat") this.answers.splice(index, 1);
    if (how === "lose" && (answer.type === "launched" || answer.type === "launch-failed")) this.excused += 1;
    if (how !== "lose") this.send(answer);
  }

  #join(): void {
    const providerID = [...this.instances].find(([, { status }]) => status === "running")?.[0];
    if (providerID === undefined || this.api.nodes.length > 0) return;
    const joined: Node = node({ metadata: { labels: {}, finalizers: [] }, spec: { providerID, taints: [{ key: "karpenter.sh/unregistered", effect: "NoExecute" }] }, ready: "False" });
    this.api = withObject(this.api, joined);
    this.changed.set("Node/n", { kind: "Node", name: "n" });
    this.send({ type: "tick" });
  }

  #changeNode(change: (node: Node) => Node): void {
    const [joined] = this.api.nodes;
    if (joined === undefined) return;
    this.api = withObject(this.api, change(joined));
    this.changed.set("Node/n", { kind: "Node", name: "n" });
    this.send({ type: "tick" });
  }

  #pod(kind: number, grace: number): void {
    if (this.api.nodes.length === 0 || this.pods >= 6) return;
    this.pods += 1;
    this.nowMs += 1_000;
    const spec = { terminationGracePeriodSeconds: grace, ...(kind % 2 === 1 ? { priorityClassName: "system-cluster-critical" } : {}) };
    const annotations = kind % 5 === 4 ? { "karpenter.sh/do-not-disrupt": "10m" } : {};
    const made = pod(`p${this.pods}`, { owner: OWNERS[kind % OWNERS.length] ?? "ReplicaSet", spec, metadata: { annotations }, status: { startTime: timeText(this.nowMs) } });
    this.api = withObject(this.api, made);
    this.changed.set(`Pod/${nameOf(made)}`, { kind: "Pod", name: nameOf(made) });
    this.send({ type: "tick" });
  }

  #finish(which: number): void {
    const target: Pod | undefined = this.api.pods[which % Math.max(this.api.pods.length, 1)];
    if (target === undefined) return;
    this.#drop(nameOf(target));
    this.send({ type: "tick" });
  }

  // Kubelets end pods when their grace period is over.
  #removePods(): void {
    for (const other of this.api.pods) {
      const by = other.metadata.deletionTimestamp;
      if (by !== undefined && timeMs(by) <= this.nowMs) this.#drop(nameOf(other));
    }
  }

  #drop(name: string): void {
    this.api = withoutObject(this.api, "Pod", name);
    this.changed.set(`Pod/${name}`, { kind: "Pod", name });
  }

  #isShown(other: Pod): boolean {
    return this.state.observed.pods.some((known) => uidOf(known) === uidOf(other));
  }

  #isThere(providerID: string): boolean {
    return ["running", "terminating"].includes(this.instances.get(providerID)?.status ?? "gone");
  }

  #listed(): Extract<LifecycleEvent, { type: "instances" }>["instances"] {
    return [...this.instances]
      .filter(([, { status }]) => status !== "gone")
      .map(([providerID, { status }]) => ({ providerID, labels: {}, nodeClaim: "nc", ...(status === "terminating" ? { terminating: true } : {}) }));
  }
}
