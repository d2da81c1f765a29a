import { HOSTNAME_LABEL, type LabelSelector, matchesSelector, type Namespace, type Node, type NodePool, type Pod, type PodAffinityTerm, type Taint, type TopologySpreadConstraint } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { type LabelTables, tolerates } from "@groupless/requirements";
import { fromLabels, fromPodStrict, fromSelectorRequirements, has, intersect, intersects, isCompatible, operatorOf, type Requirement, requirementFor, requirementOf, type Requirements, withRequirement } from "@groupless/requirements/karpenter";

/** A rule of a pod about other pods, and what it has counted, by domain. */
interface Group {
  readonly type: "spread" | "affinity" | "anti-affinity";
  readonly key: string;
  readonly counts: Map<string, number>;
  /** Is there, of pools whose taints the pods tolerate, an offering in the domain at the moment? */
  readonly inReach: (domain: string) => boolean;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selects: (pod: Pod) => boolean;
  /** Does the rule count pods on a node like that? */
  readonly sees: (node: Requirements, taints: readonly Taint[]) => boolean;
}

export interface TopologyTerms {
  readonly tables: LabelTables;
  readonly wellKnown: ReadonlySet<string>;
  readonly namespaces: readonly Namespace[];
  readonly pools: readonly (readonly [NodePool, readonly InstanceType[]])[];
  /** Nodes that stay, by their labels as Karpenter knows them. */
  readonly nodes: readonly { readonly node: Node; readonly labels: Readonly<Record<string, string>> }[];
  /** All nodes, with the pods on them that run and are not placed anew. */
  readonly running: readonly { readonly node: Node; readonly known: boolean; readonly pods: readonly Pod[]; readonly antiAffine: readonly Pod[] }[];
  readonly ignorePreferences: boolean;
}

/** What topology rules allow, counted anew at every question: no index, no memory but the counts. */
export class NaiveTopology {
  readonly #terms: TopologyTerms;
  readonly #groups = new Map<string, Group>();
  readonly #inverse = new Map<string, Group>();

  constructor(terms: TopologyTerms) {
    this.#terms = terms;
    const bringers = terms.running.flatMap(({ node, known, antiAffine }) => (known ? antiAffine.map((pod) => ({ node, pod })) : []));
    for (const { node, pod } of bringers.sort((a, b) => (nameOf(a.pod) < nameOf(b.pod) ? -1 : 1))) {
      for (const group of this.#inverseOf(pod)) {
        const domain = node.metadata.labels?.[group.key];
        if (domain !== undefined) count(group, domain);
      }
    }
  }

