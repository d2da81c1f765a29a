import { loadModel } from "/work/main/test/bench/cost/workload.ts";
import { prune } from "/work/main/packages/bin-packer/src/cheapest/prune.ts";
import { volumeBound } from "/work/main/packages/bin-packer/src/cheapest/volume-bound.ts";
import { optimise } from "/work/main/packages/bin-packer/src/cheapest/optimise.ts";
const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
for (const name of process.argv.slice(2)) {
  const [w, c, b] = name.split("/");
  let t = cpu();
  const m = loadModel(`/work/shared/bounds/workloads/${w}.json`, `/work/shared/bounds/catalogs/${c}.json`);
  const t1 = cpu(); const { model } = prune(m); const t2 = cpu(); const v = volumeBound(model); const t3 = cpu();
  const r = optimise(m, Number(b ?? 1000)); const t4 = cpu();
  console.log(name, `classes ${m.classCount} bins ${m.binCount}->${model.binCount} load ${(t1-t).toFixed(2)} prune ${(t2-t1).toFixed(2)} lp ${(t3-t2).toFixed(2)} optimise ${(t4-t3).toFixed(2)} ratio ${(r.priceUsdPerHour/r.boundUsdPerHour).toFixed(4)} vol ${v.boundUsdPerHour.toFixed(3)} b ${r.boundUsdPerHour.toFixed(3)} opened ${v.opened.filter(x=>x>1e-6).length}`);
}
