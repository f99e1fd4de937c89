import { z } from "zod";

import { findingPolicies } from "../../model/llm-provider";
import { zoneIds } from "../../model/zone";
import { world } from "../finding";

const zone = z.enum(zoneIds);

const evidenceSchema = z.strictObject({
  urn: z.string().meta({ description: "The resource's URN." }),
  label: z.string().meta({ description: "What it is, in a few words." }),
});

/** Where a resource is created in the program. */
export const positionSchema = z.strictObject({
  file: z.string().meta({ description: "Path from the program's folder, with forward slashes." }),
  line: z.int().positive(),
  column: z.int().positive(),
});

export type Position = z.output<typeof positionSchema>;

const frameworkSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  reference: z.string().meta({ description: "The paragraph, control or section." }),
  specification: z.string().meta({ description: "Its own title." }),
});

const findingSchema = z
  .strictObject({
    fingerprint: z
      .string()
      .meta({ description: "Stays the same from run to run as long as the same thing is at fault." }),
    id: z
      .string()
      .meta({ description: "The rule's id, such as BH-101; its name, in a pack that gives none." }),
    rule: z.string().meta({ description: "The policy's name." }),
    title: z.string(),
    level: z.enum(["mandatory", "advisory"]).meta({ description: "Whether it refuses the stack." }),
    severity: z.enum(["unspecified", "low", "medium", "high", "critical"]),
    verdict: z
      .enum(["open", "undetermined"])
      .nullable()
      .meta({ description: "Whether it is proved, or not disproved; null, in a pack that does not say." }),
    urn: z.string().meta({ description: "The resource at fault." }),
    summary: z.string(),
    packet: z.string().nullable().meta({ description: "The packet that would pass." }),
    path: z.array(z.string()).meta({ description: "What it passes on its way." }),
    passes: z.array(z.string()).meta({
      description: "URNs of what it passes, with `world` for what is outside of the stack.",
    }),
    openedBy: z.array(evidenceSchema),
    notes: z.array(z.string()),
    remedy: z.string().nullable(),
    frameworks: z.array(frameworkSchema),
    url: z.string().nullable().meta({ description: "The rule's page, from the folder of the pack." }),
    position: positionSchema.nullable(),
    waiver: z
      .int()
      .nonnegative()
      .nullable()
      .meta({ description: "The index, in `waivers`, of the waiver by which it refuses nothing." }),
  })
  .meta({ description: "A rule that is broken, or that nothing shows to hold." });

export type ReportedFinding = z.output<typeof findingSchema>;

const connectionSchema = z.strictObject({
  from: z.string().meta({ description: "Who opens it: a peer, a filter's label, or `world`." }),
  to: z.string(),
  fromZone: z.union([zone, z.literal(world)]).nullable(),
  toZone: z.union([zone, z.literal(world)]).nullable(),
  protocol: z.string(),
  port: z.string(),
  transport: z.string().meta({ description: "How the ends know each other, or `undeclared`." }),
  openedBy: z.array(evidenceSchema).meta({ description: "What lets its packets pass, in order." }),
});

export type ReportedConnection = z.output<typeof connectionSchema>;

/** What became of a waiver. */
export const waiverStatuses = ["used", "unused", "expired", "too-broad", "refused"] as const;

const waiverSchema = z.strictObject({
  rule: z.string(),
  resource: z.string().meta({ description: "A URN, or a glob of URNs." }),
  reason: z.string(),
  owner: z.string(),
  expires: z.string().meta({ description: "The last day on which it counts, YYYY-MM-DD." }),
  status: z.enum(waiverStatuses),
  problem: z.string().nullable().meta({ description: "Why it does not count, where it does not." }),
});

export type ReportedWaiver = z.output<typeof waiverSchema>;

const proofSchema = z.strictObject({
  rule: z.string(),
  statement: z.string().meta({ description: "What the resources show, in a sentence." }),
  evidence: z.array(evidenceSchema),
});

