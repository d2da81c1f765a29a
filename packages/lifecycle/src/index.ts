export type { Action, Instance, InterruptionKind, LaunchFailure, ObjectAction, ProviderAction, ProviderEvent, ReportAction, RequeueAction } from "./action.ts";
