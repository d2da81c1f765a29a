/** Ids under which a simulation knows what moto has given ids of its own. */
export interface IdNames {
  /** From now on `theirs` goes by `ours`. */
  name(ours: string, theirs: string): void;
  /** Is there a thing of that name? */
  has(ours: string): boolean;
  /** Any plain data, with moto's ids in place of ours. */
  toTheirs<T>(value: T): T;
  /** Any plain data, with our ids in place of moto's. */
  toOurs<T>(value: T): T;
}

const ID = /^(?:subnet|sg|ami)-[0-9a-f]+$/u;

export function idNames(): IdNames {
  const theirsOf = new Map<string, string>();
  const oursOf = new Map<string, string>();
  return {
    name: (ours, theirs) => {
      theirsOf.set(ours, theirs);
      oursOf.set(theirs, ours);
    },
    has: (ours) => theirsOf.has(ours),
    toTheirs: (value) => renamed(value, theirsOf),
    toOurs: (value) => renamed(value, oursOf),
  };
}

function renamed<T>(value: T, names: ReadonlyMap<string, string>): T {
  return JSON.parse(JSON.stringify(value), (_, each: unknown) => (typeof each === "string" && ID.test(each) ? (names.get(each) ?? each) : each)) as T;
}
