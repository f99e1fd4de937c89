import { overlap, type HostPattern } from "./host-pattern";
import { rememberedByText } from "./remembered-by-text";

/** Hosts of an API by which models of a provider are called from the Internet. */
export interface LlmApiDomain {
  readonly pattern: HostPattern;
  /** Whose API it is, as findings call it. */
  readonly provider: string;
  /** The provider's documentation that names the host; `undefined` of one that the configuration adds. */
  readonly source: string | undefined;
  /**
   * Whether it is a cloud's own API, which a platform reaches by a private endpoint that answers to the same name. A name
   * that a resolver answers is no way out by itself then; a rule of a firewall, and a route, is.
   */
  readonly isOfCloud: boolean;
  /** Whether the host answers for much besides models, so that whoever is let through there may mean something else. */
  readonly servesMore: boolean;
}

/** Hosts of providers who have nothing but an API on the Internet. */
const ofProviders: readonly (readonly [
  provider: string,
  source: string,
  ...hosts: readonly HostPattern[],
])[] = [
  ["OpenAI", "https://platform.openai.com/docs/api-reference", "api.openai.com", "*.api.openai.com"],
  ["ChatGPT", "https://developers.openai.com/codex/", "chatgpt.com", "chat.openai.com"],
  ["Anthropic", "https://docs.anthropic.com/en/api/overview", "api.anthropic.com"],
  [
    "Google Gemini API",
    "https://ai.google.dev/api",
    "generativelanguage.googleapis.com",
    "generativelanguage.mtls.googleapis.com",
  ],
  [
    "Google Gemini Code Assist",
    "https://developers.google.com/gemini-code-assist/docs/overview",
    "cloudaicompanion.googleapis.com",
    "cloudcode-pa.googleapis.com",
    "*-cloudcode-pa.googleapis.com",
  ],
  ["Cohere", "https://docs.cohere.com/reference/about", "api.cohere.com", "api.cohere.ai"],
  [
    "Mistral AI",
    "https://docs.mistral.ai/api/",
    "api.mistral.ai",
    "api.*.mistral.ai",
    "codestral.mistral.ai",
  ],
  ["Groq", "https://console.groq.com/docs/api-reference", "api.groq.com"],
  ["Together AI", "https://docs.together.ai/reference", "api.together.xyz", "api.together.ai"],
  [
    "Fireworks AI",
    "https://docs.fireworks.ai/api-reference/introduction",
    "api.fireworks.ai",
    "*.direct.fireworks.ai",
  ],
  ["Perplexity", "https://docs.perplexity.ai/api-reference", "api.perplexity.ai"],
  ["DeepSeek", "https://api-docs.deepseek.com/", "api.deepseek.com"],
  ["xAI", "https://docs.x.ai/docs/api-reference", "api.x.ai", "*.api.x.ai"],
  ["OpenRouter", "https://openrouter.ai/docs/api-reference/overview", "openrouter.ai", "*.openrouter.ai"],
  [
    "Hugging Face",
    "https://huggingface.co/docs/inference-providers/index",
    "api-inference.huggingface.co",
    "router.huggingface.co",
    "*.endpoints.huggingface.cloud",
  ],
  ["Replicate", "https://replicate.com/docs/reference/http", "api.replicate.com"],
  ["AI21 Labs", "https://docs.ai21.com/reference", "api.ai21.com"],
  ["Cerebras", "https://inference-docs.cerebras.ai/introduction", "api.cerebras.ai"],
  ["SambaNova", "https://docs.sambanova.ai/cloud/api-reference/overview", "api.sambanova.ai"],
  [
    "NVIDIA",
    "https://docs.api.nvidia.com/nim/reference/llm-apis",
    "integrate.api.nvidia.com",
    "ai.api.nvidia.com",
    "api.nvcf.nvidia.com",
    "grpc.nvcf.nvidia.com",
  ],
  ["Moonshot AI", "https://platform.moonshot.ai/docs/api/chat", "api.moonshot.ai", "api.moonshot.cn"],
  ["Zhipu AI", "https://docs.z.ai/api-reference/introduction", "open.bigmodel.cn", "api.z.ai"],
  [
    "Alibaba Cloud Model Studio",
    "https://www.alibabacloud.com/help/en/model-studio/use-qwen-by-calling-api",
    "dashscope.aliyuncs.com",
    "dashscope-intl.aliyuncs.com",
    "dashscope-us.aliyuncs.com",
    "*.dashscope.aliyuncs.com",
    "*.maas.aliyuncs.com",
  ],
  [
    "MiniMax",
    "https://www.minimax.io/platform/document/introduction",
    "api.minimax.io",
    "api.minimaxi.com",
    "api.minimax.chat",
    "api.minimaxi.chat",
  ],
  ["01.AI", "https://platform.lingyiwanwu.com/docs", "api.lingyiwanwu.com", "api.01.ai"],
  ["Baichuan", "https://platform.baichuan-ai.com/docs/api", "api.baichuan-ai.com"],
  [
    "ByteDance Ark",
    "https://www.volcengine.com/docs/82379/1298454",
    "ark.*.volces.com",
    "ark.*.bytepluses.com",
  ],
  [
    "Tencent Hunyuan",
    "https://cloud.tencent.com/document/product/1729",
    "hunyuan.tencentcloudapi.com",
    "api.hunyuan.cloud.tencent.com",
  ],
  [
    "Baidu Qianfan",
    "https://cloud.baidu.com/doc/qianfan-api/s/3m9b5lqft",
    "qianfan.baidubce.com",
    "aip.baidubce.com",
  ],
  [
    "SiliconFlow",
    "https://docs.siliconflow.com/en/api-reference",
    "api.siliconflow.cn",
    "api.siliconflow.com",
  ],
  ["Voyage AI", "https://docs.voyageai.com/reference", "api.voyageai.com", "ai.mongodb.com"],
  ["Jina AI", "https://jina.ai/embeddings/", "api.jina.ai", "r.jina.ai", "s.jina.ai", "deepsearch.jina.ai"],
  ["Nomic", "https://docs.nomic.ai/reference/api", "api-atlas.nomic.ai"],
  [
    "Stability AI",
    "https://platform.stability.ai/docs/api-reference",
    "api.stability.ai",
    "grpc.stability.ai",
  ],
  [
    "ElevenLabs",
    "https://elevenlabs.io/docs/api-reference",
    "api.elevenlabs.io",
    "api.*.elevenlabs.io",
    "api.*.residency.elevenlabs.io",
  ],
  [
    "AssemblyAI",
    "https://www.assemblyai.com/docs/api-reference/overview",
    "api.assemblyai.com",
    "api.*.assemblyai.com",
    "llm-gateway.assemblyai.com",
    "streaming.assemblyai.com",
  ],
  [
    "Deepgram",
    "https://developers.deepgram.com/reference",
    "api.deepgram.com",
    "agent.deepgram.com",
    "api.*.deepgram.com",
  ],
  ["DeepInfra", "https://deepinfra.com/docs", "api.deepinfra.com"],
  ["Novita AI", "https://novita.ai/docs/api-reference", "api.novita.ai"],
  ["Hyperbolic", "https://docs.hyperbolic.xyz/docs/inference-api", "api.hyperbolic.xyz"],
  [
    "Nebius",
    "https://docs.nebius.com/studio/inference",
    "api.studio.nebius.com",
    "api.studio.nebius.ai",
    "api.tokenfactory.nebius.com",
    "api.tokenfactory.*.nebius.com",
  ],
  [
    "Lambda",
    "https://docs.lambda.ai/public-cloud/lambda-inference-api/",
    "api.lambda.ai",
    "api.lambdalabs.com",
  ],
  [
    "Baseten",
    "https://docs.baseten.co/reference",
    "inference.baseten.co",
    "bridge.baseten.co",
    "*.api.baseten.co",
  ],
  ["Modal", "https://modal.com/docs/guide/webhooks", "*.modal.run"],
  ["Anyscale", "https://docs.anyscale.com/", "api.endpoints.anyscale.com"],
  ["Lepton AI", "https://www.lepton.ai/docs", "*.lepton.run"],
  ["Writer", "https://dev.writer.com/api-reference", "api.writer.com"],
  ["Upstage", "https://console.upstage.ai/docs", "api.upstage.ai"],
  ["Reka", "https://docs.reka.ai/", "api.reka.ai"],
  ["Inflection", "https://developers.inflection.ai/docs", "api.inflection.ai"],
  ["Aleph Alpha", "https://docs.aleph-alpha.com/", "api.aleph-alpha.com"],
  [
    "GitHub Models",
    "https://docs.github.com/en/rest/models/inference",
    "models.github.ai",
    "models.inference.ai.azure.com",
  ],
  [
    "GitHub Copilot",
    "https://docs.github.com/en/copilot/reference/copilot-allowlist-reference",
    "api.githubcopilot.com",
    "api.*.githubcopilot.com",
  ],
  [
    "Databricks",
    "https://docs.databricks.com/aws/en/machine-learning/foundation-model-apis/api-reference",
    "*.cloud.databricks.com",
    "*.azuredatabricks.net",
    "*.gcp.databricks.com",
  ],
  [
    "Snowflake Cortex",
    "https://docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-rest-api",
    "*.snowflakecomputing.com",
  ],
  ["IBM watsonx", "https://cloud.ibm.com/apidocs/watsonx-ai", "*.ml.cloud.ibm.com"],
  [
    "Cloudflare Workers AI and AI Gateway",
    "https://developers.cloudflare.com/ai-gateway/usage/universal/",
    "gateway.ai.cloudflare.com",
    "api.cloudflare.com",
  ],
  ["Vercel AI Gateway", "https://vercel.com/docs/ai-gateway", "ai-gateway.vercel.sh"],
  ["Portkey", "https://portkey.ai/docs/api-reference", "api.portkey.ai"],
  ["Helicone", "https://docs.helicone.ai/references/proxy-vs-async", "*.helicone.ai"],
  ["LiteLLM", "https://docs.litellm.ai/docs/hosted", "*.litellm.ai"],
  ["Requesty", "https://docs.requesty.ai/", "router.requesty.ai"],
  ["Unify", "https://docs.unify.ai/", "api.unify.ai"],
  ["Ollama", "https://docs.ollama.com/cloud", "ollama.com"],
  ["RunPod", "https://docs.runpod.io/serverless/endpoints/overview", "api.runpod.ai"],
  ["Poe", "https://creator.poe.com/docs/external-applications/openai-compatible-api", "api.poe.com"],
  [
    "Scaleway",
    "https://www.scaleway.com/en/docs/generative-apis/",
    "api.scaleway.ai",
    "*.ifr.*.scaleway.com",
  ],
  [
    "OVHcloud AI Endpoints",
    "https://www.ovhcloud.com/en/public-cloud/ai-endpoints/",
    "*.endpoints.kepler.ai.cloud.ovh.net",
  ],
  [
    "IONOS AI Model Hub",
    "https://docs.ionos.com/cloud/ai/ai-model-hub",
    "inference.*.ionos.com",
    "openai.inference.*.ionos.com",
  ],
  [
    "Oracle Generative AI",
    "https://docs.oracle.com/en-us/iaas/Content/generative-ai/home.htm",
    "inference.generativeai.*.oci.oraclecloud.com",
    "agent-runtime.generativeai.*.oci.oraclecloud.com",
  ],
  ["SAP AI Core", "https://help.sap.com/docs/sap-ai-core", "*.ml.hana.ondemand.com"],
  [
    "DigitalOcean",
    "https://docs.digitalocean.com/products/gradient-ai-platform/",
    "inference.do-ai.run",
    "*.agents.do-ai.run",
  ],
  ["Heroku", "https://devcenter.heroku.com/articles/heroku-inference", "*.inference.heroku.com"],
  ["Vultr", "https://docs.vultr.com/products/serverless/inference", "api.vultrinference.com"],
  ["Weights & Biases", "https://docs.wandb.ai/inference", "api.inference.wandb.ai"],
  [
    "Crusoe",
    "https://docs.crusoecloud.com/managed-inference/overview/index.html",
    "managed-inference-api-proxy.crusoecloud.com",
  ],
  ["Nscale", "https://docs.nscale.com/", "inference.api.nscale.com"],
  ["GMI Cloud", "https://docs.gmicloud.ai/", "api.gmi-serving.com"],
  ["Parasail", "https://docs.parasail.io/", "api.parasail.io"],
  ["Friendli", "https://friendli.ai/docs", "api.friendli.ai", "inference.friendli.ai"],
  ["Featherless", "https://featherless.ai/docs", "api.featherless.ai"],
  ["Chutes", "https://chutes.ai/docs", "*.chutes.ai"],
  ["Inference.net", "https://docs.inference.net/", "api.inference.net"],
  ["Prime Intellect", "https://docs.primeintellect.ai/", "api.pinference.ai"],
  ["Predibase", "https://docs.predibase.com/", "serving.app.predibase.com"],
  ["Clarifai", "https://docs.clarifai.com/", "api.clarifai.com"],
  ["Venice", "https://docs.venice.ai/", "api.venice.ai"],
  ["Morph", "https://docs.morphllm.com/", "api.morphllm.com"],
  ["Inception Labs", "https://docs.inceptionlabs.ai/", "api.inceptionlabs.ai"],
  ["Nous Research", "https://portal.nousresearch.com/", "inference-api.nousresearch.com"],
  ["fal", "https://docs.fal.ai/", "fal.run", "*.fal.run"],
  ["AI/ML API", "https://docs.aimlapi.com/", "api.aimlapi.com"],
  ["Braintrust", "https://www.braintrust.dev/docs", "gateway.braintrust.dev"],
  ["Sarvam AI", "https://docs.sarvam.ai/", "api.sarvam.ai"],
  ["Naver CLOVA Studio", "https://api.ncloud-docs.com/", "clovastudio.stream.ntruss.com"],
  ["StepFun", "https://platform.stepfun.com/docs", "api.stepfun.com", "api.stepfun.ai"],
  ["iFlytek Spark", "https://www.xfyun.cn/doc/spark/", "spark-api.xf-yun.com", "spark-api-open.xf-yun.com"],
  ["ModelScope", "https://modelscope.cn/docs/", "api-inference.modelscope.cn"],
  ["Huawei ModelArts", "https://support.huaweicloud.com/modelarts/", "api.modelarts-maas.com"],
  ["Yandex", "https://yandex.cloud/en/docs/foundation-models/", "llm.api.cloud.yandex.net"],
  ["GigaChat", "https://developers.sber.ru/docs/ru/gigachat/", "gigachat.devices.sberbank.ru"],
];

