import { InputError } from "@groupless/api";

/** A story that cannot be played: file, line, path, and what was expected. */
export class StoryError extends InputError {
  override readonly name: string = "StoryError";
}