  /** The rules of the pod, brought about if they are new. */
  bring(pod: Pod): readonly Group[] {
    const { affinity = {}, topologySpreadConstraints: spreads = [] } = pod.spec;
    this.#inverseOf(pod);
    const soft = (terms: readonly { readonly podAffinityTerm: PodAffinityTerm }[] | undefined) => (this.#terms.ignorePreferences ? [] : (terms ?? []).map(({ podAffinityTerm }) => podAffinityTerm));
    const near = [...(affinity.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []), ...soft(affinity.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution)];
    const away = [...(affinity.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []), ...soft(affinity.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution)];
    return [
      ...new Set([
        ...spreads.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule" || !this.#terms.ignorePreferences).map((spread) => this.#spread(pod, spread)),
        ...near.map((term) => this.#term(this.#groups, "affinity", pod, term)),
        ...away.map((term) => this.#term(this.#groups, "anti-affinity", pod, term)),
      ]),
    ];
  }

  /** The node with what the rules say of it, or undefined. */
  narrowed(pod: Pod, node: Requirements, strict: boolean): Requirements | undefined {
    const allowed = fromPodStrict(pod, this.#terms.tables);
    let chosen: Requirements = fromLabels({}, this.#terms.tables);
    for (const group of [...this.bring(pod), ...[...this.#inverse.values()].filter(({ selects }) => selects(pod))]) {
      const domains = next(group, group.selects(pod), allowed[group.key], node[group.key]);
      if (domains.length === 0) return undefined;
      chosen = withRequirement(chosen, requirementOf({ key: group.key, operator: "In", values: domains }));
    }
    const together = intersect(node, chosen);
    return isCompatible(node, together, strict ? new Set() : this.#terms.wellKnown) ? together : undefined;
  }

  record(pod: Pod, node: Requirements, taints: readonly Taint[]): void {
    const own = this.#inverseOf(pod);
    for (const group of this.#groups.values()) {
      if (!group.selects(pod) || !group.sees(node, taints)) continue;
      const domains = node[group.key];
      if (domains === undefined) continue;
      if (group.type === "anti-affinity") for (const domain of domains.values) count(group, domain);
      else if (!domains.complement && domains.values.length === 1) count(group, domains.values[0] as string);
    }
    for (const group of own) for (const domain of node[group.key]?.values ?? []) count(group, domain);
  }

  #inverseOf(pod: Pod): readonly Group[] {
    return [...new Set((pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => this.#term(this.#inverse, "anti-affinity", pod, term)))];
  }

  #spread(pod: Pod, spread: TopologySpreadConstraint): Group {
    const { tables } = this.#terms;
    const { tolerations = [], nodeSelector, affinity } = pod.spec;
    const same = (spread.matchLabelKeys ?? []).flatMap((key) => (pod.metadata.labels?.[key] === undefined ? [] : [{ key, operator: "In" as const, values: [pod.metadata.labels[key]] }]));
    const selector = same.length === 0 ? spread.labelSelector : { ...spread.labelSelector, matchExpressions: [...(spread.labelSelector?.matchExpressions ?? []), ...same] };
    const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    const own = fromLabels(nodeSelector, tables);
    const nodes = terms === undefined ? [own] : terms.map(({ matchExpressions }) => intersect(own, fromSelectorRequirements(matchExpressions, tables)));
    const taintsMatter = spread.nodeTaintsPolicy === "Honor";
    const affinityMatters = spread.nodeAffinityPolicy !== "Ignore";
    // Karpenter tells rules apart by the keys nodes are asked for, not by the values.
    const text = JSON.stringify(["spread", spread.topologyKey, pod.metadata.namespace, spread.maxSkew, twicesOut(nodes.map((node) => JSON.stringify(Object.keys(node).sort()))), taintsMatter, affinityMatters, twicesOut(tolerations.map(({ key = "", operator = "", value = "", effect = "", tolerationSeconds = 0 }) => JSON.stringify([key, operator, value, effect, tolerationSeconds]))), selectorText(selector)]);
    return this.#known(this.#groups, text, {
      type: "spread",
      key: spread.topologyKey,
      maxSkew: spread.maxSkew,
      minDomains: spread.minDomains ?? 0,
      selects: selecting(selector, [pod.metadata.namespace ?? "default"]),
      sees: (node, taints) => (!taintsMatter || tolerates(taints, tolerations)) && (!affinityMatters || nodes.some((asked) => isCompatible(node, asked))),
    }, tolerations, taintsMatter, selector === undefined ? [pod.metadata.namespace ?? "default"] : undefined);
  }

  #term(groups: Map<string, Group>, type: "affinity" | "anti-affinity", pod: Pod, { topologyKey: key, labelSelector, namespaces = [], namespaceSelector }: PodAffinityTerm): Group {
    const chosen = namespaceSelector === undefined ? [] : this.#terms.namespaces.filter(({ metadata }) => matchesSelector(namespaceSelector, metadata.labels)).map(({ metadata }) => metadata.name);
    const among = namespaceSelector === undefined && namespaces.length === 0 ? [pod.metadata.namespace ?? "default"] : [...new Set([...namespaces, ...chosen])].sort();
    const text = JSON.stringify([type, key, among, selectorText(labelSelector)]);
    return this.#known(groups, text, { type, key, maxSkew: Infinity, minDomains: 0, selects: selecting(labelSelector, among), sees: () => true }, pod.spec.tolerations ?? [], true, labelSelector === undefined ? among : undefined);
  }

  /** The rule of that text; if it is new, with the domains there may be, and the pods that run. `listed`: a rule without selector counts all that run there. */
  #known(groups: Map<string, Group>, text: string, rule: Omit<Group, "counts" | "inReach">, tolerations: NonNullable<Pod["spec"]["tolerations"]>, taintsMatter: boolean, listed: readonly string[] | undefined): Group {
    const before = groups.get(text);
    if (before !== undefined) return before;
    const { pools, nodes, running, tables } = this.#terms;
    const asked = pools.map(([pool, types]) => ({ taints: pool.spec.template.spec.taints ?? [], types, requirements: intersect(fromSelectorRequirements(pool.spec.template.spec.requirements, tables), fromLabels(pool.spec.template.metadata?.labels, tables)) }));
    const tolerated = asked.filter(({ taints }) => tolerates(taints, tolerations));
    const inReach = (domain: string): boolean => tolerated.some(({ types, requirements }) => this.#isOffered(rule.key, domain, types, requirements));
    const group: Group = { ...rule, counts: new Map(), inReach };
    groups.set(text, group);
    const { key, counts } = group;
    if (key !== HOSTNAME_LABEL) for (const { types, requirements } of taintsMatter ? tolerated : asked) if (types.length > 0) for (const domain of domainsOf(key, requirements, types, tables)) counts.set(domain, 0);
    if (groups === this.#inverse) return group;
    const see = ({ metadata, spec }: Node): boolean => group.sees(fromLabels(metadata.labels, tables), spec?.taints ?? []);
    for (const { node, labels } of nodes) if (labels[key] !== undefined && see(node)) counts.set(labels[key], counts.get(labels[key]) ?? 0);
    for (const { node, pods } of running) {
      const domain = node.metadata.labels?.[key] ?? (key === HOSTNAME_LABEL ? node.metadata.name : undefined);
      if (domain !== undefined && see(node)) for (const pod of pods) if (listed === undefined ? group.selects(pod) : listed.includes(pod.metadata.namespace ?? "default")) count(group, domain);
    }
    return group;
  }

  #isOffered(key: string, domain: string, types: readonly InstanceType[], pool: Requirements): boolean {
    const { tables, wellKnown } = this.#terms;
    return types.some((type) => {
      const ofType = fromSelectorRequirements(type.requirements, tables);
      if (!intersects(ofType, pool)) return false;
      return type.offerings.some((offering) => {
        const ofOffering = fromSelectorRequirements(offering.requirements, tables);
        const said = ofOffering[key] ?? ofType[key] ?? pool[key];
        return offering.available && said !== undefined && has(said, domain) && (pool[key] === undefined || has(pool[key], domain)) && isCompatible(pool, ofOffering, wellKnown);
      });
    });
  }
}

/** The values of a label that a pool's nodes can have. */
function domainsOf(key: string, pool: Requirements, types: readonly InstanceType[], tables: LabelTables): ReadonlySet<string> {
  const own = pool[key];
  return new Set([...(own !== undefined && operatorOf(own) === "In" ? own.values : []), ...types.flatMap(({ requirements }) => requirementFor(intersect(pool, fromSelectorRequirements(requirements, tables)), key).values)]);
}

const nameOf = ({ metadata: { namespace, name } }: Pod): string => `${namespace}/${name}`;
const count = ({ counts }: Group, domain: string): unknown => counts.set(domain, (counts.get(domain) ?? 0) + 1);
const selecting = (selector: LabelSelector | undefined, namespaces: readonly string[]) => (pod: Pod): boolean => selector !== undefined && namespaces.includes(pod.metadata.namespace ?? "default") && matchesSelector(selector, pod.metadata.labels);

/** Where the rule lets a pod go, of where it and the candidate may be. */
function next({ type, key, counts, inReach, maxSkew, minDomains }: Group, self: boolean, pod: Requirement | undefined, node: Requirement | undefined): readonly string[] {
  const mayGo = (domain: string): boolean => pod === undefined || has(pod, domain);
  const mayBe = (domain: string): boolean => node === undefined || has(node, domain);
  const byName = [...counts.keys()].sort();
  const most = (domain: string): number => counts.get(domain) ?? 0;
  if (key === HOSTNAME_LABEL) {
    const host = node?.values[0] ?? "";
    const here = most(host);
    if (type === "spread") return here + (self ? 1 : 0) <= maxSkew ? [host] : [];
    if (type === "anti-affinity") return here === 0 && mayGo(host) ? [host] : [];
    if (!mayGo(host)) return [];
    const isFirst = [...counts].every(([domain, pods]) => pods === 0 || !mayGo(domain));
    return here > 0 || (self && isFirst) ? [host] : [];
  }
  if (type === "anti-affinity") return byName.filter((domain) => most(domain) === 0 && mayGo(domain) && mayBe(domain));
  if (type === "spread") {
    const open = byName.filter(mayGo);
    const least = open.length < minDomains ? 0 : Math.min(...open.map(most));
    const fitting = byName.filter((domain) => mayBe(domain) && most(domain) + (self ? 1 : 0) - least <= maxSkew);
    return fitting.toSorted((a, b) => most(a) - most(b) || Number(inReach(b)) - Number(inReach(a))).slice(0, 1);
  }
  const there = byName.filter((domain) => most(domain) > 0 && mayGo(domain) && mayBe(domain));
  if (there.length > 0 || !self) return there;
  if (byName.some((domain) => most(domain) > 0 && mayGo(domain)) ) return [];
  const open = byName.filter(mayGo).sort((a, b) => Number(inReach(b)) - Number(inReach(a)));
  return [...new Set([...open.filter(mayBe).slice(0, 1), ...open.slice(0, 1)])];
}

function selectorText(selector: LabelSelector | undefined): string {
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values }) => JSON.stringify([key, operator, twicesOut(values ?? [])]));
  return selector === undefined ? "" : JSON.stringify([Object.entries(selector.matchLabels ?? {}).sort(), [...new Set(expressions)].sort()]);
}

/** What stands in a list twice cancels out in Karpenter's hash. */
function twicesOut(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => texts.filter((other) => other === text).length % 2 === 1).sort();
}

