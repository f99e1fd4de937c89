import { describe, expectTypeOf, it } from "vitest";
import type { z } from "zod";

import type { platformDocumentSchema } from "../../model/platform-document";
import type { PlatformFile } from "../../model/platform-file";

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

type Accepted = Frozen<z.input<typeof platformDocumentSchema>>;

/** The type checker runs this: `npm run typecheck`. */
describe("the type of a platform in code", () => {
  it("is what the schema accepts, and all that it accepts", () => {
    expectTypeOf<PlatformFile>().toExtend<Accepted>();
    expectTypeOf<Accepted>().toExtend<PlatformFile>();
  });

  it("names every field of the schema, whether or not it may be left out", () => {
    type FieldsOf<T> = T extends readonly (infer Item)[]
      ? FieldsOf<Item>
      : T extends object
        ? { [K in keyof T & string]: K | `${K}.${FieldsOf<NonNullable<T[K]>> & string}` }[keyof T & string]
        : never;
    expectTypeOf<FieldsOf<PlatformFile>>().toEqualTypeOf<FieldsOf<Accepted>>();
  });
});
