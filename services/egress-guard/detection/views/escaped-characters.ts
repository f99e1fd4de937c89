import type { Replacement, View } from "./view";

const escape =
  /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,8}));?|((?:%[\da-fA-F]{2})+)|\\u\{([\da-fA-F]{1,6})\}|\\{1,4}u([\da-fA-F]{4})|\\{1,4}x([\da-fA-F]{2})|\\{1,4}([nrt"/])|((?:=[\dA-F]{2})+)|(=\r?\n)|<\/?[a-zA-Z!][^<>]{0,200}>|(?<=[\p{L}\p{N}])(?:\*{1,3}|_{2,3}|~~|`|\[\]|\]\([^)\s]{0,200}\))(?=[\p{L}\p{N}@.-])/gu;
const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  commat: "@",
  period: ".",
  num: "#",
  dash: "-",
  hyphen: "-",
  ndash: "-",
  mdash: "-",
  colon: ":",
  sol: "/",
  comma: ",",
  lpar: "(",
  rpar: ")",
  plus: "+",
  shy: "",
  zwnj: "",
  zwj: "",
  lowbar: "_",
  uuml: "ü",
  ouml: "ö",
  auml: "ä",
  szlig: "ß",
  eacute: "é",
  egrave: "è",
  ntilde: "ñ",
  aacute: "á",
  oacute: "ó",
  iacute: "í",
};
const spaces: Readonly<Record<string, string>> = { n: "\n", r: "\n", t: "\t" };
const decoder = new TextDecoder("utf-8", { fatal: true });

function ofCode(code: number): string | undefined {
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    ? String.fromCodePoint(code)
    : undefined;
}

function ofBytes(hexadecimal: string): string | undefined {
  const bytes = Buffer.from(hexadecimal, "hex");
  try {
    return decoder.decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

/** Whether a text can have escapes, tags or marks at all: most have none, and this is quick to say. */
const signs = /[&%\\=<*_~`\]]/;

/**
 * What stands for other characters in HTML, URLs, JSON and quoted-printable, and tags and marks of HTML and Markdown that stand
 * within words.
 */
export function escapedCharacters({ text }: View): readonly Replacement[] {
  if (!signs.test(text)) {
    return [];
  }
  const replacements: Replacement[] = [];
  for (const found of text.matchAll(escape)) {
    const [all, decimal, hexadecimal, entity, percent, codePoint, unit, byte, control, quoted, soft] = found;
    const start = found.index;
    let plain: string | undefined = "";
    if (decimal !== undefined) {
      plain = ofCode(Number(decimal));
    } else if (hexadecimal !== undefined || codePoint !== undefined) {
      plain = ofCode(Number.parseInt(hexadecimal ?? codePoint ?? "", 16));
    } else if (entity !== undefined) {
      plain = entities[entity];
    } else if (percent !== undefined) {
      plain = ofBytes(percent.replaceAll("%", ""));
    } else if (unit !== undefined || byte !== undefined) {
      plain = String.fromCharCode(Number.parseInt(unit ?? byte ?? "", 16));
    } else if (control !== undefined) {
      plain = spaces[control] ?? control;
    } else if (quoted !== undefined) {
      plain = ofBytes(quoted.replaceAll("=", ""));
    } else if (soft !== undefined) {
      plain = "";
    } else if (/^<(?:br|p|div|td|th|tr|li|\/p|\/div|\/td|\/th|\/tr|\/li|h\d|\/h\d)\b/i.test(all)) {
      plain = "\n";
    }
    if (plain !== undefined) {
      replacements.push({ start, end: start + all.length, text: plain });
    }
  }
  return replacements;
}
