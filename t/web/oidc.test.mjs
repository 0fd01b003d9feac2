// SPDX-License-Identifier: MIT
//
// People sign in at an OpenID provider, in a real browser: an administrator
// sets it up, somebody new comes in with the role of a claim, somebody without
// one is told why not, accounts are linked and unlinked.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test, { after } from "node:test";
import { apiOf } from "./api.mjs";
import { startOAuthServer } from "./oauth_server.mjs";
import { assertQuiet, openBrowser, run, signIn } from "./stack.mjs";

const some = randomBytes(4).toString("hex");
const server = await startOAuthServer([`${run.admin_url}/oidc/callback`]);
after(server.stop);
const { url: issuer, person } = server;

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

// What is asked is cancelled first: it changes nothing.
async function unlink(read, page, scope, title, consequence) {
    const { items } = await read("/api/audit");
    const button = scope.getByRole("button", { name: "Unlink", exact: true });
    const asked = page.getByRole("dialog", { name: title });
    await button.click();
    await asked.getByText(consequence).waitFor();
    await asked.getByRole("button", { name: "Cancel" }).click();
    await asked.waitFor({ state: "detached" });
    assert.equal((await read("/api/audit")).items[0].id, items[0].id);
    await button.click();
    await asked.getByRole("button", { name: "Unlink" }).click();
    await asked.waitFor({ state: "detached" });
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

    await t.test("and unlinks it: it signs the admin in no more", async (t) => {
        const { page } = admin;
        const mine = "/api/auth/oidc/link";
        const { read } = apiOf(run);
        await page.goto(`${run.admin_url}/profile`);
        const [{ created_at }] = (await read(mine)).items;
        const section = page.locator("section").filter({ has: page.getByRole(
            "heading", { name: "Sign in elsewhere" }) });
        await section.getByText(issuer, { exact: true }).waitFor();
        await section.getByText(`root-${some}`).waitFor();
        await section.locator(`time[datetime="${created_at}"]`).waitFor();
        await unlink(read, page, section, `Unlink the accounts of ${run.admin_user}?`,
            "you go on with your password");
        await section.getByRole("button", { name: "Link Our directory" })
            .waitFor();
        await assert.rejects(read(mine), /token\.invalid/, "another session");
        assert.deepEqual((await apiOf(run).read(mine)).items, []);
        const { page: other, complaints } = await openBrowser(t);
        await other.goto(`${run.admin_url}/profile`);
        await other.getByRole("button", { name: "Sign in with Our directory" })
            .click();
        await other.getByText("Viewer").first().waitFor();
        assertQuiet(complaints);
    });

    await t.test("the admin unlinks somebody else, and signs them out",
        async (t) => {
            await person({ sub: `carol-${some}`, groups: ["staff"] });
            const hers = await openBrowser(t);
            await hers.page.goto(`${run.admin_url}/profile`);
            await hers.page.getByRole("button",
                { name: "Sign in with Our directory" }).click();
            await hers.page.getByText(`carol-${some}`).first().waitFor();

            const { page } = admin;
            const { read } = apiOf(run);
            const { items } = await read("/api/users");
            const { id, username } =
                items.find((user) => user.username === `carol-${some}`);
            const there = `/api/users/${id}/identities`;
            assert.equal((await read(there)).items.length, 1);
            await page.goto(`${run.admin_url}/users`);
            await page.getByRole("button", { name: `Actions for ${username}` })
                .click();
            await page.getByRole("menuitem", { name: "Accounts elsewhere" })
                .click();
            const dialog = page.getByRole("dialog",
                { name: `Accounts elsewhere of ${username}` });
            for (const { issuer, subject } of (await read(there)).items) {
                await dialog.getByRole("term").getByText(issuer).waitFor();
                await dialog.getByRole("definition").getByText(subject)
                    .waitFor();
            }
            await unlink(read, page, dialog, `Unlink the accounts of ${username}?`,
                "all of their sessions end");
            await dialog.getByText("No account elsewhere signs this user in.")
                .waitFor();
            assert.deepEqual((await read(there)).items, []);

            await hers.page.reload();
            await hers.page.getByRole("heading", { level: 1, name: "Sign in" })
                .waitFor();
            assertQuiet(hers.complaints, 401);
        });
    assertQuiet(admin.complaints);
});
