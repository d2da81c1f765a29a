import { applyDefaults, type DefinitionSource, validateCreate, validateUpdate, type Validation } from "@groupless/manifests";
import type { Suite } from "../suite.ts";

function definitions(crd: string): { definitions: DefinitionSource } {
  return { definitions: crd.split("/")[0] as DefinitionSource };
}

function answer({ valid, rulesRun, errors }: Validation): unknown {
  return { valid, celRun: rulesRun, ...(errors.length === 0 ? {} : { errors: errors.map(({ path, reason, rule }) => ({ path, reason, ...(rule === undefined ? {} : { rule }) })) }) };
}

export const apiValidation: Suite = {
  functions: {
    "crd.create": ({ crd, object }) => answer(validateCreate(object, definitions(crd))),
    "crd.update": ({ crd, object, old }) => answer(validateUpdate(object, old, definitions(crd))),
    "crd.default": ({ crd, object }) => applyDefaults(object, definitions(crd)),
  },
};
