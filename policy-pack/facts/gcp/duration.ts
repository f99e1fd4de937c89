import { textOf, understood, type Reading } from "../../reading";

/** The hours of a duration such as `7776000s` (Protocol Buffers, `google.protobuf.Duration` in JSON). */
export function hoursOf(read: Reading<unknown>): Reading<number> {
  return understood(textOf(read), (value) => {
    const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(String(value)) ?? [];
    return seconds === undefined ? undefined : Number(seconds) / 3600;
  });
}
