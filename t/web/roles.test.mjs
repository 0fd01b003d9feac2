// SPDX-License-Identifier: MIT
//
// Users, their roles and what those are offered; what the audit log says of it;
// tokens of the API.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import {
    assertQuiet, choosePassword, openBrowser, run, signIn,
} from "./stack.mjs";
import { signIn as signInAs } from "./browser.mjs";

const name = `role-${randomBytes(4).toString("hex")}`;
const password = "a long enough password";
const own = "a password of their own";

async function links(page) {
    const all = page.getByRole("navigation").getByRole("link");
    await all.first().waitFor();
    return all.allTextContents();
}

async function visit(page, link) {
    await page.getByRole("navigation").getByRole("link", { name: link }).click();
    await page.getByRole("heading", { level: 1, name: link }).waitFor();
}

test("users are offered what their role may do", async (t) => {
    const { page, complaints } = await openBrowser(t);
    await signIn(page);

    for (const role of ["Viewer", "User"]) {
        await t.test(`${role}: added by the admin`, async () => {
            await visit(page, "Users");
            await page.getByRole("button", { name: "Add user" }).click();
            const dialog = page.getByRole("dialog");
            await dialog.getByLabel("Username").fill(`${name}-${role.toLowerCase()}`);
            await dialog.getByRole("combobox", { name: "Role" }).click();
            await page.getByRole("option", { name: role, exact: true }).click();
            await dialog.getByRole("textbox", { name: "Password" }).fill(password);
            await dialog.getByRole("button", { name: "Add user" }).click();
            await dialog.waitFor({ state: "detached" });
            await page.getByRole("row")
                .filter({ hasText: `${name}-${role.toLowerCase()}` }).waitFor();
        });
    }

    await t.test("a viewer sees, and is not offered to change", async (t) => {
        const { page, complaints } = await openBrowser(t);
        await choosePassword(`${name}-viewer`, password, own);
        await signInAs(page, { ...run, admin_user: `${name}-viewer`,
            admin_password: own });
        const seen = await links(page);
        for (const link of ["Logs", "Providers", "System", "Settings"]) {
            assert.ok(seen.includes(link), link);
        }
        for (const link of ["Users", "Audit log"]) {
            assert.ok(!seen.includes(link), link);
        }
        await visit(page, "Providers");
        await page.getByRole("row").nth(1).waitFor();
        assert.equal(await page.getByRole("button", { name: "Add provider" })
            .count(), 0);
        await visit(page, "Client keys");
        await page.getByRole("switch", { name: "Disable demo" }).waitFor();
        assert.ok(await page.getByRole("switch", { name: "Disable demo" })
            .isDisabled());
        assertQuiet(complaints);
    });

    await t.test("a user sees what is their own", async (t) => {
        const { page, complaints } = await openBrowser(t);
        await choosePassword(`${name}-user`, password, own);
        await signInAs(page, { ...run, admin_user: `${name}-user`,
            admin_password: own });
        const seen = await links(page);
        for (const link of ["System", "Settings", "OAuth clients", "Users"]) {
            assert.ok(!seen.includes(link), link);
        }
        await visit(page, "Client keys");
        await page.getByText("No client keys yet").waitFor();
        assertQuiet(complaints);
    });

    await t.test("the audit log has it, without the password", async () => {
        await visit(page, "Audit log");
        await page.getByLabel("Object type").fill("users");
        await page.keyboard.press("Enter");
        await page.waitForURL("**object_type=users**");
        await page.getByRole("row").filter({ hasText: "create" }).first()
            .getByRole("button").click();
        const entry = page.getByRole("dialog");
        await entry.getByText(`"${name}-user"`).first().waitFor();
        assert.ok(!(await page.content()).includes(password));
        await page.keyboard.press("Escape");
    });

    await t.test("a token is shown once, and opens the API", async () => {
        await page.goto(`${run.admin_url}/profile`);
        await page.getByRole("button", { name: "Create token" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Name", { exact: true }).fill(name);
        await dialog.getByRole("button", { name: "Create token" }).click();
        const token = await page.getByTestId("api-token").textContent();
        const ask = async () => (await fetch(`${run.admin_url}/api/client-keys`,
            { headers: { authorization: `Bearer ${token}` } })).status;
        assert.equal(await ask(), 200);
        await page.getByRole("button", { name: "I have copied it" }).click();
        assert.ok(!(await page.content()).includes(token));
        await page.getByRole("button", { name: `Actions for ${name}` }).click();
        await page.getByRole("menuitem", { name: "Revoke" }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Revoke" })
            .click();
        await page.getByRole("button", { name: `Actions for ${name}` })
            .waitFor({ state: "detached" });
        assert.equal(await ask(), 401);
    });

    for (const role of ["viewer", "user"]) {
        await t.test(`the ${role} is deleted`, async () => {
            await visit(page, "Users");
            await page.getByRole("button",
                { name: `Actions for ${name}-${role}` }).click();
            await page.getByRole("menuitem", { name: "Delete" }).click();
            await page.getByRole("dialog").getByRole("button", { name: "Delete" })
                .click();
            await page.getByRole("button",
                { name: `Actions for ${name}-${role}` })
                .waitFor({ state: "detached" });
        });
    }
    assertQuiet(complaints);
});
