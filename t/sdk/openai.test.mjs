// SPDX-License-Identifier: MIT
//
// The official OpenAI SDK, direct and through the gateway: same results, same
// bytes, its own classes of errors.

import test from "node:test";
import assert from "node:assert/strict";
import OpenAI from "openai";
import {
    collect, expectedUsage, gateway, ownKey, provider, recordingFetch, seeded,
} from "./stack.mjs";

const system = "You answer in one sentence.";
const user = "Wie heißt die Hauptstadt? 首都是哪里？ 🙂";
const question = {
    model: "demo-large",
    messages: [
        { role: "system", content: system },
        { role: "user", content: [{ type: "text", text: user }] },
    ],
};
const usage = expectedUsage([system, user], 2, "demo-large");

function client(target, options = {}) {
    return new OpenAI({
        apiKey: target.key,
        baseURL: `${target.url}/v1`,
        maxRetries: 0,
        ...options,
    });
}

function checkUsage(reported) {
    assert.equal(reported.prompt_tokens, usage.input);
    assert.equal(reported.completion_tokens, usage.output);
    assert.equal(reported.total_tokens, usage.input + usage.output);
    assert.equal(reported.completion_tokens_details.reasoning_tokens,
        usage.reasoning);
}

const words = (chunks) =>
    chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");

for (const target of [provider, gateway]) {
    test(`${target.name}: a whole answer`, async () => {
        const answer =
            await client(target).chat.completions.create(question);
        assert.equal(answer.object, "chat.completion");
        assert.equal(answer.model, "demo-large");
        assert.equal(answer.choices[0].finish_reason, "stop");
        assert.ok(answer.choices[0].message.content.length > 0);
        checkUsage(answer.usage);
    });

    test(`${target.name}: a stream that asks for usage`, async () => {
        const chunks = await collect(
            await client(target).chat.completions.create({
                ...question,
                stream: true,
                stream_options: { include_usage: true },
            }));
        const last = chunks.at(-1);
        assert.deepEqual(last.choices, []);
        checkUsage(last.usage);
        for (const chunk of chunks.slice(0, -1)) {
            assert.equal(chunk.usage, null);
        }
        assert.equal(chunks.at(-2).choices[0].finish_reason, "stop");
    });

    test(`${target.name}: a stream that does not ask shows none`, async () => {
        const chunks = await collect(
            await client(target).chat.completions.create({
                ...question,
                stream: true,
            }));
        assert.ok(words(chunks).length > 0);
        for (const chunk of chunks) {
            assert.equal("usage" in chunk, false);
            assert.equal(chunk.choices.length, 1);
        }
    });

    test(`${target.name}: the answer ends at max_tokens`, async () => {
        const answer = await client(target).chat.completions.create({
            ...question,
            max_completion_tokens: 5,
        });
        assert.equal(answer.choices[0].finish_reason, "length");
        assert.equal(answer.usage.completion_tokens, 5);
    });

    test(`${target.name}: a long prompt is partly cached`, async () => {
        const content = "All work and no play. ".repeat(100);
        const answer = await client(target).chat.completions.create({
            model: "demo-small",
            messages: [{ role: "user", content }],
        });
        const expected = expectedUsage([content], 1);
        assert.equal(answer.usage.prompt_tokens, expected.input);
        assert.equal(answer.usage.prompt_tokens_details.cached_tokens,
            expected.cached);
        assert.ok(expected.cached > 0);
    });

    test(`${target.name}: the stream helper puts it together`, async () => {
        const stream = client(target).chat.completions.stream({
            ...question,
            stream_options: { include_usage: true },
        });
        const answer = await stream.finalChatCompletion();
        assert.equal(answer.choices[0].finish_reason, "stop");
        checkUsage(await stream.totalUsage());
    });

    test(`${target.name}: an error inside the stream is raised`, async () => {
        const stream = await client(target).chat.completions.create(
            { ...question, stream: true },
            { headers: seeded("error_event,events=4") });
        await assert.rejects(collect(stream), OpenAI.APIError);
    });

    test(`${target.name}: a dialect error is raised as is`, async () => {
        await assert.rejects(
            client(target).chat.completions.create({ model: "demo-small" }),
            OpenAI.BadRequestError);
    });
}

