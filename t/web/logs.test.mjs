// SPDX-License-Identifier: MIT
//
// The logs, filtered by model, status and provider key, hold what the API says;
// the detail of a record has everything.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import {
    api, ask, assertQuiet, makeClientKey, openBrowser, run, signIn, until,
} from "./stack.mjs";

const name = `logs-${randomBytes(4).toString("hex")}`;
const { id, secret } = await makeClientKey(name);
const list = `/api/logs/traces?running=false&client_key_id=${id}`;

// Refused by the provider: what it answers goes to the caller.
async function askForNonsense() {
    const answer = await fetch(`${run.proxy_url}/v1/chat/completions`, {
        method: "POST",
        headers: {
            authorization: `Bearer ${secret}`,
            "content-type": "application/json",
            "x-demo-fault": "status=400",
        },
        body: JSON.stringify({ model: "demo-small", messages: [] }),
    });
    await answer.arrayBuffer();
    return answer.status;
}

async function idsOnPage(page) {
    const links = page.getByRole("table").getByRole("row").getByRole("link");
    return links.evaluateAll((all) => all.map((link) =>
        Number(new URL(link.href).searchParams.get("record")
            .replaceAll('"', ""))));
}

// What the list shows in the end, and how much that is.
async function assertShows(page, filter, count) {
    const { items } = await api(list + filter);
    const expected = items.map((row) => row.id);
    assert.equal(expected.length, count, filter);
    await until(`${filter}: ${expected}`, async () =>
        JSON.stringify(await idsOnPage(page)) === JSON.stringify(expected));
}

test("the filters that people use most", async (t) => {
    for (const model of ["demo-small", "demo-large", "demo-small"]) {
        assert.equal(await ask(secret, model), 200);
    }
    assert.equal(await askForNonsense(), 400);
    await until("four records", async () =>
        (await api(list)).items.length === 4);
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/logs?client_key_id=${id}`);
    await assertShows(page, "", 4);

    await t.test("by model", async () => {
        await page.getByRole("button", { name: "More filters" }).click();
        await page.getByLabel("Model", { exact: true }).fill("demo-large");
        await page.keyboard.press("Enter");
        await assertShows(page, "&model=demo-large", 1);
        await page.getByLabel("Model", { exact: true }).fill("");
        await page.keyboard.press("Enter");
        await assertShows(page, "", 4);
    });

    await t.test("by status", async () => {
        await page.getByLabel("Status", { exact: true }).fill("400");
        await assertShows(page, "&status=400", 1);
        await page.getByLabel("Status", { exact: true }).fill("");
        await assertShows(page, "", 4);
    });

    await t.test("by provider key", async () => {
        const [{ provider_key: key }] = (await api(list)).items;
        const count = (await api(list)).items
            .filter((row) => row.provider_key.id === key.id).length;
        assert.ok(count < 4, "keys take turns");
        await page.getByRole("combobox", { name: "Provider key" }).click();
        await page.getByRole("option", { name: key.name }).click();
        await assertShows(page, `&provider_key_id=${key.id}`, count);
        await page.reload();
        await assertShows(page, `&provider_key_id=${key.id}`, count);
    });
    assertQuiet(complaints);
});

test("the detail has everything", async (t) => {
    assert.equal(await ask(secret), 200);
    const { items: [{ id: record }] } = await until("its record", async () => {
        const page = await api(`${list}&status=200&model=demo-small`);
        return page.items.length > 0 && page;
    });
    const all = await api(`/api/logs/traces/${record}`);
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/logs?record=${record}`);
    const detail = page.getByRole("dialog");
    const [attempt] = all.attempt_list;

    await t.test("who, what, which key, what it cost", async () => {
        for (const text of [
            all.request_id, all.provider_request_id, name,
            `${all.method} ${all.path}`, attempt.provider_key.name,
            attempt.address, `$${all.cost_usd}`,
            all.usage.output_tokens.toLocaleString("en"),
        ]) await detail.getByText(text, { exact: true }).first().waitFor();
        await detail.getByText(all.client_ip).first().waitFor();
        for (const { provider_key } of all.decision.excluded) {
            await detail.getByText(provider_key.name, { exact: true }).first()
                .waitFor();
        }
    });

    await t.test("what the provider saw", async () => {
        await detail.getByRole("tab", { name: "What the provider saw" }).click();
        const head = await detail.getByTestId("seen-head").textContent();
        assert.match(head, /^POST \S*\/v1\/chat\/completions HTTP\/1\.1\n/);
        assert.match(head, /authorization: Bearer \[provider key\]/);
        assert.ok(head.includes(`content-length: ${all.request_bytes}`), head);
        assert.doesNotMatch(head, /aip_/);
    });
    assertQuiet(complaints);
});
