import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";

type Schema = Readonly<Record<string, unknown>>;

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

const folder = resolve(__dirname, "crds");

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The schema as Kubernetes holds to it with `fieldValidation: Strict`: a field that it does not name is refused. Only the parts that
 * describe fields say so; those that compare them (`oneOf`, `not` and the like) name some of them again.
 */
function closed(schema: Schema): Schema {
  const { properties, items, additionalProperties, ...rest } = schema;
  const isOpen = rest["x-kubernetes-preserve-unknown-fields"] === true;
  return {
    ...rest,
    ...(isSchema(items) ? { items: closed(items) } : {}),
    ...(isSchema(additionalProperties) ? { additionalProperties: closed(additionalProperties) } : {}),
    ...(isSchema(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, part]) => [name, isSchema(part) ? closed(part) : part]),
          ),
          ...(isOpen || additionalProperties !== undefined ? {} : { additionalProperties: false }),
        }
      : {}),
  };
}

function compiled(): ReadonlyMap<string, ValidateFunction> {
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  return new Map(
    readdirSync(folder).flatMap((name) => {
      const { spec } = parse(readFileSync(join(folder, name), "utf8")) as Definition;
      return spec.versions.map(({ name: version, schema }): [string, ValidateFunction] => {
        const { openAPIV3Schema: own } = schema;
        // What every resource has is not for a definition to say.
        const properties = { ...(own["properties"] as Schema), apiVersion: {}, kind: {}, metadata: {} };
        return [`${spec.group}/${version} ${spec.names.kind}`, ajv.compile(closed({ ...own, properties }))];
      });
    }),
  );
}

/** The schemas of custom resources that Istio and cert-manager publish, by `<group>/<version> <kind>`. */
export const publishedSchemas: ReadonlyMap<string, ValidateFunction> = compiled();
