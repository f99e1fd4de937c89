import { setTimeout as sleep } from "node:timers/promises";

import { programPort, upstreamsOf } from "../components/mesh/ports";
import { platformSpec } from "../model/platform-spec";
import { referencePlatform } from "../model/reference-platform";
import { SteadyLoad } from "../test/mesh/steady-load";
import { TestMesh } from "../test/mesh/test-mesh";

/** How long each load runs, in milliseconds: first unmeasured, so that connections and code are warm. */
const warmUp = 1000;
const measured = 4000;

/** Of requests on one way, in milliseconds but for the rate. */
export interface WayCost {
  /** One request at a time: the median, and what one in a hundred exceeds. */
  readonly median: number;
  readonly slowest: number;
  /** Sixteen at a time: requests a second. */
  readonly rate: number;
}

/** What two proxies cost a request between two programs on one machine. */
export interface MeshCost {
  /** From program to program. */
  readonly direct: WayCost;
  /** From program to proxy to proxy to program, with mutual TLS between the proxies. */
  readonly proxied: WayCost;
}

async function loaded(
  target: { readonly host: string; readonly port: number },
  lanes: number,
): Promise<SteadyLoad> {
  const warming = new SteadyLoad(target, lanes);
  await sleep(warmUp);
  await warming.stop();
  const load = new SteadyLoad(target, lanes);
  await sleep(measured);
  await load.stop();
  if (load.failures.length > 0) {
    throw new Error(`requests failed: ${load.failures.slice(0, 3).join(", ")}`);
  }
  return load;
}

async function costOf(target: { readonly host: string; readonly port: number }): Promise<WayCost> {
  const { latencies } = await loaded(target, 1);
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? NaN;
  const { rate } = await loaded(target, 16);
  return { median: at(0.5), slowest: at(0.99), rate };
}

/**
 * Sends requests from one workload's program to another's, past their proxies and through them, as the platform configures
 * them. Who sends, both proxies and who answers share the machine.
 */
export async function meshCost(): Promise<MeshCost> {
  const spec = platformSpec(referencePlatform);
  const mesh = await TestMesh.create(spec);
  try {
    const [caller, called] = await Promise.all([mesh.start("rag-service"), mesh.start("embedding-service")]);
    const upstream = upstreamsOf(spec, caller.workload).find(
      ({ workload: { id } }) => id === "embedding-service",
    );
    return {
      direct: await costOf({ host: called.place.address, port: programPort }),
      proxied: await costOf({ host: caller.place.address, port: upstream?.port ?? 0 }),
    };
  } finally {
    await mesh.stop();
  }
}
