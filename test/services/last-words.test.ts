import { describe, expect, it } from "vitest";

import { RunningService } from "./running-service";

describe("a program in which nobody catches an error", () => {
  it.each(["throw", "reject"])("ends, and says nothing in the words of others: %s", async (how) => {
    const program = new RunningService("test/services/falling-program.ts", [how], {});
    expect(await program.ended).toBe(1);
    const { time, ...said } = JSON.parse(program.errors) as Readonly<Record<string, unknown>>;
    expect(said).toEqual({ event: "fell", problem: "RangeError" });
    expect(time).toEqual(expect.any(String));
  });
});
