import { describe, expect, it } from "vitest";

import { positionIn, statePositionIn } from "../../preview/source-position";

describe("a position that a state holds", () => {
  it.each([
    ["project:///index.ts#12,3", { file: "index.ts", line: 12, column: 3 }],
    ["project:///infra/my%20network.ts#7", { file: "infra/my network.ts", line: 7, column: 1 }],
    ["project:///a%23b.ts#1,1", { file: "a#b.ts", line: 1, column: 1 }],
  ])("is read: %s", (place, position) => {
    expect(statePositionIn([place])).toEqual(position);
  });

  it.each([
    "",
    "index.ts#12,3",
    "file:///home/somebody/index.ts#12,3",
    "project:///../shared/index.ts#12,3",
    "project:///a/%2e%2e/%2E%2E/b.ts#12,3",
    "project:////etc/passwd#1,1",
    "project:///node_modules/@acme/network/index.js#12,3",
    "project:///index.ts",
    "project:///index.ts#0,1",
    "project:///index.ts#1,0",
    "project:///index.ts#99999999999999999999,1",
    "project:///%E0%A4%A.ts#1,1",
    "project:///#1,1",
  ])("is none that a reader could change: %s", (place) => {
    expect(statePositionIn([place])).toBeUndefined();
  });

  it("is the first of the stack that is the author's own", () => {
    expect(
      statePositionIn([
        "project:///node_modules/@acme/network/index.js#12,3",
        "",
        "project:///network.ts#5,2",
        "project:///index.ts#1,1",
      ]),
    ).toEqual({ file: "network.ts", line: 5, column: 2 });
  });
});

describe("a position that a program's runtime says", () => {
  const at = (path: string): readonly { uri: string; line: number; column: number }[] => [
    { uri: `file://${path}`, line: 2, column: 4 },
  ];
  it("is in the program's own folder", () => {
    expect(positionIn("/program", at("/program/a/b.ts"))).toEqual({ file: "a/b.ts", line: 2, column: 4 });
    expect(positionIn("/program", at("/program-of-others/b.ts"))).toBeUndefined();
    expect(positionIn("/program", at("/b.ts"))).toBeUndefined();
    expect(positionIn("/program", at("/program/node_modules/a/b.ts"))).toBeUndefined();
  });
});