export type ReportedProof = z.output<typeof proofSchema>;

const guaranteeSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  status: z.enum(["held", "broken", "not-applicable"]),
  rules: z.array(z.string()),
  frameworks: z.array(frameworkSchema),
  proofs: z.array(proofSchema),
  findings: z.array(z.string()).meta({ description: "Fingerprints of the findings that break it." }),
  notShown: z.array(z.string()).meta({ description: "What this report does not show of it." }),
});

export type ReportedGuarantee = z.output<typeof guaranteeSchema>;

const zoneConnectionSchema = z.strictObject({
  fromZone: z.string(),
  toZone: z.string(),
  protocol: z.string(),
  port: z.string(),
});

const changesSchema = z
  .strictObject({
    base: z.strictObject({
      file: z.string(),
      stack: z.string(),
      verdict: z.enum(["accepted", "refused"]),
    }),
    notCompared: z.array(z.string()).meta({ description: "What could not be compared, and why." }),
    opened: z.array(connectionSchema),
    closed: z.array(connectionSchema),
    zonesOpened: z.array(zoneConnectionSchema),
    zonesClosed: z.array(zoneConnectionSchema),
    newFindings: z.array(z.string()).meta({ description: "Fingerprints of findings that the base has not." }),
    goneFindings: z.array(findingSchema),
    newWaivers: z.array(waiverSchema),
    goneWaivers: z.array(waiverSchema),
  })
  .meta({ description: "What differs from a report that was saved before." });

export type ReportedChanges = z.output<typeof changesSchema>;

const certificateSchema = z
  .strictObject({
    urn: z.string(),
    peer: z.string().meta({ description: "Whom it identifies: a SPIFFE ID, or its names." }),
    place: z
      .enum(["leaf", "intermediate", "root"])
      .nullable()
      .meta({ description: "Where it stands in a chain, if that is known." }),
    epoch: z.int().nullable().meta({ description: "The number of its epoch, if the platform issues it." }),
    serial: z.string().nullable().meta({ description: "Its serial number, in hexadecimal digits." }),
    ends: z.string().nullable().meta({ description: "When it ends, if that is known." }),
    daysLeft: z.number().nullable().meta({
      description: "The days that it has left as the day begins; of what is not issued yet, all of its life.",
    }),
    planned: z.boolean().meta({ description: "Whether it is not issued yet, or nothing shows that it is." }),
    newest: z.boolean().meta({ description: "Whether it has the most left of those of its peer." }),
    due: z
      .boolean()
      .meta({ description: "Whether it is the newest of its peer, and has, or may have, too little left." }),
    renewal: z.string().meta({ description: "What renews it, and when." }),
  })
  .meta({ description: "A certificate that the stack has issued, or asks for." });

export type ReportedCertificate = z.output<typeof certificateSchema>;

const useSchema = z.strictObject({
  role: z.string(),
  resource: z.string(),
  allowed: z.boolean(),
  locations: z.array(z.string()).meta({ description: "From where; nowhere, where it is not allowed." }),
  secondFactor: z.boolean().meta({ description: "Whether a second factor is asked for." }),
});

const callSchema = z.strictObject({
  agent: z.string(),
  tool: z.string(),
  may: z.enum(["read", "write"]).meta({ description: "What it may do with it." }),
  actsFor: z.array(z.string()).meta({ description: "The roles for which the agent may." }),
  mostRows: z.int().nullable().meta({ description: "How many rows it may ask for; null, for any number." }),
  patientInContext: z.boolean().meta({ description: "Whether it is bound to the patient in context." }),
});

const accessSchema = z
  .strictObject({
    platform: z.string(),
    urns: z.array(z.string()).meta({ description: "The resources that tell it to the decision points." }),
    notKnown: z.string().nullable().meta({ description: "Why it is not known, where it is not." }),
    sessionMinutes: z.int().nullable(),
    uses: z.array(useSchema).meta({
      description: "Every role with every resource; devices have to be compliant for each.",
    }),
    calls: z.array(callSchema).meta({ description: "The tools that agents may call for their users." }),
    ownPolicies: z.array(z.string()).meta({
      description: "Policies of the hospital's own, which may permit or forbid more.",
    }),
  })
  .meta({ description: "Who may do what on a platform, as its decision points are told." });

