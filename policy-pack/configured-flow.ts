import { z } from "zod";

import { zoneIds, type ZoneId } from "../model/zone";

import { addressRange, type AddressRange } from "./address-range";

/** The zones that a configured flow may name. `phi` is none: nothing can add a flow out of it, or another one into it. */
const zone = z.enum(zoneIds).exclude(["phi"]);

const addresses = z.strictObject({
  cidr: z
    .string()
    .refine((text) => addressRange(text) !== undefined, {
      error: "it is no block of addresses in CIDR notation",
    })
    .meta({ description: "A block of addresses in CIDR notation.", examples: ["10.0.9.0/24"] }),
});

const end = z.union([zone, addresses], {
  error:
    'it is gateway, processing, egress or {"cidr": "10.0.9.0/24"}: nothing adds a flow out of phi, or into it',
});

/** A flow besides those that any stack may have, as the configuration of the pack writes it. */
export const configuredFlowSchema = z
  .strictObject({
    from: end.meta({
      description: "Who opens the connection: a zone other than phi, or a block of addresses.",
    }),
    to: end.meta({ description: "Who is reached: a zone other than phi, or a block of addresses." }),
    port: z.int().min(1).max(65535).meta({ description: "The TCP port." }),
  })
  .refine(({ from, to }) => typeof from === "string" || typeof to === "string", {
    error: "one end has to be a zone",
  })
  .meta({ description: "A connection over TCP that the stack may have." });

/** One end of a configured flow. */
export type ConfiguredEnd =
  | { readonly kind: "zone"; readonly zone: Exclude<ZoneId, "phi"> }
  | { readonly kind: "addresses"; readonly range: AddressRange };

export interface ConfiguredFlow {
  readonly from: ConfiguredEnd;
  readonly to: ConfiguredEnd;
  /** The TCP port. */
  readonly port: number;
}

/** The end that a document writes; `undefined` if it is no block of addresses. */
function parsed(written: z.output<typeof end>): ConfiguredEnd | undefined {
  if (typeof written === "string") {
    return { kind: "zone", zone: written };
  }
  const range = addressRange(written.cidr);
  return range === undefined ? undefined : { kind: "addresses", range };
}

/** The flow that a valid document writes. */
export function configuredFlow(document: z.output<typeof configuredFlowSchema>): readonly ConfiguredFlow[] {
  const [from, to] = [parsed(document.from), parsed(document.to)];
  return from === undefined || to === undefined ? [] : [{ from, to, port: document.port }];
}