test("the same whole answer", async () => {
    const headers = seeded();
    const [direct, through] = await Promise.all(
        [provider, gateway].map((target) =>
            client(target).chat.completions.create(question, { headers })));
    assert.deepEqual(through, direct);
});

for (const [label, options] of [
    ["that asks for usage", { stream_options: { include_usage: true } }],
    ["that does not ask", {}],
    ["without obfuscation", { stream_options: { include_obfuscation: false } }],
    ["that refuses usage", { stream_options: { include_usage: false } }],
]) {
    for (const faults of ["", "split=7", "crlf", "comments", "big=100000"]) {
        test(`the same bytes in a stream ${label} ${faults}`, async () => {
            const headers = seeded(faults);
            const [direct, through] = await Promise.all(
                [provider, gateway].map(async (target) => {
                    const fetch = recordingFetch();
                    const chunks = await collect(
                        await client(target, { fetch }).chat.completions.create(
                            { ...question, stream: true, ...options },
                            { headers }));
                    return { chunks, bytes: await fetch.bytes() };
                }));
            assert.equal(through.bytes, direct.bytes);
            assert.deepEqual(through.chunks, direct.chunks);
            assert.match(direct.bytes, /data: \[DONE\]\r?\n\r?\n$/);
        });
    }
}

test("an unknown key is an AuthenticationError", async () => {
    const bad = { ...gateway, key: "aip_of_nobody" };
    await assert.rejects(client(bad).chat.completions.create(question),
        OpenAI.AuthenticationError);
    await assert.rejects(
        client({ ...provider, key: "demo-dead" })
            .chat.completions.create(question),
        OpenAI.AuthenticationError);
});

test("a disabled key is a PermissionDeniedError", async (t) => {
    const own = await ownKey(t, "demo-openai", { is_enabled: false });
    await assert.rejects(client(own).chat.completions.create(question),
        OpenAI.PermissionDeniedError);
});

test("the provider's 429 is a RateLimitError", async (t) => {
    const own = await ownKey(t, "demo-openai",
        { faults: "status=429,retry_after=7" });
    await assert.rejects(client(own).chat.completions.create(question),
        (error) => {
            assert.ok(error instanceof OpenAI.RateLimitError);
            assert.equal(error.code, "rate_limit_exceeded");
            assert.equal(error.headers.get("retry-after"), "7");
            return true;
        });
});

test("our own limit is a RateLimitError", async (t) => {
    const own = await ownKey(t, "demo-openai", { requests_per_minute: 1 });
    await client(own).chat.completions.create(question);
    await assert.rejects(client(own).chat.completions.create(question),
        (error) => {
            assert.ok(error instanceof OpenAI.RateLimitError);
            assert.ok(Number(error.headers.get("retry-after")) >= 1);
            return true;
        });
});

test("the provider's 500 is an InternalServerError", async (t) => {
    const own = await ownKey(t, "demo-openai", { faults: "status=500" });
    await assert.rejects(client(own).chat.completions.create(question),
        OpenAI.InternalServerError);
});

test("the provider's 400 is a BadRequestError", async (t) => {
    const own = await ownKey(t, "demo-openai",
        { faults: "status=400,error_code=context_length_exceeded" });
    await assert.rejects(client(own).chat.completions.create(question),
        (error) => {
            assert.ok(error instanceof OpenAI.BadRequestError);
            assert.equal(error.code, "context_length_exceeded");
            return true;
        });
});

test("our own dead provider key is not the caller's 401", async (t) => {
    const own = await ownKey(t, "demo-openai", { faults: "status=401" });
    await assert.rejects(client(own).chat.completions.create(question),
        (error) => {
            assert.ok(error instanceof OpenAI.InternalServerError);
            assert.equal(error.status, 503);
            return true;
        });
});
