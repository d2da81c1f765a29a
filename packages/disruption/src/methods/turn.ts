import type { ExistingNodePlacement, Prepared } from "@groupless/bin-packer";
import type { Candidate } from "../candidates/candidate.ts";
import type { ClusterView } from "../cluster/cluster-view.ts";
import type { DisruptionEvent } from "../events/disruption-event.ts";
import type { Totals } from "../scoring/balanced.ts";
import type { PriceList } from "../replacement/launch-prices.ts";
import type { KnownLabels } from "../replacement/offering-fit.ts";
import type { Simulation } from "../simulation/simulation.ts";

/** One method's turn of a pass: what it decides on. */
export interface Turn {
  readonly prepared: Prepared;
  readonly view: ClusterView;
  /** Those its filter took, by node name. */
  readonly candidates: readonly Candidate[];
  /** How many nodes of each pool may go for the method's reason, those under disruption already taken off. */
  readonly budgets: Readonly<Record<string, number>>;
  readonly totals: Totals;
  /** What launching instance types may cost. */
  readonly prices: PriceList;
  /** What is known about label keys. */
  readonly labels: KnownLabels;
  /** Claims of static pools, by name, that commands under way take. */
  readonly pendingDisruption: ReadonlySet<string>;
  /** Pools whose turn in round-robin orders comes first, e.g. because the last pass ran out of time before them. */
  readonly firstNodePools: readonly string[];
  /** The cluster without these nodes, solved. `consolidation`: pods do not move to nodes in their quiet time. `maxNewNodeClaims`: more than that is of no interest. `placements`: where pods are tried first. */
  readonly simulate: (candidates: readonly Candidate[], options?: { readonly consolidation?: boolean; readonly maxNewNodeClaims?: number; readonly placements?: readonly ExistingNodePlacement[] }) => Simulation;
  readonly report: (event: DisruptionEvent) => void;
}
