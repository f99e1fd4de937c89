import type { Transport } from "../../model/flow";

import type { Reading } from "../reading";
import type { Node } from "../stack-graph";
import type { Hop, UnprovedHop } from "./fact";

import { labelOf } from "./label";
import type { Place } from "./place";
import { platformOf, type PlatformStack } from "./platform-of";

/** What is read of connections: which hops there are, and what leaves an end of one unproved. */
export interface HopFacts {
  readonly hops: readonly Hop[];
  readonly unprovedHops: readonly UnprovedHop[];
}

/** Puts together what several readers found. */
export function allHops(...found: readonly HopFacts[]): HopFacts {
  return {
    hops: found.flatMap(({ hops }) => hops),
    unprovedHops: found.flatMap(({ unprovedHops }) => unprovedHops),
  };
}

/** What is wrong with something that accepts connections. */
export interface Fault {
  readonly what: string;
  readonly remedy: string;
  /** What is not known, and decides: `` `protocol` is not known ``. */
  readonly assumption?: string | undefined;
  readonly refusedOn?: UnprovedHop["refusedOn"];
  readonly excusedBy?: UnprovedHop["excusedBy"];
  /** Whether it takes other resources to show it, so that one by itself is not guilty. */
  readonly needsOthers?: boolean;
}

/** What a property has to be. */
export interface Expectation<T> extends Omit<Fault, "assumption"> {
  /** The property as a person would write it. */
  readonly key: string;
  readonly read: Reading<T>;
  readonly isRight: (value: T) => boolean;
  /** What the cloud makes of it where it is not set. */
  readonly absentIs: "right" | "wrong";
}

/** Something that accepts connections in a zone, or perhaps in one; it collects what is shown of them. */
export class Acceptor {
  readonly label: string;
  readonly #node: Node;
  readonly #place: Place;
  readonly #platform: string | undefined;
  readonly #hops: Hop[] = [];
  readonly #unproved: UnprovedHop[] = [];

  /** @param part which part of the resource it is, where several accept connections: `listener machine`. */
  constructor(stack: PlatformStack, node: Node, place: Place, part?: string) {
    this.label = part === undefined ? labelOf(node) : `${labelOf(node)}, ${part}`;
    this.#node = node;
    this.#place = place;
    this.#platform = platformOf(stack, node);
  }

  fault(fault: Fault): void {
    const { what, remedy, refusedOn = "any stack", excusedBy, needsOthers = false } = fault;
    const assumptions = [this.#place.assumption, fault.assumption].filter((one) => one !== undefined);
    const assumption = assumptions.length === 0 ? undefined : assumptions.join(", and ");
    this.#unproved.push({
      urn: this.#node.urn,
      label: this.label,
      zone: this.#place.zone,
      platform: this.#platform,
      what,
      assumption,
      remedy,
      refusedOn,
      excusedBy,
      isGuiltyAlone:
        assumption === undefined && excusedBy === undefined && refusedOn === "any stack" && !needsOthers,
    });
  }

  /** Holds a property to what it has to be; whether it certainly is. */
  requires<T>({ key, read, isRight, absentIs, ...fault }: Expectation<T>): boolean {
    switch (read.kind) {
      case "known":
        if (isRight(read.value)) {
          return true;
        }
        break;
      case "absent":
        if (absentIs === "right") {
          return true;
        }
        break;
      case "unknown":
        this.fault({ ...fault, assumption: `\`${key}\` is not known` });
        return false;
    }
    this.fault(fault);
    return false;
  }

  /**
   * Says how the ends of a hop know each other: `undefined` where nothing shows that they do.
   *
   * @param shown what shows it, in a sentence, where that says more than what it is.
   */
  hop(ends: string, transport: Transport | undefined, shown?: string): void {
    this.#hops.push({
      urn: this.#node.urn,
      label: this.label,
      zone: this.#place.zone,
      platform: this.#platform,
      ends,
      transport,
      ...(shown === undefined ? {} : { shown }),
    });
  }

  facts(): HopFacts {
    return { hops: this.#hops, unprovedHops: this.#unproved };
  }
}
