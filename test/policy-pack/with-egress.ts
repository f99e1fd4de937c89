import type { PlatformFile } from "../../model/platform-file";
import { withExternalProviders } from "../model/with-external-providers";

import { eachKind } from "./each-kind";

const [, provider] = withExternalProviders.llmProviders ?? [];
const egress = withExternalProviders.zones.find(({ id }) => id === "egress");
const guard = withExternalProviders.workloads.find(({ zone }) => zone === "egress");
if (provider === undefined || egress === undefined || guard === undefined) {
  throw new Error("the platform with external providers has no egress zone");
}

/** Each kind of thing once, with one external provider and one workload that calls it: it is judged some thousand times. */
export const withEgress: PlatformFile = {
  ...eachKind,
  zones: [...eachKind.zones, egress],
  workloads: [...eachKind.workloads, { ...guard, replicas: 1 }],
  llmProviders: [...(eachKind.llmProviders ?? []), provider],
  flows: [
    ...eachKind.flows,
    { from: "workload/rag-service", to: "workload/egress-guard" },
    { from: "workload/egress-guard", to: `llm-provider/${provider.id}` },
    { from: "zone/egress", to: "platform-service/secrets" },
    { from: "zone/egress", to: "platform-service/registry" },
    { from: "zone/egress", to: "platform-service/logs" },
    { from: "zone/egress", to: "platform-service/metrics" },
  ],
};
