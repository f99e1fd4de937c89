import type { ChildProcess } from "node:child_process";

/** How much of what a child process writes is kept to explain its failure. */
const mostKept = 20_000;

/** Collects what a child process writes on a stream. */
export function collected(stream: ChildProcess["stdout"]): () => string {
  let text = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => {
    text = (text + chunk).slice(-mostKept);
  });
  return () => text.trim();
}
