// SPDX-License-Identifier: MIT
//
// A person signs in for provider keys: in a browser that comes back to the
// console, by a code that is pasted, and by one that is entered elsewhere.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test, { after } from "node:test";
import { startOAuthServer } from "./oauth_server.mjs";
import { assertQuiet, openBrowser, run, signIn } from "./stack.mjs";

const some = randomBytes(4).toString("hex");
const pasted = "http://127.0.0.1:1/copy";
const server = await startOAuthServer(
    [`${run.admin_url}/oauth/callback`, pasted]);
after(server.stop);
const { url: vendor, browse } = server;

async function visit(page, link) {
    await page.getByRole("navigation").getByRole("link", { name: link }).click();
    await page.getByRole("heading", { level: 1, name: link }).waitFor();
}

async function addProvider(page, name, oauth) {
    await visit(page, "Providers");
    await page.getByRole("button", { name: "Add provider" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("JSON", { exact: true }).click();
    await dialog.getByRole("textbox", { name: "Provider" }).fill(JSON.stringify({
        name, base_url: vendor, dialects: ["openai_chat"], oauth,
    }));
    await dialog.getByRole("button", { name: "Add provider" }).click();
    await dialog.waitFor({ state: "detached" });
}

// Adds a key; its drawer opens, and the dialog of its sign-in.
async function addKey(page, provider, name) {
    await visit(page, "Provider keys");
    await page.getByRole("button", { name: "Add provider key" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Provider" }).fill(provider);
    await page.getByRole("option", { name: provider, exact: true }).click();
    await dialog.getByLabel("Name", { exact: true }).fill(name);
    assert.equal(await dialog.getByRole("textbox", { name: "Secret" }).count(),
        0, "no secret is asked for");
    await dialog.getByRole("button", { name: "Add provider key" }).click();
    await page.getByText("Sign-in needed").first().waitFor();
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const signing = page.getByRole("dialog", { name: `Sign in for ${name}` });
    await signing.getByRole("button", { name: "Sign in", exact: true }).click();
    return signing;
}

async function isDone(page, signing) {
    await signing.getByText("Signed in. The key has its token.").waitFor();
    await signing.getByRole("button", { name: "Close" }).last().click();
    await page.getByText("Token since").waitFor();
    await page.keyboard.press("Escape");
}

test("sign-ins for provider keys", async (t) => {
    const { browser: context, page, complaints } = await openBrowser(t);
    const browser = {
        grant: "authorization_code", client_id: "public",
        authorize_url: `${vendor}/auth`, token_url: `${vendor}/token`,
        scopes: ["openid"],
    };
    await signIn(page);

    await t.test("the browser comes back", async () => {
        await addProvider(page, `back-${some}`, browser);
        const signing = await addKey(page, `back-${some}`, `back ${some}`);
        const opened = context.waitForEvent("page");
        await signing.getByRole("link", { name: "Open the provider’s page" })
            .click();
        const tab = await opened;
        await tab.getByText("You can close this page.").waitFor();
        assert.equal(new URL(tab.url()).search, "", "the code is not kept");
        await tab.close();
        await isDone(page, signing);
    });

    await t.test("a code is pasted", async () => {
        await addProvider(page, `paste-${some}`,
            { ...browser, redirect_url: pasted });
        const signing = await addKey(page, `paste-${some}`, `paste ${some}`);
        const link = signing.getByRole("link",
            { name: "Open the provider’s page" });
        const { location } = await browse(await link.getAttribute("href"));
        await signing.getByLabel("Code").fill(location);
        await signing.getByRole("button", { name: "Hand in" }).click();
        await isDone(page, signing);
    });

    await t.test("a code is entered elsewhere", async () => {
        await addProvider(page, `device-${some}`, {
            grant: "device_code", client_id: "public", scopes: ["openid"],
            device_url: `${vendor}/device/auth`, token_url: `${vendor}/token`,
        });
        const signing = await addKey(page, `device-${some}`, `device ${some}`);
        assert.match(await signing.getByTestId("user-code").textContent(),
            /^[A-Z]{4}-[A-Z]{4}$/);
        const link = signing.getByRole("link", { name: vendor });
        await browse(await link.getAttribute("href"));
        await isDone(page, signing);
    });

    await t.test("an address that brings nothing", async () => {
        await page.goto(`${run.admin_url}/oauth/callback?code=x`);
        await page.getByText("This address brings no code of a sign-in.")
            .waitFor();
        await page.goto(`${run.admin_url}/oauth/callback?code=x&state=y`);
        await page.getByRole("alert").waitFor();
    });

    assertQuiet(complaints, 404);
});
