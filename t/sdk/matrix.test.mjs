// SPDX-License-Identifier: MIT
//
// The SDK matrix: each official SDK makes the same call directly and through
// the gateway, where the client key stands in place of the provider's; what it
// hands to its user is the same. A seed makes two answers of the provider the
// same bytes, so any difference is the gateway's.

import test from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import OpenAI, { AzureOpenAI, toFile } from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { Mistral } from "@mistralai/mistralai";
import Groq from "groq-sdk";
import { CohereClientV2 } from "cohere-ai";
import { Ollama } from "ollama";
import { generateText, streamText } from "ai";
import { createOpenAI } from "@ai-sdk/openai";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { collect, gateway, manage, provider } from "./stack.mjs";

const bearer = { location: "header", name: "authorization", prefix: "Bearer " };
const vendors = {
    openai: { dialects: ["openai_chat"], websocket: true },
    anthropic: { dialects: ["anthropic_messages"] },
    gemini: { dialects: ["gemini_content"] },
    azure: {
        dialects: ["openai_chat"],
        path: "/openai",
        credential: { location: "header", name: "api-key", prefix: "" },
    },
    mistral: { dialects: ["openai_chat"], path: "/mistral" },
    groq: { dialects: ["openai_chat"], path: "/groq" },
    cohere: { dialects: ["cohere"] },
    ollama: { dialects: ["ollama", "openai_chat"] },
    bedrock: { dialects: ["bedrock_converse"] },
    vertex: { dialects: ["gemini_content"], credential: bearer },
};

// A provider, a provider key and a client key of their own for each vendor.
const made = new Map();
function throughGateway(vendor) {
    if (!made.has(vendor)) made.set(vendor, make(vendor));
    return made.get(vendor);
}
async function make(vendor) {
    const { path = "", ...row } = vendors[vendor];
    const name = `matrix-${vendor}-${randomUUID().slice(0, 8)}`;
    const { id } = await manage("POST", "/api/providers", {
        name,
        base_url: provider.url + path,
        required_headers: [{ name: "x-demo-allow", value: "1" }],
        price_list: "demo",
        ...row,
    });
    const backend = await manage("POST", "/api/provider-keys/keys", {
        name, provider_id: id, secret: `demo-key-${name}`,
    });
    const client = await manage("POST", "/api/client-keys", {
        name, provider_key_ids: [backend.id],
    });
    return { url: gateway.url, key: client.key };
}

const direct = (vendor) => {
    const { path = "" } = vendors[vendor];
    // Azure's and Groq's SDKs bring the provider's own prefix.
    return {
        url: provider.url + (path === "/openai" ? "" : path),
        key: provider.key,
    };
};

const messages = [{ role: "user", content: "What is a gateway? 网关是什么？" }];
const picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhf"
    + "DwAChwGA60e6kgAAAABJRU5ErkJggg==";
const openai = ({ url, key, headers }) => new OpenAI({
    apiKey: key, baseURL: `${url}/v1`, maxRetries: 0, defaultHeaders: headers,
});
const azure = ({ url, key, headers }) => new AzureOpenAI({
    apiKey: key, endpoint: url, apiVersion: "2025-04-01-preview",
    maxRetries: 0, defaultHeaders: headers,
});
const anthropic = ({ url, key, headers }) => new Anthropic({
    apiKey: key, baseURL: url, maxRetries: 0, defaultHeaders: headers,
});
const gemini = ({ url, key }) => new GoogleGenAI({
    apiKey: key, httpOptions: { baseUrl: url },
});
const mistral = ({ url, key }) => new Mistral({ apiKey: key, serverURL: url });
const groq = ({ url, key }) => new Groq({
    apiKey: key, baseURL: url, maxRetries: 0,
});
const cohere = ({ url, key }) => new CohereClientV2({
    token: key, environment: url,
});
const ollama = ({ url, key }) => new Ollama({
    host: url, headers: { authorization: `Bearer ${key}` },
});

async function realtime(target) {
    // The SDK insists on wss; these servers speak plainly.
    const createConnection = ({ host, port }) => connect(port, host);
    const socket = new OpenAIRealtimeWS(
        { model: target.model, options: { createConnection } },
        openai(target));
    const events = [];
    await new Promise((done, failed) => {
        socket.on("error", failed);
        socket.on("event", (event) => {
            events.push(event);
            if (event.type === "response.done") done();
        });
        socket.socket.on("open", () => {
            socket.send({
                type: "conversation.item.create",
                item: {
                    type: "message", role: "user",
                    content: [{ type: "input_text", text: "Hello" }],
                },
            });
            socket.send({ type: "response.create" });
        });
    });
    socket.close();
    return events;
}

const tools = [{
    name: "add",
    description: "Adds numbers.",
    input_schema: {
        type: "object",
        properties: { numbers: { type: "array", items: { type: "number" } } },
    },
}];
const claude = (model, more) => ({ model, max_tokens: 256, messages, ...more });

