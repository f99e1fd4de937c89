import {
  absent,
  itemsOf,
  listOf,
  memberReading,
  recordOf,
  textOf,
  unknown,
  type Reading,
} from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";

/** Properties that may not be known as a whole. */
export type Mapping = Reading<Readonly<Record<string, unknown>>>;

/** A part of a gateway or a load balancer, such as a listener or a profile. */
export interface Part {
  readonly name: Reading<string>;
  readonly properties: Mapping;
}

/** The parts that an id names, or may name. */
export interface Choice {
  readonly parts: readonly Part[];
  /** Whether a part is named at all; `undefined` where that is not known. */
  readonly isSet: boolean | undefined;
}

/** What all of several readings say; unknown, where they do not say the same. */
export function agreed<T>(readings: readonly Reading<T>[]): Reading<T> {
  const [first, ...others] = readings;
  if (first === undefined) {
    return absent;
  }
  const isSame = others.every(
    (other) =>
      other.kind === first.kind &&
      (other.kind !== "known" ||
        first.kind !== "known" ||
        JSON.stringify(other.value) === JSON.stringify(first.value)),
  );
  return isSame ? first : unknown;
}

/** A member of mappings within each other. */
export function within(mapping: Mapping, ...keys: readonly string[]): Reading<unknown> {
  return keys.reduce<Reading<unknown>>((read, key) => memberReading(recordOf(read), key), mapping);
}

/** What a person calls a part. */
export function partName(kind: string, { name }: Part): string {
  return name.kind === "known" ? `${kind} ${name.value}` : kind;
}

/** The parts of one resource, which refer to each other by ids that end in the collection and a name. */
export class Parts {
  readonly #graph: StackGraph;
  readonly #node: Node;
  readonly #known = new Map<string, readonly Part[]>();

  constructor(graph: StackGraph, node: Node) {
    this.#graph = graph;
    this.#node = node;
  }

  /** The parts of a collection: one of which nothing is known, where the collection is not known. */
  of(collection: string): readonly Part[] {
    const known = this.#known.get(collection);
    if (known !== undefined) {
      return known;
    }
    const parts = itemsOf(this.#graph.read(this.#node, collection)).map((item) => {
      const properties = recordOf(item);
      return { name: textOf(memberReading(properties, "name")), properties };
    });
    this.#known.set(collection, parts);
    return parts;
  }

  /**
   * The parts of a collection to which a reference (`{id}`) leads. Azure takes no reference to a part that is not there, so
   * that one that is not known leads to one of them.
   */
  named(collection: string, reference: Reading<unknown>): Choice {
    const id = textOf(memberReading(recordOf(reference), "id"));
    if (reference.kind === "absent" || id.kind === "absent") {
      return { parts: [], isSet: false };
    }
    const all = this.of(collection);
    if (id.kind === "unknown") {
      return { parts: all, isSet: reference.kind === "known" ? true : undefined };
    }
    const wanted = id.value.slice(id.value.lastIndexOf("/") + 1).toLowerCase();
    const found = all.filter(({ name }) => name.kind === "known" && name.value.toLowerCase() === wanted);
    return {
      parts: found.length > 0 ? found : all.filter(({ name }) => name.kind !== "known"),
      isSet: true,
    };
  }

  /** Every id that a list of references holds, as the parts that it names. */
  listed(collection: string, references: Reading<unknown>): readonly Choice[] {
    return itemsOf(listOf(references)).map((reference) => this.named(collection, reference));
  }
}
