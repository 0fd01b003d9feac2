// SPDX-License-Identifier: MIT
//
// The official Anthropic SDK, direct and through the gateway: same results,
// same bytes, its own classes of errors. It sends its key as a bearer token.

import test from "node:test";
import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import {
    collect, expectedUsage, gateway, ownKey, provider, recordingFetch, seeded,
} from "./stack.mjs";

const system = "You answer in one sentence.";
const user = "Wie heißt die Hauptstadt? 首都是哪里？ 🙂";
const question = {
    model: "demo-large",
    max_tokens: 1000,
    system,
    messages: [{ role: "user", content: user }],
};
const usage = expectedUsage([system, user], 1, "demo-large");

function client(target, options = {}) {
    return new Anthropic({
        apiKey: target.key,
        baseURL: target.url,
        maxRetries: 0,
        ...options,
    });
}

for (const target of [provider, gateway]) {
    test(`${target.name}: a whole answer`, async () => {
        const answer = await client(target).messages.create(question);
        assert.equal(answer.type, "message");
        assert.equal(answer.model, "demo-large");
        assert.equal(answer.stop_reason, "end_turn");
        assert.ok(answer.content[0].text.length > 0);
        assert.equal(answer.usage.input_tokens, usage.input);
        assert.equal(answer.usage.output_tokens, usage.output);
        assert.equal(answer.usage.output_tokens_details.thinking_tokens,
            usage.reasoning);
    });

    test(`${target.name}: a stream in the order of its events`, async () => {
        const events = await collect(await client(target).messages.create(
            { ...question, stream: true }));
        // The SDK keeps pings to itself.
        const kinds = events.map((event) => event.type);
        assert.deepEqual([...new Set(kinds)], [
            "message_start", "content_block_start", "content_block_delta",
            "content_block_stop", "message_delta", "message_stop",
        ]);
        assert.equal(events[0].message.usage.output_tokens, 1);
        assert.equal(events.at(-2).usage.output_tokens, usage.output);
    });

    test(`${target.name}: the stream helper puts it together`, async () => {
        const headers = seeded("usage_every");
        const whole = await client(target).messages.create(question,
            { headers });
        const streamed = await client(target).messages
            .stream(question, { headers }).finalMessage();
        assert.deepEqual(streamed.content, whole.content);
        assert.equal(streamed.usage.output_tokens, usage.output);
        assert.equal(streamed.stop_reason, "end_turn");
    });

    test(`${target.name}: cached and written tokens stand apart`, async () => {
        const text = "All work and no play. ".repeat(100);
        const answer = await client(target).messages.create({
            ...question,
            model: "demo-small",
            system: [{
                type: "text",
                text,
                cache_control: { type: "ephemeral", ttl: "1h" },
            }],
        });
        const { input, cached } = expectedUsage([text, user], 1);
        const written = Math.floor(input / 4);
        const { usage } = answer;
        assert.equal(usage.cache_read_input_tokens, cached);
        assert.equal(usage.cache_creation_input_tokens, written);
        assert.equal(usage.cache_creation.ephemeral_1h_input_tokens, written);
        assert.equal(usage.input_tokens, input - cached - written);
    });

    test(`${target.name}: the answer ends at max_tokens`, async () => {
        const answer = await client(target).messages.create(
            { ...question, max_tokens: 5 });
        assert.equal(answer.stop_reason, "max_tokens");
        assert.equal(answer.usage.output_tokens, 5);
    });

    test(`${target.name}: an error inside the stream is raised`, async () => {
        const stream = await client(target).messages.create(
            { ...question, stream: true },
            { headers: seeded("error_event,events=4") });
        await assert.rejects(collect(stream), Anthropic.APIError);
    });

    test(`${target.name}: a dialect error is raised as is`, async () => {
        await assert.rejects(
            client(target).messages.create({ ...question, max_tokens: null }),
            Anthropic.BadRequestError);
    });
}

test("the same whole answer", async () => {
    const headers = seeded();
    const [direct, through] = await Promise.all(
        [provider, gateway].map((target) =>
            client(target).messages.create(question, { headers })));
    assert.deepEqual(through, direct);
});

for (const faults of ["", "split=7", "crlf", "comments", "big=100000",
    "usage_every"]) {
    test(`the same bytes in a stream ${faults}`, async () => {
        const headers = seeded(faults);
        const [direct, through] = await Promise.all(
            [provider, gateway].map(async (target) => {
                const fetch = recordingFetch();
                const events = await collect(
                    await client(target, { fetch }).messages.create(
                        { ...question, stream: true }, { headers }));
                return { events, bytes: await fetch.bytes() };
            }));
        assert.equal(through.bytes, direct.bytes);
        assert.deepEqual(through.events, direct.events);
        assert.match(direct.bytes, /"message_stop"}\r?\n\r?\n$/);
    });
}

test("the key is taken from x-api-key too", async () => {
    const fetch = (url, init) => {
        const headers = new Headers(init.headers);
        headers.delete("authorization");
        headers.set("x-api-key", gateway.key);
        return globalThis.fetch(url, { ...init, headers });
    };
    const answer =
        await client(gateway, { fetch }).messages.create(question);
    assert.equal(answer.type, "message");
});

test("an unknown key is an AuthenticationError", async () => {
    const bad = { ...gateway, key: "aip_of_nobody" };
    await assert.rejects(client(bad).messages.create(question), (error) => {
        assert.ok(error instanceof Anthropic.AuthenticationError);
        assert.equal(error.error.error.type, "authentication_error");
        return true;
    });
    await assert.rejects(
        client({ ...provider, key: "demo-dead" }).messages.create(question),
        Anthropic.AuthenticationError);
});

test("a disabled key is a PermissionDeniedError", async (t) => {
    const own = await ownKey(t, "demo-anthropic", { is_enabled: false });
    await assert.rejects(client(own).messages.create(question), (error) => {
        assert.ok(error instanceof Anthropic.PermissionDeniedError);
        assert.equal(error.error.error.type, "permission_error");
        return true;
    });
});

test("the provider's 429 is a RateLimitError", async (t) => {
    const own = await ownKey(t, "demo-anthropic",
        { faults: "status=429,retry_after=7" });
    await assert.rejects(client(own).messages.create(question), (error) => {
        assert.ok(error instanceof Anthropic.RateLimitError);
        assert.equal(error.headers.get("retry-after"), "7");
        return true;
    });
});

test("our own limit is a RateLimitError", async (t) => {
    const own = await ownKey(t, "demo-anthropic", { requests_per_minute: 1 });
    await client(own).messages.create(question);
    await assert.rejects(client(own).messages.create(question), (error) => {
        assert.ok(error instanceof Anthropic.RateLimitError);
        assert.equal(error.error.error.type, "rate_limit_error");
        return true;
    });
});

test("the provider's 529 is an InternalServerError", async (t) => {
    const own = await ownKey(t, "demo-anthropic", { faults: "status=529" });
    await assert.rejects(client(own).messages.create(question), (error) => {
        assert.ok(error instanceof Anthropic.InternalServerError);
        assert.equal(error.error.error.type, "overloaded_error");
        return true;
    });
});
