import { z } from "zod";

import { identityProviderSchema, type IdentityProvider } from "./identity-provider";

/** What the names of resources begin with that disclose PHI. */
export const phiPrefix = "phi";

/** The workload that decides (NIST SP 800-207 §3, policy decision point). */
export const decisionPointId = "decision-point";

/** The workload through which agents call tools. */
export const toolGatewayId = "agent-tools";

export const networkLocations = ["corporate_network", "vpn", "external"] as const;

/** Where a request comes from, as the enforcement point sees it. None of them is trust in itself. */
export type NetworkLocation = (typeof networkLocations)[number];

/** What is said of a device. Whatever else is said of it, or nothing, is no compliance. */
export const deviceStates = ["compliant", "non_compliant"] as const;

/** What the people in one function may use. */
export interface Role {
  /** Name of the role. */
  readonly id: string;
  /** The resources that the role may use; those whose name begins with `phi` disclose PHI. */
  readonly resources: readonly string[];
}

/** Where workloads offer tools, by the Model Context Protocol. */
export const toolPath = "/mcp";

/** What a tool does with what it is for. */
export const toolAccesses = ["read", "write"] as const;

export type ToolAccess = (typeof toolAccesses)[number];

/** A tool that a workload offers to agents, by the Model Context Protocol. */
export interface Tool {
  /** Name of the tool. */
  readonly id: string;
  /** The workload that offers it, at the path `/mcp`. */
  readonly server: string;
  /** What it does. */
  readonly access: ToolAccess;
  /** The argument that names the patient, if it has one: it must be the patient in context. */
  readonly patientArgument?: string | undefined;
  /** The argument that says how many rows are asked for, if it has one. */
  readonly rowsArgument?: string | undefined;
}

/** A tool that an agent may call. */
export interface ToolGrant {
  /** Name of the tool. */
  readonly id: string;
  /** What the agent may do with it; to write includes to read. */
  readonly access: ToolAccess;
  /** How many rows it may ask for at most, where the tool is told how many. */
  readonly mostRows?: number | undefined;
}

/** A program that acts for a user: a tool call is allowed only if both may make it. */
export interface Agent {
  /** Name of the agent. */
  readonly id: string;
  /** The workload that it is, by whose identity it is known; no other agent has it. */
  readonly workload: string;
  /** The roles for which it may act. */
  readonly actsFor: readonly string[];
  /** The tools that it may call. */
  readonly tools: readonly ToolGrant[];
}

/** Addresses of a network of the hospital's. */
export interface Network {
  /** What requests from there are said to come from. */
  readonly location: Exclude<NetworkLocation, "external">;
  /** The addresses, as the load balancer sees them. */
  readonly addresses: readonly string[];
}

/**
 * The resource of a route on which a request goes on with what was granted at the entrance. A workload that offers tools about
 * patients discloses PHI, so nothing goes on there for a resource that does not.
 */
export const asGranted = "as-granted";

/** Which resource a request is about, and who asks for the decision. What no route names is denied. */
export interface AccessRoute {
  /** The workload whose enforcement point asks before each request. */
  readonly at: string;
  /** With what the path begins: whole segments. The longest that fits is the route. */
  readonly path: string;
  /** The resource; `as-granted` stands for that of the decision that the request carries. */
  readonly resource: string;
  /** What is done with it, as decisions and records call it. */
  readonly action: string;
}

/** A policy of the hospital's own, beside those that the rest of the access policy becomes. */
export interface OwnPolicy {
  /** Its id, which decisions and records name. */
  readonly id: string;
  /** The policy, in Cedar: one `permit` or `forbid`. */
  readonly cedar: string;
}

