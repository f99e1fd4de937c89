import { Address4, Address6 } from "ip-address";

import type { Recogniser } from "../recogniser";

const four = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/\d{1,2}(?!\d))?(?![\d]|\.\d)/y;
const port = /:\d{2,5}(?![\d:])/y;
const six = /[\dA-Fa-f]{0,4}(?::[\dA-Fa-f]{0,4}){2,7}(?:[.:\d]{0,16})(?![\dA-Za-z])/y;

/** Addresses of the Internet protocol, of both versions. */
export const ipAddresses: Recogniser = {
  shapes: ["number", "code", "joined"],
  look: (text, token, report) => {
    const start = text.start(token);
    const next = text.text.charCodeAt(text.end(token));
    if (next === 46 && text.end(token) - start <= 3) {
      const found = text.match(four, start);
      if (
        found !== undefined &&
        !/\d\.$/.test(text.text.slice(Math.max(0, start - 2), start)) &&
        Address4.isValid(found[0])
      ) {
        const end = start + found[0].length;
        report("ip_address", "ipv4", start, end + (text.match(port, end)?.[0].length ?? 0));
      }
    }
    const before = text.text.slice(Math.max(0, start - 2), start);
    const from = before === "::" ? start - 2 : start;
    if (
      (next === 58 || from < start) &&
      text.end(token) - start <= 4 &&
      !(from === start && before.endsWith(":"))
    ) {
      const found = text.match(six, from);
      const address = found?.[0].replace(/\.+$/, "").replace(/(?<!:):$/, "");
      if (
        address !== undefined &&
        /::|(?:[^:]*:){7}|(?:[^:]*:){6}.*\./.test(address) &&
        /[\da-fA-F]/.test(address) &&
        Address6.isValid(address)
      ) {
        report("ip_address", "ipv6", from, from + address.length);
      }
    }
  },
};