const spoken = ({ text, usage, finishReason }) => ({ text, usage, finishReason });
async function streamed(model) {
    const result = streamText({ model, messages, maxRetries: 0 });
    const parts = await collect(result.textStream);
    return { parts, usage: await result.usage,
        finishReason: await result.finishReason };
}
const generated = async (model) =>
    spoken(await generateText({ model, messages, maxRetries: 0 }));

// [SDK, what, vendor, the call]. A call gets { url, key, model, headers }.
const calls = [
    ["openai", "chat", "openai", (x) => openai(x).chat.completions.create(
        { model: x.model, messages })],
    ["openai", "chat stream", "openai", async (x) => collect(
        await openai(x).chat.completions.create({
            model: x.model, messages, stream: true,
            stream_options: { include_usage: true },
        }))],
    ["openai", "responses", "openai", (x) => openai(x).responses.create(
        { model: x.model, input: "Hello", instructions: "Be brief." })],
    ["openai", "responses stream", "openai", async (x) => collect(
        await openai(x).responses.create(
            { model: x.model, input: messages, stream: true }))],
    ["openai", "stored response", "openai", (x) =>
        openai(x).responses.retrieve("resp_1")],
    ["openai", "embeddings", "openai", (x) => openai(x).embeddings.create(
        { model: x.model, input: ["one", "two"], dimensions: 4 })],
    ["openai", "moderations", "openai", (x) => openai(x).moderations.create(
        { model: x.model, input: "one" })],
    ["openai", "images", "openai", (x) => openai(x).images.generate(
        { model: x.model, prompt: "A gate", n: 2 })],
    ["openai", "images stream", "openai", async (x) => collect(
        await openai(x).images.generate(
            { model: x.model, prompt: "A gate", stream: true }))],
    ["openai", "image edit", "openai", async (x) => openai(x).images.edit({
        model: x.model, prompt: "A wider gate",
        image: await toFile(Buffer.from(picture, "base64"), "gate.png",
            { type: "image/png" }),
    })],
    ["openai", "speech", "openai", async (x) => Buffer.from(await (
        await openai(x).audio.speech.create(
            { model: x.model, input: "Hello", voice: "alloy" })
    ).arrayBuffer()).toString("hex")],
    ["openai", "audio upload", "openai", async (x) =>
        openai(x).audio.transcriptions.create({
            model: x.model,
            file: await toFile(Buffer.alloc(70_000, 7), "speech.mp3"),
        })],
    ["openai", "audio upload stream", "openai", async (x) => collect(
        await openai(x).audio.transcriptions.create({
            model: x.model, stream: true,
            file: await toFile(Buffer.alloc(3_000, 7), "speech.mp3"),
        }))],
    ["openai", "file upload", "openai", async (x) => openai(x).files.create({
        purpose: "user_data",
        file: await toFile(Buffer.alloc(3_000_000, "x"), "large.txt"),
    })],
    ["openai", "files", "openai", async (x) => [
        await collect(openai(x).files.list()),
        await openai(x).files.retrieve("file-1"),
        await (await openai(x).files.content("file-1")).text(),
        await openai(x).files.delete("file-1"),
    ]],
    ["openai", "models", "openai", async (x) => [
        await collect(openai(x).models.list()),
        await openai(x).models.retrieve("demo-small"),
    ]],
    ["openai", "realtime", "openai", realtime],
    ["openai (Azure)", "chat", "azure", (x) => azure(x).chat.completions.create(
        { model: x.model, messages })],
    ["openai (Azure)", "chat stream", "azure", async (x) => collect(
        await azure(x).chat.completions.create(
            { model: x.model, messages, stream: true }))],
    ["@anthropic-ai/sdk", "messages", "anthropic", (x) =>
        anthropic(x).messages.create(claude(x.model))],
    ["@anthropic-ai/sdk", "messages stream", "anthropic", (x) =>
        anthropic(x).messages.stream(claude(x.model)).finalMessage()],
    ["@anthropic-ai/sdk", "tools", "anthropic", (x) =>
        anthropic(x).messages.create(
            claude(x.model, { tools, tool_choice: { type: "any" } }))],
    ["@anthropic-ai/sdk", "tools stream", "anthropic", (x) =>
        anthropic(x).messages.stream(
            claude(x.model, { tools, tool_choice: { type: "any" } }))
            .finalMessage()],
    ["@anthropic-ai/sdk", "count_tokens", "anthropic", (x) =>
        anthropic(x).messages.countTokens({ model: x.model, messages })],
    ["@anthropic-ai/sdk", "models", "anthropic", (x) =>
        collect(anthropic(x).models.list())],
    ["@google/genai", "content", "gemini", async (x) => {
        const answer = await gemini(x).models.generateContent(
            { model: x.model, contents: "Hello" });
        return { text: answer.text, usage: answer.usageMetadata };
    }],
    ["@google/genai", "content stream", "gemini", async (x) => (await collect(
        await gemini(x).models.generateContentStream(
            { model: x.model, contents: "Hello" })))
        .map(({ text, usageMetadata }) => ({ text, usageMetadata }))],
    ["@google/genai", "token count", "gemini", async (x) => {
        const { totalTokens } = await gemini(x).models.countTokens(
            { model: x.model, contents: "Hello" });
        return { totalTokens };
    }],
    ["@mistralai/mistralai", "chat", "mistral", (x) =>
        mistral(x).chat.complete({ model: x.model, messages })],
    ["@mistralai/mistralai", "chat stream", "mistral", async (x) => collect(
        await mistral(x).chat.stream({ model: x.model, messages }))],
    ["@mistralai/mistralai", "embeddings", "mistral", (x) =>
        mistral(x).embeddings.create({ model: x.model, inputs: ["one"] })],
    ["groq-sdk", "chat", "groq", (x) => groq(x).chat.completions.create(
        { model: x.model, messages })],
    ["groq-sdk", "chat stream", "groq", async (x) => collect(
        await groq(x).chat.completions.create(
            { model: x.model, messages, stream: true }))],
    ["cohere-ai", "chat", "cohere", (x) => cohere(x).chat(
        { model: x.model, messages })],
    ["cohere-ai", "chat stream", "cohere", async (x) => collect(
        await cohere(x).chatStream({ model: x.model, messages }))],
    ["cohere-ai", "embed", "cohere", (x) => cohere(x).embed({
        model: x.model, texts: ["one", "two"], inputType: "search_query",
        embeddingTypes: ["float"],
    })],
    ["cohere-ai", "rerank", "cohere", (x) => cohere(x).rerank(
        { model: x.model, query: "one", documents: ["two", "three"] })],
    ["ollama", "chat", "ollama", (x) => ollama(x).chat(
        { model: x.model, messages })],
    ["ollama", "chat stream", "ollama", async (x) => collect(
        await ollama(x).chat({ model: x.model, messages, stream: true }))],
    ["ollama", "generate stream", "ollama", async (x) => collect(
        await ollama(x).generate(
            { model: x.model, prompt: "Hello", stream: true }))],
    ["ollama", "embed", "ollama", (x) => ollama(x).embed(
        { model: x.model, input: ["one", "two"] })],
    ["ollama", "models", "ollama", (x) => ollama(x).list()],
    ["ai (openai)", "text", "openai", (x) => generated(createOpenAI(
        { apiKey: x.key, baseURL: `${x.url}/v1` }).responses(x.model))],
    ["ai (openai)", "chat stream", "openai", (x) => streamed(createOpenAI(
        { apiKey: x.key, baseURL: `${x.url}/v1` }).chat(x.model))],
    ["ai (anthropic)", "stream", "anthropic", (x) => streamed(createAnthropic(
        { apiKey: x.key, baseURL: `${x.url}/v1` })(x.model))],
    ["ai (google)", "stream", "gemini", (x) => streamed(
        createGoogleGenerativeAI(
            { apiKey: x.key, baseURL: `${x.url}/v1beta` })(x.model))],
    ["ai (bedrock)", "text", "bedrock", (x) => generated(createAmazonBedrock(
        { apiKey: x.key, region: "us-east-1", baseURL: x.url })(x.model))],
    ["ai (bedrock)", "stream", "bedrock", (x) => streamed(createAmazonBedrock(
        { apiKey: x.key, region: "us-east-1", baseURL: x.url })(x.model))],
    ["ai (compatible)", "stream", "groq", (x) => streamed(
        createOpenAICompatible({
            name: "groq", apiKey: x.key, baseURL: `${x.url}/openai/v1`,
        })(x.model))],
];

