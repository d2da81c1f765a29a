const NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const DOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const name = new RegExp(`^${NAME}$`);
const domain = new RegExp(`^${DOMAIN}$`);

const NAME_RULE = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const NAME_PROBLEM = `${NAME_RULE} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${NAME}')`;
const DOMAIN_PROBLEM = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${DOMAIN}')`;
const VALUE_PROBLEM = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${NAME})?')`;

const LONGEST_NAME = 63;
const LONGEST_DOMAIN = 253;
const tooLong = (most: number): string => `must be no more than ${most} bytes`;

// Limits are in bytes, but a text with other than ASCII characters fails the pattern; a long one need not be looked at.
function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text.slice(0, LONGEST_DOMAIN + 1)) {
    const code = character.codePointAt(0) as number;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

// A text longer than any limit is refused without running a pattern over all of it.
const matches = (pattern: RegExp, text: string): boolean => pattern.test(text.length > 4096 ? text.slice(0, 4096) : text);

/**
 * What is wrong with a label key, in Kubernetes' words; nothing for a good one (apimachinery pkg/util/validation, qualified names).
 *
 * @example
 * ```ts
 * import { labelKeyErrors } from "@groupless/requirements";
 * labelKeyErrors("company.io/team"); // => []
 * labelKeyErrors("company.io/")[0]; // => "name part must be non-empty"
 * ```
 */
export function labelKeyErrors(key: string): readonly string[] {
  const parts = key.split("/", 3);
  if (parts.length > 2) return [`a valid label key ${NAME_PROBLEM} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const errors: string[] = [];
  const [prefix, own] = parts.length === 2 ? (parts as [string, string]) : [undefined, key];
  if (prefix === "") errors.push("prefix part must be non-empty");
  else if (prefix !== undefined) {
    if (byteLength(prefix) > LONGEST_DOMAIN) errors.push(`prefix part ${tooLong(LONGEST_DOMAIN)}`);
    if (!matches(domain, prefix)) errors.push(`prefix part ${DOMAIN_PROBLEM}`);
  }
  if (own === "") errors.push("name part must be non-empty");
  else if (byteLength(own) > LONGEST_NAME) errors.push(`name part ${tooLong(LONGEST_NAME)}`);
  if (!matches(name, own)) errors.push(`name part ${NAME_PROBLEM}`);
  return errors;
}

/** What is wrong with a label value, in Kubernetes' words; nothing for a good one. */
export function labelValueErrors(value: string): readonly string[] {
  const errors: string[] = [];
  if (byteLength(value) > LONGEST_NAME) errors.push(tooLong(LONGEST_NAME));
  if (value !== "" && !matches(name, value)) errors.push(VALUE_PROBLEM);
  return errors;
}
