import { missingAgreement, modelsWithPhi } from "../agreements";
import { declaring } from "../declared-providers";
import { hipaa, hipaaPrivacy, nist800207, nist80053 } from "../framework";
import { isWithin } from "../host-pattern";
import type { JudgedStack } from "../judged-stack";
import type { PolicyRule } from "../policy-rule";
import { proof, type Proof } from "../proof";
import { toldInspection } from "../told-inspection";
import { bindingPlatform } from "../undeclared";

import { allowLists, unagreedProviders } from "./unagreed-providers";

/** What shows that providers are called by their declared hosts alone, and get PHI only where an agreement holds. */
function proofs(stack: JudgedStack): readonly Proof[] {
  const { facts, declarations } = stack;
  const day = stack.waivers.today;
  const entries = facts.hostAllowances.flatMap((allowance): readonly Proof[] => {
    const { external } = declaring(stack, bindingPlatform(stack, allowance.platform));
    const of = external.filter(({ hosts }) =>
      allowance.hosts.some((host) => hosts.some((own) => isWithin(host, own))),
    );
    const isWhole = allowance.hosts.every((host) =>
      of.some(({ hosts }) => hosts.some((own) => isWithin(host, own))),
    );
    return isWhole && allowance.assumption === undefined
      ? [
          proof(
            `Allow-list: it lets through hosts of declared providers alone: ${[...allowance.hosts].sort().join(", ")}.`,
            allowance,
          ),
        ]
      : [];
  });
  const agreed = [...declarations.platforms.values()].flatMap(({ urn, name, llmProviders }) =>
    llmProviders.map((provider): Proof => {
      const models = modelsWithPhi(provider);
      const at = { urn, label: `Platform ${name}` };
      return models.length === 0
        ? proof(`Policy: no prompt with PHI goes to provider ${provider.id} as it is.`, at)
        : proof(
            `Agreement: provider ${provider.id} may get PHI, and its agreement holds on ${day}${missingAgreement(provider, day) === undefined ? "" : " not"}.`,
            at,
          );
    }),
  );
  const none = [...declarations.platforms.values()]
    .filter(
      ({ name, llmProviders }) =>
        !llmProviders.some(({ kind }) => kind === "external") &&
        !facts.hostAllowances.some(({ platform, by }) => platform === name && allowLists.has(by)),
    )
    .map(({ urn, name }) =>
      proof(
        "Providers: none outside of the cloud is declared, and no list lets anything out by the name of a host.",
        { urn, label: `Platform ${name}` },
      ),
    );
  const told = toldInspection(stack).flatMap(({ document, evidence }) =>
    document === undefined
      ? []
      : [
          proof(
            "Guard: it is told the providers, policies and agreements that its platform declares.",
            ...evidence,
          ),
        ],
  );
  return [...entries, ...agreed, ...none, ...told];
}

/** Who is called for its models is declared, and gets PHI only where an agreement holds. */
export const llmProvidersHaveAgreements: PolicyRule = {
  id: "BH-115",
  name: "llm-providers-have-agreements",
  title: "LLM providers have agreements",
  description:
    "Nothing lets through a host of an API of large language models whose provider is not declared: no rule or list of a firewall or a proxy, no list of a resolver or a service, no route of a gateway, of an Envoy or of a mesh. A provider whose models may get PHI has a business associate agreement that holds on the day of the judgement: it is signed, and has not ended; for the last thirty days that it holds, that it ends is advice. An entry that lets through more hosts than are declared counts as undeclared, and one whose hosts are not known as every host. On a platform of ours the providers are those of the platform file, each entry of an allow-list has to be one of their hosts, and the egress guard is told nothing else; elsewhere they are those that the configuration names. That a declared provider has no entry is no finding: nothing leaves then. A cloud's own API behind a private endpoint is no route out.",
  severity: "critical",
  level: {
    group: "second",
    elsewhere:
      "mandatory wherever a known LLM domain is named, and for names that are not known where anything is in a zone phi, processing or egress",
    except:
      "agreements in their last thirty days; hosts that answer for much besides models (elsewhere than on a platform of ours)",
  },
  frameworks: [
    hipaa("164.308(b)(1)"),
    hipaaPrivacy("164.502(e)(1)"),
    hipaaPrivacy("164.504(e)(1)"),
    nist80053("SA-9"),
    nist80053("CA-3"),
    nist800207("Section 3.4.1"),
  ],
  remediation:
    "Declare the provider with its hosts and its agreement, or take the entry away. Where an agreement has ended, renew it or let prompts with PHI be blocked or redacted.",
  check: unagreedProviders,
  proofs,
  unconcerned: ({ declarations, facts, settings }) =>
    declarations.platforms.size > 0 || facts.hostAllowances.length > 0 || settings.llmProviders.length > 0
      ? undefined
      : "Nothing in the stack lets anything through by the name of a host, and no provider is declared.",
};
