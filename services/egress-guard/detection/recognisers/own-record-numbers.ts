import type { InspectionPolicy, RecordNumberFormat } from "../../../../model/inspection-policy";
import type { Recogniser } from "../recogniser";
import { folded } from "../token-text";

const letterOrDigit = /[\p{L}\p{N}]/u;
const separator = /[\s\-–—‑./_:#]/;

/** Where a number of the form ends that begins at a place; undefined if none does. Separators of the form may be others, or missing. */
function endOf(form: string, text: string, start: number): number | undefined {
  let at = start;
  for (let index = 0; index < form.length; index += 1) {
    const sign = form.charAt(index);
    const character = text.charAt(at);
    if (sign === "9") {
      if (!/\d/.test(character)) {
        return undefined;
      }
    } else if (sign === "A") {
      if (!/\p{L}/u.test(character)) {
        return undefined;
      }
    } else if (sign === "*") {
      if (!letterOrDigit.test(character)) {
        return undefined;
      }
    } else if (separator.test(sign)) {
      if (!separator.test(character)) {
        if (/[\s\-–—‑.]/.test(sign)) {
          continue;
        }
        return undefined;
      }
    } else if (character.toUpperCase() !== sign.toUpperCase()) {
      return undefined;
    }
    at += 1;
  }
  return letterOrDigit.test(text.charAt(at)) || at === start ? undefined : at;
}

interface OwnForm extends Pick<RecordNumberFormat, "id"> {
  /** The form from its first letter or digit on. */
  readonly form: string;
  readonly context: readonly (readonly string[])[];
  /** The small letter with which every such number begins, if it is one. */
  readonly begins: number | undefined;
}

/** How far from a number a word of its context may stand, in tokens. */
const near = 8;

/** The forms of record numbers that the hospital gives out itself. */
export function ownRecordNumbers({ recordNumbers }: Pick<InspectionPolicy, "recordNumbers">): Recogniser {
  const forms: readonly OwnForm[] = recordNumbers
    .map((format) => ({ ...format, form: format.form.replace(/^[^\p{L}\p{N}*]+/u, "") }))
    .map(({ id, form, context }) => ({
      id,
      form,
      begins: /^[B-Zb-z]/.test(form) ? form.charCodeAt(0) | 32 : undefined,
      context: context.map((words) =>
        folded(words)
          .split(/[^\p{L}\p{N}]+/u)
          .filter(Boolean),
      ),
    }));
  return {
    shapes: forms.length === 0 ? [] : ["number", "code", "capital", "small"],
    look: (text, token, report) => {
      const start = text.start(token);
      const code = text.text.charCodeAt(start);
      for (const { id, form, context, begins } of forms) {
        if (
          begins !== undefined
            ? begins !== (code | 32)
            : !form.startsWith("*") && code <= 57 !== /^\d/.test(form)
        ) {
          continue;
        }
        const end = endOf(form, text.text, start);
        if (end === undefined) {
          continue;
        }
        const after = text.tokenFrom(end, token);
        const has = context.some(([first, ...others]) => {
          for (let at = token - near; at < after + near; at += 1) {
            if (
              at >= 0 &&
              text.word(at) === first &&
              others.every((word, index) => text.word(at + 1 + index) === word)
            ) {
              return true;
            }
          }
          return false;
        });
        if (context.length === 0 || has) {
          report("medical_record_number", id, start, end);
        }
      }
    },
  };
}
