import { auditRecords, minimumRetentionDays } from "../audit-policy";
import { maximumLifetimeHours, minimumRenewalHours } from "../certificate-policy";
import type { Breach } from "../finding";
import { policyNamePattern } from "../name";

import type { Invariant, Located } from "./draft";

function repeated(names: readonly Located<string>[]): readonly Breach[] {
  const firstAt = new Map<string, string>();
  return names.flatMap(({ path, value }): readonly Breach[] => {
    const first = firstAt.get(value);
    firstAt.set(value, first ?? path);
    return first === undefined
      ? []
      : [{ path, message: `\`${value}\` stands at ${first} already.`, remedy: "Take one of the two out." }];
  });
}

/** Certificates, access and audit. */
export const policyInvariants: readonly Invariant[] = [
  {
    id: "BH-028",
    title: "A certificate lives at most 90 days.",
    because: "A stolen key is of use until its certificate expires; 2160 hours bound that.",
    check: (draft) =>
      draft.certificates
        .filter(({ value }) => value.lifetimeHours > maximumLifetimeHours)
        .map(({ path, value }) => ({
          path: `${path}.lifetimeHours`,
          message: `${String(value.lifetimeHours)} hours are more than 90 days.`,
          remedy: `Write ${String(maximumLifetimeHours)} or less.`,
        })),
  },
  {
    id: "BH-029",
    title: "A certificate is renewed at least 30 days before it expires, and not at once.",
    because:
      "Thirty days are the time that is left to notice a renewal that failed; a certificate renewed on the day it is issued is renewed for ever.",
    check: (draft) =>
      draft.certificates.flatMap(({ path, value }): readonly Breach[] => {
        const at = `${path}.renewBeforeHours`;
        if (value.renewBeforeHours < minimumRenewalHours) {
          return [
            {
              path: at,
              message: `${String(value.renewBeforeHours)} hours before expiry are less than 30 days.`,
              remedy: `Write ${String(minimumRenewalHours)} or more.`,
            },
          ];
        }
        return value.renewBeforeHours < value.lifetimeHours
          ? []
          : [
              {
                path: at,
                message: `A certificate of ${String(value.lifetimeHours)} hours would be renewed ${String(value.renewBeforeHours)} hours before it expires, which is before it is issued.`,
                remedy: "Renew later, or let certificates live longer.",
              },
            ];
      }),
  },
  {
    id: "BH-030",
    title: "Roles, resources, agents and tools are named in full, once each.",
    because: "Access is default-deny: a wildcard would grant what nobody listed, and what is added later.",
    check: (draft) =>
      draft.access.flatMap(({ path, value }) => {
        const at = (list: string, names: readonly string[]): readonly Located<string>[] =>
          names.map((name, index) => ({ path: `${list}[${String(index)}]`, value: name }));
        const roles = value.roles.map((role, index) => ({
          path: `${path}.roles[${String(index)}].id`,
          value: role.id,
        }));
        const agents = value.agents.map((agent, index) => ({
          path: `${path}.agents[${String(index)}].id`,
          value: agent.id,
        }));
        const tools = value.tools.map((tool, index) => ({
          path: `${path}.tools[${String(index)}].id`,
          value: tool.id,
        }));
        const lists = [
          roles,
          agents,
          tools,
          ...value.roles.map((role, index) =>
            at(`${path}.roles[${String(index)}].resources`, role.resources),
          ),
          ...value.agents.map((agent, index) =>
            agent.tools.map((tool, at) => ({
              path: `${path}.agents[${String(index)}].tools[${String(at)}].id`,
              value: tool.id,
            })),
          ),
          at(`${path}.mfaResources`, value.mfaResources),
        ];
        return [
          ...lists.flatMap(repeated),
          ...lists
            .flat()
            .filter((name) => !policyNamePattern.test(name.value))
            .map((name) => ({
              path: name.path,
              message: `\`${name.value}\` is not lower-case words joined by underscores.`,
              remedy: "Write out each name, as in `phi_clinical_rag`; there are no wildcards.",
            })),
        ];
      }),
  },
  {
    id: "BH-031",
    title: "Agents act for roles, and second factors guard resources, that exist.",
    because:
      "A misspelt name would leave an agent without a user's limits, or a resource without its second factor.",
    check: (draft) =>
      draft.access.flatMap(({ path, value }) => {
        const roles = new Set(value.roles.map(({ id }) => id));
        const resources = new Set(value.roles.flatMap((role) => role.resources));
        return [
          ...value.agents.flatMap((agent, index) =>
            agent.actsFor.flatMap((role, at): readonly Breach[] =>
              roles.has(role)
                ? []
                : [
                    {
                      path: `${path}.agents[${String(index)}].actsFor[${String(at)}]`,
                      message: `Agent ${agent.id} acts for \`${role}\`, which is no role.`,
                      remedy: `Use a declared role: ${[...roles].join(", ")}.`,
                    },
                  ],
            ),
          ),
          ...value.mfaResources.flatMap((resource, index): readonly Breach[] =>
            resources.has(resource)
              ? []
              : [
                  {
                    path: `${path}.mfaResources[${String(index)}]`,
                    message: `\`${resource}\` is a resource of no role.`,
                    remedy: `Use a resource that a role may use: ${[...resources].join(", ")}.`,
                  },
                ],
          ),
        ];
      }),
  },
  {
    id: "BH-032",
    title: "PHI is not used from an external network, and a session lasts at most twelve hours.",
    because:
      "Context is part of every decision (NIST SP 800-207 §2.1, tenet 4), and a session outlives the context that it was granted in.",
    check: (draft) =>
      draft.access.flatMap(({ path, value }): readonly Breach[] => [
        ...value.phiLocations.flatMap((location, index) =>
          location === "external"
            ? [
                {
                  path: `${path}.phiLocations[${String(index)}]`,
                  message: "PHI may not be used from an external network.",
                  remedy: "Leave `external` out.",
                },
              ]
            : [],
        ),
        ...(value.sessionMinutes > 720
          ? [
              {
                path: `${path}.sessionMinutes`,
                message: `${String(value.sessionMinutes)} minutes are more than twelve hours.`,
                remedy: "Write 720 or less; 60 is usual.",
              },
            ]
          : []),
      ]),
  },
  {
    id: "BH-033",
    title: "Audit records are kept for six years, and none is left out.",
    because:
      "HIPAA keeps its documentation for six years (45 CFR §164.316(b)(2)(i)) and asks for a record of activity (§164.312(b)).",
    check: (draft) =>
      draft.audit.flatMap(({ path, value }): readonly Breach[] => {
        const missing = auditRecords.filter((record) => !value.records.includes(record));
        return [
          ...(value.retentionDays < minimumRetentionDays
            ? [
                {
                  path: `${path}.retentionDays`,
                  message: `${String(value.retentionDays)} days are less than six years.`,
                  remedy: `Write ${String(minimumRetentionDays)} or more.`,
                },
              ]
            : []),
          ...(missing.length > 0
            ? [
                {
                  path: `${path}.records`,
                  message: `Not recorded: ${missing.join(", ")}.`,
                  remedy: "Leave the list out, and everything is recorded.",
                },
              ]
            : []),
        ];
      }),
  },
];
