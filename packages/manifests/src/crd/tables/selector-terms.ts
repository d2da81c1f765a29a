import { ACCOUNT_ID, AMI_ID, CAPACITY_RESERVATION_ID, SECURITY_GROUP_ID, SUBNET_ID } from "../patterns.ts";
import { all, has, keys, RuleError, some } from "../rule-error.ts";
import { listOf, mapOf, object, oneOf, rule, type Rule, type Schema, text } from "../schema.ts";

const TAGS: Schema = mapOf(text(), { maxProperties: 20, rules: [rule("empty tag keys or values aren't supported", (self) => all(keys(self), (key) => key !== "" && self[key] !== ""))] });
const MOST_TERMS = 30;

function hasAny(term: any, fields: readonly string[]): boolean {
  return fields.some((field) => has(term, field));
}

function notEmpty(list: string): Rule {
  return rule(`${list} cannot be empty`, (self) => self.length !== 0);
}

function atLeastOne(...fields: readonly string[]): Rule {
  return rule(`expected at least one, got none, [${fields.map((field) => `'${field}'`).join(", ")}]`, (self) => all(self, (term) => hasAny(term, fields)));
}

// These three fail only if every term mixes the field with others: that is how the definition is written, and one good term hides a bad one.
function aloneInSomeTerm(field: string, others: readonly string[], ending: string): Rule {
  return rule(`'${field}' is mutually exclusive, cannot be set ${ending}`, (self) => !all(self, (term) => has(term, field) && hasAny(term, others)));
}

function aloneInEachTerm(field: string, others: readonly string[]): Rule {
  return rule(`'${field}' is mutually exclusive, cannot be set with a combination of other fields in amiSelectorTerms`, (self) => !some(self, (term) => has(term, field) && hasAny(term, others)));
}

export const SUBNET_TERMS: Schema = listOf(object({ id: text({ pattern: SUBNET_ID }), tags: TAGS }), {
  maxItems: MOST_TERMS,
  rules: [notEmpty("subnetSelectorTerms"), atLeastOne("tags", "id"), aloneInSomeTerm("id", ["tags"], "with a combination of other fields in a subnet selector term")],
});

export const SECURITY_GROUP_TERMS: Schema = listOf(object({ id: text({ pattern: SECURITY_GROUP_ID }), name: text(), tags: TAGS }), {
  maxItems: MOST_TERMS,
  rules: [
    notEmpty("securityGroupSelectorTerms"),
    atLeastOne("tags", "id", "name"),
    aloneInSomeTerm("id", ["tags", "name"], "with a combination of other fields in a security group selector term"),
    aloneInSomeTerm("name", ["tags", "id"], "with a combination of other fields in a security group selector term"),
  ],
});

export const CAPACITY_RESERVATION_TERMS: Schema = listOf(object({ id: text({ pattern: CAPACITY_RESERVATION_ID }), instanceMatchCriteria: oneOf("open", "targeted"), ownerID: text({ pattern: ACCOUNT_ID }), tags: TAGS }), {
  maxItems: MOST_TERMS,
  rules: [atLeastOne("tags", "id", "instanceMatchCriteria"), aloneInSomeTerm("id", ["tags", "ownerID", "instanceMatchCriteria"], "along with other fields in a capacity reservation selector term")],
});

const ALIAS_FAMILIES: readonly string[] = ["al2", "al2023", "bottlerocket", "windows2019", "windows2022", "windows2025"];

const ALIAS: Schema = text({
  maxLength: 30,
  rules: [
    rule("'alias' is improperly formatted, must match the format 'family@version'", (self) => /^[a-zA-Z0-9]+@[^\n]+$/.test(self)),
    rule(`family is not supported, must be one of the following: ${ALIAS_FAMILIES.map((family) => `'${family}'`).join(", ")}`, (self: string) => ALIAS_FAMILIES.includes(self.split("@")[0] as string)),
    rule("windows families may only specify version 'latest'", (self: string) => {
      const [family, version] = self.split("@") as [string, string?];
      if (!ALIAS_FAMILIES.includes(family) || !family.startsWith("windows")) return true;
      if (version === undefined) throw new RuleError("index out of bounds: 1");
      return version === "latest";
    }),
  ],
});

export const AMI_TERMS: Schema = listOf(object({ alias: ALIAS, id: text({ pattern: AMI_ID }), name: text(), owner: text(), ssmParameter: text(), tags: TAGS }), {
  minItems: 1,
  maxItems: MOST_TERMS,
  rules: [
    atLeastOne("tags", "id", "name", "alias", "ssmParameter"),
    aloneInEachTerm("id", ["alias", "tags", "name", "owner"]),
    aloneInEachTerm("alias", ["id", "tags", "name", "owner"]),
    rule("'alias' is mutually exclusive, cannot be set with a combination of other amiSelectorTerms", (self) => !(some(self, (term) => has(term, "alias")) && self.length !== 1)),
  ],
});
