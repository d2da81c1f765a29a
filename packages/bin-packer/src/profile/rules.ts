import type { Algebra, Form } from "../intern/algebra.ts";
import { exactAlgebra } from "../intern/exact-algebra.ts";
import { karpenterAlgebra } from "../intern/karpenter-algebra.ts";
import { neededValue, someValue } from "../intern/label-value.ts";
import type { Profile } from "../prepared.ts";
import { DomainUniverse } from "../topology/domain-universe.ts";
import { ExactTopology } from "../topology/exact-topology.ts";
import { ReachableDomains } from "../topology/reachable-domains.ts";
import { Topology } from "../topology/topology.ts";

/**
 * Where Karpenter and Kubernetes part ways: a choice each, under the name of what it is about. All else is the same in every profile.
 * docs/differences.md tells what comes of each.
 */
export interface Rules {
  readonly profile: Profile;
  /** What requirements on one label come to. */
  readonly algebra: Algebra;
  /** The value a new node's label gets where several would do; empty: it gets none. */
  readonly labelValue: (form: Form) => string;
  /** Does what a pod asks of a label that its node does not have, stand for the label to the pods that follow? */
  readonly podsDefineLabels: boolean;
  /** May pods ask for labels that only instance types speak of, whether or not they are declared as well known? */
  readonly typesDefineLabels: boolean;
  /** Does a node affinity term without expressions match every node, or none? */
  readonly blankTermsMatch: boolean;
  /** Are required terms that were given up before the preferences tried once more without those? */
  readonly termsComeBack: boolean;
  /** Does a daemon keep the terms that did not suit one candidate, and is each of them looked at on nodes that exist? */
  readonly daemonsKeepTerms: boolean;
  /** Do PreferNoSchedule taints of nodes that exist give way to pods, or only those that some pool has as well? */
  readonly softTaintsOfNodesGiveWay: boolean;
  /** Does a node that is short of something refuse also pods that do not ask for it? */
  readonly shortNodesRefuseAll: boolean;
  /** Is a host port without protocol a TCP port? */
  readonly portsDefaultToTcp: boolean;
  /** Are the rules between pods read as their pods say them: all node affinity terms at once, every field part of what tells two rules apart? */
  readonly topologyAsDeclared: boolean;
  /** Do nodes that are coming up have the name and labels they will have, and do all Node objects count? */
  readonly nodesAsTheyWillBe: boolean;
  /** Which domains new nodes could have. */
  readonly Domains: typeof DomainUniverse;
  /** How pods are counted and kept together or apart. */
  readonly Topology: typeof Topology;
}

const karpenter: Rules = {
  profile: "karpenter-1.14",
  algebra: karpenterAlgebra,
  labelValue: someValue,
  podsDefineLabels: true,
  typesDefineLabels: false,
  blankTermsMatch: true,
  termsComeBack: false,
  daemonsKeepTerms: false,
  softTaintsOfNodesGiveWay: false,
  shortNodesRefuseAll: true,
  portsDefaultToTcp: false,
  topologyAsDeclared: false,
  nodesAsTheyWillBe: false,
  Domains: DomainUniverse,
  Topology,
};

const exact: Rules = {
  profile: "exact",
  algebra: exactAlgebra,
  labelValue: neededValue,
  podsDefineLabels: false,
  typesDefineLabels: true,
  blankTermsMatch: false,
  termsComeBack: true,
  daemonsKeepTerms: true,
  softTaintsOfNodesGiveWay: true,
  shortNodesRefuseAll: false,
  portsDefaultToTcp: true,
  topologyAsDeclared: true,
  nodesAsTheyWillBe: true,
  Domains: ReachableDomains,
  Topology: ExactTopology,
};

export const RULES: Readonly<Record<Profile, Rules>> = { "karpenter-1.14": karpenter, exact };
