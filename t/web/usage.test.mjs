// SPDX-License-Identifier: MIT
//
// The usage page, for whoever holds a client key: closed at first; then the
// key's figures, and the key itself nowhere but in a header.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import {
    api, ask, assertQuiet, makeClientKey, openBrowser, run, signIn, until,
} from "./stack.mjs";

const name = `usage-${randomBytes(4).toString("hex")}`;

const axe = await readFile(
    createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function show(page, secret) {
    await page.getByLabel("Client key", { exact: true }).fill(secret);
    await page.getByRole("button", { name: "Show usage" }).click();
}

test("the usage page", async (t) => {
    const { secret } = await makeClientKey(name, { requests_per_day: 10 });
    const admin = await openBrowser(t);
    const holder = await openBrowser(t);
    const { page, complaints } = holder;
    const urls = [];
    page.on("request", (request) => urls.push(request.url()));

    await t.test("is closed at first", async () => {
        await page.goto(`${run.admin_url}/usage`);
        await show(page, secret);
        await page.getByText("This page is not open").waitFor();
    });

    await t.test("an admin opens it", async () => {
        await signIn(admin.page);
        await admin.page.goto(`${run.admin_url}/settings`);
        const open = admin.page.getByRole("switch", { name: "Usage page" });
        await open.click({ force: true });
        await admin.page.locator("form").filter({ has: open })
            .getByRole("button", { name: "Save changes" }).click();
        await until("it is open", async () =>
            (await api("/api/settings")).usage_page);
    });

    await t.test("an unknown key is told so", async () => {
        await show(page, "aip_unknown");
        await page.getByText("This client key is not known").waitFor();
    });

    await t.test("a key sees its figures", async () => {
        for (let count = 0; count < 3; count += 1) {
            assert.equal(await ask(secret), 200);
        }
        await show(page, secret);
        await page.getByRole("heading", { name }).waitFor();
        await page.getByRole("meter", { name: "Requests per day" }).waitFor();
        for (let tries = 0; tries < 40; tries += 1) {
            const row = page.getByRole("row", { name: /demo-small 3 / });
            if (await row.count() > 0) break;
            await page.getByRole("button", { name: "Refresh" }).click();
            await page.waitForResponse(/public\/usage/);
        }
        await page.getByRole("row", { name: /demo-small 3 / }).waitFor();
    });

    await t.test("they are the API's", async () => {
        const answer = await fetch(
            `${run.admin_url}/api/public/usage?time_zone=Asia/Shanghai`,
            { headers: { authorization: `Bearer ${secret}` } });
        const usage = await answer.json();
        for (const [title, sums] of
            [["Today", usage.today], ["Last 30 days", usage.month]]) {
            const section = page.locator("section").filter(
                { has: page.getByRole("heading", { name: title, exact: true }) });
            for (const [label, value] of [["Requests", String(sums.requests)],
                ["Tokens", sums.tokens.toLocaleString("en")]]) {
                await section.locator("div").filter({ hasText: label })
                    .getByText(value, { exact: true }).first().waitFor();
            }
            await section.getByTitle(`$${sums.cost}`).waitFor();
        }
        assert.equal(usage.today.requests, 3);
        await page.getByText("3 of 10", { exact: true }).waitFor();
    });

    await t.test("in both languages and themes, for everybody", async () => {
        for (const scheme of ["light", "dark"]) {
            await page.emulateMedia({ colorScheme: scheme });
            await page.evaluate(axe);
            const { violations } = await page.evaluate(() => window.axe.run());
            assert.deepEqual(violations.filter(({ impact }) =>
                impact === "serious" || impact === "critical"), [], scheme);
        }
    });

    await t.test("the key is in no address and no storage", async () => {
        assert.deepEqual(urls.filter((url) => url.includes(secret)), []);
        const stored = await page.evaluate(() => JSON.stringify(
            [{ ...localStorage }, { ...sessionStorage }, document.cookie]));
        assert.ok(!stored.includes(secret));
        await page.getByRole("button", { name: "Forget the key" }).click();
        await page.getByLabel("Client key", { exact: true }).waitFor();
        assert.ok(!(await page.content()).includes(secret));
        await page.reload();
        await page.getByLabel("Client key", { exact: true }).waitFor();
    });

    await t.test("in Chinese", async () => {
        const chinese = await openBrowser(t, { language: "zh-CN" });
        await chinese.page.goto(`${run.admin_url}/usage`);
        await chinese.page.getByRole("heading", { name: "客户端密钥用量" }).waitFor();
    });

    assertQuiet(complaints, 404, 401);
});
