import { Refused } from "./refusal";

/** What one request and its answer hold of the bytes that may be under way. */
export interface BytesShare {
  /** Holds more. @throws {Refused} if that is more than all may hold together. */
  readonly hold: (bytes: number) => void;
  /** Holds nothing any more. */
  readonly release: () => void;
}

/** How many bytes of requests and whole answers are in memory, of all that are under way together. */
export class BytesUnderWay {
  readonly #most: number;
  #held = 0;

  /** @param most how many may be. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The share of a request. */
  share(): BytesShare {
    let mine = 0;
    return {
      hold: (bytes) => {
        mine += bytes;
        this.#held += bytes;
        if (this.#held > this.#most) {
          throw new Refused("too-busy");
        }
      },
      release: () => {
        this.#held -= mine;
        mine = 0;
      },
    };
  }
}
