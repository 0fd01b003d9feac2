// SPDX-License-Identifier: MIT
//
// The official Google GenAI SDK, direct and through the gateway: same results,
// same bytes, its own errors.

import test from "node:test";
import assert from "node:assert/strict";
import { ApiError, GoogleGenAI } from "@google/genai";
import {
    collect, expectedUsage, gateway, ownKey, provider, recordingFetch, seeded,
} from "./stack.mjs";

const system = "You answer in one sentence.";
const user = "Wie heißt die Hauptstadt? 首都是哪里？ 🙂";
const question = {
    model: "demo-large",
    contents: user,
    config: { systemInstruction: system },
};
const usage = expectedUsage([system, user], 1, "demo-large");

function client(target, options = {}) {
    return new GoogleGenAI({
        apiKey: target.key,
        httpOptions: {
            baseUrl: target.url,
            retryOptions: { attempts: 1 },
            ...options,
        },
    });
}

// Without what differs by nature: the headers of the answer.
function essence(answer) {
    const { sdkHttpResponse, ...rest } = answer;
    return { ...rest, text: answer.text };
}

function checkUsage(reported) {
    assert.equal(reported.promptTokenCount, usage.input);
    assert.equal(reported.candidatesTokenCount,
        usage.output - usage.reasoning);
    assert.equal(reported.thoughtsTokenCount, usage.reasoning);
    assert.equal(reported.totalTokenCount, usage.input + usage.output);
}

for (const target of [provider, gateway]) {
    test(`${target.name}: a whole answer`, async () => {
        const answer = await client(target).models.generateContent(question);
        assert.equal(answer.modelVersion, "demo-large");
        assert.equal(answer.candidates[0].finishReason, "STOP");
        assert.ok(answer.text.length > 0);
        checkUsage(answer.usageMetadata);
    });

    test(`${target.name}: a stream repeats growing usage`, async () => {
        const chunks = await collect(
            await client(target).models.generateContentStream(question));
        const totals =
            chunks.map((chunk) => chunk.usageMetadata.totalTokenCount);
        assert.deepEqual(totals, totals.toSorted((a, b) => a - b));
        assert.equal(totals[0], usage.input);
        checkUsage(chunks.at(-1).usageMetadata);
        assert.equal(chunks.at(-1).candidates[0].finishReason, "STOP");
    });

    test(`${target.name}: streamed and whole are the same text`, async () => {
        const headers = seeded();
        const gemini = client(target, { headers });
        const whole = await gemini.models.generateContent(question);
        const chunks =
            await collect(await gemini.models.generateContentStream(question));
        assert.equal(chunks.map((chunk) => chunk.text).join(""), whole.text);
    });

    test(`${target.name}: the answer ends at maxOutputTokens`, async () => {
        const answer = await client(target).models.generateContent({
            ...question,
            model: "demo-small",
            config: { maxOutputTokens: 5 },
        });
        assert.equal(answer.candidates[0].finishReason, "MAX_TOKENS");
        assert.equal(answer.usageMetadata.candidatesTokenCount, 5);
    });

    test(`${target.name}: an error inside the stream is raised`, async () => {
        const gemini = client(target,
            { headers: seeded("error_event,events=4") });
        const stream = await gemini.models.generateContentStream(question);
        await assert.rejects(collect(stream), ApiError);
    });
}

test("the same whole answer", async () => {
    const headers = seeded();
    const [direct, through] = await Promise.all(
        [provider, gateway].map((target) =>
            client(target, { headers }).models.generateContent(question)));
    assert.deepEqual(essence(through), essence(direct));
});

for (const faults of ["", "split=7", "crlf=0", "comments", "big=100000"]) {
    test(`the same bytes in a stream ${faults}`, async () => {
        const headers = seeded(faults);
        const [direct, through] = await Promise.all(
            [provider, gateway].map(async (target) => {
                const fetch = recordingFetch();
                const chunks = await collect(
                    await client(target, { headers, fetch })
                        .models.generateContentStream(question));
                return {
                    chunks: chunks.map(essence),
                    bytes: await fetch.bytes(),
                };
            }));
        assert.equal(through.bytes, direct.bytes);
        assert.deepEqual(through.chunks, direct.chunks);
        assert.ok(direct.chunks.length > 2);
    });
}

test("the same bytes in a stream that is a JSON array", async () => {
    const headers = { ...seeded(), "content-type": "application/json" };
    const ask = async ({ url, key }) => {
        const answer = await fetch(
            `${url}/v1beta/models/demo-large:streamGenerateContent`, {
                method: "POST",
                headers: { ...headers, "x-goog-api-key": key },
                body: JSON.stringify(
                    { contents: [{ parts: [{ text: user }] }] }),
            });
        return answer.text();
    };
    const direct = await ask(provider);
    assert.equal(await ask(gateway), direct);
    assert.ok(JSON.parse(direct).length > 2);
});

test("the key is taken from the query too", async () => {
    const answer = await fetch(
        `${gateway.url}/v1beta/models/demo-small:generateContent` +
        `?key=${gateway.key}`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ contents: [{ parts: [{ text: user }] }] }),
        });
    assert.equal(answer.status, 200);
});

const failsWith = (status, state) => (error) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.status, status);
    assert.ok(error.message.includes(state), error.message);
    return true;
};

test("an unknown key is a 401", async () => {
    const bad = { ...gateway, key: "aip_of_nobody" };
    await assert.rejects(client(bad).models.generateContent(question),
        failsWith(401, "UNAUTHENTICATED"));
    await assert.rejects(
        client({ ...provider, key: "demo-dead" })
            .models.generateContent(question),
        failsWith(401, "UNAUTHENTICATED"));
});

test("a disabled key is a 403", async (t) => {
    const own = await ownKey(t, "demo-gemini", { is_enabled: false });
    await assert.rejects(client(own).models.generateContent(question),
        failsWith(403, "PERMISSION_DENIED"));
});

test("the provider's 429 comes as it is", async (t) => {
    const own = await ownKey(t, "demo-gemini",
        { faults: "status=429,retry_after=7" });
    await assert.rejects(client(own).models.generateContent(question),
        failsWith(429, "RESOURCE_EXHAUSTED"));
});

test("our own limit is a 429", async (t) => {
    const own = await ownKey(t, "demo-gemini", { requests_per_minute: 1 });
    await client(own).models.generateContent(question);
    await assert.rejects(client(own).models.generateContent(question),
        failsWith(429, "RESOURCE_EXHAUSTED"));
});

test("the provider's 503 comes as it is", async (t) => {
    const own = await ownKey(t, "demo-gemini", { faults: "status=503" });
    await assert.rejects(client(own).models.generateContent(question),
        failsWith(503, "UNAVAILABLE"));
});
