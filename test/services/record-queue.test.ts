import { describe, expect, it } from "vitest";

import { journalLine } from "../../services/log-forwarder/journal-records";
import { RecordQueue } from "../../services/log-forwarder/record-queue";

const line = (number: number, length: number) =>
  journalLine(
    JSON.stringify({
      __CURSOR: String(number),
      __REALTIME_TIMESTAMP: "1796083200000000",
      MESSAGE: "x".repeat(length),
    }),
    new Date(),
  );

describe("what waits to be sent", () => {
  it("is given in its order, no more at once than Azure takes, and says what is last", async () => {
    const queue = new RecordQueue(10);
    for (let number = 0; number < 100; number += 1) {
      await queue.put(line(number, 14_000));
    }
    queue.end();
    const cursors: (string | undefined)[] = [];
    const sizes: number[] = [];
    for (let isLast = false; !isLast;) {
      const batch = await queue.batch();
      cursors.push(...batch.records.map(({ Record }) => Record.cursor));
      sizes.push(Buffer.byteLength(JSON.stringify(batch.records)));
      expect(batch.cursor).toBe(cursors.at(-1));
      ({ isLast } = batch);
    }
    expect(cursors).toEqual(Array.from({ length: 100 }, (_, number) => String(number)));
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThan(1_000_000);
  });

  it("is bounded: who puts in more waits until something is taken", async () => {
    const queue = new RecordQueue(10);
    let put = 0;
    const putting = (async () => {
      for (; put < 500; put += 1) {
        await queue.put(line(put, 14_000));
      }
    })();
    await queue.batch();
    await new Promise((wake) => setTimeout(wake, 100));
    expect(put * 14_000).toBeLessThan(5_000_000);
    expect(put).toBeLessThan(500);
    queue.end();
    while (!(await queue.batch()).isLast || put < 500) {
      await Promise.resolve();
    }
    await putting;
  });

  it("is nothing when there was nothing", async () => {
    const queue = new RecordQueue(10);
    queue.end();
    expect(await queue.batch()).toEqual({ records: [], cursor: undefined, isLast: true });
  });
});
