// SPDX-License-Identifier: MIT
//
// Pictures of every page of the console, in both languages and themes, on a
// desk and on a phone. Run by scripts/screenshots: node screenshots.mjs DIR.

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, signIn } from "./browser.mjs";
import { startGateway } from "./gateway.mjs";

const sizes = { desktop: [1360, 860], phone: [360, 740] };

const pages = [
    "logs", "client-keys", "provider-keys", "providers", "system", "profile",
];

// What is opened on a page before the picture is taken.
const openings = {
    record: ["logs", (page) =>
        page.getByRole("row").nth(1).getByRole("link").click()],
    "client-key-form": ["client-keys", (page) =>
        page.locator("header button").last().click()],
    "provider-key-form": ["provider-keys", (page) =>
        page.locator("header button").last().click()],
    "provider-form": ["providers", (page) =>
        page.locator("tbody tr button").first().click()],
};

const dialects = [
    ["/v1/chat/completions", (model) => ({
        model, messages: [{ role: "user", content: "Hello" }],
    })],
    ["/v1/messages", (model) => ({
        model, max_tokens: 256, messages: [{ role: "user", content: "Hello" }],
    })],
    ["/v1beta/models/demo-large:generateContent", () => ({
        contents: [{ role: "user", parts: [{ text: "Hello" }] }],
    })],
];

async function send(run, key, path, body) {
    const answer = await fetch(run.proxy_url + path, {
        method: "POST",
        headers: {
            authorization: `Bearer ${key}`,
            "anthropic-version": "2023-06-01",
            "content-type": "application/json",
        },
        body: JSON.stringify(body),
    });
    await answer.arrayBuffer();
}

// Something to look at: each dialect, a failure that another key mends, a
// refusal.
async function makeRecords(run) {
    for (const [path, body] of dialects) {
        for (const model of ["demo-small", "demo-large"]) {
            await send(run, run.demo_client_key, path, body(model));
        }
    }
    await send(run, run.demo_client_key, dialects[0][0],
        dialects[0][1]("demo-fault:status=429,retry_after=20,times=1"));
    await send(run, "aip_unknown", dialects[0][0], dialects[0][1]("demo-small"));
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
        for (const name of pages) {
            await page.goto(`${run.admin_url}/${name}`);
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
    if (ours !== null) await makeRecords(run);
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
