import { setTimeout as sleep } from "node:timers/promises";

import { CredentialUnavailable, type CredentialSource } from "../credentials/credential-source";

/** How a secret is kept, in milliseconds. */
export interface SecretPace {
  /** How often it is read. */
  readonly usual: number;
  /** How soon again while there is none. */
  readonly soon: number;
  /** How long one reading may take. */
  readonly patience: number;
  /** How long what was read is used while nobody can say whether it still holds. */
  readonly mostAge: number;
}

const usualPace: SecretPace = { usual: 240_000, soon: 15_000, patience: 20_000, mostAge: 3_600_000 };

/** What is said of each reading. */
export interface SecretReading {
  readonly outcome: "current" | "kept" | "missing";
  readonly problem?: string;
}

/**
 * A secret that is read again and again, so that what is put in its place counts within minutes. A source that cannot be reached
 * takes nothing away for an hour; one that has nothing, refuses, or has what is not understood takes it away at once.
 */
export class KeptSecret<T> {
  readonly #source: CredentialSource;
  readonly #parse: (text: string) => T;
  readonly #onReading: (reading: SecretReading) => void;
  readonly #pace: SecretPace;
  #text: string | undefined;
  #value: T | undefined;
  #readAt = 0;

  /**
   * @param parse what a text is; whatever it throws, there is nothing. Errors are not told, since they could quote it.
   * @param onReading is told what each reading came to, without what is secret.
   * @param pace if left out: every four minutes, fifteen seconds while there is none, twenty for a reading, and an hour of use.
   */
  constructor(
    source: CredentialSource,
    parse: (text: string) => T,
    onReading: (reading: SecretReading) => void,
    pace: SecretPace = usualPace,
  ) {
    this.#pace = pace;
    this.#source = source;
    this.#parse = parse;
    this.#onReading = onReading;
  }

  /** What was read last; `undefined` while there is nothing that can be used. */
  get current(): T | undefined {
    return this.#value;
  }

  /** Reads it once. */
  async read(signal?: AbortSignal): Promise<void> {
    const late = AbortSignal.timeout(this.#pace.patience);
    let text: string;
    try {
      text = await this.#source.read(signal === undefined ? late : AbortSignal.any([late, signal]));
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#readAt = performance.now();
    if (text === this.#text && this.#value !== undefined) {
      this.#onReading({ outcome: "current" });
      return;
    }
    try {
      this.#value = this.#parse(text);
      this.#text = text;
      this.#onReading({ outcome: "current" });
    } catch {
      this.#drop(`What ${this.#source.place} holds is not what it should be.`);
    }
  }

  /** Reads it until the signal says that it is enough. */
  async keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const { soon, usual } = this.#pace;
        await sleep(this.#value === undefined ? soon : usual, undefined, { signal });
        await this.read(signal);
      } catch {
        // It is enough: nothing else is thrown here.
      }
    }
  }

  #failed(error: unknown): void {
    const isKnown = error instanceof CredentialUnavailable;
    const problem = isKnown
      ? `${this.#source.place}: ${error.problem}`
      : `${this.#source.place}: unreachable`;
    const isOld = performance.now() - this.#readAt > this.#pace.mostAge;
    const isGone = isKnown && error.problem !== "unreachable";
    if (this.#value === undefined || isGone || isOld) {
      this.#drop(problem);
    } else {
      this.#onReading({ outcome: "kept", problem });
    }
  }

  #drop(problem: string): void {
    this.#value = undefined;
    this.#text = undefined;
    this.#onReading({ outcome: "missing", problem });
  }
}
