import { InputError } from "@groupless/api";
import type { InstanceTypeFacts } from "./instance-type-facts.ts";

/**
 * Types as this package ships them: the lines of three JSON lists, without their brackets.
 *
 * They are read by the JSON parser alone, which is faster than any reading of ours before the compiler is warm, and take a
 * tenth of the same facts written out.
 */
export interface PackedFacts {
  /** Network interfaces by card: each list once. */
  readonly cards: string;
  /** What many types have alike: facts without what a row says. */
  readonly kinds: string;
  /** One a type, see {@link Row}. */
  readonly rows: string;
}

/** What tells a type from others of its kind; null: it lacks the fact, as its whole kind does. */
type Row = readonly [name: string, kind: number, vcpus: number, memoryMiB: number, cards: number, ipv4PerInterface: number, ebsBandwidthMbps: number | null, networkBandwidthMbps: number | null, branchInterfaces: number | null, storageGB: number | null];

type Building = { -readonly [Key in keyof InstanceTypeFacts]: InstanceTypeFacts[Key] };

/** {@link unpackFacts} is the inverse. */
export function packFacts(types: readonly InstanceTypeFacts[]): PackedFacts {
  const cards = new Numbered();
  const kinds = new Numbered();
  const rows = types.map((facts): Row => [
    facts.name,
    kinds.of(kindOf(facts)),
    facts.vcpus,
    facts.memoryMiB,
    cards.of(facts.interfacesByCard),
    facts.ipv4PerInterface,
    facts.ebsBandwidthMbps ?? null,
    facts.networkBandwidthMbps ?? null,
    facts.branchInterfaces ?? null,
    facts.instanceStorage?.totalGB ?? null,
  ]);
  return { cards: cards.lines(), kinds: kinds.lines(), rows: rows.map((row) => JSON.stringify(row)).join(",\n") };
}

/** The facts with placeholders for what differs from type to type: an object copied from it has every field in its place. */
function kindOf(facts: InstanceTypeFacts): InstanceTypeFacts {
  const kind: Building = { ...facts, name: "", vcpus: 0, memoryMiB: 0, interfacesByCard: [], ipv4PerInterface: 0 };
  if (kind.ebsBandwidthMbps !== undefined) kind.ebsBandwidthMbps = 0;
  if (kind.networkBandwidthMbps !== undefined) kind.networkBandwidthMbps = 0;
  if (kind.branchInterfaces !== undefined) kind.branchInterfaces = 0;
  if (kind.instanceStorage !== undefined) kind.instanceStorage = { totalGB: 0, nvme: kind.instanceStorage.nvme };
  return kind;
}

class Numbered {
  readonly #places = new Map<string, number>();

  of(value: unknown): number {
    const line = JSON.stringify(value);
    const place = this.#places.get(line) ?? this.#places.size;
    this.#places.set(line, place);
    return place;
  }

  lines(): string {
    return [...this.#places.keys()].join(",\n");
  }
}

/** The names of packed types, and the facts of each. */
export interface UnpackedFacts {
  readonly size: number;
  readonly nameAt: (index: number) => string;
  /** Made anew at each call. */
  readonly factsAt: (index: number) => InstanceTypeFacts;
}

/**
 * The types of {@link packFacts}.
 *
 * @throws {InputError} `truncated-snapshot`, naming the line, if one is cut off or refers to what is not there
 */
export function unpackFacts(packed: PackedFacts): UnpackedFacts {
  const cards = read<readonly number[]>(packed.cards, "cards");
  const kinds = read<InstanceTypeFacts>(packed.kinds, "kinds");
  const rows = read<Row>(packed.rows, "rows");
  for (const list of cards) Object.freeze(list);
  shareLists(kinds);
  return {
    size: rows.length,
    nameAt: (index) => rows[index]![0],
    factsAt: (index) => {
      const row = rows[index]!;
      const kind = kinds[row[1]];
      const interfacesByCard = cards[row[4]];
      if (row.length !== 10 || kind === undefined || interfacesByCard === undefined) throw truncated("rows", index, JSON.stringify(row));
      const facts: Building = { ...kind };
      facts.name = row[0];
      facts.vcpus = row[2];
      facts.memoryMiB = row[3];
      facts.interfacesByCard = interfacesByCard;
      facts.ipv4PerInterface = row[5];
      if (row[6] !== null) facts.ebsBandwidthMbps = row[6];
      if (row[7] !== null) facts.networkBandwidthMbps = row[7];
      if (row[8] !== null) facts.branchInterfaces = row[8];
      if (row[9] !== null) facts.instanceStorage = { totalGB: row[9], nvme: facts.instanceStorage!.nvme };
      return facts;
    },
  };
}

/** Lists that kinds have alike are one list. */
function shareLists(kinds: readonly Building[]): void {
  const known = new Map<string, readonly string[]>();
  const shared = (list: readonly string[]): readonly string[] => {
    const id = list.join();
    let found = known.get(id);
    if (found === undefined) known.set(id, (found = Object.freeze(list)));
    return found;
  };
  const none: readonly never[] = Object.freeze([]);
  for (const kind of kinds) {
    kind.architectures = shared(kind.architectures);
    kind.usageClasses = shared(kind.usageClasses);
    kind.processorFeatures = shared(kind.processorFeatures);
    kind.placementStrategies = shared(kind.placementStrategies);
    if (kind.gpus.length === 0) kind.gpus = none;
    if (kind.accelerators.length === 0) kind.accelerators = none;
    if (kind.neuronDevices?.length === 0) kind.neuronDevices = none;
    for (const devices of [kind.gpus, kind.accelerators, kind.neuronDevices ?? none]) Object.freeze(devices);
  }
}

function read<Entry>(lines: string, list: string): Entry[] {
  try {
    return JSON.parse(`[${lines}]`) as Entry[];
  } catch (error) {
    const each = lines.split(",\n");
    const cut = each.findIndex((line) => !isJson(line));
    throw truncated(list, cut, each[cut] ?? "", error);
  }
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function truncated(list: string, index: number, line: string, cause?: unknown): InputError {
  return new InputError("truncated-snapshot", `got ${line.slice(0, 80)}`, { path: `${list}[${index}]`, line: index + 1, expected: "a whole line of the facts table" }, cause === undefined ? undefined : { cause });
}
