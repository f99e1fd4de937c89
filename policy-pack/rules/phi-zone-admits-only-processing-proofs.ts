import { peerName } from "../../model/peer";

import type { JudgedStack } from "../judged-stack";
import { proof, type Proof } from "../proof";
import type { Position } from "../reachability";
import { bindingPlatform, undeclaredRules } from "../undeclared";
import { isWhollyRead } from "../wholly-read";

import { filterWord } from "./opening";
import { undeclaredSubnetRules } from "./undeclared-subnet-rules";

/** Whose calls of a store the perimeter around it, and what is granted, let in. */
function ofPerimeter(stack: JudgedStack, position: Position): Proof {
  const rules = position.filters.flatMap(({ ingress }) => ingress);
  return proof(
    rules.length === 0
      ? "API: no rule of the service perimeter lets a call of it in."
      : bindingPlatform(stack, position.platform) === undefined
        ? "API: by these rules of the service perimeter, calls of it come from processing, and from what is in the PHI zone itself."
        : "API: by these rules of the service perimeter, calls of it come from the workloads that the flows name.",
    ...position.filters,
    ...rules,
  );
}

function ofFilters(stack: JudgedStack): readonly Proof[] {
  return stack.reachability.positions
    .filter(
      (position) =>
        position.zone === "phi" &&
        position.filters.length > 0 &&
        undeclaredRules(stack, position, "ingress").length === 0,
    )
    .map((position) => {
      const word = filterWord(position.filters);
      if (word === "service perimeter") {
        return ofPerimeter(stack, position);
      }
      const rules = position.filters.flatMap(({ ingress }) => ingress);
      return rules.length === 0
        ? proof(`Filter: the ${word} has no ingress rule, so that it admits nothing.`, ...position.filters)
        : proof(
            bindingPlatform(stack, position.platform) === undefined
              ? `Filter: by these rules the ${word} admits TCP 443 from processing, and what is in the PHI zone itself.`
              : `Filter: by these rules the ${word} admits TCP 443 from the workloads that the flows name.`,
            ...position.filters,
            ...rules,
          );
    });
}

/** What is in the zone, where a cloud may leave the filters of its subnet out of force on it, and does not. */
function ofInterfaces(stack: JudgedStack): readonly Proof[] {
  const open = new Set(
    stack.reachability.positions
      .filter((position) => undeclaredRules(stack, position, "ingress").length > 0)
      .flatMap(({ filters }) => filters),
  );
  return stack.facts.interfaces
    .filter(
      ({ zone, filters }) =>
        zone === "phi" &&
        filters.length > 0 &&
        filters.every((filter) => filter.kind === "network security group" && !open.has(filter)),
    )
    .map((one) => proof("Filter: only such a network security group is in force on it.", one));
}

function ofSubnetFilters(stack: JudgedStack): readonly Proof[] {
  return stack.facts.subnetFilters
    .filter((filter) => filter.zone === "phi" && undeclaredSubnetRules(stack, filter, "ingress").length === 0)
    .map((filter) =>
      proof(
        bindingPlatform(stack, filter.platform) === undefined
          ? "Filter: by these rules the network ACL admits TCP 443 from processing, and what is in the zone itself; it denies the rest."
          : "Filter: by these rules the network ACL admits TCP 443 from the subnets of the zone's clients; it denies the rest.",
        filter,
        ...filter.ingress,
      ),
    );
}

/** Whom policies let in to each store of a platform, where flows name all of them. */
function ofStores({ facts, declarations }: JudgedStack): readonly Proof[] {
  if (facts.storeAdmissions.some(({ stores }) => stores.length === 0)) {
    return []; // Somebody is let in to whichever store it is.
  }
  const byStore = new Map<string, (typeof facts.storeAdmissions)[number][]>();
  for (const admission of facts.storeAdmissions) {
    for (const store of admission.stores) {
      byStore.set(store, [...(byStore.get(store) ?? []), admission]);
    }
  }
  return [...byStore].flatMap(([store, admissions]) => {
    const isNamed = admissions.every(({ who, platform, assumption }) =>
      assumption === undefined && platform !== undefined
        ? declarations.platforms
            .get(platform)
            ?.flows.some(({ from, to }) => peerName(from) === who && peerName(to) === store) === true
        : false,
    );
    const whom = [...new Set(admissions.flatMap(({ who }) => who ?? []))].sort();
    return isNamed
      ? [
          proof(
            `Policy: what speaks of ${store} lets in ${whom.join(", ")}, and nobody else whom the stack shows.`,
            ...admissions,
          ),
        ]
      : [];
  });
}

/** Whom the PHI zone admits, as far as that is declared. */
export function phiZoneAdmitsOnlyProcessingProofs(stack: JudgedStack): readonly Proof[] {
  return isWhollyRead(stack, "phi")
    ? [...ofFilters(stack), ...ofInterfaces(stack), ...ofSubnetFilters(stack), ...ofStores(stack)]
    : [];
}
