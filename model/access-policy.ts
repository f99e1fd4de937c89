import { z } from "zod";

export const networkLocations = ["corporate_network", "vpn", "external"] as const;

/** Where a request comes from, as the enforcement point sees it. None of them is trust in itself. */
export type NetworkLocation = (typeof networkLocations)[number];

/** What the people in one function may use. */
export interface Role {
  /** Name of the role. */
  readonly id: string;
  /** The resources that the role may use; those whose name begins with `phi` disclose PHI. */
  readonly resources: readonly string[];
}

/** A tool that an agent may call. */
export interface ToolGrant {
  /** Name of the tool. */
  readonly id: string;
  /** What the agent may do with it. */
  readonly access: "read" | "write";
}

/** A program that acts for a user: a tool call is allowed only if both may make it. */
export interface Agent {
  /** Name of the agent. */
  readonly id: string;
  /** The roles for which it may act. */
  readonly actsFor: readonly string[];
  /** The tools that it may call. */
  readonly tools: readonly ToolGrant[];
}

/** Who may do what, decided for every request (NIST SP 800-207 §2.1, tenets 3 and 4). */
export interface AccessPolicy {
  /** What each role may use; one role at least. */
  readonly roles: readonly Role[];
  /** The programs that act for users. */
  readonly agents: readonly Agent[];
  /** Devices have to be compliant, always. */
  readonly deviceCompliance: "required";
  /** From where resources that disclose PHI may be used. */
  readonly phiLocations: readonly NetworkLocation[];
  /** How long an allowed session lasts, in minutes. */
  readonly sessionMinutes: number;
  /** Resources for which a second factor is asked. */
  readonly mfaResources: readonly string[];
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
          actsFor: names.min(1).meta({ description: "The roles for which it may act." }),
          tools: z
            .array(z.strictObject({ id: z.string(), access: z.enum(["read", "write"]).default("read") }))
            .meta({
              description: "The tools that it may call, each to read only when `access` is left out.",
            }),
        }),
      )
      .default([]),
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
  })
  .meta({ description: "Who may do what, decided for every request." });

export type AccessPolicyDocument = z.output<typeof accessPolicySchema>;
