import type { Instance, LaunchFailure } from "./action.ts";
import type { RegistrationHook } from "./event.ts";

/**
 * What is known of the world outside the API server when a pass runs.
 *
 * A field that is absent has not been asked: a pass that needs it emits the question as an action and stops there.
 * `asked` means that the answer is on its way: the pass stops without asking again.
 */
export interface Answers {
  readonly launch?: "asked" | LaunchAnswer;
  /** Does the provider still know the instance? */
  readonly instance?: "asked" | "present" | "gone";
  /** What became of the last termination call. */
  readonly termination?: "asked" | "terminating" | "gone";
  /** What the provider says about drift; absent or `""`: none. */
  readonly providerDrift?: string;
  readonly registrationHooks?: readonly RegistrationHook[];
}

export type LaunchAnswer =
  | { readonly launched: true; readonly instance: Instance }
  | {
      readonly launched: false;
      readonly kind: LaunchFailure;
      readonly message: string;
      /** Reason and message for the condition Launched, where the provider names them. */
      readonly condition?: { readonly reason: string; readonly message: string };
    };
