import { durationMs } from "../duration.ts";
import { timeMs } from "../time.ts";
import { printedQuantity } from "./printed-quantity.ts";
import { fnv1, littleEndian, utf8 } from "./fnv.ts";
import type { Field, Shape, Struct } from "./shape.ts";

type Value = unknown;

/**
 * The hash that mitchellh/hashstructure v2 gives a Go value under the options Karpenter uses: slices count as sets (each element is mixed in by exclusive or,
 * so two equal elements cancel out), zero fields are left out, maps and structs are finished by one more round.
 */
export function structHash(value: Value, shape: Shape): bigint {
  if (typeof shape === "object") {
    if ("list" in shape) return (value as readonly Value[]).reduce<bigint>((hash, item) => hash ^ structHash(item, shape.list), 0n);
    if ("map" in shape) {
      let hash = 0n;
      for (const [key, item] of Object.entries(value as object)) hash ^= ordered(text(key), structHash(item, shape.map));
      return finish(hash);
    }
    return fields(value as Readonly<Record<string, Value>>, shape);
  }
  switch (shape) {
    case "string":
      return text(String(value));
    case "quantity-text":
      return text(printedQuantity(String(value)));
    case "bool":
      return fnv1([value === true ? 1 : 0]);
    case "int32":
      return fnv1(littleEndian(BigInt(value as number), 4));
    case "int64":
      return fnv1(littleEndian(BigInt(value as number), 8));
    case "duration": {
      const nanoseconds = nanosecondsOf(value as string);
      return nanoseconds === 0n ? text("Duration") : oneField("Duration", fnv1(littleEndian(nanoseconds, 8)));
    }
    case "nillable-duration":
      return oneField("NillableDuration", fnv1(littleEndian(nanosecondsOf(value as string), 8)));
    case "time":
      return oneField("Time", fnv1(binaryTime(value as string)));
  }
}

/** A list of values of different shapes, as Go's `[]any`. */
export function tupleHash(items: readonly (readonly [Value, Shape])[]): bigint {
  return items.reduce((hash, [value, shape]) => hash ^ structHash(value, shape), 0n);
}

function fields(value: Readonly<Record<string, Value>>, struct: Struct): bigint {
  let hash = text(struct.name);
  for (const { name, json, shape, pointer } of struct.fields) {
    const item = value[json];
    if (isZero(item, shape, pointer)) continue;
    // The library finishes after every field, not once: the order of the fields counts after all.
    hash = finish(hash ^ ordered(text(name), structHash(item, shape)));
  }
  return hash;
}

function isZero(item: Value, shape: Shape, pointer: boolean): boolean {
  if (item === undefined || item === null) return true;
  if (shape === "nillable-duration") return item === "Never";
  if (pointer) return false;
  if (shape === "string") return item === "";
  if (shape === "bool") return item === false;
  if (shape === "int32" || shape === "int64") return item === 0;
  if (typeof shape === "object" && "fields" in shape) {
    const inside = item as Readonly<Record<string, Value>>;
    // A field left out of the hash still keeps its struct from being zero.
    return shape.fields.every((inner: Field) => isZero(inside[inner.json], inner.shape, inner.pointer)) && (shape.ignored ?? []).every((name) => inside[name] === undefined || inside[name] === null);
  }
  return false;
}

// Go's duration and time wrappers are structs that embed one value under their own kind's name.
function oneField(struct: "Duration" | "NillableDuration" | "Time", hash: bigint): bigint {
  return finish(text(struct) ^ ordered(text(struct === "Time" ? "Time" : "Duration"), hash));
}

function text(value: string): bigint {
  return fnv1(utf8(value));
}

function ordered(a: bigint, b: bigint): bigint {
  return fnv1([...littleEndian(a, 8), ...littleEndian(b, 8)]);
}

function finish(hash: bigint): bigint {
  return fnv1(littleEndian(hash, 8));
}

function nanosecondsOf(duration: string): bigint {
  const ms = durationMs(duration);
  const whole = Math.trunc(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6));
}

// Go's binary form of a time: version 1, seconds since year 1, nanoseconds, offset from UTC in minutes; big-endian.
function binaryTime(value: string): number[] {
  const seconds = BigInt(Math.floor(timeMs(value) / 1000)) + 62_135_596_800n;
  return [1, ...littleEndian(seconds, 8).reverse(), 0, 0, 0, 0, 0, 0];
}
