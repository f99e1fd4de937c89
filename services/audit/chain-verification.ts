import type { Breach } from "../../model/finding";

import type { LeftOutText } from "./exported-records";
import type { FoundRecord } from "./found-record";
import { recordUid, type ChainHead } from "./record-chain";

/** What is known of a chain after verification. */
export interface VerifiedChain {
  /** The last record that was found, by which a later verification finds that none is missing. */
  readonly head: ChainHead;
  /** The SPIFFE ID of whoever writes the chain. */
  readonly authority: string;
  /** The first record that was found: 0 unless the chain was verified up to there before. */
  readonly first: number;
  readonly records: number;
  /** Whether the last record says that the writer stopped. It goes on otherwise, or was killed, or what came last is missing. */
  readonly isStopped: boolean;
}

/** What verification found. */
export interface Verification {
  readonly chains: readonly VerifiedChain[];
  /** How many records came more than once, as logs that deliver at least once let them. */
  readonly repeated: number;
  /** What was left out because it is no record: how many lines, and the first of them. */
  readonly leftOut: { readonly lines: number; readonly first: readonly string[] };
  /** What is wrong; nothing if every chain is whole. */
  readonly breaches: readonly Breach[];
}

interface Chain {
  readonly authority: string;
  readonly records: Map<number, FoundRecord>;
}

/** Where a record was found. */
export interface Place {
  /** The file and the line, as findings name them. */
  readonly name: string;
  /** What keeps the order in which records were written, such as a file; `undefined` where nothing does. */
  readonly sequenceOf: string | undefined;
}

/** How many lines that are left out are named. */
const mostNamed = 20;

const remedies = {
  compare: "Compare it with write-once storage, and find out who can write where it was found.",
  fetch:
    "Fetch the missing records from write-once storage, or give the head of an earlier verification with --head.",
  order: "Read the records as they were written, or say --any-order for a log that does not keep the order.",
} as const;

/** Puts chains of records together again from whatever order they come in, and finds what is wrong with them. */
export class ChainVerification {
  readonly #chains = new Map<string, Chain>();
  readonly #lastAt = new Map<string, number>();
  readonly #breaches: Breach[] = [];
  readonly #unread: { readonly name: string; readonly uids: readonly string[] }[] = [];
  readonly #firstLeftOut: string[] = [];
  #leftOut = 0;
  #repeated = 0;

