export { type Conversion } from "./convert/conversion.ts";
export { ManifestError } from "./manifest-error.ts";
export { type IgnoredObject, type ManifestText, parse, type Parsed, type ParseOptions } from "./parse.ts";
