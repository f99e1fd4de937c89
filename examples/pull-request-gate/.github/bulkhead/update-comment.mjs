// Keeps one comment on the pull request up to date: the one that this workflow wrote, and nobody else's.

import { resolve } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";

import { readText } from "./evidence.mjs";
import { Refusal, required } from "./gate-settings.mjs";
import { runStep } from "./workflow-command.mjs";

const marker = "<!-- bulkhead-report -->";

/** GitHub shows at most 100 comments a page; the search for ours ends after this many. */
const mostPages = 50;

/** How often a request is tried, and how long to wait before it is tried again. */
const attempts = 3;
const pauseMs = Number(process.env["BULKHEAD_RETRY_MS"] || "2000");

/** Who writes what a workflow writes. */
const author = process.env["BULKHEAD_COMMENT_AUTHOR"] || "github-actions[bot]";

async function request(method, path, body) {
  const url = `${required("GITHUB_API_URL")}/repos/${required("GITHUB_REPOSITORY")}${path}`;
  for (let attempt = 1; ; attempt += 1) {
    let response;
    try {
      response = await globalThis.fetch(url, {
        method,
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${required("GITHUB_TOKEN")}`,
          "content-type": "application/json",
          "x-github-api-version": "2022-11-28",
        },
        ...(body === undefined ? {} : { body: JSON.stringify({ body }) }),
        redirect: "error",
      });
    } catch (error) {
      // What writes is not repeated where it is not known whether it was written.
      if (method !== "GET" || attempt === attempts) {
        throw new Refusal(`${method} ${path} did not reach GitHub: ${error.cause?.message ?? error.message}`);
      }
      await wait(pauseMs);
      continue;
    }
    if (response.ok) {
      return { status: response.status, value: await response.json() };
    }
    const text = (await response.text()).slice(0, 500);
    if (response.status === 404 && method === "PATCH") {
      return { status: 404, value: undefined };
    }
    if (method !== "GET" || response.status < 500 || attempt === attempts) {
      throw new Refusal(
        `${method} ${path} was refused by GitHub with status ${String(response.status)}: ${text}`,
      );
    }
    await wait(pauseMs);
  }
}

/** Whether a comment is ours: by its first line, and by who wrote it, since anybody can write that line. */
function isOurs(comment) {
  return (
    comment?.user?.login === author &&
    comment.user.type === "Bot" &&
    String(comment.body ?? "").split(/\r?\n/, 1)[0] === marker
  );
}

async function ourComment(number) {
  for (let page = 1; page <= mostPages; page += 1) {
    const { value } = await request("GET", `/issues/${number}/comments?per_page=100&page=${String(page)}`);
    if (!Array.isArray(value)) {
      throw new Refusal("GitHub's list of comments is no list.");
    }
    const found = value.find(isOurs);
    if (found !== undefined || value.length < 100) {
      return found;
    }
  }
  throw new Refusal(
    `The pull request has more than ${String(mostPages * 100)} comments, and ours is not among the first.`,
  );
}

await runStep(async () => {
  const number = required("BULKHEAD_PULL_REQUEST");
  if (!/^[1-9]\d*$/.test(number)) {
    throw new Refusal("BULKHEAD_PULL_REQUEST is no number.");
  }
  const read = readText(resolve(required("BULKHEAD_PUBLISH")), "comment.md", 256 * 1024);
  if ("why" in read) {
    throw new Refusal(`There is no comment to write: ${read.why}.`);
  }
  if (read.text.length > 65_536 || read.text.split("\n", 1)[0] !== marker) {
    throw new Refusal("The comment is longer than GitHub takes, or does not begin with its marker.");
  }
  const found = await ourComment(number);
  if (found !== undefined && Number.isSafeInteger(found.id)) {
    const { status } = await request("PATCH", `/issues/comments/${String(found.id)}`, read.text);
    if (status !== 404) {
      process.stdout.write(`Comment ${String(found.id)} is up to date.\n`);
      return 0;
    }
  }
  const { value } = await request("POST", `/issues/${number}/comments`, read.text);
  process.stdout.write(`Comment ${String(value?.id)} is written.\n`);
  return 0;
});
