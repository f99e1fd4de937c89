import * as policy from "@pulumi/policy";
import { describe, expect, it } from "vitest";

import { rawProperties } from "../../policy-pack/raw-properties";
import { flagOf, holdsUnknown, integerOf, itemsOf, listOf, reading, textOf } from "../../policy-pack/reading";

/** CrossGuard's seven texts for what is not known, one for each kind of value. */
const sentinels = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

const secret = (value: unknown): unknown => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("a reading", () => {
  it.each(sentinels)("of the sentinel %s is unknown, also within a text, a list or a mapping", (sentinel) => {
    expect(reading(sentinel)).toEqual({ kind: "unknown" });
    expect(reading(`arn:aws:s3:::${sentinel}/*`)).toEqual({ kind: "unknown" });
    expect(holdsUnknown([{ blocks: ["10.0.0.0/8", sentinel] }])).toBe(true);
    expect(reading(secret(sentinel))).toEqual({ kind: "unknown" });
  });

  it.each([
    ["a secret that cannot be decrypted", "[secret]"],
    ["an Output joined to a text", "arn:Calling [toString] on an [Output<T>] is not supported."],
    ["an Output written as JSON", "Calling [toJSON] on an [Output<T>] is not supported."],
  ])("of %s is unknown", (_, raw) => {
    expect(reading(raw)).toEqual({ kind: "unknown" });
  });

  it.each([[undefined], [null], [""]])("of %j is absent", (raw) => {
    expect(reading(raw)).toEqual({ kind: "absent" });
  });

  it("of a wrapped secret is of what it wraps", () => {
    expect(reading(secret("10.0.0.0/8"))).toEqual({ kind: "known", value: "10.0.0.0/8" });
  });

  it("of a value of another kind than expected is unknown, not absent", () => {
    expect(textOf(reading(7))).toEqual({ kind: "unknown" });
    expect(integerOf(reading("443.5"))).toEqual({ kind: "unknown" });
    expect(flagOf(reading("yes"))).toEqual({ kind: "unknown" });
    expect(listOf(reading({ 0: "a" }))).toEqual({ kind: "unknown" });
  });

  it("of numbers and flags written as texts is of what they say", () => {
    expect(integerOf(reading("-1"))).toEqual({ kind: "known", value: -1 });
    expect(flagOf(reading("false"))).toEqual({ kind: "known", value: false });
  });

  it("of the items of an unknown list is one unknown item", () => {
    expect(itemsOf(reading(sentinels[3]))).toEqual([{ kind: "unknown" }]);
    expect(itemsOf(reading([null]))).toEqual([{ kind: "unknown" }]);
  });
});

describe("raw properties", () => {
  it("are read past the proxy that throws on what is unknown", () => {
    // Exported without a type.
    const { unknownCheckingProxy } = policy as unknown as {
      unknownCheckingProxy: (properties: object) => object;
    };
    const proxied = unknownCheckingProxy({ egress: sentinels[3], tags: { zone: sentinels[2] } }) as Record<
      string,
      unknown
    >;
    expect(() => proxied["egress"]).toThrow(/can't be known/);
    expect(rawProperties(proxied)).toEqual({ egress: sentinels[3], tags: { zone: sentinels[2] } });
  });
});
