import { GARBAGE_COLLECTION_MS, collectGarbage, nothingObserved } from "@groupless/lifecycle";
import type { World } from "../controllers/world.ts";
import type { Cloud } from "./cloud.ts";

/** Every two minutes: deletes claims whose instance is gone, and has instances terminated that no claim knows. */
export function garbage({ server, clock, recorder }: World, cloud: Cloud): void {
  const look = (): void => {
    clock.after(GARBAGE_COLLECTION_MS, look);
    const nodeClaims = server.list("NodeClaim");
    const observed = { ...nothingObserved, nodeClaims, nodes: server.list("Node") };
    const running = cloud.running();
    const { actions } = collectGarbage(observed, running, { nowMs: clock.nowMs() });
    for (const action of actions) {
      if (action.type !== "delete") continue;
      recorder.log("INFO", "controller.nodeclaim.garbagecollection", "garbage collecting nodeclaim with no cloudprovider representation", [["nodeclaim", action.name]]);
      server.remove(action.kind, action.name);
    }
    // EC2 is only asked when something is left over: most rounds find nothing.
    const claimed = new Set(nodeClaims.map(({ status }) => status?.providerID));
    if (!running.some(({ providerID }) => !claimed.has(providerID))) return;
    clock.background(
      cloud.collectGarbage(() => server.list("NodeClaim")).then((providerIDs) => {
        for (const providerID of providerIDs) recorder.log("INFO", "controller.nodeclaim.garbagecollection", "garbage collected cloudprovider instance", [["provider-id", providerID]]);
      }),
    );
  };
  clock.after(GARBAGE_COLLECTION_MS, look);
}
