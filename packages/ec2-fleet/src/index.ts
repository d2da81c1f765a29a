export { type FetchOptions, type RefreshProgress, fetchPages } from "./refresh/fetch-pages.ts";
export type { Page, RefreshCall, RefreshItems, RefreshPort } from "./refresh/refresh-port.ts";
export { type RefreshOptions, type Refreshed, refreshRegion } from "./refresh/refresh-region.ts";
export { type SdkRefreshOptions, sdkRefreshPort } from "./refresh/sdk-refresh-port.ts";
