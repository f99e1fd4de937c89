import { styleText } from "node:util";

/** How text looks on a terminal. */
export type Style = Parameters<typeof styleText>[0];

/** Colours text if the report goes to a terminal that wants colours (https://no-color.org). */
export type Paint = (style: Style, text: string) => string;

/** Colours, or none. */
export function paintWith(withColour: boolean): Paint {
  return (style, text) => (withColour ? styleText(style, text, { validateStream: false }) : text);
}

/** Whether standard output is a terminal that wants colours. */
export function wantsColour(): boolean {
  return process.stdout.isTTY && process.env["NO_COLOR"] === undefined;
}
