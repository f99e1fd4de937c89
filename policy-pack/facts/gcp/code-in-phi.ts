import type { ResourceType } from "../../resource-type";
import type { Blind } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";

import type { GcpStack } from "./gcp-stack";

/** Types that run code of the customer's without a machine that the stack shows. */
export const codeTypes: readonly ResourceType[] = [
  "gcp:appengine:flexibleappversion",
  "gcp:appengine:standardappversion",
  "gcp:cloudfunctions:function",
  "gcp:cloudfunctionsv2:function",
  "gcp:cloudrun:service",
  "gcp:cloudrunv2:job",
  "gcp:cloudrunv2:service",
  "gcp:cloudrunv2:workerpool",
  "gcp:colab:runtime",
  "gcp:composer:environment",
  "gcp:dataflow:flextemplatejob",
  "gcp:dataflow:job",
  "gcp:datafusion:instance",
  "gcp:dataproc:batch",
  "gcp:dataproc:cluster",
  "gcp:notebooks:instance",
  "gcp:notebooks:runtime",
  "gcp:vertex:aipersistentresource",
  "gcp:vertex:aireasoningengine",
  "gcp:workbench:instance",
];

/** What runs code in the PHI zone of a platform, which is managed-only. */
export function codeInPhi(stack: GcpStack): readonly Blind[] {
  const { graph, zones } = stack;
  return graph
    .ofType(...codeTypes)
    .filter((node) => zones.of(node.urn) === "phi" && platformOf(stack, node) !== undefined)
    .map((node) => ({
      urn: node.urn,
      label: labelOf(node),
      zone: "phi",
      what: "It is in the PHI zone of a platform, which is managed-only: managed stores and nothing else.",
      remedy: "Run it in the processing zone, and let a flow name the store that it needs.",
    }));
}
