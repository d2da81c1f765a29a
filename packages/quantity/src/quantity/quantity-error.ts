import { InputError, type InputLocation } from "@groupless/api";

/** Text or a number that is no quantity. `location.column` is where in the text it stops being one, counted from 1. */
export class QuantityError extends InputError {
  override readonly name: string = "QuantityError";

  constructor(code: string, problem: string, expected: string, location: InputLocation = {}) {
    super(code, problem, { ...location, expected });
  }
}
