import { al2 } from "./al2.ts";
import { al2023 } from "./al2023.ts";
import type { Bootstrap } from "./bootstrap.ts";
import { bottlerocket } from "./bottlerocket.ts";
import { windows } from "./windows.ts";

/** EC2's limit on user data, before base64. */
export const USER_DATA_LIMIT_BYTES = 16_384;

/**
 * The script a node starts with, before base64.
 *
 * @throws UserDataError where the node class's own user data does not parse, or the cluster is not known well enough
 */
export function userData(bootstrap: Bootstrap): string {
  switch (bootstrap.family) {
    case "AL2023":
      return al2023(bootstrap);
    case "Bottlerocket":
      return bottlerocket(bootstrap);
    case "Windows2019":
    case "Windows2022":
    case "Windows2025":
      return windows(bootstrap);
    case "Custom":
      return bootstrap.custom ?? "";
    case "AL2":
      return al2(bootstrap);
  }
}

/** Base64 of text as UTF-8. */
export function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
