// SPDX-License-Identifier: MIT
//
// The management API of a running gateway, asked as its admin, and the gateway
// itself, asked as a caller.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

async function send(run, method, path, body, token) {
    return fetch(run.admin_url + path, {
        method,
        headers: {
            origin: run.admin_url,
            ...(token && { authorization: `Bearer ${token}` }),
            ...(body && { "content-type": "application/json" }),
        },
        body: body && JSON.stringify(body),
    });
}

async function accessToken(run, username, password) {
    const answer = await send(run, "POST", "/api/auth/login",
        { username, password });
    return (await answer.json()).access_token;
}

// In the place of a password that somebody else knows.
export async function choosePassword(run, username, given, own) {
    const answer = await send(run, "POST", "/api/auth/password",
        { current_password: given, new_password: own },
        await accessToken(run, username, given));
    assert.equal(answer.status, 204, `${username} has a password of their own`);
}

// What asks the run's API with the password that the run has when it is first
// asked; an answer of another status than expected fails.
export function apiOf(run) {
    let token;
    const attempt = async (method, path, body) => {
        token ??= await accessToken(run, run.admin_user, run.admin_password);
        const answer = await send(run, method, path, body, token);
        return { status: answer.status, text: await answer.text() };
    };
    const call = async (method, path, expected, body) => {
        const { status, text } = await attempt(method, path, body);
        assert.equal(status, expected, `${method} ${path}: ${text}`);
        return text === "" ? null : JSON.parse(text);
    };
    return {
        read: (path) => call("GET", path, 200),
        create: (path, body) => call("POST", path, 201, body),
        change: (path, body) => call("PATCH", path, 200, body),
        // Begins a job.
        order: (path, body) => call("POST", path, 202, body),
        // Asks until what it begins is done.
        finish: (path, body) => until(path, async () => {
            const { status, text } = await attempt("POST", path, body);
            assert.ok([202, 204].includes(status), `${path}: ${text}`);
            return status === 204;
        }),
    };
}

// Sends a chat request to the gateway; the status of the answer.
export async function ask(run, key, model = "demo-small") {
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
