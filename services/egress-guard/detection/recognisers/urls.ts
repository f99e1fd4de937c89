import { parse } from "tldts";

import type { Recogniser } from "../recogniser";

const rest = /[^\s<>"'“”‘’`{}|\\^]{1,2048}/y;
const bare = /[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}(?:\/[^\s<>"'`{}|\\^]{0,512})?/y;
const schemes = new Set(
  "http,https,ftp,ftps,sftp,ws,wss,file,ldap,s3,hxxp,hxxps,dicom,fhir,smb,ssh,rtsp".split(","),
);
const bareEndings = new Set(
  "com,org,net,edu,gov,io,info,biz,health,care,clinic,hospital,med,de,fr,es,uk,ca,at,ch,it,nl,eu,us,app,dev,me,co,ai,example,local,test".split(
    ",",
  ),
);

/** Uniform resource locators with a scheme or `www`, and names of hosts under a public suffix (tldts). */
export const urls: Recogniser = {
  shapes: ["code", "joined"],
  look: (text, token, report) => {
    const start = text.start(token);
    const end = text.end(token);
    const next = text.text.charCodeAt(end);
    if (
      next === 58 &&
      text.text.startsWith("://", end) &&
      (schemes.has(text.word(token)) || text.isCapitals(token) || end - start >= 2)
    ) {
      const found = text.match(rest, start);
      const url = found?.[0].replace(/[.,;:!?)\]]+$/, "") ?? "";
      if (url.length > end - start + 3) {
        report("url", "url", start, start + url.length);
      }
      return;
    }
    if (next !== 46 || text.text.charCodeAt(start - 1) === 64 || text.text.charCodeAt(start - 1) === 46) {
      return;
    }
    if (text.word(token) === "www") {
      const found = text.match(rest, start);
      const url = found?.[0].replace(/[.,;:!?)\]]+$/, "") ?? "";
      if (/\.[a-z]/i.test(url.slice(4))) {
        report("url", "www", start, start + url.length);
      }
      return;
    }
    if (/[a-z0-9]/.test(text.text.charAt(end + 1))) {
      const found = text.match(bare, start);
      if (found === undefined || /[@]/.test(text.text.charAt(start + found[0].length))) {
        return;
      }
      const url = found[0].replace(/[.,;:!?)\]]+$/, "");
      const hostname = url.split("/")[0] ?? "";
      const ending = hostname.slice(hostname.lastIndexOf(".") + 1);
      if (!bareEndings.has(ending) && !url.includes("/")) {
        return;
      }
      const { isIcann, domainWithoutSuffix } = parse(hostname, { allowPrivateDomains: false });
      if (
        (isIcann === true || ending === "example" || ending === "local") &&
        (domainWithoutSuffix?.length ?? 3) >= 2
      ) {
        report("url", "host", start, start + url.length);
      }
    }
  },
};
