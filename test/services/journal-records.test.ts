import { describe, expect, it } from "vitest";

import { journalLine } from "../../services/log-forwarder/journal-records";
import { textLines } from "../../services/log-forwarder/text-lines";

const now = new Date("2026-12-01T00:00:00Z");
const entry = {
  __CURSOR: "s=1;i=2",
  __REALTIME_TIMESTAMP: "1796083200123456",
  MESSAGE: '{"event":"certificate","insideWindow":true}',
  PRIORITY: "6",
  _HOSTNAME: "rag-service-1",
  _SYSTEMD_UNIT: "bulkhead-certificate-agent.service",
  _PID: "7",
};

describe("a line of the journal", () => {
  it("becomes a row with what was said, by whom and when", () => {
    expect(journalLine(JSON.stringify(entry), now)).toEqual({
      records: [
        {
          TimeGenerated: "2026-12-01T00:00:00.123Z",
          Record: {
            message: entry.MESSAGE,
            host: "rag-service-1",
            container: "certificate-agent",
            priority: "6",
            cursor: "s=1;i=2",
          },
        },
      ],
      fault: undefined,
      cursor: "s=1;i=2",
    });
  });

  it.each<[string, object, string, string | undefined]>([
    ["bytes that are no text", { MESSAGE: [226, 130, 172, 255] }, "€\uFFFD", undefined],
    ["an empty text", { MESSAGE: "" }, "", undefined],
    [
      "a text that was left out",
      { MESSAGE: null },
      "The journal's reader left this text out.",
      "without-text",
    ],
    ["no text", { MESSAGE: undefined }, "The journal's reader left this text out.", "without-text"],
  ])("may have %s", (_, change, message, fault) => {
    const line = journalLine(JSON.stringify({ ...entry, ...change }), now);
    expect(line.records.map(({ Record }) => Record.message)).toEqual([message]);
    expect(line.fault).toBe(fault);
  });

  it("names the unit where it is none of the pod's", () => {
    const [row] = journalLine(JSON.stringify({ ...entry, _SYSTEMD_UNIT: "docker.service" }), now).records;
    expect(row?.Record.container).toBe("docker.service");
  });

  it.each(["-- No entries --", "{", "[]", '{"MESSAGE":"x"}'])(
    "is sent as it is, if it is no entry: %s",
    (text) => {
      expect(journalLine(text, now)).toEqual({
        records: [{ TimeGenerated: now.toISOString(), Record: { message: text } }],
        fault: "unreadable",
        cursor: undefined,
      });
    },
  );

  it("becomes several rows if a column does not hold it, and none of it is lost", () => {
    const long = "x".repeat(14_999) + "😀".repeat(20_000);
    const { records } = journalLine(JSON.stringify({ ...entry, MESSAGE: long }), now);
    expect(records.map(({ Record }) => Record.message).join("")).toBe(long);
    expect(records.map(({ Record: { part, parts } }) => [part, parts])).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
      [4, 4],
    ]);
    for (const { Record } of records) {
      expect(Buffer.byteLength(Record.message)).toBeLessThan(64_000);
      expect(Record.message).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
    }
  });
});

describe("the lines of a stream", () => {
  async function linesOf(...chunks: readonly (string | Buffer)[]): Promise<readonly string[]> {
    async function* stream(): AsyncGenerator<Buffer> {
      for (const chunk of chunks) {
        yield Buffer.from(chunk);
        await Promise.resolve();
      }
    }
    const found = [];
    for await (const line of textLines(stream())) {
      found.push(line);
    }
    return found;
  }

  it("are found wherever the stream is cut", async () => {
    const euro = Buffer.from("€");
    expect(await linesOf("a\nb", "c\n\n", euro.subarray(0, 1), euro.subarray(1), "\nlast")).toEqual([
      "a",
      "bc",
      "€",
      "last",
    ]);
  });

  it("come in pieces if they have no end", async () => {
    const lines = await linesOf("x".repeat(4_000_001), "y\nz");
    expect(lines.map((line) => line.length)).toEqual([4_000_000, 2, 1]);
  });
});