// What may reach a provider, whoever calls: never an SDK's own headers.
const crosses = new Set([
    "host", "content-type", "content-length", "accept", "accept-encoding",
    "connection", "upgrade", "authorization", "api-key", "x-api-key",
    "x-goog-api-key", "anthropic-version", "anthropic-beta", "openai-beta",
    "idempotency-key", "sec-websocket-key", "sec-websocket-version",
    "sec-websocket-protocol", "x-demo-allow", "x-demo-fault",
]);

// Of the requests with that seed, the ones that came through the gateway.
async function checkWhatCrossed(seed, key) {
    const answer = await fetch(`${provider.url}/demo/requests`);
    const seen = (await answer.json()).filter((one) =>
        JSON.stringify(one).includes(seed)
            && one.credential.startsWith("demo-key-matrix-"));
    for (const { headers, path } of seen) {
        assert.deepEqual(headers.map(([name]) => name.toLowerCase())
            .filter((name) => !crosses.has(name)), [], "nothing of the SDK");
        assert.ok(!JSON.stringify([headers, path]).includes(key),
            "no client key");
    }
    return seen.length;
}

const plain = (value) => JSON.parse(JSON.stringify(value));

for (const [sdk, what, vendor, call] of calls) {
    test(`${sdk}: ${what}`, { timeout: 60_000 }, async () => {
        const seed = `seed=${randomUUID()},event_delay_ms=0`;
        const more = {
            model: `demo-fault:${seed}`,
            headers: { "x-demo-fault": seed },
        };
        const expected = plain(await call({ ...direct(vendor), ...more }));
        assert.ok(JSON.stringify(expected).length > 2, "there is an answer");
        const target = await throughGateway(vendor);
        const got = plain(await call({ ...target, ...more }));
        assert.deepEqual(got, expected);
        await checkWhatCrossed(seed, target.key);
    });
}
