import { describe, expect, it } from "vitest";

import { DetectionFailed } from "../../../../services/egress-guard/detection/detector";
import { inspectParts } from "../../../../services/egress-guard/detection/inspect-parts";
import { TokenText } from "../../../../services/egress-guard/detection/token-text";

import { detectorWith } from "./found-in";

const detector = detectorWith();

/** Texts that are made to be slow, of about as many characters as are asked for. */
const adversarial: readonly (readonly [string, string])[] = [
  ["digits", "1"],
  ["digits apart", "1 "],
  ["digits with dashes", "1-"],
  ["letters", "a"],
  ["capitals", "A "],
  ["names", "John "],
  ["labels", "MRN "],
  ["at signs", "a@"],
  ["open brackets", "(("],
  ["colons", "a:"],
  ["percent signs", "%4"],
  ["tags", "<a"],
  ["ampersands", "&#1"],
  ["spaces", " "],
  ["months", "May "],
  ["streets", "1 Main "],
  ["tables", "name,mrn\n"],
  ["messages", "PID|1|2|^^^|\n"],
  ["segments in one line", '"PID|'],
  ["numbers of something", "no. AB 1"],
  ["my patients", "my patient "],
  ["letters that look alike", "А-"],
  ["keys", '"a":"A'],
  ["strings of an array", '"A","A'],
  ["elements", "<a>A"],
  ["ends of elements", ">A"],
  ["rows", "a,b,c,d,e\n"],
  ["codes", "A1-1234 "],
  ["codes joined", "A1-"],
  ["labels of people", "Seen by: Xx Yy\n"],
  ["capitals in a row", "Xx "],
  ["traits", "voice "],
  ["addresses of mail", "xx.yy@example.org Xx "],
  ["cars", "car AB "],
];

/** How many tokens and characters the detector asks a text for, which is the work that it does. */
async function workOn(text: string): Promise<number> {
  let work = 0;
  const counted = ["start", "word", "raw", "gap", "match"] as const;
  const originals = counted.map(
    (method) => [method, Object.getOwnPropertyDescriptor(TokenText.prototype, method)] as const,
  );
  for (const [method, descriptor] of originals) {
    const original = descriptor?.value as (...given: unknown[]) => unknown;
    Object.defineProperty(TokenText.prototype, method, {
      ...descriptor,
      value(this: TokenText, ...given: unknown[]) {
        work += 1;
        const answer = original.apply(this, given);
        work += typeof answer === "string" && method !== "word" ? answer.length : 0;
        // What an expression went over, so that one that goes on to the end of a text from each place is seen.
        work += Array.isArray(answer) && typeof answer[0] === "string" ? answer[0].length : 0;
        return answer;
      },
    });
  }
  try {
    await detector.detect([text], Number.POSITIVE_INFINITY);
  } finally {
    for (const [method, descriptor] of originals) {
      Object.defineProperty(TokenText.prototype, method, descriptor ?? {});
    }
  }
  return work;
}

describe("the work of a detection", () => {
  it.each(adversarial)("grows as the text does: %s", async (_name, piece) => {
    const small = await workOn(piece.repeat(Math.ceil(4_000 / piece.length)));
    const large = await workOn(piece.repeat(Math.ceil(32_000 / piece.length)));
    expect(large).toBeLessThanOrEqual(small * 8.5 + 1000);
  });

  it("ends on a megabyte of all of them", async () => {
    const text = adversarial
      .map(([, piece]) => piece.repeat(Math.ceil(1_000_000 / adversarial.length / piece.length)))
      .join("");
    await expect(inspectParts([text], detector, Number.POSITIVE_INFINITY)).resolves.toBeInstanceOf(Array);
  });

  it("finds what stands at either end of a long text, and on the borders of what is looked at in one go", async () => {
    const ssn = "123-45-6789";
    const filler = "pain ".repeat(8191);
    const [found = []] = await detector.detect(
      [`${ssn} ${filler}${ssn} ${filler.slice(15)}${ssn}`],
      Number.POSITIVE_INFINITY,
    );
    expect(found.map(({ kind }) => kind)).toEqual(Array(3).fill("social_security_number"));
  });

  it("is given up when the time is over", async () => {
    await expect(detector.detect(["nothing"], performance.now() - 1)).rejects.toThrow(DetectionFailed);
    await expect(inspectParts(["nothing"], detector, performance.now() - 1)).rejects.toThrow(DetectionFailed);
    // The time is over while it looks: no text of this length is read in a millisecond.
    await expect(detector.detect(["John Smith ".repeat(400_000)], performance.now() + 1)).rejects.toThrow(
      DetectionFailed,
    );
  });

  it("lets other work of the process have its turn", async () => {
    let turns = 0;
    const other = setInterval(() => (turns += 1), 0);
    await detector.detect(["pain and nausea ".repeat(40_000)], Number.POSITIVE_INFINITY);
    clearInterval(other);
    expect(turns).toBeGreaterThan(0);
  });
});
