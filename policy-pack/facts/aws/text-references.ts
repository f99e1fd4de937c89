import { matches } from "./iam-evaluation";

/** A name that is long and odd enough not to be a word of something else. */
const telling = /^(?=.*[\d.-])[a-zA-Z0-9._-]{6,}$/;

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The pattern by which a longer text refers to a name: an ARN or a URN anywhere, a bucket in an address, an id by itself. */
function patternOf(name: string): string | undefined {
  if (/^(?:arn|urn):/.test(name)) {
    return `${escaped(name)}(?![\\w-])`;
  }
  if (!telling.test(name)) {
    return undefined;
  }
  return `(?<![\\w.-])${escaped(name)}(?=$|[/"'\\s,*]|\\.s3[.-])`;
}

/**
 * Which of some texts refers to one of some names: it is one, holds one, or is a pattern of an ARN that may stand for one.
 *
 * @param names every name by which the resources that are meant are known.
 */
export function referenceFinder(
  names: ReadonlySet<string>,
): (texts: readonly string[]) => string | undefined {
  const patterns = [...names].flatMap((name) => patternOf(name) ?? []);
  const expression = patterns.length === 0 ? undefined : new RegExp(patterns.join("|"));
  const arns = [...names].filter((name) => name.startsWith("arn:"));
  const refers = (text: string): boolean =>
    names.has(text) ||
    expression?.test(text) === true ||
    (/^arn:.*\*/.test(text) && arns.some((arn) => matches(text, arn, { ignoreCase: false })));
  return (texts) => texts.find(refers);
}
