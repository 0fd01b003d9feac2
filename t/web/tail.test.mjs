// SPDX-License-Identifier: MIT
//
// The logs as they grow, and their export: the tail keeps to the filters and
// waits in a hidden tab; a job writes what the list shows.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { zstdDecompressSync } from "node:zlib";
import {
    api, ask, assertQuiet, makeClientKey, openBrowser, run, signIn, until,
} from "./stack.mjs";

const name = `tail-${randomBytes(4).toString("hex")}`;
const { id, secret } = await makeClientKey(name);

const recordsOf = async (key) =>
    (await api(`/api/logs/traces?running=false&client_key_id=${key}`)).items;

// Sends a request, and waits for its record.
async function record(model = "demo-small") {
    const before = (await recordsOf(id)).length;
    assert.equal(await ask(secret, model), 200);
    await until("the record is stored", async () =>
        (await recordsOf(id)).length > before);
}

async function hide(page, hidden) {
    await page.evaluate((state) => {
        Object.defineProperty(document, "visibilityState",
            { configurable: true, value: state });
        window.dispatchEvent(new Event("visibilitychange"));
    }, hidden ? "hidden" : "visible");
}

test("the live tail", async (t) => {
    const { page, complaints } = await openBrowser(t);
    const asked = { list: 0, tail: 0, pending: 0 };
    const isTail = (request) => request.url().includes("tail=");
    page.on("request", (request) => {
        if (!request.url().includes("/api/logs/traces?")) return;
        asked[isTail(request) ? "tail" : "list"] += 1;
        if (isTail(request)) asked.pending += 1;
    });
    for (const end of ["requestfinished", "requestfailed"]) {
        page.on(end, (request) => {
            if (isTail(request)) asked.pending -= 1;
        });
    }
    // Lets its timers run for long. Behind a request of its own, all that they
    // asked for is known.
    const waitLong = async () => {
        for (let step = 0; step < 4; step += 1) {
            await page.clock.runFor(5_000);
            await page.evaluate(() => fetch("/theme.js").then(() => null));
        }
    };
    await page.clock.install();
    await signIn(page);
    await record();
    await page.goto(`${run.admin_url}/logs?client_key_id=${id}`);
    const rows = page.getByRole("table").getByRole("row");
    const shows = (count) => until(`${count} records are shown`,
        async () => await rows.count() === count + 1);
    await shows(1);
    await until("it tails", () => asked.tail > 1);

    await t.test("what is recorded appears on top, without the list", async () => {
        const lists = asked.list;
        await record("demo-large");
        await shows(2);
        await rows.nth(1).getByText("demo-large").waitFor();
        assert.equal(asked.list, lists);
    });

    await t.test("what the filters leave out does not appear", async () => {
        assert.equal(await ask(run.demo_client_key), 200);
        await record();
        await shows(3);
    });

    await t.test("a hidden tab does not ask, and catches up", async () => {
        await hide(page, true);
        await until("it asks no more", () => asked.pending === 0);
        const tails = asked.tail;
        await record("demo-large");
        await waitLong();
        assert.equal(asked.tail, tails);
        assert.equal(await rows.count(), 4);
        await hide(page, false);
        await shows(4);
    });

    await t.test("paused, it stands still; going on, it catches up", async () => {
        await page.getByRole("button", { name: "Pause the live tail" }).click();
        await page.getByText("Paused").waitFor();
        await until("it asks no more", () => asked.pending === 0);
        const tails = asked.tail;
        await record();
        await waitLong();
        assert.equal(asked.tail, tails);
        assert.equal(await rows.count(), 5);
        await page.getByRole("button", { name: "Show requests as they" }).click();
        await shows(5);
    });

    await t.test("ids are the API's, each once", async () => {
        const expected = (await recordsOf(id)).map((row) => String(row.id));
        const links = await rows.getByRole("link").evaluateAll((all) =>
            all.map((link) => new URL(link.href).searchParams.get("record")
                .replaceAll('"', "")));
        assert.deepEqual(links, expected);
    });
    assertQuiet(complaints);
});

test("an export", async (t) => {
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/jobs`);
    if (!process.env.AIPROXY_RUN_JSON) {
        await t.test("there are no jobs yet", () =>
            page.getByText("Begin an export in the logs").waitFor());
    }
    await page.goto(`${run.admin_url}/logs?client_key_id=${id}`);

    await t.test("holds what the list shows", async () => {
        await page.getByRole("button", { name: "Export" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByText("The filters of the list hold").waitFor();
        await dialog.getByRole("button", { name: "Begin" }).click();
        await dialog.getByText("Done").waitFor();
        const records = await recordsOf(id);
        await dialog.getByText(`${records.length} records written`).waitFor();
        const waiting = page.waitForEvent("download");
        await dialog.getByRole("button", { name: /^Download/ }).click();
        const download = await waiting;
        assert.match(download.suggestedFilename(), /\.csv$/);
        const text = await readFile(await download.path(), "utf8");
        const lines = text.trimEnd().split(/\r?\n/);
        assert.equal(lines.length, records.length + 1);
        for (const line of lines.slice(1)) assert.ok(line.includes("demo-"));
    });

    await t.test("or a line of JSON for each, compressed", async () => {
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Export" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByText("JSON lines, zstd").click();
        await dialog.getByRole("button", { name: "Begin" }).click();
        await dialog.getByText("Done").waitFor();
        const waiting = page.waitForEvent("download");
        await dialog.getByRole("button", { name: /^Download/ }).click();
        const download = await waiting;
        assert.match(download.suggestedFilename(), /\.jsonl\.zst$/);
        const file = zstdDecompressSync(await readFile(await download.path()));
        const lines = file.toString().trimEnd().split("\n").map(JSON.parse);
        assert.equal(lines.length, (await recordsOf(id)).length);
    });

    await t.test("is among the jobs, with its file", async () => {
        await page.getByRole("link", { name: "Show all jobs" }).click();
        const row = page.getByRole("row").nth(1);
        await row.getByText("Done").waitFor();
        const [job] = (await api("/api/jobs")).items;
        const cells = await row.getByRole("cell").allTextContents();
        assert.equal(cells[3], String(job.records));
        const waiting = page.waitForEvent("download");
        await row.getByRole("button", { name: /^Download/ }).click();
        assert.match((await waiting).suggestedFilename(), /\.jsonl\.zst$/);
    });
    assertQuiet(complaints);
});
