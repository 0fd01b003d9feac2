// SPDX-License-Identifier: MIT
//
// The running gateway whose console these tests open, as scripts/run describes
// it in run.json, and the browser that opens it. AIPROXY_RUN_JSON names the
// file; without it a gateway is started for this test file and stopped behind
// it. What a browser complains about fails the test in which it did.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after } from "node:test";
import { startGateway } from "./gateway.mjs";
import { launch, signIn as signInAs } from "./browser.mjs";

const given = process.env.AIPROXY_RUN_JSON;

// Only a gateway of our own may have its password changed.
export const isOurs = given === undefined;
export const run = JSON.parse(
    await readFile(given ?? (await startOurs()), "utf8"));

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

// Signs in as the run's admin.
export const signIn = (page, password = run.admin_password) =>
    signInAs(page, { ...run, admin_password: password });

// What the management API says, to compare with what the console shows; with
// a body what it makes of it.
let token;
export async function api(path, body) {
    token ??= await accessToken();
    const made = body === undefined ? {} : {
        method: "POST",
        body: JSON.stringify(body),
        type: { "content-type": "application/json" },
    };
    const answer = await fetch(run.admin_url + path, {
        ...made, headers: { authorization: `Bearer ${token}`, ...made.type },
    });
    assert.equal(answer.status, body === undefined ? 200 : 201, path);
    return answer.json();
}

async function accessToken() {
    const answer = await fetch(`${run.admin_url}/api/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(
            { username: run.admin_user, password: run.admin_password }),
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
