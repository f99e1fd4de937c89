import { purposeBlock } from "../../../model/address-plan";
import type { Cidr } from "../../../model/cidr";
import type { ExternalProvider } from "../../../model/llm-provider";
import type { PlatformSpec } from "../../../model/platform-spec";
import type { Workload } from "../../../model/workload";
import type { ZoneId } from "../../../model/zone";

/**
 * Where the private endpoints are that a workload's flows name, as blocks of addresses: those of the zone that the endpoints
 * are in, and of its own, where a cloud with one network a zone has them. Which of them answers it, the cloud's own filters
 * say.
 */
export function endpointBlocks({ zones, flows }: PlatformSpec, { id, zone }: Workload): readonly Cidr[] {
  const reached = new Set(
    flows.flatMap(({ from, to }): readonly ZoneId[] =>
      from.kind !== "workload" || from.id !== id
        ? []
        : to.kind === "platform-service"
          ? [zone, "processing"]
          : to.kind === "data-store"
            ? [zone, "phi"]
            : [],
    ),
  );
  return zones
    .filter((candidate) => reached.has(candidate.id))
    .map((candidate) => purposeBlock(candidate, "private-endpoint"));
}

/** The external providers that a workload's flows name. */
export function providersOf(
  { flows, llmProviders }: PlatformSpec,
  { id }: Workload,
): readonly ExternalProvider[] {
  const named = new Set(
    flows.flatMap(({ from, to }) =>
      from.kind === "workload" && from.id === id && to.kind === "llm-provider" ? [to.id] : [],
    ),
  );
  return llmProviders.filter(
    (provider): provider is ExternalProvider => provider.kind === "external" && named.has(provider.id),
  );
}