/** Hosts of clouds' own services. Below a private endpoint's zone of the same name they are no way to the Internet. */
const ofClouds: readonly (readonly [provider: string, source: string, ...hosts: readonly HostPattern[]])[] = [
  [
    "Azure OpenAI",
    "https://learn.microsoft.com/en-us/azure/ai-services/openai/reference",
    "*.openai.azure.com",
    "*.openai.azure.us",
    "*.openai.azure.cn",
  ],
  [
    "Azure AI Foundry",
    "https://learn.microsoft.com/en-us/azure/ai-foundry/foundry-models/concepts/endpoints",
    "*.services.ai.azure.com",
    "*.cognitiveservices.azure.com",
    "*.cognitiveservices.azure.us",
    "*.cognitiveservices.azure.cn",
    "*.api.cognitive.microsoft.com",
    "*.models.ai.azure.com",
    "*.inference.ai.azure.com",
    "*.inference.ml.azure.com",
  ],
  [
    "Google Vertex AI",
    "https://cloud.google.com/vertex-ai/docs/reference/rest",
    "aiplatform.googleapis.com",
    "*-aiplatform.googleapis.com",
    "aiplatform.*.rep.googleapis.com",
    "aiplatform.mtls.googleapis.com",
    "*-aiplatform.mtls.googleapis.com",
    "*.prediction.vertexai.goog",
  ],
  [
    "Amazon Bedrock",
    "https://docs.aws.amazon.com/general/latest/gr/bedrock.html",
    "bedrock-runtime.*.amazonaws.com",
    "bedrock-runtime-fips.*.amazonaws.com",
    "bedrock-agent-runtime.*.amazonaws.com",
    "bedrock-agent-runtime-fips.*.amazonaws.com",
    "bedrock-agentcore.*.amazonaws.com",
    "bedrock-runtime.*.api.aws",
    "bedrock-runtime-fips.*.api.aws",
    "bedrock-mantle.*.api.aws",
  ],
  [
    "Amazon SageMaker",
    "https://docs.aws.amazon.com/general/latest/gr/sagemaker.html",
    "runtime.sagemaker.*.amazonaws.com",
    "runtime-fips.sagemaker.*.amazonaws.com",
  ],
];

