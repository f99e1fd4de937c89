import type { Framework } from "../../policy-pack/framework";
import type { RuleLevel } from "../../policy-pack/rule-level";
import { rules } from "../../policy-pack/rules";

import { html, type Html } from "./html";

/** The paragraphs that something serves, in a line for each framework. */
export function frameworkList(frameworks: readonly Framework[]): Html {
  const names = [...new Set(frameworks.map(({ name }) => name))];
  return html`<ul class="frameworks">
    ${names.map(
      (name) =>
        html`<li>
          ${name}:
          ${frameworks
            .filter((framework) => framework.name === name)
            .map(({ reference, specification }) => `${reference} (${specification})`)
            .join(", ")}
        </li>`,
    )}
  </ul>`;
}

/** How strict a rule is, on a platform of ours and elsewhere. */
function levelSentence(level: RuleLevel): string {
  return level.group === "first"
    ? `Mandatory on any stack, and no waiver touches it.${level.except === undefined ? "" : ` Advice only: ${level.except}.`}`
    : `Mandatory on a platform of ours; elsewhere: ${level.elsewhere}.`;
}

/** Every rule of the pack: what must hold, and what to do where it does not. */
export function rulesSection(): Html {
  return html`<section aria-labelledby="rules">
    <header>
      <h2 id="rules">Rules</h2>
      <p class="aside">What the policy pack demands of every stack.</p>
    </header>
    ${rules.map(
      ({ id, name, title, description, level, remediation, frameworks }) =>
        html`<article class="rule" id="rule-${name}" aria-labelledby="title-${name}">
          <code>${id}</code>
          <div class="rule-body">
            <div class="head">
              <h3 id="title-${name}">${title}</h3>
              <code>${name}</code>
            </div>
            <p>${description}</p>
            <p class="frameworks">${levelSentence(level)}</p>
            <p><strong>Remedy.</strong> ${remediation}</p>
            ${frameworkList(frameworks)}
          </div>
        </article>`,
    )}
  </section>`;
}
