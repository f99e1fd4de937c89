import { sharedZone } from "../model/tag";
import { zoneIds, type ZoneId } from "../model/zone";

import type { ZoneClaims, ZoneClaim } from "./zone-claims";

/** A disagreement about a zone. */
export interface ZoneConflict {
  readonly urn: string;
  readonly what: string;
}

/**
 * The zones of resources: what their tags and components claim, and what follows from where they are.
 *
 * What any source calls `phi` is `phi`; a resource of which sources say different zones is a conflict besides.
 */
export class Zones {
  readonly #claims: ZoneClaims["claims"];
  readonly #inherited = new Map<string, ZoneClaim[]>();
  readonly #known = new Map<string, ZoneId | "none">();

  constructor(claims: ZoneClaims["claims"]) {
    this.#claims = claims;
  }

  #own(urn: string): readonly ZoneClaim[] {
    return this.#claims.get(urn) ?? [];
  }

  /** The zone of a resource; `undefined` if it is in none, or shared by all. */
  of(urn: string): ZoneId | undefined {
    let known = this.#known.get(urn);
    if (known === undefined) {
      known = this.#decide(urn) ?? "none";
      this.#known.set(urn, known);
    }
    return known === "none" ? undefined : known;
  }

  #decide(urn: string): ZoneId | undefined {
    const own = this.#own(urn);
    const inherited = this.#inherited.get(urn) ?? [];
    if ([...own, ...inherited].some(({ zone }) => zone === "phi")) {
      return "phi";
    }
    // What calls itself shared is so only where nothing puts it into a zone.
    const said = own.filter(({ zone }) => zone !== sharedZone);
    const deciding = said.length > 0 ? said : inherited;
    return zoneIds.find((id) => deciding.some(({ zone }) => zone === id));
  }

  /** What says the zone of a resource, if it is in one: what it claims itself, or else the place that it is in. */
  sourcesOf(urn: string): readonly string[] {
    const zone = this.of(urn);
    const own = this.#own(urn).filter((claim) => claim.zone === zone);
    return own.length > 0 ? own.map(({ source }) => source) : zone === undefined ? [] : ["where it is"];
  }

  /**
   * Says that a resource is in the zone of something else. `phi` always counts; another zone, only for a resource that
   * says none itself.
   */
  inherit(urn: string, zone: ZoneId | undefined, source: string): void {
    if (zone !== undefined && zone !== this.of(urn)) {
      const others = this.#inherited.get(urn) ?? [];
      this.#inherited.set(urn, [...others, { zone, source }]);
      this.#known.delete(urn);
    }
  }

  /** Resources of which sources say different zones, in the order of their URNs. */
  conflicts(): readonly ZoneConflict[] {
    const urns = [...new Set([...this.#claims.keys(), ...this.#inherited.keys()])].sort();
    return urns.flatMap((urn) => {
      const own = this.#own(urn);
      const asPhi = (this.#inherited.get(urn) ?? []).filter(({ zone }) => zone === "phi");
      // Places give a resource that says nothing itself several zones without any disagreement.
      const disagreeing = own.length === 0 ? [] : [...own, ...asPhi];
      if (new Set(disagreeing.map(({ zone }) => zone)).size < 2) {
        return [];
      }
      const said = disagreeing.map(
        ({ zone, source }) => `${zone === sharedZone ? "shared" : zone} by ${source}`,
      );
      return [{ urn, what: `It is ${said.join(", and ")}.` }];
    });
  }
}