  add(record: FoundRecord, place: Place): void {
    const { chain: id, sequence, authority } = record;
    const chain = this.#chains.get(id) ?? { authority, records: new Map<number, FoundRecord>() };
    this.#chains.set(id, chain);
    if (!record.isIntact) {
      this.#refuse(place.name, `The record ${record.uid} was changed: it is not what its fingerprint is of.`);
    }
    if (record.uid !== recordUid(record)) {
      this.#refuse(
        place.name,
        `The record ${record.uid} stands at ${recordUid(record)}, which is not its number.`,
      );
    }
    if (authority !== chain.authority) {
      this.#refuse(place.name, `${authority} wrote into the chain ${id} of ${chain.authority}.`);
    }
    const same = chain.records.get(sequence);
    if (same === undefined) {
      chain.records.set(sequence, record);
      this.#noteOrder(record, place);
    } else if (same.fingerprint === record.fingerprint) {
      this.#repeated += 1;
    } else {
      this.#refuse(place.name, `There are two different records ${recordUid(record)}.`);
    }
  }

  /**
   * Counts what is no record. A part of a record is none either, where the whole one is there as well: its writer wrote it
   * again, under the same number, once there was room in the pipe.
   */
  leaveOut({ uids, isOfRecord }: LeftOutText, name: string): void {
    this.#leftOut += 1;
    if (this.#firstLeftOut.length < mostNamed) {
      this.#firstLeftOut.push(name);
    }
    if (isOfRecord) {
      this.#unread.push({ name, uids });
    }
  }

  /** @param known heads of earlier verifications, which must be there still. */
  result(known: readonly ChainHead[]): Verification {
    const breaches = [...this.#breaches];
    const chains: VerifiedChain[] = [];
    for (const [id, { authority, records }] of this.#chains) {
      const found = [...records.values()].sort((one, other) => one.sequence - other.sequence);
      breaches.push(...linkBreaches(found, known));
      const [first, last] = [found[0], found.at(-1)];
      if (first !== undefined && last !== undefined) {
        chains.push({
          head: { chain: id, sequence: last.sequence, fingerprint: last.fingerprint },
          authority,
          first: first.sequence,
          records: found.length,
          isStopped: last.isStop,
        });
      }
    }
    breaches.push(...this.#unreadBreaches(), ...known.flatMap((head) => this.#headBreaches(head)));
    return {
      chains,
      repeated: this.#repeated,
      leftOut: { lines: this.#leftOut, first: this.#firstLeftOut },
      breaches,
    };
  }

  #unreadBreaches(): readonly Breach[] {
    const found = new Set(
      [...this.#chains.values()].flatMap(({ records }) => [...records.values()].map(({ uid }) => uid)),
    );
    return this.#unread.flatMap(({ name, uids }): readonly Breach[] => {
      const missing = uids.filter((uid) => !found.has(uid));
      return missing.length === 0 && uids.length > 0
        ? []
        : [
            {
              path: name,
              message: `${missing.length === 0 ? "It has the words of a record" : `The record ${missing.join(", ")} is here`}, and cannot be read as one.`,
              remedy: remedies.compare,
            },
          ];
    });
  }

  #refuse(path: string, message: string): void {
    this.#breaches.push({ path, message, remedy: remedies.compare });
  }

  #noteOrder({ chain, sequence }: FoundRecord, { name, sequenceOf }: Place): void {
    if (sequenceOf === undefined) {
      return;
    }
    const key = `${sequenceOf}\n${chain}`;
    const last = this.#lastAt.get(key);
    if (last !== undefined && sequence < last) {
      this.#breaches.push({
        path: name,
        message: `The record ${recordUid({ chain, sequence })} stands behind ${recordUid({ chain, sequence: last })}.`,
        remedy: remedies.order,
      });
    }
    this.#lastAt.set(key, Math.max(sequence, last ?? 0));
  }

  #headBreaches(head: ChainHead): readonly Breach[] {
    const path = recordUid(head);
    const records = this.#chains.get(head.chain)?.records;
    const there = records?.get(head.sequence);
    if (there !== undefined) {
      return there.fingerprint === head.fingerprint
        ? []
        : [
            {
              path,
              message: "The record is another one than that of the earlier verification.",
              remedy: remedies.compare,
            },
          ];
    }
    return records?.get(head.sequence + 1)?.previous?.fingerprint === head.fingerprint
      ? []
      : [
          {
            path,
            message: "The record was there at an earlier verification, and is missing.",
            remedy: remedies.compare,
          },
        ];
  }
}

/** Numbers of records, as findings say them. */
function range(from: number, to: number): string {
  return from === to ? `The record ${String(from)} is` : `The records ${String(from)} to ${String(to)} are`;
}

/** What is wrong between the records of a chain, which are in order. */
function linkBreaches(found: readonly FoundRecord[], known: readonly ChainHead[]): readonly Breach[] {
  return found.flatMap((record, index): readonly Breach[] => {
    const { chain, sequence, previous } = record;
    const before = found[index - 1];
    const path = recordUid(record);
    const bound = { chain, sequence: sequence - 1 };
    if (previous?.uid !== (sequence === 0 ? undefined : recordUid(bound))) {
      return [{ path, message: "It is not bound to the record before it.", remedy: remedies.compare }];
    }
    if (previous === undefined) {
      return [];
    }
    if (before?.sequence === sequence - 1) {
      return before.fingerprint === previous.fingerprint
        ? []
        : [
            {
              path,
              message: "It is bound to another record than the one before it.",
              remedy: remedies.compare,
            },
          ];
    }
    const isKnown = known.some(
      (head) =>
        head.chain === chain && head.sequence === bound.sequence && head.fingerprint === previous.fingerprint,
    );
    return isKnown
      ? []
      : [
          {
            path: chain,
            message: `${range((before?.sequence ?? -1) + 1, bound.sequence)} missing.`,
            remedy: remedies.fetch,
          },
        ];
  });
}
