export { type Conversion } from "./convert/conversion.ts";
export { ManifestError } from "./manifest-error.ts";
export { type IgnoredObject, type ManifestText, parse, type Parsed, type ParseOptions } from "./parse.ts";
export { type PlainDocument, readPlain } from "./read/plain-document.ts";
export type { Json, JsonObject } from "./read/json.ts";
export { applyDefaults, type DefinitionOptions, validateCreate, validateUpdate, type Validation } from "./crd/validate.ts";
export { type DefinitionSource } from "./crd/definitions.ts";
export { type Violation, type ViolationReason } from "./crd/violation.ts";
