import { PassThrough } from "node:stream";

import { ending } from "../program/service-command";
import { SettingsError } from "../program/settings";
import { toldToStop } from "../program/told-to-stop";

import { forward } from "./forward";
import { forwarderSettings } from "./forwarder-settings";
import { azureSend } from "./log-upload";

/** How long what is left is still tried, once the container was told to stop. */
const lastMilliseconds = 20_000;

const exitCodes = { allSent: 0, notAllSent: 1 } as const;

function say(line: object): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
}

async function run(): Promise<number> {
  const settings = forwarderSettings(process.env);
  const giveUp = new AbortController();
  const input = process.stdin.pipe(new PassThrough());
  void toldToStop().then(() => {
    // What has been read is sent still. What has not is in the journal, where it is found next time.
    process.stdin.unpipe(input);
    input.end();
    setTimeout(() => {
      giveUp.abort(new Error("there was no more time"));
    }, lastMilliseconds).unref();
  });
  say({ event: "started", endpoint: settings.endpoint, stream: settings.stream });
  try {
    const { refused } = await forward({
      input,
      send: azureSend(settings),
      say,
      cursorFile: settings.cursorFile,
      lingerSeconds: 2,
      tellSeconds: 60,
      signal: giveUp.signal,
    });
    return refused === 0 ? exitCodes.allSent : exitCodes.notAllSent;
  } catch (error) {
    say({ event: "ended", problem: String(error) });
    return exitCodes.notAllSent;
  }
}

void ending(run, [SettingsError])();
