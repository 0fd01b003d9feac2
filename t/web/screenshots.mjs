// SPDX-License-Identifier: MIT
//
// Pictures of every page of the console, in both languages and themes, on a
// desk and on a phone. Run by scripts/screenshots: node screenshots.mjs DIR.

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, signIn } from "./browser.mjs";
import { startGateway } from "./gateway.mjs";
import { pages } from "./pages.mjs";

const sizes = { desktop: [1360, 860], phone: [360, 740] };

// The name of a picture, and the page's address.
const pictured = Object.keys(pages).filter((path) => path !== "/nowhere")
    .map((path) => [path.slice(1) || "dashboard", path]);


// What is opened on a page before the picture is taken.
const openings = {
    record: ["logs", async (page) => {
        const retried = page.getByRole("row").filter({ hasText: "gpt-6.1-sol" });
        const row = await retried.count() ? retried : page.getByRole("row").nth(1);
        await row.getByRole("link").first().click();
    }],
    "client-key": ["client-keys?open=1", () => {}],
    "provider-key": ["provider-keys?open=1", () => {}],
    "client-key-form": ["client-keys", (page) =>
        page.locator("header button").last().click()],
    "provider-key-form": ["provider-keys", (page) =>
        page.locator("header button").last().click()],
    "provider-form": ["providers", (page) =>
        page.locator("tbody tr button").first().click()],
    "provider-preview": ["providers", async (page) => {
        await page.locator("tbody tr button").last().click();
        await page.getByRole("menuitem").nth(1).click();
        await page.getByRole("dialog").locator("button[type=submit]").click();
        await page.getByTestId("preview-head").waitFor();
    }],
    "provider-key-import": ["provider-keys", (page) =>
        page.locator("main header button").first().click()],
    "alert-rule-form": ["alerts?tab=rules", (page) =>
        page.locator("tbody tr button").first().click()],
    "alert-channel-form": ["alerts?tab=channels", (page) =>
        page.locator("main button:not([role=tab])").last().click()],
    export: ["logs", (page) => page.locator("main header button").last().click()],
};

const text = "Which of our invoices of last month are still open? ".repeat(40);
const messages = [{ role: "user", content: text }];
const openai = (model, stream = true) =>
    ["/v1/chat/completions", { model, stream, messages }];
const anthropic = (model) =>
    ["/v1/messages", { model, stream: true, max_tokens: 512, messages }];
const gemini = (model) => [
    `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
    { contents: [{ role: "user", parts: [{ text }] }] },
];

async function send(run, key, [path, body], fault) {
    const answer = await fetch(run.proxy_url + path, {
        method: "POST",
        headers: {
            authorization: `Bearer ${key}`,
            "anthropic-version": "2023-06-01",
            "content-type": "application/json",
            ...(fault && { "x-demo-fault": fault }),
        },
        body: JSON.stringify(body),
    });
    await answer.arrayBuffer().catch(() => "cut off, as asked");
}

// The demo's models at real prices, and a password that nobody asks to change.
async function prepare(run) {
    let token;
    const call = async (method, path, body) => {
        const answer = await fetch(run.admin_url + path, {
            method,
            headers: {
                origin: run.admin_url,
                "content-type": "application/json",
                ...(token && { authorization: `Bearer ${token}` }),
            },
            body: body && JSON.stringify(body),
        });
        if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
        return answer.status === 204 ? null : answer.json();
    };
    const signIn = async (password) => {
        ({ access_token: token } = await call("POST", "/api/auth/login",
            { username: run.admin_user, password }));
    };
    await signIn(run.admin_password);
    const password = "a password for pictures";
    await call("POST", "/api/auth/password",
        { current_password: run.admin_password, new_password: password });
    await signIn(password);
    run.admin_password = password;
    const lists = { "demo-openai": "openai", "demo-anthropic": "anthropic",
        "demo-gemini": "google" };
    for (const { id, name } of (await call("GET", "/api/providers")).items) {
        if (!(name in lists)) continue;
        await call("PATCH", `/api/providers/${id}`, { price_list: lists[name] });
    }
    const [clientKey] = (await call("GET", "/api/client-keys")).items;
    await call("PATCH", `/api/client-keys/${clientKey.id}`, {
        requests_per_minute: 120, requests_per_day: 12, tokens_per_day: 200000,
        cost_per_month: "25", max_in_flight: 50,
    });
}

// Something to look at: each dialect, refusals of the provider and of ours, a
// failure that another key mends.
async function makeRecords(run) {
    const key = run.demo_client_key;
    await send(run, key, openai("gpt-5.6-luna", false));
    await send(run, key, anthropic("claude-opus-5-5"));
    await send(run, key, gemini("gemini-3.1-pro-preview"));
    await send(run, key, openai("gpt-5.6-terra"), "cache_read=384");
    await send(run, "aip_unknown", openai("gpt-5.6-terra"));
    await send(run, key, anthropic("claude-haiku-4-5"));
    await send(run, key, openai("gpt-5.6-terra"), "status=400");
    await send(run, key, gemini("gemini-3.5-flash"));
    await send(run, key, openai("gpt-6.1-sol"),
        "status=429,retry_after=20,times=1");
    await send(run, key, anthropic("claude-opus-5-5"), "cut=900");
    await send(run, key, openai("gpt-5.6-luna"));
}

// A job to look at.
async function order(run) {
    const { access_token } = await (await fetch(`${run.admin_url}/api/auth/login`, {
        method: "POST",
        headers: { origin: run.admin_url, "content-type": "application/json" },
        body: JSON.stringify(
            { username: run.admin_user, password: run.admin_password }),
    })).json();
    await fetch(`${run.admin_url}/api/logs/exports`, {
        method: "POST",
        headers: {
            origin: run.admin_url,
            authorization: `Bearer ${access_token}`,
            "content-type": "application/json",
        },
        body: JSON.stringify({ format: "csv" }),
    });
}

async function settled(page) {
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() =>
        document.querySelector("[role=status]") === null);
    await page.evaluate(() => document.fonts.ready);
    await page.waitForLoadState("networkidle");
}

async function picture(run, folder, language, scheme, size) {
    const [width, height] = sizes[size];
    const { page, close } = await launch({ language, scheme, width, height });
    const save = (name) => page.screenshot({
        path: join(folder, `${name}-${scheme}-${language}-${size}.png`),
    });
    try {
        await page.goto(`${run.admin_url}/sign-in`);
        await settled(page);
        await save("sign-in");
        await signIn(page, run);
        for (const [name, path] of pictured) {
            await page.goto(run.admin_url + path);
            await settled(page);
            await save(name);
        }
        for (const [name, [path, open]] of Object.entries(openings)) {
            await page.goto(`${run.admin_url}/${path}`);
            await settled(page);
            await open(page);
            await page.getByRole("dialog").waitFor();
            await settled(page);
            await save(name);
        }
    } finally {
        await close();
    }
}

const [folder] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const given = process.env.AIPROXY_RUN_JSON;
const ours = given === undefined ? await startGateway() : null;
try {
    const run = JSON.parse(await readFile(given ?? ours.file, "utf8"));
    if (ours !== null) {
        await prepare(run);
        await makeRecords(run);
        await order(run);
    }
    for (const language of ["en", "zh-CN"]) {
        for (const scheme of ["light", "dark"]) {
            for (const size of Object.keys(sizes)) {
                await picture(run, folder, language, scheme, size);
            }
        }
    }
} finally {
    await ours?.stop();
}
console.log(folder);
