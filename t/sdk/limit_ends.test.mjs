// SPDX-License-Identifier: MIT
//
// A stream that ends at its client key's limit is one that an official SDK takes
// for whole: cut for its length, in its dialect's own words, with usage.

import test from "node:test";
import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { collect, ownKey, seeded } from "./stack.mjs";

const text = "Tell me a long story.";
const headers = () => seeded("events=3000");

const limit = { tokens_per_minute: 900, max_output_tokens: 100,
    ends_at_limit: true };

const openai = (target) => new OpenAI({
    apiKey: target.key, baseURL: `${target.url}/v1`, maxRetries: 0 });

test("OpenAI chat ends with length", async (t) => {
    const target = await ownKey(t, "demo-openai", { ...limit });
    const chunks = await collect(await openai(target).chat.completions.create({
        model: "demo-large", stream: true,
        stream_options: { include_usage: true },
        messages: [{ role: "user", content: text }],
    }, { headers: headers() }));
    const reasons = chunks.flatMap((chunk) =>
        chunk.choices.map((choice) => choice.finish_reason)).filter(Boolean);
    assert.deepEqual(reasons, ["length"]);
    const { usage } = chunks.at(-1);
    assert.ok(usage.completion_tokens > 100, "it got more than was reserved");
    assert.ok(usage.total_tokens <= 1000, `${usage.total_tokens} of 900`);
    await assert.rejects(openai(target).chat.completions.create({
        model: "demo-large", messages: [{ role: "user", content: text }],
    }), OpenAI.RateLimitError);
});

test("OpenAI responses end as incomplete", async (t) => {
    const target = await ownKey(t, "demo-openai", { ...limit });
    const events = await collect(await openai(target).responses.create({
        model: "demo-large", stream: true, input: text,
    }, { headers: headers() }));
    const last = events.at(-1);
    assert.equal(last.type, "response.incomplete");
    assert.equal(last.response.status, "incomplete");
    assert.equal(last.response.incomplete_details.reason, "max_output_tokens");
    assert.ok(last.response.usage.output_tokens > 100);
});

test("Anthropic ends with max_tokens", async (t) => {
    const target = await ownKey(t, "demo-anthropic", { ...limit });
    const client = new Anthropic({
        apiKey: target.key, baseURL: target.url, maxRetries: 0 });
    // What it allows is more than there is.
    const whole = await client.messages.stream({
        model: "demo-large", max_tokens: 2000,
        messages: [{ role: "user", content: text }],
    }, { headers: headers() }).finalMessage();
    assert.equal(whole.stop_reason, "max_tokens");
    assert.ok(whole.content[0].text.length > 0);
    const { usage } = whole;
    assert.ok(usage.output_tokens > 100, "it got more than was reserved");
    assert.ok(usage.input_tokens + usage.output_tokens <= 1000,
        `${usage.output_tokens} of 900`);
});

test("Gemini ends with MAX_TOKENS", async (t) => {
    const target = await ownKey(t, "demo-gemini", { ...limit });
    const client = new GoogleGenAI({ apiKey: target.key, httpOptions: {
        baseUrl: target.url, retryOptions: { attempts: 1 },
        headers: headers(),
    } });
    const chunks = await collect(await client.models.generateContentStream({
        model: "demo-large", contents: text }));
    assert.equal(chunks.at(-1).candidates[0].finishReason, "MAX_TOKENS");
    assert.ok(chunks.at(-1).usageMetadata.candidatesTokenCount > 100);
});
