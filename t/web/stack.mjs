// SPDX-License-Identifier: MIT
//
// The running gateway whose console these tests open, as scripts/run describes
// it in run.json, and the browser that opens it. AIPROXY_RUN_JSON names the
// file; without it a gateway is started for this test file and stopped behind
// it. What a browser complains about fails the test in which it did.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after } from "node:test";
import {
    apiOf, ask as askGateway, choosePassword as chooseAnother,
} from "./api.mjs";
import { startGateway } from "./gateway.mjs";
import { launch, signIn as signInAs } from "./browser.mjs";

export { until } from "./api.mjs";

const given = process.env.AIPROXY_RUN_JSON;

const isOurs = given === undefined;
export const run = JSON.parse(
    await readFile(given ?? (await startOurs()), "utf8"));

// The management API, to compare with what the console shows and to make
// something to look at.
export const gateway = apiOf(run);
export const { read: api, create } = gateway;

export const choosePassword = (...words) => chooseAnother(run, ...words);

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

// Signs in as the run's admin.
export const signIn = (page, password = run.admin_password) =>
    signInAs(page, { ...run, admin_password: password });

// Sends a chat request to the gateway itself; the status of the answer.
export const ask = (key, model) => askGateway(run, key, model);

// A client key with a pool of a key of the demo provider, and nobody's else.
export async function makeClientKey(name, fields = {}) {
    const keys = await api("/api/provider-keys/keys");
    const { key, ...row } = await create("/api/client-keys", {
        name, provider_key_ids: keys.items.map(({ id }) => id), ...fields,
    });
    return { secret: key, ...row };
}
