import type { Filter } from "../port/tag.ts";

/** The filters of a selector's tags; the value `*` asks for the key alone. */
export function tagFilters(tags: Readonly<Record<string, string>> | undefined): readonly Filter[] {
  return Object.entries(tags ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => (value === "*" ? { Name: "tag-key", Values: [key] } : { Name: `tag:${key}`, Values: [value] }));
}

/** One query a term by tags, and one for each of the given kinds of identity that terms use; an identity wins over what else its term says. */
export function filterSets<Term extends { readonly tags?: Readonly<Record<string, string>> }>(terms: readonly Term[], identities: readonly (readonly [string, (term: Term) => string | undefined])[]): readonly (readonly Filter[])[] {
  const byIdentity = identities.map(([Name, pick]) => ({ Name, pick, Values: [] as string[] }));
  const byTags: (readonly Filter[])[] = [];
  for (const term of terms) {
    const identity = byIdentity.find(({ pick }) => (pick(term) ?? "") !== "");
    if (identity === undefined) byTags.push(tagFilters(term.tags));
    else identity.Values.push(identity.pick(term) as string);
  }
  return [...byTags, ...byIdentity.filter(({ Values }) => Values.length > 0).map(({ Name, Values }) => [{ Name, Values }])];
}
