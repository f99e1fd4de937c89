import type { Filter, FilterKind, Rule, Subnet } from "../facts/fact";
import { world, type Finding, type Severity } from "../finding";
import type { Step, PacketSet } from "../packet-set";
import type { RuleName } from "../rule-name";
import { witnessOf } from "../witness";
import type { Direction, Position } from "../reachability";

import { sentence } from "./sentence";

/** A way that is open, as a rule has found it. */
interface Opening {
  readonly rule: RuleName;
  readonly severity: Severity;
  readonly direction: Direction;
  /** The near end. */
  readonly place: Pick<Position, "urn" | "label" | "zone">;
  /** What opens it. */
  readonly by: Step;
  readonly packets: PacketSet;
  /** The far end, where it is more than an address. */
  readonly other?: string;
  /** The URN of the far end, where it is in the stack. */
  readonly otherUrn?: string;
  readonly summary: string;
  /** The layers that a packet passes after what opens it, and what each says. */
  readonly path: readonly string[];
  readonly notes?: readonly string[];
  readonly remedy: string;
  readonly isGuiltyAlone?: boolean;
}

/** The finding that an open way amounts to, with a packet that takes it. */
export function openingFinding(opening: Opening): Finding {
  const {
    rule,
    severity,
    direction,
    place,
    by,
    packets,
    other,
    otherUrn = world,
    summary,
    path,
    notes = [],
    remedy,
    isGuiltyAlone = false,
  } = opening;
  const packet = witnessOf(packets);
  const far =
    other === undefined
      ? (packet?.address ?? "any address")
      : `${other} (${packet?.address ?? "any address"})`;
  const [source, destination] = direction === "egress" ? [place.label, far] : [far, place.label];
  const assumption = by.assumption;
  const between = [place.urn, by.urn, otherUrn];
  return {
    rule,
    severity,
    level: "mandatory",
    verdict: assumption === undefined ? "open" : "undetermined",
    urn: by.urn,
    summary: sentence(summary),
    packet: `${packet?.protocol ?? "any packet"}, from ${source} to ${destination}`,
    path: [source, by.label, ...path, destination],
    passes: direction === "egress" ? between : between.reverse(),
    openedBy: [{ urn: by.urn, label: by.label }],
    notes: [...(assumption === undefined ? [] : [`Not known: ${assumption}.`]), ...notes],
    remedy,
    isGuiltyAlone,
  };
}

/** What the filters of a subnet say of packets that get as far, as a step of a path. */
export function subnetStep(subnet: Subnet | undefined, packets: PacketSet): string {
  if (subnet === undefined) {
    return "subnet: not in the stack";
  }
  const passing = packets
    .flatMap(({ steps }) => steps)
    .find((step) =>
      subnet.filters.some((filter) => [...filter.egress, ...filter.ingress].includes(step as Rule)),
    );
  if (passing !== undefined) {
    return passing.label;
  }
  return subnet.filteredBy === undefined
    ? subnet.label
    : `${subnet.label}: no ${subnet.filteredBy} of the stack is in force`;
}

/** What the clouds call the filters of a place, or of all that some filters are of. */
export function filterWord(filters: readonly Filter[]): FilterKind {
  return filters[0]?.kind ?? "security group";
}

/** A filter's name for a report: its peer, or else its label. */
export function filterName(filter: Filter): string {
  return filter.peer === undefined ? filter.label : `${filter.peer} (${filter.label})`;
}
