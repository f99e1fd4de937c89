import { longestZonePrefix, usableAddresses } from "../address-plan";
import { contains, isPrivate, overlaps, parseCidr, type Cidr } from "../cidr";
import type { Breach } from "../finding";
import { zoneIds } from "../zone";

import type { Draft, Invariant, Located } from "./draft";

interface Block {
  readonly path: string;
  readonly label: string;
  readonly cidr: Cidr;
}

function blocks(labelled: readonly (Located<string> & { readonly label: string })[]): readonly Block[] {
  return labelled.flatMap(({ path, value, label }) => {
    const cidr = parseCidr(value);
    return cidr?.family === "ipv4" ? [{ path, label, cidr }] : [];
  });
}

function zoneTexts(draft: Draft): readonly (Located<string> & { readonly label: string })[] {
  return draft.zones.map(({ path, value }) => ({
    path: `${path}.addressBlock`,
    value: value.addressBlock,
    label: `zone ${value.id}`,
  }));
}

function spaceTexts(draft: Draft): readonly (Located<string> & { readonly label: string })[] {
  return draft.addressSpace.map((located) => ({ ...located, label: "the platform" }));
}

/** Which addresses the platform and its zones own. */
export const addressInvariants: readonly Invariant[] = [
  {
    id: "BH-011",
    title: "Address blocks are IPv4 CIDR blocks without host bits.",
    because:
      "A cloud refuses host bits, and widening the block silently would grant more than was written. The platform has " +
      "no IPv6 addresses: each would be reachable from the Internet but for filters (RFC 4291 §2.5.4).",
    check: (draft) =>
      [...spaceTexts(draft), ...zoneTexts(draft)]
        .filter(({ value }) => parseCidr(value)?.family !== "ipv4")
        .map(({ path, value, label }) => ({
          path,
          message: `\`${value}\`, of ${label}, is not an IPv4 block in CIDR notation.`,
          remedy: "Write the first address of the block and the length of its prefix, such as 10.40.0.0/18.",
        })),
  },
  {
    id: "BH-012",
    title: "The address space is private, and the zones lie in it.",
    because:
      "A public block would be somebody else's addresses (RFC 1918 §3), and what lies outside the platform's space is not the platform's.",
    check: (draft) => {
      const spaces = blocks(spaceTexts(draft));
      return [
        ...spaces
          .filter(({ cidr }) => !isPrivate(cidr))
          .map(({ path, cidr }) => ({
            path,
            message: `${cidr.text} is not private address space.`,
            remedy: "Choose a block within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
          })),
        ...spaces.flatMap((space) =>
          blocks(zoneTexts(draft))
            .filter(({ cidr }) => !contains(space.cidr, cidr))
            .map(({ path, label, cidr }) => ({
              path,
              message: `${cidr.text}, of ${label}, is not within the platform's ${space.cidr.text}.`,
              remedy: `Choose a block within ${space.cidr.text}, or widen network.addressSpace.`,
            })),
        ),
      ];
    },
  },
  {
    id: "BH-013",
    title: "Address blocks of zones do not overlap.",
    because: "An address in two zones is admitted wherever either of them is.",
    check: (draft) => {
      const all = blocks(zoneTexts(draft));
      return all.flatMap((later, index) =>
        all
          .slice(0, index)
          .filter((earlier) => overlaps(earlier.cidr, later.cidr))
          .map((earlier) => ({
            path: later.path,
            message: `${later.cidr.text}, of ${later.label}, overlaps ${earlier.cidr.text}, of ${earlier.label}.`,
            remedy: "Give each zone a block of its own.",
          })),
      );
    },
  },
  {
    id: "BH-014",
    title: "Each zone has room for its subnets and its replicas.",
    because:
      "A zone's block is cut into 32 subnets, by purpose and availability zone, of which AWS takes none smaller than a " +
      "/28, and for load balancers no smaller than a /27; if an availability zone fails, one subnet holds every replica, and as many again while a new version takes over.",
    check: (draft) =>
      draft.zones.flatMap(({ path, value }): readonly Breach[] => {
        const block = parseCidr(value.addressBlock);
        if (block?.family !== "ipv4") {
          return [];
        }
        const at = `${path}.addressBlock`;
        const longest = longestZonePrefix(value.id);
        if (block.prefixLength > longest) {
          return [
            {
              path: at,
              message: `${block.text} is too small to be cut into the subnets of zone ${value.id}.`,
              remedy: `Give the zone a block of /${String(longest)} or shorter.`,
            },
          ];
        }
        const replicas = draft.workloads
          .filter((workload) => workload.value.zone === value.id)
          .reduce((sum, workload) => sum + workload.value.replicas, 0);
        const usable = usableAddresses(block);
        return 2 * replicas <= usable
          ? []
          : [
              {
                path: at,
                message: `${block.text} leaves ${String(usable)} addresses in each subnet of zone ${value.id}; its ${String(replicas)} replicas need ${String(2 * replicas)}.`,
                remedy: "Give the zone a larger block, or its workloads fewer replicas.",
              },
            ];
      }),
  },
  {
    id: "BH-015",
    title:
      "Gateway, processing and PHI zone each exist once; an egress zone exists exactly if an external provider does.",
    because:
      "Without an external provider the platform needs no route, address or name that leads to the Internet, and has none.",
    check: (draft) => {
      const counted = new Map(zoneIds.map((id) => [id, draft.zones.filter(({ value }) => value.id === id)]));
      const hasExternal = draft.llmProviders.some(({ value }) => value.kind === "external");
      return zoneIds.flatMap((id): readonly Breach[] => {
        const found = counted.get(id) ?? [];
        const again = found.slice(1).map(({ path }) => ({
          path: `${path}.id`,
          message: `Zone ${id} is declared twice.`,
          remedy: "Take one of the two out.",
        }));
        if (id === "egress") {
          if (!hasExternal && found[0] !== undefined && draft.namesAreComplete) {
            return [
              {
                path: found[0].path,
                message: "Zone egress has no external provider to serve.",
                remedy: "Take the zone out, or declare the provider in llmProviders.",
              },
              ...again,
            ];
          }
          if (!hasExternal) {
            return again;
          }
        }
        return found.length > 0 || !draft.zonesAreComplete
          ? again
          : [
              {
                path: "zones",
                message: `Zone ${id} is not declared.`,
                remedy: `Add the zone ${id} with a block of its own.`,
              },
            ];
      });
    },
  },
];
