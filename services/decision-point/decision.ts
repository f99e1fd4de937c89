import type { TrustLevel } from "./trust-level";

/** What becomes of a request, and why. */
export interface Decision {
  /** How far the request is trusted. */
  readonly trustLevel: TrustLevel;
  readonly allowed: boolean;
  /** The component of the platform that is asked for: the resource. */
  readonly component: string;
  /** What would be done with it. */
  readonly action: string;
  /** Why, as a sentence without PHI. */
  readonly reason: string;
  /** Whether it would be allowed after a second factor. */
  readonly requiresMfa: boolean;
  /** How long what is allowed goes on, in minutes: 0 if it is denied. */
  readonly sessionMinutes: number;
  /** The policies that decided; none where nothing allows the request. */
  readonly policyIds: readonly string[];
}

/** What a user asks for, with the context in which it is asked: whatever is not known is `undefined`, and denied. */
export interface UserRequest {
  /** The user, as the identity provider calls it. */
  readonly user: string;
  readonly role: string | undefined;
  readonly resource: string;
  readonly action: string;
  /** `compliant` or `non_compliant`. */
  readonly device: string | undefined;
  /** `corporate_network`, `vpn` or `external`. */
  readonly location: string | undefined;
  /** Whether the user showed a second factor when signing in. */
  readonly secondFactor: boolean;
}

/** A call of a tool by one agent or more, each of which acts for the one before it, and the first for the user. */
export interface ToolCall {
  /** What was granted to the user, whose request is decided once more. */
  readonly request: UserRequest;
  /** The SPIFFE IDs of the agents; one at least. */
  readonly agents: readonly string[];
  readonly tool: string;
  /** The patient in context, if there is one. */
  readonly patient: string | undefined;
  /** The arguments of the call. */
  readonly arguments: Readonly<Record<string, unknown>>;
}