export type ReportedAccess = z.output<typeof accessSchema>;

const policy = z.enum(findingPolicies);

const providerSchema = z
  .strictObject({
    platform: z
      .string()
      .nullable()
      .meta({ description: "The platform that declares it; null, where the pack's configuration does." }),
    id: z.string(),
    kind: z.enum(["native", "external"]),
    hosts: z.array(z.string()).meta({ description: "The hosts of its API; none of a native one." }),
    models: z.array(
      z.strictObject({
        name: z.string(),
        onFinding: policy.meta({ description: "What is declared to happen to a prompt with PHI." }),
        today: policy.meta({ description: "What happens on the day: no PHI passes without an agreement." }),
      }),
    ),
    agreement: z
      .strictObject({
        signed: z.string(),
        expires: z.string().meta({ description: "The first day without it, or `until-terminated`." }),
        holds: z.boolean().meta({ description: "Whether it holds on the day of the report." }),
        daysLeft: z
          .int()
          .min(1)
          .optional()
          .meta({ description: "How many days it still holds, where these are fewer than 30." }),
      })
      .nullable(),
    calledBy: z.array(z.string()).meta({ description: "Ids of the workloads that may call it." }),
    entries: z.array(evidenceSchema).meta({ description: "What lets something through to its hosts." }),
  })
  .meta({ description: "A provider of large language models, and what may go to it." });

export type ReportedProvider = z.output<typeof providerSchema>;

const resourceSchema = z.strictObject({
  urn: z.string(),
  type: z.string(),
  name: z.string(),
  parent: z.string().nullable(),
  zone: zone.nullable().meta({ description: "The zone in which it was judged." }),
  position: positionSchema.nullable(),
});

export type ReportedResource = z.output<typeof resourceSchema>;

const endSchema = z.strictObject({
  name: z.string(),
  zone: zone.nullable(),
  urns: z.array(z.string()).meta({ description: "Filters that are in force on it, and their rules." }),
});

/** What the judge says of a stack: the one model of which every format of the report is made. */
export const reportSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: "The version of this format." }),
    subject: z.enum(["preview", "state", "engine"]).meta({
      description: "What was judged: an offline preview, an exported state, or what Pulumi showed.",
    }),
    verdict: z.enum(["accepted", "refused"]),
    cloud: z.string(),
    project: z.string(),
    stack: z.string(),
    resources: z.array(resourceSchema),
    ends: z
      .array(endSchema)
      .meta({ description: "Who stands behind filters, and can be an end of a connection." }),
    matrix: z.array(connectionSchema).meta({
      description: "Who can open a connection to whom, computed from the resources.",
    }),
    matrixOmitted: z
      .string()
      .nullable()
      .meta({ description: "Why there is no matrix, where there is none." }),
    findings: z.array(findingSchema),
    policies: z.array(z.string()).optional().meta({
      description: "Names of the policies that were asked, if it is known. Those that no finding names hold.",
    }),
    waivers: z.array(waiverSchema),
    certificates: z.array(certificateSchema).optional().meta({
      description: "Certificates, by peer, the newest of each first; reports of older packs have none.",
    }),
    access: z.array(accessSchema).optional().meta({
      description: "Who may do what, by platform; reports of older packs do not say.",
    }),
    providers: z.array(providerSchema).optional().meta({
      description:
        "Providers of large language models, agreements and what may go where; reports of older packs do not say.",
    }),
    guarantees: z.array(guaranteeSchema),
    changes: changesSchema.nullable(),
    warnings: z.array(z.string()),
    durationMs: z.int().nonnegative(),
  })
  .meta({ title: "Bulkhead report" });

export type Report = z.output<typeof reportSchema>;
