import { z } from "zod";

import { accessPolicySchema } from "./access-policy";
import { auditPolicySchema } from "./audit-policy";
import { certificatePolicySchema } from "./certificate-policy";
import { dataStoreSchema } from "./data-store";
import { edgeSchema } from "./edge";
import { flowSchema } from "./flow";
import { inspectionPolicySchema } from "./inspection-policy";
import { llmProviderSchema } from "./llm-provider";
import { meshSchema } from "./mesh";
import { workloadSchema } from "./workload";
import { zoneSchema } from "./zone";

/** The shape of a platform file. What its values must satisfy beyond their shape is in `invariants.ts`. */
export const platformDocumentSchema = z
  .strictObject({
    $schema: z.string().optional().meta({ description: "The JSON schema of this file, for editors." }),
    name: z.string().meta({ description: "Name of the platform; the names of its resources begin with it." }),
    trustDomain: z.string().meta({
      description: "SPIFFE trust domain of the workloads' identities.",
      examples: ["ai.hospital.example"],
    }),
    network: z
      .strictObject({
        addressSpace: z.string().meta({
          description: "Private IPv4 addresses that the platform may use.",
          examples: ["10.40.0.0/16"],
        }),
      })
      .meta({ description: "The platform's address space." }),
    zones: z
      .array(zoneSchema)
      .meta({ description: "Each zone once; `egress` only with an external LLM provider." }),
    edge: edgeSchema.prefault({}),
    workloads: z.array(workloadSchema).meta({ description: "The services that the customer runs." }),
    dataStores: z.array(dataStoreSchema).meta({ description: "The managed stores of the PHI zone." }),
    llmProviders: z.array(llmProviderSchema).default([]).meta({ description: "Where prompts may be sent." }),
    inspection: inspectionPolicySchema.prefault({}),
    flows: z
      .array(flowSchema)
      .meta({ description: "Every connection that may be opened; nothing else may." }),
    mesh: meshSchema,
    certificates: certificatePolicySchema.prefault({}),
    access: accessPolicySchema,
    audit: auditPolicySchema.prefault({}),
  })
  .meta({
    title: "Bulkhead platform",
    description:
      "One segmented, zero-trust platform for clinical AI, rendered on AWS, Azure or Google Cloud.",
  });

/** What a platform file says, defaults filled in. */
export type PlatformDocument = z.output<typeof platformDocumentSchema>;
