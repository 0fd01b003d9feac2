// SPDX-License-Identifier: MIT
//
// Alerts: a channel is made and tried, a rule tells it, what it finds is seen
// and acknowledged; the background tasks; the test of a connection.

import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import test from "node:test";
import {
    api, assertQuiet, create, openBrowser, run, signIn, until,
} from "./stack.mjs";

const name = `alert-${randomBytes(4).toString("hex")}`;

// A receiver of webhooks; got(type) waits for the message.
async function startReceiver(t) {
    const messages = [];
    const server = createServer((request, answer) => {
        let body = "";
        request.on("data", (chunk) => (body += chunk));
        request.on("end", () => {
            answer.writeHead(204).end();
            messages.push({ headers: request.headers, body });
        });
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    t.after(() => server.close());
    const got = (type) => until(`the message ${type}`, () =>
        messages.find(({ body }) => JSON.parse(body).type === type));
    return { url: `http://127.0.0.1:${server.address().port}/hook`, got };
}

function isSigned({ headers, body }, secret) {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const signature = createHmac("sha256", key)
        .update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`)
        .digest("base64");
    return headers["webhook-signature"] === `v1,${signature}`;
}

test("from a channel to an alert that somebody looks after", async (t) => {
    const receiver = await startReceiver(t);
    const provider = await create("/api/providers", {
        name, base_url: run.demo_provider_url, dialects: ["openai_chat"],
        probe: { is_enabled: false },
    });
    const key = await create("/api/provider-keys/keys",
        { name, provider_id: provider.id, secret: name, is_enabled: false });
    await create("/api/client-keys", { name, provider_key_ids: [key.id] });
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/alerts`);
    let secret;

    await t.test("a webhook is made, its secret shown once", async () => {
        await page.getByRole("tab", { name: "Channels" }).click();
        await page.getByRole("button", { name: "Add channel" }).first().click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Name", { exact: true }).fill(name);
        await dialog.getByLabel("URL").fill(receiver.url);
        await dialog.getByRole("button", { name: "Add channel" }).click();
        secret = await page.getByTestId("webhook-secret").innerText();
        assert.match(secret, /^whsec_/);
        await page.getByRole("button", { name: "I have copied it" }).click();
    });

    await t.test("a test message comes, signed", async () => {
        await page.getByRole("button", { name: `Actions for ${name}` }).click();
        await page.getByRole("menuitem", { name: "Send test" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("button", { name: "Send test" }).click();
        await dialog.getByText("Delivered").waitFor();
        assert.ok(isSigned(await receiver.got("alert.test"), secret));
        await dialog.getByRole("button", { name: "Close" }).first().click();
    });

    await t.test("a rule tells it", async () => {
        await page.getByRole("tab", { name: "Rules" }).click();
        await page.getByRole("button", { name: "Add rule" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Name", { exact: true }).fill(name);
        await dialog.getByRole("combobox", { name: "Kind" }).click();
        await page.getByRole("option", { name: "Usable keys in a pool, at most" }).click();
        await dialog.getByRole("combobox", { name: "Channels" })
            .click({ force: true });
        await page.getByRole("option", { name }).click();
        await page.keyboard.press("Escape");
        await dialog.getByRole("button", { name: "Add rule" }).click();
        await page.getByRole("row").filter({ hasText: name }).first().waitFor();
        const message = await receiver.got("alert.firing");
        assert.ok(isSigned(message, secret));
        assert.equal(JSON.parse(message.body).data.subject.name, name);
    });

    await t.test("the alert is seen and acknowledged", async () => {
        await page.getByRole("tab", { name: "Alerts" }).click();
        const row = page.getByRole("row").filter({ hasText: name }).first();
        await row.getByText("Firing").waitFor();
        await row.getByRole("button", { name, exact: true }).click();
        const drawer = page.getByRole("dialog");
        await drawer.getByText("It began").waitFor();
        await drawer.getByText("Delivered").waitFor();
        await drawer.getByRole("button", { name: "Acknowledge" }).click();
        await drawer.getByText("Acknowledged by").waitFor();
        await page.keyboard.press("Escape");
        const rules = (await api("/api/alert-rules?limit=200")).items;
        const { id } = rules.find((rule) => rule.name === name);
        const [alert] = (await api(`/api/alerts?rule_id=${id}`)).items;
        assert.equal(alert.acknowledged_by, run.admin_user);
    });

    await t.test("filters find it, and stand in the address", async () => {
        const row = page.getByRole("row").filter(
            { has: page.getByRole("button", { name, exact: true }) });
        const choose = async (list, option) => {
            await page.getByRole("combobox", { name: list }).click();
            await page.getByRole("option", { name: option, exact: true }).click();
        };
        await choose("State", "Firing");
        await page.waitForURL(/state=firing/);
        await row.waitFor({ state: "detached" });
        await choose("State", "Acknowledged");
        await page.waitForURL(/state=acknowledged/);
        await row.waitFor();
        await choose("Severity", "Critical");
        await page.waitForURL(/severity=critical/);
        await row.waitFor({ state: "detached" });
        await choose("Severity", "Warning");
        await choose("Rule", name);
        await row.waitFor();
        await page.reload();
        await row.waitFor();
    });
    assertQuiet(complaints);
});

test("the background tasks are on the system page", async (t) => {
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/system`);
    const tasks = page.getByRole("table", { name: "Background tasks" });
    for (const task of ["Take in records", "Watch for alerts", "Archive and remove"]) {
        const row = tasks.getByRole("row").filter({ hasText: task });
        await row.getByText("Good").waitFor();
    }
    await tasks.getByRole("row").filter({ hasText: "Watch for alerts" })
        .getByText("this node").waitFor();
    assertQuiet(complaints);
});

test("a provider's form tries its address", async (t) => {
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/providers`);
    await page.getByRole("button", { name: "Add provider" }).first().click();
    const dialog = page.getByRole("dialog");
    const button = dialog.getByRole("button", { name: "Test connection" });
    await dialog.getByLabel("Base URL").fill(run.demo_provider_url);
    await button.click();
    await dialog.getByText(/^It answers with status \d+/).waitFor();
    await dialog.getByLabel("Base URL").fill("http://127.0.0.1:1");
    await button.click();
    await dialog.getByText("No connection").waitFor();
    assertQuiet(complaints);
});
