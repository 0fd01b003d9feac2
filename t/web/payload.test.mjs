// SPDX-License-Identifier: MIT
//
// Texts of requests: turned on in a client key's form behind a warning, read in
// the log's detail, where it is told what was cut and hidden.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import {
    api, ask, assertQuiet, makeClientKey, openBrowser, run, signIn, until,
} from "./stack.mjs";

const name = `texts-${randomBytes(4).toString("hex")}`;

async function latest(id) {
    const { items } = await api(`/api/logs/traces?client_key_id=${id}&running=false`);
    return items[0];
}

test("the texts of a client key's requests", async (t) => {
    const { id, secret } = await makeClientKey(name);
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    const drawer = page.getByRole("dialog");

    await t.test("what was not kept is said not to be", async () => {
        assert.equal(await ask(secret), 200);
        const record = await until("the record", () => latest(id));
        await page.goto(`${run.admin_url}/logs?record=${record.id}`);
        await drawer.getByRole("tab", { name: "Texts" }).click();
        await drawer.getByText("Not recorded").waitFor();
    });

    await t.test("it is turned on behind a warning", async () => {
        await page.goto(`${run.admin_url}/client-keys?open=${id}`);
        await drawer.getByRole("button", { name: "Edit" }).click();
        const form = page.getByRole("dialog").last();
        await form.getByRole("button", { name: "Keeping texts" }).click();
        assert.equal(await form.getByText("What people write will be stored").count(), 0);
        await form.getByText("Both", { exact: true }).click();
        await form.getByText("What people write will be stored").waitFor();
        await form.getByLabel("Bytes of each text").fill("60");
        const save = form.getByRole("button", { name: "Save changes" });
        await form.getByLabel("Hide these values of JSON").fill("a[0]");
        await page.keyboard.press("Enter");
        await save.click();
        await form.getByText("A path is as messages[].content").first().waitFor();
        await form.getByLabel("Hide these values of JSON").press("Backspace");
        await form.getByLabel("Hide these values of JSON").fill("model");
        await page.keyboard.press("Enter");
        await save.click();
        await save.waitFor({ state: "detached" });
        const { payload_log: log } = await api(`/api/client-keys/${id}`);
        assert.deepEqual(log, {
            parts: "both", max_bytes: 60, hide_defaults: true,
            hide_paths: ["model"], hide_patterns: [],
        });
    });

    await t.test("they are read in the log", async () => {
        const before = await latest(id);
        assert.equal(await ask(secret), 200);
        const record = await until("the record", async () => {
            const row = await latest(id);
            return row.id === before.id ? undefined : row;
        });
        const { request_id: request } = await api(`/api/logs/traces/${record.id}`);
        const kept = await until("the text", () =>
            api(`/api/logs/traces/${request}/payload`).catch(() => undefined));
        await page.goto(`${run.admin_url}/logs?record=${record.id}`);
        await drawer.getByRole("tab", { name: "Texts" }).click();
        const shown = drawer.getByTestId("kept-request");
        await shown.waitFor();
        assert.equal(await shown.textContent(), kept.request.text);
        assert.match(kept.request.text, /\[hidden\]/);
        assert.equal(await drawer.getByTestId("kept-answer").textContent(),
            kept.answer.text);
        assert.notEqual(kept.answer.text, kept.request.text);
        await drawer.getByText("The text was longer: it ends here.").first().waitFor();
        await drawer.getByText("In 1 place something was hidden").first().waitFor();
        await drawer.getByRole("button", { name: "Copy: Request text" }).waitFor();
    });

    assertQuiet(complaints, 404, 422);
});
