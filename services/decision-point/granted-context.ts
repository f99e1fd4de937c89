import type { JWTPayload } from "jose";
import { z } from "zod";

/** What a decision point granted to a user at an entrance: what it decided by, and for how long. */
export interface GrantedContext {
  /** The user, as the identity provider calls him. */
  readonly user: string;
  readonly role: string | undefined;
  readonly device: string | undefined;
  readonly location: string | undefined;
  readonly secondFactor: boolean;
  /** The patient whose record is open. */
  readonly patient: string | undefined;
  /** The resource that was asked for. */
  readonly resource: string;
  /** The SPIFFE IDs of the agents that act for the user, the nearest last. */
  readonly agents: readonly string[];
  /** When it ends, in seconds since 1970. */
  readonly expires: number;
}

/** Who acts (RFC 8693 §4.1): the nearest outermost. */
export interface Actor {
  readonly sub: string;
  readonly act?: Actor | undefined;
}

const actorSchema: z.ZodType<Actor> = z.strictObject({
  sub: z.string(),
  get act() {
    return actorSchema.optional();
  },
});

const claimsSchema = z.strictObject({
  iss: z.string(),
  aud: z.string(),
  sub: z.string().min(1),
  iat: z.number(),
  exp: z.number(),
  jti: z.string(),
  role: z.string().optional(),
  device: z.string().optional(),
  location: z.string().optional(),
  mfa: z.boolean(),
  patient: z.string().optional(),
  resource: z.string(),
  act: actorSchema.optional(),
});

/** Agents as a token says who acts. */
export function actorOf(agents: readonly string[]): Actor | undefined {
  return agents.reduce<Actor | undefined>(
    (act, sub) => ({ sub, ...(act === undefined ? {} : { act }) }),
    undefined,
  );
}

function agentsOf(actor: Actor | undefined): readonly string[] {
  return actor === undefined ? [] : [...agentsOf(actor.act), actor.sub];
}

/**
 * What a token's claims say, whether or not anybody has verified it.
 *
 * @returns `undefined` if they do not say what was granted.
 */
export function grantedContext(claims: JWTPayload): GrantedContext | undefined {
  const { data } = claimsSchema.safeParse(claims);
  if (data === undefined) {
    return undefined;
  }
  const { sub, role, device, location, mfa, patient, resource, act, exp } = data;
  return {
    user: sub,
    role,
    device,
    location,
    secondFactor: mfa,
    patient,
    resource,
    agents: agentsOf(act),
    expires: exp,
  };
}
