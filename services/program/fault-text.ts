/** A kind of error. */
type ErrorKind = abstract new (...args: never[]) => Error;

function codeOf(error: Error): string {
  return "code" in error && (typeof error.code === "string" || typeof error.code === "number")
    ? ` ${String(error.code)}`
    : "";
}

/**
 * What a log may say of what went wrong. The words of others stay out of it: a server's error can quote what it was asked
 * about a patient. Of these the name and the code are told, with what lay behind them.
 *
 * @param ownErrors the errors whose words are the program's own.
 */
export function faultTextOf(ownErrors: readonly ErrorKind[]): (error: unknown) => string {
  const text = (error: unknown): string => {
    if (!(error instanceof Error)) {
      return "unknown";
    }
    const isOwn = ownErrors.some((kind) => error instanceof kind);
    const behind = error.cause === undefined ? "" : ` (${text(error.cause)})`;
    return `${isOwn ? error.message : `${error.name}${codeOf(error)}`}${behind}`;
  };
  return text;
}
