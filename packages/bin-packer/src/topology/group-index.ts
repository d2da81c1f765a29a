import type { LabelClass } from "../demand/pod-class.ts";
import type { TopologyGroup } from "./topology-group.ts";

/** Groups by what their selectors ask for first, so that a pod is held against the few it may be of and not against all. */
export class GroupIndex {
  /** By a label's key, then its value. */
  readonly #byLabel = new Map<string, Map<string, TopologyGroup[]>>();
  readonly #others: TopologyGroup[] = [];
  readonly #places = new Map<TopologyGroup, number>();

  add(group: TopologyGroup): void {
    this.#places.set(group, this.#places.size);
    const { selector } = group.spec;
    // What selects nothing need not be found.
    if (selector === undefined) return;
    for (const key in selector.matchLabels) {
      const value = selector.matchLabels[key] as string;
      let byValue = this.#byLabel.get(key);
      if (byValue === undefined) this.#byLabel.set(key, (byValue = new Map()));
      const list = byValue.get(value);
      if (list === undefined) byValue.set(value, [group]);
      else list.push(group);
      return;
    }
    this.#others.push(group);
  }

  /** The groups that look at pods of these labels, in the order they were added. */
  selecting(labels: LabelClass): TopologyGroup[] {
    const found: TopologyGroup[] = [];
    for (const group of this.#others) if (group.selects(labels)) found.push(group);
    if (this.#byLabel.size > 0) {
      for (const key in labels.labels) {
        const list = this.#byLabel.get(key)?.get(labels.labels[key] as string);
        if (list !== undefined) for (const group of list) if (group.selects(labels)) found.push(group);
      }
    }
    return found.length < 2 ? found : found.sort((a, b) => (this.#places.get(a) as number) - (this.#places.get(b) as number));
  }
}