/** Hosts at which much besides models is called. */
const servingMore: ReadonlySet<HostPattern> = new Set([
  "*.azuredatabricks.net",
  "*.cloud.databricks.com",
  "*.cognitiveservices.azure.cn",
  "*.cognitiveservices.azure.com",
  "*.cognitiveservices.azure.us",
  "*.gcp.databricks.com",
  "*.modal.run",
  "*.snowflakecomputing.com",
  "aip.baidubce.com",
  "api.cloudflare.com",
  "ollama.com",
]);

/** The hosts by which models are known to be called; the configuration adds others (`llmApiDomains`). */
export const knownLlmApiDomains: readonly LlmApiDomain[] = [
  ...ofProviders.map((entry) => [entry, false] as const),
  ...ofClouds.map((entry) => [entry, true] as const),
].flatMap(([[provider, source, ...hosts], isOfCloud]) =>
  hosts.map((pattern): LlmApiDomain => ({
    pattern,
    provider,
    source,
    isOfCloud,
    servesMore: servingMore.has(pattern),
  })),
);

const knownApisWithin = rememberedByText((pattern) =>
  knownLlmApiDomains.filter((domain) => overlap(pattern, domain.pattern)),
);

/**
 * The APIs of models that a pattern lets be called, or some of whose hosts it does: of those that are known, and of others
 * that the configuration adds.
 */
export function llmApisWithin(pattern: HostPattern, added: readonly LlmApiDomain[]): readonly LlmApiDomain[] {
  return [...knownApisWithin(pattern), ...added.filter((domain) => overlap(pattern, domain.pattern))];
}
