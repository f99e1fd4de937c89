import type { ZoneId } from "../../model/zone";
import type { HostPattern } from "../host-pattern";

/** What lets something through by the name of a host. */
export type AllowedBy =
  /** A rule or a list of a firewall. */
  | "firewall"
  /** A rule or a list of a proxy that clients call. */
  | "proxy"
  /** A list of names that a resolver answers. */
  | "resolver"
  /** A list of hosts that a service of the cloud's may call by itself. */
  | "service"
  /** What a proxy beside a program, a gateway or a mesh sends requests on to. */
  | "route";

/** Something that is let through by the name of a host, or may be: one rule, or one entry of a list. */
export interface HostAllowance {
  readonly urn: string;
  /** Which it is, in a few words: `rule providers of RuleGroup egress`. */
  readonly label: string;
  readonly zone: ZoneId | undefined;
  /** The name of the platform of ours to which it belongs. */
  readonly platform: string | undefined;
  readonly by: AllowedBy;
  /** The hosts that it lets through, and no fewer; every host where they are not known. */
  readonly hosts: readonly HostPattern[];
  /** What is not known of it, so that it may let through less; nothing where it is known. */
  readonly assumption: string | undefined;
}
