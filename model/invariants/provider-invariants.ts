import type { Breach } from "../finding";
import { isValid, mayReceivePhi } from "../llm-provider";

import type { Invariant } from "./draft";

const fqdnPattern = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** Where prompts may be sent. */
export const providerInvariants: readonly Invariant[] = [
  {
    id: "BH-024",
    title: "A provider that may receive PHI has a valid business associate agreement.",
    because:
      "PHI may be disclosed to a business associate only under such an agreement (45 CFR §164.502(e), §164.504(e)); an expired one is none.",
    check: (draft) =>
      draft.llmProviders
        .filter(({ value }) => mayReceivePhi(value) && !isValid(value.agreement, draft.today))
        .map(({ path, value }) => {
          const { agreement } = value;
          const why =
            agreement === undefined
              ? "has no agreement"
              : agreement.signed > draft.today
                ? `has an agreement that begins on ${agreement.signed} only`
                : `had an agreement until ${agreement.expires}`;
          return {
            path: agreement === undefined ? `${path}.onFinding` : `${path}.agreement`,
            message: `Provider ${value.id} may receive PHI, but ${why}.`,
            remedy: "Use `onFinding: redact` or `block`, or record the agreement that holds today.",
          };
        }),
  },
  {
    id: "BH-025",
    title: "An agreement expires after it was signed.",
    because:
      "Dates in the wrong order are a slip of the pen, and which of the two is wrong decides whether PHI may go.",
    check: (draft) =>
      draft.llmProviders.flatMap(({ path, value }): readonly Breach[] => {
        const { agreement } = value;
        return agreement === undefined ||
          agreement.expires === "until-terminated" ||
          agreement.expires > agreement.signed
          ? []
          : [
              {
                path: `${path}.agreement.expires`,
                message: `The agreement with ${value.id} expires on ${agreement.expires}, and was signed on ${agreement.signed}.`,
                remedy: "Correct the two dates.",
              },
            ];
      }),
  },
  {
    id: "BH-026",
    title: "An external provider's hosts are full DNS names.",
    because:
      "The firewall's allow-list is made of them; a wildcard would admit whoever gets a name under it.",
    check: (draft) =>
      draft.llmProviders.flatMap(({ path, value }) =>
        value.kind === "native"
          ? []
          : value.fqdns.flatMap((fqdn, index): readonly Breach[] =>
              fqdnPattern.test(fqdn)
                ? []
                : [
                    {
                      path: `${path}.fqdns[${String(index)}]`,
                      message: `\`${fqdn}\` is not a full DNS name in lower case.`,
                      remedy: "Write each host of the provider's API, such as api.provider.example.",
                    },
                  ],
            ),
      ),
  },
  {
    id: "BH-027",
    title: "Whoever uses the cloud's model inference has a native provider declared for it.",
    because:
      "The private endpoint admits the declared models only; without a declaration it would admit none, or all.",
    check: (draft) =>
      draft.namesAreComplete && !draft.llmProviders.some(({ value }) => value.kind === "native")
        ? draft.flows
            .filter(({ to }) => to.kind === "platform-service" && to.id === "model-inference")
            .map(({ path }) => ({
              path: `${path}.to`,
              message:
                "platform-service/model-inference is used, but no native provider says which models it serves.",
              remedy:
                "Declare a provider with `kind: native` and its models in llmProviders, or take the flow out.",
            }))
        : [],
  },
];
