import type { Json } from "../read/json.ts";

/** A text constraint with the words for an error about it. */
export interface Pattern {
  readonly test: (text: string) => boolean;
  /** What was expected, in words. */
  readonly expected: string;
}

/** One of a definition's cross-field rules. */
export interface Rule {
  /** As users see it in the API server's answer. */
  readonly message: string;
  /** May throw RuleError, where the API server's evaluation would fail too. */
  readonly holds: (self: any, old: any) => boolean;
  /** Compares with the object's old value: skipped where there is none. */
  readonly transition: boolean;
}

interface Common {
  readonly default?: Json;
  readonly enum?: readonly string[];
  readonly rules?: readonly Rule[];
}

/** The part of OpenAPI that Karpenter's definitions use. */
export type Schema =
  | (Common & {
      readonly type: "object";
      readonly properties?: Readonly<Record<string, Schema>>;
      readonly required?: readonly string[];
      /** The schema of values under names of the user's choice. */
      readonly values?: Schema;
      readonly maxProperties?: number;
      /** Fields that are not listed are kept as they are. */
      readonly open?: boolean;
      /** Old and new values are not compared key by key. */
      readonly atomic?: boolean;
    })
  | (Common & {
      readonly type: "array";
      readonly items: Schema;
      readonly minItems?: number;
      readonly maxItems?: number;
      /** `map`: the elements' `type` field is their key. */
      readonly listType?: "set" | "map";
      /** Constraints that were put on the list where its elements were meant: they bite only where a text stands in the list's place. */
      readonly misplaced?: { readonly maxLength: number; readonly pattern: Pattern };
    })
  | (Common & { readonly type: "string"; readonly minLength?: number; readonly maxLength?: number; readonly pattern?: Pattern; readonly format?: "date-time" })
  | (Common & { readonly type: "integer"; readonly minimum?: number; readonly maximum?: number })
  | (Common & { readonly type: "boolean" })
  | (Common & { readonly type: "int-or-string"; readonly pattern: Pattern; readonly minimum?: number })
  /** A quantity as Kubernetes' own kinds take it: also a number with a fraction. */
  | (Common & { readonly type: "quantity"; readonly pattern: Pattern });

export function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = [], rest: Omit<Extract<Schema, { type: "object" }>, "type" | "properties" | "required"> = {}): Schema {
  return { type: "object", properties, required, ...rest };
}

/** An object of which only some fields bear on decisions: the others are kept unread. */
export function open(properties: Readonly<Record<string, Schema>>, required: readonly string[] = [], rest: Omit<Extract<Schema, { type: "object" }>, "type" | "properties" | "required"> = {}): Schema {
  return { type: "object", properties, required, open: true, ...rest };
}

export function mapOf(values: Schema, rest: Omit<Extract<Schema, { type: "object" }>, "type" | "values"> = {}): Schema {
  return { type: "object", values, ...rest };
}

export function listOf(items: Schema, rest: Omit<Extract<Schema, { type: "array" }>, "type" | "items"> = {}): Schema {
  return { type: "array", items, ...rest };
}

export function text(rest: Omit<Extract<Schema, { type: "string" }>, "type"> = {}): Schema {
  return { type: "string", ...rest };
}

export function oneOf(...values: readonly string[]): Schema {
  return { type: "string", enum: values };
}

export function integer(minimum?: number, maximum?: number): Schema {
  return { type: "integer", ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
}

export const boolean: Schema = { type: "boolean" };

export function rule(message: string, holds: (self: any) => boolean): Rule {
  return { message, holds, transition: false };
}

export function transition(message: string, holds: (self: any, old: any) => boolean): Rule {
  return { message, holds, transition: true };
}