/** Who may do what, decided for every request (NIST SP 800-207 §2.1, tenets 3 and 4). */
export interface AccessPolicy {
  /** What each role may use; one role at least. */
  readonly roles: readonly Role[];
  /** The programs that act for users. */
  readonly agents: readonly Agent[];
  /** What agents may be let call. */
  readonly tools: readonly Tool[];
  /** Devices have to be compliant, always. */
  readonly deviceCompliance: "required";
  /** From where resources that disclose PHI may be used. */
  readonly phiLocations: readonly NetworkLocation[];
  /** How long an allowed session lasts, in minutes. */
  readonly sessionMinutes: number;
  /** Resources for which a second factor is asked. */
  readonly mfaResources: readonly string[];
  /** Networks of the hospital's; every other address is external. */
  readonly networks: readonly Network[];
  /** Who says who a clinician is; there if anything is asked about. */
  readonly identityProvider?: IdentityProvider | undefined;
  /** What enforcement points ask about. */
  readonly routes: readonly AccessRoute[];
  /** Policies of the hospital's own besides. */
  readonly policies: readonly OwnPolicy[];
}

const names = z.array(z.string());

export const accessPolicySchema = z
  .strictObject({
    roles: z
      .array(
        z.strictObject({
          id: z.string().meta({ description: "Name of the role.", examples: ["attending_physician"] }),
          resources: names.meta({
            description: "What the role may use; a name that begins with `phi` discloses PHI.",
          }),
        }),
      )
      .min(1),
    agents: z
      .array(
        z.strictObject({
          id: z.string().meta({ description: "Name of the agent." }),
          workload: z
            .string()
            .meta({ description: "The workload that it is, by whose identity it is known." }),
          actsFor: names.min(1).meta({ description: "The roles for which it may act." }),
          tools: z
            .array(
              z.strictObject({
                id: z.string(),
                access: z.enum(toolAccesses).default("read"),
                mostRows: z.int().min(1).optional(),
              }),
            )
            .meta({
              description:
                "The tools that it may call, each to read only when `access` is left out; `mostRows` bounds what it may ask for.",
            }),
        }),
      )
      .default([]),
    tools: z
      .array(
        z.strictObject({
          id: z.string().meta({ description: "Name of the tool." }),
          server: z.string().meta({ description: "The workload that offers it, at the path /mcp." }),
          access: z.enum(toolAccesses).meta({ description: "What it does." }),
          patientArgument: z.string().min(1).optional().meta({
            description: "The argument that names the patient, who must be the one in context.",
          }),
          rowsArgument: z.string().min(1).optional().meta({
            description: "The argument that says how many rows are asked for.",
          }),
        }),
      )
      .default([])
      .meta({ description: "What agents may be let call." }),
    deviceCompliance: z.literal("required").default("required"),
    phiLocations: z
      .array(z.enum(networkLocations))
      .default(["corporate_network", "vpn"])
      .meta({ description: "From where PHI may be used; never `external`." }),
    sessionMinutes: z
      .int()
      .min(1)
      .default(60)
      .meta({ description: "How long an allowed session lasts: 60 when left out." }),
    mfaResources: names.default([]).meta({ description: "Resources for which a second factor is asked." }),
    networks: z
      .array(
        z.strictObject({
          location: z.enum(["corporate_network", "vpn"]),
          addresses: z
            .array(z.string())
            .min(1)
            .meta({ description: "Addresses as the load balancer sees them." }),
        }),
      )
      .default([])
      .meta({ description: "Networks of the hospital's; every other address is external." }),
    identityProvider: identityProviderSchema.optional(),
    routes: z
      .array(
        z.strictObject({
          at: z
            .string()
            .meta({ description: "The workload whose enforcement point asks before each request." }),
          path: z
            .string()
            .meta({ description: "With what the path begins.", examples: ["/v1/clinical-rag"] }),
          resource: z.string().meta({
            description:
              "The resource; `as-granted` stands for that of the decision that the request carries.",
          }),
          action: z
            .string()
            .default("use")
            .meta({ description: "What is done with it: `use` when left out." }),
        }),
      )
      .default([])
      .meta({ description: "Which resource a request is about. What no route names is denied." }),
    policies: z
      .array(
        z.strictObject({
          id: z.string().meta({ description: "Its id, which decisions and records name." }),
          cedar: z.string().meta({ description: "The policy, in Cedar: one `permit` or `forbid`." }),
        }),
      )
      .default([])
      .meta({ description: "Policies of your own besides." }),
  })
  .meta({ description: "Who may do what, decided for every request." });

export type AccessPolicyDocument = z.output<typeof accessPolicySchema>;
