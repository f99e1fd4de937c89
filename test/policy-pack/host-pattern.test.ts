import { describe, expect, it } from "vitest";

import { domainPatterns, everyHost, hostPattern, isWithin, overlap } from "../../policy-pack/host-pattern";
import { knownLlmApiDomains, llmApisWithin } from "../../policy-pack/llm-api-domains";

describe("a pattern of hosts", () => {
  it.each([
    ["API.OpenAI.com.", "api.openai.com"],
    ["https://api.openai.com:443/v1/*", "api.openai.com"],
    ["api.openai.com:443", "api.openai.com"],
    ["*.openai.com/*", "*.openai.com"],
    ["  api.openai.com  ", "api.openai.com"],
    ["//user:secret@api.openai.com", "api.openai.com"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["BÜCHER.example", "xn--bcher-kva.example"],
    ["api。openai。com", "api.openai.com"],
    ["*", everyHost],
    ["*:443", everyHost],
    ["https://*/v1", everyHost],
    [".", everyHost],
    ["", everyHost],
  ])("reads %j as %s", (text, pattern) => {
    expect(hostPattern(text)).toBe(pattern);
  });

  it("takes a dot at the beginning for a domain and what is below it", () => {
    expect(domainPatterns(".OpenAI.com")).toEqual(["openai.com", "*.openai.com"]);
    expect(domainPatterns("openai.com")).toEqual(["openai.com"]);
  });

  it.each([
    ["api.openai.com", "api.openai.com", true],
    ["*.openai.com", "api.openai.com", true],
    ["*.openai.com", "a.b.openai.com", true],
    ["*.openai.com", "openai.com", false],
    ["*.openai.com", "api.notopenai.com", false],
    ["openai.com", "api.openai.com", false],
    ["api.openai.com.attacker.example", "api.openai.com", false],
    ["*.com", "api.openai.com", true],
    ["**", "api.openai.com", true],
    ["api*.openai.com", "api.openai.com", true],
    ["api*.openai.com", "api.eu.openai.com", false],
    ["**openai**", "api.openai.com", true],
    ["**.com", "api.mistral.ai", false],
    ["*.amazonaws.com", "bedrock-runtime.*.amazonaws.com", true],
    ["bedrock-runtime.us-east-1.amazonaws.com", "bedrock-runtime.*.amazonaws.com", true],
    ["s3.us-east-1.amazonaws.com", "bedrock-runtime.*.amazonaws.com", false],
    ["us-central1-aiplatform.googleapis.com", "*-aiplatform.googleapis.com", true],
    ["storage.googleapis.com", "*-aiplatform.googleapis.com", false],
    ["*.eu.*", "api.eu.example", true],
  ])("of %s and %s means hosts that the other means too: %j", (one, other, is) => {
    expect([overlap(one, other), overlap(other, one)]).toEqual([is, is]);
  });

  it.each([
    ["api.openai.com", "api.openai.com", true],
    ["api.openai.com", "*.openai.com", true],
    ["a.b.openai.com", "*.openai.com", true],
    ["openai.com", "*.openai.com", false],
    ["*.openai.com", "api.openai.com", false],
    ["*.openai.com", "*.openai.com", true],
    ["*.api.openai.com", "*.openai.com", true],
    ["api*.openai.com", "*.openai.com", true],
    ["**openai.com", "*.openai.com", false],
    ["**.openai.com", "*.openai.com", false],
    ["**", "*.openai.com", false],
    ["api.openai.com", "**", true],
    ["*.a.com", "*.com", true],
    ["*", "x*.com", false],
  ])("%s lies within %s: %j", (inner, outer, is) => {
    expect(isWithin(inner, outer)).toBe(is);
  });

  it("that is long and full of stars is compared at once", () => {
    const stars = "a*".repeat(40) + ".example";
    const letters = "a".repeat(80) + ".example";
    expect(overlap(stars, letters)).toBe(true);
    expect(overlap(`${stars}x`, letters)).toBe(false);
  });
});

describe("the list of APIs of models", () => {
  it("names each host once, in its one spelling, with a provider and a page", () => {
    const patterns = knownLlmApiDomains.map(({ pattern }) => pattern);
    expect([...new Set(patterns)]).toEqual(patterns);
    expect(patterns.map(hostPattern)).toEqual(patterns);
    for (const { provider, source } of knownLlmApiDomains) {
      expect(provider).not.toBe("");
      expect(source).toMatch(/^https:\/\/[a-z0-9.-]+\//);
    }
  });

  it.each([
    ["api.openai.com", "OpenAI"],
    ["hospital.openai.azure.com", "Azure OpenAI"],
    ["hospital.cognitiveservices.azure.com", "Azure AI Foundry"],
    ["hospital.services.ai.azure.com", "Azure AI Foundry"],
    ["api.anthropic.com", "Anthropic"],
    ["generativelanguage.googleapis.com", "Google Gemini API"],
    ["europe-west4-aiplatform.googleapis.com", "Google Vertex AI"],
    ["aiplatform.us.rep.googleapis.com", "Google Vertex AI"],
    ["bedrock-runtime.eu-central-1.amazonaws.com", "Amazon Bedrock"],
    ["bedrock-runtime-fips.us-gov-west-1.amazonaws.com", "Amazon Bedrock"],
    ["api.cohere.com", "Cohere"],
    ["integrate.api.nvidia.com", "NVIDIA"],
    ["dashscope-intl.aliyuncs.com", "Alibaba Cloud Model Studio"],
    ["gateway.ai.cloudflare.com", "Cloudflare Workers AI and AI Gateway"],
    ["us-south.ml.cloud.ibm.com", "IBM watsonx"],
    ["oai.helicone.ai", "Helicone"],
    ["eu.api.openai.com", "OpenAI"],
    ["sip-eu.api.openai.com", "OpenAI"],
    ["api.eu.mistral.ai", "Mistral AI"],
    ["us-central1-aiplatform.mtls.googleapis.com", "Google Vertex AI"],
    ["1234567890.us-central1-42.prediction.vertexai.goog", "Google Vertex AI"],
    ["bedrock-runtime-fips.us-east-1.api.aws", "Amazon Bedrock"],
    ["bedrock-mantle.us-east-1.api.aws", "Amazon Bedrock"],
    ["hospital.openai.azure.cn", "Azure OpenAI"],
    ["us-east-1.api.x.ai", "xAI"],
    ["router.huggingface.co", "Hugging Face"],
    ["api.tokenfactory.us-central1.nebius.com", "Nebius"],
    ["workspace.eu-central-1.maas.aliyuncs.com", "Alibaba Cloud Model Studio"],
    ["models.github.ai", "GitHub Models"],
    ["1f.ifr.fr-par.scaleway.com", "Scaleway"],
    ["oai.endpoints.kepler.ai.cloud.ovh.net", "OVHcloud AI Endpoints"],
    ["openai.inference.de-txl.ionos.com", "IONOS AI Model Hub"],
    ["inference.de-txl.ionos.com", "IONOS AI Model Hub"],
    ["inference.generativeai.us-chicago-1.oci.oraclecloud.com", "Oracle Generative AI"],
    ["eu.openrouter.ai", "OpenRouter"],
  ])("knows %s as that of %s", (host, provider) => {
    expect(llmApisWithin(host, []).map((api) => api.provider)).toEqual([provider]);
  });

  it.each([
    "example.com",
    "storage.googleapis.com",
    "s3.us-east-1.amazonaws.com",
    "login.microsoftonline.com",
    "api.openai.com.example",
    "my-api.openai.com",
    "pubsub.mtls.googleapis.com",
    "s3.fr-par.scaleway.com",
  ])("does not know %s", (host) => {
    expect(llmApisWithin(host, [])).toEqual([]);
  });
});
