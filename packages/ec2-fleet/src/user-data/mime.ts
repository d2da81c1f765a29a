import { UserDataError } from "./bootstrap.ts";

/** One part of a multipart message: header fields by canonical name, and its content. */
export interface MimePart {
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly content: string;
}

const BOUNDARY = "//";

/** Whether user data says of itself that it is MIME. */
export function looksLikeMime(text: string): boolean {
  return /^\s*(MIME-Version:|Content-Type:)/.test(text);
}

/** A part with a content type alone. */
export function part(contentType: string, content: string): MimePart {
  return { headers: { "Content-Type": [contentType] }, content };
}

/** The content type of shell scripts. */
export const SHELL_SCRIPT = 'text/x-shellscript; charset="us-ascii"';

/**
 * A multipart message without carriage returns, as cloud-init and nodeadm read it.
 *
 * No MIME package writes these bytes (boundary `//`, bare newlines), so this layer does; RFC 2046 §5.1.
 */
export function writeMime(parts: readonly MimePart[]): string {
  const body = parts.map(({ headers, content }) => {
    const lines = Object.keys(headers).sort().flatMap((name) => (headers[name] ?? []).map((value) => `${name}: ${value}\n`));
    return `--${BOUNDARY}\n${lines.join("")}\n${content}\n`;
  });
  return `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="${BOUNDARY}"\n\n${body.length === 0 ? "\n" : body.join("")}--${BOUNDARY}--\n`.replaceAll("\r", "");
}

/**
 * The parts of a multipart message, after RFC 2046 and with the tolerance of Go's mime/multipart: a preamble is passed over, an epilogue ignored.
 *
 * @throws UserDataError where headers or boundaries are broken
 */
export function readMime(text: string): readonly MimePart[] {
  const { headers, rest } = readHeaders(text);
  const boundary = boundaryOf(headers["Content-Type"]?.[0]);
  const delimiter = `--${boundary}`;
  const parts: MimePart[] = [];
  let left = skipPreamble(rest, delimiter);
  while (left !== undefined) {
    const { headers: partHeaders, rest: body } = readHeaders(left);
    const end = endOfPart(body, delimiter);
    if (end === undefined) throw broken("a part does not end with the boundary");
    parts.push(decoded({ headers: partHeaders, content: body.slice(0, end.contentEnd) }));
    const line = lineAt(body, end.delimiterStart);
    if (/^--[ \t]*\r?\n?$/.test(line.slice(delimiter.length))) break;
    if (!/^[ \t]*\r?\n$/.test(line.slice(delimiter.length))) throw broken("unexpected text after a boundary");
    left = body.slice(end.delimiterStart + line.length);
  }
  return parts;
}

function skipPreamble(text: string, delimiter: string): string | undefined {
  for (let at = 0; at < text.length; ) {
    const line = lineAt(text, at);
    const after = line.startsWith(delimiter) ? line.slice(delimiter.length) : undefined;
    if (after !== undefined && /^[ \t]*\r?\n$/.test(after)) return text.slice(at + line.length);
    if (after !== undefined && /^--[ \t]*\r?\n?$/.test(after)) return undefined;
    at += line.length;
    if (!line.endsWith("\n")) break;
  }
  throw broken("no boundary");
}

/** Where the next boundary line starts, and where the content before it ends: its line break belongs to the boundary. */
function endOfPart(body: string, delimiter: string): { readonly contentEnd: number; readonly delimiterStart: number } | undefined {
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    const startsLine = at === 0 || body[at - 1] === "\n";
    if (!startsLine || !/^([ \t\r\n]|--|$)/.test(body.slice(at + delimiter.length))) continue;
    const newline = at === 0 ? 0 : body[at - 2] === "\r" ? 2 : 1;
    return { contentEnd: at - newline, delimiterStart: at };
  }
  return undefined;
}

function lineAt(text: string, at: number): string {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.slice(at) : text.slice(at, end + 1);
}

function readHeaders(text: string): { readonly headers: Readonly<Record<string, readonly string[]>>; readonly rest: string } {
  const headers: Record<string, string[]> = {};
  let last: string[] | undefined;
  let at = 0;
  while (at < text.length) {
    const line = lineAt(text, at);
    at += line.length;
    const content = line.replace(/\r?\n$/, "");
    if (content === "") return { headers, rest: text.slice(at) };
    if (/^[ \t]/.test(content)) {
      if (last === undefined) throw broken("a header starts with a space");
      last.push(`${last.pop() ?? ""} ${content.trim()}`);
      continue;
    }
    const colon = content.indexOf(":");
    if (colon <= 0 || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(content.slice(0, colon))) throw broken("a header line without a name");
    last = headers[canonicalName(content.slice(0, colon))] ??= [];
    last.push(content.slice(colon + 1).trim());
  }
  throw broken("headers without an end");
}

function boundaryOf(contentType: string | undefined): string {
  if (contentType === undefined) throw broken("no Content-Type");
  if (!/^multipart\//i.test(contentType.trim())) throw broken("not multipart");
  const match = /;\s*boundary=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(contentType);
  const boundary = match?.[1]?.replace(/\\(.)/g, "$1") ?? match?.[2] ?? "";
  if (boundary === "") throw broken("no boundary");
  return boundary;
}

/** Quoted-printable is undone, as Go's reader does; other encodings stay. */
function decoded(one: MimePart): MimePart {
  const { "Content-Transfer-Encoding": encoding, ...headers } = one.headers;
  if (encoding?.[0]?.toLowerCase() !== "quoted-printable") return one;
  return { headers, content: one.content.replace(/[ \t]+(\r?\n)/g, "$1").replace(/=\r?\n/g, "").replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) };
}

function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

function broken(problem: string): UserDataError {
  return new UserDataError("user-data", problem, { path: "spec.userData", expected: "a multipart MIME message" });
}
