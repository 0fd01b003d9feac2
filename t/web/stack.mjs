// SPDX-License-Identifier: MIT
//
// The running gateway whose console these tests open, as scripts/run describes
// it in run.json, and the browser that opens it. AIPROXY_RUN_JSON names the
// file; without it a gateway is started for this test file and stopped behind
// it. What a browser complains about fails the test in which it did.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startGateway } from "./gateway.mjs";
import { launch, signIn as signInAs } from "./browser.mjs";

const given = process.env.AIPROXY_RUN_JSON;

const isOurs = given === undefined;
export const run = JSON.parse(
    await readFile(given ?? (await startOurs()), "utf8"));

let token; // of the admin, once somebody asks the management API

async function startOurs() {
    const { file, stop } = await startGateway();
    after(stop);
    return file;
}

// A page in a browser of its own, closed with the test; what it complained
// about is in `complaints`.
export async function openBrowser(t, options) {
    const { browser, page, close } = await launch(options);
    t.after(close);
    page.setDefaultTimeout(15_000);
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
        if (!["error", "warning"].includes(message.type())) return;
        complaints.push(`${message.text()} (${message.location().url})`);
    });
    return { browser, page, complaints };
}

// Refusals that a test provokes are logged by the browser as failed loads.
export function assertQuiet(complaints, ...expected) {
    const unexpected = complaints.filter(
        (text) => !expected.some((status) =>
            text.includes(`responded with a status of ${status}`)));
    assert.deepEqual(unexpected, []);
}

// The first password opens nothing but the way to change it. A gateway that was
// started elsewhere keeps its own, which AIPROXY_ADMIN_PASSWORD tells.
if (isOurs) {
    const own = "a password for these tests";
    await choosePassword(run.admin_user, run.admin_password, own);
    run.admin_password = own;
} else {
    run.admin_password =
        process.env.AIPROXY_ADMIN_PASSWORD ?? run.admin_password;
}

// In the place of one that somebody else knows.
export async function choosePassword(username, given, own) {
    const bearer = await accessToken(username, given);
    const answer = await fetch(`${run.admin_url}/api/auth/password`, {
        method: "POST",
        headers: {
            authorization: `Bearer ${bearer}`,
            "content-type": "application/json",
        },
        body: JSON.stringify({ current_password: given, new_password: own }),
    });
    assert.equal(answer.status, 204, `${username} has a password of their own`);
}

// Signs in as the run's admin.
export const signIn = (page, password = run.admin_password) =>
    signInAs(page, { ...run, admin_password: password });

// What the management API says, to compare with what the console shows; with
// a body what it makes of it.
export async function api(path) {
    const answer = await call("GET", path);
    assert.equal(answer.status, 200, path);
    return answer.json();
}

// Makes something to look at; what the API says it has made.
export async function create(path, body) {
    const answer = await call("POST", path, body);
    const text = await answer.text();
    assert.equal(answer.status, 201, `${path}: ${text}`);
    return JSON.parse(text);
}

// A client key with a pool of a key of the demo provider, and nobody's else.
export async function makeClientKey(name, fields = {}) {
    const keys = await api("/api/provider-keys/keys");
    const { key, ...row } = await create("/api/client-keys", {
        name, provider_key_ids: keys.items.map(({ id }) => id), ...fields,
    });
    return { secret: key, ...row };
}

// Asks again until something is so; the last answer.
export async function until(what, look, seconds = 20) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
        const found = await look();
        if (found) return found;
        assert.ok(Date.now() < end, what);
        await pause(100);
    }
}

async function call(method, path, body) {
    token ??= await accessToken();
    return fetch(run.admin_url + path, {
        method,
        headers: {
            authorization: `Bearer ${token}`,
            origin: run.admin_url,
            ...(body && { "content-type": "application/json" }),
        },
        body: body && JSON.stringify(body),
    });
}

async function accessToken(
    username = run.admin_user, password = run.admin_password) {
    const answer = await fetch(`${run.admin_url}/api/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ username, password }),
    });
    return (await answer.json()).access_token;
}

// Sends a chat request to the gateway itself; the status of the answer.
export async function ask(key, model = "demo-small") {
    const answer = await fetch(`${run.proxy_url}/v1/chat/completions`, {
        method: "POST",
        headers: {
            authorization: `Bearer ${key}`,
            "content-type": "application/json",
        },
        body: JSON.stringify({
            model,
            messages: [{ role: "user", content: "Hello" }],
        }),
    });
    await answer.arrayBuffer();
    return answer.status;
}
