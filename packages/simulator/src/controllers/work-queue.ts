/** Keys that need a look, each at most once, in the order they were added. */
export interface WorkQueue {
  add(key: string): void;
  /** Reconcile what is waiting; false when nothing was. */
  drain(): boolean;
}

/** A queue in front of a reconciler, as controllers of Kubernetes have one. */
export function workQueue(reconcile: (key: string) => void): WorkQueue {
  let waiting = new Set<string>();
  return {
    add: (key) => {
      waiting.add(key);
    },
    drain: () => {
      if (waiting.size === 0) return false;
      const keys = waiting;
      waiting = new Set();
      for (const key of keys) reconcile(key);
      return true;
    },
  };
}
