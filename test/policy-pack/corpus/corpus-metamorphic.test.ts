import { describe, expect, it } from "vitest";

import { acceptedAfterChange } from "./random-change";

describe("a refused stack of the corpus", () => {
  // The seed is fixed, so that a commit is green or red and stays so; `npm run bench` takes others.
  it.each([
    { cloud: "aws", cases: 2000 },
    { cloud: "azure", cases: 1000 },
    { cloud: "gcp", cases: 1000 },
  ] as const)(
    "stays refused on $cloud in $cases random changes that make it no more closed",
    ({ cloud, cases }) => {
      expect(acceptedAfterChange({ cloud, seed: 20261125, cases })).toEqual([]);
    },
  );
});
