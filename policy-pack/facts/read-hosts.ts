import { isIP } from "node:net";

import { domainPatterns, everyHost, hostPattern, type HostPattern } from "../host-pattern";
import { textOf, type Reading } from "../reading";
import type { Node } from "../stack-graph";
import type { Zones } from "../zones";

import type { EnforcementPoint } from "./fact";
import type { AllowedBy, HostAllowance } from "./host-allowance";
import { labelOf } from "./label";
import { platformOf, type PlatformStack } from "./platform-of";

/** A stack in which it is read what is let through by the names of hosts. */
export interface HostStack extends PlatformStack {
  readonly zones: Zones;
}

/** What is read of one rule, or of one list. */
export interface HostsRead {
  readonly by: AllowedBy;
  /** Which part of the resource it is, such as `rule 3`; the whole, if left out. */
  readonly part?: string | undefined;
  /** The hosts as they are written. */
  readonly hosts: readonly Reading<unknown>[];
  /** What is not known besides. */
  readonly assumption?: string | undefined;
}

/** The patterns of something that is written, of which a dot at the beginning means whatever is below too. */
function patternsOf(written: Reading<unknown>): readonly HostPattern[] {
  const text = textOf(written);
  return text.kind === "known" ? domainPatterns(text.value) : text.kind === "unknown" ? [everyHost] : [];
}

/** Whether a pattern is an address, which is no name. */
function isAddress(pattern: HostPattern): boolean {
  return isIP(pattern.replace(/^\[(.*)\]$/, "$1")) !== 0;
}

/** What a rule or a list of a resource lets through; nothing, where it names no host. */
export function hostAllowance(
  stack: HostStack,
  node: Node,
  { by, part, hosts, assumption }: HostsRead,
): readonly HostAllowance[] {
  const patterns = [...new Set(hosts.flatMap(patternsOf))].filter((pattern) => !isAddress(pattern));
  const label = labelOf(node);
  return patterns.length === 0
    ? []
    : [
        {
          urn: node.urn,
          label: part === undefined ? label : `${part} of ${label}`,
          zone: stack.zones.of(node.urn),
          platform: platformOf(stack, node),
          by,
          hosts: patterns,
          assumption:
            assumption ??
            (hosts.some((host) => textOf(host).kind === "unknown") ? "which hosts it names" : undefined),
        },
      ];
}

/** What proxies beside programs send on to hosts that their configuration names. */
export function calledHosts(points: readonly EnforcementPoint[]): readonly HostAllowance[] {
  return points.flatMap(({ urn, label, zone, platform, calls }) =>
    calls.flatMap((call): readonly HostAllowance[] => {
      const hosts = call.hosts.map(hostPattern).filter((pattern) => !isAddress(pattern));
      return hosts.length === 0
        ? []
        : [
            {
              urn,
              label: `${call.label} of ${label}`,
              zone,
              platform,
              by: "route",
              hosts,
              assumption: undefined,
            },
          ];
    }),
  );
}

/** Whether a name is one of some domains, or below one. */
export function isBelow(pattern: HostPattern, domains: Iterable<string>): boolean {
  return [...domains].some((domain) => {
    const own = hostPattern(domain);
    return own !== everyHost && (pattern === own || pattern.endsWith(`.${own}`));
  });
}
