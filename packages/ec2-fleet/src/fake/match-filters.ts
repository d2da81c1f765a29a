import type { Filter, Tag } from "../port/tag.ts";

/** EC2's filters: every filter must hold, any of its values will do; `*` and `?` are wildcards. */
export function matchesFilters(filters: readonly Filter[] | undefined, attributes: Readonly<Record<string, string | undefined>>, tags: readonly Tag[] | undefined): boolean {
  return (filters ?? []).every(({ Name, Values }) => {
    if (Name === "tag-key") return Values.some((value) => tags?.some(({ Key }) => matches(Key, value)));
    if (Name.startsWith("tag:")) return Values.some((value) => tags?.some(({ Key, Value = "" }) => Key === Name.slice(4) && matches(Value, value)));
    const attribute = attributes[Name];
    return attribute !== undefined && Values.some((value) => matches(attribute, value));
  });
}

function matches(text: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) return text === pattern;
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
