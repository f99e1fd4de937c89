// What may be said to a preview besides what the gate says. Everything else is refused: an option that leaves out resources,
// names another pack or another program would have the gate judge something else than what is merged.

import { Refusal } from "./gate-settings.mjs";

/** Options by the preview that has them, and whether they take a value. */
const allowed = {
  offline: { "--cloud": true },
  cloud: { "--parallel": true, "--refresh": false },
};

/** Why some options are refused, for those who wonder. */
const reasons = [
  [/^(--target|--exclude|--replace|-t|-x)/, "leaves out resources, and what is left out is not judged"],
  [/^--policy-pack/, "names another policy pack, or another configuration of it"],
  [/^(--skip-preview|-f$)/, "leaves out the preview, which is what is judged"],
  [/^(--stack|-s)/, "names another stack; set BULKHEAD_STACK"],
  [/^(--cwd|-C|--program)/, "names another program; set BULKHEAD_PROGRAM"],
];

/**
 * The options that a workflow adds to a preview.
 *
 * @param {string} text separated by spaces.
 * @param {"offline" | "cloud"} mode
 */
export function previewOptions(text, mode) {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const options = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    const [name, value] = word.split(/=(.*)/s);
    if (!Object.hasOwn(allowed[mode], name)) {
      const why = reasons.find(([pattern]) => pattern.test(word))?.[1] ?? "is not known to be harmless";
      throw new Refusal(`BULKHEAD_PREVIEW_OPTIONS has ${word}, which ${why}.`);
    }
    if (!allowed[mode][name]) {
      if (value !== undefined) {
        throw new Refusal(`BULKHEAD_PREVIEW_OPTIONS gives ${name} a value, and it takes none.`);
      }
      options.push(name);
      continue;
    }
    const given = value ?? words[(index += 1)];
    if (given === undefined || !/^[a-z0-9]+$/.test(given)) {
      throw new Refusal(`BULKHEAD_PREVIEW_OPTIONS gives ${name} no value that it takes.`);
    }
    options.push(`${name}=${given}`);
  }
  return options;
}

/** Variables that the previews need. What a program does not need, it does not get: see README.md, "What it does not stop". */
const needed = [
  ...["PATH", "HOME", "USER", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR", "CI"],
  ...[
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "NODE_EXTRA_CA_CERTS",
  ],
  ...["PULUMI_HOME", "PULUMI_BACKEND_URL"],
  ...["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
];

/**
 * The environment of a preview.
 *
 * Pulumi takes every option from a variable as well: `PULUMI_OPTION_TARGET` is `--target` (pulumi,
 * `declareFlagsAsEnvironmentVariables`). Such a variable is refused rather than dropped, so that nobody believes in it.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
export function previewEnvironment(environment) {
  // Windows does not tell names apart by case, and neither does this.
  const options = Object.keys(environment).filter((name) => /^PULUMI_OPTION_/i.test(name));
  if (options.length > 0) {
    throw new Refusal(
      `${options.sort().join(", ")} is set, and Pulumi takes it for an option: it could leave out resources, or the policy pack. Take it away.`,
    );
  }
  const passed = (environment["BULKHEAD_PASS_ENVIRONMENT"] ?? "").split(/\s+/).filter((name) => name !== "");
  const given = [...needed, ...passed].filter((name) => (environment[name] ?? "") !== "");
  return Object.fromEntries(given.map((name) => [name, environment[name]]));
}
