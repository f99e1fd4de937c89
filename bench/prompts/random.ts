/** Chance from a seed: the same seed gives the same values in the same order (mulberry32 by Tommy Ettinger, public domain). */
export class Random {
  private state: number;

  /** @param seed any text; each gives other values. */
  constructor(seed: string) {
    // FNV-1a, by which texts that differ in one letter begin far from each other.
    this.state = Array.from(seed).reduce(
      (hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0,
      0x811c9dc5,
    );
  }

  /** At least 0, and less than 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `least` to `most`, both among them. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** One of some values. @throws if there is none. */
  pick<Value>(values: readonly Value[]): Value {
    const picked = values[this.whole(0, values.length - 1)];
    if (picked === undefined) {
      throw new Error("there is nothing to pick from");
    }
    return picked;
  }

  /** Values in another order. */
  shuffled<Value>(values: readonly Value[]): readonly Value[] {
    return values
      .map((value) => ({ value, rank: this.next() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ value }) => value);
  }

  /** Some digits. */
  digits(count: number): string {
    return Array.from({ length: count }, () => String(this.whole(0, 9))).join("");
  }

  /** Some capital letters, of those that are not taken for digits. */
  letters(count: number, of = "ABCDEFGHJKLMNPRSTUVWXYZ"): string {
    return Array.from({ length: count }, () => this.pick(Array.from(of))).join("");
  }

  /** A form filled in: `9` by a digit, `A` by a letter; every other character stands for itself. */
  form(form: string): string {
    return Array.from(form)
      .map((sign) => (sign === "9" ? this.digits(1) : sign === "A" ? this.letters(1) : sign))
      .join("");
  }
}
