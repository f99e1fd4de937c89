import type { Node, StackGraph } from "../../stack-graph";

import { arnParts } from "./physical-names";
import { matches } from "./iam-evaluation";

/** A name that is long and odd enough not to be a word of something else. */
const telling = /^(?=.*[\d.-])[a-zA-Z0-9._-]{6,}$/;

/** What may follow a name within a longer text: an end of any kind, or the rest of a host's name at AWS. */
const after = String.raw`(?=$|[/"'\s,*:;?&)\]}]|\.s3[.-]|\.[\w.-]+\.amazonaws\.com)`;

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The pattern by which a longer text refers to a name: an ARN or a URN anywhere, a bucket in an address, an id by itself. */
function patternOf(name: string): string | undefined {
  if (/^(?:arn|urn):/.test(name)) {
    return `${escaped(name)}(?![\\w-]|\\.\\w)`;
  }
  return telling.test(name) ? `(?<![\\w.-])${escaped(name)}${after}` : undefined;
}

/** The pattern of an ARN of which the end is known, in the account and the region that are known. */
function arnPattern(end: string, region: string | undefined, account: string | undefined): string {
  const [service = "", ...rest] = end.split(":");
  const part = (known: string | undefined): string =>
    known === undefined ? String.raw`[^:\s"']*` : `(?:${escaped(known)})?`;
  return `arn:[\\w-]+:${escaped(service)}:${part(region)}:${part(account)}:${escaped(rest.join(":"))}(?![\\w-]|\\.\\w)`;
}

/** An ARN of which the end is known, as a pattern of ARNs would have to name it. */
function wholeArn(
  end: string,
  region: string | undefined,
  account: string | undefined,
): (pattern: string) => string {
  const [service = "", ...rest] = end.split(":");
  return (pattern) => {
    // What is not known is taken to be what the pattern asks for.
    const asked = arnParts(pattern);
    const [partition = "aws"] = pattern.slice("arn:".length).split(":");
    return [
      "arn",
      partition.includes("*") ? "aws" : partition,
      service,
      region ?? asked?.region ?? "",
      account ?? asked?.account ?? "",
      rest.join(":"),
    ].join(":");
  };
}

const anyArn = /arn:[^\s"',;&)\]}]+/g;

function expressionOf(patterns: readonly string[]): RegExp | undefined {
  return patterns.length === 0 ? undefined : new RegExp(patterns.join("|"));
}

/**
 * Which of some texts refers to one of some resources: it is a name of it, holds one, or is a pattern of an ARN that may
 * stand for one. A name that the program gives and that may be a word of anything counts only within an ARN.
 */
export function referenceFinder(
  graph: StackGraph,
  nodes: readonly Node[],
): (texts: readonly string[]) => string | undefined {
  const known = new Set(nodes.flatMap((node) => [node.urn, ...graph.knownNames(node)]));
  // In an ARN, a name counts as its end alone, in the account and the region that are meant.
  const inArns = new Set(nodes.flatMap((node) => graph.physicalNames(node).namesInArn));
  const ends = nodes.flatMap((node) => {
    const { names, arnEnds } = graph.physicalNames(node);
    const region = arnEnds.some((end) => end.startsWith("s3:")) ? undefined : graph.regionOf(node);
    names.filter((name) => telling.test(name)).forEach((name) => known.add(name));
    return arnEnds.map((end) => [end, region, graph.account] as const);
  });
  const anywhere = expressionOf([
    ...[...known].filter((name) => !inArns.has(name)).flatMap((name) => patternOf(name) ?? []),
    ...ends.map((end) => arnPattern(...end)),
  ]);
  const besidesArns = expressionOf(
    [...known].filter((name) => inArns.has(name)).flatMap((name) => patternOf(name) ?? []),
  );
  const arns = [
    ...[...known].filter((name) => name.startsWith("arn:")).map((arn) => (): string => arn),
    ...ends.map((end) => wholeArn(...end)),
  ];
  const refers = (text: string): boolean =>
    known.has(text) ||
    anywhere?.test(text) === true ||
    besidesArns?.test(text.replaceAll(anyArn, "")) === true ||
    (/^arn:.*\*/.test(text) && arns.some((arn) => matches(text, arn(text), { ignoreCase: false })));
  // Resources have many texts in common.
  const answers = new Map<string, boolean>();
  return (texts) =>
    texts.find((text) => {
      const answer = answers.get(text) ?? refers(text);
      answers.set(text, answer);
      return answer;
    });
}
