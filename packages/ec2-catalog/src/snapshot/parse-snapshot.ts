import { InputError } from "@groupless/api";
import type { InstanceTypeFacts } from "../facts/instance-type-facts.ts";
import type { Price, RegionSnapshot, RegionType } from "./region-snapshot.ts";

/**
 * Reads the text of a snapshot file, and checks every field a catalog is made from.
 *
 * @throws {InputError} `truncated-snapshot` for text that is no whole JSON, `missing-field`, `bad-number`, `duplicate-type`
 * or `bad-snapshot`, naming the type and the field
 *
 * @example
 * ```ts
 * import { parseSnapshot, snapshotText } from "@groupless/ec2-catalog";
 * import usWest2 from "@groupless/ec2-catalog/us-west-2";
 * parseSnapshot(snapshotText(usWest2)).region; // => "us-west-2"
 * ```
 */
export function parseSnapshot(text: string, file?: string): RegionSnapshot {
  const fail = failing(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fail("truncated-snapshot", `no whole JSON in ${text.length} characters`, "", "a snapshot that groupless wrote", error);
  }
  const snapshot = value as RegionSnapshot;
  if (typeof snapshot !== "object" || snapshot === null || snapshot.format !== 1) throw fail("bad-snapshot", `format ${JSON.stringify((snapshot as { format?: unknown } | null)?.format)}`, "format", "1");
  for (const key of ["region", "takenOn", "source"] as const) if (typeof snapshot[key] !== "string" || snapshot[key] === "") throw fail("missing-field", "no text", key, "text");
  if (!/^\d{4}-\d\d-\d\d$/u.test(snapshot.takenOn)) throw fail("bad-snapshot", `got "${snapshot.takenOn}"`, "takenOn", "a day such as 2026-07-28");
  if (snapshot.currency !== "USD" && snapshot.currency !== "CNY") throw fail("bad-snapshot", `got ${JSON.stringify(snapshot.currency)}`, "currency", "USD or CNY");
  for (const key of ["zones", "types", "leftOut"] as const) if (!Array.isArray(snapshot[key])) throw fail("missing-field", "no list", key, "a list");
  const zones = new Set(snapshot.zones.map((zone) => zone.name));
  const seen = new Set<string>();
  for (const [index, type] of snapshot.types.entries()) {
    const name: unknown = type?.facts?.name;
    if (typeof name !== "string" || name === "") throw fail("missing-field", "a type without a name", `types[${index}].facts.name`, "a name such as m5.large");
    if (seen.has(name)) throw fail("duplicate-type", `${name} is there twice`, `types[${index}]`, "each type once");
    seen.add(name);
    checkType(type, zones, (code, problem, field, expected) => fail(code, `${name}: ${problem}`, `types[${index}].${field}`, expected));
  }
  return snapshot;
}

/** The text of a snapshot file: JSON, a line a type, so that two days can be compared with any diff. */
export function snapshotText(snapshot: RegionSnapshot): string {
  const { types, ...head } = snapshot;
  const lines = types.map((type) => JSON.stringify(type));
  return `${JSON.stringify(head).slice(0, -1)},"types":[\n${lines.join(",\n")}\n]}\n`;
}

type Fail = (code: string, problem: string, path: string, expected: string, cause?: unknown) => InputError;

function failing(file: string | undefined): Fail {
  return (code, problem, path, expected, cause) => new InputError(code, problem, { ...(file === undefined ? {} : { file }), path, expected }, cause === undefined ? undefined : { cause });
}

const counts = ["vcpus", "memoryMiB", "ipv4PerInterface"] as const;
const lists = ["architectures", "usageClasses", "gpus", "accelerators", "processorFeatures", "interfacesByCard", "placementStrategies"] as const;
const flags = ["hvm", "bareMetal", "encryptionInTransit", "nitroEnclaves", "enaSupported"] as const;

function checkType(type: RegionType, zones: ReadonlySet<string>, fail: Fail): void {
  const facts: Partial<InstanceTypeFacts> = type.facts;
  for (const key of counts) if (!isNumber(facts[key], 1)) throw fail("bad-number", `got ${String(facts[key])}`, `facts.${key}`, "a number of at least 1");
  for (const key of lists) if (!Array.isArray(facts[key])) throw fail("missing-field", "no list", `facts.${key}`, "a list");
  for (const key of flags) if (typeof facts[key] !== "boolean") throw fail("missing-field", "no true or false", `facts.${key}`, "true or false");
  if (typeof facts.hypervisor !== "string") throw fail("missing-field", "no text", "facts.hypervisor", "text");
  if (!isNumber(facts.interfacesByCard?.[facts.defaultCard ?? -1], 0)) throw fail("contradictory-fields", `no network card ${String(facts.defaultCard)}`, "facts.defaultCard", "an index of interfacesByCard");
  if (!Array.isArray(type.zones)) throw fail("missing-field", "no list", "zones", "a list");
  const unknown = type.zones.find((zone) => !zones.has(zone));
  if (unknown !== undefined) throw fail("contradictory-fields", `${unknown} is no zone of the snapshot`, "zones", [...zones].join(", "));
  checkPrice(type.onDemand, "onDemand", fail);
  for (const [zone, price] of Object.entries(type.spot ?? {})) checkPrice(price, `spot.${zone}`, fail);
}

function checkPrice(price: Price | undefined, field: string, fail: Fail): void {
  if (price === undefined) return;
  if (!isNumber(price?.perHour, 0)) throw fail("bad-number", `got ${String(price?.perHour)}`, `${field}.perHour`, "a number of at least 0");
  if (price.source !== "listed" && price.source !== "estimated" && price.source !== "supplied") throw fail("missing-field", `got ${String(price.source)}`, `${field}.source`, "listed, estimated or supplied");
}

function isNumber(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= least;
}
