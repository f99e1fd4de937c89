import * as proto from "@pulumi/pulumi/proto/analyzer_pb";

import type { EnforcementLevel } from "./policy-config";
import type { Properties } from "./property-values";

/** Levels of policies in CrossGuard's protocol. */
export const protocolLevels: Readonly<Record<EnforcementLevel, proto.EnforcementLevel>> = {
  advisory: proto.EnforcementLevel.ADVISORY,
  mandatory: proto.EnforcementLevel.MANDATORY,
  remediate: proto.EnforcementLevel.REMEDIATE,
  disabled: proto.EnforcementLevel.DISABLED,
};

/** A policy of a pack, with what the pack's user may set of it. */
export interface SettablePolicy {
  readonly name: string;
  /** The level that the pack gives it. */
  readonly level: EnforcementLevel;
  /** Its properties: a JSON schema for each. */
  readonly schemas: Properties;
  /** The properties that somebody has to set. */
  readonly required: readonly string[];
  /** The properties that are set without the user: by the schemas' defaults, and over them by the pack. */
  readonly given: Properties;
}

function levelOf(level: proto.EnforcementLevel): EnforcementLevel {
  const found = (Object.keys(protocolLevels) as EnforcementLevel[]).find(
    (candidate) => protocolLevels[candidate] === level,
  );
  if (found === undefined) {
    throw new Error(`no level ${String(level)}`);
  }
  return found;
}

/** The policies that a pack says it holds. */
export function settablePolicies(info: proto.AnalyzerInfo): readonly SettablePolicy[] {
  const initial = info.getInitialconfigMap();
  return info.getPoliciesList().map((policy) => {
    const name = policy.getName();
    const own = initial.get(name);
    const schemas: Properties = policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {};
    const defaults = Object.entries(schemas).flatMap(([key, schema]) =>
      typeof schema === "object" && schema !== null && "default" in schema
        ? [[key, schema.default] as const]
        : [],
    );
    return {
      name,
      level: levelOf((own ?? initial.get("all") ?? policy).getEnforcementlevel()),
      schemas,
      required: policy.getConfigschema()?.getRequiredList() ?? [],
      given: { ...Object.fromEntries(defaults), ...own?.getProperties()?.toJavaScript() },
    };
  });
}
