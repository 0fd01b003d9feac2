// SPDX-License-Identifier: MIT
//
// People sign in at an OpenID provider, in a real browser: an administrator
// sets it up, somebody new comes in with the role of a claim, somebody without
// one is told why not.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import test, { after } from "node:test";
import { assertQuiet, openBrowser, run, signIn } from "./stack.mjs";

const some = randomBytes(4).toString("hex");
const issuer = await startIssuer();

async function startIssuer() {
    const socket = createServer().listen(0, "127.0.0.1");
    await once(socket, "listening");
    const { port } = socket.address();
    await new Promise((done) => socket.close(done));
    const server = spawn(process.execPath, [
        new URL("../lib/oauth_server.mjs", import.meta.url).pathname, port,
        JSON.stringify({ redirect_uris: [`${run.admin_url}/oidc/callback`] }),
    ], { stdio: ["ignore", "pipe", "inherit"] });
    after(() => server.kill());
    await once(server.stdout, "data");
    return `http://127.0.0.1:${port}`;
}

async function person(claims) {
    await fetch(`${issuer}/test/person`,
        { method: "POST", body: JSON.stringify(claims) });
}

async function setUp(page) {
    await page.getByRole("navigation").getByRole("link", { name: "Settings" })
        .click();
    const form = page.locator("section").filter({ has: page.getByRole(
        "heading", { name: "People who sign in elsewhere" }) });
    await form.getByLabel("Name").fill("Our directory");
    await form.getByLabel("Issuer").fill(issuer);
    await form.getByLabel("Client id").fill("confidential");
    await form.getByRole("textbox", { name: "Client secret" })
        .fill("the-clients-secret");
    const scopes = form.getByRole("combobox", { name: "Scopes" });
    await scopes.fill("groups");
    await scopes.press("Enter");
    await form.getByLabel("Claim for roles").fill("groups");
    await form.getByRole("switch", { name: "Make users for who is new" })
        .click();
    await form.getByRole("button", { name: "Add value" }).click();
    await form.getByRole("textbox", { name: "Value of the claim" })
        .fill("staff");
    await form.getByRole("switch", { name: "Sign in at an OpenID provider" })
        .click();
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("How people sign in is saved.").waitFor();
    await form.getByText("The provider is being asked who it is.")
        .waitFor({ state: "detached" });
}

test("signing in at an OpenID provider", async (t) => {
    const admin = await openBrowser(t);
    await signIn(admin.page);
    await setUp(admin.page);

    await t.test("somebody new comes in", async (t) => {
        await person({ sub: `carol-${some}`, name: "Carol C.", groups: ["staff"],
            preferred_username: `carol-${some}` });
        const { page, complaints } = await openBrowser(t);
        await page.goto(`${run.admin_url}/logs`);
        await page.getByRole("button", { name: "Sign in with Our directory" })
            .click();
        await page.getByRole("heading", { level: 1, name: "Logs" }).waitFor();
        assert.equal(new URL(page.url()).pathname, "/logs",
            "where they wanted to go");
        await page.reload();
        await page.getByRole("heading", { level: 1, name: "Logs" }).waitFor();
        await page.goto(`${run.admin_url}/profile`);
        await page.getByText(`carol-${some}`).first().waitFor();
        await page.getByText("Viewer").first().waitFor();
        assertQuiet(complaints);
    });

    await t.test("somebody without a role is told why not", async (t) => {
        await person({ sub: `dave-${some}`, groups: ["guests"] });
        const { page, complaints } = await openBrowser(t);
        await page.goto(run.admin_url);
        await page.getByRole("button", { name: "Sign in with Our directory" })
            .click();
        await page.getByText(/no role here/).waitFor();
        assert.equal(new URL(page.url()).search, "", "the code is not kept");
        await page.getByRole("link", { name: "Back to sign-in" }).click();
        await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
        assertQuiet(complaints, 403);
    });

    await t.test("the admin links an account", async () => {
        await person({ sub: `root-${some}`, groups: ["staff"] });
        const { page } = admin;
        await page.goto(`${run.admin_url}/profile`);
        await page.getByRole("button", { name: "Link Our directory" }).click();
        await page.getByRole("heading", { level: 1, name: "Profile" }).waitFor();
        const { page: other } = await openBrowser(t);
        await other.goto(`${run.admin_url}/profile`);
        await other.getByRole("button", { name: "Sign in with Our directory" })
            .click();
        await other.getByText("Administrator").first().waitFor();
    });
    assertQuiet(admin.complaints);
});
